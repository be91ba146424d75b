//! The files that a program can read while it runs.
//!
//! They form a tree of their own: the folder of the program is its root, downloaded modules are below `/modules/`, and
//! whatever else a program imports is below `/outside/`. So a path means the same on the machine where a program is
//! written and on one to which it is deployed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file of a program cannot be had.
#[derive(Debug, Error)]
pub enum FileError {
    /// Paths begin at the root of the program's files.
    #[error("the path `{0}` does not begin with a slash")]
    Relative(String),
    /// A path may not lead back up.
    #[error("the path `{0}` has a part `.` or `..`")]
    Unclean(String),
    /// The file or folder cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The path within the program's files.
        path: String,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The files that a program can read while it runs.
#[derive(Clone, Debug, Default)]
pub struct ProgramFiles {
    /// The folders on disk by their paths in the tree, which end in a slash.
    mounts: BTreeMap<String, PathBuf>,
}

impl ProgramFiles {
    /// The files of a single folder.
    pub fn new(root: impl Into<PathBuf>) -> ProgramFiles {
        ProgramFiles { mounts: BTreeMap::from([("/".to_owned(), root.into())]) }
    }

    /// Puts a folder into the tree; `path` begins and ends in a slash.
    pub(crate) fn mount(&mut self, path: &str, folder: &Path) {
        self.mounts.insert(path.to_owned(), folder.to_owned());
    }

    /// Where a file or folder of the tree is on disk, whether it exists or not.
    ///
    /// # Errors
    /// Where the path does not begin with a slash, or leads back up.
    pub fn locate(&self, path: &str) -> Result<PathBuf, FileError> {
        if !path.starts_with('/') {
            return Err(FileError::Relative(path.to_owned()));
        }
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(FileError::Unclean(path.to_owned()));
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        // The mount that is nearest to the file wins.
        for depth in (0..=parts.len()).rev() {
            let prefix: String = parts[..depth].iter().map(|part| format!("/{part}")).collect::<String>() + "/";
            if let Some(folder) = self.mounts.get(&prefix) {
                return Ok(parts[depth..].iter().fold(folder.clone(), |folder, part| folder.join(part)));
            }
        }
        let error = io::Error::from(io::ErrorKind::NotFound);
        Err(FileError::Unreadable { path: path.to_owned(), error })
    }

    /// The content of a file.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        fs::read(self.locate(path)?).map_err(|error| FileError::Unreadable { path: path.to_owned(), error })
    }

    /// Whether there is a file or a folder.
    pub fn exists(&self, path: &str) -> bool {
        self.locate(path).is_ok_and(|path| path.exists())
    }

    /// What is in a folder, sorted by name.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<Entry>, FileError> {
        let unreadable = |error| FileError::Unreadable { path: folder.to_owned(), error };
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.locate(folder)?).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let is_folder = entry.path().is_dir();
            entries.push(Entry { name: entry.file_name().to_string_lossy().into_owned(), is_folder });
        }
        entries.sort();
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_wins() {
        let mut files = ProgramFiles::new("/srv/program");
        files.mount("/modules/example.com/a/", Path::new("/var/modules/example.com/a"));
        let locate = |path: &str| files.locate(path).map(|path| path.display().to_string()).ok();
        assert_eq!(locate("/files/motd").as_deref(), Some("/srv/program/files/motd"));
        assert_eq!(locate("/modules/example.com/a/files/x").as_deref(), Some("/var/modules/example.com/a/files/x"));
        assert_eq!(locate("/modules/example.com/ab").as_deref(), Some("/srv/program/modules/example.com/ab"));
        assert_eq!(locate("/").as_deref(), Some("/srv/program"));
    }

    #[test]
    fn paths_do_not_lead_out_of_the_tree() {
        let files = ProgramFiles::new("/srv/program");
        assert!(matches!(files.locate("/../passwd"), Err(FileError::Unclean(_))));
        assert!(matches!(files.locate("/files/../../passwd"), Err(FileError::Unclean(_))));
        assert!(matches!(files.locate("files/motd"), Err(FileError::Relative(_))));
    }

    #[test]
    fn files_are_read_and_folders_listed() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::create_dir_all(folder.path().join("files/sub")).expect("writable");
        fs::write(folder.path().join("files/b"), "two").expect("writable");
        fs::write(folder.path().join("files/a"), "one").expect("writable");
        let files = ProgramFiles::new(folder.path());
        assert_eq!(files.read("/files/a").ok().as_deref(), Some(&b"one"[..]));
        assert!(files.exists("/files/sub/") && !files.exists("/files/c"));
        let names: Vec<_> = files.list("/files/").expect("exists").into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["a", "b", "sub"]);
        assert!(matches!(files.read("/files/c"), Err(FileError::Unreadable { .. })));
    }
}
