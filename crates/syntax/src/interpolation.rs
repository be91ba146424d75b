//! What is replaced within a string: escapes and `${variables}`.

use span::Span;

use crate::ast::{Interpolation, Piece, PieceKind};

/// Splits the text between the quotes of a string; `span` is where that text stands.
pub(crate) fn split(raw: &str, span: Span) -> Interpolation {
    let text = Piece { kind: PieceKind::Text(raw.to_owned()), span };
    Interpolation { pieces: vec![text], diagnostics: Vec::new() }
}
