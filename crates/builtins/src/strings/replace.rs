//! `strings.replace_all`.

use super::bytes::{characters, split};
use macros::builtin;
use value::Str;

/// Replaces every occurrence of a part of a string.
///
/// An empty part stands before each character and at the end.
///
/// ```mcl
/// strings.replace_all("a.b.c", ".", "-") # => "a-b-c"
/// strings.replace_all("ab", "", "-") # => "-a-b-"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn replace_all(
    /// The string.
    s: &Str,
    /// What to replace.
    old: &Str,
    /// What stands in its place.
    new: &Str,
) -> Str {
    if !old.is_empty() {
        return split(s, old).join(new.as_bytes()).into();
    }
    let mut out = new.to_vec();
    for (_, character) in characters(s) {
        out.extend_from_slice(character);
        out.extend_from_slice(new);
    }
    out.into()
}
