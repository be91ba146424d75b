//! `math.fortytwo`: a number of the type that is needed.

use macros::builtin;
use schema::{Argument, CallSite};
use value::{Failure, FuncType, Type, Value};

/// 42, as an int or as a float, whichever is needed.
///
/// ```mcl
/// 1 + math.fortytwo() # => 43
/// 0.5 + math.fortytwo() # => 42.5
/// ```
#[builtin(module = "math", since = "0.1", signature = "func() ?1", refuse = only_numbers)]
fn fortytwo(site: &CallSite<'_>) -> Result<Value, Failure> {
    match &site.ty.result {
        Type::Int => Ok(Value::Int(42)),
        Type::Float => Ok(Value::Float(42.0)),
        other => Err(Failure::fatal(no_number(other))),
    }
}

fn only_numbers(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match &ty.result {
        Type::Int | Type::Float | Type::Error => Ok(()),
        other => Err(no_number(other)),
    }
}

fn no_number(ty: &Type) -> String {
    format!("`math.fortytwo` is an int or a float, not `{ty}`")
}
