//! Makes names in folders durable, many at a time.
//!
//! A name is on disk when its folder has been synced after the name appeared. Syncing a folder costs as much as syncing a
//! file, so what has changed a folder takes note of it and goes on; a moment later one sync makes all changes until then
//! durable. 10,000 new files in a folder need a few syncs of it.
//!
//! What is lost when the machine loses its power within that moment is the last step of a change: the old file is there, or
//! none, and the next look finds that. Who cannot bear that, goes on to what is not ours, or says that all is done,
//! [syncs](Syncer::sync) first. Until then the folders are held open, and what they are on cannot be unmounted.
//!
//! **Invariant:** once `sync` has returned, everything that was noted before is durable, or an error was returned, here or to
//! somebody who synced at the same time.

use rustc_hash::FxHashMap;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a change waits for others that can share its sync.
const MOMENT: Duration = Duration::from_millis(50);

/// How many folders are noted at the most: each keeps a descriptor.
const MOST_FOLDERS: usize = 64;

/// The folders that have been changed. When it is dropped, they are still synced, and nobody waits for that.
#[derive(Default)]
pub(super) struct Syncer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    noted: Mutex<Noted>,
    /// A folder was noted, or nothing will be any more.
    told: Condvar,
    /// Held while folders are synced: who syncs meanwhile waits for these too.
    syncing: Mutex<()>,
}

#[derive(Default)]
struct Noted {
    /// By device and number.
    folders: FxHashMap<(u64, u64), OwnedFd>,
    /// What failed when nobody waited for it: who syncs next is told.
    failed: Option<io::Error>,
    has_thread: bool,
    is_closed: bool,
}

impl Syncer {
    /// The names in a folder have changed.
    pub(super) fn note(&self, folder: OwnedFd) -> io::Result<()> {
        let stat = rustix::fs::fstat(&folder)?;
        let mut noted = lock(&self.0.noted);
        noted.folders.insert((stat.st_dev, stat.st_ino), folder);
        let is_full = noted.folders.len() >= MOST_FOLDERS;
        if !noted.has_thread {
            let shared = Arc::clone(&self.0);
            // Without a thread of its own a change is made durable at once.
            let thread = thread::Builder::new().name("stead-sync".to_owned()).spawn(move || shared.sync_always());
            noted.has_thread = thread.is_ok();
        }
        let waits = noted.has_thread && !is_full;
        drop(noted);
        self.0.told.notify_one();
        if waits { Ok(()) } else { self.sync() }
    }

    /// Makes everything durable that was noted.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        lock(&self.0.noted).is_closed = true;
        self.0.told.notify_one();
    }
}

impl Shared {
    fn sync(&self) -> io::Result<()> {
        let _syncing = lock(&self.syncing);
        let failed = lock(&self.noted).failed.take();
        let synced = self.sync_noted();
        failed.map_or(synced, Err)
    }

    /// **Invariant:** `syncing` is held.
    fn sync_noted(&self) -> io::Result<()> {
        let folders = std::mem::take(&mut lock(&self.noted).folders);
        // All of them, also where one fails.
        folders.into_values().map(|folder| sync_folder(&folder)).fold(Ok(()), Result::and)
    }

    fn sync_always(&self) {
        loop {
            let mut noted = lock(&self.noted);
            while noted.folders.is_empty() && !noted.is_closed {
                noted = self.told.wait(noted).unwrap_or_else(PoisonError::into_inner);
            }
            let is_last = noted.is_closed;
            drop(noted);
            if !is_last {
                thread::sleep(MOMENT);
            }
            let syncing = lock(&self.syncing);
            if let Err(error) = self.sync_noted() {
                tracing::error!(%error, "What was changed last may not be on the disk");
                lock(&self.noted).failed = Some(error);
            }
            drop(syncing);
            if is_last {
                return;
            }
        }
    }
}

/// Makes the names in one folder durable.
fn sync_folder(folder: &OwnedFd) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(folder, ".", flags, Mode::empty()).and_then(rustix::fs::fsync) {
        // A folder that may be written but not read, one that is gone, or a file system that syncs names with files.
        Err(Errno::ACCESS | Errno::NOENT | Errno::STALE | Errno::INVAL | Errno::ROFS) => Ok(()),
        other => Ok(other?),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is changed in one go, so a panic elsewhere leaves it whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn open(path: &Path) -> OwnedFd {
        rustix::fs::open(path, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).expect("it can be opened")
    }

    #[test]
    fn changes_of_many_threads_are_durable_once_synced() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let syncer = Syncer::default();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        syncer.note(open(folder.path())).expect("it is noted");
                    }
                    syncer.sync().expect("it can be synced");
                });
            }
        });
        assert!(lock(&syncer.0.noted).folders.is_empty(), "nothing is left to be done");
    }

    #[test]
    fn descriptors_are_bounded_whatever_is_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let syncer = Syncer::default();
        for number in 0..3 * MOST_FOLDERS {
            let path = folder.path().join(number.to_string());
            std::fs::create_dir(&path).expect("it is made");
            syncer.note(open(&path)).expect("it is noted");
            assert!(lock(&syncer.0.noted).folders.len() < MOST_FOLDERS);
        }
    }

    #[test]
    fn a_folder_that_is_gone_again_is_no_error() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let (syncer, path) = (Syncer::default(), folder.path().join("gone"));
        std::fs::create_dir(&path).expect("it is made");
        syncer.note(open(&path)).expect("it is noted");
        std::fs::remove_dir(&path).expect("it goes");
        syncer.sync().expect("there is nothing to sync");
    }

    #[test]
    fn what_failed_when_nobody_waited_is_told_once_to_who_syncs_next() {
        let syncer = Syncer::default();
        lock(&syncer.0.noted).failed = Some(Errno::IO.into());
        {
            let _syncing = lock(&syncer.0.syncing);
            syncer.0.sync_noted().expect("it is not told again when nobody waits");
        }
        assert_eq!(syncer.sync().expect_err("it failed").raw_os_error(), Some(Errno::IO.raw_os_error()));
        syncer.sync().expect("all is well now");
    }

    #[test]
    fn nobody_waits_at_the_end_for_a_disk_that_does_not_answer() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let syncer = Syncer::default();
        let shared = Arc::clone(&syncer.0);
        let stuck = lock(&shared.syncing);
        syncer.note(open(folder.path())).expect("it is noted");
        drop(syncer);
        drop(stuck);
        shared.sync().expect("it can be synced");
        assert!(lock(&shared.noted).folders.is_empty(), "it is synced all the same");
    }
}
