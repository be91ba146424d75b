//! The fields of a resource statement, on their way into a kind's struct.

use schema::KindSchema;
use std::fmt;
use value::{Mismatch, Name, Value};

/// Field values by name, taken out one by one. They are few, and a kind asks for many that are not there: a list, sorted by
/// name, costs less than a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(Name, Value)>);

impl Fields {
    /// Takes the value of a field out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.remove(at).1)
    }

    /// The fields that nobody took, in the order of their names.
    pub fn rest(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().map(|(name, _)| name)
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Fields {
    /// Of two values of one field the later one counts.
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Fields {
        let mut fields: Vec<(Name, Value)> = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        value::sort_keeping_last(&mut fields);
        Fields(fields)
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
