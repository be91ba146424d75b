//! `strings.join_nonempty`.

use macros::builtin;
use value::Str;

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
) -> Str {
    let pieces: Vec<&[u8]> = s.iter().map(Str::as_bytes).filter(|piece| !piece.is_empty()).collect();
    pieces.join(sep.as_bytes()).into()
}
