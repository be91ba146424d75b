//! `golang/path`: paths with slashes, as Go's package `path`.

use super::lexical;
use macros::builtin;
use schema::Function;
use value::{Failure, Str};

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[&BASE, &CLEAN, &DIR, &EXT, &IS_ABS, &JOIN, &MATCH];

/// The last element of a path.
///
/// Slashes at the end do not count. The empty path gives `.`, one of slashes alone gives `/`.
///
/// ```mcl
/// import "golang/path"
/// path.base("/etc/hosts") # => "hosts"
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn base(
    /// The path.
    path: &Str,
) -> Str {
    Str::from(lexical::base(path))
}

/// The shortest path that means the same, without looking at the machine.
///
/// ```mcl
/// import "golang/path"
/// path.clean("/etc//ssh/../hosts/") # => "/etc/hosts"
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn clean(
    /// The path.
    path: &Str,
) -> Str {
    lexical::clean(path).into()
}

/// All but the last element of a path.
///
/// ```mcl
/// import "golang/path"
/// path.dir("/etc/hosts") # => "/etc"
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn dir(
    /// The path.
    path: &Str,
) -> Str {
    lexical::dir(path).into()
}

/// What follows the last dot in the last element of a path, with the dot.
///
/// ```mcl
/// import "golang/path"
/// path.ext("site.tar.gz") # => ".gz"
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn ext(
    /// The path.
    path: &Str,
) -> Str {
    Str::from(lexical::ext(path))
}

/// Whether a path begins at the root.
///
/// ```mcl
/// import "golang/path"
/// path.is_abs("/etc") # => true
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn is_abs(
    /// The path.
    path: &Str,
) -> bool {
    path.starts_with(b"/")
}

/// Joins the elements that are not empty to one path.
///
/// ```mcl
/// import "golang/path"
/// path.join(["/etc", "ssh", "../hosts"]) # => "/etc/hosts"
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn join(
    /// The elements.
    elem: Vec<Str>,
) -> Str {
    let elements: Vec<&[u8]> = elem.iter().map(Str::as_bytes).collect();
    lexical::join(&elements).into()
}

/// Whether a shell pattern covers a whole name.
///
/// `*` and `?` do not cover a slash.
///
/// ```mcl
/// import "golang/path"
/// path.match("*.conf", "site.conf") # => true
/// ```
#[builtin(module = "golang/path", since = "0.1")]
fn r#match(
    /// The pattern: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before what is meant literally.
    pattern: &Str,
    /// The name.
    name: &Str,
) -> Result<bool, Failure> {
    lexical::matches(pattern, name).map_err(|_| Failure::fatal("syntax error in pattern"))
}
