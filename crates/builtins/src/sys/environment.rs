//! `sys.getenv`, `sys.hasenv`, `sys.env`: the environment of the agent.

use macros::{Structure, builtin};
use schema::{CallSite, Source};
use std::collections::BTreeMap;
use value::{Failure, FromValue, Str, ToValue, Value};

/// A variable, as [`Source::Variable`] sends it.
#[derive(Structure)]
struct Variable {
    /// Whether it is set.
    found: bool,
    /// Its value.
    value: Str,
}

/// The value of an environment variable of the agent.
///
/// `<|>` catches that it is not set.
///
/// ```mcl
/// import "sys"
///
/// $editor = sys.getenv("EDITOR") <|> "vi"
/// ```
#[builtin(module = "sys", since = "0.1", result = Str, read = value_of)]
fn getenv(
    /// The name of the variable.
    name: &Str,
) -> Source {
    Source::Variable(name.clone())
}

fn value_of(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let variable = variable(&sent)?;
    if variable.found {
        return Ok(variable.value.to_value());
    }
    let name = arguments.first().map(Value::to_text).unwrap_or_default();
    Err(Failure::catchable(format!("environment variable not set: {name}")))
}

/// Whether an environment variable of the agent is set, be it to nothing.
///
/// ```mcl
/// import "sys"
///
/// $debug = sys.hasenv("DEBUG")
/// ```
#[builtin(module = "sys", since = "0.1", result = bool, read = is_set)]
fn hasenv(
    /// The name of the variable.
    name: &Str,
) -> Source {
    Source::Variable(name.clone())
}

fn is_set(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    Ok(Value::Bool(variable(&sent)?.found))
}

fn variable(sent: &Value) -> Result<Variable, Failure> {
    Ok(Variable::from_value(sent)?)
}

/// The environment of the agent: values by the names of their variables.
///
/// ```mcl
/// import "sys"
///
/// $path = sys.env()["PATH"] <|> "/usr/bin"
/// ```
#[builtin(module = "sys", since = "0.1", result = BTreeMap<String, String>)]
fn env() -> Source {
    Source::Environment
}
