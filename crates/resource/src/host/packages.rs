//! Packages.

use crate::Result;
use crate::any::BoxFuture;
use std::path::PathBuf;

/// What the package database and the repositories say about a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFacts {
    /// The name.
    pub name: String,
    /// The installed version, where it is installed.
    pub installed: Option<String>,
    /// Whether only configuration files are left of it.
    pub residual: bool,
    /// Whether it is there by half: a change of it was interrupted, or a script of it has failed.
    pub broken: bool,
    /// Whether it is held at its version.
    pub held: bool,
    /// The version that would be installed now; `None` where no repository has it.
    pub candidate: Option<String>,
    /// All versions that repositories have.
    pub available: Vec<String>,
}

/// What is to be done with a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageChange {
    /// Installs it, the candidate or an exact version.
    Install {
        /// The package.
        name: String,
        /// The exact version, where it must be one.
        version: Option<String>,
    },
    /// Brings an installed package to the newest version.
    Upgrade {
        /// The package.
        name: String,
    },
    /// Removes it, its configuration stays.
    Remove {
        /// The package.
        name: String,
    },
    /// Removes it with its configuration.
    Purge {
        /// The package.
        name: String,
    },
    /// Keeps it at its version, or lets it go on.
    Hold {
        /// The package.
        name: String,
        /// Whether it is held.
        held: bool,
    },
}

/// Packages of the system's package manager.
pub trait Packages: Send + Sync {
    /// The facts about packages, in the order of the names. In a `dry` run nothing is written, not even what the package
    /// manager keeps to be faster the next time.
    fn facts<'a>(&'a self, names: &'a [String], dry: bool) -> BoxFuture<'a, Result<Vec<PackageFacts>>>;

    /// Fetches the package lists, where they are older than so many seconds. Says what of them could not be had, in a line
    /// each: the others may be enough.
    fn refresh_lists<'a>(&'a self, older_than: u64) -> BoxFuture<'a, Result<Vec<String>>>;

    /// Makes all changes in one transaction. The error about a change that only `allow_downgrade` or `allow_untrusted` would
    /// permit names the field that gives leave: `allowdowngrade`, `allowuntrusted`.
    fn change<'a>(
        &'a self,
        changes: &'a [PackageChange],
        allow_downgrade: bool,
        allow_untrusted: bool,
        cancellation: &'a super::Cancellation,
    ) -> BoxFuture<'a, Result<()>>;

    /// The installed packages that would go besides what is to go, where these changes were made now, sorted: what is in
    /// conflict with what comes, and what depends on what goes. Empty where the package manager cannot tell, because it
    /// could not make them. In a `dry` run nothing is written, as for [`Packages::facts`].
    fn removed_with<'a>(&'a self, changes: &'a [PackageChange], dry: bool) -> BoxFuture<'a, Result<Vec<String>>>;

    /// The files of an installed package; empty where it is not installed.
    fn files_of<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<PathBuf>>>;

    /// Where the package database is, so that it can be watched.
    fn database(&self) -> Vec<PathBuf>;
}
