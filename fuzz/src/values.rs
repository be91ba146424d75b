//! Types and values made of bytes.

use arbitrary::{Result, Unstructured};
use value::{Type, Value};

/// How deep types and values nest.
const DEEPEST: usize = 3;

/// Some type of values, functions left out.
pub fn ty(u: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    Ok(match u.int_in_range(0..=if depth < DEEPEST { 11 } else { 7 })? {
        0 => Type::Bool,
        1 | 2 => Type::Float,
        3..=5 => Type::Str,
        6 | 7 => Type::Int,
        8 | 9 => Type::list(ty(u, depth + 1)?),
        10 => Type::map(key(u)?, ty(u, depth + 1)?),
        _ => structure(u, depth)?,
    })
}

/// Some type of keys.
pub fn key(u: &mut Unstructured<'_>) -> Result<Type> {
    u.choose(&[Type::Str, Type::Str, Type::Int, Type::Bool, Type::Float]).cloned()
}

fn structure(u: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    let names = &["a", "b", "name", "value"][..u.int_in_range(0..=4)?];
    let fields: Result<Vec<_>> = names.iter().map(|name| Ok((*name, ty(u, depth + 1)?))).collect();
    Ok(Type::structure(fields?))
}

/// A value of a type without functions and unknowns.
pub fn value(u: &mut Unstructured<'_>, ty: &Type, depth: usize) -> Result<Value> {
    let most = if depth < DEEPEST { 5 } else { 1 };
    Ok(match ty {
        Type::Bool => Value::Bool(u.arbitrary()?),
        Type::Int => Value::Int(int(u)?),
        Type::Float => Value::Float(float(u)?),
        Type::List(element) => {
            let count = u.int_in_range(0..=most)?;
            Value::list((0..count).map(|_| value(u, element, depth + 1)).collect::<Result<Vec<_>>>()?)
        }
        Type::Map(key, element) => {
            let count = u.int_in_range(0..=most)?;
            let entries = (0..count).map(|_| Ok((value(u, key, depth + 1)?, value(u, element, depth + 1)?)));
            Value::map(entries.collect::<Result<Vec<_>>>()?)
        }
        Type::Struct(fields) => {
            let fields = fields.iter().map(|field| Ok((field.name.clone(), value(u, &field.ty, depth + 1)?)));
            Value::structure(fields.collect::<Result<Vec<_>>>()?)
        }
        _ => Value::str(text(u)?),
    })
}

/// A number, often one at the edge of something.
pub fn int(u: &mut Unstructured<'_>) -> Result<i64> {
    const EDGES: [i64; 12] = [0, 1, -1, 2, 10, 63, 64, 127, 255, 65_536, i64::MAX, i64::MIN];
    if u.ratio(1, 3)? {
        u.choose(&EDGES).copied()
    } else if u.arbitrary()? {
        u.int_in_range(-9..=40)
    } else {
        u.arbitrary()
    }
}

/// A number, often one at the edge of something.
pub fn float(u: &mut Unstructured<'_>) -> Result<f64> {
    const EDGES: [f64; 12] = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1e21,
        1e-7,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    if u.arbitrary()? { u.choose(&EDGES).copied() } else { u.arbitrary() }
}

/// A text; seldom one that is no UTF-8.
pub fn text(u: &mut Unstructured<'_>) -> Result<value::Str> {
    let length = if u.ratio(1, 8)? { u.int_in_range(0..=400)? } else { u.int_in_range(0..=24)? };
    let length = length.min(u.len());
    Ok(value::Str::from(u.bytes(length)?))
}

/// Whether a value is of a type.
pub fn is_of(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Bool(_), Type::Bool) | (Value::Str(_), Type::Str) => true,
        (Value::Int(_), Type::Int) | (Value::Float(_), Type::Float) | (_, Type::Variant) => true,
        (Value::List(values), Type::List(element)) => values.iter().all(|it| is_of(it, element)),
        (Value::Map(entries), Type::Map(key, element)) => {
            entries.iter().all(|(name, value)| is_of(name, key) && is_of(value, element))
        }
        (Value::Struct(values), Type::Struct(fields)) => {
            values.len() == fields.len()
                && values
                    .iter()
                    .zip(fields.iter())
                    .all(|((name, it), field)| *name == field.name && is_of(it, &field.ty))
        }
        (Value::Func(closure), Type::Func(_)) => closure.ty() == ty,
        _ => false,
    }
}
