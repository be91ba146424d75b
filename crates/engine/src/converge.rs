//! When everything that could be done is done, and how everything stands then.

use crate::engine::Engine;
use crate::timers::Timer;
use crate::vertex::{Leaving, Phase};
use crate::{Action, Load, Report, Time};

#[derive(Debug, Default)]
pub(crate) struct Convergence {
    /// Whether more changes of the program are about to come; `None` as long as nobody has said so and none came.
    pub(crate) busy: Option<bool>,
    pub(crate) timer: Option<Time>,
    /// When something was last not as it should be.
    last_activity: Time,
    told: bool,
}

impl Engine {
    /// Something was not as it should be. That everything is looked at and found right is no activity: otherwise nothing
    /// that polls would ever converge.
    pub(crate) fn activity(&mut self) {
        self.convergence.last_activity = self.now;
        if std::mem::take(&mut self.convergence.told) {
            self.actions.push(Action::Converged(false));
        }
    }

    /// At the end of a step: whether it has converged, and whether it is over.
    pub(crate) fn settle(&mut self) {
        if self.interrupts > 0 {
            if self.running == 0 {
                self.exit();
            }
            return;
        }
        let Some(after) = self.options.converged_after else { return };
        let after = if self.endless > 0 { after.max(self.options.patience) } else { after };
        let due = self.convergence.last_activity + after;
        let quiet = self.is_quiet() && self.convergence.busy == Some(false);
        let wanted = (quiet && !self.convergence.told && due > self.now).then_some(due);
        if self.convergence.timer != wanted {
            if let Some(old) = self.convergence.timer {
                self.timers.cancel(old, Timer::Converged);
            }
            if let Some(new) = wanted {
                self.timers.set(new, Timer::Converged);
            }
            self.convergence.timer = wanted;
        }
        if quiet && due <= self.now && !self.convergence.told {
            self.convergence.told = true;
            self.actions.push(Action::Converged(true));
            if self.options.exit_when_converged {
                self.exit();
            }
        }
    }

    fn exit(&mut self) {
        self.over = true;
        let report = Box::new(self.report());
        self.actions.push(Action::Exit(report));
    }

    /// Whether nothing is to be done, or only what is tried again for ever.
    pub fn is_quiet(&self) -> bool {
        self.moving == 0
    }

    /// How much there is to do.
    pub fn load(&self) -> Load {
        Load { running: self.running, to_go: self.lookout.active, resources: self.graph.vertex_count() }
    }

    /// How everything stands.
    pub fn report(&self) -> Report {
        let mut report = Report { applied: self.applied, ..Report::default() };
        for (_, vertex) in self.graph.vertices().filter(|(_, vertex)| vertex.leaving != Leaving::Ending) {
            let key = &vertex.planned.key;
            report.vertices += 1;
            if vertex.differs {
                report.differing.push(key.clone());
            }
            if let Some(message) = &vertex.message {
                report.failed.push((key.clone(), message.clone()));
            } else if let Some(culprit) = vertex.blamed {
                report.blocked.push((key.clone(), self.graph[culprit].planned.key.clone()));
            } else if vertex.phase != Phase::Idle {
                report.unfinished.push(key.clone());
            } else if vertex.is_hidden() {
                report.disabled += 1;
            } else {
                report.clean += 1;
            }
        }
        report.differing.sort();
        report.failed.sort();
        report.blocked.sort();
        report.unfinished.sort();
        report
    }
}
