//! Functions that need no import.

mod concat;

use schema::Function;

/// The functions that need no import, and those that stand for syntax.
pub(crate) static FUNCTIONS: &[&Function] = &[&concat::CONCAT];
