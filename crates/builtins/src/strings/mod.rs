//! `strings`: texts.

pub(crate) mod bytes;
pub(crate) mod case;
mod join;
mod pad;
mod replace;
mod search;
mod split;
mod substr;
mod trim;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &search::CONTAINS,
    &search::HAS_PREFIX,
    &search::HAS_SUFFIX,
    &join::JOIN_NONEMPTY,
    &pad::LEFT_PAD,
    &replace::REPLACE_ALL,
    &pad::RIGHT_PAD,
    &split::SPLIT,
    &substr::SUBSTR,
    &case::TO_LOWER,
    &case::TO_UPPER,
    &trim::TRIM_SPACE,
];
