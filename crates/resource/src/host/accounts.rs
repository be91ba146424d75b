//! Users and groups.

use crate::Result;
use crate::any::BoxFuture;
use std::path::PathBuf;
use value::Secret;

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The login name.
    pub name: String,
    /// The number.
    pub uid: u32,
    /// The number of the primary group.
    pub gid: u32,
    /// The name of the primary group, where it has one.
    pub group: Option<String>,
    /// The names of the other groups, sorted.
    pub groups: Vec<String>,
    /// The home folder.
    pub home: PathBuf,
    /// The login shell.
    pub shell: String,
    /// The comment field.
    pub comment: String,
}

/// What only root may know of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shadow {
    /// The hash of the password, or what stands in its place.
    pub password: Secret<String>,
    /// The day from which nobody can log in.
    pub expiry: Expiry,
}

/// From when nobody can log in as a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    #[default]
    Never,
    /// From this day on, in days since 1970.
    Day(i32),
}

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The name.
    pub name: String,
    /// The number.
    pub gid: u32,
    /// The names of the users whose other groups include it, sorted.
    pub members: Vec<String>,
}

/// What is to be set of a user; what is `None` stays, or gets the system's default for a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The number.
    pub uid: Option<u32>,
    /// Whether the number may be one that another user has.
    pub duplicate_uid: bool,
    /// The number of the primary group.
    pub gid: Option<u32>,
    /// The name of the primary group.
    pub group: Option<String>,
    /// The names of all other groups.
    pub groups: Option<Vec<String>>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The login shell.
    pub shell: Option<String>,
    /// The comment field.
    pub comment: Option<String>,
    /// The hash of the password.
    pub password: Option<Secret<String>>,
    /// From when nobody can log in.
    pub expiry: Option<Expiry>,
    /// Whether a new user gets its home folder made. Ignored where the user is there.
    pub create_home: bool,
    /// Whether a new user without a number gets one from the range of system users. Ignored where the user is there.
    pub system: bool,
}

/// What is to be set of a group; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The number.
    pub gid: Option<u32>,
    /// Whether a new group without a number gets one from the range of system groups. Ignored where the group is there.
    pub system: bool,
}

/// Whom a text means, of users or of groups. A name comes first: it can be a number.
///
/// # Errors
/// Where looking up is one.
pub fn by_name_or_number<T>(
    text: &str,
    by_name: impl FnOnce(&str) -> Result<Option<T>>,
    by_number: impl FnOnce(u32) -> Result<Option<T>>,
) -> Result<Option<T>> {
    match by_name(text)? {
        None => text.parse().map_or(Ok(None), by_number),
        found => Ok(found),
    }
}

/// Users and groups: reads all databases of the system, writes the local one.
pub trait Accounts: Send + Sync {
    /// A user by name.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn user(&self, name: &str) -> Result<Option<Account>>;

    /// A user by number.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn user_of(&self, uid: u32) -> Result<Option<Account>>;

    /// The user whom the agent runs as.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn own(&self) -> Result<Option<Account>> {
        self.user_of(0)
    }

    /// The password and the expiry of a user; `None` where the local database has none of this name.
    ///
    /// # Errors
    /// Where the database cannot be read: only root may.
    fn shadow(&self, name: &str) -> Result<Option<Shadow>>;

    /// A group by name.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn group(&self, name: &str) -> Result<Option<Group>>;

    /// A group by number.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn group_of(&self, gid: u32) -> Result<Option<Group>>;

    /// The names of the users of the local database whose primary group has this number, sorted.
    ///
    /// # Errors
    /// Where the database cannot be read.
    fn users_of_group(&self, gid: u32) -> Result<Vec<String>>;

    /// Creates a user. The home folder is made only where the change says so.
    fn add_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>>;

    /// Changes a user.
    fn change_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>>;

    /// Removes a user; the home folder stays.
    fn remove_user<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Creates a group.
    fn add_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>>;

    /// Changes a group.
    fn change_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>>;

    /// Removes a group.
    fn remove_group<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;
}
