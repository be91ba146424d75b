//! `panic` and `panic_debug`: what stops a program.

use macros::builtin;
use schema::Argument;
use value::{Failure, FuncType, Type, Value};

/// Stops the program where its argument is true, or a text that is not empty.
///
/// It is written as a statement. Nothing catches it.
///
/// ```mcl
/// panic("") # nothing happens
/// panic("no disk") # !> str panic occurred: no disk
/// ```
#[builtin(module = "", since = "0.1", signature = "func(x ?1) bool", refuse = only_bool_and_str)]
fn panic(
    /// A bool or a str.
    x: &Value,
) -> Result<bool, Failure> {
    match x {
        Value::Bool(false) => Ok(false),
        Value::Bool(true) => Err(Failure::fatal("bool panic occurred")),
        Value::Str(text) if text.is_empty() => Ok(false),
        Value::Str(text) => Err(Failure::fatal(format!("str panic occurred: {text}"))),
        other => Err(Failure::fatal(format!("unsupported kind: {}", other.kind()))),
    }
}

/// Stops the program with a message where its first argument is true.
///
/// As a statement it is written `panic(x, message)`. Nothing catches it.
///
/// ```mcl
/// panic_debug(false, "never shown") # => false
/// panic_debug(true, "no disk") # !> bool panic occurred: no disk
/// ```
#[builtin(module = "", since = "0.1")]
fn panic_debug(
    /// Whether to stop.
    x: bool,
    /// The message.
    err: &str,
) -> Result<bool, Failure> {
    if x { Err(Failure::fatal(format!("bool panic occurred: {err}"))) } else { Ok(false) }
}

fn only_bool_and_str(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.first().map(|param| &param.ty) {
        Some(Type::Bool | Type::Str | Type::Error) | None => Ok(()),
        Some(other) => Err(format!("`panic` takes a bool or a str, not `{other}`")),
    }
}
