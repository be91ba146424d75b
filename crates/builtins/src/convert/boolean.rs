//! `convert.parse_bool`, `convert.format_bool`: bools and their text.

use macros::builtin;
use value::Failure;

/// The bool that a text stands for.
///
/// True are `1`, `t`, `T`, `true`, `True` and `TRUE`, false are `0`, `f`, `F`, `false`, `False` and `FALSE`. `<|>`
/// catches any other text.
///
/// ```mcl
/// convert.parse_bool("true") # => true
/// convert.parse_bool("F") # => false
/// convert.parse_bool("yes") <|> false # => false
/// ```
#[builtin(module = "convert", since = "0.1")]
fn parse_bool(
    /// The text.
    a: &str,
) -> Result<bool, Failure> {
    match a {
        "1" | "t" | "T" | "true" | "True" | "TRUE" => Ok(true),
        "0" | "f" | "F" | "false" | "False" | "FALSE" => Ok(false),
        _ => Err(Failure::catchable(format!("invalid bool: `{a}`"))),
    }
}

/// A bool as text: `true` or `false`.
///
/// ```mcl
/// convert.format_bool(true) # => "true"
/// ```
#[builtin(module = "convert", since = "0.1")]
fn format_bool(
    /// The bool.
    a: bool,
) -> String {
    a.to_string()
}
