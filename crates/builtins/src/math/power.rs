//! `math.pow`, `math.sqrt`: powers and roots.

use super::finite;
use macros::builtin;
use value::Failure;

/// A number raised to a power.
///
/// `<|>` catches a result that is not a finite number.
///
/// ```mcl
/// math.pow(2.0, 10.0) # => 1024
/// math.pow(-1.0, 0.5) <|> 0.0 # => 0
/// ```
#[builtin(module = "math", since = "0.1")]
fn pow(
    /// The base.
    x: f64,
    /// The exponent.
    y: f64,
) -> Result<f64, Failure> {
    finite(x.powf(y))
}

/// The square root of a number.
///
/// `<|>` catches the root of a negative number.
///
/// ```mcl
/// math.sqrt(16.0) # => 4
/// math.sqrt(-1.0) <|> 0.0 # => 0
/// ```
#[builtin(module = "math", since = "0.1")]
fn sqrt(
    /// The number.
    x: f64,
) -> Result<f64, Failure> {
    finite(x.sqrt())
}
