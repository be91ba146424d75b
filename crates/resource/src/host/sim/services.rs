//! Units in memory.

use super::{SimHost, World};
use crate::host::{ActiveState, JobMode, Services, UnitFacts};
use crate::{BoxFuture, Error, Result};
use std::path::Path;

/// Where the simulated manager looks for unit files.
const FOLDERS: &[&str] = &["/etc/systemd/system", "/usr/lib/systemd/system"];

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Whether it runs.
    pub active: ActiveState,
    /// For instance `enabled`: what it is where it is not masked.
    pub startup: String,
    /// `masked` or `masked-runtime`, where it is masked.
    pub mask: Option<String>,
    /// Whether it can read its configuration anew without a restart.
    pub can_reload: bool,
    /// Whether every start of it fails.
    pub is_broken: bool,
    /// Whether it is masked by the package that brings it.
    pub is_masked_by_package: bool,
    /// How often it was restarted or reloaded.
    pub refreshes: usize,
    /// The last change of files that the manager has read of it.
    loaded: u64,
}

impl Unit {
    /// What the manager says of its file.
    pub fn state_of_file(&self) -> &str {
        self.mask.as_ref().unwrap_or(&self.startup)
    }
}

impl World {
    /// Puts a unit there that does not run. Not noted as a change.
    pub fn put_unit(&mut self, name: &str, startup: &str) -> &mut Unit {
        let mut unit = self.new_unit();
        if startup.starts_with("masked") {
            unit.mask = Some(startup.to_owned());
        } else {
            startup.clone_into(&mut unit.startup);
        }
        self.units.entry((name.to_owned(), false)).insert_entry(unit).into_mut()
    }

    fn new_unit(&self) -> Unit {
        Unit {
            active: ActiveState::Inactive,
            startup: "disabled".to_owned(),
            mask: None,
            can_reload: true,
            is_broken: false,
            is_masked_by_package: false,
            refreshes: 0,
            loaded: self.generation,
        }
    }

    /// The last change to a unit's file or to files that add to it; `None` where it has no file.
    fn unit_file_change(&self, name: &str) -> Option<u64> {
        let is_of_unit = |path: &Path| {
            FOLDERS.iter().any(|folder| {
                path == Path::new(folder).join(name) || path.starts_with(Path::new(folder).join(format!("{name}.d")))
            })
        };
        self.files.iter().filter(|(path, _)| is_of_unit(path)).map(|(_, node)| node.generation).max()
    }

    /// The unit, found by its file where the manager has not heard of it yet.
    fn unit(&mut self, name: &str, session: bool) -> Result<Option<&mut Unit>> {
        if !self.has_systemd {
            return Err(Error::Unavailable("systemd does not run on this machine".to_owned()));
        }
        let key = (name.to_owned(), session);
        if !self.units.contains_key(&key) && self.unit_file_change(name).is_some() {
            let unit = self.new_unit();
            self.units.insert(key.clone(), unit);
        }
        Ok(self.units.get_mut(&key))
    }

    fn change_unit(&mut self, verb: &str, name: &str, session: bool, change: impl Fn(&mut Unit)) -> Result<()> {
        let Some(unit) = self.unit(name, session)? else {
            return Err(Error::failed(format!("unit `{name}` does not exist")));
        };
        if unit.is_broken && matches!(verb, "start" | "restart") {
            return Err(Error::failed(format!("cannot start `{name}`: the job failed")));
        }
        self.change(format!("{verb} {name}"))?;
        if let Some(unit) = self.unit(name, session)? {
            change(unit);
        }
        Ok(())
    }
}

impl Services for SimHost {
    fn unit<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<UnitFacts>> {
        Box::pin(async move {
            let mut world = self.world();
            let file = world.unit_file_change(name);
            Ok(match World::unit(&mut world, name, session)? {
                None => UnitFacts::missing(),
                Some(unit) => UnitFacts {
                    exists: true,
                    active: unit.active,
                    startup: unit.state_of_file().to_owned(),
                    needs_reload: file.is_some_and(|changed| changed > unit.loaded),
                    can_reload: unit.can_reload,
                    is_masked_by_package: unit.is_masked_by_package,
                },
            })
        })
    }

    fn reload_manager<'a>(&'a self, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change("reload manager")?;
            let generation = world.generation;
            let units = world.units.iter_mut().filter(|((_, of_session), _)| *of_session == session);
            units.for_each(|(_, unit)| unit.loaded = generation);
            Ok(())
        })
    }

    fn enable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.world().change_unit("enable", name, session, |unit| "enabled".clone_into(&mut unit.startup))
        })
    }

    fn disable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.world().change_unit("disable", name, session, |unit| "disabled".clone_into(&mut unit.startup))
        })
    }

    fn mask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            World::unit(&mut world, name, session)?;
            world.change(format!("mask {name}"))?;
            let unit = world.new_unit();
            world.units.entry((name.to_owned(), session)).or_insert(unit).mask = Some("masked".to_owned());
            Ok(())
        })
    }

    fn unmask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.world().change_unit("unmask", name, session, |unit| unit.mask = None) })
    }

    fn start<'a>(&'a self, name: &'a str, session: bool, _mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(
            async move { self.world().change_unit("start", name, session, |unit| unit.active = ActiveState::Active) },
        )
    }

    fn stop<'a>(&'a self, name: &'a str, session: bool, _mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(
            async move { self.world().change_unit("stop", name, session, |unit| unit.active = ActiveState::Inactive) },
        )
    }

    fn reload_or_try_restart<'a>(&'a self, name: &'a str, session: bool, _mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.world().change_unit("reload", name, session, refresh) })
    }

    fn try_restart<'a>(&'a self, name: &'a str, session: bool, _mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.world().change_unit("restart", name, session, refresh) })
    }
}

fn refresh(unit: &mut Unit) {
    if unit.active == ActiveState::Active {
        unit.refreshes += 1;
    }
}
