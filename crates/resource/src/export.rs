//! The stored form of an exported resource: versioned, and understood by every host that knows the kind.
//!
//! JSON with the values tagged by their type, so that it reads back without a schema. Fields that a host does not know are
//! kept here and refused where the resource is built. Secrets are never written: a kind does not show them.

use crate::{Desired, Key, StatementId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use value::{Name, Str, Value};

/// The version of the stored form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    kind: String,
    name: String,
    fields: BTreeMap<String, Tagged>,
    #[serde(default)]
    meta: BTreeMap<String, Tagged>,
}

/// A value with its type. A string that is no UTF-8 is stored as its bytes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tagged {
    Bool(bool),
    Str(String),
    Bytes(Vec<u8>),
    Int(i64),
    Float(f64),
    /// A float that JSON has no number for.
    Special(Special),
    List(Vec<Tagged>),
    Map(Vec<(Tagged, Tagged)>),
    Struct(Vec<(String, Tagged)>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Special {
    Nan,
    Infinity,
    MinusInfinity,
}

/// Why a stored resource cannot be read, or a resource not be stored.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It is not in the stored form.
    #[error("the exported data is damaged")]
    Damaged(#[source] serde_json::Error),
    /// It was written by a later version.
    #[error("the exported data has version {0}, which is newer than this program")]
    Version(u32),
    /// A function cannot be sent to another host.
    #[error("field `{0}` holds a function, which cannot be exported")]
    Function(String),
}

/// The stored form of a resource.
///
/// # Errors
/// Where a field holds a function.
pub fn encode(desired: &Desired) -> Result<String, ExportError> {
    let store = |fields: &[(Name, Value)]| {
        let mut stored = BTreeMap::new();
        for (name, value) in fields {
            let value = tag(value).ok_or_else(|| ExportError::Function(name.to_string()))?;
            stored.insert(name.to_string(), value);
        }
        Ok(stored)
    };
    let stored = Stored {
        version: VERSION,
        kind: desired.key.kind.to_string(),
        name: desired.key.name.to_string(),
        fields: store(&desired.fields)?,
        meta: store(&desired.meta)?,
    };
    serde_json::to_string(&stored).map_err(ExportError::Damaged)
}

/// The resource of a stored form.
///
/// # Errors
/// Where the data is damaged or too new.
pub fn decode(data: &str) -> Result<Desired, ExportError> {
    let stored: Stored = serde_json::from_str(data).map_err(ExportError::Damaged)?;
    if stored.version > VERSION {
        return Err(ExportError::Version(stored.version));
    }
    let load = |fields: BTreeMap<String, Tagged>| {
        fields.into_iter().map(|(name, value)| (Name::from(name), untag(value))).collect()
    };
    Ok(Desired {
        id: StatementId(0),
        key: Key::new(stored.kind, stored.name),
        fields: load(stored.fields),
        meta: load(stored.meta),
        span: None,
    })
}

/// The stored form of one value; `None` where it holds a function.
pub fn encode_value(value: &Value) -> Option<String> {
    serde_json::to_string(&tag(value)?).ok()
}

/// The value of a stored form.
///
/// # Errors
/// Where the data is damaged.
pub fn decode_value(data: &str) -> Result<Value, ExportError> {
    serde_json::from_str(data).map(untag).map_err(ExportError::Damaged)
}

fn tag(value: &Value) -> Option<Tagged> {
    Some(match value {
        Value::Bool(value) => Tagged::Bool(*value),
        Value::Str(text) => match text.as_str() {
            Some(text) => Tagged::Str(text.to_owned()),
            None => Tagged::Bytes(text.as_bytes().to_vec()),
        },
        Value::Int(value) => Tagged::Int(*value),
        Value::Float(value) if value.is_nan() => Tagged::Special(Special::Nan),
        Value::Float(f64::INFINITY) => Tagged::Special(Special::Infinity),
        Value::Float(f64::NEG_INFINITY) => Tagged::Special(Special::MinusInfinity),
        Value::Float(value) => Tagged::Float(*value),
        Value::List(values) => Tagged::List(values.iter().map(tag).collect::<Option<_>>()?),
        Value::Map(entries) => {
            Tagged::Map(entries.iter().map(|(key, value)| Some((tag(key)?, tag(value)?))).collect::<Option<_>>()?)
        }
        Value::Struct(fields) => Tagged::Struct(
            fields.iter().map(|(name, value)| Some((name.to_string(), tag(value)?))).collect::<Option<_>>()?,
        ),
        Value::Func(_) => return None,
    })
}

fn untag(value: Tagged) -> Value {
    match value {
        Tagged::Bool(value) => Value::Bool(value),
        Tagged::Str(text) => Value::str(text),
        Tagged::Bytes(bytes) => Value::Str(Str::from(bytes)),
        Tagged::Int(value) => Value::Int(value),
        Tagged::Float(value) => Value::Float(value),
        Tagged::Special(Special::Nan) => Value::Float(f64::NAN),
        Tagged::Special(Special::Infinity) => Value::Float(f64::INFINITY),
        Tagged::Special(Special::MinusInfinity) => Value::Float(f64::NEG_INFINITY),
        Tagged::List(values) => Value::list(values.into_iter().map(untag)),
        Tagged::Map(entries) => Value::map(entries.into_iter().map(|(key, value)| (untag(key), untag(value)))),
        Tagged::Struct(fields) => Value::structure(fields.into_iter().map(|(name, value)| (name, untag(value)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_reads_back_as_it_was_stored() -> Result<(), ExportError> {
        let map = Value::map([(Value::Int(1), Value::str(&b"\xff"[..]))]);
        let fields = vec![("a".into(), map), ("b".into(), Value::structure([("x", Value::Float(1.5))]))];
        let desired = Desired { id: StatementId(0), key: Key::new("test", "t"), fields, meta: Vec::new(), span: None };
        assert_eq!(decode(&encode(&desired)?)?, desired);
        Ok(())
    }

    #[test]
    fn a_value_reads_back_as_it_was_stored() -> Result<(), ExportError> {
        let floats = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5].map(Value::Float);
        let value = Value::structure([("a", Value::list(floats)), ("b", Value::Int(i64::MIN))]);
        let stored = encode_value(&value).unwrap_or_default();
        assert_eq!(decode_value(&stored)?, value);
        Ok(())
    }

    #[test]
    fn damaged_and_newer_data_are_refused() {
        assert!(decode("{").is_err());
        let newer = r#"{"version":99,"kind":"a","name":"b","fields":{}}"#;
        assert!(matches!(decode(newer), Err(ExportError::Version(99))));
    }
}
