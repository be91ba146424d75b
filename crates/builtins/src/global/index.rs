//! `_lookup`: what `a[b]` means.

use super::lookup::{element, entry};
use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FuncType, Mismatch, Type, Value};

/// An element of a list by its index, or the value of a map's key.
///
/// `<|>` catches an index or a key that is not there.
///
/// ```mcl
/// ["a", "b"][1] # => "b"
/// {"x" => 1, "y" => 2}["y"] # => 2
/// ["a"][7] <|> "none" # => "none"
/// ```
#[builtin(
    module = "",
    name = "_lookup",
    since = "0.1",
    signature = "func(list []?1, index int) ?1 or func(map map{?1: ?2}, key ?1) ?2",
    hook = sharpest,
    refuse = only_lists_and_maps
)]
fn index(
    /// A list or a map.
    container: &Value,
    /// An index or a key.
    key: &Value,
) -> Result<Value, Failure> {
    match (container, key) {
        (Value::List(list), Value::Int(index)) => element(list, *index),
        (Value::List(_), other) => Err(Mismatch::kind("int", other).into()),
        (Value::Map(map), key) => entry(map, key),
        (other, _) => Err(Failure::fatal(no_look_up(other.kind()))),
    }
}

/// The list form or the map form where either is certain; otherwise anything, and the solver settles it.
fn sharpest(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let [container, key] = arguments else {
        return Err(HookError::new("a look-up has a container and a key"));
    };
    let key_type = key.ty.clone().or_else(|| key.value.as_ref().and_then(scalar_type));
    Ok(match (&container.ty, key_type) {
        (Some(Type::List(_)), _) => {
            FuncType::new([("list", Type::list(Type::Var(1))), ("index", Type::Int)], Type::Var(1))
        }
        (Some(Type::Map(..)), _) => map_form(),
        (Some(Type::Var(_) | Type::Error) | None, Some(key))
            if !matches!(key, Type::Int | Type::Var(_) | Type::Error) =>
        {
            map_form()
        }
        (Some(Type::Var(_) | Type::Error) | None, _) => {
            FuncType::new([("container", Type::Var(1)), ("key", Type::Var(2))], Type::Var(3))
        }
        (Some(other), _) => {
            let hint = matches!(other, Type::Struct(_)).then(|| "a field of a struct is written `…->field`".to_owned());
            return Err(HookError { hint, ..HookError::at(0, no_look_up(&other.to_string())) });
        }
    })
}

fn map_form() -> FuncType {
    FuncType::new([("map", Type::map(Type::Var(1), Type::Var(2))), ("key", Type::Var(1))], Type::Var(2))
}

/// The type of a value that holds no others.
fn scalar_type(value: &Value) -> Option<Type> {
    match value {
        Value::Bool(_) => Some(Type::Bool),
        Value::Str(_) => Some(Type::Str),
        Value::Int(_) => Some(Type::Int),
        Value::Float(_) => Some(Type::Float),
        _ => None,
    }
}

/// The loose form allows types that do not go together.
fn only_lists_and_maps(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    let [container, key] = &*ty.params else { return Ok(()) };
    let (want_key, want_result) = match &container.ty {
        Type::List(element) => (&Type::Int, &**element),
        Type::Map(key, value) => (&**key, &**value),
        Type::Error => return Ok(()),
        other => return Err(no_look_up(&other.to_string())),
    };
    for (want, found) in [(want_key, &key.ty), (want_result, &ty.result)] {
        if want != found && *want != Type::Error && *found != Type::Error {
            return Err(format!("a look-up in `{}` has no `{found}` where `{want}` belongs", container.ty));
        }
    }
    Ok(())
}

fn no_look_up(what: &str) -> String {
    format!("only a list or a map has something to look up, not `{what}`")
}
