//! `svc`: units of the service manager.

use crate::text::quoted;
use crate::unit;
use resource::host::{ActiveState, Host, JobMode, UnitFacts};
use resource::{Direction, Error, Identity, Invalid, Kind, PlanContext, Resource, Result, Siblings, Want, Watch};
use std::fmt;
use std::path::Path;

/// Manages a unit of systemd: whether it runs, and whether it starts with the machine.
///
/// The name is that of the unit; without a suffix such as `.timer` it is a service. A mount or a swap is called as
/// `systemd-escape --path --suffix=mount /srv/data` says.
///
/// A notification makes the unit read its configuration anew, or restarts it where it cannot; one that does not run stays
/// so. When a file of the unit or a drop-in such as `nginx.service.d/limits.conf` has changed, systemd reads its unit files
/// anew first: there is no need to say so. What runs goes on as it is until it is notified.
///
/// A file of the unit and the package that brings it come first without being told. A configuration file has to say whom it
/// notifies.
///
/// ```mcl
/// svc "nginx" {
///     state => "running",
///     startup => "enabled",
/// }
///
/// file "/etc/nginx/nginx.conf" {
///     source => "/srv/config/nginx.conf",
///
///     Notify => Svc["nginx"],
/// }
///
/// svc "fstrim.timer" {
///     startup => "enabled",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "svc", since = "0.1", receives, refreshes)]
pub(crate) struct Svc {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// Whether it runs; not managed where it is left out.
    ///
    /// A unit that has ended right after it was started is an error, which shows the last lines that it wrote.
    #[field(values("running", "stopped"))]
    state: String,
    /// Whether it starts with the machine; not managed where it is left out.
    ///
    /// A unit that needs no link of its own to start, such as a static one, counts as `enabled`. A `masked` one cannot be
    /// started at all, also not by another unit; it comes before the package that brings it, so that it does not run even
    /// once, and it need not be there. The other two values unmask; a unit that its package has masked counts as `disabled`.
    #[field(values("enabled", "disabled", "masked"))]
    startup: String,
    /// Whether it belongs to the manager of the user who runs the agent, and not to the system's.
    ///
    /// The user must be logged in, or linger.
    session: bool,
    /// What a notification does to a unit that runs; where it is left out, a reload if the unit knows how, else a restart.
    #[field(values("reload", "restart", "none"))]
    on_refresh: String,
}

/// One change of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    unit: String,
    session: bool,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    ReloadManager,
    Enable,
    Disable,
    Mask,
    /// What is behind a mask shows only when it is gone, so what comes then belongs to the same step.
    Unmask {
        enable: bool,
    },
    Start,
    Stop,
    Reload,
    Restart,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = quoted(&self.unit);
        match self.change {
            Change::ReloadManager => write!(f, "make systemd read its unit files anew, for {unit}"),
            Change::Enable => write!(f, "enable {unit}"),
            Change::Disable => write!(f, "disable {unit}"),
            Change::Mask => write!(f, "mask {unit}"),
            Change::Unmask { enable: true } => write!(f, "unmask and enable {unit}"),
            Change::Unmask { enable: false } => write!(f, "unmask {unit}"),
            Change::Start => write!(f, "start {unit}"),
            Change::Stop => write!(f, "stop {unit}"),
            Change::Reload => write!(f, "reload {unit}"),
            Change::Restart => write!(f, "restart {unit}"),
        }
    }
}

impl resource::Step for Step {}

impl Svc {
    fn unit(&self) -> String {
        unit::full_name(&self.name)
    }

    fn step(&self, change: Change) -> Step {
        Step { unit: self.unit(), session: self.session, change }
    }

    fn identity(&self) -> Identity {
        Identity::Unit { name: self.unit(), session: self.session }
    }

    /// Where the file of the unit can lie.
    fn files(&self) -> Vec<Identity> {
        unit::files(&self.unit(), self.session)
    }

    /// Whether an earlier step of a dry run brings the unit.
    fn will_exist(&self, siblings: &dyn Siblings) -> bool {
        siblings.will_exist(&self.identity().packaged()) || self.files().iter().any(|file| siblings.will_exist(file))
    }

    fn plan_startup(&self, facts: &UnitFacts) -> Result<Option<Change>> {
        let unit = quoted(&self.unit());
        match (self.startup.as_str(), facts.startup.as_str()) {
            ("masked", "masked") => Ok(None),
            ("masked", _) => Ok(Some(Change::Mask)),
            ("enabled", "masked") if facts.is_masked_by_package => Err(Error::failed(format!(
                "{unit} is masked by the package that brings it; a unit file of your own, `{}/{}`, takes the mask's place",
                if self.session { unit::SESSION_FOLDERS[0] } else { unit::FOLDERS[0] },
                self.unit()
            ))),
            ("disabled", "masked") if facts.is_masked_by_package => Ok(None),
            ("enabled" | "disabled", "masked" | "masked-runtime") => {
                Ok(Some(Change::Unmask { enable: self.startup == "enabled" }))
            }
            // What starts by other means, or with what wants it, needs no link of its own.
            ("enabled", "enabled" | "static" | "alias" | "generated" | "indirect" | "transient") => Ok(None),
            ("enabled", "") if facts.exists => {
                Err(Error::failed(format!("{unit} has no unit file and cannot be enabled; leave out `startup`")))
            }
            ("enabled", _) => Ok(Some(Change::Enable)),
            ("disabled", "alias") => {
                Err(Error::failed(format!("{unit} is another name of a unit; disable that one by its own name")))
            }
            ("disabled", "enabled" | "enabled-runtime" | "linked" | "linked-runtime") => Ok(Some(Change::Disable)),
            _ => Ok(None),
        }
    }

    fn plan_state(&self, facts: &UnitFacts, refresh: bool) -> Result<Option<Change>> {
        let is_active = matches!(facts.active, ActiveState::Active | ActiveState::Reloading | ActiveState::Other);
        let stays_masked =
            facts.startup.starts_with("masked") && (self.startup.is_empty() || facts.is_masked_by_package);
        match self.state.as_str() {
            "running" if !is_active && stays_masked => {
                let advice = if facts.is_masked_by_package {
                    "by the package that brings it, and cannot be started".to_owned()
                } else {
                    "and cannot be started; `startup => \"disabled\"`, or `\"enabled\"`, unmasks it".to_owned()
                };
                Err(Error::failed(format!("{} is masked {advice}", quoted(&self.unit()))))
            }
            "running" if !is_active => Ok(Some(Change::Start)),
            "stopped" if is_active || facts.active == ActiveState::Activating => Ok(Some(Change::Stop)),
            _ if !refresh || !is_active => Ok(None),
            _ => Ok(match self.on_refresh.as_str() {
                "none" => None,
                "restart" => Some(Change::Restart),
                // A new unit file counts only from the next start.
                _ if facts.needs_reload || !facts.can_reload => Some(Change::Restart),
                _ => Some(Change::Reload),
            }),
        }
    }
}

impl Resource for Svc {
    type State = UnitFacts;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        let unit = self.unit();
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, ':' | '-' | '_' | '.' | '\\' | '@');
        if unit.len() <= unit::LONGEST_NAME && unit.chars().all(is_part) && !unit.starts_with(['.', '@']) {
            if self.startup == "masked" && self.state == "running" {
                return Err(Invalid::field("state", "a masked unit cannot be started")
                    .hint("write `state => \"stopped\"`, or leave `state` out"));
            }
            return Ok(());
        }
        let hint = if unit.contains(['/', ' ']) {
            "`systemd-escape` writes a path or a text so that it can be part of the name of a unit"
        } else {
            "letters, digits, and `:-_.\\@`"
        };
        Err(Invalid::new(format!("{} is no name of a unit", quoted(&unit))).hint(hint))
    }

    fn watches(&self) -> Vec<Watch> {
        let mut watches = vec![Watch::Unit { name: self.unit(), session: self.session }];
        // The manager does not say when its files change, only when it has read them.
        for name in unit::names(&self.unit()) {
            let drop_ins = format!("{name}.d");
            if self.session {
                let path = |name: &str| Path::new(unit::HOME_FOLDER).join(name);
                let home = |path, is_folder| Watch::Home { user: String::new(), path, is_folder };
                watches.extend([home(path(&drop_ins), true), home(path(&name), false)]);
            }
            let path =
                |name: &str| Path::new(if self.session { unit::SESSION_FOLDERS } else { unit::FOLDERS }[0]).join(name);
            watches.extend([Watch::Folder(path(&drop_ins)), Watch::Path(path(&name))]);
        }
        watches
    }

    async fn observe(&self, host: &Host) -> Result<UnitFacts> {
        host.services.unit(&self.unit(), self.session).await
    }

    fn plan(&self, now: &UnitFacts, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        if !now.exists && self.startup != "masked" && !self.will_exist(cx.siblings) {
            return Err(Error::failed(format!(
                "there is no unit {}; install the package that brings it, or create `{}/{}`",
                quoted(&self.unit()),
                if self.session { "~/.config/systemd/user" } else { unit::FOLDERS[0] },
                self.unit()
            )));
        }
        let reload = now.needs_reload.then_some(Change::ReloadManager);
        let (startup, state) = (self.plan_startup(now)?, self.plan_state(now, cx.refresh)?);
        // A masked unit has no commands any more that would stop it well.
        let changes = if startup == Some(Change::Mask) { [reload, state, startup] } else { [reload, startup, state] };
        Ok(changes.into_iter().flatten().map(|change| self.step(change)).collect())
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        let (services, unit, session) = (&host.services, step.unit.as_str(), step.session);
        match step.change {
            Change::ReloadManager => services.reload_manager(session).await,
            Change::Enable => services.enable(unit, session).await,
            Change::Disable => services.disable(unit, session).await,
            Change::Mask => services.mask(unit, session).await,
            Change::Unmask { .. } => {
                services.unmask(unit, session).await?;
                match self.plan_startup(&services.unit(unit, session).await?)? {
                    Some(Change::Enable) => services.enable(unit, session).await,
                    Some(Change::Disable) => services.disable(unit, session).await,
                    _ => Ok(()),
                }
            }
            Change::Start => services.start(unit, session, JobMode::Fail).await,
            Change::Stop => services.stop(unit, session, JobMode::Fail).await,
            Change::Reload => services.reload_or_try_restart(unit, session, JobMode::Fail).await,
            Change::Restart => services.try_restart(unit, session, JobMode::Fail).await,
        }
    }

    fn provides(&self) -> Vec<Identity> {
        vec![self.identity()]
    }

    fn wants(&self) -> Vec<Want> {
        let package = if self.startup == "masked" { Direction::After } else { Direction::Before };
        let packaged = vec![self.identity().packaged()];
        vec![Want::any_of(self.files(), Direction::Before), Want::any_of(packaged, package)]
    }
}
