//! `timer`: a steady beat.

use resource::host::Host;
use resource::{Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;

/// Beats at an interval.
///
/// A beat by itself changes nothing. A notification begins the interval anew and is passed on.
///
/// ```mcl
/// timer "every minute" {
///     interval => 60,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "timer", since = "0.1", receives, refreshes)]
pub(crate) struct Timer {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The seconds from one beat to the next; at least 1. Must be given.
    interval: u32,
}

/// Begins the interval anew.
#[derive(Debug)]
pub(crate) struct Restart(u32);

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "begin the interval of {} s anew", self.0)
    }
}

impl resource::Step for Restart {}

impl Resource for Timer {
    type State = ();
    type Step = Restart;

    fn validate(&self) -> Result<(), Invalid> {
        if self.interval == 0 {
            return Err(Invalid::field("interval", "an interval lasts at least one second"));
        }
        Ok(())
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Timer(u64::from(self.interval) * 1000)]
    }

    async fn observe(&self, _host: &Host) -> Result<()> {
        Ok(())
    }

    fn plan(&self, _now: &(), cx: &PlanContext<'_>) -> Result<Vec<Restart>> {
        Ok(if cx.refresh { vec![Restart(self.interval)] } else { Vec::new() })
    }

    /// Nothing hangs on a single beat, so there is nothing to do but to have changed.
    async fn apply(&self, _host: &Host, _step: &Restart) -> Result<()> {
        Ok(())
    }
}
