//! Values.

use crate::{Closure, Name, Str, float_text, quote};
use ecow::EcoVec;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A value of the language.
///
/// `Eq` and `Ord` are total, so that values can be keys and a recomputed value can be compared with the last one: a NaN
/// equals itself. The language's own `==` is [`Value::equals`].
#[derive(Clone)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A string.
    Str(Str),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Values of one type, in order.
    List(EcoVec<Value>),
    /// Values by key.
    Map(Arc<BTreeMap<Value, Value>>),
    /// Named values in the order of their type.
    Struct(Struct),
    /// A function.
    Func(Closure),
}

/// The value of a struct: names and values in the order of the type.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Struct(EcoVec<(Name, Value)>);

impl Struct {
    /// The field of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The fields in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Struct {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Struct {
        Struct(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl Value {
    /// A string.
    pub fn str(text: impl Into<Str>) -> Value {
        Value::Str(text.into())
    }

    /// A list.
    pub fn list(values: impl IntoIterator<Item = Value>) -> Value {
        Value::List(values.into_iter().collect())
    }

    /// A map; of two equal keys the later one wins.
    pub fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
        Value::Map(Arc::new(entries.into_iter().collect()))
    }

    /// A struct.
    pub fn structure<N: Into<Name>>(fields: impl IntoIterator<Item = (N, Value)>) -> Value {
        Value::Struct(fields.into_iter().collect())
    }

    /// The language's `==`: as `Eq`, but a NaN equals nothing, and so does what holds one.
    pub fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b)),
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|((k, v), (l, w))| k.equals(l) && v.equals(w))
            }
            (Value::Struct(a), Value::Struct(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|((n, v), (m, w))| n == m && v.equals(w))
            }
            _ => self == other,
        }
    }

    /// What kind of value this is, as an error message names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "bool",
            Value::Str(_) => "str",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Struct(_) => "struct",
            Value::Func(_) => "func",
        }
    }

    /// The bool, where it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    /// The int, where it is one.
    pub fn as_int(&self) -> Option<i64> {
        if let Value::Int(value) = self { Some(*value) } else { None }
    }

    /// The float, where it is one.
    pub fn as_float(&self) -> Option<f64> {
        if let Value::Float(value) = self { Some(*value) } else { None }
    }

    /// The string, where it is one.
    pub fn as_str(&self) -> Option<&Str> {
        if let Value::Str(value) = self { Some(value) } else { None }
    }

    /// The list, where it is one.
    pub fn as_list(&self) -> Option<&EcoVec<Value>> {
        if let Value::List(value) = self { Some(value) } else { None }
    }

    /// The map, where it is one.
    pub fn as_map(&self) -> Option<&BTreeMap<Value, Value>> {
        if let Value::Map(value) = self { Some(value) } else { None }
    }

    /// The struct, where it is one.
    pub fn as_struct(&self) -> Option<&Struct> {
        if let Value::Struct(value) = self { Some(value) } else { None }
    }

    /// The function, where it is one.
    pub fn as_func(&self) -> Option<&Closure> {
        if let Value::Func(value) = self { Some(value) } else { None }
    }

    /// The value as text: a string without quotes, everything else as it is displayed.
    pub fn to_text(&self) -> String {
        match self {
            Value::Str(text) => text.to_string(),
            other => other.to_string(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Bool(_) => 0,
            Value::Str(_) => 1,
            Value::Int(_) => 2,
            Value::Float(_) => 3,
            Value::List(_) => 4,
            Value::Map(_) => 5,
            Value::Struct(_) => 6,
            Value::Func(_) => 7,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Str(a), Value::Str(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            // Zero and minus zero are equal, as in the language; everything else by the total order.
            (Value::Float(a), Value::Float(b)) => {
                if a == b {
                    Ordering::Equal
                } else {
                    a.total_cmp(b)
                }
            }
            (Value::List(a), Value::List(b)) => {
                if std::ptr::eq(a.as_slice(), b.as_slice()) {
                    Ordering::Equal
                } else {
                    a.cmp(b)
                }
            }
            (Value::Map(a), Value::Map(b)) => {
                if Arc::ptr_eq(a, b) {
                    Ordering::Equal
                } else {
                    a.cmp(b)
                }
            }
            (Value::Struct(a), Value::Struct(b)) => a.cmp(b),
            (Value::Func(a), Value::Func(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// The text form in error messages and graph dumps: strings are quoted, maps sorted by key.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => write!(f, "{value}"),
            Value::Str(value) => f.write_str(&quote(value)),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => f.write_str(&float_text(*value)),
            Value::List(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Value::Map(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Value::Struct(fields) => {
                f.write_str("struct{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if at > 0 { "; " } else { "" })?;
                }
                f.write_str("}")
            }
            Value::Func(closure) => write!(f, "{}", closure.ty()),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_show_their_elements_quoted_and_sorted() {
        let map = Value::map([(Value::Int(2), Value::str("b")), (Value::Int(1), Value::str("a"))]);
        assert_eq!(map.to_string(), r#"{1: "a", 2: "b"}"#);
        let fields = Value::structure([("a", Value::Int(1)), ("b", Value::list([Value::str("x")]))]);
        assert_eq!(fields.to_string(), r#"struct{a: 1; b: ["x"]}"#);
    }

    #[test]
    fn nan_is_the_same_value_but_not_equal() {
        let nan = Value::list([Value::Float(f64::NAN)]);
        assert_eq!(nan, nan.clone());
        assert!(!nan.equals(&nan.clone()));
        assert!(Value::Float(0.0).equals(&Value::Float(-0.0)));
    }

    #[test]
    fn a_value_takes_few_words() {
        assert!(size_of::<Value>() <= 24, "{}", size_of::<Value>());
    }
}
