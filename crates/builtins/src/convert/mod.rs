//! `convert`: values of one type as values of another.

mod boolean;
mod float;
mod int;

use crate::golang::literal::NumberError;
use schema::Function;
use value::{Failure, Str};

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

/// Reads a number from a text; where that is none, a failure in the words of a function of Go, which `<|>` catches.
fn number<T>(text: &Str, function: &str, read: impl FnOnce(&str) -> Result<T, NumberError>) -> Result<T, Failure> {
    let parsed = text.as_str().ok_or(NumberError::Syntax).and_then(read);
    parsed.map_err(|error| Failure::catchable(error.text(function, text)))
}
