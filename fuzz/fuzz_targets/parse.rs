//! Any text has a tree that holds it, and diagnostics that can be shown.
#![no_main]

use diag::{Style, render};
use libfuzzer_sys::fuzz_target;
use rowan::WalkEvent;
use span::SourceMap;
use syntax::SyntaxKind;
use syntax::ast::{AstNode, Node, Str};

/// A construct has a few levels of nodes, so this is beyond what the bound of the parser allows.
const MAX_NODES_DEEP: usize = 2000;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let file = sources.add("main.mcl", text);
    let parsed = syntax::parse(file, text);
    let root = parsed.syntax();
    assert!(root.text() == text, "the tree has another text");
    for diagnostic in &parsed.diagnostics {
        let span = diagnostic.span.expect("syntax errors have places");
        assert!(text.get(span.range()).is_some(), "{span:?} lies outside of the text");
        render(diagnostic, &sources, Style::Plain);
    }
    if parsed.is_ok() {
        let error = root.descendants().find(|node| node.kind() == SyntaxKind::ERROR);
        assert!(error.is_none(), "an error node without a report");
    }
    let mut depth = 0usize;
    for event in root.preorder() {
        match event {
            WalkEvent::Enter(node) => {
                depth += 1;
                assert!(depth < MAX_NODES_DEEP, "the tree is too deep");
                if let Some(string) = Str::cast(Node::new(&node, file)) {
                    for piece in string.interpolation().pieces {
                        assert!(text.get(piece.span.range()).is_some(), "a piece lies outside of the text");
                    }
                }
            }
            WalkEvent::Leave(_) => depth -= 1,
        }
    }
});
