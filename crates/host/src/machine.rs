//! Puts the parts of a machine together.

use crate::{
    AccountDatabase, BackupBounds, Backups, BlockingPool, Events, Follow, LinuxAccounts, LinuxFiles, LinuxJournal,
    LinuxProcesses, LinuxServices, LocalStore, Show, Watcher, packages,
};
use resource::Host;
use resource::host::{Clock, Exchange, HostParts, Memory, StateFolder};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a machine is made of that does not come from the machine.
pub struct Parts {
    /// Values that hosts share.
    pub exchange: Arc<dyn Exchange>,
    /// How changes of those values are followed.
    pub keys: Follow,
    /// How it is followed what this host says as a candidate in a schedule.
    pub candidacies: Follow,
    /// Where lines for people go.
    pub show: Show,
    /// How much of what is replaced or removed is kept.
    pub backups: BackupBounds,
}

/// This machine.
pub struct Machine {
    /// What resources see of it.
    pub host: Host,
    /// Watches it.
    pub watcher: Watcher,
    /// What the watcher sees.
    pub events: Events,
    /// Values that belong to this host.
    pub local: Arc<LocalStore>,
    /// What was replaced or removed.
    pub backups: Arc<Backups>,
    /// Programs.
    pub processes: Arc<LinuxProcesses>,
}

/// This machine, with what is to be remembered below `state`. Touches nothing yet.
///
/// # Errors
/// Where the kernel gives no thread or no inotify instance.
pub fn linux(state: &Path, parts: Parts) -> io::Result<Machine> {
    let backups = Arc::new(Backups::new(state.join("backup"), parts.backups));
    let files = Arc::new(LinuxFiles::new(Arc::clone(&backups)));
    let local = Arc::new(LocalStore::new(state.join("local"), Arc::clone(&files) as _));
    let accounts = Arc::new(AccountDatabase::default());
    let processes = Arc::new(LinuxProcesses::new(Arc::clone(&accounts))?);
    let services = Arc::new(LinuxServices::new(Arc::clone(&processes)));
    let (watcher, events) = Watcher::new(Arc::clone(&processes), Arc::clone(&services))?;
    let values = Arc::clone(&local);
    let follow_values: Follow = Box::new(move |key, signal| values.follow(key, move || signal.fire()));
    let host = Host::new(HostParts {
        files,
        pool: Arc::new(BlockingPool::default()),
        processes: Arc::clone(&processes) as _,
        services,
        packages: packages::detect(Arc::clone(&processes)),
        accounts: Arc::new(LinuxAccounts::new(accounts, Arc::clone(&processes))),
        journal: Arc::new(LinuxJournal::new(parts.show)),
        local: Arc::clone(&local) as _,
        exchange: parts.exchange,
        clock: Arc::new(SystemClock),
        memory: Memory::default(),
        state: StateFolder::new(state),
    });
    let watcher = watcher.with_values(follow_values, parts.keys, parts.candidacies);
    Ok(Machine { host, watcher, events, local, backups, processes })
}

/// The time of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        // Before 1970 is as good as 1970.
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}
