//! What would happen: a dry run on the machine, which is looked at and not changed.

use crate::compile::Compiled;
use crate::machine::Machine;
use crate::refreshes::LeftBehind;
use crate::state::StateDirectory;
use crate::table::{Outlook, evaluate_on};
use crate::{Error, Settings};
use futures_util::stream::{self, StreamExt as _};
use plan::{DryRun, Look, PlannedStep, Sight};
use resource::{AnyResource, Host, OnlyRoot};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many resources are looked at at once.
const AT_ONCE: usize = 64;

/// What would happen.
#[derive(Debug)]
pub struct Preview {
    /// The resources to which something would happen, in the order in which it would.
    pub steps: Vec<PlannedStep>,
    /// How many resources there are.
    pub resources: usize,
    /// What whoever looks may not do, and to how many of the resources it would happen.
    pub refused: BTreeMap<OnlyRoot, usize>,
}

/// Finds out what would happen to the machine.
///
/// # Errors
/// Where the machine cannot be looked at.
pub async fn preview(compiled: &Compiled, settings: &Settings) -> Result<Outlook<Preview>, Error> {
    let state = StateDirectory::look(&settings.state).await?;
    let machine = Machine::open(settings, &state, Arc::new(|_, _| {}))?;
    let host = Host { dry: true, ..machine.host.clone() };
    let plan = match evaluate_on(compiled, settings, &state, machine).await? {
        Outlook::Seen(plan) => plan,
        Outlook::Failing(diagnostics) => return Ok(Outlook::Failing(diagnostics)),
        Outlook::Waiting => return Ok(Outlook::Waiting),
    };
    // Nobody has acted on these yet.
    let left = LeftBehind::load(state.path());
    let begun = left.begun().collect::<Vec<_>>();
    let mut dry_run = DryRun::new(&plan, left.pending, begun);
    let ahead = dry_run.ahead();
    let count = ahead.len();
    let now = host.clock.now();
    let looks = ahead.into_iter().map(|planned| {
        let host = host.clone();
        async move {
            match planned {
                Some(planned) => look(&*planned.resource, &host).await,
                None => Sight::Unlooked,
            }
        }
    });
    let mut sights = stream::iter(looks).buffered(AT_ONCE);
    let mut steps = Vec::new();
    while let Some(current) = dry_run.current() {
        let Some(ahead) = sights.next().await else { break };
        let sight = match current {
            Ok(Look::Stated(_) | Look::Vain) => ahead,
            Ok(Look::Receiving(resource)) => look(&*resource, &host).await,
            Err(error) => Sight::Failed(error),
        };
        steps.extend(dry_run.see(sight, now));
        if let Some(sender) = dry_run.sender() {
            // What cannot be read is not known.
            dry_run.sent(sender.send(&host).await.ok().flatten());
        }
    }
    let refused = if host::is_root() { BTreeMap::new() } else { only_root(&steps) };
    Ok(Outlook::Seen(Preview { steps, resources: count, refused }))
}

/// How many resources something would happen to that only root can do.
fn only_root(planned: &[PlannedStep]) -> BTreeMap<OnlyRoot, usize> {
    let mut counts = BTreeMap::new();
    for planned in planned {
        let all: BTreeSet<OnlyRoot> = planned.steps.iter().filter_map(|step| step.only_root).collect();
        all.into_iter().for_each(|it| *counts.entry(it).or_insert(0) += 1);
    }
    counts
}

async fn look(resource: &dyn AnyResource, host: &Host) -> Sight {
    match resource.observe(host).await {
        Ok(observed) => Sight::Observed(observed),
        Err(error) => Sight::Failed(error),
    }
}
