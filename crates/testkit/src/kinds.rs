//! Resource kinds for the tests of what knows no kind: they are, want, send and group what a test tells them to, and never
//! touch a machine.

use macros::Structure;
use resource::host::Host;
use resource::{AnyResource, Build, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch, erase};
use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};

/// Finds how the resources of a kind are built: of [`Thing`] and [`Mute`].
pub fn build(kind: &str) -> Option<Build> {
    match kind {
        "thing" => Some(erase::<Thing>().1),
        "mute" => Some(erase::<Mute>().1),
        _ => None,
    }
}

/// What all of these kinds have in common: there is nothing to look at and nothing to do.
macro_rules! never_touch_a_machine {
    () => {
        type State = ();
        type Step = Never;

        async fn observe(&self, _host: &Host) -> Result<()> {
            Ok(())
        }

        fn plan(&self, _now: &(), _cx: &PlanContext<'_>) -> Result<Vec<Never>> {
            Ok(Vec::new())
        }

        async fn apply(&self, _host: &Host, step: &Never) -> Result<()> {
            match step.0 {}
        }
    };
}

/// Does what a test says.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "thing", since = "0.1", sends = Sends, receives, refreshes, reverses)]
pub struct Thing {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// What the world is to hold.
    content: String,
    /// A path that it is; where there is one, it watches that and not the path of its name.
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
    /// What no other thing may manage.
    claim: String,
    /// A level; the higher of two is right.
    level: i64,
    /// Whether it does rather than states.
    does: bool,
}

/// What a [`Thing`] sends.
#[derive(Clone, Debug, Structure)]
pub struct Sends {
    /// What the world holds.
    pub value: String,
    /// A number.
    pub number: i64,
    /// What nobody is shown.
    #[field(secret)]
    pub secret: Option<String>,
}

/// What a thing is called where others want it.
pub fn identity(name: impl Into<String>) -> Identity {
    Identity::Other("thing", name.into())
}

impl Resource for Thing {
    never_touch_a_machine!();

    fn validate(&self) -> std::result::Result<(), Invalid> {
        if self.invalid { Err(Invalid::field("invalid", "it is invalid").hint("leave `invalid` out")) } else { Ok(()) }
    }

    fn watches(&self) -> Vec<Watch> {
        let path = if self.path.is_empty() { &self.name } else { &self.path };
        vec![Watch::Path(PathBuf::from(path))]
    }

    fn is_verified(&self) -> bool {
        !self.does
    }

    fn provides(&self) -> Vec<Identity> {
        let path = (!self.path.is_empty()).then(|| Identity::Path(self.path.clone().into()));
        self.brings.iter().map(identity).chain(path).collect()
    }

    fn wants(&self) -> Vec<Want> {
        let mut wants: Vec<Want> = self.needs.iter().map(|name| Want::before(identity(name))).collect();
        wants.extend(self.serves.iter().map(|name| Want::after(identity(name))));
        if !self.path.is_empty() {
            wants.push(Want::nearest_parent(Path::new(&self.path)));
        }
        wants
    }

    fn claims(&self) -> Option<Identity> {
        (!self.claim.is_empty()).then(|| identity(self.claim.clone()))
    }

    fn group_key(&self) -> Option<String> {
        (!self.group.is_empty()).then(|| self.group.clone())
    }

    fn groups_receiving(&self, field: &str) -> bool {
        field == "content"
    }

    fn absorb(&mut self, member: &dyn AnyResource) -> std::result::Result<(), String> {
        let member = member.as_any().downcast_ref::<Thing>().ok_or("another kind")?;
        if self.alone || member.alone {
            return Err("it wants to be alone".to_owned());
        }
        self.content.push_str(&format!("+{}", member.name));
        if !member.content.is_empty() {
            self.content.push_str(&format!("={}", member.content));
        }
        Ok(())
    }

    fn reconcile(&self, other: &Thing) -> Option<Thing> {
        let level = self.level.max(other.level);
        let one = Thing { level, ..self.clone() };
        (Thing { level, ..other.clone() } == one).then_some(one)
    }
}

/// Sends and receives nothing, and notifications mean nothing to it. It costs as little as a resource can.
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "mute", since = "0.1")]
pub struct Mute {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// What the world is to hold.
    content: String,
}

impl Resource for Mute {
    never_touch_a_machine!();

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Path(PathBuf::from(&self.name))]
    }
}

/// A step that is never taken.
#[derive(Debug)]
pub struct Never(Infallible);

impl fmt::Display for Never {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl resource::Step for Never {}
