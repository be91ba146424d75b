//! One store interface, several homes: memory, and one local file.
//!
//! A store maps keys to values and counts its changes: every commit that changes something is one [`Revision`]. Whoever
//! watches sees every change after a revision, in order and each once, or is told that the store has forgotten so far back.
//! What hosts share (values, exported resources, who stands in a schedule) is written on this interface once, in [`World`].

mod history;
mod local;
mod memory;
pub mod schedule;
mod world;

pub use local::Local;
pub use memory::Memory;
pub use world::{Exported, World};

use async_trait::async_trait;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Counts the changes of a store, from 1; 0 is the empty store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Arc<[u8]>,
    /// When the key was made, the last time that it was.
    pub created: Revision,
    /// When the value was last set.
    pub modified: Revision,
}

/// What must hold for a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compare {
    /// There is no such key.
    Missing(String),
    /// The key was last set at this revision.
    ModifiedAt(String, Revision),
    /// The key has this value.
    ValueIs(String, Vec<u8>),
}

/// One change of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Sets a key.
    Put(String, Vec<u8>),
    /// Removes a key; fine where there is none.
    Delete(String),
}

/// What came of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Whether everything held and the changes were made.
    pub succeeded: bool,
    /// The revision of the store afterwards.
    pub revision: Revision,
}

/// A change that a watch sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was set.
    Put(Entry),
    /// A key was removed.
    Delete {
        /// The key.
        key: String,
        /// When.
        revision: Revision,
    },
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The changes after this revision are forgotten; read everything again and watch from there.
    #[error("the store has forgotten its changes before revision {0:?}")]
    Compacted(Revision),
    /// Something is kept under a key that is not what is kept there: another version may have written it.
    #[error("what the store has under `{key}` cannot be read")]
    Garbled {
        /// The key.
        key: String,
    },
    /// The file of a local store is in use.
    #[error("the store `{0}` is in use by another process")]
    InUse(String),
    /// The file of a local store cannot be made or opened.
    #[error("the store `{}` cannot be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The home of the store failed.
    #[error("the store cannot {action}")]
    Home {
        /// What was tried.
        action: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A result of asking a store.
pub type Result<T> = std::result::Result<T, Error>;

/// A stream of changes. Dropping it ends the watch.
#[derive(Debug)]
pub struct Watching {
    events: mpsc::UnboundedReceiver<Event>,
}

impl Watching {
    /// The next change; `None` when the store is gone.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }
}

/// A store. All keys are texts; the parts of a key are separated by slashes.
#[async_trait]
pub trait Store: Send + Sync {
    /// The entry of a key.
    async fn get(&self, key: &str) -> Result<Option<Entry>>;

    /// The entries whose keys begin with a text, sorted by key, and the revision at which they were read.
    async fn range(&self, prefix: &str) -> Result<(Revision, Vec<Entry>)>;

    /// Makes all changes, or none where something does not hold. A commit that changes nothing has no revision of its own.
    async fn commit(&self, when: Vec<Compare>, then: Vec<Write>) -> Result<Committed>;

    /// Every change after a revision to keys that begin with a text.
    async fn watch(&self, prefix: &str, after: Revision) -> Result<Watching>;
}
