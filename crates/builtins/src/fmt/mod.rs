//! `fmt`: texts from values.

mod printf;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&printf::PRINTF];
