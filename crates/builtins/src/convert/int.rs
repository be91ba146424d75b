//! `convert.int_to_str`, `convert.str_to_int`, `convert.to_int`: what is or becomes an int.

use super::number;
use crate::golang::literal::parse_int;
use macros::builtin;
use value::{Failure, Str};

/// An int as text, in decimal.
///
/// ```mcl
/// convert.int_to_str(-42) # => "-42"
/// ```
#[builtin(module = "convert", since = "0.1")]
fn int_to_str(
    /// The int.
    a: i64,
) -> String {
    a.to_string()
}

/// The int that a decimal text stands for.
///
/// The text is digits, perhaps after `+` or `-`, without blanks. `<|>` catches any other text, and what does not fit
/// into 64 bits.
///
/// ```mcl
/// convert.str_to_int("42") # => 42
/// convert.str_to_int("many") <|> 0 # => 0
/// ```
#[builtin(module = "convert", since = "0.1")]
fn str_to_int(
    /// The text.
    a: &Str,
) -> Result<i64, Failure> {
    number(a, "ParseInt", |text| parse_int(text, 10, 64))
}

/// The whole part of a float.
///
/// What is no number, or does not fit into 64 bits, becomes the smallest int.
///
/// ```mcl
/// convert.to_int(7.8) # => 7
/// convert.to_int(-2.99) # => -2
/// ```
#[builtin(module = "convert", since = "0.1")]
#[expect(clippy::cast_possible_truncation, reason = "the fraction is cut on purpose, and the range is checked")]
fn to_int(
    /// The float.
    a: f64,
) -> i64 {
    // 2^63, the first float that is too large; its negative fits.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&a) { a as i64 } else { i64::MIN }
}
