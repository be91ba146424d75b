//! `list`: lists.

mod concat;
mod lookup;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&concat::CONCAT, &lookup::LOOKUP];
