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

pub use accounts::{Account, AccountChange, Accounts, Group, GroupChange};
pub use cancel::CancelSource;
pub use cancel::{Cancellation, Urgency};
pub use files::{Content, Entry, FileKind, FileMeta, Files, NewFile};
pub use memory::Memory;
pub use packages::{PackageChange, PackageFacts, Packages};
pub use process::{Captured, Command, Identity as ProcessIdentity, ProcessError, Processes};
pub use services::{ActiveState, JobMode, Services, UnitFacts};
pub use shared::{Clock, Exchange, Journal, Local, Priority, StateFolder, file_name};

use crate::any::BoxFuture;
use crate::{Error, Result};
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

/// The error of a file operation.
pub fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { action, path, source }
}
