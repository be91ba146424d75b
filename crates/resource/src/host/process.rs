//! Programs.

use crate::Result;
use crate::any::BoxFuture;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Who runs a program; what is `None` is as the agent is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// A user by name or number.
    pub user: Option<String>,
    /// A group by name or number.
    pub group: Option<String>,
}

/// A program to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Command {
    /// The program, looked up in `PATH` where it has no slash, and its arguments.
    pub argv: Vec<String>,
    /// The working folder; `None`: the agent's.
    pub folder: Option<PathBuf>,
    /// The complete environment; `None`: the agent's.
    pub environment: Option<BTreeMap<String, String>>,
    /// Who runs it.
    pub identity: Identity,
    /// The file mode creation mask; `None`: the agent's.
    pub umask: Option<u32>,
    /// The signal that asks it to stop, for instance `SIGTERM`; `None`: that one.
    pub signal: Option<String>,
    /// What it reads from its standard input; nothing by default.
    pub input: Vec<u8>,
}

impl Command {
    /// A program with its arguments.
    pub fn new<S: Into<String>>(argv: impl IntoIterator<Item = S>) -> Command {
        Command { argv: argv.into_iter().map(Into::into).collect(), ..Command::default() }
    }

    /// Text run by a shell.
    pub fn shell(shell: &str, text: &str) -> Command {
        Command::new([shell, "-c", text])
    }
}

/// What came of a program that ended by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The exit code.
    pub code: i32,
    /// What it wrote to its standard output; `None` where it wrote nothing at all.
    pub stdout: Option<Vec<u8>>,
    /// What it wrote to its standard error; `None` where it wrote nothing at all.
    pub stderr: Option<Vec<u8>>,
    /// Both in the order in which they came.
    pub output: Option<Vec<u8>>,
    /// Whether output beyond the bound was dropped.
    pub truncated: bool,
}

/// Why a program did not end by itself with an exit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// It could not be started.
    #[error("cannot start `{program}`: {reason}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        reason: String,
    },
    /// A signal ended it that was not ours.
    #[error("`{program}` was killed by signal {signal}")]
    Killed {
        /// The program.
        program: String,
        /// The signal, for instance `SIGSEGV`.
        signal: String,
    },
    /// It was stopped because the run was.
    #[error("`{program}` was interrupted")]
    Interrupted {
        /// The program.
        program: String,
    },
}

/// The names of signals, in the order of their numbers, the first of which is 1.
pub const SIGNALS: [&str; 31] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// Programs.
///
/// Each runs in a process group of its own, is reaped, has bounded output, and dies with the agent. When the run is
/// cancelled the group gets the command's signal, then, when it is urgent, SIGKILL.
pub trait Processes: Send + Sync {
    /// Runs a program to its end. Any exit code is a result, not an error.
    fn run<'a>(
        &'a self,
        command: &'a Command,
        cancellation: &'a super::Cancellation,
    ) -> BoxFuture<'a, Result<Captured>>;

    /// Whether a user and group, by name or number, can be taken by [`Command::identity`] in this process.
    ///
    /// # Errors
    /// Says why they cannot.
    fn check_identity(&self, identity: &Identity) -> Result<()>;
}
