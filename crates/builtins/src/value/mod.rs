//! `value`: what `value` resources received.

mod get;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&get::GET, &get::GET_BOOL, &get::GET_FLOAT, &get::GET_INT, &get::GET_STR];
