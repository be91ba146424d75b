//! `_struct_lookup` and `_struct_lookup_optional`: what `s->f` and `s->f <|> d` mean.
//!
//! Whether a struct has a field is known from its type, so nothing here fails when the program runs.

use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FuncType, Struct, StructField, Type, Value};

/// A field of a struct.
///
/// ```mcl
/// struct{name => "db", port => 5432}->port # => 5432
/// ```
#[builtin(
    module = "",
    name = "_struct_lookup",
    since = "0.1",
    signature = "func(struct ?1, field str) ?2",
    hook = type_of_field,
    refuse = missing_or_other_type,
    folds
)]
fn field(
    /// The struct.
    r#struct: &Struct,
    /// The name of the field, known before the program runs.
    field: &str,
) -> Result<Value, Failure> {
    r#struct.get(field).cloned().ok_or_else(|| Failure::fatal(not_found(field)))
}

/// A field of a struct, or a default where the type of the struct has no such field.
///
/// ```mcl
/// struct{name => "db"}->name <|> "none" # => "db"
/// struct{name => "db"}->port <|> 5432 # => 5432
/// ```
#[builtin(
    module = "",
    name = "_struct_lookup_optional",
    since = "0.1",
    signature = "func(struct ?1, field str, optional ?2) ?2",
    hook = type_of_field_or_default,
    refuse = other_type,
    folds
)]
fn field_or(
    /// The struct.
    r#struct: &Struct,
    /// The name of the field, known before the program runs.
    field: &str,
    /// The value where the struct has no such field.
    optional: &Value,
) -> Value {
    r#struct.get(field).unwrap_or(optional).clone()
}

fn type_of_field(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let [subject, field] = arguments else {
        return Err(HookError::new("a field look-up has a struct and a name"));
    };
    let name = field_name(field)?;
    let (subject, result) = match fields(subject)? {
        Some(fields) => match find(fields, &name) {
            Some(field) => (subject.ty.clone().unwrap_or(Type::Var(1)), field.ty.clone()),
            None => return Err(HookError { hint: suggestion(fields, &name), ..HookError::at(1, not_found(&name)) }),
        },
        None => (Type::Var(1), Type::Var(2)),
    };
    Ok(FuncType::new([("struct", subject), ("field", Type::Str)], result))
}

fn type_of_field_or_default(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let [subject, field, _] = arguments else {
        return Err(HookError::new("a field look-up has a struct, a name and a default"));
    };
    let name = field_name(field)?;
    let (subject, result) = match fields(subject)? {
        Some(fields) => {
            let result = find(fields, &name).map_or(Type::Var(2), |field| field.ty.clone());
            (subject.ty.clone().unwrap_or(Type::Var(1)), result)
        }
        None => (Type::Var(1), Type::Var(2)),
    };
    Ok(FuncType::new([("struct", subject), ("field", Type::Str), ("optional", result.clone())], result))
}

fn missing_or_other_type(ty: &FuncType, arguments: &[Argument]) -> Result<(), String> {
    let (Some(subject), Some(name)) = (ty.params.first(), arguments.get(1).and_then(|it| field_name(it).ok())) else {
        return Ok(());
    };
    match &subject.ty {
        Type::Struct(fields) => match find(fields, &name) {
            None => Err(not_found(&name)),
            Some(field) => same(&field.ty, &ty.result).map_err(|error| format!("field {name} type error: {error}")),
        },
        Type::Error => Ok(()),
        other => Err(no_fields(other)),
    }
}

fn other_type(ty: &FuncType, arguments: &[Argument]) -> Result<(), String> {
    let (Some(subject), Some(name)) = (ty.params.first(), arguments.get(1).and_then(|it| field_name(it).ok())) else {
        return Ok(());
    };
    match &subject.ty {
        Type::Struct(fields) => match find(fields, &name) {
            None => Ok(()),
            Some(field) => {
                same(&field.ty, &ty.result).map_err(|error| format!("non-optional arg must match return type: {error}"))
            }
        },
        Type::Error => Ok(()),
        other => Err(no_fields(other)),
    }
}

/// The name of the field: written by the parser, so always known.
fn field_name(argument: &Argument) -> Result<String, HookError> {
    match &argument.value {
        Some(Value::Str(name)) if !name.is_empty() => Ok(name.to_string()),
        _ => Err(HookError::at(1, "the name of a field must be known before the program runs")),
    }
}

/// The fields of the struct, where its type is known.
fn fields(subject: &Argument) -> Result<Option<&[StructField]>, HookError> {
    match &subject.ty {
        Some(Type::Struct(fields)) => Ok(Some(fields)),
        Some(Type::Var(_) | Type::Error) | None => Ok(None),
        Some(other) => {
            let hint = matches!(other, Type::Map(..)).then(|| "a value of a map is written `…[\"key\"]`".to_owned());
            Err(HookError { hint, ..HookError::at(0, no_fields(other)) })
        }
    }
}

fn find<'a>(fields: &'a [StructField], name: &str) -> Option<&'a StructField> {
    fields.iter().find(|field| field.name == name)
}

fn suggestion(fields: &[StructField], name: &str) -> Option<String> {
    let closest = diag::closest(name, fields.iter().map(|field| field.name.as_str()))?;
    Some(format!("did you mean `{closest}`?"))
}

fn same(field: &Type, result: &Type) -> Result<(), String> {
    if field == result || matches!((field, result), (Type::Error, _) | (_, Type::Error)) {
        return Ok(());
    }
    Err(format!("the field is `{field}`, but used as `{result}`"))
}

fn not_found(name: &str) -> String {
    format!("the struct has no field `{name}`")
}

fn no_fields(ty: &Type) -> String {
    format!("only a struct has fields, not `{ty}`")
}
