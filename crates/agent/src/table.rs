//! The first set of resources of a program: for what shows it and changes nothing.

use crate::compile::Compiled;
use crate::machine::Machine;
use crate::program::{Computed, RunningProgram};
use crate::state::StateDirectory;
use crate::{Error, Settings};
use diag::Diagnostic;
use resource::Change;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// How long a program has to find a value for everything.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a program states as soon as it has a value for everything.
#[derive(Debug)]
pub enum Table {
    /// The set of resources, as changes to none.
    Settled(Vec<Change>),
    /// Values failed and nothing catches that.
    Failing(Vec<Diagnostic>),
    /// Values did not come in time.
    Waiting,
}

/// Computes the first set of resources of a program.
///
/// # Errors
/// Where the machine cannot be looked at.
pub async fn evaluate(compiled: &Compiled, settings: &Settings) -> Result<Table, Error> {
    let machine = Machine::open(settings, &StateDirectory::look(&settings.state)?, Arc::new(|_, _| {}))?;
    evaluate_on(compiled, settings, machine).await
}

pub(crate) async fn evaluate_on(
    compiled: &Compiled,
    settings: &Settings,
    mut machine: Machine,
) -> Result<Table, Error> {
    let (sender, mut events) = mpsc::unbounded_channel();
    let (mut program, mut computed) = RunningProgram::start(compiled, settings, &machine, sender);
    let deadline = Instant::now() + PATIENCE;
    loop {
        match computed {
            Computed::Settled(changes) => return Ok(Table::Settled(changes)),
            Computed::Failing(diagnostics) => return Ok(Table::Failing(diagnostics)),
            Computed::Waiting => {}
        }
        let next = async {
            loop {
                tokio::select! {
                    owners = machine.events.next() => owners.into_iter().for_each(|owner| _ = machine.signals.tell(owner)),
                    event = events.recv() => return event,
                }
            }
        };
        match timeout_at(deadline, next).await {
            Ok(Some(event)) => {
                let mut batch = vec![event];
                while let Ok(event) = events.try_recv() {
                    batch.push(event);
                }
                computed = program.update(batch);
            }
            Ok(None) | Err(_) => return Ok(Table::Waiting),
        }
    }
}
