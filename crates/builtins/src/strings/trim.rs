//! `strings.trim_space`.

use super::bytes::characters;
use macros::builtin;
use value::Str;

/// A string without the white space at its beginning and its end.
///
/// ```mcl
/// strings.trim_space("  hello world\n") # => "hello world"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn trim_space(
    /// The string.
    a: &Str,
) -> Str {
    let is_space = |character: Option<char>| character.is_some_and(char::is_whitespace);
    let (mut start, mut end, mut at) = (None, 0, 0);
    for (character, bytes) in characters(a) {
        let next = at + bytes.len();
        if !is_space(character) {
            start = start.or(Some(at));
            end = next;
        }
        at = next;
    }
    start.map_or_else(Str::new, |start| Str::from(&a[start..end]))
}
