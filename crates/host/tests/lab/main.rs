//! The parts that need a whole system: units, packages, accounts.
//!
//! One test boots a host of the lab (see `lab/README.md`) and runs this same program inside it, with the tests that are
//! ignored otherwise. Without `STEAD_LAB` in the environment it says that it is skipped.

mod accounts;
mod packages;
mod services;

use host::{AccountDatabase, LinuxProcesses, Machine, Parts, linux};
use resource::host::{Captured, Command, Exchange};
use resource::{BoxFuture, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Stops the host also when the test fails.
struct LabHost {
    lab: PathBuf,
    name: String,
}

impl LabHost {
    fn up(lab: &Path) -> LabHost {
        let name = format!("test-{}", std::process::id());
        let host = LabHost { lab: lab.to_owned(), name };
        for (script, arguments) in [("rootfs", vec![]), ("host-up", vec![host.name.as_str()])] {
            let status = host.script(script).args(arguments).status().expect("the script can be started");
            assert!(status.success(), "lab/{script} failed");
        }
        host
    }

    fn script(&self, name: &str) -> std::process::Command {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lab").join(name);
        let mut command = std::process::Command::new(path);
        command.env("STEAD_LAB", &self.lab);
        command
    }

    fn folder(&self) -> PathBuf {
        self.lab.join("hosts").join(&self.name)
    }
}

impl Drop for LabHost {
    fn drop(&mut self) {
        _ = self.script("host-down").arg(&self.name).status();
    }
}

#[test]
fn units_packages_and_accounts_of_a_real_host() {
    let Some(lab) = std::env::var_os("STEAD_LAB") else {
        eprintln!("skipped: set STEAD_LAB to run it in a host of the lab");
        return;
    };
    let host = LabHost::up(Path::new(&lab));
    let program = std::env::current_exe().expect("we are a program");
    std::fs::copy(program, host.folder().join("root/usr/local/bin/stead-test")).expect("the host's files are ours");
    let leader = std::fs::read_to_string(host.folder().join("leader")).expect("the host is up");
    let output = std::process::Command::new("nsenter")
        .args(["--target", leader.trim(), "--all", "--", "/usr/local/bin/stead-test", "--ignored", "--test-threads=1"])
        .env_remove("DBUS_SYSTEM_BUS_ADDRESS")
        .output()
        .expect("nsenter can be started");
    eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "tests inside the host failed");
}

/// This machine, inside the host.
fn machine() -> Machine {
    let parts = Parts {
        exchange: Arc::new(NoExchange),
        keys: Box::new(|_, _| Box::new(())),
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
}
