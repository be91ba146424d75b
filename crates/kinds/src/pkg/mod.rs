//! `pkg`: packages of the system's package manager.
//!
//! Packages with the same state and the same flags make one group, and a group is changed in one transaction: the leader
//! keeps its members and plans for all of them. Unguarded knowledge about what a package brings is a convention before it
//! is installed ([`brings`]), and its list of files afterwards.

mod brings;
mod plan;

pub(crate) use plan::{Observed, Step};

use crate::text::quoted;
use resource::host::Host;
use resource::{AnyResource, BoxFuture, Identity, Invalid, Kind, PlanContext, Resource, Result, Watch};

/// Manages a package.
///
/// What a package brings comes after it without being told: its unit, files in its folder below `/etc`, its programs.
///
/// What else the package manager removes for it, because it is in conflict with what comes or depends on what goes, is told
/// with the change, in a plan too. It is refused where the program wants that installed.
///
/// Packages in one state are changed together, in one run of the package manager; where one of them cannot be had, none of
/// them changes. Package lists are fetched where they are older than an hour, or do not have what is to be installed. While
/// another package manager is at work, it is waited for. Nothing is asked: a configuration file that was edited stays as it
/// is.
///
/// ```mcl
/// pkg "nginx" {
///     state => "newest",
/// }
///
/// pkg "postgresql" {
///     state => "15+248",
///     held => true,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "pkg", since = "0.1", receives)]
pub(crate) struct Pkg {
    /// The name of the package.
    #[field(identity)]
    name: String,
    /// What is wanted: `installed`, `newest`, `uninstalled`, `purged`, or an exact version.
    ///
    /// `newest` is the newest version in the package lists that the system has fetched. `uninstalled` leaves configuration
    /// files, `purged` removes them as well. What depends on a package goes with it.
    #[field(default = "installed")]
    state: String,
    /// Whether an exact version may be older than the installed one.
    allowdowngrade: bool,
    /// Whether a package may lack the signature of a key that the system trusts.
    allowuntrusted: bool,
    /// Accepted and without effect: whether a package can be not free is a matter of the repositories that are set up.
    allownonfree: bool,
    /// Accepted and without effect, as for `allownonfree`.
    allowunsupported: bool,
    /// Whether it is kept at its version when others are brought up to date; not managed where it is left out.
    ///
    /// Then a package that is held does not change, and it is an error where it would have to.
    held: Option<bool>,
    /// The members of the group that this one leads.
    #[field(private)]
    members: Vec<Pkg>,
}

/// What is wanted of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted<'a> {
    Installed,
    Newest,
    Uninstalled,
    Purged,
    Version(&'a str),
}

impl Pkg {
    fn wanted(&self) -> Wanted<'_> {
        match self.state.as_str() {
            "installed" => Wanted::Installed,
            "newest" => Wanted::Newest,
            "uninstalled" => Wanted::Uninstalled,
            "purged" => Wanted::Purged,
            version => Wanted::Version(version),
        }
    }

    fn is_removed(&self) -> bool {
        matches!(self.wanted(), Wanted::Uninstalled | Wanted::Purged)
    }

    /// Refuses what no package manager takes for a name, or takes for something else.
    fn check_name(&self) -> Result<(), Invalid> {
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.' | '_' | ':' | '~');
        if self.name.starts_with(|first: char| first.is_ascii_alphanumeric()) && self.name.chars().all(is_part) {
            return Ok(());
        }
        let hint = match self.name.split_once('=') {
            Some((_, version)) => format!("an exact version is a state: `state => \"{version}\"`"),
            None => "letters, digits, and `+-._:~`".to_owned(),
        };
        Err(Invalid::new(format!("{} is no name of a package", quoted(&self.name))).hint(hint))
    }

    fn flags(&self) -> [bool; 4] {
        [self.allowdowngrade, self.allowuntrusted, self.allownonfree, self.allowunsupported]
    }

    /// This one and the members of its group.
    fn all(&self) -> impl Iterator<Item = &Pkg> {
        std::iter::once(self).chain(&self.members)
    }
}

impl Resource for Pkg {
    type State = Observed;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        self.check_name()?;
        let word = |message: &str, hint: &str| Err(Invalid::field("state", message).hint(format!("write `{hint}`")));
        match self.state.as_str() {
            "" => word("the state of a package is not empty", "state => \"installed\""),
            "latest" => word("`latest` is no state", "state => \"newest\""),
            "present" => word("`present` is no state", "state => \"installed\""),
            "absent" => word("`absent` is no state", "state => \"uninstalled\""),
            "held" => word("`held` is no state", "held => true"),
            _ if self.is_removed() && self.held == Some(true) => {
                Err(Invalid::field("held", "a package that is not installed cannot be kept at its version"))
            }
            _ => Ok(()),
        }
    }

    fn watches(&self) -> Vec<Watch> {
        brings::DATABASES.iter().map(|path| Watch::Path(path.into())).collect()
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        let names: Vec<String> = self.all().map(|it| it.name.clone()).collect();
        let facts = host.packages.facts(&names, host.dry).await?;
        plan::with_consequences(self, facts, host).await
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        plan::plan(self, now, cx.siblings)
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        step.apply(host).await
    }

    fn provides(&self) -> Vec<Identity> {
        let own = |it: &Pkg| std::iter::once(Identity::Package(it.name.clone())).chain(brings::usually(&it.name));
        self.all().flat_map(own).collect()
    }

    fn brings(&self) -> Vec<Identity> {
        if self.is_removed() { Vec::new() } else { Resource::provides(self) }
    }

    fn discover<'a>(&'a self, host: &'a Host) -> Option<BoxFuture<'a, Result<Vec<Identity>>>> {
        Some(Box::pin(async move {
            let mut found = Vec::new();
            for package in self.all() {
                found.extend(brings::of_files(&host.packages.files_of(&package.name).await?));
            }
            Ok(found)
        }))
    }

    /// Exact versions stay apart: what goes wrong with one of them is its own business.
    fn group_key(&self) -> Option<String> {
        match self.wanted() {
            Wanted::Version(_) => None,
            _ => Some(format!("{} {:?}", self.state, self.flags())),
        }
    }

    fn absorb(&mut self, member: &dyn AnyResource) -> Result<(), String> {
        let member = member.as_any().downcast_ref::<Pkg>().ok_or("only packages go with packages")?;
        self.members.push(member.clone());
        Ok(())
    }

    fn reconcile(&self, other: &Pkg) -> Option<Pkg> {
        if self.flags() != other.flags() || self.held != other.held {
            return None;
        }
        match (self.wanted(), other.wanted()) {
            (a, b) if a == b => Some(self.clone()),
            (Wanted::Installed, Wanted::Newest) => Some(other.clone()),
            (Wanted::Newest, Wanted::Installed) => Some(self.clone()),
            _ => None,
        }
    }
}
