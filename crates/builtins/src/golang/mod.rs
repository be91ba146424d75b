//! Functions that behave as those of the Go standard library, byte for byte.

pub(crate) mod layout;
pub(crate) mod regex;

use schema::Function;

/// The functions of all modules below `golang`, and `golang.template`.
pub(crate) static FUNCTIONS: &[&Function] = &[];
