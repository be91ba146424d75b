//! What `apply` and `run` show while they work: a line for each change on a pipe, and on a terminal also what is going on.

use crate::terminal::Terminal;
use agent::{Observer, ProgramEvent};
use anstyle::{AnsiColor, Style as Colour};
use diag::Style;
use engine::{Report, State};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use resource::{Key, Outcome, Report as Step};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Shows what goes on.
pub(crate) struct Live<'a> {
    terminal: &'a mut Terminal,
    /// Whether only the end is shown, because the output is for a machine.
    quiet: bool,
    progress: ProgressBar,
    /// What is being worked on, with when that began.
    working: BTreeMap<Key, Instant>,
    failed: BTreeSet<Key>,
    changed: u64,
    began: Instant,
    ever_converged: bool,
}

impl<'a> Live<'a> {
    pub(crate) fn new(terminal: &'a mut Terminal, quiet: bool) -> Live<'a> {
        let shown = !quiet && terminal.error_style == Style::Colour;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let progress = ProgressBar::with_draw_target(None, target);
        progress.set_style(ProgressStyle::default_spinner());
        Live {
            terminal,
            quiet,
            progress,
            working: BTreeMap::new(),
            failed: BTreeSet::new(),
            changed: 0,
            began: Instant::now(),
            ever_converged: false,
        }
    }

    /// A line on standard output, above what is going on.
    fn line(&mut self, text: &str) {
        if self.quiet {
            return;
        }
        let (terminal, line) = (&mut *self.terminal, format!("{text}\n"));
        // An output that is gone does not stop the work.
        self.progress.suspend(|| _ = terminal.print(&line).and_then(|()| terminal.flush()));
    }

    fn paint(&self, colour: AnsiColor, text: &str) -> String {
        match self.terminal.style {
            Style::Plain => text.to_owned(),
            Style::Colour => {
                let style = Colour::new().fg_color(Some(colour.into()));
                format!("{style}{text}{style:#}")
            }
        }
    }

    fn show_working(&self) {
        if self.progress.is_hidden() {
            return;
        }
        match self.working.len() {
            0 => self.progress.set_message(""),
            count => {
                let names: Vec<String> = self.working.keys().take(3).map(Key::to_string).collect();
                let more = if count > 3 { format!(" and {} more", count - 3) } else { String::new() };
                self.progress.set_message(format!("{}{more}", names.join(", ")));
                self.progress.tick();
            }
        }
    }
}

impl Observer for Live<'_> {
    fn program(&mut self, event: ProgramEvent<'_>) {
        let terminal = &mut *self.terminal;
        // An output that is gone does not stop the work.
        _ = self.progress.suspend(|| match event {
            ProgramEvent::Loaded(diagnostics, texts) => terminal.diagnostics(diagnostics, texts),
            ProgramEvent::Refused(diagnostics, texts) => terminal
                .diagnostics(diagnostics, texts)
                .and_then(|()| terminal.message("the edited program is in error: going on with the one before it")),
            ProgramEvent::Failing(diagnostics, texts) => terminal.diagnostics(diagnostics, texts),
            ProgramEvent::Recovered => terminal.message("the program has all its values again"),
        });
    }

    fn status(&mut self, key: &Key, state: &State) {
        match state {
            State::Applying => _ = self.working.insert(key.clone(), Instant::now()),
            State::Failed { message, next_try, .. } => {
                self.working.remove(key);
                self.failed.insert(key.clone());
                let again = if next_try.is_some() { " (to be tried again)" } else { "" };
                let line = format!("{}: {key}: {message}{again}", self.paint(AnsiColor::Red, "failed"));
                self.line(&line);
            }
            State::Clean => {
                self.working.remove(key);
                if self.failed.remove(key) {
                    let line = format!("{}: {key}", self.paint(AnsiColor::Green, "recovered"));
                    self.line(&line);
                }
            }
            State::Blocked { .. } => {
                self.working.remove(key);
            }
            State::Pending | State::Checking | State::Disabled => {}
        }
        self.show_working();
    }

    fn step(&mut self, key: &Key, step: &Step) {
        if step.shows_itself {
            return;
        }
        let line = format!("{}: {}", self.paint(AnsiColor::Cyan, &key.to_string()), step.text);
        self.line(&line);
    }

    fn finished(&mut self, key: &Key, outcome: &Outcome) {
        if outcome.applied {
            self.changed += 1;
        } else {
            for step in &outcome.steps {
                let line = format!("{}: would {}", self.paint(AnsiColor::Yellow, &key.to_string()), step.text);
                self.line(&line);
            }
        }
    }

    fn shown(&mut self, source: &str, text: &str) {
        let line = format!("{source}: {text}");
        self.line(&line);
    }

    fn converged(&mut self, converged: bool) {
        if converged && !self.ever_converged {
            self.ever_converged = true;
            let elapsed = duration(self.began.elapsed());
            tracing::info!(elapsed, changed = self.changed, "Everything is in shape");
        }
    }

    fn interrupted(&mut self, count: u32) {
        let text = match count {
            1 => "stopping: what runs is finished (once more to ask it to stop)",
            2 => "stopping: what runs is asked to stop (once more to kill it)",
            _ => "stopping: what runs is killed",
        };
        let terminal = &mut *self.terminal;
        _ = self.progress.suspend(|| terminal.message(text));
    }

    fn ended(&mut self, report: &Report) {
        self.progress.finish_and_clear();
        for (key, by) in &report.blocked {
            let line = format!("{}: {key} by {by}", self.paint(AnsiColor::Yellow, "blocked"));
            self.line(&line);
        }
        for key in &report.unfinished {
            let line = format!("{}: {key}", self.paint(AnsiColor::Yellow, "not done"));
            self.line(&line);
        }
        let line = summary(report, self.began.elapsed());
        self.line(&line);
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
