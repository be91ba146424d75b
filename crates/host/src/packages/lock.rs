//! Who holds the locks of apt and dpkg. Asked before a tool is run: the tools wait for a lock without a word, and somebody
//! who wonders why nothing happens needs to know for whom.

use rustix::io::Errno;
use rustix::process::{Flock, FlockType, fcntl_getlk};
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What is locked while packages change.
pub(super) const CHANGES: &[&str] =
    &["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/cache/apt/archives/lock"];

/// What is locked while package lists are fetched.
pub(super) const LISTS: &[&str] = &["/var/lib/apt/lists/lock"];

/// Another process that holds a lock.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// `None` where it is in another container.
    process: Option<i32>,
    /// The name of its program, as far as the kernel tells.
    name: Option<String>,
    lock: PathBuf,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.process, &self.name) {
            (Some(process), Some(name)) => write!(f, "process {process} (`{name}`)")?,
            (Some(process), None) => write!(f, "process {process}")?,
            _ => f.write_str("a process that is not visible from here")?,
        }
        write!(f, ", which holds `{}`", self.lock.display())
    }
}

/// Finds the first of these locks that another process holds. A lock that cannot be asked about counts as free: the tool
/// itself will say what is wrong with it.
///
/// **Invariant:** this process holds none of them itself; it would lose it here, as the kernel has it for such locks.
pub(super) fn holder(locks: impl IntoIterator<Item = impl AsRef<Path>>) -> Option<Holder> {
    locks.into_iter().find_map(|lock| {
        let lock = lock.as_ref();
        let file = File::open(lock).ok()?;
        let held = loop {
            match fcntl_getlk(&file, &Flock::from(FlockType::WriteLock)) {
                Err(Errno::INTR) => {}
                other => break other.ok()??,
            }
        };
        let process = held.pid.map(|pid| pid.as_raw_nonzero().get()).filter(|process| *process > 0);
        let name = process.and_then(|process| std::fs::read_to_string(format!("/proc/{process}/comm")).ok());
        Some(Holder { process, name: name.map(|name| name.trim_end().to_owned()), lock: lock.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::lock::{Held, hold_if_told};

    #[test]
    #[ignore = "run by another test as a process of its own"]
    fn a_process_with_a_lock() {
        hold_if_told();
    }

    #[test]
    fn whoever_holds_a_lock_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let (free, lock) = (folder.path().join("free"), folder.path().join("lock"));
        File::create(&free).expect("it can be created");
        let held = Held::by("packages::lock::tests::a_process_with_a_lock", &lock);
        let process = held.process();
        let missing = folder.path().join("missing");
        let found = holder([&missing, &free, &lock]);
        held.release();
        let found = found.expect("somebody holds it");
        assert_eq!(found.process, i32::try_from(process).ok());
        let name = found.name.clone().expect("it has a name");
        let expected = format!("process {process} (`{name}`), which holds `{}`", lock.display());
        assert_eq!(found.to_string(), expected);
        assert_eq!(holder([&missing, &free, &lock]), None, "it has ended");
    }
}
