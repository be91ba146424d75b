//! Names of units and the files that belong to them.

use std::path::{Path, PathBuf};

/// Where unit files of the system's manager lie, the one that counts most first.
pub(crate) const FOLDERS: &[&str] = &[
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Where a user's own unit files lie, below the home folder.
pub(crate) const SESSION_FOLDER: &str = ".config/systemd/user";

/// How long the name of a unit can be.
pub(crate) const LONGEST_NAME: usize = 255;

/// The endings of names of units.
const SUFFIXES: &[&str] = &[
    ".automount",
    ".device",
    ".mount",
    ".path",
    ".scope",
    ".service",
    ".slice",
    ".socket",
    ".swap",
    ".target",
    ".timer",
];

/// Whether a name says which type of unit it names.
pub(crate) fn has_suffix(name: &str) -> bool {
    SUFFIXES.iter().any(|suffix| name.len() > suffix.len() && name.ends_with(suffix))
}

/// The whole name of a unit: a service where the name does not say.
pub(crate) fn full_name(name: &str) -> String {
    if has_suffix(name) { name.to_owned() } else { format!("{name}.service") }
}

/// The template that an instance such as `getty@tty1.service` is made of.
fn template(name: &str) -> Option<String> {
    let (prefix, rest) = name.split_once('@')?;
    let suffix = &rest[rest.rfind('.')?..];
    Some(format!("{prefix}@{suffix}"))
}

/// What the file of a unit can be called: as the unit, or as its template.
pub(crate) fn names(name: &str) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(template(name)).collect()
}

/// Where the file of a unit of the system's manager can lie, the best first.
pub(crate) fn files(name: &str) -> Vec<PathBuf> {
    let names = names(name);
    let of = |name: &String| FOLDERS.iter().map(move |folder| Path::new(folder).join(name)).collect::<Vec<_>>();
    names.iter().flat_map(of).collect()
}

/// The unit to which a file in a folder such as `nginx.service.d` adds; `None` for every other file.
pub(crate) fn of_drop_in(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let unit = folder.file_name()?.to_str()?.strip_suffix(".d")?;
    let is_drop_in = path.extension()? == "conf" && FOLDERS.iter().any(|it| folder.parent() == Some(Path::new(it)));
    (is_drop_in && has_suffix(unit)).then(|| unit.to_owned())
}

/// The unit that a unit file describes; `None` for every other file.
pub(crate) fn of_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let is_unit = has_suffix(name) && FOLDERS.iter().any(|it| path.parent() == Some(Path::new(it)));
    is_unit.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_type_is_a_service() {
        assert_eq!(full_name("nginx"), "nginx.service");
        assert_eq!(full_name("apt-daily.timer"), "apt-daily.timer");
        assert_eq!(full_name("org.example"), "org.example.service");
    }

    #[test]
    fn an_instance_is_described_by_its_template() {
        let files = files("getty@tty1.service");
        assert!(files.contains(&PathBuf::from("/usr/lib/systemd/system/getty@.service")), "{files:?}");
    }

    #[test]
    fn only_conf_files_in_the_folder_of_a_unit_add_to_it() {
        let unit = |path: &str| of_drop_in(Path::new(path));
        assert_eq!(unit("/etc/systemd/system/nginx.service.d/limits.conf"), Some("nginx.service".to_owned()));
        assert_eq!(unit("/etc/systemd/system/nginx.service.d/limits.txt"), None);
        assert_eq!(unit("/etc/conf.d/x.conf"), None);
    }
}
