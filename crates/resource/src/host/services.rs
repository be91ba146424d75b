//! Units of the service manager.

use crate::Result;
use crate::any::BoxFuture;

/// Whether a unit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActiveState {
    /// It runs.
    Active,
    /// It runs and reads its configuration anew.
    Reloading,
    /// It does not run.
    Inactive,
    /// It ended with an error.
    Failed,
    /// It is about to run.
    Activating,
    /// It is about to stop.
    Deactivating,
    /// It runs and is being kept from working, for instance for maintenance.
    Other,
}

/// What the manager knows about a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFacts {
    /// Whether there is such a unit. Everything else is empty where there is not.
    pub exists: bool,
    /// Whether it runs.
    pub active: ActiveState,
    /// For instance `enabled`, `disabled`, `static`, `masked`, `indirect`, `generated`; empty where it has no file.
    pub startup: String,
    /// Whether its file has changed since the manager read it.
    pub needs_reload: bool,
    /// Whether it can read its configuration anew without a restart.
    pub can_reload: bool,
    /// Whether it is masked by the package that brings it, which cannot be undone.
    pub is_masked_by_package: bool,
}

impl UnitFacts {
    /// There is no such unit.
    pub fn missing() -> UnitFacts {
        UnitFacts {
            exists: false,
            active: ActiveState::Inactive,
            startup: String::new(),
            needs_reload: false,
            can_reload: false,
            is_masked_by_package: false,
        }
    }
}

/// What happens to a unit's jobs that are in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobMode {
    /// The new job fails where it conflicts.
    Fail,
    /// The new job takes their place.
    Replace,
}

/// Units of the service manager, the system's or, with `session`, the user's. Names have their suffix.
///
/// Changes wait for their jobs to end. A job that fails is an error that says the job's result and the unit's last lines
/// of the journal.
pub trait Services: Send + Sync {
    /// What the manager knows about a unit.
    fn unit<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<UnitFacts>>;

    /// Makes the manager read all unit files anew.
    fn reload_manager<'a>(&'a self, session: bool) -> BoxFuture<'a, Result<()>>;

    /// Makes a unit start with the machine.
    fn enable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>>;

    /// Makes a unit not start with the machine.
    fn disable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>>;

    /// Makes it impossible to start a unit, which need not be there.
    fn mask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>>;

    /// Makes it possible to start a masked unit.
    fn unmask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>>;

    /// Starts a unit.
    fn start<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>>;

    /// Stops a unit.
    fn stop<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>>;

    /// Makes a unit that runs read its configuration anew, or restarts it where it cannot; one that does not run stays so.
    fn reload_or_try_restart<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>>;

    /// Restarts a unit that runs; one that does not run stays so.
    fn try_restart<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>>;
}
