//! `strings.left_pad`, `strings.right_pad`: strings of a least length.

use crate::bound;
use macros::builtin;
use value::{Failure, Str};

/// Puts a padding before a string, as often as it takes to have so many bytes.
///
/// A padding of more than one byte can make the result longer than that.
///
/// ```mcl
/// strings.left_pad("7", "0", 3) # => "007"
/// strings.left_pad("hello", "-", 3) # => "hello"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn left_pad(
    /// The string.
    s: &Str,
    /// The padding.
    pad: &Str,
    /// The least length in bytes.
    len: i64,
) -> Result<Str, Failure> {
    Ok([&padding(s, pad, len)?, s.as_bytes()].concat().into())
}

/// Puts a padding after a string, as often as it takes to have so many bytes.
///
/// A padding of more than one byte can make the result longer than that.
///
/// ```mcl
/// strings.right_pad("ab", ".", 5) # => "ab..."
/// ```
#[builtin(module = "strings", since = "0.1")]
fn right_pad(
    /// The string.
    s: &Str,
    /// The padding.
    pad: &Str,
    /// The least length in bytes.
    len: i64,
) -> Result<Str, Failure> {
    Ok([s.as_bytes(), &padding(s, pad, len)?].concat().into())
}

fn padding(s: &[u8], pad: &[u8], len: i64) -> Result<Vec<u8>, Failure> {
    let missing = usize::try_from(len).unwrap_or(0).saturating_sub(s.len());
    if missing == 0 {
        return Ok(Vec::new());
    }
    if pad.is_empty() {
        return Err(Failure::fatal("can't pad with an empty string"));
    }
    let times = missing.div_ceil(pad.len());
    bound::text(pad.len().checked_mul(times).and_then(|it| it.checked_add(s.len())))?;
    Ok(pad.repeat(times))
}
