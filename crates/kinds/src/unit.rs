//! Names of units and the files that belong to them.

use resource::Identity;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Where unit files of the system's manager lie, the one that counts most first.
pub(crate) const FOLDERS: &[&str] = &[
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Where unit files of every user's manager lie, the one that counts most first.
pub(crate) const SESSION_FOLDERS: &[&str] =
    &["/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user"];

/// Where a user's own unit files lie, below the home folder. They count more than all others.
pub(crate) const HOME_FOLDER: &str = ".config/systemd/user";

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

/// Where the file of a unit can lie, the best first.
pub(crate) fn files(name: &str, session: bool) -> Vec<Identity> {
    let folders = if session { SESSION_FOLDERS } else { FOLDERS };
    let of = |name: &String| {
        let own = session.then(|| Identity::in_home(format!("{HOME_FOLDER}/{name}")));
        own.into_iter().chain(folders.iter().map(|folder| Identity::Path(Path::new(folder).join(name)))).collect()
    };
    names(name).iter().flat_map(|name| -> Vec<Identity> { of(name) }).collect()
}

/// The unit to which a file in a folder such as `nginx.service.d` adds; `None` for every other file.
pub(crate) fn of_drop_in(path: &Path) -> Option<Identity> {
    // Taking a path apart costs more than this, and every file is asked.
    if !path.as_os_str().as_bytes().ends_with(b".conf") {
        return None;
    }
    let folder = path.parent()?;
    let unit = folder.file_name()?.to_str()?.strip_suffix(".d")?;
    let session = is_of_session(folder.parent()?)?;
    (path.extension()? == "conf" && has_suffix(unit)).then(|| Identity::Unit { name: unit.to_owned(), session })
}

/// The unit that a unit file describes; `None` for every other file.
pub(crate) fn of_file(path: &Path) -> Option<Identity> {
    let session = is_of_session(path.parent()?)?;
    let name = path.file_name()?.to_str()?;
    has_suffix(name).then(|| Identity::Unit { name: name.to_owned(), session })
}

/// A unit file as it is known to who does not know where home folders are; `None` for every other file.
pub(crate) fn in_home(path: &Path) -> Option<Identity> {
    // Taking a path apart costs more than this, and every file is asked.
    if !SUFFIXES.iter().any(|suffix| path.as_os_str().as_bytes().ends_with(suffix.as_bytes())) {
        return None;
    }
    let name = path.file_name()?.to_str()?;
    let is_unit = path.parent()?.ends_with(HOME_FOLDER) && has_suffix(name);
    is_unit.then(|| Identity::in_home(format!("{HOME_FOLDER}/{name}")))
}

/// Whether the unit files in a folder are of users' managers, and not of the system's; `None` where there are none.
fn is_of_session(folder: &Path) -> Option<bool> {
    let is_one_of = |folders: &[&str]| folders.iter().any(|it| folder == Path::new(it));
    if is_one_of(FOLDERS) {
        return Some(false);
    }
    (is_one_of(SESSION_FOLDERS) || folder.ends_with(HOME_FOLDER)).then_some(true)
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
        let files = files("getty@tty1.service", false);
        assert!(files.contains(&Identity::path("/usr/lib/systemd/system/getty@.service")), "{files:?}");
    }

    #[test]
    fn only_conf_files_in_the_folder_of_a_unit_add_to_it() {
        let unit = |path: &str| of_drop_in(Path::new(path));
        let nginx = |session| Some(Identity::Unit { name: "nginx.service".to_owned(), session });
        assert_eq!(unit("/etc/systemd/system/nginx.service.d/limits.conf"), nginx(false));
        assert_eq!(unit("/etc/systemd/user/nginx.service.d/limits.conf"), nginx(true));
        assert_eq!(unit("/home/alice/.config/systemd/user/nginx.service.d/limits.conf"), nginx(true));
        assert_eq!(unit("/etc/systemd/system/nginx.service.d/limits.txt"), None);
        assert_eq!(unit("/etc/conf.d/x.conf"), None);
    }

    #[test]
    fn a_unit_file_in_a_home_folder_is_known_by_its_place_there() {
        let file = in_home(Path::new("/srv/homes/alice/.config/systemd/user/sync.timer"));
        assert_eq!(file, Some(Identity::in_home(".config/systemd/user/sync.timer")));
        assert!(file.is_some_and(|file| files("sync.timer", true).contains(&file)));
        assert_eq!(in_home(Path::new("/etc/systemd/user/sync.timer")), None);
        assert_eq!(in_home(Path::new("/home/alice/.config/systemd/user/notes")), None);
    }
}
