//! `strings.contains`, `strings.has_prefix`, `strings.has_suffix`.

use super::bytes::find;
use macros::builtin;
use value::Str;

/// Whether a string holds another one.
///
/// ```mcl
/// strings.contains("hello world", "o w") # => true
/// strings.contains("hello", "x") # => false
/// ```
#[builtin(module = "strings", since = "0.1")]
fn contains(
    /// The string to look in.
    s: &Str,
    /// What to look for.
    substr: &Str,
) -> bool {
    find(s, substr).is_some()
}

/// Whether a string begins with another one.
///
/// ```mcl
/// strings.has_prefix("web1.example.com", "web") # => true
/// ```
#[builtin(module = "strings", since = "0.1")]
fn has_prefix(
    /// The string.
    s: &Str,
    /// What it might begin with.
    prefix: &Str,
) -> bool {
    s.starts_with(prefix)
}

/// Whether a string ends with another one.
///
/// ```mcl
/// strings.has_suffix("web1.example.com", ".com") # => true
/// ```
#[builtin(module = "strings", since = "0.1")]
fn has_suffix(
    /// The string.
    s: &Str,
    /// What it might end with.
    suffix: &Str,
) -> bool {
    s.ends_with(suffix)
}
