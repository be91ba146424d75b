//! `group`: groups of the system.

use crate::owner::{check_name, check_number};
use crate::text::quoted;
use resource::host::{Group as Found, GroupChange, Host};
use resource::{Error, Identity, Invalid, Kind, OnlyRoot, PlanContext, Resource, Result, Watch};
use std::fmt;

/// Manages a group.
///
/// Who is in it is the business of its users: see `groups` of [`user`](user.md).
///
/// ```mcl
/// group "staff" {
///     state => "exists",
///     gid => 2000,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "group", since = "0.1", receives)]
pub(crate) struct Group {
    /// The name of the group.
    #[field(identity)]
    name: String,
    /// Whether there is such a group: `exists` or `absent`. Must be given.
    ///
    /// The primary group of an account is not removed: what removes the account, or gives it another group, comes first.
    #[field(values("exists", "absent"))]
    state: String,
    /// The number; where it is left out, a new group gets the next free one.
    gid: Option<u32>,
    /// Whether a new group without a `gid` gets a number of the range for services.
    system: bool,
}

/// The group as it is, who else has its number, and who needs it.
#[derive(Debug)]
pub(crate) struct Observed {
    group: Option<Found>,
    owner_of_gid: Option<String>,
    /// Whose primary group it is. Looked at only where it is to be removed.
    users: Vec<String>,
}

/// One change of a group.
#[derive(Debug)]
pub(crate) enum Step {
    Create { name: String, gid: Option<u32>, system: bool },
    Change { name: String, old: u32, new: u32 },
    Remove { name: String },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Create { name, gid: Some(gid), .. } => write!(f, "create group {} (gid {gid})", quoted(name)),
            Step::Create { name, system: true, .. } => write!(f, "create group {} (of the system)", quoted(name)),
            Step::Create { name, .. } => write!(f, "create group {}", quoted(name)),
            Step::Change { name, old, new } => write!(f, "set gid of group {} from {old} to {new}", quoted(name)),
            Step::Remove { name } => write!(f, "remove group {}", quoted(name)),
        }
    }
}

impl resource::Step for Step {
    fn only_root(&self) -> Option<OnlyRoot> {
        Some(OnlyRoot::ChangeAccounts)
    }
}

impl Resource for Group {
    type State = Observed;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        check_name("group", &self.name)?;
        if self.state.is_empty() {
            return Err(
                Invalid::field("state", "the state of a group must be given").hint("write `state => \"exists\"`")
            );
        }
        check_number("gid", self.gid)
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Path("/etc/group".into())]
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        let other = self.gid.map(|gid| host.accounts.group_of(gid)).transpose()?.flatten();
        let owner_of_gid = other.map(|group| group.name).filter(|name| *name != self.name);
        let group = host.accounts.group(&self.name)?;
        let removed = group.as_ref().filter(|_| self.state == "absent");
        let users = removed.map(|group| host.accounts.users_of_group(group.gid)).transpose()?.unwrap_or_default();
        Ok(Observed { group, owner_of_gid, users })
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        let name = self.name.clone();
        if self.state == "absent" {
            let stays = |user: &&String| !cx.siblings.will_change(&Identity::User((*user).clone()));
            if let Some(user) = now.users.iter().find(stays) {
                return Err(Error::failed(format!(
                    "group {} is the primary group of user {}; remove the user first, or give it another `group`",
                    quoted(&name),
                    quoted(user)
                )));
            }
            return Ok(now.group.iter().map(|_| Step::Remove { name: name.clone() }).collect());
        }
        let old = now.group.as_ref().map(|group| group.gid);
        if old.is_some() && (self.gid.is_none() || self.gid == old) {
            return Ok(Vec::new());
        }
        if let (Some(gid), Some(other)) = (self.gid, &now.owner_of_gid) {
            return Err(Error::failed(format!("gid {gid} belongs to group {}; choose another one", quoted(other))));
        }
        Ok(vec![match (old, self.gid) {
            (Some(old), Some(new)) => Step::Change { name, old, new },
            (_, gid) => Step::Create { name, gid, system: self.system },
        }])
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        match step {
            Step::Create { name, gid, system } => {
                host.accounts.add_group(name, &GroupChange { gid: *gid, system: *system }).await
            }
            Step::Change { name, new, .. } => {
                let change = GroupChange { gid: Some(*new), ..GroupChange::default() };
                host.accounts.change_group(name, &change).await
            }
            Step::Remove { name } => host.accounts.remove_group(name).await,
        }
    }

    fn provides(&self) -> Vec<Identity> {
        let name = Identity::Group(self.name.clone());
        std::iter::once(name).chain(self.gid.map(Identity::GroupId)).collect()
    }

    fn brings(&self) -> Vec<Identity> {
        if self.state == "absent" { Vec::new() } else { self.provides() }
    }
}
