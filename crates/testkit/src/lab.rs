//! Hosts of the lab: a real systemd for the tests that need one.
//!
//! A host is booted by the scripts in `lab/` (see its README) and stopped again also when the test fails. Tests that need
//! one begin with [`folder`], which says on standard error that they are skipped where there is no lab.

mod repository;

pub use repository::{Package, Repository};

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the lab; nothing, with a word about it, where tests are not to use one.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub fn folder() -> Option<PathBuf> {
    let lab = std::env::var_os("STEAD_LAB").filter(|it| !it.is_empty()).map(PathBuf::from);
    if lab.is_none() {
        eprintln!("skipped: set STEAD_LAB to run it in a host of the lab");
    }
    lab
}

/// A host that runs until it is dropped.
#[derive(Debug)]
pub struct LabHost {
    lab: PathBuf,
    name: String,
}

impl LabHost {
    /// Boots a host, with a root file system that is made at the first time. `name` tells the hosts of a test apart.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn up(lab: &Path, name: &str) -> LabHost {
        // From here on it is stopped, also where it came up by half.
        let host = LabHost { lab: lab.to_owned(), name: format!("{name}-{}", std::process::id()) };
        for (script, arguments) in [("rootfs", vec![]), ("host-up", vec![host.name.as_str()])] {
            let status = host.script(script).args(arguments).status().expect("the script can be started");
            assert!(status.success(), "lab/{script} failed");
        }
        host
    }

    fn script(&self, name: &str) -> Command {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../lab")).join(name);
        let mut command = Command::new(path);
        command.env("STEAD_LAB", &self.lab);
        command
    }

    fn folder(&self) -> PathBuf {
        self.lab.join("hosts").join(&self.name)
    }

    /// The process id of the host's systemd.
    ///
    /// # Panics
    /// When the host is not up.
    pub fn leader(&self) -> u32 {
        let text = std::fs::read_to_string(self.folder().join("leader")).expect("the host is up");
        text.trim().parse().expect("the script writes a process id")
    }

    /// Where a file of the host is on this machine, as the host sees it: with `/run` and `/tmp`.
    pub fn path(&self, inside: &str) -> PathBuf {
        Path::new("/proc").join(self.leader().to_string()).join("root").join(inside.trim_start_matches('/'))
    }

    /// A command inside the host, with the environment of a login and not that of the test.
    pub fn command(&self, argv: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.leader().to_string(), "--all", "--"]).args(argv);
        command.env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a command inside the host and returns its standard output.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, argv: &[&str]) -> String {
        let output = self.command(argv).output().expect("nsenter can be started");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{argv:?}: {}\n{error}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts a program of this machine into the host, below `/usr/local/bin`.
    ///
    /// # Panics
    /// When it cannot be copied.
    pub fn install(&self, program: &Path, name: &str) {
        std::fs::copy(program, self.path("/usr/local/bin").join(name)).expect("the host's files are ours");
    }
}

impl Drop for LabHost {
    fn drop(&mut self) {
        _ = self.script("host-down").arg(&self.name).status();
    }
}
