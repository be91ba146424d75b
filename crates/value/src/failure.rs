//! Why a value could not be computed.

use std::fmt;
use std::sync::Arc;

/// Why a value could not be computed.
///
/// A failure takes the place of a value and flows to everything that depends on it. `a <|> b` catches it where it is
/// *catchable*: caused by data, such as a missing map key or a missing file, not by a mistake in the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    message: Arc<str>,
    catchable: bool,
}

impl Failure {
    /// A failure that `<|>` catches.
    pub fn catchable(message: impl Into<Arc<str>>) -> Failure {
        Failure { message: message.into(), catchable: true }
    }

    /// A failure that nothing catches.
    pub fn fatal(message: impl Into<Arc<str>>) -> Failure {
        Failure { message: message.into(), catchable: false }
    }

    /// What went wrong: one phrase.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether `<|>` catches it.
    pub fn is_catchable(&self) -> bool {
        self.catchable
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
