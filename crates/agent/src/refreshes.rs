//! Notifications that were not acted on yet, and changes that were begun and may need some: they survive a restart of the
//! agent, and its end at any moment.
//!
//! Before a run changes a resource that others are to be notified of, a mark of it is on the disk. The mark goes once the
//! notifications that came of the run are on the disk. Those are in one file, which a task writes: what comes while it
//! writes is written together, and the session never waits.

use resource::host::{Files, NewFile, NewFolder, StateFolder};
use resource::{Key, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The stored form: a list of pairs.
#[derive(Serialize, Deserialize)]
struct Stored {
    from: (String, String),
    to: (String, String),
}

/// What is kept. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Refreshes {
    folder: PathBuf,
    files: Arc<dyn Files>,
    kept: Arc<Mutex<Kept>>,
    /// Held by whoever writes, from when it is known what is written: an older word never comes last.
    writing: Arc<Mutex<()>>,
    /// There is something to write.
    news: Arc<Notify>,
}

#[derive(Default)]
struct Kept {
    pending: BTreeSet<(Key, Key)>,
    /// What has a mark, and where. Each mark is a file of its own, so that one which goes is none that comes.
    begun: BTreeMap<Key, PathBuf>,
    marks: u64,
    /// Whose marks go when the notifications are written.
    finished: BTreeSet<Key>,
    changed: bool,
}

/// What an earlier life left behind.
#[derive(Default)]
pub(crate) struct LeftBehind {
    /// What changed, and what is to be notified.
    pub(crate) pending: Vec<(Key, Key)>,
    /// What was begun to be changed, and the mark that says so.
    begun: BTreeMap<Key, PathBuf>,
}

impl LeftBehind {
    /// Reads what was kept. What cannot be read is as good as nothing: everything is looked at anyway, and only
    /// notifications are lost.
    pub(crate) fn load(state: &Path) -> LeftBehind {
        let text = std::fs::read(state.join(PENDING)).unwrap_or_default();
        let stored: Vec<Stored> = serde_json::from_slice(&text).unwrap_or_default();
        let pending = stored.into_iter().map(|it| (key(it.from), key(it.to))).collect();
        let marks = std::fs::read_dir(state.join(MARKS)).into_iter().flatten().flatten();
        let begun = marks.filter_map(|mark| {
            let parts = serde_json::from_slice(&std::fs::read(mark.path()).ok()?).ok()?;
            Some((key(parts), mark.path()))
        });
        LeftBehind { pending, begun: begun.collect() }
    }

    /// What was begun to be changed.
    pub(crate) fn begun(&self) -> impl Iterator<Item = Key> {
        self.begun.keys().cloned()
    }
}

const PENDING: &str = "notifications.json";
const MARKS: &str = "begun";

fn key((kind, name): (String, String)) -> Key {
    Key::new(kind, name)
}

fn parts(key: &Key) -> (String, String) {
    (key.kind.to_string(), key.name.to_string())
}

impl Refreshes {
    /// Keeps what was left behind, and what will come; the task that writes it ends with [`Refreshes::finish`].
    pub(crate) fn new(state: &Path, files: Arc<dyn Files>, left: &LeftBehind) -> (Refreshes, Writer) {
        let kept =
            Kept { pending: left.pending.iter().cloned().collect(), begun: left.begun.clone(), ..Kept::default() };
        let refreshes = Refreshes {
            folder: state.to_owned(),
            files,
            kept: Arc::new(Mutex::new(kept)),
            writing: Arc::default(),
            news: Arc::new(Notify::new()),
        };
        let writer = Writer(tokio::spawn(refreshes.clone().write_always()));
        (refreshes, writer)
    }

    /// Remembers or forgets a notification.
    pub(crate) fn set(&self, from: Key, to: Key, pending: bool) {
        let (mut kept, pair) = (self.lock(), (from, to));
        if if pending { kept.pending.insert(pair) } else { kept.pending.remove(&pair) } {
            kept.changed = true;
            self.news.notify_one();
        }
    }

    /// A resource is about to be changed. The mark is on the disk when this returns.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn begin(&self, key: &Key) -> Result<()> {
        let mut kept = self.lock();
        kept.finished.remove(key);
        if kept.begun.contains_key(key) {
            return Ok(());
        }
        kept.marks += 1;
        let folder = self.folder.join(MARKS);
        let name = StateFolder::name_of(&key.kind, &key.name);
        let mark = folder.join(format!("{name}.{}.{}", std::process::id(), kept.marks));
        kept.begun.insert(key.clone(), mark.clone());
        drop(kept);
        self.files.make_folder(&folder, &NewFolder::private())?;
        self.write(&mark, &parts(key))
    }

    /// What came of a change is known, and what is to be notified was [set](Refreshes::set).
    pub(crate) fn finished(&self, key: &Key) {
        let mut kept = self.lock();
        if kept.begun.contains_key(key) {
            kept.finished.insert(key.clone());
            self.news.notify_one();
        }
    }

    fn write(&self, path: &Path, content: &impl Serialize) -> Result<()> {
        self.files.write(path, &NewFile::private(serde_json::to_vec(content).unwrap_or_default()))?;
        // What comes next, a change or the end of a mark, relies on it.
        self.files.sync()
    }

    async fn write_always(self) {
        loop {
            self.news.notified().await;
            let writing = self.clone();
            let written = tokio::task::spawn_blocking(move || writing.write_news()).await;
            if let Ok(Err(error)) = written {
                tracing::error!(
                    error = error.chain(),
                    "A notification cannot be kept: it would be lost with a restart"
                );
            }
        }
    }

    fn write_news(&self) -> Result<()> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = self.lock();
        let finished = kept.finished.clone();
        let pending = std::mem::take(&mut kept.changed).then(|| kept.pending.clone());
        drop(kept);
        if let Some(pending) = pending {
            let stored: Vec<Stored> =
                pending.iter().map(|(from, to)| Stored { from: parts(from), to: parts(to) }).collect();
            let written = self.write(&self.folder.join(PENDING), &stored);
            if written.is_err() {
                // The next word tries again, and until then the marks stay.
                self.lock().changed = true;
                return written;
            }
        }
        let mut kept = self.lock();
        // A run that has begun meanwhile took itself out: it needs its mark.
        let finished: Vec<Key> = finished.into_iter().filter(|key| kept.finished.remove(key)).collect();
        let marks: Vec<PathBuf> = finished.iter().filter_map(|key| kept.begun.remove(key)).collect();
        drop(kept);
        for mark in marks {
            // A mark that stays costs a notification too many after the next start.
            _ = std::fs::remove_file(mark);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task that writes.
pub(crate) struct Writer(JoinHandle<()>);

impl Writer {
    /// Ends the task, with everything written.
    pub(crate) async fn finish(self, refreshes: Refreshes) {
        self.0.abort();
        // Whether it was still writing does not matter: the last write has everything.
        _ = self.0.await;
        let written = tokio::task::spawn_blocking(move || refreshes.write_news()).await;
        if let Ok(Err(error)) = written {
            tracing::error!(error = error.chain(), "Notifications cannot be kept: they are lost");
        }
    }
}
