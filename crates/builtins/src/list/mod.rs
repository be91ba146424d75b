//! `list`: lists.

mod concat;
mod lookup;

pub(crate) use concat::in_one;
use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&concat::CONCAT, &lookup::LOOKUP];
