//! How the engine works, as the command line says.

use std::time::Duration;

/// Whether there is an end to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Brings everything into shape once. Nothing is watched; a failure is final after the retries that the program states, and
    /// what is to be tried for ever when nothing is new any more.
    Apply,
    /// Keeps everything in shape. A failure is retried for ever, with growing delays, unless the program says otherwise.
    Run,
}

/// How the engine works.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Whether there is an end to it.
    pub mode: Mode,
    /// Changes nothing, whatever the metaparameters say.
    pub noop: bool,
    /// How many runs go on at once; at least one does.
    pub jobs: usize,
    /// How many of them may be of resources that do rather than state, as commands are; `None` for as many as there are jobs.
    /// Others mostly wait for the disk.
    pub doing: Option<u32>,
    /// How many runs go on at once under the semaphore without a name; `None` for no such semaphore.
    pub sema: Option<u32>,
    /// How long nothing must have changed or failed until everything counts as converged; `None` never does.
    pub converged_after: Option<Duration>,
    /// How long nothing must have changed, at least, while something is left that is tried again for ever.
    pub patience: Duration,
    /// Ends as soon as everything has converged.
    pub exit_when_converged: bool,
    /// In how long everything is looked at again, whether or not its watches fired; `None` for never.
    pub full_pass: Option<Duration>,
    /// The first delay before a retry; each further one is twice as long.
    pub first_delay: Duration,
    /// The longest delay before a retry.
    pub longest_delay: Duration,
    /// The longest delay before a retry of something that an event has told about: what was missing may be there.
    pub longest_delay_with_events: Duration,
    /// How long a run that was asked to stop has until it is stopped.
    pub grace: Duration,
}

impl Options {
    /// What is usual for a mode.
    pub fn new(mode: Mode) -> Options {
        Options {
            mode,
            noop: false,
            jobs: 8,
            doing: None,
            sema: None,
            converged_after: (mode == Mode::Apply).then_some(Duration::ZERO),
            patience: if mode == Mode::Apply { Duration::from_secs(60) } else { Duration::ZERO },
            exit_when_converged: mode == Mode::Apply,
            full_pass: (mode == Mode::Run).then_some(Duration::from_secs(30 * 60)),
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(5 * 60),
            longest_delay_with_events: Duration::from_secs(5),
            grace: Duration::from_secs(10),
        }
    }
}
