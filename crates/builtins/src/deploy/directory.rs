//! `deploy.directory`: a folder of the program, on the machine.

use super::below;
use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, Str};

/// Copies a folder beside the module that calls to the machine, and says where the copy is.
///
/// The copy holds what the folder of the program holds, and nothing else; it is private, and its path ends in `/`.
///
/// ```mcl
/// import "deploy"
///
/// file "/srv/site/" {
/// 	state => $const.res.file.state.exists,
/// 	source => deploy.directory("/files/site/"),
/// 	recurse => true,
/// }
/// ```
#[builtin(module = "deploy", since = "0.1", result = Str)]
fn directory(
    site: &CallSite<'_>,
    /// The folder, seen from the folder of the module; it begins and ends with `/`.
    directory: &Str,
) -> Result<Source, Failure> {
    let folder = below(site.base, directory, "directory")?;
    if !directory.ends_with(b"/") {
        return Err(Failure::fatal(format!("the path of a folder ends in `/`: `{directory}/`")));
    }
    Ok(Source::ProgramFolder(folder))
}
