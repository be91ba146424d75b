//! `golang/strings`: texts, as Go's package `strings`.
//!
//! Strings are bytes. What counts characters takes a byte that is no UTF-8 for one of its own, which is U+FFFD.

mod change;
mod search;

pub(crate) use change::replaced;
use schema::Function;

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[
    &change::CLONE,
    &search::COMPARE,
    &search::CONTAINS,
    &search::CONTAINS_ANY,
    &search::COUNT,
    &search::EQUAL_FOLD,
    &search::HAS_PREFIX,
    &search::HAS_SUFFIX,
    &search::INDEX,
    &search::INDEX_ANY,
    &change::JOIN,
    &search::LAST_INDEX,
    &search::LAST_INDEX_ANY,
    &change::REPEAT,
    &change::REPLACE,
    &change::REPLACE_ALL,
    &change::TITLE,
    &change::TO_LOWER,
    &change::TO_TITLE,
    &change::TO_UPPER,
    &change::TO_VALID_UTF_8,
    &change::TRIM,
    &change::TRIM_LEFT,
    &change::TRIM_PREFIX,
    &change::TRIM_RIGHT,
    &change::TRIM_SPACE,
    &change::TRIM_SUFFIX,
];
