//! `user`: accounts of the system.

use crate::owner::check_name;
use crate::text::{listed, quoted};
use resource::host::{Account, AccountChange, Host};
use resource::{Direction, Error, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch};
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// Manages an account.
///
/// What is left out is not managed; a new account gets the system's defaults for it. The home folder is created only with
/// `createhome`, and never removed.
///
/// ```mcl
/// user "alice" {
///     state => "exists",
///     groups => ["staff", "docker"],
///     shell => "/bin/bash",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "user", since = "0.1", receives)]
pub(crate) struct User {
    /// The login name.
    #[field(identity)]
    name: String,
    /// Whether there is such an account: `exists` or `absent`.
    #[field(values("exists", "absent"))]
    state: String,
    /// The number.
    uid: Option<u32>,
    /// The primary group, by number.
    gid: Option<u32>,
    /// The primary group, by name.
    group: Option<String>,
    /// All other groups; an empty list for none.
    groups: Option<Vec<String>>,
    /// The home folder; ends in `/`.
    homedir: Option<String>,
    /// The login shell.
    shell: Option<String>,
    /// Whether another account may have the same number.
    allowduplicateuid: bool,
    /// The comment field: usually the full name.
    comment: Option<String>,
    /// Whether a new account gets its home folder, with what the system puts into new ones.
    createhome: bool,
    /// Whether a new account without a `uid` gets a number of the range for services.
    system: bool,
}

/// The account as it is, and what stands in the way of how it should be.
#[derive(Debug)]
pub(crate) struct Observed {
    account: Option<Account>,
    /// The other account that has the wanted number.
    owner_of_uid: Option<String>,
    /// The groups that are named and do not exist.
    missing_groups: Vec<String>,
}

/// One change of an account.
#[derive(Debug)]
pub(crate) enum Step {
    Create { name: String, change: AccountChange, details: Vec<String> },
    Change { name: String, change: AccountChange, details: Vec<String> },
    Remove { name: String },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Create { name, details, .. } if details.is_empty() => write!(f, "create user {}", quoted(name)),
            Step::Create { name, details, .. } => write!(f, "create user {} ({})", quoted(name), details.join(", ")),
            Step::Change { name, details, .. } => write!(f, "change user {}: {}", quoted(name), details.join(", ")),
            Step::Remove { name } => write!(f, "remove user {}", quoted(name)),
        }
    }
}

impl resource::Step for Step {}

impl User {
    fn home(&self) -> Option<PathBuf> {
        self.homedir.as_ref().map(|path| resource::clean_path(std::path::Path::new(path)))
    }

    /// What has to be set of an account, and how that is said.
    fn changes(&self, now: Option<&Account>) -> (AccountChange, Vec<String>) {
        let is_new = now.is_none();
        let mut change = AccountChange {
            duplicate_uid: self.allowduplicateuid,
            create_home: self.createhome && is_new,
            system: self.system && is_new,
            ..AccountChange::default()
        };
        let mut details = Vec::new();
        let mut say = |what: &str, old: Option<String>, new: String| {
            details.push(old.map_or_else(|| format!("{what} {new}"), |old| format!("{what} from {old} to {new}")));
        };
        if let Some(uid) = self.uid.filter(|uid| now.is_none_or(|now| now.uid != *uid)) {
            change.uid = Some(uid);
            say("uid", now.map(|now| now.uid.to_string()), uid.to_string());
        }
        if let Some(gid) = self.gid.filter(|gid| now.is_none_or(|now| now.gid != *gid)) {
            change.gid = Some(gid);
            say("gid", now.map(|now| now.gid.to_string()), gid.to_string());
        }
        if let Some(group) = self.group.as_ref().filter(|it| now.is_none_or(|now| now.group.as_ref() != Some(*it))) {
            change.group = Some(group.clone());
            let old = now.map(|now| now.group.as_ref().map_or_else(|| now.gid.to_string(), |name| quoted(name)));
            say("primary group", old, quoted(group));
        }
        if let Some(groups) = &self.groups {
            let wanted: BTreeSet<&String> = groups.iter().collect();
            // Some databases list the members of a primary group as well.
            let primary = self.group.as_ref().or(now.and_then(|now| now.group.as_ref()));
            let found = now.map(|now| now.groups.iter().filter(|it| Some(*it) != primary).collect::<BTreeSet<_>>());
            if found.as_ref().map_or(!wanted.is_empty(), |found| *found != wanted) {
                let text = |groups: &BTreeSet<&String>| match groups.is_empty() {
                    true => "none".to_owned(),
                    false => listed(&groups.iter().collect::<Vec<_>>()),
                };
                change.groups = Some(groups.clone());
                say("groups", found.as_ref().map(text), text(&wanted));
            }
        }
        if let Some(home) = self.home().filter(|it| now.is_none_or(|now| now.home.components().ne(it.components()))) {
            let shown = |path: &PathBuf| quoted(&path.display().to_string());
            say("home", now.map(|now| shown(&now.home)), shown(&home));
            change.home = Some(home);
        }
        if let Some(shell) = self.shell.as_ref().filter(|it| now.is_none_or(|now| now.shell != **it)) {
            change.shell = Some(shell.clone());
            say("shell", now.map(|now| quoted(&now.shell)), quoted(shell));
        }
        if let Some(comment) = self.comment.as_ref().filter(|it| now.is_none_or(|now| now.comment != **it)) {
            change.comment = Some(comment.clone());
            say("comment", now.map(|now| quoted(&now.comment)), quoted(comment));
        }
        details.extend(change.create_home.then(|| "with a home folder".to_owned()));
        details.extend(change.system.then(|| "of the system".to_owned()));
        (change, details)
    }

    /// The groups that the account is to be in, by name.
    fn named_groups(&self) -> impl Iterator<Item = &String> {
        self.group.iter().chain(self.groups.iter().flatten())
    }
}

impl Resource for User {
    type State = Observed;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        check_name("user", &self.name)?;
        if self.state.is_empty() {
            return Err(
                Invalid::field("state", "the state of a user must be given").hint("write `state => \"exists\"`")
            );
        }
        if self.gid.is_some() && self.group.is_some() {
            return Err(Invalid::field("gid", "the primary group is given twice").hint("leave out `gid` or `group`"));
        }
        for group in self.named_groups() {
            check_name("group", group)?;
        }
        let others = self.groups.as_deref().unwrap_or_default();
        if let Some(group) = &self.group
            && others.contains(group)
        {
            return Err(Invalid::field("groups", format!("{} is the primary group already", quoted(group))));
        }
        if others.contains(&self.name) {
            return Err(Invalid::field("groups", "the group of the user's own name is no other group"));
        }
        if self.comment.as_ref().is_some_and(|it| it.contains([':', '\n'])) {
            return Err(Invalid::field("comment", "a comment has no `:` and no newline"));
        }
        match &self.homedir {
            Some(home) if !home.starts_with('/') => {
                Err(Invalid::field("homedir", "the home folder is not an absolute path"))
            }
            Some(home) if !home.ends_with('/') => {
                Err(Invalid::field("homedir", "the home folder does not end in `/`").hint(format!("write `{home}/`")))
            }
            _ => Ok(()),
        }
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Path("/etc/passwd".into()), Watch::Path("/etc/group".into())]
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        let accounts = &host.accounts;
        let other = self.uid.map(|uid| accounts.user_of(uid)).transpose()?.flatten();
        let mut missing_groups = Vec::new();
        for group in self.named_groups() {
            if accounts.group(group)?.is_none() {
                missing_groups.push(group.clone());
            }
        }
        Ok(Observed {
            account: accounts.user(&self.name)?,
            owner_of_uid: other.map(|it| it.name).filter(|name| *name != self.name),
            missing_groups,
        })
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        let name = self.name.clone();
        if self.state == "absent" {
            return Ok(now.account.iter().map(|_| Step::Remove { name: name.clone() }).collect());
        }
        if let (Some(uid), Some(other), false) = (self.uid, &now.owner_of_uid, self.allowduplicateuid) {
            return Err(Error::failed(format!(
                "uid {uid} belongs to user {}; choose another one, or set `allowduplicateuid => true`",
                quoted(other)
            )));
        }
        let is_brought = |name: &&String| cx.siblings.will_exist(&Identity::Group((*name).clone()));
        if let Some(group) = now.missing_groups.iter().find(|name| !is_brought(name)) {
            return Err(Error::failed(format!(
                "there is no group {}; create it with `group \"{group}\" {{ state => \"exists\", }}`",
                quoted(group)
            )));
        }
        let (change, details) = self.changes(now.account.as_ref());
        Ok(match now.account {
            None => vec![Step::Create { name, change, details }],
            Some(_) if details.is_empty() => Vec::new(),
            Some(_) => vec![Step::Change { name, change, details }],
        })
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        match step {
            Step::Create { name, change, .. } => host.accounts.add_user(name, change).await,
            Step::Change { name, change, .. } => host.accounts.change_user(name, change).await,
            Step::Remove { name } => host.accounts.remove_user(name).await,
        }
    }

    fn provides(&self) -> Vec<Identity> {
        let name = Identity::User(self.name.clone());
        std::iter::once(name).chain(self.uid.map(Identity::UserId)).collect()
    }

    fn brings(&self) -> Vec<Identity> {
        if self.state == "absent" { Vec::new() } else { self.provides() }
    }

    /// A user comes after its groups, and goes before they go.
    fn wants(&self) -> Vec<Want> {
        let direction = if self.state == "absent" { Direction::After } else { Direction::Before };
        let groups =
            self.named_groups().map(|name| Identity::Group(name.clone())).chain(self.gid.map(Identity::GroupId));
        let mut wants: Vec<Want> = groups.map(|it| Want::any_of(vec![it], direction)).collect();
        if let Some(shell) = self.shell.as_ref().filter(|_| direction == Direction::Before) {
            wants.push(Want::before(Identity::path(shell).packaged()));
        }
        wants
    }
}
