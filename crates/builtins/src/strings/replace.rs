//! `strings.replace_all`.

use crate::golang::strings::replaced;
use macros::builtin;
use value::{Failure, Str};

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
) -> Result<Str, Failure> {
    replaced(s, old, new, usize::MAX)
}
