//! How values are written: quoted strings and plain decimal floats, as Go writes them.

use std::fmt::Write as _;

/// A text on one line: control characters escaped.
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A string in double quotes. Printable Unicode is kept, other characters are escaped, bytes that are no UTF-8 are `\xNN`.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{b}' => out.push_str("\\v"),
                c if is_printable(c) => out.push(c),
                c if (c as u32) < 0x80 => _ = write!(out, "\\x{:02x}", c as u32),
                c if (c as u32) < 0x1_0000 => _ = write!(out, "\\u{:04x}", c as u32),
                c => _ = write!(out, "\\U{:08x}", c as u32),
            }
        }
        for byte in chunk.invalid() {
            _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

/// Whether Go's `strconv.IsPrint` holds: a letter, mark, number, punctuation or symbol of Unicode, or the plain space.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_control();
    }
    // Rust escapes in a text just what Go does; a mark such as an accent only where the text begins with it.
    let mut text = [b'a'; 5];
    let length = 1 + c.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..length]).is_ok_and(|text| text.escape_debug().nth(1) == Some(c))
}

/// The shortest decimal that reads back as the same float: no exponent, no forced `.0`.
pub fn float(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        // Rust prints the shortest digits that round trip, without an exponent, and `1` for `1.0`.
        format!("{value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_in_go() {
        assert_eq!(quote(b"a\tb\"\\\x07"), r#""a\tb\"\\\a""#);
        assert_eq!(quote("ö\u{200b}".as_bytes()), "\"ö\\u200b\"");
        assert_eq!(quote(b"\xff\x01\x7f"), r#""\xff\x01\x7f""#);
    }

    #[test]
    fn floats_have_no_exponent_and_no_forced_fraction() {
        for (value, text) in [(42.0, "42"), (0.000_000_1, "0.0000001"), (1e21, "1000000000000000000000"), (-0.0, "-0")]
        {
            assert_eq!(float(value), text);
        }
        assert_eq!((float(f64::INFINITY), float(f64::NAN)), ("+Inf".to_owned(), "NaN".to_owned()));
    }
}
