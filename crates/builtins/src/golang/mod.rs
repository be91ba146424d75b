//! Functions that behave as those of the Go standard library, byte for byte.

mod case;
mod expand;
mod filepath;
mod float;
mod html;
pub(crate) mod layout;
mod lexical;
pub(crate) mod literal;
mod math;
mod os;
mod path;
mod quote;
mod rand;
pub(crate) mod regex;
mod runtime;
mod strconv;
pub(crate) mod strings;
mod template;

use schema::Function;
use value::Failure;

/// The functions of all modules below `golang`, and `golang.template`.
pub(crate) static MODULES: &[&[&Function]] = &[
    &[&template::TEMPLATE],
    filepath::FUNCTIONS,
    html::FUNCTIONS,
    math::FUNCTIONS,
    os::FUNCTIONS,
    path::FUNCTIONS,
    rand::FUNCTIONS,
    runtime::FUNCTIONS,
    strconv::FUNCTIONS,
    strings::FUNCTIONS,
];

/// What comes of a call that makes Go panic: nothing catches it.
fn panicked(message: &str) -> Failure {
    Failure::fatal(format!("panic in process: {message}"))
}
