//! `iter`: the elements of lists, one by one.

mod combinators;
mod flatten;
mod range;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &combinators::FILTER,
    &flatten::FLATTEN,
    &combinators::MAP,
    &range::RANGE,
    &combinators::REDUCE,
    &combinators::ZIP,
];
