//! What a template sees: values of the language as Go values.
//!
//! Nothing is converted ahead. A struct stands for the map of its fields with a capital first letter, which it is only
//! where a template looks into it or prints it.

use crate::golang::float::format_float;
use std::borrow::Cow;
use value::{Str, Struct, Value};

/// A value as a template sees it.
#[derive(Clone)]
pub(super) enum Datum {
    /// Nothing: no data, `nil`, a missing element.
    Nothing,
    /// Go's `int`: a literal, a length, an index. An `int` of the language is Go's `int64`.
    Int(i64),
    /// A value of the language.
    Value(Value),
    /// A struct that is the key of a map: in Go a struct, no map.
    Key(Struct),
}

impl Datum {
    /// Text made by a function of the template language.
    pub(super) fn text(text: impl Into<Str>) -> Datum {
        Datum::Value(Value::str(text))
    }

    pub(super) fn bool(value: bool) -> Datum {
        Datum::Value(Value::Bool(value))
    }

    /// The key of a map.
    pub(super) fn key(key: &Value) -> Datum {
        match key {
            Value::Struct(fields) => Datum::Key(fields.clone()),
            other => Datum::Value(other.clone()),
        }
    }

    /// Whether `if` takes it: everything but zero and what is empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Datum::Nothing => false,
            Datum::Int(number) => *number != 0,
            Datum::Key(_) => true,
            Datum::Value(value) => match value {
                Value::Bool(value) => *value,
                Value::Str(text) => !text.is_empty(),
                Value::Int(number) => *number != 0,
                Value::Float(number) => *number != 0.0,
                Value::List(values) => !values.is_empty(),
                Value::Map(entries) => !entries.is_empty(),
                Value::Struct(fields) => !fields.is_empty(),
                Value::Func(_) => true,
            },
        }
    }

    /// The whole number, whichever type of int it is.
    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Datum::Int(number) | Datum::Value(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// The string, where it is one.
    pub(super) fn as_text(&self) -> Option<&Str> {
        match self {
            Datum::Value(value) => value.as_str(),
            _ => None,
        }
    }

    /// The name of its type in Go.
    pub(super) fn type_name(&self) -> Cow<'static, str> {
        match self {
            Datum::Nothing => "nil".into(),
            Datum::Int(_) => "int".into(),
            Datum::Value(value) => type_name(value),
            Datum::Key(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("{} {}", title(name), type_name(value))).collect();
                format!("struct {{ {} }}", fields.join("; ")).into()
            }
        }
    }

    /// Appends it as `%v` writes it.
    pub(super) fn print(&self, out: &mut Vec<u8>) {
        match self {
            Datum::Nothing => out.extend_from_slice(b"<nil>"),
            Datum::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Datum::Value(value) => print(out, value),
            Datum::Key(fields) => print_key(out, fields),
        }
    }
}

/// A name with a capital first letter: `raw_query` is `Raw_query`.
pub(super) fn title(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The field of a struct by its name with a capital letter.
pub(super) fn field<'a>(fields: &'a Struct, name: &str) -> Option<&'a Value> {
    fields.iter().find(|(field, _)| title(field) == name).map(|(_, value)| value)
}

/// The name of a value's type in Go. Of an empty list or map the elements are not known.
fn type_name(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Bool(_) => "bool".into(),
        Value::Str(_) => "string".into(),
        Value::Int(_) => "int64".into(),
        Value::Float(_) => "float64".into(),
        Value::List(values) => match values.first() {
            Some(first) if !holds_struct(first) => format!("[]{}", type_name(first)).into(),
            _ => "[]interface {}".into(),
        },
        Value::Map(entries) => match entries.first_key_value() {
            Some((key @ (Value::Int(_) | Value::Bool(_) | Value::Float(_)), value)) => {
                format!("map[{}]{}", type_name(key), type_name(value)).into()
            }
            Some((Value::Struct(key), value)) => {
                format!("map[{}]{}", Datum::Key(key.clone()).type_name(), type_name(value)).into()
            }
            _ => "map[string]interface {}".into(),
        },
        Value::Struct(_) => "map[string]interface {}".into(),
        Value::Func(_) => "func".into(),
    }
}

fn holds_struct(value: &Value) -> bool {
    match value {
        Value::Struct(_) => true,
        Value::List(values) => values.first().is_some_and(holds_struct),
        Value::Map(entries) => entries.values().next().is_some_and(holds_struct),
        _ => false,
    }
}

fn print(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Str(text) => out.extend_from_slice(text),
        Value::Float(number) => out.extend_from_slice(format_float(*number, 'g', None).as_bytes()),
        Value::List(values) => {
            out.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                print(out, value);
            }
            out.push(b']');
        }
        Value::Map(entries) => print_map(out, entries.iter().map(|(key, value)| (Datum::key(key), value))),
        Value::Struct(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, value)| (title(name), value)).collect();
            fields.sort();
            print_map(out, fields.into_iter().map(|(name, value)| (Datum::text(name), value)));
        }
        Value::Bool(_) | Value::Int(_) | Value::Func(_) => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

fn print_map<'a>(out: &mut Vec<u8>, entries: impl Iterator<Item = (Datum, &'a Value)>) {
    out.extend_from_slice(b"map[");
    for (at, (key, value)) in entries.enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        key.print(out);
        out.push(b':');
        print(out, value);
    }
    out.push(b']');
}

/// `{a 1}`: a struct is written without the names of its fields.
fn print_key(out: &mut Vec<u8>, fields: &Struct) {
    out.push(b'{');
    for (at, (_, value)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        match value {
            Value::Struct(inner) => print_key(out, inner),
            other => print(out, other),
        }
    }
    out.push(b'}');
}
