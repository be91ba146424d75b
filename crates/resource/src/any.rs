//! Resources of any kind behind one object-safe trait.

use crate::{
    Diff, Error, FieldError, Fields, Host, Identity, Invalid, Kind, OnlyRoot, PlanContext, Report, Resource, Result,
    Step, Want, Watch,
};
use schema::KindSchema;
use std::any::Any;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use value::{Name, Value};

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a resource observed, of any kind.
#[derive(Debug)]
pub struct Observed(Box<dyn AnyState>);

trait AnyState: Any + Debug + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<T: Any + Debug + Send + Sync> AnyState for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// One change, of any kind.
#[derive(Debug)]
pub struct AnyStep(Box<dyn ErasedStep>);

trait ErasedStep: Display + Debug + Send + Sync {
    fn diff(&self) -> Option<Diff>;
    fn is_unknown(&self) -> bool;
    fn shows_itself(&self) -> bool;
    fn only_root(&self) -> Option<OnlyRoot>;
    fn as_any(&self) -> &dyn Any;
}

impl<S: Step> ErasedStep for S {
    fn diff(&self) -> Option<Diff> {
        Step::diff(self)
    }

    fn is_unknown(&self) -> bool {
        Step::is_unknown(self)
    }

    fn shows_itself(&self) -> bool {
        Step::shows_itself(self)
    }

    fn only_root(&self) -> Option<OnlyRoot> {
        Step::only_root(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl AnyStep {
    /// The step as it is shown and recorded.
    pub fn report(&self) -> Report {
        Report {
            text: self.0.to_string(),
            diff: self.0.diff(),
            unknown: self.0.is_unknown(),
            shows_itself: self.0.shows_itself(),
            only_root: self.0.only_root(),
        }
    }
}

/// A resource of any kind. Implemented for every [`Resource`]; see there for what the methods mean.
pub trait AnyResource: Any + Debug + Send + Sync {
    /// The kind.
    fn schema(&self) -> &'static KindSchema;
    /// The name.
    fn name(&self) -> &str;
    /// The fields that can be shown.
    fn fields(&self) -> Vec<(&'static str, Value)>;
    /// A copy with one field set, or cleared.
    ///
    /// # Errors
    /// Where there is no such field, or the value does not fit it.
    fn with(&self, field: &str, value: Option<Value>) -> std::result::Result<Arc<dyn AnyResource>, FieldError>;
    /// The fields in which two resources of one kind differ; `None` for different kinds.
    fn changed_fields(&self, other: &dyn AnyResource) -> Option<Vec<&'static str>>;
    /// See [`Resource::validate`].
    ///
    /// # Errors
    /// See there.
    fn validate(&self) -> std::result::Result<(), Invalid>;
    /// See [`Resource::watches`].
    fn watches(&self) -> Vec<Watch>;
    /// See [`Resource::provides`].
    fn provides(&self) -> Vec<Identity>;
    /// See [`Resource::discover`].
    fn discover<'a>(&'a self, host: &'a Host) -> Option<BoxFuture<'a, Result<Vec<Identity>>>>;
    /// See [`Resource::brings`].
    fn brings(&self) -> Vec<Identity>;
    /// See [`Resource::wants`].
    fn wants(&self) -> Vec<Want>;
    /// See [`Resource::claims`].
    fn claims(&self) -> Option<Identity>;
    /// See [`Resource::group_key`].
    fn group_key(&self) -> Option<String>;
    /// See [`Resource::hides`].
    fn hides(&self, field: &str) -> bool;
    /// See [`Resource::groups_receiving`].
    fn groups_receiving(&self, field: &str) -> bool;
    /// A copy of this resource that has taken others into it.
    ///
    /// # Errors
    /// Says why they do not go together.
    fn grouped(&self, members: &[Arc<dyn AnyResource>]) -> std::result::Result<Arc<dyn AnyResource>, String>;
    /// See [`Resource::reconcile`].
    fn reconcile(&self, other: &dyn AnyResource) -> Option<Arc<dyn AnyResource>>;
    /// See [`Resource::is_verified`].
    fn is_verified(&self) -> bool;
    /// See [`Resource::observe`].
    fn observe<'a>(&'a self, host: &'a Host) -> BoxFuture<'a, Result<Observed>>;
    /// See [`Resource::plan`].
    ///
    /// # Errors
    /// See there.
    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<AnyStep>>;
    /// See [`Resource::apply`].
    fn apply<'a>(&'a self, host: &'a Host, step: &'a AnyStep) -> BoxFuture<'a, Result<()>>;
    /// See [`Resource::send`].
    fn send<'a>(&'a self, host: &'a Host) -> BoxFuture<'a, Result<Option<Value>>>;
    /// See [`Resource::reversed`].
    ///
    /// # Errors
    /// See there.
    fn reversed(&self, now: &Observed) -> Result<Option<Arc<dyn AnyResource>>>;
    /// For downcasts within a kind.
    fn as_any(&self) -> &dyn Any;
}

impl<R: Resource> AnyResource for R {
    fn schema(&self) -> &'static KindSchema {
        R::SCHEMA
    }

    fn name(&self) -> &str {
        Kind::name(self)
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Kind::fields(self)
    }

    fn with(&self, field: &str, value: Option<Value>) -> std::result::Result<Arc<dyn AnyResource>, FieldError> {
        let mut copy = self.clone();
        copy.set(field, value)?;
        Ok(Arc::new(copy))
    }

    fn changed_fields(&self, other: &dyn AnyResource) -> Option<Vec<&'static str>> {
        Some(Kind::changed_fields(self, other.as_any().downcast_ref::<R>()?))
    }

    fn validate(&self) -> std::result::Result<(), Invalid> {
        Resource::validate(self)
    }

    fn watches(&self) -> Vec<Watch> {
        Resource::watches(self)
    }

    fn provides(&self) -> Vec<Identity> {
        Resource::provides(self)
    }

    fn discover<'a>(&'a self, host: &'a Host) -> Option<BoxFuture<'a, Result<Vec<Identity>>>> {
        Resource::discover(self, host)
    }

    fn brings(&self) -> Vec<Identity> {
        Resource::brings(self)
    }

    fn wants(&self) -> Vec<Want> {
        Resource::wants(self)
    }

    fn claims(&self) -> Option<Identity> {
        Resource::claims(self)
    }

    fn group_key(&self) -> Option<String> {
        Resource::group_key(self)
    }

    fn hides(&self, field: &str) -> bool {
        Resource::hides(self, field)
    }

    fn groups_receiving(&self, field: &str) -> bool {
        Resource::groups_receiving(self, field)
    }

    fn grouped(&self, members: &[Arc<dyn AnyResource>]) -> std::result::Result<Arc<dyn AnyResource>, String> {
        let mut leader = self.clone();
        for member in members {
            leader.absorb(&**member)?;
        }
        Ok(Arc::new(leader))
    }

    fn reconcile(&self, other: &dyn AnyResource) -> Option<Arc<dyn AnyResource>> {
        let one = Resource::reconcile(self, other.as_any().downcast_ref::<R>()?)?;
        Some(Arc::new(one))
    }

    fn is_verified(&self) -> bool {
        Resource::is_verified(self)
    }

    fn observe<'a>(&'a self, host: &'a Host) -> BoxFuture<'a, Result<Observed>> {
        Box::pin(async move { Ok(Observed(Box::new(Resource::observe(self, host).await?))) })
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<AnyStep>> {
        let steps = Resource::plan(self, state::<R>(now)?, cx)?;
        Ok(steps.into_iter().map(|step| AnyStep(Box::new(step))).collect())
    }

    fn apply<'a>(&'a self, host: &'a Host, step: &'a AnyStep) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let step = ErasedStep::as_any(&*step.0).downcast_ref::<R::Step>().ok_or_else(|| foreign(R::SCHEMA.name))?;
            Resource::apply(self, host, step).await
        })
    }

    fn send<'a>(&'a self, host: &'a Host) -> BoxFuture<'a, Result<Option<Value>>> {
        Box::pin(Resource::send(self, host))
    }

    fn reversed(&self, now: &Observed) -> Result<Option<Arc<dyn AnyResource>>> {
        let undo = Resource::reversed(self, state::<R>(now)?)?;
        Ok(undo.map(|undo| Arc::new(undo) as Arc<dyn AnyResource>))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn state<R: Resource>(now: &Observed) -> Result<&R::State> {
    AnyState::as_any(&*now.0).downcast_ref::<R::State>().ok_or_else(|| foreign(R::SCHEMA.name))
}

/// A state or a step of another kind: a mistake in our own code that must not end the agent.
fn foreign(kind: &str) -> Error {
    Error::failed(format!("internal error: {kind} was handed a state or step of another kind"))
}

/// How a kind builds resources, for a table of kinds.
pub type Build = fn(&Name, &mut Fields) -> std::result::Result<Arc<dyn AnyResource>, FieldError>;

/// The row of a kind in a table of kinds.
pub const fn erase<R: Resource>() -> (&'static KindSchema, Build) {
    (R::SCHEMA, |name, fields| Ok(Arc::new(R::build(name, fields)?)))
}
