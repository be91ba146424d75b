//! The kinds, functions and constants that programs can use.

use schema::Catalog;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| builtins::catalog(kinds::ALL));

/// The kinds, functions and constants that programs can use.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}
