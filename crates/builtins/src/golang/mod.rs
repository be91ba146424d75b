//! Functions that behave as those of the Go standard library, byte for byte.

use schema::Function;

/// The functions of all modules below `golang`, and `golang.template`.
pub(crate) static FUNCTIONS: &[&Function] = &[];
