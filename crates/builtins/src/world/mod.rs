//! `world`, `world/collect`: what hosts share.

mod collect;
mod getval;
mod kvlookup;
mod schedule;

use schema::Function;

/// The functions of both modules.
pub(crate) static FUNCTIONS: &[&Function] = &[&getval::GETVAL, &kvlookup::KVLOOKUP, &collect::RES, &schedule::SCHEDULE];
