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
        return Err(Failure::fatal("path must be relative"));
    }
    if !path.ends_with(b"/") {
        return Err(Failure::fatal("path must be a dir"));
    }
    if path.split(|&byte| byte == b'/').any(|part| part == b"..") || path.contains(&0) {
        return Err(Failure::fatal("path must stay below the folder of the host"));
    }
    Ok(Source::Folder(path.clone()))
}
