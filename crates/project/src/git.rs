//! Downloading modules by the system's `git`.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, process};
use thiserror::Error;

/// What modules may be downloaded over. Git knows others, some of which run commands.
const SCHEMES: [&str; 5] = ["https", "http", "git", "ssh", "file"];

/// Why a module was not downloaded.
#[derive(Debug, Error)]
pub(crate) enum GitError {
    #[error("modules are not downloaded over `{0}`")]
    Scheme(String),
    #[error("`{0}` is no address to download from")]
    Address(String),
    #[error("`{}` is no folder below which modules can be kept", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    #[error("`git` cannot be run")]
    Run(#[source] io::Error),
    #[error("git said: {0}")]
    Failed(String),
}

/// Downloads a repository with its submodules. The folder appears once it is complete.
pub(crate) fn clone(url: &str, into: &Path) -> Result<(), GitError> {
    let scheme = url.split_once("://").map_or(url, |(scheme, _)| scheme);
    if url.starts_with('-') {
        return Err(GitError::Address(url.to_owned()));
    }
    if !SCHEMES.contains(&scheme) {
        return Err(GitError::Scheme(scheme.to_owned()));
    }
    let (Some(parent), Some(name)) = (into.parent(), into.file_name()) else {
        return Err(GitError::Address(url.to_owned()));
    };
    let folder_error = |error| GitError::Folder(parent.to_owned(), error);
    fs::create_dir_all(parent).map_err(folder_error)?;
    let unfinished = parent.join(format!(".{}.{}.unfinished", name.to_string_lossy(), process::id()));
    let arguments: [&OsStr; 6] = [
        "clone".as_ref(),
        "--quiet".as_ref(),
        "--recurse-submodules".as_ref(),
        "--".as_ref(),
        url.as_ref(),
        unfinished.as_ref(),
    ];
    let result = git(parent, &arguments).and_then(|()| fs::rename(&unfinished, into).map_err(folder_error));
    if result.is_err() {
        // What is left over is of no use, and only in the way.
        let _ = fs::remove_dir_all(&unfinished);
    }
    result
}

/// Brings a repository up to date, unless it has changes of its own.
pub(crate) fn pull(folder: &Path) -> Result<(), GitError> {
    git(folder, &["pull", "--quiet", "--ff-only", "--recurse-submodules"].map(OsStr::new))
}

fn git(folder: &Path, arguments: &[&OsStr]) -> Result<(), GitError> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ALLOW_PROTOCOL", SCHEMES.join(":"))
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::Run)?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing, and failed");
    Err(GitError::Failed(last.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_commands_are_refused() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let into = folder.path().join("module");
        for url in ["ext::sh://x/y", "--upload-pack=x://y/z", "-x://y", "fd://1/x"] {
            assert!(matches!(clone(url, &into), Err(GitError::Scheme(_) | GitError::Address(_))), "{url}");
        }
        assert!(!into.exists());
    }

    #[test]
    fn a_failed_download_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let into = folder.path().join("host/module");
        let url = format!("file://{}/missing", folder.path().display());
        assert!(matches!(clone(&url, &into), Err(GitError::Failed(_))));
        let left: Vec<_> = fs::read_dir(folder.path().join("host")).expect("was made").collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
