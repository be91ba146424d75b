//! `local`: what this host keeps for itself.

mod pool;
mod vardir;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&pool::POOL, &vardir::VARDIR];
