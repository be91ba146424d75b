//! The table of all functions: the rows of every folder, sorted once.

use crate::constants;
use schema::{Catalog, Constant, Function, KindSchema};
use std::sync::LazyLock;

/// The rows of every folder but `golang`, which holds many modules.
static MODULES: &[&[&Function]] = &[
    crate::convert::FUNCTIONS,
    crate::datetime::FUNCTIONS,
    crate::deploy::FUNCTIONS,
    crate::encoding::FUNCTIONS,
    crate::example::FUNCTIONS,
    crate::fmt::FUNCTIONS,
    crate::global::FUNCTIONS,
    crate::iter::FUNCTIONS,
    crate::list::FUNCTIONS,
    crate::local::FUNCTIONS,
    crate::map::FUNCTIONS,
    crate::math::FUNCTIONS,
    crate::net::FUNCTIONS,
    crate::os::FUNCTIONS,
    crate::regexp::FUNCTIONS,
    crate::strings::FUNCTIONS,
    crate::sys::FUNCTIONS,
    crate::test::FUNCTIONS,
    crate::util::FUNCTIONS,
    crate::value::FUNCTIONS,
    crate::world::FUNCTIONS,
];

static SORTED: LazyLock<Vec<&'static Function>> = LazyLock::new(|| {
    let mut functions: Vec<&'static Function> =
        MODULES.iter().chain(crate::golang::MODULES).flat_map(|module| module.iter().copied()).collect();
    functions.sort_unstable_by_key(|function| (function.schema.module, function.schema.name));
    functions
});

/// All functions, sorted by module and name.
pub fn functions() -> &'static [&'static Function] {
    &SORTED
}

/// What a program can use: these kinds, every function, and the constants that follow from both.
///
/// `kinds` are sorted by name. The constants that come from kinds are made for each catalog and live as long as the
/// process: a process has one catalog.
pub fn catalog(kinds: &'static [&'static KindSchema]) -> Catalog {
    let constants: &'static [Constant] = Vec::leak(constants(kinds));
    Catalog { kinds, functions: functions(), constants }
}
