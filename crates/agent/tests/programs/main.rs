//! Whole programs, as files on a disk: what is said about them, and what they state.

mod language;
mod mistakes;
mod over_time;

use agent::{Input, Settings};
use engine::{Mode, Options};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use testkit::Section;

/// A folder with files.
fn folder<'f>(files: impl Iterator<Item = &'f Section>) -> Result<TempDir, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for file in files {
        let path = folder.path().join(&file.name);
        let within = path.parent().unwrap_or(folder.path());
        fs::create_dir_all(within).and_then(|()| fs::write(&path, &file.text)).map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

/// What `stead check` and `stead graph` would be told.
fn settings(program: &Path, state: &Path) -> Settings {
    Settings {
        input: Input::of_path(program),
        module_path: None,
        download: false,
        update: false,
        arguments: Vec::new(),
        hostname: String::new(),
        state: state.to_owned(),
        autoedge: true,
        autogroup: false,
        engine: Options::new(Mode::Apply),
        follow_edits: false,
        wants_graph: false,
        max_runtime: None,
    }
}
