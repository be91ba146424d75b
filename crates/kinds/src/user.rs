//! `user`: accounts of the system.

use crate::owner::{check_name, check_number};
use crate::text::{listed, quoted};
use jiff::civil::Date;
use resource::host::{Account, AccountChange, Expiry, Host, Shadow};
use resource::{Direction, Error, Identity, Invalid, Kind, OnlyRoot, PlanContext, Resource, Result, Want, Watch};
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use value::Secret;

/// Manages an account.
///
/// What is left out is not managed; a new account gets the system's defaults for it: a number, a group of its own name, no
/// password that fits. The home folder is created only with `createhome`, and never moved or removed.
///
/// Groups that the program states are made first. One that it does not state must be there.
///
/// ```mcl
/// user "alice" {
///     state => "exists",
///     groups => ["staff", "docker"],
///     homedir => "/home/alice/",
///     createhome => true,
///     shell => "/bin/bash",
/// }
///
/// # an account for a service, in a group of its name
/// user "app" {
///     state => "exists",
///     system => true,
///     homedir => "/var/lib/app/",
///     shell => "/usr/sbin/nologin",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "user", since = "0.1", receives)]
pub(crate) struct User {
    /// The login name.
    #[field(identity)]
    name: String,
    /// Whether there is such an account: `exists` or `absent`. Must be given.
    ///
    /// An account that something runs as is not removed, nor is its group of the same name where others are in it.
    #[field(values("exists", "absent"))]
    state: String,
    /// The number of the account.
    uid: Option<u32>,
    /// The primary group, by number.
    gid: Option<u32>,
    /// The primary group, by name.
    group: Option<String>,
    /// The names of all other groups: the account is taken out of those that are not listed. An empty list for none.
    groups: Option<Vec<String>>,
    /// The home folder; ends in `/`. What is in the old one stays where it is.
    homedir: Option<String>,
    /// The path of the login shell.
    shell: Option<String>,
    /// Whether another account may have the same number.
    allowduplicateuid: bool,
    /// The comment field: usually the full name.
    comment: Option<String>,
    /// Whether a new account gets its home folder, with what the system puts into new ones.
    createhome: bool,
    /// Whether a new account without a `uid` gets a number of the range for services.
    system: bool,
    /// The hash of the password, as `openssl passwd -6` or `mkpasswd` makes it; `!` or `*` for a password that never fits.
    ///
    /// It is never shown.
    #[field(secret)]
    password: Option<Secret<String>>,
    /// The day from which nobody can log in, as `2030-12-31`; empty for never.
    expiry: Option<String>,
}

/// The account as it is, and what stands in the way of how it should be.
#[derive(Debug)]
pub(crate) struct Observed {
    account: Option<Account>,
    /// Looked at only where something of it is managed.
    shadow: Option<Shadow>,
    /// The other account that has the wanted number.
    owner_of_uid: Option<String>,
    /// The groups that are named and do not exist.
    missing_groups: Vec<String>,
    /// Whether no group has the wanted number.
    is_gid_missing: bool,
    /// Whether there is a group of the account's own name.
    has_own_group: bool,
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

impl resource::Step for Step {
    fn only_root(&self) -> Option<OnlyRoot> {
        Some(OnlyRoot::ChangeAccounts)
    }
}

impl User {
    fn home(&self) -> Option<PathBuf> {
        self.homedir.as_ref().map(|path| resource::clean_path(std::path::Path::new(path)))
    }

    /// The expiry that is wanted. Validated before.
    fn wanted_expiry(&self) -> Option<Expiry> {
        self.expiry.as_deref().and_then(parse_expiry)
    }

    /// The group that a new account joins because it has its name: the system would make one, and fail where there is one.
    fn own_group(&self) -> Option<&String> {
        (self.gid.is_none() && self.group.is_none()).then_some(&self.name)
    }

    /// What has to be set of an account, and how that is said.
    fn changes(&self, observed: &Observed, joins_own_group: bool) -> (AccountChange, Vec<String>) {
        let now = observed.account.as_ref();
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
        let own_group = self.own_group().filter(|_| is_new && joins_own_group);
        if let Some(group) =
            self.group.as_ref().or(own_group).filter(|it| now.is_none_or(|now| now.group.as_ref() != Some(*it)))
        {
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
        if let Some(expiry) = self.wanted_expiry() {
            let old = observed.shadow.as_ref().map(|it| it.expiry);
            if old.unwrap_or_default() != expiry {
                change.expiry = Some(expiry);
                say("expiry", old.map(shown_expiry), shown_expiry(expiry));
            }
        }
        if let Some(password) = &self.password
            && observed.shadow.as_ref().is_none_or(|now| now.password != *password)
        {
            change.password = Some(password.clone());
            details.push(if is_new { "with a password" } else { "another password" }.to_owned());
        }
        details.extend(change.create_home.then(|| "with a home folder".to_owned()));
        details.extend(change.system.then(|| "of the system".to_owned()));
        (change, details)
    }

    fn has_shadow(&self) -> bool {
        self.password.is_some() || self.expiry.is_some()
    }

    /// The groups that the account is to be in, by name.
    fn named_groups(&self) -> impl Iterator<Item = &String> {
        self.group.iter().chain(self.groups.iter().flatten())
    }
}

/// Understands a day, or nothing for never.
fn parse_expiry(text: &str) -> Option<Expiry> {
    if text.is_empty() {
        return Some(Expiry::Never);
    }
    let day: Date = text.parse().ok()?;
    // Nothing else that could be taken for a day, such as one with a time.
    (day.to_string() == text).then(|| Expiry::Day((day - EPOCH).get_days()))
}

const EPOCH: Date = Date::constant(1970, 1, 1);

fn shown_expiry(expiry: Expiry) -> String {
    match expiry {
        Expiry::Never => "never".to_owned(),
        Expiry::Day(day) => {
            let date = jiff::Span::new().try_days(day).and_then(|days| EPOCH.checked_add(days));
            date.map_or_else(|_| format!("day {day}"), |date| quoted(&date.to_string()))
        }
    }
}

/// Refuses what is no hash. A password itself would be kept for everybody to read, and would never fit.
fn check_password(password: &Secret<String>) -> Result<(), Invalid> {
    let text = password.reveal();
    let is_hash = text.starts_with(['$', '!', '*']) && !text.contains([':', '\n']);
    if is_hash {
        return Ok(());
    }
    Err(Invalid::field("password", "the password is no hash")
        .hint("`openssl passwd -6` or `mkpasswd` makes one, which begins with `$`; `!` is a password that never fits"))
}

/// Refuses what would break the line of the account.
fn check_line(field: &'static str, what: &str, text: Option<&String>) -> Result<(), Invalid> {
    if text.is_some_and(|it| it.contains([':', '\n'])) {
        return Err(Invalid::field(field, format!("{what} has no `:` and no newline")));
    }
    Ok(())
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
        if self.state == "absent" && self.name == "root" {
            return Err(Invalid::field("state", "the account of root cannot be removed"));
        }
        check_number("uid", self.uid)?;
        check_number("gid", self.gid)?;
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
        check_line("comment", "a comment", self.comment.as_ref())?;
        check_line("homedir", "a home folder", self.homedir.as_ref())?;
        check_line("shell", "a shell", self.shell.as_ref())?;
        if self.shell.as_ref().is_some_and(|it| !it.is_empty() && !it.starts_with('/')) {
            return Err(Invalid::field("shell", "the shell is not an absolute path").hint("write `/bin/bash`"));
        }
        self.password.as_ref().map_or(Ok(()), check_password)?;
        if self.expiry.is_some() && self.wanted_expiry().is_none() {
            return Err(
                Invalid::field("expiry", "the expiry is no day").hint("write `2030-12-31`, or `\"\"` for never")
            );
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
        let files = ["/etc/passwd", "/etc/group"].into_iter().chain(self.has_shadow().then_some("/etc/shadow"));
        files.map(|path| Watch::Path(path.into())).collect()
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
        let account = accounts.user(&self.name)?;
        let is_shadow_needed = account.is_some() && self.has_shadow() && self.state == "exists";
        Ok(Observed {
            shadow: if is_shadow_needed { accounts.shadow(&self.name)? } else { None },
            account,
            owner_of_uid: other.map(|it| it.name).filter(|name| *name != self.name),
            missing_groups,
            is_gid_missing: self.gid.map(|gid| accounts.group_of(gid)).transpose()?.is_some_and(|it| it.is_none()),
            has_own_group: accounts.group(&self.name)?.is_some(),
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
        if let Some(gid) =
            self.gid.filter(|gid| now.is_gid_missing && !cx.siblings.will_exist(&Identity::GroupId(*gid)))
        {
            return Err(Error::failed(format!(
                "there is no group with the number {gid}; create it with `group \"…\" {{ state => \"exists\", gid => {gid}, }}`"
            )));
        }
        let joins_own_group = now.has_own_group || is_brought(&&self.name);
        let (change, details) = self.changes(now, joins_own_group);
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
        let named = self.named_groups().chain(self.own_group());
        let groups = named.map(|name| Identity::Group(name.clone())).chain(self.gid.map(Identity::GroupId));
        let mut wants: Vec<Want> = groups.map(|it| Want::any_of(vec![it], direction)).collect();
        if let Some(shell) = self.shell.as_ref().filter(|it| !it.is_empty() && direction == Direction::Before) {
            wants.push(Want::before(Identity::path(shell).packaged()));
        }
        wants
    }
}
