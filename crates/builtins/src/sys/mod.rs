//! `sys`: the environment of the agent, and the load of the machine.

mod environment;
mod machine;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &machine::CPU_COUNT,
    &environment::ENV,
    &environment::GETENV,
    &environment::HASENV,
    &machine::HOSTNAME,
    &machine::LOAD,
    &machine::UPTIME,
];
