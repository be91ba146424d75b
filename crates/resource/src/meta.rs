//! Metaparameters: what every resource can say beside its fields.

use std::fmt;
use value::{FromValue, Mismatch, Value};

/// The metaparameters of one resource, with their defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Only checks, never changes the machine.
    pub noop: bool,
    /// How often a failed resource is tried again; -1 for ever; `None` where the program does not say.
    pub retry: Option<i16>,
    /// A success makes all retries available again.
    pub retryreset: bool,
    /// Milliseconds to wait before each retry; `None` where the program does not say.
    pub delay: Option<u64>,
    /// Milliseconds that one run may take; 0 for no limit.
    pub timeout: u64,
    /// Seconds between checks instead of watching; 0 watches, negative checks once.
    pub poll: i32,
    /// Events a second; infinite by default.
    pub limit: f64,
    /// How many events may come at once where there is a limit.
    pub burst: u64,
    /// Forgets used retries when the program changes.
    pub reset: bool,
    /// Semaphores to hold while working, sorted, each once.
    pub sema: Vec<String>,
    /// Tried again when the program changes, where it has failed for good.
    pub rewatch: bool,
    /// Applied at least once before it leaves the program.
    pub realize: bool,
    /// Allows a name that begins with `$`.
    pub dollar: bool,
    /// Does nothing here.
    pub hidden: bool,
    /// Hosts that can collect the resource, sorted, each once; `*` for all.
    pub export: Vec<String>,
    /// Undone when it leaves the program.
    pub reverse: bool,
    /// Takes part in automatic edges.
    pub autoedge: bool,
    /// Takes part in automatic groups.
    pub autogroup: bool,
}

impl Default for Meta {
    fn default() -> Meta {
        Meta {
            noop: false,
            retry: None,
            retryreset: false,
            delay: None,
            timeout: 0,
            poll: 0,
            limit: f64::INFINITY,
            burst: 0,
            reset: false,
            sema: Vec::new(),
            rewatch: false,
            realize: false,
            dollar: false,
            hidden: false,
            export: Vec::new(),
            reverse: false,
            autoedge: true,
            autogroup: true,
        }
    }
}

/// Why a metaparameter cannot have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaError {
    /// The metaparameter.
    pub name: String,
    /// Why.
    pub message: String,
}

impl fmt::Display for MetaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MetaError {}

impl Meta {
    /// Sets one metaparameter.
    ///
    /// # Errors
    /// Where there is none of that name, or the value is out of its range.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), MetaError> {
        self.store(name, value).map_err(|error| MetaError { name: name.to_owned(), message: error.0 })
    }

    fn store(&mut self, name: &str, value: &Value) -> Result<(), Mismatch> {
        match name {
            "noop" => self.noop = bool::from_value(value)?,
            "retry" => self.retry = Some(i16::from_value(value)?),
            "retryreset" => self.retryreset = bool::from_value(value)?,
            "delay" => self.delay = Some(u64::from_value(value)?),
            "timeout" => self.timeout = u64::from_value(value)?,
            "poll" => self.poll = i32::from_value(value)?,
            "limit" => self.limit = f64::from_value(value)?,
            "burst" => self.burst = u64::from_value(value)?,
            "reset" => self.reset = bool::from_value(value)?,
            "sema" => self.sema = sorted(value)?,
            "rewatch" => self.rewatch = bool::from_value(value)?,
            "realize" => self.realize = bool::from_value(value)?,
            "dollar" => self.dollar = bool::from_value(value)?,
            "hidden" => self.hidden = bool::from_value(value)?,
            "export" => self.export = sorted(value)?,
            "reverse" => self.reverse = bool::from_value(value)?,
            "autoedge" => self.autoedge = bool::from_value(value)?,
            "autogroup" => self.autogroup = bool::from_value(value)?,
            _ => return Err(Mismatch(format!("there is no metaparameter `{name}`"))),
        }
        Ok(())
    }

    /// Checks what does not depend on the kind.
    ///
    /// # Errors
    /// Says what does not go together.
    pub fn validate(&self, name: &str) -> Result<(), MetaError> {
        let error = |meta: &str, message: String| Err(MetaError { name: meta.to_owned(), message });
        if self.limit.is_finite() && self.burst == 0 {
            return error(
                "limit",
                "a limit needs a `Meta:burst` of at least 1: so many events may come at once".to_owned(),
            );
        }
        if self.limit.is_nan() || self.limit < 0.0 {
            return error("limit", "a limit is not negative".to_owned());
        }
        for sema in &self.sema {
            if sema.is_empty() || sema.parse::<i64>().is_ok() {
                return error("sema", format!("semaphore `{sema}` has no name; write `name:count`"));
            }
        }
        if self.export.iter().any(String::is_empty) {
            return error("export", "an exported resource needs host names, or `*` for all".to_owned());
        }
        if name.starts_with('$') && !self.dollar {
            return error("dollar", "the name starts with a `$`; allow it with `Meta:dollar => true`".to_owned());
        }
        Ok(())
    }
}

/// A list whose order and repetitions do not matter.
fn sorted(value: &Value) -> Result<Vec<String>, Mismatch> {
    let mut texts = Vec::<String>::from_value(value)?;
    texts.sort();
    texts.dedup();
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metaparameter_of_the_schema_can_be_set() {
        for meta in schema::META {
            let value = match (meta.ty)() {
                value::Type::Bool => Value::Bool(true),
                value::Type::Int => Value::Int(1),
                value::Type::Float => Value::Float(1.0),
                _ => Value::list([Value::str("a")]),
            };
            let mut set = Meta::default();
            assert_eq!(set.set(meta.name, &value), Ok(()), "{}", meta.name);
            let unchanged = set == Meta::default();
            assert_eq!(unchanged, matches!(meta.name, "autoedge" | "autogroup"), "{}", meta.name);
        }
    }

    #[test]
    fn values_out_of_range_are_refused_with_the_value() {
        let error = |name: &str, value: i64| Meta::default().set(name, &Value::Int(value)).map_err(|it| it.message);
        assert_eq!(error("retry", 40_000), Err("`40000` is out of range: it can be -32768 to 32767".to_owned()));
        assert_eq!(error("delay", -1), Err("`-1` is out of range: it can be 0 to 9223372036854775807".to_owned()));
    }

    #[test]
    fn a_finite_limit_needs_a_burst() {
        let meta = Meta { limit: 1.0, ..Meta::default() };
        assert!(meta.validate("x").is_err());
        assert!(Meta { burst: 1, ..meta }.validate("x").is_ok());
    }
}
