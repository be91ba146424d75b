//! The first graph of a program: for what shows it and changes nothing.

use crate::compile::Compiled;
use crate::machine::Machine;
use crate::program::{Computed, RunningProgram};
use crate::state::StateDirectory;
use crate::undo::Undos;
use crate::{Error, Settings, discovery};
use diag::Diagnostic;
use plan::Plan;
use resource::Host;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// How long a program has to find a value for everything.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was seen of a program by somebody who only looks.
#[derive(Debug)]
pub enum Outlook<T> {
    /// It has a value for everything, and this comes of them.
    Seen(T),
    /// It states nothing that could be worked on: values failed and nothing catches that, or resources do not go together.
    Failing(Vec<Diagnostic>),
    /// Values did not come in time.
    Waiting,
}

/// Computes the first graph of a program, as it is published. The machine is asked what resources bring, and not changed.
///
/// # Errors
/// Where the machine cannot be looked at.
pub async fn evaluate(compiled: &Compiled, settings: &Settings) -> Result<Outlook<Plan>, Error> {
    let state = StateDirectory::look(&settings.state).await?;
    let machine = Machine::open(settings, &state, Arc::new(|_, _| {}))?;
    evaluate_on(compiled, settings, &state, machine).await
}

pub(crate) async fn evaluate_on(
    compiled: &Compiled,
    settings: &Settings,
    state: &StateDirectory,
    machine: Machine,
) -> Result<Outlook<Plan>, Error> {
    let host = Host { dry: true, ..machine.host.clone() };
    let changes = match first_changes(compiled, settings, machine).await {
        Computed::Settled(changes) => changes,
        Computed::Failing(diagnostics) => return Ok(Outlook::Failing(diagnostics)),
        Computed::Waiting => return Ok(Outlook::Waiting),
    };
    let options = plan::Options { autoedge: settings.autoedge, autogroup: settings.autogroup };
    let mut plan = Plan::new(kinds::build, options);
    plan.restore_undos(Undos::new(state.path()).load());
    plan.prepare(changes);
    let asked = discovery::new_in(&mut plan, &host);
    for (key, found) in discovery::ask(asked, host).await {
        plan.discovered(&key, found);
    }
    match plan.commit() {
        Ok(planned) => {
            for warning in &planned.warnings {
                tracing::warn!("{warning}");
            }
            Ok(Outlook::Seen(plan))
        }
        Err(mut problems) => {
            flow::point_at_lines(&compiled.graph, &mut problems);
            Ok(Outlook::Failing(problems))
        }
    }
}

/// The first set of resources, as changes to none.
async fn first_changes(compiled: &Compiled, settings: &Settings, mut machine: Machine) -> Computed {
    let (sender, mut events) = mpsc::unbounded_channel();
    let (mut program, mut computed) = RunningProgram::start(compiled, settings, &machine, sender);
    let deadline = Instant::now() + PATIENCE;
    while matches!(computed, Computed::Waiting) {
        let next = async {
            loop {
                tokio::select! {
                    owners = machine.events.next() => owners.into_iter().for_each(|owner| _ = machine.signals.tell(owner)),
                    event = events.recv() => return event,
                }
            }
        };
        let Ok(Some(event)) = timeout_at(deadline, next).await else { break };
        let mut batch = vec![event];
        while let Ok(event) = events.try_recv() {
            batch.push(event);
        }
        computed = program.update(batch);
    }
    computed
}
