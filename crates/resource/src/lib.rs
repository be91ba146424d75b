//! What a resource kind is, seen from the engine, and the machine, seen from a kind.
//!
//! A kind is data and three functions: [`Resource::observe`] reads the machine, [`Resource::plan`] is pure and says which
//! steps are needed, [`Resource::apply`] does one step. What to watch is data too. So a dry run is exact, a diff comes for
//! free, and most tests of a kind are tests of a pure function.
//!
//! **Invariant:** only `observe`, `apply` and `send` see a [`Host`], and only `apply` changes it.

mod any;
mod desired;
mod error;
pub mod export;
mod fields;
pub mod host;
mod identity;
mod meta;
mod outcome;
mod rights;
mod run;
mod secrets;
mod watch;

pub use any::{AnyResource, AnyStep, BoxFuture, Build, Observed, erase};
pub use desired::{Change, Desired, Edge, Key, StatementId, Transfer};
pub use error::{Error, Invalid, Result};
pub use fields::{FieldError, Fields, check_field};
pub use host::Host;
pub use identity::{Direction, Identity, Want, Wanted, clean_path};
pub use macros::Kind;
pub use meta::{Meta, MetaError};
pub use outcome::{Diff, Outcome, Report};
pub use rights::OnlyRoot;
pub use run::{Orders, Progress, run};
pub use secrets::Secrets;
pub use watch::Watch;

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::path::{Path, PathBuf};
use value::{Name, Value};

/// A kind with a schema. Derive it.
pub trait Kind: Sized + Clone + Debug + Send + Sync + 'static {
    /// The description of the kind.
    const SCHEMA: &'static schema::KindSchema;

    /// Makes a resource of a name and fields; what is not among the fields gets its default.
    ///
    /// # Errors
    /// Where a value does not fit its field.
    fn build(name: &Name, fields: &mut Fields) -> std::result::Result<Self, FieldError>;

    /// The name of the resource.
    fn name(&self) -> &str;

    /// The fields that can be shown, with their values, in the order of the schema. Optional fields without a value and
    /// secrets are left out.
    fn fields(&self) -> Vec<(&'static str, Value)>;

    /// Sets one field; without a value, back to its default.
    ///
    /// # Errors
    /// Where there is no such field, or the value does not fit it.
    fn set(&mut self, field: &str, value: Option<Value>) -> std::result::Result<(), FieldError>;

    /// The names of the fields in which `self` and `other` differ.
    fn changed_fields(&self, other: &Self) -> Vec<&'static str>;
}

/// One change to the machine. `Display` is the line of a dry run, for instance ``set the mode to `0644` ``.
pub trait Step: Display + Debug + Send + Sync + 'static {
    /// What changes in a text, where the step changes one.
    fn diff(&self) -> Option<Diff> {
        None
    }

    /// Whether a dry run cannot tell if the step will be taken: a guard decides that only a real run may ask.
    fn is_unknown(&self) -> bool {
        false
    }

    /// Whether taking the step shows a line that says what is done: it needs no other.
    fn shows_itself(&self) -> bool {
        false
    }

    /// Why only root can take the step, where that is so.
    fn only_root(&self) -> Option<OnlyRoot> {
        None
    }
}

/// What `plan` may know beside the resource and its observation.
pub struct PlanContext<'a> {
    /// Whether another resource has notified this one.
    pub refresh: bool,
    /// The fields whose received values have changed since the last clean run.
    pub received: &'a BTreeSet<String>,
    /// The seconds since 1970.
    pub now: u64,
    /// What else the program manages.
    pub siblings: &'a dyn Siblings,
}

/// What else the program manages, and what earlier steps of a dry run will have brought.
pub trait Siblings: Send + Sync {
    /// The paths that other resources manage below a folder.
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf>;

    /// Whether something that is missing now will be there before this resource runs: an earlier step of a dry run is
    /// expected to bring it. The step that asks becomes *assumed*. Always false when the machine is really changed.
    fn will_exist(&self, identity: &Identity) -> bool;

    /// Whether what is there now will have been changed, or removed, before this resource runs: an earlier step of a dry run
    /// is expected to. The step that asks becomes *assumed*. Always false when the machine is really changed.
    fn will_change(&self, identity: &Identity) -> bool;

    /// Whether some resource, this one included, states that this is there ([`Resource::brings`]): whoever takes it away
    /// works against the program. Only packages are asked about.
    fn is_kept(&self, identity: &Identity) -> bool;
}

/// No siblings and no expectations.
pub struct Alone;

impl Siblings for Alone {
    fn paths_below(&self, _folder: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn will_exist(&self, _identity: &Identity) -> bool {
        false
    }

    fn will_change(&self, _identity: &Identity) -> bool {
        false
    }

    fn is_kept(&self, _identity: &Identity) -> bool {
        false
    }
}

/// The behaviour of a kind.
///
/// Futures are `Send`; a run may be dropped at any await point when it is cancelled, so `apply` must leave either the old
/// or the new state behind at each of them.
pub trait Resource: Kind {
    /// What was observed.
    type State: Debug + Send + Sync + 'static;
    /// One change.
    type Step: Step;

    /// Refuses fields that do not go together. Pure: what depends on the machine belongs into `plan`.
    ///
    /// # Errors
    /// Says which fields, and what to do.
    fn validate(&self) -> std::result::Result<(), Invalid> {
        Ok(())
    }

    /// What could make the observation stale.
    fn watches(&self) -> Vec<Watch>;

    /// Reads the machine. Changes nothing.
    fn observe(&self, host: &Host) -> impl Future<Output = Result<Self::State>> + Send;

    /// Decides what has to change, in order. Pure.
    ///
    /// # Errors
    /// Where the wanted state cannot be reached from the observed one.
    fn plan(&self, now: &Self::State, cx: &PlanContext<'_>) -> Result<Vec<Self::Step>>;

    /// Makes one change. Making it twice is the same as making it once.
    fn apply(&self, host: &Host, step: &Self::Step) -> impl Future<Output = Result<()>> + Send;

    /// What the resource sends after it was found or made right: a struct of the fields of `SCHEMA.sends`.
    /// Changes nothing, so that a dry run can ask what is right already.
    fn send(&self, host: &Host) -> impl Future<Output = Result<Option<Value>>> + Send {
        let _ = host;
        async { Ok(None) }
    }

    /// Whether the resource is observed again after `apply`, and must then need nothing. False for kinds that do rather
    /// than state, such as a command.
    fn is_verified(&self) -> bool {
        true
    }

    /// What this resource is or brings, for automatic edges.
    fn provides(&self) -> Vec<Identity> {
        Vec::new()
    }

    /// What else this resource brings as far as the machine can tell, for automatic edges: for instance the files of a
    /// package that is installed already. `None` for kinds that never bring more than they provide.
    ///
    /// Asked when the resource enters the program, before its edges are made, and while it is kept in shape each time that
    /// it was found or made right. It must be cheap and changes nothing; an error costs edges, nothing else.
    fn discover<'a>(&'a self, host: &'a Host) -> Option<BoxFuture<'a, Result<Vec<Identity>>>> {
        let _ = host;
        None
    }

    /// What is there once this resource is as it should be: what [`Siblings::will_exist`] goes by. Everything that it
    /// provides, unless it takes something away.
    fn brings(&self) -> Vec<Identity> {
        self.provides()
    }

    /// What this resource relates to, for automatic edges.
    fn wants(&self) -> Vec<Want> {
        Vec::new()
    }

    /// What only one resource may manage, where it is not what its name says. Resources that claim the same are refused.
    fn claims(&self) -> Option<Identity> {
        None
    }

    /// Resources with an equal key can be worked on together; `None` for those that never are.
    fn group_key(&self) -> Option<String> {
        None
    }

    /// Takes another resource of an equal group key into this one.
    ///
    /// # Errors
    /// Says why the two do not go together; nothing has changed then.
    fn absorb(&mut self, member: &dyn AnyResource) -> std::result::Result<(), String> {
        Err(format!("{} cannot be grouped", member.schema().name))
    }

    /// Whether what a field holds is hidden from people and from reports. What is always secret says so in its declaration.
    fn hides(&self, field: &str) -> bool {
        let _ = field;
        false
    }

    /// Whether this resource may be in a group and receive a value for a field: where neither the group key nor whether it
    /// goes with others depends on that field. Otherwise it stays by itself when it receives one.
    fn groups_receiving(&self, field: &str) -> bool {
        let _ = field;
        false
    }

    /// Two definitions of one resource that are not equal but go together, as one; `None` where they do not.
    fn reconcile(&self, other: &Self) -> Option<Self> {
        let _ = other;
        None
    }

    /// The resource that undoes this one, computed from the machine as it was before; `None` where there is nothing to undo.
    ///
    /// # Errors
    /// Where this resource cannot be undone.
    fn reversed(&self, now: &Self::State) -> Result<Option<Self>> {
        let _ = now;
        Ok(None)
    }
}
