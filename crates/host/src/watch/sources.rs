//! What is watched beside files: timers, programs, units, values.

use super::Signal;
use crate::processes::{Line, LinuxProcesses};
use crate::services::LinuxServices;
use resource::Watch;
use resource::host::Command;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// What keeps a watch going; dropped to end it.
pub type Guard = Box<dyn Any + Send + Sync>;

/// How changes under a key are followed: the signal is fired after each, and once in the beginning. Ends with the guard.
pub type Follow = Box<dyn Fn(&str, Signal) -> Guard + Send + Sync>;

/// How long to wait before a program that ended is started again: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// What is watched beside files.
pub(super) struct Sources {
    processes: Arc<LinuxProcesses>,
    services: Arc<LinuxServices>,
    local: Follow,
    keys: Follow,
    candidacies: Follow,
}

impl Sources {
    pub(super) fn new(processes: Arc<LinuxProcesses>, services: Arc<LinuxServices>) -> Sources {
        let once = || -> Follow {
            Box::new(|_, signal| {
                signal.fire();
                Box::new(())
            })
        };
        Sources { processes, services, local: once(), keys: once(), candidacies: once() }
    }

    pub(super) fn set_values(&mut self, local: Follow, keys: Follow, candidacies: Follow) {
        self.local = local;
        self.keys = keys;
        self.candidacies = candidacies;
    }

    pub(super) fn follow(&self, watch: &Watch, signal: Signal) -> Guard {
        match watch {
            // Watched by the thread.
            Watch::Path(_) | Watch::Folder(_) | Watch::Tree(_) => Box::new(()),
            // Whoever knows where they are watches the paths.
            Watch::Home { .. } | Watch::State { .. } => {
                signal.fire();
                Box::new(())
            }
            Watch::Timer(milliseconds) => task(tick(Duration::from_millis(*milliseconds), signal)),
            Watch::Lines(command) => task(read_lines(Arc::clone(&self.processes), (**command).clone(), signal)),
            Watch::Unit { name, session } => Box::new(self.services.follow(name, *session, signal)),
            Watch::Key(key) => (self.keys)(key, signal),
            Watch::Candidacy(namespace) => (self.candidacies)(namespace, signal),
            Watch::Local(key) => (self.local)(key, signal),
        }
    }
}

/// A task that ends when the guard is dropped.
fn task(work: impl Future<Output = ()> + Send + 'static) -> Guard {
    struct Abort(tokio::task::AbortHandle);
    impl Drop for Abort {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    Box::new(Abort(tokio::spawn(work).abort_handle()))
}

async fn tick(period: Duration, signal: Signal) {
    // A period of zero would be an endless loop.
    let period = period.max(Duration::from_millis(1));
    let mut ticks = tokio::time::interval_at(Instant::now() + period, period);
    // After a suspend one look is as good as a thousand.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        signal.fire();
    }
}

/// Fires for each line that is not empty. A program that ends well is started again, after a while; one that does not, or
/// cannot be started, watches nothing.
async fn read_lines(processes: Arc<LinuxProcesses>, command: Command, signal: Signal) {
    let mut pause = PAUSE.0;
    loop {
        match processes.lines(&command).await {
            Ok(mut lines) => {
                // What happened before it ran is looked at.
                signal.fire();
                while let Some(line) = lines.next().await {
                    match line {
                        Line::Stdout(text) | Line::Stderr(text) => {
                            if !text.is_empty() {
                                pause = PAUSE.0;
                                signal.fire();
                            }
                        }
                        Line::Ended(Ok(0)) => {
                            tracing::warn!(program = command.argv.first(), "a watching program ended");
                        }
                        Line::Ended(Ok(code)) => {
                            let command = command.argv.join(" ");
                            return signal.fail(format!("`{command}`, which is to watch, ended with exit code {code}"));
                        }
                        Line::Ended(Err(error)) => return signal.fail(format!("what is to watch: {error}")),
                    }
                }
            }
            Err(error) => return signal.fail(format!("what is to watch: {error}")),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}
