//! Kinds that provide, want, group and send what a test tells them to.

use macros::Structure;
use resource::host::Host;
use resource::{AnyResource, Build, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch, erase};
use std::convert::Infallible;
use std::fmt;
use std::path::Path;

pub(crate) fn table(kind: &str) -> Option<Build> {
    match kind {
        "thing" => Some(erase::<Thing>().1),
        "mute" => Some(erase::<Mute>().1),
        _ => None,
    }
}

/// Does what a test says.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "thing", since = "0.1", sends = Sends, receives, refreshes, reverses)]
pub(crate) struct Thing {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// A text.
    content: String,
    /// A path that it is.
    path: String,
    /// What it brings.
    brings: Vec<String>,
    /// What comes before it.
    needs: Vec<String>,
    /// What comes after it.
    serves: Vec<String>,
    /// What it groups with.
    group: String,
    /// Refuses to be grouped.
    alone: bool,
    /// Is invalid.
    invalid: bool,
    /// A level; the higher of two is right.
    level: i64,
}

/// What a `thing` sends.
#[derive(Clone, Debug, Structure)]
pub(crate) struct Sends {
    /// A text.
    value: String,
    /// A number.
    number: i64,
}

fn other(name: impl Into<String>) -> Identity {
    Identity::Other("thing", name.into())
}

impl Resource for Thing {
    type State = ();
    type Step = Never;

    fn validate(&self) -> std::result::Result<(), Invalid> {
        if self.invalid { Err(Invalid::field("invalid", "it is invalid").hint("leave `invalid` out")) } else { Ok(()) }
    }

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

    fn provides(&self) -> Vec<Identity> {
        let path = (!self.path.is_empty()).then(|| Identity::Path(self.path.clone().into()));
        self.brings.iter().map(other).chain(path).collect()
    }

    fn wants(&self) -> Vec<Want> {
        let mut wants: Vec<Want> = self.needs.iter().map(|name| Want::before(other(name))).collect();
        wants.extend(self.serves.iter().map(|name| Want::after(other(name))));
        if !self.path.is_empty() {
            wants.push(Want::nearest_parent(Path::new(&self.path)));
        }
        wants
    }

    fn group_key(&self) -> Option<String> {
        (!self.group.is_empty()).then(|| self.group.clone())
    }

    fn groups_receiving(&self, field: &str) -> bool {
        field == "content"
    }

    fn absorb(&mut self, member: &dyn AnyResource) -> std::result::Result<(), String> {
        if self.alone {
            return Err("it wants to be alone".to_owned());
        }
        self.content.push('+');
        self.content.push_str(member.name());
        Ok(())
    }

    fn reconcile(&self, other: &Thing) -> Option<Thing> {
        let level = self.level.max(other.level);
        let one = Thing { level, ..self.clone() };
        (Thing { level, ..other.clone() } == one).then_some(one)
    }
}

/// Sends and receives nothing.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "mute", since = "0.1")]
pub(crate) struct Mute {
    /// The name of the resource.
    #[field(identity)]
    name: String,
}

impl Resource for Mute {
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

#[derive(Debug)]
pub(crate) struct Never(Infallible);

impl fmt::Display for Never {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl resource::Step for Never {}
