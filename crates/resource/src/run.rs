//! Working on a resource once: observe, plan, apply, observe again.

use crate::{Alone, AnyResource, AnyStep, Error, Host, Outcome, PlanContext, Report, Result, Secrets, Siblings};
use std::collections::BTreeSet;

/// What is to be done in one run.
pub struct Orders<'a> {
    /// Whether the machine may be changed; otherwise steps are only planned.
    pub apply: bool,
    /// Whether another resource has notified this one.
    pub refresh: bool,
    /// Whether what undoes the resource is to be kept before it is changed.
    pub reverse: bool,
    /// The fields whose received values have changed.
    pub received: BTreeSet<String>,
    /// The secrets that it has received: steps do not tell them. An error may: whoever shows it masks it.
    pub secrets: Secrets,
    /// What else the program manages.
    pub siblings: &'a dyn Siblings,
}

impl Default for Orders<'_> {
    fn default() -> Self {
        Orders {
            apply: true,
            refresh: false,
            reverse: false,
            received: BTreeSet::new(),
            secrets: Secrets::default(),
            siblings: &Alone,
        }
    }
}

/// Is told what a run does, while it does it.
pub trait Progress: Send + Sync {
    /// A step begins.
    fn step(&self, report: &Report);

    /// Keeps what undoes the resource, durably, before the first step.
    ///
    /// # Errors
    /// Where it cannot be kept; the resource is not changed then.
    fn keep_undo(&self, undo: &dyn AnyResource) -> Result<()>;
}

/// Nobody is told.
impl Progress for () {
    fn step(&self, _report: &Report) {}

    fn keep_undo(&self, _undo: &dyn AnyResource) -> Result<()> {
        Ok(())
    }
}

/// Works on a resource once.
///
/// After the steps the resource is observed again, unless its kind does rather than states: what is still wrong then is
/// an error, so that a resource that can never become right is noticed instead of being applied for ever.
///
/// # Errors
/// Where observing, planning or a step fails. Steps before it have been taken.
pub async fn run(
    resource: &dyn AnyResource,
    host: &Host,
    orders: &Orders<'_>,
    progress: &dyn Progress,
) -> Result<Outcome> {
    let run = Run { resource, host, secrets: &orders.secrets, progress };
    let cx = PlanContext {
        refresh: orders.refresh,
        received: &orders.received,
        now: host.clock.now(),
        siblings: orders.siblings,
    };
    let now = resource.observe(host).await?;
    let steps = resource.plan(&now, &cx)?;
    let mut reports: Vec<Report> = steps.iter().map(|step| run.report(step)).collect();
    let applied = orders.apply && !steps.is_empty();
    if orders.reverse
        && orders.apply
        && let Some(undo) = resource.reversed(&now)?
    {
        progress.keep_undo(&*undo)?;
    }
    if applied {
        run.take(&steps).await?;
        if resource.is_verified() {
            reports.extend(run.settle(&cx).await?);
        }
    }
    let sent = if resource.schema().sends.is_empty() { None } else { resource.send(host).await? };
    Ok(Outcome { steps: reports, applied, sent })
}

/// A run that is going on.
struct Run<'a> {
    resource: &'a dyn AnyResource,
    host: &'a Host,
    secrets: &'a Secrets,
    progress: &'a dyn Progress,
}

/// How often a resource that was changed is looked at again. Somebody else may have changed it meanwhile, so that the first
/// look does not tell whether our own change has failed.
const LOOKS: usize = 3;

impl Run<'_> {
    fn report(&self, step: &AnyStep) -> Report {
        self.secrets.mask_report(step.report())
    }

    async fn take(&self, steps: &[AnyStep]) -> Result<()> {
        for step in steps {
            self.progress.step(&self.report(step));
            self.resource.apply(self.host, step).await?;
        }
        Ok(())
    }

    /// Looks again, and takes what steps are still needed: a notification and received changes have been dealt with by then.
    /// Returns the steps that it took.
    async fn settle(&self, cx: &PlanContext<'_>) -> Result<Vec<Report>> {
        let settled = PlanContext { refresh: false, received: &BTreeSet::new(), ..*cx };
        let mut taken = Vec::new();
        for look in 1..=LOOKS {
            let now = self.resource.observe(self.host).await?;
            let steps = self.resource.plan(&now, &settled)?;
            let Some(first) = steps.first() else { break };
            if look == LOOKS {
                return Err(Error::failed(format!("applied, but still differs: would {}", first.report().text)));
            }
            self.take(&steps).await?;
            taken.extend(steps.iter().map(|step| self.report(step)));
        }
        Ok(taken)
    }
}
