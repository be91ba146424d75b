//! The state directory: one agent at a time works with it.

use crate::Error;
use host::SystemClock;
use resource::host::Clock as _;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{Local, Memory, Store, schedule};
use tokio::time::{Instant, sleep};

/// How long to wait for whoever has the directory, how long without a word, and how long between two looks.
const PATIENCE: Duration = Duration::from_secs(60);
const SILENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

/// How often a store that is in use is copied until a copy is whole.
const TRIES: usize = 5;

/// The state directory and the store in it.
pub(crate) struct StateDirectory {
    path: PathBuf,
    /// To work with: it holds the lock of the directory until it is closed, also where tasks outlive the session.
    store: Arc<dyn Store>,
}

impl StateDirectory {
    /// Takes the directory to work with it: makes it where it is not there, and waits for whoever has it.
    ///
    /// # Errors
    /// Where it cannot be used, or somebody else does not let go of it.
    pub(crate) async fn take(path: &Path) -> Result<StateDirectory, Error> {
        let failed = |source| Error::State { path: path.to_owned(), source };
        // What is kept here may hold parts of managed files: nobody else reads it.
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let began = Instant::now();
        let mut told = false;
        loop {
            if let Some(store) = StateDirectory::try_take(path)? {
                schedule::abandon_all(&store, SystemClock.now()).await?;
                return Ok(StateDirectory { path: path.to_owned(), store: Arc::new(store) });
            }
            if began.elapsed() >= PATIENCE {
                return Err(Error::Locked { path: path.to_owned() });
            }
            if !told && began.elapsed() > SILENCE {
                told = true;
                tracing::warn!(path = %path.display(), "Waiting for another stead that works with this state directory");
            }
            sleep(PAUSE).await;
        }
    }

    /// The locked directory's store; nothing where somebody else has one of the two. When a process is killed, the system
    /// closes its files one after the other: the store may still be held when the lock is not any more.
    fn try_take(path: &Path) -> Result<Option<Local>, Error> {
        let failed = |source| Error::State { path: path.to_owned(), source };
        let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path.join("lock"));
        let lock = lock.map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        match Local::open_locked(&path.join("store"), lock) {
            Ok(store) => Ok(Some(store)),
            Err(store::Error::InUse(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks at the directory and leaves it as it is, also where somebody works with it.
    ///
    /// # Errors
    /// Where the store is damaged or cannot be read.
    pub(crate) async fn look(path: &Path) -> Result<StateDirectory, Error> {
        let store = path.join("store");
        let store: Arc<dyn Store> = match File::open(path.join("lock")) {
            // Whoever wants to work waits for as long as copying takes.
            Ok(lock) if lock.try_lock_shared().is_ok() && store.exists() => {
                let copy = Local::copy(&store)?;
                drop(lock);
                schedule::abandon_all(&copy, SystemClock.now()).await?;
                Arc::new(copy)
            }
            Ok(_) if store.exists() => StateDirectory::copy_in_use(&store),
            _ => Arc::new(Memory::default()),
        };
        Ok(StateDirectory { path: path.to_owned(), store })
    }

    /// A copy of a store that somebody may write to meanwhile. Such a copy can be torn; it has checksums that tell so, and
    /// writes are rare: the next copy is whole.
    fn copy_in_use(store: &Path) -> Arc<dyn Store> {
        match (0..TRIES).find_map(|_| Local::copy(store).ok()) {
            Some(copy) => Arc::new(copy),
            None => {
                tracing::warn!("Another process writes to the store all the time: values that hosts share are absent");
                Arc::new(Memory::default())
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }
}
