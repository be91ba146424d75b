//! Units of systemd, over its bus.

mod bus;
mod drop_ins;

pub(crate) use bus::UnitGuard;

use crate::processes::LinuxProcesses;
use crate::watch::Signal;
use bus::{Bus, CallError, MANAGER_INTERFACE, MANAGER_PATH, UNIT_INTERFACE};
use resource::host::{ActiveState, Cancellation, Command, JobMode, Processes, Services, UnitFacts};
use resource::{BoxFuture, Error, Result};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::OnceCell;
use zbus::{OwnedObjectPath, OwnedVariant};

/// Units of systemd.
pub struct LinuxServices {
    system: Arc<Bus>,
    session: Arc<Bus>,
    processes: Arc<LinuxProcesses>,
    /// Where unit files of the system's and the user's manager lie: it is settled when the manager starts.
    folders: [OnceCell<Vec<String>>; 2],
}

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

impl LinuxServices {
    /// Units of the system's and the user's manager; neither is connected to before it is needed.
    pub fn new(processes: Arc<LinuxProcesses>) -> LinuxServices {
        LinuxServices { system: Bus::new(false), session: Bus::new(true), processes, folders: Default::default() }
    }

    /// Signals whenever the state of a unit may have changed.
    pub(crate) fn follow(&self, name: &str, session: bool, signal: Signal) -> UnitGuard {
        self.bus(session).follow(name, signal)
    }

    fn bus(&self, session: bool) -> &Arc<Bus> {
        if session { &self.session } else { &self.system }
    }

    async fn facts(&self, name: &str, session: bool) -> Result<UnitFacts> {
        let bus = self.bus(session);
        let failed = |error: CallError| error.into_error(session, format!("cannot look at the unit `{name}`"));
        let call = |error| failed(CallError::Call(error));
        let reply = bus.call("LoadUnit", &name).await.map_err(failed)?;
        let path: OwnedObjectPath = reply.body().deserialize().map_err(call)?;
        let reply = bus.call_at(path.as_str(), PROPERTIES, "GetAll", &UNIT_INTERFACE).await.map_err(failed)?;
        let mut facts: HashMap<String, OwnedVariant> = reply.body().deserialize().map_err(call)?;
        let mut text = |name| facts.remove(name).and_then(|value| String::try_from(value).ok()).unwrap_or_default();
        let (load, active, file) = (text("LoadState"), text("ActiveState"), text("FragmentPath"));
        // Packages put no files elsewhere, and nobody else puts files there.
        let is_masked_by_package = load == "masked" && ["/usr/lib/", "/lib/"].iter().any(|it| file.starts_with(it));
        let mut flag = |name| facts.remove(name).and_then(|value| bool::try_from(value).ok()).unwrap_or_default();
        let (mut needs_reload, can_reload) = (flag("NeedDaemonReload"), flag("CanReload"));
        if load == "not-found" {
            return Ok(UnitFacts { needs_reload, ..UnitFacts::missing() });
        }
        if load == "loaded" && !needs_reload {
            let mut list = |name| facts.remove(name).and_then(|value| Vec::try_from(value).ok()).unwrap_or_default();
            let (names, read): (Vec<String>, Vec<String>) = (list("Names"), list("DropInPaths"));
            let folders = self.unit_folders(session).await.map_err(failed)?.to_vec();
            let looked = tokio::task::spawn_blocking(move || drop_ins::has_unread(&folders, &names, &read)).await;
            needs_reload = looked.map_err(|error| Error::caused("internal error: looking for drop-ins", error))?;
        }
        // What the unit itself says may be older than the links on disk.
        let startup = match bus.call("GetUnitFileState", &name).await {
            Ok(reply) => reply.body().deserialize().map_err(call)?,
            // It has no file.
            Err(CallError::Call(zbus::Error::MethodError(..) | zbus::Error::FDO(_))) => String::new(),
            Err(error) => return Err(failed(error)),
        };
        let active = active_state(&active);
        Ok(UnitFacts { exists: true, active, startup, needs_reload, can_reload, is_masked_by_package })
    }

    async fn unit_folders(&self, session: bool) -> Result<&[String], CallError> {
        let folders = self.folders[usize::from(session)].get_or_try_init(|| async {
            let property = (MANAGER_INTERFACE, "UnitPath");
            let reply = self.bus(session).call_at(MANAGER_PATH, PROPERTIES, "Get", &property).await?;
            let value: OwnedVariant = reply.body().deserialize().map_err(CallError::Call)?;
            Vec::try_from(value).map_err(CallError::Call)
        });
        folders.await.map(Vec::as_slice)
    }

    async fn change_startup(&self, name: &str, session: bool, enable: bool) -> Result<()> {
        let verb = if enable { "enable" } else { "disable" };
        let failed = |error: CallError| error.into_error(session, format!("cannot {verb} the unit `{name}`"));
        let bus = self.bus(session);
        if enable {
            // For good, and over links that are in the way.
            let reply = bus.call("EnableUnitFiles", &(&[name][..], false, true)).await.map_err(failed)?;
            let (has_install, _changes): (bool, Vec<(String, String, String)>) =
                reply.body().deserialize().map_err(|error| failed(CallError::Call(error)))?;
            if !has_install {
                let message = format!("the unit `{name}` cannot be enabled: it has no `[Install]` section");
                return Err(Error::failed(message));
            }
        } else {
            bus.call("DisableUnitFiles", &(&[name][..], false)).await.map_err(failed)?;
        }
        // The manager has read the old links.
        bus.call("Reload", &()).await.map_err(failed)?;
        Ok(())
    }

    async fn change_mask(&self, name: &str, session: bool, mask: bool) -> Result<()> {
        let verb = if mask { "mask" } else { "unmask" };
        let failed = |error: CallError| error.into_error(session, format!("cannot {verb} the unit `{name}`"));
        let bus = self.bus(session);
        if mask {
            // For good, and over links that are in the way.
            let asked = bus.call("MaskUnitFiles", &(&[name][..], false, true)).await;
            asked.map_err(|error| match failed(error) {
                Error::Failed(text) if text.ends_with("already exists.") => {
                    Error::Failed(format!("{text} A mask takes the place of that file; remove it first"))
                }
                other => other,
            })?;
        } else {
            // A mask can be for good or until the next start of the machine.
            for until_restart in [false, true] {
                bus.call("UnmaskUnitFiles", &(&[name][..], until_restart)).await.map_err(failed)?;
            }
        }
        bus.call("Reload", &()).await.map_err(failed)?;
        Ok(())
    }

    async fn job(&self, method: &str, verb: &str, name: &str, session: bool, mode: JobMode) -> Result<()> {
        let mode = match mode {
            JobMode::Fail => "fail",
            JobMode::Replace => "replace",
        };
        let failed = |error: CallError| error.into_error(session, format!("cannot {verb} the unit `{name}`"));
        let began = SystemTime::now();
        let result = self.bus(session).call_job(method, &(name, mode)).await.map_err(failed)?;
        // A job is skipped where there is nothing to do for it.
        if result == "done" || result == "skipped" {
            return Ok(());
        }
        let lines = self.lines_since(began, name, session).await;
        Err(Error::failed(format!("cannot {verb} the unit `{name}`: its job ended as `{result}`{lines}")))
    }

    /// Starts a unit. One that is not running right after is an error: by itself it would only be seen that it is to be
    /// started again.
    async fn start_and_look(&self, name: &str, session: bool, mode: JobMode) -> Result<()> {
        let began = SystemTime::now();
        self.job("StartUnit", "start", name, session, mode).await?;
        let how = match self.facts(name, session).await?.active {
            ActiveState::Failed => "was started and has failed",
            ActiveState::Activating => "was started, has failed, and systemd tries again",
            ActiveState::Inactive | ActiveState::Deactivating => {
                "was started and has ended; where that is how it works, `RemainAfterExit=yes` in its unit file lets it \
                 count as running"
            }
            ActiveState::Active | ActiveState::Reloading | ActiveState::Other => return Ok(()),
        };
        let lines = self.lines_since(began, name, session).await;
        Err(Error::failed(format!("the unit `{name}` {how}{lines}")))
    }

    /// The last lines that a unit has written to the journal since a moment, each on a line of its own; empty where they
    /// cannot be had.
    async fn lines_since(&self, moment: SystemTime, name: &str, session: bool) -> String {
        let run =
            async |argv: &[&str]| self.processes.run(&Command::new(argv.iter().copied()), &Cancellation::never()).await;
        // What was written just now may be on its way to the journal. Only root can wait for it.
        _ = run(&["journalctl", "--sync"]).await;
        let unit = if session { "--user-unit" } else { "--unit" };
        let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = format!("--since=@{}.{:06}", since.as_secs(), since.subsec_micros());
        match run(&["journalctl", unit, name, &since, "--lines=10", "--output=cat", "--no-pager", "--quiet"]).await {
            Ok(captured) if captured.code == 0 => {
                let text = captured.stdout.unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                text.trim().lines().map(|line| format!("\n  {line}")).collect()
            }
            _ => String::new(),
        }
    }
}

impl Services for LinuxServices {
    fn unit<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<UnitFacts>> {
        Box::pin(self.facts(name, session))
    }

    fn reload_manager<'a>(&'a self, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let failed = |error: CallError| error.into_error(session, "cannot reload the unit files".to_owned());
            self.bus(session).call("Reload", &()).await.map_err(failed)?;
            Ok(())
        })
    }

    fn enable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.change_startup(name, session, true))
    }

    fn disable<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.change_startup(name, session, false))
    }

    fn mask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.change_mask(name, session, true))
    }

    fn unmask<'a>(&'a self, name: &'a str, session: bool) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.change_mask(name, session, false))
    }

    fn start<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.start_and_look(name, session, mode))
    }

    fn stop<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.job("StopUnit", "stop", name, session, mode))
    }

    fn reload_or_try_restart<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.job("ReloadOrTryRestartUnit", "reload", name, session, mode))
    }

    fn try_restart<'a>(&'a self, name: &'a str, session: bool, mode: JobMode) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.job("TryRestartUnit", "restart", name, session, mode))
    }
}

fn active_state(text: &str) -> ActiveState {
    match text {
        "active" => ActiveState::Active,
        "reloading" => ActiveState::Reloading,
        "inactive" => ActiveState::Inactive,
        "failed" => ActiveState::Failed,
        "activating" => ActiveState::Activating,
        "deactivating" => ActiveState::Deactivating,
        _ => ActiveState::Other,
    }
}
