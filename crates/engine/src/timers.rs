//! Moments at which something is due.

use crate::Time;
use graph::VertexIndex;
use std::collections::BTreeSet;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A failed vertex is tried again.
    Retry(VertexIndex),
    /// A vertex may be looked at again although there were many events.
    Limit(VertexIndex),
    /// A run has had its time.
    Deadline(VertexIndex),
    /// A polled vertex is looked at.
    Poll(VertexIndex),
    /// A part of the slow full pass.
    Pass,
    /// It has been quiet for long enough, perhaps.
    Converged,
}

/// Timers by their moments. Whoever sets one knows its moment, so that it can be cancelled without a search.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(Time, Timer)>);

impl Timers {
    pub(crate) fn set(&mut self, at: Time, timer: Timer) {
        self.0.insert((at, timer));
    }

    pub(crate) fn cancel(&mut self, at: Time, timer: Timer) {
        self.0.remove(&(at, timer));
    }

    /// Takes out the earliest timer that is due.
    pub(crate) fn due(&mut self, now: Time) -> Option<(Time, Timer)> {
        let first = *self.0.first()?;
        if first.0 > now {
            return None;
        }
        self.0.pop_first()
    }

    pub(crate) fn next(&self) -> Option<Time> {
        Some(self.0.first()?.0)
    }
}
