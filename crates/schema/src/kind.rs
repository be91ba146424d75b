//! Resource kinds as data.

use value::{Mismatch, Type, Value};

/// Describes one resource kind.
#[derive(Debug)]
pub struct KindSchema {
    /// The name users write, for instance `http:server`.
    pub name: &'static str,
    /// The version that introduced the kind.
    pub since: &'static str,
    /// The doc comment in Markdown. The first line stands on its own.
    pub docs: &'static str,
    /// The source file that declares the kind.
    pub file: &'static str,
    /// The fields in the order of their declaration.
    pub fields: &'static [FieldSchema],
    /// What the kind sends; empty where it sends nothing.
    pub sends: &'static [FieldSchema],
    /// Whether fields of the kind can receive values.
    pub receives: bool,
    /// Whether a notification makes the kind do something.
    pub refreshes: bool,
    /// Whether the kind can be undone when it leaves the program.
    pub reverses: bool,
}

/// Describes one field of a kind.
#[derive(Debug)]
pub struct FieldSchema {
    /// The name users write.
    pub name: &'static str,
    /// The doc comment in Markdown. The first line stands on its own.
    pub docs: &'static str,
    /// The type.
    pub ty: fn() -> Type,
    /// Whether there is no value where the field is left out.
    pub optional: bool,
    /// The value where the field is left out; `None` where the field is optional.
    pub default: Option<fn() -> Value>,
    /// The only texts that are allowed; empty where any value is.
    pub values: &'static [&'static str],
    /// Whether the value must not be shown.
    pub secret: bool,
    /// Whether a value of the right type fits the field: a number its range, for instance.
    pub fits: fn(&Value) -> Result<(), Mismatch>,
}

impl FieldSchema {
    /// Whether the field can have a value, of the right type.
    ///
    /// # Errors
    /// Says why not.
    pub fn check(&self, value: &Value) -> Result<(), Mismatch> {
        match value {
            // The empty text stands for no text.
            Value::Str(text) if !self.values.is_empty() && !text.is_empty() => {
                if self.values.iter().any(|it| it.as_bytes() == text.as_bytes()) {
                    return Ok(());
                }
                let allowed: Vec<_> = self.values.iter().map(|it| format!("`{it}`")).collect();
                Err(Mismatch(format!("`{text}` is none of {}", allowed.join(", "))))
            }
            value => (self.fits)(value),
        }
    }
}

impl KindSchema {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static FieldSchema> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What the kind sends under a name.
    pub fn send(&self, name: &str) -> Option<&'static FieldSchema> {
        self.sends.iter().find(|field| field.name == name)
    }
}
