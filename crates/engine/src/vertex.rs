//! What the engine knows of one vertex and one edge.
//!
//! There can be a hundred thousand of them: what few vertices need is in a box.

use crate::limit::Bucket;
use crate::{State, Time};
use graph::VertexIndex;
use plan::{Effective, Link, Planned, Received, Role, VertexId};
use resource::AnyResource;
use resource::host::Urgency;
use std::collections::BTreeSet;
use std::sync::Arc;
use value::Value;

/// Where a vertex stands between two runs, or in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing is to be done.
    Idle,
    /// It has to be looked at, and its watches are not armed yet.
    Arming,
    /// It has to be looked at, and something before it is not idle: `waits_on`.
    Held,
    /// It is in the queue.
    Ready,
    /// It has had too many events, until this moment.
    Limited(Time),
    /// It waits for a semaphore.
    Parked(usize),
    /// It is being worked on.
    Running,
    /// It has failed and is tried again at this moment.
    Retrying(Time, Tries),
    /// It has failed for good.
    Dead,
}

impl Phase {
    /// Whether nothing after the vertex may begin.
    pub(crate) fn is_active(self) -> bool {
        self != Phase::Idle
    }

    /// Whether it comes to an end without anything happening outside. What is held goes on when something else does, and
    /// what is tried for ever will not end by itself.
    pub(crate) fn is_moving(self) -> bool {
        !matches!(self, Phase::Idle | Phase::Held | Phase::Dead) && !self.is_endless()
    }

    /// Whether it waits for a try that is not the last one, whatever comes of it.
    pub(crate) fn is_endless(self) -> bool {
        matches!(self, Phase::Retrying(_, Tries::Endless))
    }
}

/// How often something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tries {
    /// Until they are used up.
    Counted,
    /// Until it succeeds.
    Endless,
}

/// Whether the driver tells us what happens to the vertex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    /// There is nothing to be told.
    Unneeded,
    Arming,
    Armed,
    /// The watches failed; the next try arms them first.
    Broken,
}

/// Whether the vertex is on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    No,
    /// It goes once it has been applied.
    Realizing,
    /// It goes once its run has ended.
    Ending,
}

/// The state that was told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Nothing,
    Pending,
    Checking,
    Applying,
    Clean,
    Failed(u32, Option<Time>),
    Blocked(VertexIndex),
    Disabled,
}

#[derive(Debug)]
pub(crate) struct Vertex {
    pub(crate) id: VertexId,
    pub(crate) planned: Arc<Planned>,
    pub(crate) phase: Phase,
    pub(crate) watched: Watched,
    pub(crate) leaving: Leaving,
    /// It has to be looked at (again).
    pub(crate) dirty: bool,
    /// An event made it dirty: that counts against its limit.
    pub(crate) from_event: bool,
    /// It has been applied since it was stated as it is.
    pub(crate) realized: bool,
    /// It would be changed, but for `noop`.
    pub(crate) differs: bool,
    /// A run has changed something, or may have, and then failed: whoever is to be notified was not.
    pub(crate) unnotified: bool,
    /// How many edges begin here that notify.
    pub(crate) notifying: u32,
    /// It is published as it is.
    pub(crate) exported: bool,
    pub(crate) shown: Shown,
    pub(crate) generation: u32,
    pub(crate) attempt: u32,
    /// How often it failed in a row.
    pub(crate) failures: u32,
    /// Used retries of runs and of watches; only counted where they are bounded.
    pub(crate) retries: u32,
    pub(crate) watch_retries: u32,
    /// Why it failed last; `None` once it succeeds.
    pub(crate) message: Option<Arc<str>>,
    /// An active ancestor. It holds this vertex among its `waiters`.
    pub(crate) waits_on: Option<VertexIndex>,
    /// What has failed and holds this vertex, at first hand or not.
    pub(crate) blamed: Option<VertexIndex>,
    /// Vertices to look at again once this one is idle. May hold entries that are out of date: those wait on another one.
    pub(crate) waiters: Vec<VertexIndex>,
    pub(crate) clearance: Clearance,
    pub(crate) run: Option<Box<Running>>,
    pub(crate) rare: Option<Box<Rare>>,
}

/// What is known about the ancestors, and when it was found out. See [`crate::hold`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clearance {
    /// The epoch in which no ancestor was active.
    pub(crate) clear_in: u64,
    /// The epoch of `scanned`.
    pub(crate) scanned_in: u64,
    /// So many of the first incoming edges come from clear parents.
    pub(crate) scanned: u32,
}

/// The run that is going on.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) semaphores: Vec<usize>,
    pub(crate) noop: bool,
    pub(crate) applying: bool,
    /// When the run is asked to stop, or, where it was, is stopped.
    pub(crate) deadline: Option<Time>,
    pub(crate) urgency: Urgency,
    pub(crate) timed_out: bool,
    /// The statement was replaced while it ran: what came of it says nothing about what is wanted now.
    pub(crate) outdated: bool,
}

/// What few vertices need.
#[derive(Debug, Default)]
pub(crate) struct Rare {
    pub(crate) bucket: Option<Bucket>,
    pub(crate) poll_at: Option<Time>,
    /// When it failed last.
    pub(crate) failed_at: Time,
    /// How often its watches broke in a row, none of them after a long time. Runs that succeed in between change nothing.
    pub(crate) watch_failures: u32,
    /// What it sent last.
    pub(crate) sent: Option<Value>,
    /// What it received last.
    pub(crate) values: Received,
    /// The resource with these values; `None` before they are brought in.
    pub(crate) effective: Option<Effective>,
    /// The fields whose received values have changed since the last clean run.
    pub(crate) received: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Refresh {
    #[default]
    None,
    /// The second vertex is to be notified.
    Pending,
    /// The run that is going on has been told.
    Taken,
}

#[derive(Debug, Default)]
pub(crate) struct Edge {
    pub(crate) link: Link,
    pub(crate) refresh: Refresh,
}

impl Vertex {
    pub(crate) fn new(id: VertexId, planned: Arc<Planned>) -> Vertex {
        Vertex {
            id,
            planned,
            phase: Phase::Idle,
            watched: Watched::Unneeded,
            leaving: Leaving::No,
            dirty: true,
            from_event: false,
            realized: false,
            differs: false,
            unnotified: false,
            notifying: 0,
            exported: false,
            shown: Shown::Nothing,
            generation: 0,
            attempt: 0,
            failures: 0,
            retries: 0,
            watch_retries: 0,
            message: None,
            waits_on: None,
            blamed: None,
            waiters: Vec::new(),
            clearance: Clearance::default(),
            run: None,
            rare: None,
        }
    }

    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(crate) fn is_hidden(&self) -> bool {
        self.planned.role == Role::Hidden
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.message.is_some()
    }

    pub(crate) fn effective(&self) -> Option<&Effective> {
        self.rare.as_ref()?.effective.as_ref()
    }

    /// The resource with what it received.
    pub(crate) fn resource(&self) -> &Arc<dyn AnyResource> {
        self.effective().map_or(&self.planned.resource, |it| &it.resource)
    }

    pub(crate) fn sent(&self) -> Option<&Value> {
        self.rare.as_ref()?.sent.as_ref()
    }

    /// Whether it has received a secret.
    pub(crate) fn has_secret(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.values.has_secret())
    }

    /// Keeps why it is failing, without what it has received and must not be shown.
    pub(crate) fn explain(&mut self, message: &str) {
        let secrets = self.rare.as_ref().map(|rare| rare.values.secrets()).unwrap_or_default();
        self.message = Some(secrets.mask(message).into());
    }

    pub(crate) fn to_show(&self) -> Shown {
        match self.phase {
            Phase::Idle if self.is_hidden() => Shown::Disabled,
            Phase::Idle => Shown::Clean,
            Phase::Running if self.run.as_ref().is_some_and(|run| run.applying) => Shown::Applying,
            Phase::Running => Shown::Checking,
            Phase::Retrying(at, _) => Shown::Failed(self.failures, Some(at)),
            Phase::Dead => Shown::Failed(self.failures, None),
            Phase::Held => self.blamed.map_or(Shown::Pending, Shown::Blocked),
            Phase::Arming | Phase::Ready | Phase::Limited(_) | Phase::Parked(_) => Shown::Pending,
        }
    }

    /// What is shown, with `by` for what is to blame.
    pub(crate) fn state(&self, by: impl FnOnce(VertexIndex) -> VertexId) -> State {
        match self.to_show() {
            Shown::Nothing | Shown::Pending => State::Pending,
            Shown::Checking => State::Checking,
            Shown::Applying => State::Applying,
            Shown::Clean => State::Clean,
            Shown::Disabled => State::Disabled,
            Shown::Blocked(culprit) => State::Blocked { by: by(culprit) },
            Shown::Failed(failures, next_try) => {
                State::Failed { failures, next_try, message: self.message.clone().unwrap_or_default() }
            }
        }
    }
}
