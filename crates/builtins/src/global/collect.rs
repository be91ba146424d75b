//! `_collect`: what `collect KIND NAMES {…}` looks up.

use macros::builtin;
use schema::{Argument, HookError, Source};
use value::{Failure, FuncType, Mismatch, Str, Type, Value};

/// The exported resources of a kind that are addressed to this host and have one of these names.
///
/// The names are a name, a list of them, or a list of names with the host that exports each; an empty text stands for
/// any.
///
/// ```mcl
/// collect file "/etc/motd" {}
/// ```
#[builtin(
    module = "",
    name = "_collect",
    since = "0.1",
    signature = "func(kind str, names ?1) []struct{name str; host str; data str}",
    hook = by_names,
    refuse = other_names
)]
fn collect(
    /// The kind, known before the program runs.
    kind: &Str,
    /// A `str`, a `[]str` or a `[]struct{name str; host str}`.
    names: &Value,
) -> Result<Source, Failure> {
    if kind.is_empty() {
        return Err(Failure::fatal("resource kind is empty"));
    }
    let filter = pairs(names)?;
    if filter.is_empty() {
        return Ok(Source::Once(Value::list([])));
    }
    Ok(Source::Exports { kind: kind.clone(), filter: Some(filter) })
}

/// What to keep, as pairs of name and host.
fn pairs(names: &Value) -> Result<Vec<(Str, Str)>, Mismatch> {
    let one = |name: &Value| match name {
        Value::Str(name) => Ok((name.clone(), Str::new())),
        Value::Struct(fields) => match (fields.get("name"), fields.get("host")) {
            (Some(Value::Str(name)), Some(Value::Str(host))) => Ok((name.clone(), host.clone())),
            _ => Err(Mismatch(format!("unexpected value: {name}"))),
        },
        other => Err(Mismatch::kind("str", other)),
    };
    match names {
        Value::List(names) => names.iter().map(one).collect(),
        name => one(name).map(|pair| vec![pair]),
    }
}

/// The three types of names.
fn is_names(ty: &Type) -> bool {
    let pair = Type::structure([("name", Type::Str), ("host", Type::Str)]);
    matches!(ty, Type::Str) || matches!(ty, Type::List(element) if **element == Type::Str || **element == pair)
}

fn by_names(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let [kind, names] = arguments else {
        return Err(HookError::new("a collection has a kind and names"));
    };
    match &kind.value {
        Some(Value::Str(kind)) if !kind.is_empty() => {}
        _ => return Err(HookError::at(0, "the kind must be known before the program runs")),
    }
    let names = match &names.ty {
        Some(ty) if is_names(ty) => ty.clone(),
        Some(ty) if ty.is_concrete() => return Err(HookError::at(1, unexpected(ty))),
        _ => Type::Var(1),
    };
    let result = [("name", Type::Str), ("host", Type::Str), ("data", Type::Str)];
    let params = [("kind", Type::Str), ("names", names)];
    Ok(FuncType::new(params, Type::list(Type::structure(result))))
}

fn other_names(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.get(1).map(|param| &param.ty) {
        Some(Type::Error) | None => Ok(()),
        Some(ty) if is_names(ty) => Ok(()),
        Some(ty) => Err(unexpected(ty)),
    }
}

fn unexpected(ty: &Type) -> String {
    format!("a name to collect is a str, a []str or a []struct{{name str; host str}}, not `{ty}`")
}
