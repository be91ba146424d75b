//! The machine, as kinds see it: one trait for each part of it.
//!
//! The crate `host` implements the traits for Linux, and [`sim`] in memory for tests. Work on files is synchronous and
//! runs in one hop on a bounded pool ([`Host::on_files`]); everything else is asynchronous.

mod accounts;
mod cancel;
mod files;
mod memory;
mod packages;
mod process;
mod services;
mod shared;
pub mod sim;

pub use accounts::{Account, AccountChange, Accounts, Expiry, Group, GroupChange, Shadow, by_name_or_number};
pub use cancel::CancelSource;
pub use cancel::{Cancellation, Urgency};
pub use files::{Content, Entry, FileChange, FileKind, FileMeta, Files, NewFile, NewFolder};
pub use memory::Memory;
pub use packages::{PackageChange, PackageFacts, Packages};
pub use process::{Captured, Command, Identity as ProcessIdentity, ProcessError, Processes, SIGNALS};
pub use services::{ActiveState, JobMode, Services, UnitFacts};
pub use shared::{Candidacy, Clock, Exchange, Journal, Lasts, Local, Priority, StateFolder, file_name};

use crate::any::BoxFuture;
use crate::{Error, Result};
use std::io::ErrorKind;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The machine, as one run of a resource has it. Cheap to clone; each run gets its own copy with its own cancellation.
#[derive(Clone)]
pub struct Host {
    /// The parts of the machine; `host.files` is one of them.
    pub parts: Arc<HostParts>,
    /// Whether this is a dry run. Nothing may be started then that could change the machine, guards of commands included.
    pub dry: bool,
    /// Whether and how urgently the run is to stop.
    pub cancellation: Cancellation,
}

/// The parts of the machine, the same for all runs.
pub struct HostParts {
    /// Files and folders; use [`Host::on_files`].
    pub files: Arc<dyn Files>,
    /// Runs blocking work.
    pub pool: Arc<dyn Pool>,
    /// Programs.
    pub processes: Arc<dyn Processes>,
    /// Units of the service manager.
    pub services: Arc<dyn Services>,
    /// Packages.
    pub packages: Arc<dyn Packages>,
    /// Users and groups.
    pub accounts: Arc<dyn Accounts>,
    /// Messages for the system's log.
    pub journal: Arc<dyn Journal>,
    /// Values, numbers and folders that belong to this host.
    pub local: Arc<dyn Local>,
    /// Values that hosts share.
    pub exchange: Arc<dyn Exchange>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What resources remember until the agent ends.
    pub memory: Memory,
    /// The private folders of resources.
    pub state: StateFolder,
}

impl Deref for Host {
    type Target = HostParts;

    fn deref(&self) -> &HostParts {
        &self.parts
    }
}

/// Runs blocking work away from the event loop, a bounded amount at a time.
pub trait Pool: Send + Sync {
    /// Runs it; the future ends when the work has ended. Within work of the pool it runs in place.
    fn run<'a>(&'a self, work: Box<dyn FnOnce() + Send + 'static>) -> BoxFuture<'a, ()>;

    /// Starts work that nobody waits for. Who starts it bounds how much of it there is.
    fn start(&self, work: Box<dyn FnOnce() + Send + 'static>);
}

impl Host {
    /// A machine of these parts: no dry run, and nothing is to stop.
    pub fn new(parts: HostParts) -> Host {
        Host { parts: Arc::new(parts), dry: false, cancellation: Cancellation::never() }
    }

    /// Runs work on files in one hop on the pool.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn on_files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Files) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let files = Arc::clone(&self.files);
        let slot = Arc::new(std::sync::Mutex::new(None));
        let filled = Arc::clone(&slot);
        self.pool
            .run(Box::new(move || {
                let result = work(&*files);
                if let Ok(mut slot) = filled.lock() {
                    *slot = Some(result);
                }
            }))
            .await;
        let result = slot.lock().ok().and_then(|mut slot| slot.take());
        // The work panicked, or the pool was shut down.
        result.unwrap_or_else(|| Err(Error::failed("internal error: work on files ended without a result")))
    }

    /// The private folder of a resource, made when it is first written to.
    pub fn state_folder(&self, kind: &str, name: &str) -> PathBuf {
        self.state.of(kind, name)
    }
}

/// Why the root folder stays, whatever path leads to it.
pub fn is_root_folder() -> std::io::Error {
    std::io::Error::new(
        std::io::ErrorKind::InvalidInput,
        "it leads to the root folder, which is never removed or purged; check links and `..` in the path",
    )
}

/// Why something stays: something else is mounted at this path, which is at it or below it.
pub fn is_mounted(at: &Path) -> std::io::Error {
    let at = at.display();
    let message =
        format!("something is mounted at `{at}`; unmount it first (`umount {at}`), or keep it out of what is removed");
    std::io::Error::new(std::io::ErrorKind::ResourceBusy, message)
}

/// The error of a file operation. What the kernel says in three words is said with what to do.
pub fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| {
        let source = match advice(&source) {
            Some(advice) => std::io::Error::new(source.kind(), format!("{source}; {advice}")),
            None => source,
        };
        Error::File { action, path, source }
    }
}

/// What to do about an error of the kernel, where that is not plain.
fn advice(error: &std::io::Error) -> Option<&'static str> {
    /// "Operation not permitted", which the standard library does not tell from "Permission denied".
    const NOT_PERMITTED: i32 = 1;
    let text = match error.kind() {
        ErrorKind::PermissionDenied if number(error) == Some(NOT_PERMITTED) => {
            "only root may do this; where root may not, the file or its folder may be immutable: `lsattr -d` shows an `i` \
             or `a`, `chattr -i` or `chattr -a` takes it away"
        }
        ErrorKind::StorageFull => {
            "its file system is full: `df -h` and `df -i` show of what, space or inodes; remove what is not needed"
        }
        ErrorKind::QuotaExceeded => "the quota of the owner is used up: `quota -v` shows it; remove what is not needed",
        ErrorKind::ReadOnlyFilesystem => {
            "`findmnt --target` shows the mount, `mount -o remount,rw` makes it writable; where the kernel made it \
             read-only after an error, `dmesg` tells, and it needs `fsck` first"
        }
        ErrorKind::ResourceBusy if number(error).is_some() => {
            "it is in use by the kernel: `findmnt` shows whether something is mounted there, `umount` takes it away"
        }
        _ => return None,
    };
    Some(text)
}

/// The number of the kernel's error, also where a place was added to it.
fn number(error: &std::io::Error) -> Option<i32> {
    let mut inner = error.get_ref().and_then(|it| it.source());
    while let Some(source) = inner {
        if let Some(error) = source.downcast_ref::<std::io::Error>() {
            return number(error);
        }
        inner = source.source();
    }
    error.raw_os_error()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[derive(Debug, thiserror::Error)]
    #[error("`below`: {0}")]
    struct Named(#[source] io::Error);

    #[test]
    fn errors_of_the_kernel_that_are_not_plain_say_what_to_do() {
        let text = |error| file_error("write", Path::new("/etc/motd"))(error).chain();
        // The numbers of Linux: not permitted, busy, full, read-only, quota.
        for (number, advice) in [(1, "chattr -i"), (16, "findmnt"), (28, "df -i"), (30, "remount,rw"), (122, "quota")] {
            let plain = || io::Error::from_raw_os_error(number);
            let named = io::Error::new(plain().kind(), Named(plain()));
            for (error, begin) in [(plain(), ""), (named, "`below`: ")] {
                let text = text(error);
                assert!(text.starts_with(&format!("cannot write `/etc/motd`: {begin}{}; ", plain())), "{text}");
                assert!(text.contains(advice), "{text}");
                assert_eq!(text.matches("os error").count(), 1, "{text}");
            }
        }
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let text = |error| file_error("write", Path::new("/etc/motd"))(error).chain();
        let denied = io::Error::from_raw_os_error(13);
        assert_eq!(text(denied), "cannot write `/etc/motd`: Permission denied (os error 13)");
        assert!(!text(is_mounted(Path::new("/srv"))).contains("findmnt"), "the cause is known already");
    }
}
