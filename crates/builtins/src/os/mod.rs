//! `os`: the machine and its system.

mod account;
mod args;
mod distro;
mod family;
mod file;
mod kernel;
mod system;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &args::ARGS,
    &account::EXPAND_HOME,
    &family::FAMILY,
    &file::FILE_EXISTS,
    &account::HOME,
    &family::IS_FAMILY_ARCHLINUX,
    &family::IS_FAMILY_DEBIAN,
    &family::IS_FAMILY_REDHAT,
    &kernel::IS_VIRTUAL,
    &kernel::MODINFO_LOADED,
    &distro::PARSE_DISTRO_UID,
    &file::READFILE,
    &distro::RELEASE,
    &system::SYSTEM,
    &account::UID,
    &account::USER_EXISTS,
];
