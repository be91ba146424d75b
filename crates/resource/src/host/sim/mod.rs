//! A machine in memory, for tests.
//!
//! It behaves as the traits of [`super`] say and nothing more: files with owners, modes and links, programs that a test
//! scripts, units that follow their unit files, a package repository, accounts, and a clock that stands still until it is
//! moved. A test looks at and changes everything through [`SimHost::world`].
//!
//! **Invariant:** every call that changes the machine is noted in [`World::changes`], so a test can tell that a run which
//! must not change anything did not even try. Lines that are shown to people are no change.

mod accounts;
mod files;
mod packages;
mod processes;
mod services;
mod shared;

pub use files::{Node, NodeKind};
pub use packages::{Available, Installed};
pub use processes::{Program, Run};
pub use services::Unit;
pub use shared::Entry;

use super::{Account, Candidacy, Group, Host, HostParts, Memory, Pool, Shadow, StateFolder};
use crate::{BoxFuture, Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use value::Value;

/// A machine in memory. Cheap to clone; all clones are one machine.
#[derive(Clone)]
pub struct SimHost(Arc<Mutex<World>>);

/// Everything about a machine in memory.
#[derive(Debug)]
pub struct World {
    /// The files by their paths, the root folder included.
    pub files: BTreeMap<PathBuf, Node>,
    /// Where something is mounted.
    pub mounts: BTreeSet<PathBuf>,
    /// What was replaced or removed and is kept, oldest first.
    pub backups: Vec<(PathBuf, Vec<u8>)>,
    /// The programs by name or path. Some small ones are there from the start.
    pub programs: BTreeMap<String, Program>,
    /// Every program that was run, in order.
    pub runs: Vec<Run>,
    /// The units by name and manager (`true` for the user's).
    pub units: BTreeMap<(String, bool), Unit>,
    /// Whether there is a service manager.
    pub has_systemd: bool,
    /// Whether the kernel heeds SELinux contexts.
    pub heeds_selinux: bool,
    /// What the repositories have.
    pub available: BTreeMap<String, Available>,
    /// What is installed.
    pub installed: BTreeMap<String, Installed>,
    /// What is said about the package lists that cannot be fetched.
    pub unreachable: Vec<String>,
    /// The users by name.
    pub users: BTreeMap<String, Account>,
    /// The passwords and expiries of users by name; a user without one has none and never expires.
    pub shadows: BTreeMap<String, Shadow>,
    /// The groups by name.
    pub groups: BTreeMap<String, Group>,
    /// What was written to a log or shown.
    pub log: Vec<Entry>,
    /// Values that belong to this host.
    pub local: BTreeMap<String, Value>,
    /// Values that hosts share.
    pub exchange: BTreeMap<String, String>,
    /// This host's values under keys that every host has its own value of.
    pub mapped: BTreeMap<String, String>,
    /// What this host has said as a candidate, by schedule.
    pub candidacies: BTreeMap<String, Candidacy>,
    /// The exit code that was asked for.
    pub exit: Option<i32>,
    /// The seconds since 1970.
    pub now: u64,
    /// Every change to the machine, as a short text, in order.
    pub changes: Vec<String>,
    /// What goes wrong in place of the change of this number, counted from 0; once.
    pub fault: Option<(usize, Fault)>,
    /// Grows with every file that is written: what stands for time between two changes.
    generation: u64,
}

impl Default for World {
    fn default() -> World {
        let mut world = World {
            files: BTreeMap::new(),
            mounts: BTreeSet::new(),
            backups: Vec::new(),
            programs: processes::small_programs(),
            runs: Vec::new(),
            units: BTreeMap::new(),
            has_systemd: true,
            heeds_selinux: true,
            available: BTreeMap::new(),
            installed: BTreeMap::new(),
            unreachable: Vec::new(),
            users: BTreeMap::new(),
            shadows: BTreeMap::new(),
            groups: BTreeMap::new(),
            log: Vec::new(),
            local: BTreeMap::new(),
            exchange: BTreeMap::new(),
            mapped: BTreeMap::new(),
            candidacies: BTreeMap::new(),
            exit: None,
            now: 1_500_000_000,
            changes: Vec::new(),
            fault: None,
            generation: 0,
        };
        world.put_folder("/", 0o755);
        world.put_group("root", 0);
        world.put_user("root", 0, 0);
        world
    }
}

/// What can go wrong in place of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call fails.
    Fails,
    /// The agent ends: it unwinds with [`Death`], without a word about a panic.
    Dies,
}

/// What the agent unwinds with when a test has it end in the middle.
#[derive(Clone, Copy, Debug)]
pub struct Death;

impl World {
    /// Notes a change that is about to be made.
    ///
    /// # Errors
    /// Where a test wants it to fail.
    fn change(&mut self, what: impl Into<String>) -> Result<()> {
        let what = what.into();
        match self.fault.take_if(|(at, _)| *at == self.changes.len()) {
            Some((_, Fault::Fails)) => return Err(Error::failed(format!("cannot {what}: the test does not let it"))),
            Some((_, Fault::Dies)) => std::panic::resume_unwind(Box::new(Death)),
            None => self.changes.push(what),
        }
        Ok(())
    }
}

impl Default for SimHost {
    fn default() -> SimHost {
        SimHost::new()
    }
}

impl SimHost {
    /// A machine with a root folder, the user and the group root, and nothing else.
    pub fn new() -> SimHost {
        SimHost(Arc::new(Mutex::new(World::default())))
    }

    /// The machine, to look at or to change. Let go of it before the host is used again.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The machine as kinds see it. All of these are one machine, but each remembers for itself, as a new life of the
    /// agent does.
    pub fn host(&self) -> Host {
        let part = Arc::new(self.clone());
        Host::new(HostParts {
            files: part.clone(),
            pool: Arc::new(Inline),
            processes: part.clone(),
            services: part.clone(),
            packages: part.clone(),
            accounts: part.clone(),
            journal: part.clone(),
            local: part.clone(),
            exchange: part.clone(),
            clock: part,
            memory: Memory::default(),
            state: StateFolder::new(Path::new("/var/lib/stead")),
        })
    }
}

/// Runs work where it is asked for.
struct Inline;

impl Pool for Inline {
    fn run<'a>(&'a self, work: Box<dyn FnOnce() + Send + 'static>) -> BoxFuture<'a, ()> {
        Box::pin(async move { work() })
    }

    fn start(&self, work: Box<dyn FnOnce() + Send + 'static>) {
        work();
    }
}
