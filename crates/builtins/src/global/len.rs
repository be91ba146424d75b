//! `len`: the size of a str, a list or a map.

use macros::builtin;
use schema::Argument;
use value::{Failure, FuncType, Type, Value};

/// How many bytes a string has, how many elements a list, or how many entries a map.
///
/// A character outside ASCII takes more than one byte.
///
/// ```mcl
/// len([10, 20, 30]) # => 3
/// len("hello") # => 5
/// len("ä") # => 2
/// len({"a" => 1}) # => 1
/// ```
#[builtin(module = "", since = "0.1", signature = "func(value ?1) int", refuse = only_what_has_a_length)]
fn len(
    /// A str, a list or a map.
    value: &Value,
) -> Result<i64, Failure> {
    let length = match value {
        Value::Str(text) => text.len(),
        Value::List(elements) => elements.len(),
        Value::Map(entries) => entries.len(),
        other => return Err(Failure::fatal(no_length(other.kind()))),
    };
    Ok(i64::try_from(length).expect("nothing in memory has more than 2^63 parts"))
}

fn only_what_has_a_length(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.first().map(|param| &param.ty) {
        Some(Type::Str | Type::List(_) | Type::Map(..) | Type::Error) | None => Ok(()),
        Some(other) => Err(no_length(&other.to_string())),
    }
}

fn no_length(what: &str) -> String {
    format!("only a str, a list or a map has a length, not `{what}`")
}
