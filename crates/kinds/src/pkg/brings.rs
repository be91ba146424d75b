//! What packages bring, as far as it can be told.

use crate::unit;
use resource::Identity;
use std::path::{Path, PathBuf};

/// The databases of package managers; those that are not there do no harm.
pub(super) const DATABASES: &[&str] =
    &["/var/lib/dpkg/status", "/var/lib/rpm/rpmdb.sqlite", "/var/lib/pacman/local", "/lib/apk/db/installed"];

/// Units that are not called like the package that brings them.
const UNITS: &[(&str, &[&str])] = &[
    ("avahi", &["avahi-daemon"]),
    ("bind9", &["named"]),
    ("bluez", &["bluetooth"]),
    ("docker-ce", &["docker"]),
    ("docker.io", &["docker"]),
    ("isc-kea", &["kea-dhcp4", "kea-dhcp6"]),
    ("libvirt-daemon-system", &["libvirtd"]),
    ("network-manager", &["NetworkManager"]),
    ("nfs-kernel-server", &["nfs-server"]),
    ("openssh-server", &["ssh", "sshd"]),
    ("samba", &["smbd", "nmbd"]),
];

/// Folders of programs.
const PROGRAMS: &[&str] = &["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// Folders directly in `/etc` into which many packages put files: none of these packages brings the folder.
const SHARED: &[&str] = &[
    "X11",
    "alternatives",
    "apt",
    "bash_completion.d",
    "cron.d",
    "cron.daily",
    "cron.hourly",
    "cron.monthly",
    "cron.weekly",
    "dbus-1",
    "default",
    "init.d",
    "ld.so.conf.d",
    "logrotate.d",
    "modprobe.d",
    "modules-load.d",
    "network",
    "opt",
    "pam.d",
    "pki",
    "profile.d",
    "security",
    "skel",
    "ssl",
    "sudoers.d",
    "sysconfig",
    "sysctl.d",
    "systemd",
    "tmpfiles.d",
    "udev",
    "xdg",
    "yum.repos.d",
];

/// What a package of a name usually brings. It is known before the package is, so that a program can state a package and
/// everything around it at once.
pub(super) fn usually(name: &str) -> Vec<Identity> {
    let known = UNITS.iter().find(|(package, _)| *package == name).map(|(_, units)| *units).unwrap_or_default();
    // `mariadb-server` runs `mariadb`.
    let shorter = ["-server", "-daemon"].iter().filter_map(|suffix| name.strip_suffix(suffix));
    let units = known.iter().copied().chain([name]).chain(shorter).map(|it| Identity::unit(unit::full_name(it)));
    let configuration = [format!("/etc/{name}"), format!("/etc/{name}.conf"), format!("/etc/default/{name}")]
        .into_iter()
        .map(PathBuf::from);
    let programs = PROGRAMS.iter().map(|folder| Path::new(folder).join(name));
    let paths = configuration.chain(programs).map(Identity::Path);
    units.chain(paths).map(Identity::packaged).collect()
}

/// What is worth knowing of the files of an installed package: units, programs, and configuration with its folders.
pub(super) fn of_files(files: &[PathBuf]) -> Vec<Identity> {
    let mut found = Vec::new();
    for path in files {
        let is_program = PROGRAMS.iter().any(|folder| path.parent() == Some(Path::new(folder)));
        if let Some(unit) = unit::of_file(path) {
            found.push(unit.packaged());
        }
        if is_program || is_own_configuration(path) {
            found.push(Identity::Path(path.clone()).packaged());
        }
    }
    found
}

fn is_own_configuration(path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix("/etc") else { return false };
    let mut parts = inside.iter();
    match (parts.next().and_then(|first| first.to_str()), parts.next()) {
        (Some(first), None) => !SHARED.contains(&first),
        (Some(_), Some(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(identities: Vec<Identity>) -> Vec<String> {
        identities.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_package_usually_brings_a_unit_of_its_name() {
        let found = brought(usually("mariadb-server"));
        assert!(found.contains(&"unit mariadb.service of a package".to_owned()), "{found:?}");
        assert!(brought(usually("openssh-server")).contains(&"unit ssh.service of a package".to_owned()));
    }

    #[test]
    fn folders_of_everybody_belong_to_no_package() {
        let files = ["/etc", "/etc/logrotate.d", "/etc/logrotate.d/nginx", "/etc/nginx", "/usr", "/usr/sbin/nginx"];
        let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        let want = ["/etc/logrotate.d/nginx", "/etc/nginx", "/usr/sbin/nginx"];
        assert_eq!(brought(of_files(&files)), want.map(|path| format!("{path} of a package")));
    }
}
