//! The machine: files, processes, kernel and bus events.

mod accounts;
mod cancel;
mod files;
mod pool;
mod processes;
mod services;
mod watch;

pub use accounts::{AccountDatabase, LinuxAccounts};
pub use cancel::Canceller;
pub use files::{Backup, BackupBounds, Backups, LinuxFiles};
pub use pool::BlockingPool;
pub use processes::{Line, Lines, LinuxProcesses};
pub use services::LinuxServices;
pub use watch::{Events, Follow, Guard, Signal, WatchStatus, Watcher};
