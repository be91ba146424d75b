//! Functions that need no import, and those that stand for syntax, whose names begin with `_`.

mod collect;
mod concat;
mod contains;
mod field;
mod history;
mod index;
mod len;
pub(crate) mod lookup;
mod operator;
mod panic;
mod random;

use schema::Function;

/// The functions that need no import, and those that stand for syntax.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &collect::COLLECT,
    &concat::CONCAT,
    &contains::CONTAINS,
    &field::FIELD,
    &field::FIELD_OR,
    &history::HISTORY,
    &index::INDEX,
    &len::LEN,
    &lookup::LIST_LOOKUP,
    &lookup::MAP_LOOKUP,
    &operator::OPERATOR,
    &panic::PANIC,
    &panic::PANIC_DEBUG,
    &random::RANDOM1,
];
