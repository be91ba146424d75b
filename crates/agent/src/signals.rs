//! Tells tasks and the engine when something that they watch may have changed.
//!
//! One watch manager serves the whole process; it knows owners by number. This hands the numbers out and brings each event
//! to whom it belongs.

use resource::Watch;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// Watches for tasks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Signals {
    watcher: Arc<host::Watcher>,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    tasks: FxHashMap<u64, Arc<Notify>>,
}

/// Owners above this are tasks, below are vertices of the engine.
const FIRST_TASK: u64 = 1 << 63;

/// A watch of a task. Dropping it ends the watch.
pub(crate) struct Signal {
    owner: u64,
    notify: Arc<Notify>,
    signals: Signals,
}

impl Signals {
    /// Watches through a watch manager.
    pub(crate) fn new(watcher: Arc<host::Watcher>) -> Signals {
        Signals { watcher, waiting: Arc::default() }
    }

    /// Watches something for a task. Everything that happens after this returns is told.
    ///
    /// It returns when an event came, so who waits for this cannot be who brings the events.
    pub(crate) async fn watch(&self, watches: Vec<Watch>) -> Signal {
        let signal = self.begin(&watches);
        // The first event says that the watch is armed.
        signal.changed().await;
        signal
    }

    /// Begins to watch something. The first thing that is told is that the watch is armed: what happened before must be
    /// looked for then.
    pub(crate) fn begin(&self, watches: &[Watch]) -> Signal {
        let notify = Arc::new(Notify::new());
        let owner = {
            let mut waiting = self.lock();
            waiting.last += 1;
            let owner = FIRST_TASK + waiting.last;
            waiting.tasks.insert(owner, Arc::clone(&notify));
            owner
        };
        for watch in watches {
            self.watcher.add(owner, watch);
        }
        Signal { owner, notify, signals: self.clone() }
    }

    /// Tells the task that an owner stands for; false where the owner is not a task.
    pub(crate) fn tell(&self, owner: u64) -> bool {
        if let Some(notify) = self.lock().tasks.get(&owner) {
            notify.notify_one();
        }
        owner >= FIRST_TASK
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signal {
    /// Waits until what is watched may have changed since the last time.
    pub(crate) async fn changed(&self) {
        self.notify.notified().await;
    }

    /// Waits until what is watched may have changed, and has come to rest since.
    pub(crate) async fn settled(&self) {
        self.changed().await;
        self.rests().await;
    }

    /// Waits, after a change, until what is watched has come to rest: who saves a file in place empties it first, and who
    /// replaces it may remove it first.
    pub(crate) async fn rests(&self) {
        let mut unrest = Unrest::default();
        let mut due = unrest.disturbed(Instant::now());
        while timeout_at(due, self.changed()).await.is_ok() && Instant::now() < due {
            due = unrest.disturbed(Instant::now());
        }
    }
}

/// For how long nothing must have happened to a file until it is read, and how long that is waited for.
const QUIET: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// Something that goes on changing: it is looked at once nothing has happened for a moment, and after some time in any
/// case.
#[derive(Default)]
pub(crate) struct Unrest {
    latest: Option<Instant>,
    due: Option<Instant>,
}

impl Unrest {
    /// Takes note of a change, and says when to look.
    pub(crate) fn disturbed(&mut self, now: Instant) -> Instant {
        let due = (now + QUIET).min(*self.latest.get_or_insert(now + LONGEST));
        *self.due.insert(due)
    }

    /// When to look, where there is anything to look at.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        self.signals.lock().tasks.remove(&self.owner);
        self.signals.watcher.remove(self.owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_looked_at_once_it_rests_or_has_gone_on_for_long() {
        let start = Instant::now();
        let at = |milliseconds: u64| start + Duration::from_millis(milliseconds);
        let mut unrest = Unrest::default();
        assert_eq!(unrest.due(), None);
        assert_eq!(unrest.disturbed(at(0)), at(100));
        assert_eq!(unrest.disturbed(at(60)), at(160));
        assert_eq!(unrest.due(), Some(at(160)));
        assert_eq!(unrest.disturbed(at(1950)), at(2000));
        assert_eq!(unrest.disturbed(at(2500)), at(2000));
    }
}
