//! The messages about files and modules on disk, side by side.

use crate::git::GitError;
use ::diag::Code;
use ::diag::Diagnostic;
use ::diag::codes::modules;
use span::Span;
use std::error::Error;
use std::io;

fn at_or_nowhere(code: Code, at: Option<Span>, message: String) -> Diagnostic {
    match at {
        Some(span) => Diagnostic::error(code, span, message),
        None => Diagnostic::placeless(code, message),
    }
}

/// Why a file or a text cannot be read, in words of a person: without the number of the error.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

pub(crate) fn empty_input() -> Diagnostic {
    Diagnostic::placeless(modules::UNREADABLE_FILE, "the program is empty")
        .hint("name a file or a folder, or give the code itself with `-e`")
}

pub(crate) fn unreadable(path: &str, error: &io::Error, meant: Option<&str>, at: Option<Span>) -> Diagnostic {
    let message = format!("cannot read `{path}`: {}", reason(error));
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    let meant = meant.filter(|_| is_missing).map(|meant| format!("there is `{meant}`"));
    // As mgmt takes it, without an option.
    let is_code = is_missing && at.is_none() && path.contains(['{', '\n', '$']);
    let code = is_code.then(|| "the text of a program comes after `-e`".to_owned());
    at_or_nowhere(modules::UNREADABLE_FILE, at, message).hint_opt(meant.or(code))
}

pub(crate) fn unreadable_module(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(modules::UNKNOWN_MODULE, at, format!("no module `{name}` is built in"))
}

pub(crate) fn no_module(folder: &str, exists: bool, at: Option<Span>) -> Diagnostic {
    let message = if exists {
        format!("the folder `{folder}` has neither a `metadata.yaml` nor a `main.mcl`")
    } else {
        format!("there is no folder `{folder}`")
    };
    at_or_nowhere(modules::UNKNOWN_MODULE, at, message)
}

pub(crate) fn missing_repository(url: &str, looked: &[String], at: Span) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(modules::UNKNOWN_MODULE, at, format!("the module `{url}` is not on this machine"));
    if looked.is_empty() {
        return diagnostic
            .hint("there is no folder for modules: name one with `--module-path`, or set `path` in `metadata.yaml`");
    }
    let looked: Vec<String> = looked.iter().map(|folder| format!("`{folder}`")).collect();
    diagnostic
        .hint(format!("it would be in {}", looked.join(" or ")))
        .hint("`--download` fetches modules that are missing")
}

pub(crate) fn no_metadata(url: &str, folder: &str, at: Span) -> Diagnostic {
    Diagnostic::error(modules::UNKNOWN_MODULE, at, format!("`{url}` is no module"))
        .here(format!("`{folder}` has no `metadata.yaml`"))
}

pub(crate) fn failed_download(url: &str, error: &GitError, at: Span) -> Diagnostic {
    let mut message = format!("cannot download `{url}`: {error}");
    let mut source = error.source();
    while let Some(error) = source {
        message.push_str(&format!(": {error}"));
        source = error.source();
    }
    Diagnostic::error(modules::FAILED_DOWNLOAD, at, message)
}

pub(crate) fn invalid_yaml(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(modules::INVALID_METADATA, span, "cannot understand this `metadata.yaml`").here(message)
}

pub(crate) fn invalid_main(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error(modules::INVALID_METADATA, span, format!("`{path}` is no `main` file of a module"))
        .hint("name a file within the folder of this `metadata.yaml`: `main: \"main.mcl\"`")
}

pub(crate) fn invalid_folder(span: Span, key: &str, path: &str) -> Diagnostic {
    Diagnostic::error(modules::INVALID_METADATA, span, format!("`{path}` is no `{key}` folder of a module")).hint(
        format!(
            "name a folder within the folder of this `metadata.yaml`, with a slash at the end: `{key}: \"{key}/\"`"
        ),
    )
}

/// Says where the module in error is imported.
pub(crate) fn imported_at(diagnostic: Diagnostic, at: Option<Span>) -> Diagnostic {
    diagnostic.label_opt(at, "imported here")
}
