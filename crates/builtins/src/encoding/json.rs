//! `encoding.decode_json`, `encoding.decode_json_flexible`: values from JSON, by their type.
//!
//! The type comes from a text that is known before the program runs, or from where the value is used. It is bounded in
//! depth as every type is, so decoding is too.

use crate::shape::zero;
use macros::builtin;
use schema::{Argument, CallSite, HookError};
use serde_json::Value as Json;
use value::{Failure, FuncType, Str, Type, Value};

/// The value that a JSON text stands for, which must fit its type exactly.
///
/// The type is given as text, or follows from where the value is used. A struct has all fields and no others. Only the
/// first value of the text is read.
///
/// ```mcl
/// encoding.decode_json("[1, 2]", "[]int") # => [1, 2]
/// encoding.decode_json("{\"port\": 80}", "struct{port int}")->port # => 80
/// ```
#[builtin(
    module = "encoding",
    since = "0.1",
    signature = "func(data str[, type str]) ?1",
    hook = named_type,
    refuse = only_json_types,
    folds
)]
fn decode_json(
    site: &CallSite<'_>,
    /// The JSON text.
    data: &Str,
    /// The type, as in `map{str: []int}`.
    r#type: Option<String>,
) -> Result<Value, Failure> {
    decode(site, data, r#type.as_deref(), Missing::Refused)
}

/// The value that a JSON text stands for; fields that are missing become zero, others are ignored.
///
/// The type is given as text, or follows from where the value is used. Zero is `false`, `0`, `""`, and what is empty.
/// Only the first value of the text is read.
///
/// ```mcl
/// encoding.decode_json_flexible("{\"x\": 1}", "struct{port int; name str}") # => struct{port: 0; name: ""}
/// ```
#[builtin(
    module = "encoding",
    since = "0.1",
    signature = "func(data str[, type str]) ?1",
    hook = named_type,
    refuse = only_json_types,
    folds
)]
fn decode_json_flexible(
    site: &CallSite<'_>,
    /// The JSON text.
    data: &Str,
    /// The type, as in `map{str: []int}`.
    r#type: Option<String>,
) -> Result<Value, Failure> {
    decode(site, data, r#type.as_deref(), Missing::Zero)
}

/// What becomes of a field that is missing.
#[derive(Clone, Copy)]
enum Missing {
    Refused,
    Zero,
}

fn decode(site: &CallSite<'_>, data: &[u8], ty: Option<&str>, missing: Missing) -> Result<Value, Failure> {
    let want = &site.ty.result;
    if !want.is_concrete() {
        return Err(Failure::fatal("the type to decode is not known"));
    }
    if let Some(text) = ty
        && stated(text).map_err(Failure::fatal)? != *want
    {
        return Err(Failure::fatal("incompatible types"));
    }
    let json = match serde_json::Deserializer::from_slice(data).into_iter::<Json>().next() {
        Some(Ok(json)) => json,
        Some(Err(error)) => return Err(Failure::fatal(format!("invalid JSON: {error}"))),
        None => return Err(Failure::fatal("invalid JSON: there is no value")),
    };
    convert(&json, want, missing).map_err(Failure::fatal)
}

fn convert(json: &Json, ty: &Type, missing: Missing) -> Result<Value, String> {
    let mismatch = || format!("type doesn't match {}", ty.kind());
    match (ty, json) {
        (Type::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (Type::Str, Json::String(text)) => Ok(Value::str(text.as_str())),
        (Type::Int, Json::Number(number)) => {
            number.as_i64().map(Value::Int).ok_or_else(|| "num doesn't contain int64".to_owned())
        }
        (Type::Float, Json::Number(number)) => number.as_f64().map(Value::Float).ok_or_else(mismatch),
        (Type::List(element), Json::Array(values)) => {
            let values: Result<Vec<Value>, String> = values.iter().map(|it| convert(it, element, missing)).collect();
            values.map(Value::list)
        }
        (Type::Map(key, value), Json::Object(entries)) if **key == Type::Str => {
            let entries: Result<Vec<(Value, Value)>, String> = entries
                .iter()
                .map(|(name, it)| Ok((Value::str(name.as_str()), convert(it, value, missing)?)))
                .collect();
            entries.map(Value::map)
        }
        (Type::Struct(fields), Json::Object(entries)) => {
            if matches!(missing, Missing::Refused) && fields.len() != entries.len() {
                return Err("incompatible number of fields".to_owned());
            }
            let fields: Result<Vec<(value::Name, Value)>, String> = fields
                .iter()
                .map(|field| {
                    let value = match (entries.get(field.name.as_str()), missing) {
                        (Some(json), _) => convert(json, &field.ty, missing)?,
                        (None, Missing::Zero) => zero(&field.ty).ok_or_else(mismatch)?,
                        (None, Missing::Refused) => {
                            return Err(format!("field {} was not found in struct", field.name));
                        }
                    };
                    Ok((field.name.clone(), value))
                })
                .collect();
            fields.map(Value::structure)
        }
        _ => Err(mismatch()),
    }
}

/// The type that a text stands for.
fn stated(text: &str) -> Result<Type, String> {
    let ty = Type::parse(text).map_err(|error| format!("invalid type specification: {error}"))?;
    if ty.is_concrete() { Ok(ty) } else { Err(format!("invalid type specification: `{ty}` has no values")) }
}

fn named_type(arguments: &[Argument]) -> Result<FuncType, HookError> {
    match arguments {
        [_] => Ok(FuncType::new([("data", Type::Str)], Type::Var(1))),
        [_, ty] => {
            let result = match &ty.value {
                Some(Value::Str(text)) => stated(&text.to_text()).map_err(|error| HookError::at(1, error))?,
                _ => Type::Var(1),
            };
            Ok(FuncType::new([("data", Type::Str), ("type", Type::Str)], result))
        }
        _ => Err(HookError::new("must have at either one or two args")),
    }
}

fn only_json_types(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    let mut wrong = None;
    ty.result.any(&mut |part| {
        let found = match part {
            Type::Func(_) => Some("JSON has no functions".to_owned()),
            Type::Map(key, _) if !matches!(**key, Type::Str | Type::Error) => {
                Some(format!("a key in JSON is a str, not `{key}`"))
            }
            _ => None,
        };
        wrong = wrong.take().or(found);
        wrong.is_some()
    });
    wrong.map_or(Ok(()), Err)
}
