//! Makes names in folders durable, many at a time.
//!
//! A name is on disk when its folder has been synced after the name appeared. Syncing a folder costs as much as syncing a
//! file, so callers that come while one sync runs share the next one: 10,000 new files in a folder need far fewer than
//! 10,000 syncs of it.
//!
//! **Invariant:** a caller returns only after a sync that *began* after the call.

use rustc_hash::FxHashMap;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// The folders that are being synced.
#[derive(Default)]
pub(super) struct Syncer {
    folders: Mutex<FxHashMap<(u64, u64), Arc<Folder>>>,
}

#[derive(Default)]
struct Folder {
    rounds: Mutex<Rounds>,
    ended: Condvar,
}

#[derive(Default)]
struct Rounds {
    is_running: bool,
    /// The round that callers join: it has not begun.
    next: Arc<Round>,
}

#[derive(Default)]
struct Round {
    result: OnceLock<Result<(), Errno>>,
}

impl Syncer {
    /// Makes all names in a folder durable.
    pub(super) fn sync(&self, folder: &OwnedFd) -> io::Result<()> {
        let stat = rustix::fs::fstat(folder)?;
        let key = (stat.st_dev, stat.st_ino);
        let entry = Arc::clone(lock(&self.folders).entry(key).or_default());
        let result = entry.join(folder);
        let mut folders = lock(&self.folders);
        // Two owners: the table and we. Nobody else can come while the table is locked.
        if Arc::strong_count(&entry) == 2 {
            folders.remove(&key);
        }
        drop(folders);
        Ok(result?)
    }
}

impl Folder {
    fn join(&self, folder: &OwnedFd) -> Result<(), Errno> {
        let mut rounds = lock(&self.rounds);
        let round = Arc::clone(&rounds.next);
        loop {
            if let Some(result) = round.result.get() {
                return *result;
            }
            if rounds.is_running {
                rounds = self.ended.wait(rounds).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            // The round that has not begun is ours: whoever comes from now on joins the one after it.
            rounds.is_running = true;
            rounds.next = Arc::default();
            drop(rounds);
            let result = sync(folder);
            rounds = lock(&self.rounds);
            _ = round.result.set(result);
            rounds.is_running = false;
            self.ended.notify_all();
        }
    }
}

fn sync(folder: &OwnedFd) -> Result<(), Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(folder, ".", flags, Mode::empty()).and_then(rustix::fs::fsync) {
        // A folder that may be written but not read, or a file system that syncs names with files.
        Err(Errno::ACCESS | Errno::INVAL | Errno::ROFS) => Ok(()),
        other => other,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is changed in one go, so a panic elsewhere leaves it whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_threads_share_syncs_and_all_return() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let descriptor =
            rustix::fs::open(folder.path(), OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).expect("it can be opened");
        let syncer = Syncer::default();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        syncer.sync(&descriptor).expect("it can be synced");
                    }
                });
            }
        });
        assert!(lock(&syncer.folders).is_empty(), "nothing is kept for a folder that nobody syncs");
    }
}
