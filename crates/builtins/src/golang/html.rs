//! `golang/html`: entities, as Go's package `html`.

use macros::builtin;
use schema::Function;
use value::Str;

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[&ESCAPE_STRING, &UNESCAPE_STRING];

/// Writes `<`, `>`, `&`, `'` and `"` as entities.
///
/// ```mcl
/// import "golang/html"
/// html.escape_string("a < b") # => "a &lt; b"
/// ```
#[builtin(module = "golang/html", since = "0.1")]
fn escape_string(
    /// The text.
    s: &Str,
) -> Str {
    let mut out = Vec::with_capacity(s.len());
    for &byte in s.as_bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&#34;"),
            _ => out.push(byte),
        }
    }
    out.into()
}

/// Replaces the entities of HTML by what they stand for.
///
/// Numbers in the range of control characters are read as windows-1252, as browsers do.
///
/// ```mcl
/// import "golang/html"
/// html.unescape_string("a &lt; b &eacute; &#8364;") # => "a < b é €"
/// ```
#[builtin(module = "golang/html", since = "0.1")]
fn unescape_string(
    /// The text.
    s: &Str,
) -> Str {
    // An entity is ASCII: none goes beyond a byte that is no UTF-8.
    let mut out = Vec::with_capacity(s.len());
    for chunk in s.utf8_chunks() {
        // A hexadecimal number without digits is 0 to Go, and no number to browsers.
        let text = chunk.valid().replace("&#x;", "\u{fffd}").replace("&#X;", "\u{fffd}");
        out.extend_from_slice(htmlize::unescape(text).as_bytes());
        out.extend_from_slice(chunk.invalid());
    }
    out.into()
}
