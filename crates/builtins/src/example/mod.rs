//! `example`, `example/nested`: functions to try things out with.

mod flipflop;
mod simple;
mod vumeter;

use schema::Function;

/// The functions of both modules.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &simple::ANSWER,
    &simple::ERRORBOOL,
    &flipflop::FLIPFLOP,
    &simple::HELLO,
    &simple::INT2STR,
    &simple::PLUS,
    &simple::STR2INT,
    &vumeter::VUMETER,
];
