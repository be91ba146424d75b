//! Stopping a run.

use crate::any::BoxFuture;
use std::sync::Arc;

/// How urgently a run is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Not at all.
    None,
    /// Ask what is running to stop.
    Soon,
    /// Stop what is running.
    Now,
}

/// Where the wish to stop comes from.
pub trait CancelSource: Send + Sync {
    /// How urgent it is.
    fn urgency(&self) -> Urgency;

    /// Waits until it is at least as urgent.
    fn reached<'a>(&'a self, urgency: Urgency) -> BoxFuture<'a, ()>;
}

/// Whether and how urgently a run is to stop. Cheap to clone.
#[derive(Clone)]
pub struct Cancellation(Arc<dyn CancelSource>);

impl Cancellation {
    /// From a source.
    pub fn new(source: Arc<dyn CancelSource>) -> Cancellation {
        Cancellation(source)
    }

    /// Never.
    pub fn never() -> Cancellation {
        Cancellation(Arc::new(Never))
    }

    /// How urgent it is.
    pub fn urgency(&self) -> Urgency {
        self.0.urgency()
    }

    /// Waits until it is at least as urgent.
    pub async fn reached(&self, urgency: Urgency) {
        self.0.reached(urgency).await;
    }
}

struct Never;

impl CancelSource for Never {
    fn urgency(&self) -> Urgency {
        Urgency::None
    }

    fn reached<'a>(&'a self, _urgency: Urgency) -> BoxFuture<'a, ()> {
        Box::pin(std::future::pending())
    }
}
