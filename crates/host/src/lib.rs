//! The machine: the Linux implementation of every trait in `resource::host`, and the watcher.
//!
//! [`linux`] puts all parts together. This crate and the store's are the only ones that touch the world; they decide
//! nothing: what is to be done comes from kinds and the engine.
//!
//! **Invariant:** nothing here leaves a half-made change behind when it is stopped, dropped or killed: a file is the old or
//! the new one, and a program does not outlive its run.

mod accounts;
mod cancel;
mod files;
mod journal;
mod local;
mod machine;
mod packages;
mod pool;
mod processes;
mod services;
mod system;
mod watch;

pub use accounts::{AccountDatabase, LinuxAccounts};
pub use cancel::Canceller;
pub use files::{Backup, BackupBounds, Backups, LinuxFiles};
pub use journal::{LinuxJournal, Show};
pub use local::LocalStore;
pub use machine::{Machine, Parts, SystemClock, linux};
pub use pool::BlockingPool;
pub use processes::{Line, Lines, LinuxProcesses};
pub use services::LinuxServices;
pub use system::{
    effective_user, hostname, ignores_hangups, is_root, is_virtual, process_numbers, random_bits, random_letters,
    read_text, replace_text,
};
pub use watch::{Events, Follow, Guard, Signal, WatchStatus, Watcher};
