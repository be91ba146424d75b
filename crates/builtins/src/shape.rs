//! Values and types: the zero value of a type, and whether a value is of a type.
//!
//! A value does not carry its type. Where one comes from outside of the program's types, such as from JSON or from a
//! resource, it is held against the solved type of the call.

use value::{Type, Value};

/// The value of a type that holds nothing: `false`, `0`, `""`, an empty list or map, a struct of such. Nothing for a
/// function.
pub(crate) fn zero(ty: &Type) -> Option<Value> {
    Some(match ty {
        Type::Bool => Value::Bool(false),
        Type::Str => Value::str(""),
        Type::Int => Value::Int(0),
        Type::Float => Value::Float(0.0),
        Type::List(_) => Value::list([]),
        Type::Map(..) => Value::map([]),
        Type::Struct(fields) => {
            let fields: Option<Vec<_>> =
                fields.iter().map(|field| Some((field.name.clone(), zero(&field.ty)?))).collect();
            Value::structure(fields?)
        }
        Type::Func(_) | Type::Variant | Type::Var(_) | Type::Error => return None,
    })
}

/// Whether a value is of a type. What is empty is of every type of its kind.
pub(crate) fn is_of(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::List(values), Type::List(element)) => values.iter().all(|value| is_of(value, element)),
        (Value::Map(entries), Type::Map(key, value)) => entries.iter().all(|(k, v)| is_of(k, key) && is_of(v, value)),
        (Value::Struct(values), Type::Struct(fields)) => {
            values.len() == fields.len()
                && values
                    .iter()
                    .zip(fields.iter())
                    .all(|((name, value), field)| *name == field.name && is_of(value, &field.ty))
        }
        (Value::Func(closure), ty) => closure.ty() == ty,
        (value, ty) => value.kind() == ty.kind() && !matches!(ty, Type::List(_) | Type::Map(..) | Type::Struct(_)),
    }
}
