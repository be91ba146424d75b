//! `deploy.abspath`: a path within the program.

use super::below;
use macros::builtin;
use schema::CallSite;
use value::{Failure, Str};

/// The path within the program of what lies beside the module that calls.
///
/// An empty path stands for the folder of that module.
///
/// ```mcl
/// import "deploy"
///
/// $template = deploy.readfileabs(deploy.abspath("/files/motd"))
/// deploy.abspath("/files/motd") # => "/files/motd"
/// ```
#[builtin(module = "deploy", since = "0.1")]
fn abspath(
    site: &CallSite<'_>,
    /// The path, seen from the folder of the module; it begins with `/`.
    path: &Str,
) -> Result<Str, Failure> {
    if path.is_empty() {
        return Ok(site.base.into());
    }
    below(site.base, path, "path")
}
