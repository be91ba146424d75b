//! Programs: each in a process group of its own, reaped, with bounded output, dying with the agent.
//!
//! A run ends when its leader has ended, not when its pipes have: a daemon that it left behind may hold them open for ever.
//! What is in the pipes by then is read, and no more.
//!
//! **Invariant:** whatever ends a run early (a drop, a cancellation, our own death), its processes do not stay behind
//! unsignalled.

mod capture;
mod lines;
mod setup;
mod signal;
mod spawn;

pub use lines::{Line, Lines};

use crate::accounts::AccountDatabase;
use capture::Capture;
use resource::host::{Cancellation, Captured, Command, ProcessError, ProcessIdentity, Processes, Urgency};
use resource::{BoxFuture, Error, Result};
use rustix::process::Signal;
use spawn::Spawner;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// How much of each stream is kept.
const MOST_OUTPUT: usize = 1 << 20;

/// Programs on Linux.
pub struct LinuxProcesses {
    spawner: Spawner,
    accounts: Arc<AccountDatabase>,
}

impl LinuxProcesses {
    /// Programs; users and groups are looked up in these accounts.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn new(accounts: Arc<AccountDatabase>) -> std::io::Result<LinuxProcesses> {
        Ok(LinuxProcesses { spawner: Spawner::start()?, accounts })
    }

    /// Runs a program for the lines that it writes. It is asked to stop when what is returned is dropped.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn lines(&self, command: &Command) -> Result<Lines, ProcessError> {
        Ok(Lines::follow(self.spawner.spawn(&self.accounts, command).await?, command))
    }

    async fn try_run(&self, command: &Command, cancellation: &Cancellation) -> Result<Captured, ProcessError> {
        let interrupted = || ProcessError::Interrupted { program: program(command) };
        if cancellation.urgency() > Urgency::None {
            return Err(interrupted());
        }
        let mut running = self.spawner.spawn(&self.accounts, command).await?;
        let feeder = running.stdin.take().map(|stdin| feed(stdin, command.input.clone()));
        // Writing must not hold up reading: the two are done side by side, and whoever does not read its input is no error.
        let feeding = feeder.map(tokio::spawn);
        let mut capture = Capture::new(MOST_OUTPUT);
        let mut stopped = Urgency::None;
        let status = loop {
            tokio::select! {
                // A program that has ended counts as done, also when the wish to stop comes at the same moment.
                biased;
                status = running.child.wait() => break status,
                () = capture.read(&running.stdout, &running.stderr) => {}
                () = cancellation.reached(next(stopped)), if stopped < Urgency::Now => {
                    stopped = cancellation.urgency().max(next(stopped));
                    running.group.send(if stopped == Urgency::Now { Signal::KILL } else { running.signal });
                }
            }
        };
        running.group.disarm();
        capture.drain(&running.stdout, &running.stderr);
        if let Some(feeding) = feeding {
            feeding.abort();
        }
        if stopped > Urgency::None {
            return Err(interrupted());
        }
        Ok(capture.finish(exit_code(status, program(command))?))
    }
}

impl Processes for LinuxProcesses {
    fn run<'a>(&'a self, command: &'a Command, cancellation: &'a Cancellation) -> BoxFuture<'a, Result<Captured>> {
        Box::pin(async move { Ok(self.try_run(command, cancellation).await?) })
    }

    fn check_identity(&self, identity: &ProcessIdentity) -> Result<()> {
        spawn::resolve(&self.accounts, identity).map(|_| ()).map_err(Error::failed)
    }
}

fn program(command: &Command) -> String {
    command.argv.first().cloned().unwrap_or_default()
}

fn next(urgency: Urgency) -> Urgency {
    if urgency == Urgency::None { Urgency::Soon } else { Urgency::Now }
}

async fn feed(mut stdin: tokio::net::unix::pipe::Sender, input: Vec<u8>) {
    _ = stdin.write_all(&input).await;
}

fn exit_code(status: std::io::Result<ExitStatus>, program: String) -> Result<i32, ProcessError> {
    let status = match status {
        Ok(status) => status,
        Err(error) => return Err(ProcessError::Start { program, reason: error.to_string() }),
    };
    match status.code() {
        Some(code) => Ok(code),
        None => Err(ProcessError::Killed { program, signal: signal::name_of(status.signal().unwrap_or_default()) }),
    }
}
