//! The cases below `cases/parse`: programs, what is wrong with them, and the trees of some.
//!
//! A section `NAME.mcl` is a program. `NAME.errors` holds its diagnostics as they are shown; `NAME.tree` its tree.

use std::fmt::Write;

use diag::{Style, render};
use rowan::NodeOrToken;
use span::{FileId, SourceMap};
use syntax::ast::{AstNode, Node, Str};
use syntax::{Parse, SyntaxKind, SyntaxNode, parse};
use testkit::{Case, cases};

/// What is wrong with the program and with the strings in it.
fn errors(file: FileId, sources: &SourceMap, parse: &Parse) -> String {
    let expressions = parse
        .syntax()
        .descendants()
        .filter(|node| node.parent().is_none_or(|parent| parent.kind() != SyntaxKind::IMPORT) && parse.is_ok());
    let strings = expressions.filter_map(|node| Str::cast(Node::new(&node, file)));
    let mut diagnostics = parse.diagnostics.clone();
    diagnostics.extend(strings.flat_map(|string| string.interpolation(|found| found.diagnostics)));
    let rendered = diagnostics.iter().map(|diagnostic| render(diagnostic, sources, Style::Plain));
    rendered.map(|text| format!("{}\n", text.trim_end())).collect::<Vec<_>>().join("\n")
}

fn tree(node: &SyntaxNode, depth: usize, text: &mut String) -> Result<(), std::fmt::Error> {
    writeln!(text, "{:indent$}{:?}", "", node.kind(), indent = depth * 2)?;
    for child in node.children_with_tokens() {
        match child {
            NodeOrToken::Node(node) => tree(&node, depth + 1, text)?,
            NodeOrToken::Token(token) if token.kind() == SyntaxKind::WHITESPACE => {}
            NodeOrToken::Token(token) => {
                writeln!(text, "{:indent$}{:?} {:?}", "", token.kind(), token.text(), indent = depth * 2 + 2)?;
            }
        }
    }
    Ok(())
}

fn check(case: &mut Case) -> Result<(), String> {
    let programs: Vec<_> = case.sections.iter().filter(|section| section.name.ends_with(".mcl")).cloned().collect();
    for program in programs {
        let stem = program.name.trim_end_matches(".mcl");
        let mut sources = SourceMap::default();
        let file = sources.add("main.mcl", program.text.as_str());
        let parse = parse(file, &program.text);
        if parse.syntax().text() != program.text.as_str() {
            return Err(format!("{}: the tree of `{stem}` has another text", case.path.display()));
        }
        case.expect(&format!("{stem}.errors"), &errors(file, &sources, &parse))?;
        let name = format!("{stem}.tree");
        if case.sections.iter().any(|section| section.name == name) {
            let mut text = String::new();
            tree(&parse.syntax(), 0, &mut text).map_err(|error| error.to_string())?;
            case.expect(&name, &text)?;
        }
    }
    Ok(())
}

#[test]
fn programs_are_parsed_and_their_mistakes_are_told() {
    cases("parse", check);
}
