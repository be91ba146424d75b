//! `local.vardir`: a private folder.

use macros::builtin;
use schema::Source;
use value::{Failure, Str};

/// The path of a private folder on this host, which is made where there is none.
///
/// ```mcl
/// import "local"
///
/// $folder = local.vardir("web/")
///
/// file "${folder}config" {
/// 	content => "",
/// }
/// ```
#[builtin(module = "local", since = "0.1", result = Str)]
fn vardir(
    /// The name of the folder: a relative path that ends in `/`.
    path: &Str,
) -> Result<Source, Failure> {
    if path.starts_with(b"/") {
        return Err(Failure::fatal("the path of a private folder is relative: it does not begin with `/`"));
    }
    if path.is_empty() {
        return Err(Failure::fatal("the path of a private folder is not empty"));
    }
    if !path.ends_with(b"/") {
        return Err(Failure::fatal(format!("the path of a folder ends in `/`: `{path}/`")));
    }
    if path.split(|&byte| byte == b'/').any(|part| part == b"..") || path.contains(&0) {
        return Err(Failure::fatal("the path of a private folder has no `..` and no NUL in it"));
    }
    Ok(Source::Folder(path.clone()))
}
