//! The reference manual is what the declarations say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::check_file;

#[test]
fn the_manual_is_current() {
    let folder = xtask::root().join("docs/reference");
    let pages = xtask::manual_pages(agent::catalog());
    let differences: Vec<String> =
        pages.iter().filter_map(|(path, page)| check_file(&folder.join(path), page).err()).collect();
    assert!(differences.is_empty(), "run `UPDATE=1 cargo test -p xtask`\n{}", differences.join("\n"));
    let expected: BTreeSet<PathBuf> = pages.into_iter().map(|(path, _)| path).collect();
    let found = files(&folder);
    let left: Vec<&PathBuf> = found.difference(&expected).collect();
    assert!(left.is_empty(), "pages of what is gone: {left:?}");
}

/// The files below a folder, relative to it.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(path) = path.strip_prefix(folder) {
                found.insert(path.to_owned());
            }
        }
    }
    found
}
