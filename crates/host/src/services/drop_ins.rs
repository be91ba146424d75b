//! Files that add to units, as `nginx.service.d/limits.conf` does.
//!
//! The manager says that it has to read a unit anew when a file that it knows has changed. It does not see the first file in
//! a new folder, since it remembers which folders there are.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Whether there is a file that adds to a unit and that the manager has not read.
///
/// `folders` are those in which unit files lie, `names` all names of the unit, and `read` the files that the manager has
/// read.
pub(super) fn has_unread(folders: &[String], names: &[String], read: &[String]) -> bool {
    let known: BTreeSet<OsString> =
        read.iter().filter_map(|path| Path::new(path).file_name().map(Into::into)).collect();
    // Of files with one name only one counts, and an empty one makes all of them count for nothing.
    let mut found: BTreeMap<OsString, bool> = BTreeMap::new();
    let places = names.iter().flat_map(|name| folder_names(name));
    for place in places.collect::<BTreeSet<String>>() {
        for folder in folders {
            for path in configuration(&Path::new(folder).join(&place)) {
                let Some(name) = path.file_name() else { continue };
                let is_empty = path.metadata().is_ok_and(|meta| !meta.is_file() || meta.len() == 0);
                *found.entry(name.to_owned()).or_default() |= is_empty;
            }
        }
    }
    found.iter().any(|(name, is_empty)| !is_empty && !known.contains(name))
}

/// The names of the folders for a unit: its own, that of its template, those that are shorter by a part between dashes, and
/// that of its type.
fn folder_names(unit: &str) -> Vec<String> {
    let Some((prefix, suffix)) = unit.rsplit_once('.') else { return Vec::new() };
    let template = prefix.split_once('@').map(|(template, _)| format!("{template}@"));
    let plain = template.as_deref().map_or(prefix, |it| it.trim_end_matches('@'));
    let shorter = plain.match_indices('-').map(|(at, _)| &plain[..=at]);
    let bases = [prefix].into_iter().chain(template.as_deref()).chain(shorter);
    bases.map(|base| format!("{base}.{suffix}.d")).chain([format!("{suffix}.d")]).collect()
}

/// The files in a folder that count.
fn configuration(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| {
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        !is_hidden && path.extension().is_some_and(|extension| extension == "conf") && !path.is_dir()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_unit_has_folders_of_its_own_of_its_template_and_of_what_it_is_a_part_of() {
        assert_eq!(folder_names("nginx.service"), ["nginx.service.d", "service.d"]);
        let names = folder_names("a-b@x-y.service");
        assert_eq!(names, ["a-b@x-y.service.d", "a-b@.service.d", "a-.service.d", "service.d"]);
    }

    #[test]
    fn a_file_is_unread_until_the_manager_knows_it_unless_it_says_nothing() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let (etc, lib) = (root.path().join("etc"), root.path().join("lib"));
        let folders = [&etc, &lib].map(|path| path.display().to_string());
        let names = ["a@1.service".to_owned()];
        let put = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
            fs::write(&path, text).expect("written");
            path.display().to_string()
        };
        let is_unread = |read: &[String]| has_unread(&folders, &names, read);
        assert!(!is_unread(&[]), "there are no folders");
        put(etc.join("b.service.d/other.conf"), "x");
        put(etc.join("a@.service.d/notes.txt"), "x");
        put(etc.join("a@.service.d/.hidden.conf"), "x");
        assert!(!is_unread(&[]), "none of these is for the unit");
        let limits = put(lib.join("a@.service.d/limits.conf"), "[Service]");
        assert!(is_unread(&[]));
        assert!(!is_unread(std::slice::from_ref(&limits)));
        let over = put(etc.join("a@1.service.d/limits.conf"), "[Service]");
        assert!(!is_unread(&[over]), "it takes the place of the other");
        put(etc.join("a@.service.d/limits.conf"), "");
        assert!(!is_unread(&[]), "an empty one takes the place of all");
    }
}
