//! The fields of a resource statement, on their way into a kind's struct.

use schema::KindSchema;
use std::collections::BTreeMap;
use std::fmt;
use value::{Mismatch, Name, Value};

/// Field values by name, taken out one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<Name, Value>);

impl Fields {
    /// Takes the value of a field out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// The fields that nobody took, in the order of their names.
    pub fn rest(&self) -> impl Iterator<Item = &Name> {
        self.0.keys()
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Fields {
        Fields(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

/// Why a value cannot be stored in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// Why.
    pub message: String,
}

impl FieldError {
    /// The value does not fit the field.
    pub fn new(field: &str, error: Mismatch) -> FieldError {
        FieldError { field: field.to_owned(), message: error.0 }
    }

    /// There is no such field.
    pub fn unknown(field: &str) -> FieldError {
        FieldError { field: field.to_owned(), message: format!("there is no field `{field}`") }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field `{}`: {}", self.field, self.message)
    }
}

impl std::error::Error for FieldError {}

/// Refuses a value that the field of a kind cannot have.
///
/// # Errors
/// Says why not.
pub fn check_field(schema: &KindSchema, field: &str, value: &Value) -> Result<(), FieldError> {
    let checked = schema.field(field).map_or(Ok(()), |it| it.check(value));
    checked.map_err(|mismatch| FieldError::new(field, mismatch))
}
