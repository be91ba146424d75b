//! `math.minus1`: one less.

use macros::builtin;

/// An int, less one.
///
/// ```mcl
/// math.minus1(42) # => 41
/// ```
#[builtin(module = "math", since = "0.1")]
fn minus1(
    /// The int.
    x: i64,
) -> i64 {
    x.wrapping_sub(1)
}
