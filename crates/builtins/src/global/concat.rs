//! `concat`: what `"${a}${b}"` means.

use macros::builtin;
use value::Str;

/// Joins two strings.
///
/// `"${a}${b}"` is the same, and easier to read.
///
/// ```mcl
/// concat("hello ", "world") # => "hello world"
/// ```
#[builtin(module = "", since = "0.1")]
fn concat(
    /// What comes first.
    a: &Str,
    /// What comes after it.
    b: &Str,
) -> Str {
    a.concat(b)
}
