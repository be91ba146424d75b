//! What `apply` and `run` show while they work: a line for each change, and at the foot of a terminal what is going on. The
//! same is logged, for whoever asks for that.

use crate::terminal::{Terminal, printable, printable_lines};
use agent::{Observer, ProgramEvent};
use anstyle::AnsiColor;
use engine::{Load, Report, State};
use resource::{Key, Outcome, Report as Step};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What is told to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tell {
    /// What happens, and how it ended.
    Everything,
    /// That too, and when everything was looked at: it goes on then.
    AndWatching,
    /// Nothing: the output is for a machine.
    Nothing,
}

/// Shows what goes on.
pub(crate) struct Live<'a> {
    terminal: &'a mut Terminal,
    tell: Tell,
    failed: BTreeSet<Key>,
    blocked: BTreeSet<Key>,
    resources: usize,
    changed: u64,
    began: Instant,
    is_loaded: bool,
    is_failing: bool,
    is_watching: bool,
}

impl<'a> Live<'a> {
    pub(crate) fn new(terminal: &'a mut Terminal, tell: Tell) -> Live<'a> {
        Live {
            terminal,
            tell,
            failed: BTreeSet::new(),
            blocked: BTreeSet::new(),
            resources: 0,
            changed: 0,
            began: Instant::now(),
            is_loaded: false,
            is_failing: false,
            is_watching: false,
        }
    }

    /// A line on standard output.
    fn line(&mut self, text: &str) {
        if self.tell != Tell::Nothing {
            // An output that is gone does not stop the work.
            _ = self.terminal.line(text);
        }
    }

    fn paint(&self, colour: AnsiColor, text: &str) -> String {
        self.terminal.paint(colour, text)
    }

    /// The name of a resource, before what is said about it.
    fn named(&self, colour: AnsiColor, key: &Key) -> String {
        self.paint(colour, &printable(&key.to_string()))
    }
}

impl Observer for Live<'_> {
    fn program(&mut self, event: ProgramEvent<'_>) {
        let is_edited = std::mem::replace(&mut self.is_loaded, true);
        self.is_failing = match event {
            ProgramEvent::Failing(..) => true,
            ProgramEvent::Loaded(..) | ProgramEvent::Recovered => false,
            ProgramEvent::Refused(..) => self.is_failing,
        };
        let (diagnostics, message) = match event {
            ProgramEvent::Loaded(diagnostics, texts) => {
                (Some((diagnostics, texts)), is_edited.then_some("the edited program is taken up"))
            }
            ProgramEvent::Refused(diagnostics, texts) => {
                (Some((diagnostics, texts)), Some("the edited program is in error: going on with the one before it"))
            }
            ProgramEvent::Failing(diagnostics, texts) => {
                let message = "keeping the resources as they are until the program has all its values";
                (Some((diagnostics, texts)), (self.tell == Tell::AndWatching).then_some(message))
            }
            ProgramEvent::Recovered => (None, Some("the program has all its values again")),
        };
        // An output that is gone does not stop the work.
        if let Some((diagnostics, texts)) = diagnostics {
            _ = self.terminal.diagnostics(diagnostics, texts);
        }
        if let Some(message) = message {
            tracing::info!("{message}");
            _ = self.terminal.message(message);
        }
    }

    fn status(&mut self, key: &Key, state: &State, by: Option<&Key>) {
        tracing::debug!(resource = %key, %state, "A resource has another state");
        let since = self.terminal.foot.update(|work| match state {
            State::Applying => work.changing.insert(key.clone(), Instant::now()),
            _ => work.changing.remove(key),
        });
        if !matches!(state, State::Pending | State::Checking) {
            self.blocked.remove(key);
        }
        match state {
            State::Failed { message, next_try, .. } => {
                tracing::error!(resource = %key, error = &**message, again = next_try.is_some(), "A resource failed");
                self.failed.insert(key.clone());
                let again = if next_try.is_some() { " (to be tried again)" } else { "" };
                let (failed, key) = (self.paint(AnsiColor::Red, "failed"), key.to_string());
                self.line(&format!("{failed}: {}: {}{again}", printable(&key), printable_lines(message)));
            }
            State::Clean => {
                if let Some(since) = since {
                    let elapsed_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
                    tracing::info!(resource = %key, elapsed_ms, "A resource was changed");
                }
                if self.failed.remove(key) {
                    tracing::info!(resource = %key, "A resource recovered");
                    let recovered = self.paint(AnsiColor::Green, "recovered");
                    self.line(&format!("{recovered}: {}", printable(&key.to_string())));
                }
            }
            State::Blocked { .. } => {
                let by = by.map(Key::to_string).unwrap_or_default();
                tracing::warn!(resource = %key, by, "A resource is blocked");
                // What ends soon says so at the end; and it is said once, however often what blocks it is tried again.
                if self.blocked.insert(key.clone()) && self.tell == Tell::AndWatching {
                    let blocked = self.paint(AnsiColor::Yellow, "blocked");
                    self.line(&format!("{blocked}: {} by {}", printable(&key.to_string()), printable(&by)));
                }
            }
            State::Pending | State::Checking | State::Applying | State::Disabled => {}
        }
    }

    fn load(&mut self, load: Load, awaits_values: bool) {
        self.resources = load.resources;
        self.terminal.foot.update(|work| {
            let is_at_work = load.running > 0 || awaits_values;
            work.since = is_at_work.then(|| work.since.unwrap_or_else(Instant::now));
            work.load = load;
        });
    }

    fn step(&mut self, key: &Key, step: &Step) {
        tracing::info!(resource = %key, step = step.text, "A step is taken");
        if !step.shows_itself {
            let line = format!("{}: {}", self.named(AnsiColor::Cyan, key), printable(&step.text));
            self.line(&line);
        }
    }

    fn finished(&mut self, key: &Key, outcome: &Outcome) {
        if outcome.applied {
            self.changed += 1;
            return;
        }
        for step in &outcome.steps {
            tracing::info!(resource = %key, step = step.text, "A step would be taken");
            let line = format!("{}: would {}", self.named(AnsiColor::Yellow, key), printable(&step.text));
            self.line(&line);
        }
    }

    fn shown(&mut self, source: &str, text: &str) {
        self.line(&format!("{}: {}", printable(source), printable_lines(text)));
    }

    fn converged(&mut self, converged: bool) {
        if !converged || self.is_failing || std::mem::replace(&mut self.is_watching, true) {
            return;
        }
        let elapsed = duration(self.began.elapsed());
        let said = match self.failed.is_empty() && self.blocked.is_empty() {
            true => "Everything is in shape",
            false => "Everything was looked at",
        };
        tracing::info!(elapsed, resources = self.resources, changed = self.changed, "{said}");
        if self.tell == Tell::AndWatching {
            let mut parts = vec![counted(self.resources)];
            let counts = [(usize::try_from(self.changed).unwrap_or(usize::MAX), "changed")];
            let counts = counts.into_iter().chain([(self.failed.len(), "failed"), (self.blocked.len(), "blocked")]);
            parts.extend(counts.filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
            self.line(&format!("watching {} after {elapsed}", parts.join(", ")));
        }
    }

    fn interrupted(&mut self, count: u32) {
        let text = match count {
            1 => "stopping when what runs is done (once more to interrupt it)",
            2 => "stopping: what runs is interrupted (once more to kill it)",
            _ => "stopping: what runs is killed",
        };
        tracing::info!("{text}");
        // An output that is gone does not stop the end either.
        _ = self.terminal.message(text);
    }

    fn ended(&mut self, report: &Report) {
        self.terminal.foot.update(|work| work.since = None);
        for (key, by) in &report.blocked {
            let blocked = self.paint(AnsiColor::Yellow, "blocked");
            self.line(&format!("{blocked}: {} by {}", printable(&key.to_string()), printable(&by.to_string())));
        }
        for key in &report.unfinished {
            let unfinished = self.paint(AnsiColor::Yellow, "not done");
            self.line(&format!("{unfinished}: {}", printable(&key.to_string())));
        }
        let line = summary(report, self.began.elapsed());
        tracing::info!("Ended: {line}");
        // Of a program that never came to state resources there is nothing to sum up.
        if !self.is_failing || report.vertices > 0 {
            self.line(&line);
        }
    }
}

/// How everything stands, in one line.
fn summary(report: &Report, elapsed: Duration) -> String {
    let mut parts = vec![counted(report.vertices)];
    let mut part = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    part(usize::try_from(report.applied).unwrap_or(usize::MAX), "changed");
    part(report.differing.len(), "would change");
    part(report.failed.len(), "failed");
    part(report.blocked.len(), "blocked");
    part(report.unfinished.len(), "not done");
    part(report.disabled, "hidden");
    let open = [report.failed.len(), report.differing.len(), report.blocked.len(), report.unfinished.len()];
    if report.applied == 0 && open == [0; 4] {
        parts.push("nothing to change".to_owned());
    }
    format!("{} in {}", parts.join(", "), duration(elapsed))
}

fn duration(elapsed: Duration) -> String {
    match elapsed.as_millis() {
        milliseconds @ 0..1000 => format!("{milliseconds} ms"),
        milliseconds @ 1000..60_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        milliseconds => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1000),
    }
}

/// How many resources, in words.
pub(crate) fn counted(resources: usize) -> String {
    if resources == 1 { "1 resource".to_owned() } else { format!("{resources} resources") }
}
