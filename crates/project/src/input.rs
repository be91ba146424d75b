//! What a program can be given as: a file, a folder, or its text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::metadata;

/// What a program is given as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file of the language.
    File(PathBuf),
    /// A folder with a `metadata.yaml` or a `main.mcl`.
    Folder(PathBuf),
    /// A `metadata.yaml`.
    Metadata(PathBuf),
    /// The text itself, from an argument or from the standard input. Its imports are relative to the current folder.
    Text {
        /// What it is called in messages: `<stdin>`.
        name: Arc<str>,
        /// The text.
        text: Arc<str>,
    },
}

impl Input {
    /// What a path stands for. A folder may be written with or without a slash at the end.
    pub fn of_path(path: impl Into<PathBuf>) -> Input {
        let path = path.into();
        if path.file_name().is_some_and(|name| name == metadata::FILE) {
            return Input::Metadata(path);
        }
        let slash = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        if slash || path.is_dir() { Input::Folder(path) } else { Input::File(path) }
    }

    /// The text of a program from the standard input.
    pub fn stdin(text: impl Into<Arc<str>>) -> Input {
        Input::Text { name: "<stdin>".into(), text: text.into() }
    }

    /// The text of a program from an argument.
    pub fn code(text: impl Into<Arc<str>>) -> Input {
        Input::Text { name: "<code>".into(), text: text.into() }
    }

    /// The path, where the program has one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Input::File(path) | Input::Folder(path) | Input::Metadata(path) => Some(path),
            Input::Text { .. } => None,
        }
    }
}
