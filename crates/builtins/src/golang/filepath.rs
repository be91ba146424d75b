//! `golang/path/filepath`: paths of the machine, as Go's package `path/filepath` on Unix.

use super::lexical;
use macros::builtin;
use schema::{CallSite, Function, Source};
use value::{Failure, Str, Value};

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[
    &ABS,
    &BASE,
    &CLEAN,
    &DIR,
    &EVAL_SYMLINKS,
    &EXT,
    &FROM_SLASH,
    &HAS_PREFIX,
    &IS_ABS,
    &IS_LOCAL,
    &JOIN,
    &LOCALIZE,
    &MATCH,
    &REL,
    &TO_SLASH,
    &VOLUME_NAME,
];

/// The path from the root, for one from the working folder of the agent.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.abs("../bin")
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1", result = Str, read = from_working_folder)]
fn abs(
    /// The path.
    path: &Str,
) -> Source {
    _ = path;
    Source::WorkingFolder
}

/// The last element of a path.
///
/// Slashes at the end do not count. The empty path gives `.`, one of slashes alone gives `/`.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.base("/etc/hosts") # => "hosts"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn base(
    /// The path.
    path: &Str,
) -> Str {
    Str::from(lexical::base(path))
}

/// The shortest path that means the same, without looking at the machine.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.clean("/etc//ssh/../hosts/") # => "/etc/hosts"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn clean(
    /// The path.
    path: &Str,
) -> Str {
    lexical::clean(path).into()
}

/// All but the last element of a path.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.dir("/etc/hosts") # => "/etc"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn dir(
    /// The path.
    path: &Str,
) -> Str {
    lexical::dir(path).into()
}

/// A path with all links in it followed.
///
/// It must exist.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.eval_symlinks("/etc/../bin/sh")
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1", result = Str)]
fn eval_symlinks(
    /// The path.
    path: &Str,
) -> Source {
    Source::ResolvedPath(path.clone())
}

/// What follows the last dot in the last element of a path, with the dot.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.ext("site.tar.gz") # => ".gz"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn ext(
    /// The path.
    path: &Str,
) -> Str {
    Str::from(lexical::ext(path))
}

/// The same path.
///
/// Paths have slashes.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.from_slash("/etc") # => "/etc"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn from_slash(
    /// The path.
    path: &Str,
) -> Str {
    path.clone()
}

/// Whether a path begins with a text.
///
/// Elements do not count: `/et` is a beginning of `/etc`.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.has_prefix("/etc/hosts", "/et") # => true
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn has_prefix(
    /// The path.
    p: &Str,
    /// The beginning.
    prefix: &Str,
) -> bool {
    p.starts_with(prefix)
}

/// Whether a path begins at the root.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.is_abs("/etc") # => true
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn is_abs(
    /// The path.
    path: &Str,
) -> bool {
    path.starts_with(b"/")
}

/// Whether a path cannot lead out of the folder where it begins.
///
/// Links are not looked at.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.is_local("a/../../b") # => false
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn is_local(
    /// The path.
    path: &Str,
) -> bool {
    lexical::is_local(path)
}

/// Joins the elements that are not empty to one path.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.join(["/etc", "ssh", "../hosts"]) # => "/etc/hosts"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn join(
    /// The elements.
    elem: Vec<Str>,
) -> Str {
    let elements: Vec<&[u8]> = elem.iter().map(Str::as_bytes).collect();
    lexical::join(&elements).into()
}

/// A path with slashes as one of the machine.
///
/// It must be relative and hold neither empty elements nor `.` or `..`.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.localize("a/b") # => "a/b"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn localize(
    /// The path.
    path: &Str,
) -> Result<Str, Failure> {
    if lexical::is_plain(path) { Ok(path.clone()) } else { Err(Failure::fatal("invalid path")) }
}

/// Whether a shell pattern covers a whole name.
///
/// `*` and `?` do not cover a slash.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.match("*.conf", "site.conf") # => true
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn r#match(
    /// The pattern: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before what is meant literally.
    pattern: &Str,
    /// The name.
    name: &Str,
) -> Result<bool, Failure> {
    lexical::matches(pattern, name).map_err(|_| Failure::fatal("syntax error in pattern"))
}

/// The path that leads from one to another.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.rel("/a/b", "/a/c/d") # => "../c/d"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn rel(
    /// Where to begin.
    basepath: &Str,
    /// Where to end.
    targpath: &Str,
) -> Result<Str, Failure> {
    let relative = lexical::relative(basepath, targpath).map(Str::from);
    relative.ok_or_else(|| Failure::fatal(format!("Rel: can't make {targpath} relative to {basepath}")))
}

/// The same path.
///
/// Paths have slashes.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.to_slash("/etc") # => "/etc"
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn to_slash(
    /// The path.
    path: &Str,
) -> Str {
    path.clone()
}

/// Nothing: paths have no volume.
///
/// ```mcl
/// import "golang/path/filepath"
/// filepath.volume_name("/etc") # => ""
/// ```
#[builtin(module = "golang/path/filepath", since = "0.1")]
fn volume_name(
    /// The path.
    path: &Str,
) -> Str {
    _ = path;
    Str::new()
}

/// The working folder with the path behind it. A path from the root needs none.
fn from_working_folder(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let (path, folder) = (text(arguments.first()), text(Some(&sent)));
    let absolute = if path.starts_with(b"/") { lexical::clean(path) } else { lexical::join(&[folder, path]) };
    Ok(Value::str(absolute))
}

fn text(value: Option<&Value>) -> &[u8] {
    value.and_then(Value::as_str).map_or(&[], |text| text.as_bytes())
}
