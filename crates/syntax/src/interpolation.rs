//! What is replaced within a string: escapes and `${variables}`.

use span::Span;

use crate::ast::{Interpolation, Piece, PieceKind};
use crate::diag as report;

/// Splits the text between the quotes of a string; `span` is where that text stands.
pub(crate) fn split(raw: &str, span: Span) -> Interpolation<'_> {
    // Most strings are one piece, or end with one escape.
    let mut found = Interpolation { pieces: Vec::with_capacity(2), diagnostics: Vec::new() };
    let mut at = 0;
    while at < raw.len() {
        let rest = &raw[at..];
        let length = if rest.starts_with('\\') {
            escape(rest, place(span, at), &mut found)
        } else if rest.starts_with("${") {
            variable(rest, place(span, at), &mut found)
        } else {
            text(rest, place(span, at), &mut found)
        };
        at += length;
    }
    found
}

/// Whether a text is the name of a variable: a letter, then letters, digits, underscores, and dots each of which is
/// followed by one of those.
pub(crate) fn is_path(name: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.split('.').all(|part| !part.is_empty() && part.chars().all(is_word))
}

/// The place, yet without length, `at` bytes into a span; [`sized`] gives it a length.
fn place(span: Span, at: usize) -> Span {
    let start = span.start + u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(span.file, start, start)
}

fn sized(start: Span, length: usize) -> Span {
    Span::new(start.file, start.start, start.start + u32::try_from(length).unwrap_or(u32::MAX))
}

/// Characters up to the next that means something. Answers how many bytes they have.
fn text<'a>(rest: &'a str, start: Span, found: &mut Interpolation<'a>) -> usize {
    let bytes = rest.as_bytes();
    // A `$` that no brace follows is text.
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\\' => true,
        b'$' => bytes.get(at + 1) == Some(&b'{'),
        _ => false,
    };
    let length = bytes.iter().enumerate().position(ends).unwrap_or(bytes.len());
    let kind = PieceKind::Text(&rest[..length]);
    found.pieces.push(Piece { kind, span: sized(start, length) });
    length
}

/// A backslash and the character after it. Answers how many bytes they have.
fn escape(rest: &str, start: Span, found: &mut Interpolation<'_>) -> usize {
    let Some(letter) = rest[1..].chars().next() else {
        found.diagnostics.push(report::unknown_escape(sized(start, 1), rest));
        return 1;
    };
    let length = 1 + letter.len_utf8();
    let character = match letter {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' | '"' | '$' => letter,
        _ => {
            found.diagnostics.push(report::unknown_escape(sized(start, length), &rest[..length]));
            return length;
        }
    };
    found.pieces.push(Piece { kind: PieceKind::Escape(character), span: sized(start, length) });
    length
}

/// `${name}`. Answers how many bytes it has.
fn variable<'a>(rest: &'a str, start: Span, found: &mut Interpolation<'a>) -> usize {
    let inner = &rest[2..];
    // Another variable begins where this one should have ended: looking further would cost the rest of the string for
    // each of them.
    let end = |(at, byte): &(usize, u8)| matches!(byte, b'}' | b'\n') || inner[*at..].starts_with("${");
    let found_end = inner.bytes().enumerate().filter(|(at, _)| inner.is_char_boundary(*at)).find(end);
    let Some(length) = found_end.filter(|(_, byte)| *byte == b'}').map(|(at, _)| at) else {
        found.diagnostics.push(report::open_interpolation(sized(start, 2)));
        return 2;
    };
    let (name, whole) = (&inner[..length], 2 + length + 1);
    if is_path(name) {
        found.pieces.push(Piece { kind: PieceKind::Var(name), span: sized(start, whole) });
    } else {
        found.diagnostics.push(report::bad_interpolation(sized(start, whole), name));
    }
    whole
}

#[cfg(test)]
mod tests {
    use span::FileId;

    use super::*;

    fn pieces(raw: &str) -> String {
        let found = split(raw, Span::new(FileId(0), 0, u32::try_from(raw.len()).expect("the texts here are short")));
        let pieces = found.pieces.iter().map(|piece| match &piece.kind {
            PieceKind::Text(text) => format!("[{text}]"),
            PieceKind::Escape(letter) => format!("{letter:?}"),
            PieceKind::Var(name) => format!("<{name}>"),
        });
        let diagnostics = found.diagnostics.iter().map(|diagnostic| format!("!{}", diagnostic.message));
        pieces.chain(diagnostics).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_string_is_split_into_text_escapes_and_variables() {
        assert_eq!(pieces(r"a ${b.c}\n$x"), r"[a ] <b.c> '\n' [$x]");
        assert_eq!(pieces(""), "");
    }

    #[test]
    fn an_escaped_dollar_sign_begins_no_variable() {
        assert_eq!(pieces(r"\${x}"), "'$' [{x}]");
        assert_eq!(pieces("$${x}"), "[$] <x>");
    }

    #[test]
    fn only_names_stand_in_braces() {
        for inner in ["", " x ", "X", "foo()", "a + b", "1a", "a.", "a..b", "_a", ".a"] {
            assert_eq!(pieces(&format!("${{{inner}}}")), "!expected the name of a variable in `${…}`", "{inner}");
        }
        assert_eq!(pieces("${a__b}${a1.b_2}${a.1}${a._b}${a_}"), "<a__b> <a1.b_2> <a.1> <a._b> <a_>");
        assert_eq!(pieces("${a"), "[a] !`${` without its `}`");
    }

    #[test]
    fn unknown_escapes_are_reported_and_the_rest_is_kept() {
        assert_eq!(pieces(r"a\qb\d"), r"[a] [b] !unknown escape `\q` !unknown escape `\d`");
    }
}
