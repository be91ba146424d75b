//! `strings.split`.

use super::bytes;
use macros::builtin;
use value::Str;

/// Splits a string at every occurrence of a separator.
///
/// An empty separator splits it into its characters.
///
/// ```mcl
/// strings.split("a,b,c", ",") # => ["a", "b", "c"]
/// strings.split("äb", "") # => ["ä", "b"]
/// ```
#[builtin(module = "strings", since = "0.1")]
fn split(
    /// The string.
    a: &Str,
    /// What stands between the parts.
    b: &Str,
) -> Vec<Str> {
    if b.is_empty() {
        return bytes::characters(a).map(|(_, character)| Str::from(character)).collect();
    }
    bytes::split(a, b).into_iter().map(Str::from).collect()
}
