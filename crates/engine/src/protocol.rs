//! What goes into the engine and what comes out of it.

use plan::{GraphChange, VertexId};
use resource::host::Urgency;
use resource::{AnyResource, Error, Key, Outcome, Secrets, Watch};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Add;
use std::sync::Arc;
use std::time::Duration;

/// A moment: nanoseconds since some moment that stays the same as long as the engine lives. It never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl Add<Duration> for Time {
    type Output = Time;

    /// A time too far away to be written becomes the last one.
    fn add(self, duration: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl Time {
    /// How long after another moment; zero where it is not after it.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The program states something else than before.
    GraphChanged(GraphChange),
    /// Whether the program is still being computed, so that more changes are about to come. While it is, nothing counts as
    /// converged. It counts as busy until the first change of the graph, or until this says otherwise.
    ProgramBusy(bool),
    /// The watches of an [`Action::Watch`] are armed: whatever happens from now on fires.
    Watching {
        /// The vertex.
        vertex: VertexId,
        /// Of the action.
        generation: u32,
    },
    /// A watch says: look again. Also for several events at once.
    WatchFired {
        /// The vertex.
        vertex: VertexId,
    },
    /// The watches cannot be armed, or broke.
    WatchFailed {
        /// The vertex.
        vertex: VertexId,
        /// Of the action.
        generation: u32,
        /// Why.
        message: String,
    },
    /// A run has found that there is something to do, and does it from now on.
    Applying {
        /// The vertex.
        vertex: VertexId,
        /// Of the [`Run`].
        attempt: u32,
    },
    /// A run has ended. Every run ends with exactly one of these, cancelled ones too.
    Finished {
        /// The vertex.
        vertex: VertexId,
        /// Of the [`Run`].
        attempt: u32,
        /// What came of it. A cancelled run that did not do its work ends with an error that [says so](Error::is_interrupted).
        result: Result<Outcome, Error>,
    },
    /// The moment of the last [`Action::WakeAt`] has come. It does no harm at any other time.
    Woken,
    /// The user wants it to end: the first time, what runs is finished and nothing new begins; the second time, what runs is
    /// asked to stop; the third time, it is stopped.
    Interrupt,
}

/// What is to be done.
#[derive(Debug)]
pub enum Action {
    /// Arm these watches in place of those that the vertex had, then answer with [`Event::Watching`].
    Watch {
        /// The vertex.
        vertex: VertexId,
        /// For the answer.
        generation: u32,
        /// What to watch. Never empty.
        watches: Vec<Watch>,
    },
    /// Disarm the watches of the vertex.
    Unwatch {
        /// The vertex.
        vertex: VertexId,
    },
    /// Work on a resource, beside whatever else is being worked on, then answer with [`Event::Finished`].
    Run(Box<Run>),
    /// Stop a run, if it has not ended yet; it answers as always.
    Cancel {
        /// The vertex.
        vertex: VertexId,
        /// Of the [`Run`].
        attempt: u32,
        /// [`Urgency::Soon`] first, [`Urgency::Now`] where that did not help.
        urgency: Urgency,
    },
    /// Send [`Event::Woken`] at this moment and not at the one named before; `None`: at none.
    WakeAt(Option<Time>),
    /// The state of a vertex is now this.
    Status {
        /// The vertex.
        vertex: VertexId,
        /// Its state.
        state: State,
    },
    /// The vertex is gone. Its id never comes back; its key can, at another vertex.
    Gone {
        /// The vertex.
        vertex: VertexId,
        /// What it was.
        key: Key,
    },
    /// Remember durably that `to` is to be notified, or, where not `pending`, that it was. See [`crate::Engine::restore`].
    Refresh {
        /// What changed.
        from: Key,
        /// What is notified.
        to: Key,
        /// Whether the notification is still to be acted on.
        pending: bool,
    },
    /// Publish the resource to the hosts that its metaparameter `export` names.
    Export {
        /// The vertex.
        vertex: VertexId,
        /// The resource with what it received.
        resource: Arc<dyn AnyResource>,
    },
    /// Publish the resource no more.
    Withdraw {
        /// The vertex.
        vertex: VertexId,
        /// What was exported.
        key: Key,
    },
    /// The resource has been undone: forget how ([`plan::Plan::forget_undo`]).
    Undone {
        /// What it was.
        key: Key,
    },
    /// Whether everything that could be done is done, and has been for as long as [`crate::Options::converged_after`] says.
    Converged(bool),
    /// Nothing runs and nothing will: end. The last action ever.
    Exit(Box<Report>),
}

/// Orders to work on a resource once.
#[derive(Clone, Debug)]
pub struct Run {
    /// The vertex.
    pub vertex: VertexId,
    /// Which of its runs this is.
    pub attempt: u32,
    /// The resource, with the values that it received.
    pub resource: Arc<dyn AnyResource>,
    /// Whether the machine may be changed.
    pub apply: bool,
    /// Whether another resource notified this one.
    pub refresh: bool,
    /// Whether what undoes the resource is to be kept before it is changed.
    pub reverse: bool,
    /// Whether others are to be notified when the resource is changed: then it is remembered durably that a change begins,
    /// until the notifications are remembered. See [`crate::Engine::restore`].
    pub notifies: bool,
    /// The fields whose received values changed since the last clean run.
    pub received: BTreeSet<String>,
    /// The secrets that it has received.
    pub secrets: Secrets,
}

/// What a vertex is up to, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its turn: for what comes before it, for a semaphore, for a free worker, for its watches.
    Pending,
    /// It is being looked at.
    Checking,
    /// It is being brought into shape.
    Applying,
    /// It is as it should be. With `noop`, it has been looked at.
    Clean,
    /// It could not be brought into shape.
    Failed {
        /// How often in a row.
        failures: u32,
        /// When it is tried again; `None` where it is not.
        next_try: Option<Time>,
        /// Why.
        message: Arc<str>,
    },
    /// It has to be looked at and cannot be, because something before it has failed.
    Blocked {
        /// What has failed.
        by: VertexId,
    },
    /// It is hidden: there is nothing to do here.
    Disabled,
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Load {
    /// How many resources are being looked at or worked on.
    pub running: usize,
    /// How many resources are not known to be in shape, those that failed or are blocked among them.
    pub to_go: usize,
    /// How many resources there are.
    pub resources: usize,
}

/// The state as one word or a short phrase.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Pending => f.write_str("pending"),
            State::Checking => f.write_str("checking"),
            State::Applying => f.write_str("applying"),
            State::Clean => f.write_str("clean"),
            State::Failed { failures, message, .. } => write!(f, "failed ({failures}): {message}"),
            State::Blocked { by } => write!(f, "blocked by {by:?}"),
            State::Disabled => f.write_str("disabled"),
        }
    }
}

/// How everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many vertices there are.
    pub vertices: usize,
    /// How many of them are clean.
    pub clean: usize,
    /// How many are hidden.
    pub disabled: usize,
    /// How many runs changed the machine.
    pub applied: u64,
    /// The vertices with `noop` that would be changed, sorted.
    pub differing: Vec<Key>,
    /// What failed, with the reason, sorted.
    pub failed: Vec<(Key, Arc<str>)>,
    /// What is blocked, with what failed before it, sorted.
    pub blocked: Vec<(Key, Key)>,
    /// What is not done for another reason: it was interrupted, or time was up; sorted.
    pub unfinished: Vec<Key>,
}

impl Report {
    /// The exit code for work that has an end: 0 all is done, 2 something failed, 3 something is blocked or not done.
    pub fn exit_code(&self) -> u8 {
        if !self.failed.is_empty() {
            2
        } else if !self.blocked.is_empty() || !self.unfinished.is_empty() {
            3
        } else {
            0
        }
    }
}
