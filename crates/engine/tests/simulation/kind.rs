//! A kind whose world is a script: nothing but its fields is ever asked, the simulated world does the work.

use macros::Structure;
use resource::host::Host;
use resource::{AnyResource, Kind, PlanContext, Resource, Result, Watch};
use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;

/// Lives in a simulated world.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "sim", since = "0.1", sends = Sends, receives, refreshes)]
pub(crate) struct Sim {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// What the world is to hold.
    content: String,
    /// The path to watch; its name where it is empty.
    path: String,
    /// Whether it does rather than states.
    does: bool,
}

/// What a `sim` sends.
#[derive(Clone, Debug, Structure)]
pub(crate) struct Sends {
    /// What the world holds.
    pub(crate) value: String,
}

#[derive(Debug)]
pub(crate) struct Never(Infallible);

impl fmt::Display for Never {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl resource::Step for Never {}

impl Resource for Sim {
    type State = ();
    type Step = Never;

    fn watches(&self) -> Vec<Watch> {
        let path = if self.path.is_empty() { &self.name } else { &self.path };
        vec![Watch::Path(PathBuf::from(path))]
    }

    async fn observe(&self, _host: &Host) -> Result<()> {
        Ok(())
    }

    fn plan(&self, _now: &(), _cx: &PlanContext<'_>) -> Result<Vec<Never>> {
        Ok(Vec::new())
    }

    async fn apply(&self, _host: &Host, step: &Never) -> Result<()> {
        match step.0 {}
    }

    fn is_verified(&self) -> bool {
        !self.does
    }

    fn absorb(&mut self, member: &dyn AnyResource) -> std::result::Result<(), String> {
        let member = member.as_any().downcast_ref::<Sim>().ok_or("another kind")?;
        self.content.push_str(&format!(", {} {}", member.name, member.content));
        Ok(())
    }
}

/// A kind that notifications mean nothing to, and that sends and receives nothing.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "deaf", since = "0.1")]
pub(crate) struct Deaf {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// What the world is to hold.
    content: String,
}

impl Resource for Deaf {
    type State = ();
    type Step = Never;

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, _host: &Host) -> Result<()> {
        Ok(())
    }

    fn plan(&self, _now: &(), _cx: &PlanContext<'_>) -> Result<Vec<Never>> {
        Ok(Vec::new())
    }

    async fn apply(&self, _host: &Host, step: &Never) -> Result<()> {
        match step.0 {}
    }
}
