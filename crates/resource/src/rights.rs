//! What not everybody may do.

use std::fmt;

/// What only root may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnlyRoot {
    /// Packages are installed, removed, held.
    ChangePackages,
    /// Users and groups are made, changed, removed.
    ChangeAccounts,
}

/// Why it fails for others, with what to do.
impl fmt::Display for OnlyRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match self {
            OnlyRoot::ChangePackages => "change packages",
            OnlyRoot::ChangeAccounts => "change users and groups",
        };
        write!(f, "only root can {action}: run stead as root, for instance with `sudo`")
    }
}
