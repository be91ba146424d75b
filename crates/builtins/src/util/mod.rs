//! `util`: help for programs that manage many hosts.

mod hostname_mapper;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[&hostname_mapper::HOSTNAME_MAPPER];
