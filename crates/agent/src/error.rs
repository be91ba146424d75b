//! Why the agent cannot work.

use std::path::PathBuf;

/// Why the agent cannot work. What is wrong with a program is a diagnostic instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state directory cannot be used.
    #[error("cannot use the state directory `{}`", path.display())]
    State {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process uses the state directory.
    #[error("another stead works with the state directory `{}`", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The machine cannot be watched or worked on.
    #[error("cannot {action}")]
    Machine {
        /// What was tried.
        action: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}
