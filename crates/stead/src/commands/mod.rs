//! One file per command, or per few that are alike.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod graph;
pub(crate) mod look;
pub(crate) mod plan;
pub(crate) mod work;

use crate::failure::Failure;

/// What asynchronous commands run on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::user(format!("cannot start the event loop: {error}")))
}
