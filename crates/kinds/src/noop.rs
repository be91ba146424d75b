//! `noop`: nothing, as a point that edges can meet at.

use resource::host::Host;
use resource::{AnyResource, Kind, PlanContext, Resource, Result, Watch};
use std::convert::Infallible;
use std::fmt;

/// Does nothing.
///
/// It is a point at which edges can meet: what depends on it comes after everything that it depends on.
///
/// ```mcl
/// noop "packages are there" {
///     comment => "everything below needs them",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "noop", since = "0.1")]
pub(crate) struct Noop {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// A remark for whoever reads the program.
    comment: String,
}

impl Resource for Noop {
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

    async fn apply(&self, _host: &Host, step: &Nothing) -> Result<()> {
        match step.0 {}
    }

    fn group_key(&self) -> Option<String> {
        Some("noop".to_owned())
    }

    fn absorb(&mut self, _member: &dyn AnyResource) -> Result<(), String> {
        Ok(())
    }
}

/// The step of a kind that never has anything to do.
#[derive(Debug)]
pub(crate) struct Nothing(Infallible);

impl fmt::Display for Nothing {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl resource::Step for Nothing {}
