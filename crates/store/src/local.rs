//! A store in one local file: the default, with nothing to install.
//!
//! Reads and watches are served from memory; a commit is on the disk before anybody sees it.

use crate::history::{History, entry};
use crate::{Committed, Compare, Entry, Error, Result, Revision, Store, Watching, Write};
use async_trait::async_trait;
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, StorageBackend as _, TableDefinition};
use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Key to value, revision of its making, revision of its last change.
const ENTRIES: TableDefinition<'_, &str, (&[u8], u64, u64)> = TableDefinition::new("entries");
/// `revision` to the revision of the store.
const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("facts");
const REVISION: &str = "revision";

/// A store in one local file. One process at a time can have it open.
pub struct Local {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    history: Mutex<History>,
    /// Dropped once the file is closed.
    _lock: Option<Box<dyn Any + Send + Sync>>,
}

impl Local {
    /// Opens a store, or makes one.
    ///
    /// # Errors
    /// Where the file is in use, damaged, or cannot be made.
    pub fn open(path: &Path) -> Result<Local> {
        Local::open_file(path, None)
    }

    /// Opens a store, or makes one, and keeps a lock until it is closed again: which is when the last piece of work on it
    /// has ended, whoever let go of it before.
    ///
    /// # Errors
    /// Where the file is in use, damaged, or cannot be made. The lock is gone then.
    pub fn open_locked(path: &Path, lock: impl Any + Send + Sync) -> Result<Local> {
        Local::open_file(path, Some(Box::new(lock)))
    }

    /// A copy of a store, in memory: what happens to it leaves the file as it is.
    ///
    /// # Errors
    /// Where the file is damaged or cannot be read, or somebody wrote to it meanwhile and the copy is torn.
    pub fn copy(path: &Path) -> Result<Local> {
        let content = std::fs::read(path).map_err(unusable(path))?;
        let memory = InMemoryBackend::new();
        memory.set_len(content.len() as u64).map_err(unusable(path))?;
        memory.write(0, &content).map_err(unusable(path))?;
        Local::new(Database::builder().create_with_backend(memory).map_err(unusable(path))?, path, None)
    }

    fn open_file(path: &Path, lock: Option<Box<dyn Any + Send + Sync>>) -> Result<Local> {
        if !path.exists() {
            make(path)?;
        }
        let database = Database::open(path).map_err(unusable(path))?;
        Local::new(database, path, lock)
    }

    fn new(database: Database, path: &Path, lock: Option<Box<dyn Any + Send + Sync>>) -> Result<Local> {
        let (entries, revision) = load(&database, path)?;
        let history = Mutex::new(History::restore(entries, revision));
        Ok(Local { inner: Arc::new(Inner { database, history, _lock: lock }) })
    }

    fn with<T>(&self, work: impl FnOnce(&mut History) -> T) -> T {
        // A panic while the lock was held left the last whole state: every change is made after it was prepared.
        work(&mut self.inner.history.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes an empty store. It gets its name when it is whole: a full disk or an end at a bad moment leaves none that cannot be
/// opened.
fn make(path: &Path) -> Result<()> {
    let unfinished = path.with_extension("new");
    let failed = |source: std::io::Error| Error::Unusable { path: path.to_owned(), source: Box::new(source) };
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let made = Database::create(&unfinished).map_err(unusable(path)).and_then(|database| load(&database, path));
    // Another process may have been faster: its store stays.
    let named = made.and_then(|_| match std::fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        // Not every file system has links.
        Err(_) => std::fs::rename(&unfinished, path).map_err(failed),
        Ok(()) => Ok(()),
    });
    // What is left of it is in nobody's way, and the next one removes it.
    _ = std::fs::remove_file(&unfinished);
    named?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// The error about the file of a store that cannot be made, opened or read.
fn unusable<E: Into<redb::Error>>(path: &Path) -> impl FnOnce(E) -> Error {
    let path = path.to_owned();
    move |error| match error.into() {
        redb::Error::DatabaseAlreadyOpen => Error::InUse(path.display().to_string()),
        error => Error::Unusable { path, source: cause(error) },
    }
}

/// Of the database's own errors, those of the system say "I/O error" before they say which.
fn cause(error: redb::Error) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        redb::Error::Io(source) => Box::new(source),
        other => Box::new(other),
    }
}

/// Reads everything that was kept.
fn load(database: &Database, path: &Path) -> Result<(BTreeMap<String, Entry>, Revision)> {
    // Makes the tables where they are not there yet.
    let write = database.begin_write().map_err(unusable(path))?;
    write.open_table(ENTRIES).map_err(unusable(path))?;
    write.open_table(FACTS).map_err(unusable(path))?;
    write.commit().map_err(unusable(path))?;

    let read = database.begin_read().map_err(unusable(path))?;
    let mut entries = BTreeMap::new();
    for row in read.open_table(ENTRIES).map_err(unusable(path))?.iter().map_err(unusable(path))? {
        let (key, row) = row.map_err(unusable(path))?;
        let (value, created, modified) = row.value();
        entries.insert(key.value().to_owned(), entry(key.value(), value, created, modified));
    }
    let facts = read.open_table(FACTS).map_err(unusable(path))?;
    let revision = facts.get(REVISION).map_err(unusable(path))?.map_or(0, |it| it.value());
    Ok((entries, Revision(revision)))
}

impl Inner {
    /// Puts changes on the disk, then makes them visible.
    fn commit(&self, when: &[Compare], then: Vec<Write>) -> Result<Committed> {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writes) = history.prepare(when, then) else { return Ok(history.refused()) };
        if !writes.is_empty() {
            self.keep(&history, &writes)?;
        }
        Ok(history.apply(writes))
    }

    fn keep(&self, history: &History, writes: &[Write]) -> Result<()> {
        let revision = history.next_revision().0;
        let transaction = self.database.begin_write().map_err(home("be written"))?;
        {
            let mut entries = transaction.open_table(ENTRIES).map_err(home("be written"))?;
            for write in writes {
                match write {
                    Write::Put(key, value) => {
                        let created = history.get(key).map_or(revision, |it| it.created.0);
                        let row = (value.as_slice(), created, revision);
                        entries.insert(key.as_str(), row).map_err(home("be written"))?;
                    }
                    Write::Delete(key) => _ = entries.remove(key.as_str()).map_err(home("be written"))?,
                }
            }
            let mut facts = transaction.open_table(FACTS).map_err(home("be written"))?;
            facts.insert(REVISION, revision).map_err(home("be written"))?;
        }
        transaction.commit().map_err(home("be written"))
    }
}

fn home<E: Into<redb::Error>>(action: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Home { action, source: cause(error.into()) }
}

#[async_trait]
impl Store for Local {
    async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.with(|history| history.get(key)))
    }

    async fn range(&self, prefix: &str) -> Result<(Revision, Vec<Entry>)> {
        Ok(self.with(|history| history.range(prefix)))
    }

    async fn commit(&self, when: Vec<Compare>, then: Vec<Write>) -> Result<Committed> {
        let inner = Arc::clone(&self.inner);
        let work = tokio::task::spawn_blocking(move || inner.commit(&when, then));
        work.await.unwrap_or_else(|error| Err(Error::Home { action: "be written", source: Box::new(error) }))
    }

    async fn watch(&self, prefix: &str, after: Revision) -> Result<Watching> {
        self.with(|history| history.watch(prefix, after))
    }
}
