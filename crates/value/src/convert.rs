//! Rust types that stand for types of the language.

use crate::{Failure, Name, Secret, Str, Type, Value};
use std::collections::BTreeMap;
use std::fmt;

/// A Rust type that has a counterpart in the language.
pub trait HasType {
    /// The type of the language.
    fn ty() -> Type;
    /// Whether a field of this type may be left out and then has no value.
    const OPTIONAL: bool = false;
}

/// A Rust type that can be made of a value.
pub trait FromValue: Sized {
    /// Makes it.
    ///
    /// # Errors
    /// Where the value does not fit, for instance a negative int in an unsigned type.
    fn from_value(value: &Value) -> Result<Self, Mismatch>;
}

/// A Rust type that can be shown as a value.
pub trait ToValue {
    /// The value.
    fn to_value(&self) -> Value;
}

/// Why a value does not fit a Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(pub String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

/// A value of the wrong type is a mistake in the program or in this one, so nothing catches it.
impl From<Mismatch> for Failure {
    fn from(mismatch: Mismatch) -> Failure {
        Failure::fatal(mismatch.0)
    }
}

impl Mismatch {
    /// The value is of another kind.
    pub fn kind(want: &str, found: &Value) -> Mismatch {
        Mismatch(format!("expected `{want}`, found `{}`", found.kind()))
    }
}

macro_rules! scalar {
    ($rust:ty, $ty:ident, $from:expr, $to:expr) => {
        impl HasType for $rust {
            fn ty() -> Type {
                Type::$ty
            }
        }

        impl FromValue for $rust {
            fn from_value(value: &Value) -> Result<$rust, Mismatch> {
                match value {
                    Value::$ty(inner) => Ok($from(inner)),
                    other => Err(Mismatch::kind(Type::$ty.kind(), other)),
                }
            }
        }

        impl ToValue for $rust {
            fn to_value(&self) -> Value {
                Value::$ty($to(self))
            }
        }
    };
}

scalar!(bool, Bool, |it: &bool| *it, |it: &bool| *it);
scalar!(i64, Int, |it: &i64| *it, |it: &i64| *it);
scalar!(f64, Float, |it: &f64| *it, |it: &f64| *it);
scalar!(Str, Str, Str::clone, Str::clone);
scalar!(String, Str, |it: &Str| it.to_text().into_owned(), |it: &String| Str::from(it.as_str()));

impl HasType for f32 {
    fn ty() -> Type {
        Type::Float
    }
}

impl FromValue for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a narrower float is what the field asks for")]
    fn from_value(value: &Value) -> Result<f32, Mismatch> {
        f64::from_value(value).map(|it| it as f32)
    }
}

impl ToValue for f32 {
    fn to_value(&self) -> Value {
        Value::Float(f64::from(*self))
    }
}

macro_rules! narrow {
    ($($rust:ident),+) => {$(
        impl HasType for $rust {
            fn ty() -> Type {
                Type::Int
            }
        }

        impl FromValue for $rust {
            fn from_value(value: &Value) -> Result<$rust, Mismatch> {
                let wide = i64::from_value(value)?;
                // Only u64 is wider than an int.
                let most = i64::try_from($rust::MAX).unwrap_or(i64::MAX);
                let text = || format!("`{wide}` is out of range: it can be {} to {most}", $rust::MIN);
                $rust::try_from(wide).map_err(|_| Mismatch(text()))
            }
        }

        impl ToValue for $rust {
            fn to_value(&self) -> Value {
                // Only u64 is wider than an int, and a u64 field is filled from an int.
                Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )+};
}

narrow!(i8, i16, i32, u8, u16, u32, u64);

/// Any value: a field or parameter of the type `variant`.
impl HasType for Value {
    fn ty() -> Type {
        Type::Variant
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Value, Mismatch> {
        Ok(value.clone())
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: HasType> HasType for Option<T> {
    fn ty() -> Type {
        T::ty()
    }
    const OPTIONAL: bool = true;
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Option<T>, Mismatch> {
        T::from_value(value).map(Some)
    }
}

impl<T: HasType> HasType for Vec<T> {
    fn ty() -> Type {
        Type::list(T::ty())
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Vec<T>, Mismatch> {
        let values = value.as_list().ok_or_else(|| Mismatch::kind("list", value))?;
        values.iter().map(T::from_value).collect()
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        Value::list(self.iter().map(T::to_value))
    }
}

impl<K: HasType, V: HasType> HasType for BTreeMap<K, V> {
    fn ty() -> Type {
        Type::map(K::ty(), V::ty())
    }
}

impl<K: FromValue + Ord, V: FromValue> FromValue for BTreeMap<K, V> {
    fn from_value(value: &Value) -> Result<BTreeMap<K, V>, Mismatch> {
        let entries = value.as_map().ok_or_else(|| Mismatch::kind("map", value))?;
        entries.iter().map(|(key, value)| Ok((K::from_value(key)?, V::from_value(value)?))).collect()
    }
}

impl<K: ToValue, V: ToValue> ToValue for BTreeMap<K, V> {
    fn to_value(&self) -> Value {
        Value::map(self.iter().map(|(key, value)| (key.to_value(), value.to_value())))
    }
}

impl<T: HasType> HasType for Secret<T> {
    fn ty() -> Type {
        T::ty()
    }
    const OPTIONAL: bool = T::OPTIONAL;
}

impl<T: FromValue> FromValue for Secret<T> {
    fn from_value(value: &Value) -> Result<Secret<T>, Mismatch> {
        T::from_value(value).map(Secret::new)
    }
}

impl HasType for Name {
    fn ty() -> Type {
        Type::Str
    }
}

impl FromValue for Name {
    fn from_value(value: &Value) -> Result<Name, Mismatch> {
        String::from_value(value).map(Name::from)
    }
}

impl ToValue for Name {
    fn to_value(&self) -> Value {
        Value::str(self.as_str())
    }
}

/// What a function returns: the failure is not part of the type.
impl<T: HasType, E> HasType for Result<T, E> {
    fn ty() -> Type {
        T::ty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_int_out_of_range_is_refused_with_the_range() {
        let error = u64::from_value(&Value::Int(-1)).map_err(|it| it.0);
        assert_eq!(error, Err("`-1` is out of range: it can be 0 to 9223372036854775807".to_owned()));
        assert!(i8::from_value(&Value::Int(128)).is_err());
        assert_eq!(i8::from_value(&Value::Int(-128)), Ok(-128));
    }

    #[test]
    fn each_element_of_a_list_is_checked() {
        let list = Value::list([Value::Int(1), Value::Int(300)]);
        assert!(Vec::<u8>::from_value(&list).is_err());
        assert_eq!(Vec::<u8>::ty().to_string(), "[]int");
    }
}
