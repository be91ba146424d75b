//! A program that runs: its runtime and what it follows.

use crate::Settings;
use crate::compile::Compiled;
use crate::holds::Holds;
use crate::machine::Machine;
use crate::sources::{SourceEvent, Sources, Surroundings};
use diag::Diagnostic;
use flow::Graph;
use reactive::{Problem, Runtime, Status, Tick};
use resource::Change;
use span::SourceMap;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A program that runs.
pub(crate) struct RunningProgram {
    runtime: Runtime,
    sources: Sources,
    pub(crate) texts: Arc<SourceMap>,
    graph: Arc<Graph>,
}

/// What came of a tick, for the rest of the agent.
pub(crate) enum Computed {
    /// The set of resources changes so.
    Settled(Vec<Change>),
    /// Values are awaited.
    Waiting,
    /// Values failed and nothing catches that.
    Failing(Vec<Diagnostic>),
}

impl RunningProgram {
    /// Starts a program; the values of what it follows go to the queue.
    pub(crate) fn start(
        compiled: &Compiled,
        settings: &Settings,
        machine: &Machine,
        events: mpsc::UnboundedSender<SourceEvent>,
    ) -> (RunningProgram, Computed) {
        let surroundings = Surroundings {
            host: machine.host.clone(),
            signals: machine.signals.clone(),
            processes: Arc::clone(&machine.processes),
            world: machine.world.clone(),
            local: Arc::clone(&machine.local),
            files: compiled.files.clone(),
            arguments: settings.arguments.clone().into(),
        };
        let runtime = Runtime::new(Arc::clone(&compiled.graph), settings.hostname.as_str().into());
        let sources = Sources::new(surroundings, events);
        let mut program =
            RunningProgram { runtime, sources, texts: Arc::clone(&compiled.texts), graph: Arc::clone(&compiled.graph) };
        let tick = program.runtime.start();
        let computed = program.take(tick);
        (program, computed)
    }

    /// Takes values of what the program follows.
    pub(crate) fn update(&mut self, events: Vec<SourceEvent>) -> Computed {
        let tick = self.runtime.update(events);
        self.take(tick)
    }

    /// Whether it follows anything that resources make, keep or share.
    pub(crate) fn follows_resources(&self) -> bool {
        self.sources.follows_resources()
    }

    /// Looks again at what resources make, keep or share; holds until that has come.
    pub(crate) fn look_again(&self, holds: &Holds) {
        self.sources.look_again(holds);
    }

    /// What is wrong with the resources that it states, with the places in its text.
    pub(crate) fn problems(&self, mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
        flow::point_at_lines(&self.graph, &mut problems);
        problems
    }

    fn take(&mut self, tick: Tick) -> Computed {
        self.sources.change(tick.subscribe, &tick.unsubscribe);
        match tick.status {
            Status::Settled => Computed::Settled(tick.changes),
            Status::Waiting => Computed::Waiting,
            Status::Failed(problems) => Computed::Failing(problems.iter().map(Problem::diagnostic).collect()),
        }
    }
}
