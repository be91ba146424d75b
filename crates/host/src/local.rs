//! Values, numbers and folders that belong to this host, below the state folder.
//!
//!     values/KEY       a value: its key and the value with its type, as JSON
//!     numbers/SPACE    the numbers of a namespace, as JSON
//!     folders/…        folders that programs ask for
//!
//! **Invariant:** what a follower is told is on disk before he is told.

use crate::watch::Guard;
use resource::export::{decode_value, encode_value};
use resource::host::{Files, Local, NewFolder, file_name};
use resource::{Error, Result};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::watch;
use value::Value;

/// What the names of files begin with, so that none of them is `.` or `..`.
const PREFIX: &str = "=";

/// Values, numbers and folders that belong to this host.
pub struct LocalStore {
    root: PathBuf,
    files: Arc<dyn Files>,
    values: Mutex<FxHashMap<String, Option<Value>>>,
    numbers: Mutex<()>,
    followers: Mutex<Followers>,
    exit: watch::Sender<Option<i32>>,
}

#[derive(Default)]
struct Followers {
    next: u64,
    by_key: FxHashMap<String, BTreeMap<u64, Notify>>,
}

/// Told that a value has changed.
type Notify = Arc<dyn Fn() + Send + Sync>;

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    /// In the form of `resource::export::encode_value`.
    value: String,
}

impl LocalStore {
    /// The store below this folder, which is made when it is first written to.
    pub fn new(root: PathBuf, files: Arc<dyn Files>) -> LocalStore {
        LocalStore {
            root,
            files,
            values: Mutex::default(),
            numbers: Mutex::default(),
            followers: Mutex::default(),
            exit: watch::Sender::new(None),
        }
    }

    /// Calls whenever the value of a key has changed, and once in the beginning, until what is returned is dropped.
    pub fn follow(self: &Arc<LocalStore>, key: &str, notify: impl Fn() + Send + Sync + 'static) -> Guard {
        let notify: Notify = Arc::new(notify);
        let mut followers = lock(&self.followers);
        let id = followers.next;
        followers.next += 1;
        followers.by_key.entry(key.to_owned()).or_default().insert(id, Arc::clone(&notify));
        drop(followers);
        notify();
        Box::new(Following { store: Arc::downgrade(self), key: key.to_owned(), id })
    }

    /// The exit code that a resource has asked the agent to end with; the first one counts.
    pub fn exit_requests(&self) -> watch::Receiver<Option<i32>> {
        self.exit.subscribe()
    }

    /// The number of something in a namespace: the same for ever, from 1, never that of something else.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn number(&self, namespace: &str, id: &str) -> Result<i64> {
        let turn = lock(&self.numbers);
        let path = self.root.join("numbers").join(file_name(PREFIX, namespace));
        let mut numbers: BTreeMap<String, i64> = match self.files.read(&path)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(damaged(&path))?,
            None => BTreeMap::new(),
        };
        if let Some(number) = numbers.get(id) {
            return Ok(*number);
        }
        let number = numbers.values().max().map_or(1, |largest| largest + 1);
        numbers.insert(id.to_owned(), number);
        self.files.keep(&path, serde_json::to_vec(&numbers).map_err(damaged(&path))?)?;
        drop(turn);
        Ok(number)
    }

    /// A folder for whatever a program keeps there, made where it is missing. The path is relative and leads nowhere else.
    ///
    /// # Errors
    /// Where the path leads elsewhere, or the folder cannot be made.
    pub fn folder(&self, relative: &str) -> Result<PathBuf> {
        let is_below = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_)));
        if !is_below {
            return Err(Error::failed(format!("`{relative}` is not a relative path that stays below its folder")));
        }
        let path = self.root.join("folders").join(relative);
        self.files.make_folder(&path, &NewFolder { mode: Some(0o750), ..NewFolder::private() })?;
        Ok(path)
    }

    fn value_path(&self, key: &str) -> PathBuf {
        self.root.join("values").join(file_name(PREFIX, key))
    }

    fn load(&self, key: &str) -> Result<Option<Value>> {
        let path = self.value_path(key);
        let Some(bytes) = self.files.read(&path)? else { return Ok(None) };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(damaged(&path))?;
        if stored.key != key {
            return Ok(None);
        }
        decode_value(&stored.value).map(Some).map_err(damaged(&path))
    }
}

impl Local for LocalStore {
    fn value(&self, key: &str) -> Result<Option<Value>> {
        let mut values = lock(&self.values);
        if let Some(value) = values.get(key) {
            return Ok(value.clone());
        }
        let value = self.load(key)?;
        values.insert(key.to_owned(), value.clone());
        Ok(value)
    }

    fn set_value(&self, key: &str, value: Option<Value>) -> Result<()> {
        // Held until it is on disk, so that of two who set it the later one is the one that is kept.
        let mut values = lock(&self.values);
        let before = match values.get(key) {
            Some(value) => value.clone(),
            // What is damaged is replaced.
            None => self.load(key).unwrap_or_default(),
        };
        if before == value {
            values.insert(key.to_owned(), value);
            return Ok(());
        }
        let path = self.value_path(key);
        match &value {
            None => {
                self.files.remove(&path, false, false)?;
                self.files.sync()?;
            }
            Some(value) => {
                let text = encode_value(value).ok_or_else(|| {
                    Error::failed(format!("the value of `{key}` holds a function, which cannot be kept"))
                })?;
                let stored = Stored { key: key.to_owned(), value: text };
                self.files.keep(&path, serde_json::to_vec(&stored).map_err(damaged(&path))?)?;
            }
        }
        values.insert(key.to_owned(), value);
        drop(values);
        let followers: Vec<Notify> =
            lock(&self.followers).by_key.get(key).into_iter().flat_map(BTreeMap::values).cloned().collect();
        followers.iter().for_each(|notify| notify());
        Ok(())
    }

    fn random(&self, count: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        let mut filled = 0;
        while filled < count {
            // The kernel gives less than asked for when a signal comes.
            match rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty()) {
                Ok(more) => filled += more,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Error::caused("cannot get random bytes", error)),
            }
        }
        Ok(bytes)
    }

    fn exit(&self, code: i32) {
        self.exit.send_if_modified(|asked| {
            let is_first = asked.is_none();
            asked.get_or_insert(code);
            is_first
        });
    }
}

struct Following {
    store: Weak<LocalStore>,
    key: String,
    id: u64,
}

impl Drop for Following {
    fn drop(&mut self) {
        let Some(store) = self.store.upgrade() else { return };
        let mut followers = lock(&store.followers);
        if let Some(of_key) = followers.by_key.get_mut(&self.key) {
            of_key.remove(&self.id);
            if of_key.is_empty() {
                followers.by_key.remove(&self.key);
            }
        }
    }
}

fn damaged<E: std::error::Error + Send + Sync + 'static>(path: &Path) -> impl FnOnce(E) -> Error {
    let message = format!("`{}` is damaged", path.display());
    move |error| Error::caused(message, error)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each is a cache or a table that is changed in one go.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BackupBounds, Backups, LinuxFiles};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn store(folder: &Path) -> Arc<LocalStore> {
        let backups = Arc::new(Backups::new(folder.join("backup"), BackupBounds::default()));
        Arc::new(LocalStore::new(folder.join("local"), Arc::new(LinuxFiles::new(backups))))
    }

    #[test]
    fn a_value_survives_a_restart_and_can_be_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let value = Value::list([Value::str("a"), Value::str("b")]);
        store(folder.path()).set_value("../key", Some(value.clone())).expect("kept");
        let again = store(folder.path());
        assert_eq!(again.value("../key").expect("readable"), Some(value));
        again.set_value("../key", None).expect("removed");
        assert_eq!(store(folder.path()).value("../key").expect("readable"), None);
    }

    #[test]
    fn followers_are_told_of_changes_only() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = store(folder.path());
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let guard = store.follow("key", move || _ = counter.fetch_add(1, Ordering::SeqCst));
        assert_eq!(count.load(Ordering::SeqCst), 1, "once in the beginning");
        for value in [1, 1, 2] {
            store.set_value("key", Some(Value::Int(value))).expect("kept");
            store.set_value("other", Some(Value::Int(value))).expect("kept");
        }
        assert_eq!(count.load(Ordering::SeqCst), 3);
        drop(guard);
        store.set_value("key", None).expect("removed");
        assert_eq!(count.load(Ordering::SeqCst), 3);
        assert!(lock(&store.followers).by_key.is_empty());
    }

    #[test]
    fn numbers_stay_and_are_never_given_twice() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let number = |space: &str, id: &str| store(folder.path()).number(space, id).expect("kept");
        assert_eq!([number("a", "x"), number("a", "y"), number("b", "y"), number("a", "x")], [1, 2, 1, 1]);
    }

    #[test]
    fn folders_stay_below() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = store(folder.path());
        assert!(store.folder("a/b").expect("made").is_dir());
        for path in ["../a", "/etc", "a/../../b"] {
            store.folder(path).expect_err("it leads elsewhere");
        }
    }

    #[test]
    fn the_first_exit_code_counts() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = store(folder.path());
        let requests = store.exit_requests();
        store.exit(3);
        store.exit(4);
        assert_eq!(*requests.borrow(), Some(3));
    }
}
