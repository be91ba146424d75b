//! Strings, and what is replaced in them.

use diag::Diagnostic;
use span::Span;

use super::node::Token;
use super::{AstNode as _, nodes, token};
use crate::kind::SyntaxKind;

nodes! {
    /// A string: `"a ${b}\n"`.
    Str = STR_EXPR;
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: PieceKind<'a>,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind<'a> {
    /// Characters that stand for themselves.
    Text(&'a str),
    /// An escape sequence and the character that it stands for.
    Escape(char),
    /// A variable, as a dotted path without the dollar sign: `a.b` in `${a.b}`.
    Var(&'a str),
}

/// The parts of a string, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interpolation<'a> {
    /// The parts in order; what is wrong is left out.
    pub pieces: Vec<Piece<'a>>,
    /// Unknown escapes and malformed `${…}`.
    pub diagnostics: Vec<Diagnostic>,
}

impl Str {
    /// The text between the quotes as it is written, with its escapes.
    pub fn raw(&self) -> String {
        token(self, SyntaxKind::STRING).map(|token| within_quotes(&token).0.to_owned()).unwrap_or_default()
    }

    /// Splits the string into text, escapes and variables, and looks at them.
    ///
    /// This holds for strings that are expressions; the path of an import is taken as it is written.
    pub fn interpolation<T>(&self, look: impl FnOnce(Interpolation<'_>) -> T) -> T {
        let token = token(self, SyntaxKind::STRING);
        let (raw, span) = token.as_ref().map_or(("", self.span()), within_quotes);
        look(crate::interpolation::split(raw, span))
    }
}

/// The text between the quotes of a string, and where it stands.
fn within_quotes(token: &Token) -> (&str, Span) {
    // What counts as a string may, in broken programs, have single quotes or no second one.
    let quotes = ['"', '\''];
    let text = token.text().strip_prefix(quotes).unwrap_or_default();
    let text = text.strip_suffix(quotes).unwrap_or(text);
    let span = token.span();
    let start = span.start + 1;
    let end = start + u32::try_from(text.len()).unwrap_or(u32::MAX);
    (text, Span::new(span.file, start, end))
}
