//! Users and groups as fields name them: by name, or by number.

use crate::text::quoted;
use resource::host::{Accounts, by_name_or_number};
use resource::{Identity, Invalid, Result, Siblings, Want};

/// A user or group that a field names, as far as the machine knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It has this number. A number is one whether or not an account has it.
    Known(u32),
    /// There is none of this name.
    Missing(String),
}

impl Owner {
    /// The user that a text names, who need not have an account where it is a number.
    pub(crate) fn user(accounts: &dyn Accounts, text: &str) -> Result<Owner> {
        Owner::of(text, |name| Ok(accounts.user(name)?.map(|user| user.uid)))
    }

    /// The group that a text names, as for users.
    pub(crate) fn group(accounts: &dyn Accounts, text: &str) -> Result<Owner> {
        Owner::of(text, |name| Ok(accounts.group(name)?.map(|group| group.gid)))
    }

    fn of(text: &str, by_name: impl FnOnce(&str) -> Result<Option<u32>>) -> Result<Owner> {
        let found = by_name_or_number(text, by_name, |number| Ok((number != NO_NUMBER).then_some(number)))?;
        Ok(found.map_or_else(|| Owner::Missing(text.to_owned()), Owner::Known))
    }

    /// The name of a user that is missing, and that no earlier step of a dry run brings.
    pub(crate) fn missing_user(&self, siblings: &dyn Siblings) -> Option<&str> {
        self.missing(siblings, Identity::User)
    }

    /// The name of a group that is missing, and that no earlier step of a dry run brings.
    pub(crate) fn missing_group(&self, siblings: &dyn Siblings) -> Option<&str> {
        self.missing(siblings, Identity::Group)
    }

    fn missing(&self, siblings: &dyn Siblings, identity: fn(String) -> Identity) -> Option<&str> {
        match self {
            Owner::Missing(name) if !siblings.will_exist(&identity(name.clone())) => Some(name),
            _ => None,
        }
    }
}

/// What a field that names a user wants first; nothing where it is empty.
pub(crate) fn wants_user(text: &str) -> Option<Want> {
    want(text, Identity::User, Identity::UserId)
}

/// What a field that names a group wants first; nothing where it is empty.
pub(crate) fn wants_group(text: &str) -> Option<Want> {
    want(text, Identity::Group, Identity::GroupId)
}

fn want(text: &str, named: fn(String) -> Identity, numbered: fn(u32) -> Identity) -> Option<Want> {
    if text.is_empty() {
        return None;
    }
    let by_number = text.parse().ok().map(numbered);
    Some(Want::any_of(std::iter::once(named(text.to_owned())).chain(by_number).collect(), resource::Direction::Before))
}

/// Refuses the one number that no user or group can have.
pub(crate) fn check_number(field: &'static str, number: Option<u32>) -> Result<(), Invalid> {
    if number == Some(NO_NUMBER) {
        let message = format!("{NO_NUMBER} is no number of a user or group: to the kernel it means none");
        return Err(Invalid::field(field, message));
    }
    Ok(())
}

/// As [`check_number`], for a field that holds a name or a number.
pub(crate) fn check_owner(field: &'static str, text: &str) -> Result<(), Invalid> {
    check_number(field, text.parse().ok())
}

/// What the kernel takes for "leave it as it is".
const NO_NUMBER: u32 = u32::MAX;

/// Refuses what the system does not take as the name of a user or group.
pub(crate) fn check_name(what: &str, name: &str) -> Result<(), Invalid> {
    let is_first = |it: char| it.is_ascii_alphabetic() || it == '_';
    let is_other = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    if name.starts_with(is_first) && name.len() <= LONGEST_NAME && name.chars().all(is_other) {
        return Ok(());
    }
    Err(Invalid::new(format!("{} is no name of a {what}", quoted(name)))
        .hint(format!("a letter or `_` first, then letters, digits, `_` and `-`; at most {LONGEST_NAME} in all")))
}

/// How long the name of a user or group can be.
const LONGEST_NAME: usize = 31;
