//! Packages, by whatever package manager the machine has.
//!
//! A package manager is an implementation of [`Packages`] and a row in [`KNOWN`].

mod apt;
mod dpkg;
mod lock;
mod policy;
mod said;
mod simulation;

use crate::processes::LinuxProcesses;
use resource::host::{Cancellation, PackageChange, PackageFacts, Packages};
use resource::{BoxFuture, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A package manager that we know.
struct Manager {
    name: &'static str,
    /// The file by which a machine is known to have it.
    sign: &'static str,
    make: fn(Arc<LinuxProcesses>) -> Arc<dyn Packages>,
}

const KNOWN: [Manager; 1] =
    [Manager { name: "apt", sign: "/var/lib/dpkg/status", make: |processes| Arc::new(apt::Apt::new(processes)) }];

/// The packages of this machine.
pub(crate) fn detect(processes: Arc<LinuxProcesses>) -> Arc<dyn Packages> {
    match KNOWN.iter().find(|manager| Path::new(manager.sign).exists()) {
        Some(manager) => (manager.make)(processes),
        None => Arc::new(Nothing),
    }
}

/// A machine without a package manager that we know.
struct Nothing;

fn unknown() -> Error {
    let known: Vec<&str> = KNOWN.iter().map(|manager| manager.name).collect();
    Error::Unavailable(format!("this machine has no package manager that is known here ({})", known.join(", ")))
}

impl Packages for Nothing {
    fn facts<'a>(&'a self, _names: &'a [String], _dry: bool) -> BoxFuture<'a, Result<Vec<PackageFacts>>> {
        Box::pin(async { Err(unknown()) })
    }

    fn refresh_lists<'a>(&'a self, _older_than: u64) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async { Err(unknown()) })
    }

    fn change<'a>(
        &'a self,
        _changes: &'a [PackageChange],
        _allow_downgrade: bool,
        _allow_untrusted: bool,
        _cancellation: &'a Cancellation,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Err(unknown()) })
    }

    fn removed_with<'a>(&'a self, _changes: &'a [PackageChange], _dry: bool) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async { Err(unknown()) })
    }

    fn files_of<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<Vec<PathBuf>>> {
        Box::pin(async { Err(unknown()) })
    }

    fn database(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}
