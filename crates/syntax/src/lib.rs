//! Lexer, resilient parser and the lossless tree.
//!
//! The one idea: every text has a tree. [`parse`] never fails; the tree holds each byte of the text, in order,
//! also where the text is no program, and the diagnostics say what is wrong. The formatter and the language server
//! work on the tree itself, the compiler on the typed view of it ([`ast`]).
//!
//! Invariants: the text of the tree is the text that was parsed; the tree is never deeper than a fixed bound, so that
//! whoever walks it may recurse; parsing takes time linear in the length of the text.

pub mod ast;
mod diag;
mod interpolation;
pub mod kind;
mod lexer;
mod parser;

use ::diag::Diagnostic;
use rowan::GreenNode;
use span::{FileId, Span};

pub use kind::{Mcl, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
pub use parser::foreign_function;

/// The tree of a file, and what is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parse {
    /// The tree; it may be sent to other threads.
    pub green: GreenNode,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    file: FileId,
}

impl Parse {
    /// The root of the tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The typed view of the tree.
    pub fn tree(&self) -> ast::Program {
        ast::AstNode::cast(ast::Node::root(&self.green, self.file)).expect("the root of every tree is a program")
    }

    /// Whether the text is a program.
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Parses a file.
///
/// Strings that are expressions are not looked into: see [`ast::Str::interpolation`].
///
/// Places have 32 bits, so a text of 4 GiB or more is refused; it alone has a tree that is empty.
pub fn parse(file: FileId, text: &str) -> Parse {
    if u32::try_from(text.len()).is_err() {
        let (green, _) = parser::program(file, "", &lexer::lex(""));
        return Parse { green, diagnostics: vec![diag::file_size(Span::new(file, 0, 0))], file };
    }
    let (green, diagnostics) = parser::program(file, text, &lexer::lex(text));
    Parse { green, diagnostics, file }
}
