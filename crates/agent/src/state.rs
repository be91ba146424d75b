//! The state directory: one agent at a time.

use crate::Error;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long to wait for whoever has the directory, how long without a word, and how long between two looks.
const PATIENCE: Duration = Duration::from_secs(60);
const SILENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

/// The state directory, locked as long as this lives.
pub(crate) struct StateDirectory {
    path: PathBuf,
    _lock: File,
}

impl StateDirectory {
    /// Makes the directory where it is not there, and locks it; waits for whoever has it.
    pub(crate) async fn open(path: &Path) -> Result<StateDirectory, Error> {
        let failed = |source| Error::State { path: path.to_owned(), source };
        // What is kept here may hold parts of managed files: nobody else reads it.
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let file = path.join("lock");
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(file).map_err(failed)?;
        let began = Instant::now();
        let mut told = false;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(StateDirectory { path: path.to_owned(), _lock: lock }),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {}
                Err(TryLockError::WouldBlock) => return Err(Error::Locked { path: path.to_owned() }),
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
            if !told && began.elapsed() > SILENCE {
                told = true;
                tracing::warn!(path = %path.display(), "Waiting for another stead that works with this state directory");
            }
            sleep(PAUSE).await;
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
