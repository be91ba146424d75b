//! The parts that need a whole system: units, packages, accounts.
//!
//! One test boots a host of the lab (see `lab/README.md`) and runs this same program inside it, with the tests that are
//! ignored otherwise. Without `STEAD_LAB` in the environment it says that it is skipped.

mod accounts;
mod packages;
mod services;

use host::{AccountDatabase, LinuxProcesses, Machine, Parts, linux};
use resource::host::{Candidacy, Captured, Command, Exchange};
use resource::{BoxFuture, Error, Key, Result};
use std::path::Path;
use std::sync::Arc;
use testkit::lab::{self, LabHost};

#[test]
fn units_packages_and_accounts_of_a_real_host() {
    let Some(lab) = lab::folder() else { return };
    let host = LabHost::up(&lab, "host");
    host.install(&std::env::current_exe().expect("we are a program"), "stead-test");
    let mut command = host.command(&["/usr/local/bin/stead-test", "--ignored", "--test-threads=1"]);
    let output = command.output().expect("nsenter can be started");
    eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "tests inside the host failed");
}

/// This machine, inside the host.
fn machine() -> Machine {
    let parts = Parts {
        exchange: Arc::new(NoExchange),
        keys: Box::new(|_, _| Box::new(())),
        candidacies: Box::new(|_, _| Box::new(())),
        show: Arc::new(|_, _| {}),
        backups: host::BackupBounds::default(),
    };
    linux(Path::new("/var/lib/stead-test"), parts).expect("the machine has threads")
}

async fn run(argv: &[&str]) -> Captured {
    let processes = LinuxProcesses::new(Arc::new(AccountDatabase::default())).expect("a thread can be started");
    let never = resource::host::Cancellation::never();
    let command = Command::new(argv.iter().copied());
    let captured = resource::host::Processes::run(&processes, &command, &never).await.expect("it can be started");
    assert_eq!(
        captured.code,
        0,
        "{argv:?}: {}",
        String::from_utf8_lossy(captured.output.as_deref().unwrap_or_default())
    );
    captured
}

/// Nobody shares anything here.
struct NoExchange;

fn nobody<T: Send + 'static>() -> BoxFuture<'static, Result<T>> {
    Box::pin(async { Err(Error::Unavailable("no store".to_owned())) })
}

impl Exchange for NoExchange {
    fn get<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        nobody()
    }

    fn set<'a>(&'a self, _key: &'a str, _value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        nobody()
    }

    fn get_mapped<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        nobody()
    }

    fn set_mapped<'a>(&'a self, _key: &'a str, _value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        nobody()
    }

    fn candidacy<'a>(&'a self, _namespace: &'a str) -> BoxFuture<'a, Result<Option<Candidacy>>> {
        nobody()
    }

    fn stand<'a>(&'a self, _of: Key, _namespace: &'a str, _says: &'a Candidacy) -> BoxFuture<'a, Result<()>> {
        nobody()
    }

    fn withdraw<'a>(&'a self, _of: Key, _namespace: &'a str) -> BoxFuture<'a, Result<()>> {
        nobody()
    }
}
