//! `deploy.readfile`, `deploy.readfileabs`, `deploy.file_exists`: files of the program.

use super::below;
use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, Str};

/// What a file beside the module that calls holds.
///
/// The file is part of the program, not of the machine. Where there is none, the program fails.
///
/// ```mcl
/// import "deploy"
///
/// file "/etc/motd" {
/// 	content => deploy.readfile("/files/motd"),
/// }
/// ```
#[builtin(module = "deploy", since = "0.1", result = Str)]
fn readfile(
    site: &CallSite<'_>,
    /// The path, seen from the folder of the module; it begins with `/`.
    filename: &Str,
) -> Result<Source, Failure> {
    below(site.base, filename, "filename").map(Source::ProgramFile)
}

/// What a file of the program holds, by its path from the root of the program.
///
/// The file is part of the program, not of the machine. Where there is none, the program fails.
///
/// ```mcl
/// import "deploy"
///
/// $license = deploy.readfileabs("/LICENSE")
/// ```
#[builtin(module = "deploy", since = "0.1", result = Str)]
fn readfileabs(
    /// The path from the root of the program.
    filename: &Str,
) -> Source {
    Source::ProgramFile(filename.clone())
}

/// Whether there is a file or a folder beside the module that calls.
///
/// The file is part of the program, not of the machine.
///
/// ```mcl
/// import "deploy"
///
/// $extra = if deploy.file_exists("/files/extra") { deploy.readfile("/files/extra") } else { "" }
/// ```
#[builtin(module = "deploy", since = "0.1", result = bool)]
fn file_exists(
    site: &CallSite<'_>,
    /// The path, seen from the folder of the module; it begins with `/`.
    filename: &Str,
) -> Result<Source, Failure> {
    below(site.base, filename, "filename").map(Source::ProgramFileExists)
}
