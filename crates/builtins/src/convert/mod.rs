//! `convert`: values of one type as values of another.

mod boolean;
mod float;
mod int;
pub(crate) mod number;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &boolean::FORMAT_BOOL,
    &boolean::PARSE_BOOL,
    &float::STR_TO_FLOAT,
    &float::TO_FLOAT,
    &int::INT_TO_STR,
    &int::STR_TO_INT,
    &int::TO_INT,
];
