//! Why a resource could not be observed, planned or brought into shape.

use crate::host::ProcessError;
use std::fmt;
use std::path::PathBuf;

/// Why a resource could not be observed, planned or brought into shape. `Display` does not include the source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file operation failed.
    #[error("cannot {action} `{}`", path.display())]
    File {
        /// What was tried: a verb phrase, for instance `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A program failed.
    #[error("{0}")]
    Process(#[from] ProcessError),
    /// The work was stopped before it was done.
    #[error("interrupted")]
    Interrupted,
    /// Something that this machine does not have, for instance systemd.
    #[error("{0}")]
    Unavailable(String),
    /// The wanted state cannot be reached, or was not reached. The text says why and what to do.
    #[error("{0}")]
    Failed(String),
    /// A part of the machine answered with an error.
    #[error("{message}")]
    Caused {
        /// What was tried.
        message: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// The wanted state cannot be reached, or was not reached.
    pub fn failed(message: impl Into<String>) -> Error {
        Error::Failed(message.into())
    }

    /// What was tried, and why it failed.
    pub fn caused(message: impl Into<String>, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        Error::Caused { message: message.into(), source: Box::new(source) }
    }

    /// Whether the work, or a program that did it, was stopped before it was done.
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Error::Interrupted | Error::Process(ProcessError::Interrupted { .. }))
    }

    /// The error and its causes on one line, separated by colons.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            let message = error.to_string();
            // A transparent wrapper says the same as what it wraps.
            if !text.ends_with(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
            source = error.source();
        }
        text
    }
}

/// A result of working on a resource.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Fields of a resource that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What is wrong.
    pub message: String,
    /// The field to point at, where it is one.
    pub field: Option<&'static str>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Invalid {
    /// About the resource as a whole.
    pub fn new(message: impl Into<String>) -> Invalid {
        Invalid { message: message.into(), field: None, hint: None }
    }

    /// About one field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Invalid {
        Invalid { message: message.into(), field: Some(field), hint: None }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Invalid {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Invalid {}
