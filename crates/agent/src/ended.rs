//! How the work on a program ended.

use diag::{Diagnostic, codes};
use engine::{Engine, Report, State};
use plan::Plan;
use resource::Key;
use span::SourceMap;
use std::sync::Arc;

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    /// How everything stands.
    pub report: Report,
    /// The exit code that a resource asked for.
    pub asked: Option<i32>,
    /// Whether the program failed at the end: what it states could not be worked on.
    pub failing: bool,
    /// Whether the program never came to state resources, because its values were not there yet.
    pub waiting: bool,
    /// Whether it was to go on until it is asked to stop, and was asked: there is no end that it did not reach.
    pub stopped: bool,
    /// The exported resources that the store did not take.
    pub unpublished: Vec<Key>,
    /// Whether everything that was changed is on the disk.
    pub is_durable: bool,
    /// The graph at the end, with the values that resources received, where [`Settings::wants_graph`].
    pub graph: Option<plan::View>,
    /// The resources that failed, as diagnostics.
    pub failures: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub texts: Arc<SourceMap>,
    /// What is left in memory. Taking a large graph apart piece by piece takes a while: who ends the process next need not
    /// drop it.
    pub remains: Remains,
}

/// The graph of a session that has ended, as it was worked on. Nothing runs in it.
pub struct Remains {
    _plan: Plan,
    _engine: Engine,
}

impl Remains {
    pub(crate) fn new(plan: Plan, engine: Engine) -> Remains {
        Remains { _plan: plan, _engine: engine }
    }
}

impl std::fmt::Debug for Remains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remains")
    }
}

impl Ended {
    /// The exit code: what a resource asked for, or how everything stands. Of what was to go on until it is asked to stop,
    /// what was under way then does not count; what has failed or is blocked does.
    pub fn exit_code(&self) -> u8 {
        if let Some(asked) = self.asked {
            // An exit code has eight bits.
            return u8::try_from(asked).unwrap_or(1);
        }
        if self.failing {
            return 1;
        }
        match self.report.exit_code() {
            3 if self.stopped && self.report.blocked.is_empty() => 0,
            0 if self.waiting && !self.stopped => 3,
            0 if !self.unpublished.is_empty() || !self.is_durable => 3,
            code => code,
        }
    }
}

/// The resources that failed, sorted by place.
pub(crate) fn failures(engine: &Engine) -> Vec<Diagnostic> {
    let mut failures: Vec<Diagnostic> = engine
        .vertices()
        .filter_map(|(_, planned, state)| {
            let State::Failed { message, .. } = state else { return None };
            let message = format!("{}: {message}", planned.key);
            let code = codes::values::FAILED_RESOURCE;
            Some(match planned.span {
                Some(span) => Diagnostic::error(code, span, message),
                None => Diagnostic::placeless(code, message),
            })
        })
        .collect();
    diag::sort(&mut failures);
    failures
}
