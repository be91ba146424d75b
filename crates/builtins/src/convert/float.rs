//! `convert.to_float`, `convert.str_to_float`: what becomes a float.

use super::number;
use crate::golang::literal::parse_float;
use macros::builtin;
use value::{Failure, Str};

/// The float nearest to an int.
///
/// ```mcl
/// convert.to_float(7) / 2.0 # => 3.5
/// ```
#[builtin(module = "convert", since = "0.1")]
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn to_float(
    /// The int.
    a: i64,
) -> f64 {
    a as f64
}

/// The float that a text stands for.
///
/// The text is decimal (`1.5`, `.5`, `1e-3`), hexadecimal (`0x1p-2`), or one of `inf` and `nan`. `<|>` catches any
/// other text, and what is too large.
///
/// ```mcl
/// convert.str_to_float("2.5e3") # => 2500
/// convert.str_to_float("0x1p-2") # => 0.25
/// convert.str_to_float("much") <|> 0.0 # => 0
/// ```
#[builtin(module = "convert", since = "0.1")]
fn str_to_float(
    /// The text.
    a: &Str,
) -> Result<f64, Failure> {
    number(a, "ParseFloat", parse_float)
}
