//! Why a value could not be computed.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Why a value could not be computed.
///
/// A failure takes the place of a value and flows to everything that depends on it. `a <|> b` catches it where it is
/// *catchable*: caused by data, such as a missing map key or a missing file, not by a mistake in the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    message: Arc<str>,
    catchable: bool,
    part: Option<Box<TextPart>>,
}

/// The part of a text that is to blame: a function was given the text as an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPart {
    /// Which argument, from 0.
    pub argument: usize,
    /// The bytes of its value.
    pub bytes: Range<usize>,
}

impl Failure {
    /// A failure that `<|>` catches.
    pub fn catchable(message: impl Into<Arc<str>>) -> Failure {
        Failure { message: message.into(), catchable: true, part: None }
    }

    /// A failure that nothing catches.
    pub fn fatal(message: impl Into<Arc<str>>) -> Failure {
        Failure { message: message.into(), catchable: false, part: None }
    }

    /// The same about a part of an argument's text.
    #[must_use]
    pub fn within(self, part: TextPart) -> Failure {
        Failure { part: Some(Box::new(part)), ..self }
    }

    /// The same with another message.
    #[must_use]
    pub fn reworded(self, message: impl Into<Arc<str>>) -> Failure {
        Failure { message: message.into(), ..self }
    }

    /// The same about no part: for who called what failed, and was not given that text.
    #[must_use]
    pub fn without_part(self) -> Failure {
        Failure { part: None, ..self }
    }

    /// What went wrong: one phrase.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether `<|>` catches it.
    pub fn is_catchable(&self) -> bool {
        self.catchable
    }

    /// The part of an argument's text that is to blame, where one is.
    pub fn part(&self) -> Option<&TextPart> {
        self.part.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
