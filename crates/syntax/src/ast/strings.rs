//! Strings, and what is replaced in them.

use diag::Diagnostic;
use span::Span;

use super::{nodes, token};
use crate::kind::SyntaxKind;

nodes! {
    /// A string: `"a ${b}\n"`.
    Str = STR_EXPR;
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a string is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Characters that stand for themselves.
    Text(String),
    /// An escape sequence and the character that it stands for.
    Escape(char),
    /// A variable, as a dotted path without the dollar sign: `a.b` in `${a.b}`.
    Var(String),
}

/// The parts of a string, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interpolation {
    /// The parts in order; what is wrong is left out.
    pub pieces: Vec<Piece>,
    /// Unknown escapes and malformed `${…}`.
    pub diagnostics: Vec<Diagnostic>,
}

impl Str {
    /// The text between the quotes as it is written, with its escapes.
    pub fn raw(&self) -> String {
        self.inner(|text, _| text.to_owned()).unwrap_or_default()
    }

    /// Splits the string into text, escapes and variables.
    ///
    /// This holds for strings that are expressions; the path of an import is taken as it is written.
    pub fn interpolation(&self) -> Interpolation {
        self.inner(crate::interpolation::split).unwrap_or_default()
    }

    /// Looks at the text between the quotes, and where it stands.
    fn inner<T>(&self, look: impl FnOnce(&str, Span) -> T) -> Option<T> {
        let token = token(self, SyntaxKind::STRING)?;
        // What counts as a string may, in broken programs, have single quotes or no second one.
        let quotes = ['"', '\''];
        let text = token.text().strip_prefix(quotes).unwrap_or_default();
        let text = text.strip_suffix(quotes).unwrap_or(text);
        let span = token.span();
        let start = span.start + 1;
        let end = start + u32::try_from(text.len()).unwrap_or(u32::MAX);
        Some(look(text, Span::new(span.file, start, end)))
    }
}
