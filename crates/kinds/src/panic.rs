//! `_panic`: what a `panic` statement becomes.

use crate::noop::Nothing;
use resource::host::Host;
use resource::{Kind, PlanContext, Resource, Result, Watch};

/// Stands where a `panic` statement is. Does nothing: the statement itself stops the program.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "_panic", since = "0.1")]
pub(crate) struct Panic {
    /// The name of the resource.
    #[field(identity)]
    name: String,
}

impl Resource for Panic {
    type State = ();
    type Step = Nothing;

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, _host: &Host) -> Result<()> {
        Ok(())
    }

    fn plan(&self, _now: &(), _cx: &PlanContext<'_>) -> Result<Vec<Nothing>> {
        Ok(Vec::new())
    }

    async fn apply(&self, _host: &Host, _step: &Nothing) -> Result<()> {
        Ok(())
    }
}
