//! `contains`: what `needle in haystack` means.

use macros::builtin;
use value::Value;

/// Whether a list holds a value.
///
/// `needle in haystack` is the same, and easier to read. Lists, maps and structs are compared by what they hold.
///
/// ```mcl
/// contains("b", ["a", "b"]) # => true
/// contains([1], [[1], [2]]) # => true
/// contains(3, [1, 2]) # => false
/// ```
#[builtin(module = "", since = "0.1", signature = "func(needle ?1, haystack []?1) bool")]
fn contains(
    /// The value to look for.
    needle: &Value,
    /// The list to look in.
    haystack: &[Value],
) -> bool {
    haystack.iter().any(|element| element.equals(needle))
}
