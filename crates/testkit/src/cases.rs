//! Case files: reading, comparing, rewriting.

use std::fs;
use std::path::{Path, PathBuf};

/// One section of a case file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What stands between `-- ` and ` --`.
    pub name: String,
    /// The lines up to the next section, each with its newline.
    pub text: String,
}

/// One case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where it is, for messages and for rewriting.
    pub path: PathBuf,
    /// What stands before the first section.
    pub comment: String,
    /// The sections in order.
    pub sections: Vec<Section>,
}

impl Case {
    /// Reads a case file.
    ///
    /// # Panics
    /// Where the file cannot be read: a test cannot go on without it.
    pub fn read(path: &Path) -> Case {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (mut comment, mut sections) = (String::new(), Vec::<Section>::new());
        for line in text.split_inclusive('\n') {
            match line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(name) => sections.push(Section { name: name.to_owned(), text: String::new() }),
                None => match sections.last_mut() {
                    Some(section) => section.text.push_str(line),
                    None => comment.push_str(line),
                },
            }
        }
        Case { path: path.to_owned(), comment, sections }
    }

    /// The text of a section; empty where there is none of that name.
    pub fn section(&self, name: &str) -> &str {
        self.sections.iter().find(|section| section.name == name).map_or("", |section| &section.text)
    }

    /// Compares what was found with a section. With `UPDATE` in the environment, rewrites the section instead.
    ///
    /// # Errors
    /// A description of the difference, with the case's path.
    pub fn expect(&mut self, name: &str, found: &str) -> Result<(), String> {
        let mut found = found.to_owned();
        if !found.is_empty() && !found.ends_with('\n') {
            found.push('\n');
        }
        if self.section(name) == found {
            return Ok(());
        }
        if std::env::var_os("UPDATE").is_some() {
            match self.sections.iter_mut().find(|section| section.name == name) {
                Some(section) => section.text = found,
                None => self.sections.push(Section { name: name.to_owned(), text: found }),
            }
            return self.write();
        }
        let diff = similar::TextDiff::from_lines(self.section(name), &found).unified_diff().to_string();
        Err(format!("{}: section `{name}` differs (UPDATE=1 rewrites it)\n{diff}", self.path.display()))
    }

    fn write(&self) -> Result<(), String> {
        let mut text = self.comment.clone();
        for section in &self.sections {
            text.push_str(&format!("-- {} --\n{}", section.name, section.text));
        }
        fs::write(&self.path, text).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

/// Runs `check` on every case file below `folder` (relative to the workspace's `cases/`), in the order of their paths.
///
/// # Panics
/// When a case fails, after all have run; the message holds every failure. Also when the folder holds no case.
pub fn cases(folder: &str, mut check: impl FnMut(&mut Case) -> Result<(), String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(folder);
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no case files below {}", root.display());
    let failures: Vec<String> = paths.iter().filter_map(|path| check(&mut Case::read(path)).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases failed\n\n{}", failures.len(), paths.len(), failures.join("\n"));
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(path);
        }
    }
}

/// Compares a generated text with a file of the repository. With `UPDATE` in the environment, rewrites the file.
///
/// # Errors
/// A description of the difference, with the file's path.
pub fn check_file(path: &Path, want: &str) -> Result<(), String> {
    let have = fs::read_to_string(path).unwrap_or_default();
    if have == want {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        }
        return fs::write(path, want).map_err(|error| format!("{}: {error}", path.display()));
    }
    let diff = similar::TextDiff::from_lines(&have, want).unified_diff().to_string();
    Err(format!("{} is out of date (UPDATE=1 rewrites it)\n{diff}", path.display()))
}
