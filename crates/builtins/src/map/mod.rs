//! `map`: maps.

mod entries;
mod lookup;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&entries::KEYS, &lookup::LOOKUP, &entries::VALUES];
