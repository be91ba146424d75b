//! `concat`: what `"${a}${b}"` means.

use crate::bound;
use macros::builtin;
use value::{Failure, Str};

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
) -> Result<Str, Failure> {
    joined(a, b)
}

/// Two strings as one.
pub(super) fn joined(a: &Str, b: &Str) -> Result<Str, Failure> {
    bound::text(a.len().checked_add(b.len()))?;
    Ok(a.concat(b))
}
