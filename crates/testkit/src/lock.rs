//! Locks that another process holds: the kernel does not keep a process out by its own.
//!
//! The other process is the test's own program, run with the name of a test that is ignored otherwise and calls
//! [`hold_if_told`].

use rustix::fs::{FlockOperation, fcntl_lock};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Tells the other process what to lock.
const PATH: &str = "STEAD_TEST_LOCK";

/// Holds the lock that a test has asked for, until that test has seen enough. Does nothing where no test has.
///
/// # Panics
/// When the lock cannot be had.
pub fn hold_if_told() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let file = File::options().write(true).create(true).truncate(false).open(path).expect("it can be opened");
    fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).expect("nobody else has it");
    writeln!(std::io::stderr(), "locked").expect("the parent reads");
    // Until the parent closes the pipe.
    _ = std::io::stdin().read(&mut [0]);
}

/// A lock that another process holds until this is released or dropped.
#[derive(Debug)]
pub struct Held(Child);

impl Held {
    /// Has a file locked by the test of this name, which calls [`hold_if_told`].
    ///
    /// # Panics
    /// When it cannot be started, or does not lock.
    pub fn by(test: &str, path: &Path) -> Held {
        let mut child = Command::new(std::env::current_exe().expect("we are a program"))
            .args(["--ignored", "--exact", "--nocapture", test])
            .env(PATH, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let said = BufReader::new(child.stderr.take().expect("it is a pipe"));
        let held = Held(child);
        assert!(said.lines().map_while(Result::ok).any(|line| line == "locked"), "it did not lock");
        held
    }

    /// The number of the process.
    pub fn process(&self) -> u32 {
        self.0.id()
    }

    /// Has the lock released, and waits until it is.
    ///
    /// # Panics
    /// When the process does not end well.
    pub fn release(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().expect("it ends").success());
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        _ = self.0.wait();
    }
}
