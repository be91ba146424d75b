//! `deploy`: the files of the program itself, and the program that runs it.
//!
//! A path is that of a file beside the module that makes the call: the folder of that module, its base, ends in `/` and
//! a path given to these functions begins with one.

mod directory;
mod file;
mod host;
mod path;

use schema::Function;
use value::{Failure, Str};

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &path::ABSPATH,
    &host::BINARY_PATH,
    &host::BOOTSTRAP_PACKAGES,
    &directory::DIRECTORY,
    &file::FILE_EXISTS,
    &file::READFILE,
    &file::READFILEABS,
];

/// A path below the folder of the calling module, without a second slash between them.
fn below(base: &str, path: &Str, what: &str) -> Result<Str, Failure> {
    let Some(rest) = path.strip_prefix(b"/") else {
        return Err(Failure::fatal(format!("{what} was not absolute, got: `{path}`")));
    };
    Ok([base.as_bytes(), rest].concat().into())
}
