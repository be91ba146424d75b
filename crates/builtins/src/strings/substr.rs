//! `strings.substr`.

use macros::builtin;
use value::{Failure, Str};

/// A part of a string, from one byte up to, but without, another.
///
/// `<|>` catches bounds outside of the string.
///
/// ```mcl
/// strings.substr("hello", 1, 3) # => "el"
/// strings.substr("hi", 1, 9) <|> "" # => ""
/// ```
#[builtin(module = "strings", since = "0.1")]
fn substr(
    /// The string.
    s: &Str,
    /// The first byte, counted from 0.
    low: i64,
    /// The byte after the last.
    high: i64,
) -> Result<Str, Failure> {
    let bounds = usize::try_from(low).and_then(|low| Ok(low..usize::try_from(high)?)).ok();
    let part = bounds.and_then(|bounds| s.get(bounds));
    part.map(Str::from).ok_or_else(|| {
        Failure::catchable(format!("low/high out of range: from {low} up to {high} of {} bytes", s.len()))
    })
}
