//! Writes strings as Go literals: what [`value::quote`] does not.

use std::fmt::Write as _;

/// A quoted string of ASCII only.
pub(crate) fn quote_to_ascii(bytes: &[u8]) -> String {
    ascii(&value::quote(bytes))
}

/// A character in single quotes, of ASCII only where asked for.
pub(crate) fn quote_rune(c: char, ascii_only: bool) -> String {
    let quoted = match c {
        '\'' => "\\'".to_owned(),
        '"' => "\"".to_owned(),
        c => value::quote(c.encode_utf8(&mut [0; 4]).as_bytes()).trim_matches('"').to_owned(),
    };
    format!("'{}'", if ascii_only { ascii(&quoted) } else { quoted })
}

/// Whether a text can stand between backquotes as it is: one line, nothing invisible but a tab.
pub(crate) fn can_backquote(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.chars().all(|c| c == '\t' || !matches!(c, '\0'..='\u{1f}' | '`' | '\u{7f}' | '\u{feff}'))
    })
}

/// A quoted string in which Go's graphic characters are kept: printable ones, and all spaces.
pub(crate) fn quote_to_graphic(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_space_separator(c) {
                out.push(c);
            } else {
                let quoted = value::quote(c.encode_utf8(&mut [0; 4]).as_bytes());
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
        for byte in chunk.invalid() {
            _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

/// Unicode's category Zs.
fn is_space_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        _ = match u32::from(c) {
            code if code < 0x80 => write!(out, "{c}"),
            code if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        };
    }
    out
}
