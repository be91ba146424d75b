//! `strings.join_nonempty`.

use crate::bound;
use macros::builtin;
use value::{Failure, Str};

/// Joins strings with a separator, and leaves out those that are empty.
///
/// ```mcl
/// strings.join_nonempty(["a", "", "b"], "-") # => "a-b"
/// ```
#[builtin(module = "strings", since = "0.1")]
fn join_nonempty(
    /// The strings.
    s: Vec<Str>,
    /// What stands between them.
    sep: &Str,
) -> Result<Str, Failure> {
    let pieces: Vec<&[u8]> = s.iter().map(Str::as_bytes).filter(|piece| !piece.is_empty()).collect();
    bound::text(bound::joined(&pieces, sep))?;
    Ok(pieces.join(sep.as_bytes()).into())
}
