//! Any text has a tree that holds it, however broken, deep or long it is.

use proptest::collection::vec;
use proptest::prelude::*;
use rowan::WalkEvent;
use span::FileId;
use syntax::ast::{AstNode, Node, Str};
use syntax::{SyntaxKind, parse};

/// Parses a text and checks what holds for every text.
fn check(text: &str) -> syntax::Parse {
    let parsed = parse(FileId(0), text);
    let root = parsed.syntax();
    assert!(root.text() == text, "the tree has another text");
    assert!(
        !parsed.is_ok() || root.descendants().all(|node| node.kind() != SyntaxKind::ERROR),
        "an error node without a report"
    );
    for diagnostic in &parsed.diagnostics {
        let span = diagnostic.span.expect("syntax errors have places");
        assert!(text.get(span.range()).is_some(), "{span:?} lies outside of the text");
    }
    let strings = root.descendants().filter_map(|node| Str::cast(Node::new(&node, FileId(0))));
    let spans =
        |string: Str| string.interpolation(|found| found.pieces.iter().map(|piece| piece.span).collect::<Vec<_>>());
    for span in strings.flat_map(spans) {
        assert!(text.get(span.range()).is_some(), "{span:?} lies outside of the text");
    }
    parsed
}

/// The length of the longest path from the root, in nodes.
fn depth(parsed: &syntax::Parse) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    for event in parsed.syntax().preorder() {
        match event {
            WalkEvent::Enter(_) => depth += 1,
            WalkEvent::Leave(_) => depth -= 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Pieces of programs, without regard to how they fit.
fn piece() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "if", "else", "and", "or", "not", "in", "for", "forkv", "true", "bool", "str", "map", "struct", "func",
        "class", "include", "import", "as", "panic", "collect", "Meta", "File", "file", "let", "x", "$x", "$", "{",
        "}", "(", ")", "[", "]", "?:", "<|>", "=>", ",", ":", ";", "=", "+", "-", "*", "/", "==", "!=", "<", ">", "<=",
        "->", ".", "\n", "\n\n", "\t", "# c\n", "1", "-1", "1.5", "1.", ".5", "\"a\"", "\"", "\\", "'", "'a'", "&&",
        "!", "//", "/*", "\r", "ü", "x_", "_", "%", "~>", "::", "${x}",
    ]);
    prop_oneof![20 => word.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_tree(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_pieces_have_a_tree(pieces in vec((piece(), proptest::bool::ANY), 0..60)) {
        let text: String = pieces.iter().map(|(piece, space)| format!("{piece}{}", if *space { " " } else { "" })).collect();
        check(&text);
    }
}

/// What nests when it is repeated.
const NESTING: &[&str] = &[
    "(",
    "[",
    "{",
    "{1=>",
    "f(",
    "f(\n",
    "not ",
    "-",
    "func() { ",
    "if $a { ",
    "if $a {\n",
    "if $a {} else ",
    "struct{a => ",
    "$a + ",
    "$a * $b + ",
    "[0]",
    "->a",
    "(1)",
    "$x []",
    "$x struct{a ",
    "$x func(",
    "class a {\n",
    "file \"a\" {\n",
    "\"",
    "}])",
];

#[test]
fn however_deep_a_text_nests_its_tree_does_not() {
    for unit in NESTING {
        for before in ["", "$x = ", "$x = $a"] {
            let parsed = check(&format!("{before}{}", unit.repeat(1_000)));
            assert!(depth(&parsed) < 1_500, "{before}{unit}: {}", depth(&parsed));
        }
    }
}

#[test]
fn nesting_below_the_bound_is_fine() {
    for text in [
        format!("$x = {}1{}\n", "(".repeat(200), ")".repeat(200)),
        format!("$x = 1{}\n", " + 1".repeat(200)),
        format!("$x = $a{}\n", "[0]".repeat(200)),
        format!("{}{}", "if true {\n".repeat(100), "}\n".repeat(100)),
    ] {
        assert!(check(&text).is_ok(), "{text}");
    }
}

#[test]
fn nesting_beyond_the_bound_is_reported_once() {
    for text in [
        format!("$x = {}1{}\n$y = 1\n", "(".repeat(300), ")".repeat(300)),
        format!("$x = 1{}\n$y = 1\n", " + 1".repeat(20_000)),
        format!("{}{}", "if true {\n".repeat(300), "}\n".repeat(300)),
        format!("$x {}int = []\n", "[]".repeat(300)),
    ] {
        let parsed = check(&text);
        let codes: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect();
        assert_eq!(codes, ["nesting-too-deep"]);
    }
}

#[test]
fn the_pieces_of_broken_strings_lie_within_the_text() {
    for text in ["$x = 'a'", "$x = \"a", "$x = \"a\\\"", "$x = \"", "$x = ''", "$x = '\"'"] {
        check(text);
    }
}

#[test]
fn a_long_list_of_mistakes_is_cut() {
    let parsed = check(&"$x = @\n".repeat(2_000));
    assert_eq!(parsed.diagnostics.len(), 101);
    assert_eq!(parsed.diagnostics.last().map(|last| last.code.name()), Some("too-many-errors"));
}

#[test]
fn texts_without_an_end_are_not_read_to_the_end_again_and_again() {
    for opening in ["${a.", "${", "<<END", "@(END) ", "\"\"\"\n", "x => '\n", "x => `\n", "x: |\n", "|$x ", "<| "] {
        let text = opening.repeat(50_000);
        check(&text);
        check(&format!("$x = \"{}\"\n", text.replace('"', "'")));
    }
}

#[test]
fn lines_that_end_in_carriage_returns_are_one_mistake() {
    let parsed = check("$x = 1\r\nif true {\r\n\tprint \"a\" {}\r\n}\r\n");
    let codes: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect();
    assert_eq!(codes, ["carriage-return"]);
}

#[test]
fn the_examples_of_the_error_pages_are_programs() {
    for code in diag::codes::all() {
        let page = code.page();
        let mut examples = page.split("```mcl\n").skip(1).map(|rest| rest.split("```").next().unwrap_or(rest));
        assert!(examples.all(|example| parse(FileId(0), example).is_ok()), "{code}");
    }
}
