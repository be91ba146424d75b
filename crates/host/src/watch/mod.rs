//! Watches whatever can make an observation stale, for all resources at once.
//!
//! Who watches is an *owner*, a number. An event is the owner's number and means "look again", never what changed; owners
//! that have to look again are kept as a set, so a burst of changes is one event and a slow reader costs nothing.
//!
//! Files are watched by a thread of their own ([`paths`]), so that an event is handed on within microseconds whatever the
//! runtime is doing. Everything else is a task or a callback that holds a [`Signal`].
//!
//! **Invariant:** after a watch is armed, and after it had to be armed anew, its owner is signalled: what happened in the
//! gap is looked at. What happens later is signalled later.

mod owners;
mod paths;
mod sources;
mod thread;

pub use sources::{Follow, Guard};

use crate::processes::LinuxProcesses;
use crate::services::LinuxServices;
use owners::Dirty;
use resource::Watch;
use rustc_hash::FxHashMap;
use sources::Sources;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use thread::{Order, Thread};
use tokio::sync::Notify;

/// Watches whatever can make an observation stale.
pub struct Watcher {
    thread: Thread,
    pending: Arc<Pending>,
    sources: Sources,
    others: Mutex<FxHashMap<u64, Others>>,
}

/// The watches of an owner that are no files.
#[derive(Default)]
struct Others {
    /// As long as it lives they are wanted.
    wanted: Arc<()>,
    /// What keeps them going; dropped to end them.
    guards: Vec<Guard>,
}

/// The owners that have to look again.
pub struct Events(Arc<Pending>);

/// Tells that an owner has to look again.
#[derive(Clone)]
pub struct Signal {
    owner: u64,
    wanted: Weak<()>,
    pending: Arc<Pending>,
}

/// How the file system is being watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WatchStatus {
    /// Folders that the kernel watches.
    pub armed: usize,
    /// Folders that it cannot watch, which are looked at now and then instead.
    pub polled: usize,
}

#[derive(Default)]
struct Pending {
    dirty: Mutex<Dirty>,
    failures: Mutex<Vec<Failure>>,
    arrived: Notify,
}

/// A watch that has broken.
struct Failure {
    owner: u64,
    wanted: Weak<()>,
    message: String,
}

impl Watcher {
    /// Starts watching; nothing yet.
    ///
    /// # Errors
    /// Where the kernel gives no inotify instance or no thread.
    pub fn new(processes: Arc<LinuxProcesses>, services: Arc<LinuxServices>) -> io::Result<(Watcher, Events)> {
        let pending = Arc::new(Pending::default());
        let thread = Thread::start(Arc::clone(&pending))?;
        let watcher = Watcher {
            thread,
            pending: Arc::clone(&pending),
            sources: Sources::new(processes, services),
            others: Mutex::default(),
        };
        Ok((watcher, Events(pending)))
    }

    /// Where changes of the values of this host, and of the store, come from; without them such watches only fire once.
    #[must_use]
    pub fn with_values(mut self, local: Follow, keys: Follow, candidacies: Follow) -> Watcher {
        self.sources.set_values(local, keys, candidacies);
        self
    }

    /// Watches something for an owner, beside what it watches already. The owner is signalled as soon as that is armed;
    /// a timer only after its first period. Must be called within a runtime.
    pub fn add(&self, owner: u64, watch: &Watch) {
        match watch {
            Watch::Path(_) | Watch::Folder(_) | Watch::Tree(_) => self.thread.order(Order::Add(owner, watch.clone())),
            other => {
                let wanted = Arc::downgrade(&self.others().entry(owner).or_default().wanted);
                let signal = Signal { owner, wanted, pending: Arc::clone(&self.pending) };
                let guard = self.sources.follow(other, signal);
                self.others().entry(owner).or_default().guards.push(guard);
            }
        }
    }

    /// Ends all watches of an owner. An event that was on its way may still come.
    pub fn remove(&self, owner: u64) {
        self.thread.order(Order::Remove(owner));
        // Dropped after the lock is released: a guard may be somebody else's code.
        let others = self.others().remove(&owner);
        drop(others);
    }

    /// The watches that have broken since the last time, with their owners and the reasons: they tell nothing any more, and
    /// are to be added anew. Their owners are among the [`Events`].
    pub fn failures(&self) -> Vec<(u64, String)> {
        let failures = std::mem::take(&mut *self.pending.failures());
        // Those that were removed meanwhile are of no interest.
        let wanted = failures.into_iter().filter(|failure| failure.wanted.strong_count() > 0);
        wanted.map(|failure| (failure.owner, failure.message)).collect()
    }

    /// Waits until all that happened in the file system before is among the events.
    pub async fn settled(&self) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.thread.order(Order::Settle(sender));
        // Fails only when the thread has ended, which happens with us.
        _ = receiver.await;
    }

    /// How the file system is being watched.
    pub fn status(&self) -> WatchStatus {
        self.thread.status()
    }

    fn others(&self) -> MutexGuard<'_, FxHashMap<u64, Others>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Events {
    /// Waits for owners that have to look again, and returns all of them, each once.
    pub async fn next(&mut self) -> Vec<u64> {
        loop {
            // An arrival after the look is remembered, so it is not missed.
            let dirty = self.take();
            if !dirty.is_empty() {
                return dirty;
            }
            self.0.arrived.notified().await;
        }
    }

    /// The owners that have to look again by now, each once.
    pub fn take(&mut self) -> Vec<u64> {
        self.0.dirty().take()
    }
}

impl Signal {
    /// The owner has to look again.
    pub fn fire(&self) {
        self.pending.add([self.owner]);
    }

    /// The watch has broken, and tells nothing any more.
    fn fail(&self, message: String) {
        let failure = Failure { owner: self.owner, wanted: Weak::clone(&self.wanted), message };
        self.pending.failures().push(failure);
        self.fire();
    }
}

impl Pending {
    fn add(&self, owners: impl IntoIterator<Item = u64>) {
        let mut dirty = self.dirty();
        owners.into_iter().for_each(|owner| dirty.add(owner));
        let any = !dirty.is_empty();
        drop(dirty);
        if any {
            self.arrived.notify_one();
        }
    }

    fn failures(&self) -> MutexGuard<'_, Vec<Failure>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dirty(&self) -> MutexGuard<'_, Dirty> {
        self.dirty.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
