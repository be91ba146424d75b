//! `regexp`: patterns.

mod matching;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&matching::MATCH];
