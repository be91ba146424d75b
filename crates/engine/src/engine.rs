//! The engine: its state, what it can be asked, and where events go.

use crate::converge::Convergence;
use crate::hold::Lookout;
use crate::semaphores::Semaphores;
use crate::timers::{Timer, Timers};
use crate::vertex::{Edge, Phase, Refresh, Shown, Vertex};
use crate::{Action, Event, Mode, Options, State, Time};
use graph::{Graph, VertexIndex};
use plan::{Effective, Planned, Received, VertexId};
use resource::Key;
use resource::host::Urgency;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeSet, VecDeque};

/// The state machine. See the page of the crate.
#[derive(Debug)]
pub struct Engine {
    pub(crate) options: Options,
    pub(crate) graph: Graph<Vertex, Edge>,
    pub(crate) ids: FxHashMap<VertexId, VertexIndex>,
    /// The newest vertex of each key that is worked on. Two of one key never run at once.
    pub(crate) keys: FxHashMap<Key, VertexIndex>,
    /// Notifications of an earlier life, until their edges are there.
    pub(crate) restored: FxHashSet<(Key, Key)>,
    /// What an earlier life began to change and did not finish, until it is there.
    pub(crate) interrupted: FxHashSet<Key>,
    pub(crate) timers: Timers,
    pub(crate) semaphores: Semaphores,
    pub(crate) lookout: Lookout,
    /// What may begin, in order. Entries are out of date where the vertex is not [`Phase::Ready`].
    pub(crate) ready: VecDeque<VertexIndex>,
    pub(crate) running: usize,
    /// What has failed for good.
    pub(crate) dead: BTreeSet<VertexIndex>,
    /// What has left the program and is applied before it goes.
    pub(crate) realizing: BTreeSet<VertexIndex>,
    /// How many vertices go on without anything happening outside.
    pub(crate) moving: usize,
    /// How many vertices are tried again for ever.
    pub(crate) endless: usize,
    pub(crate) convergence: Convergence,
    pub(crate) interrupts: u8,
    /// How many runs changed the machine.
    pub(crate) applied: u64,
    /// Where the slow full pass is.
    pub(crate) pass_place: usize,
    pub(crate) pass_at: Option<Time>,
    pub(crate) now: Time,
    pub(crate) actions: Vec<Action>,
    pub(crate) over: bool,
    told_wake: Option<Time>,
}

impl Engine {
    /// An engine without resources.
    pub fn new(options: Options) -> Engine {
        Engine {
            options,
            graph: Graph::new(),
            ids: FxHashMap::default(),
            keys: FxHashMap::default(),
            restored: FxHashSet::default(),
            interrupted: FxHashSet::default(),
            timers: Timers::default(),
            semaphores: Semaphores::default(),
            lookout: Lookout::default(),
            ready: VecDeque::new(),
            running: 0,
            dead: BTreeSet::new(),
            realizing: BTreeSet::new(),
            moving: 0,
            endless: 0,
            convergence: Convergence::default(),
            interrupts: 0,
            applied: 0,
            pass_place: 0,
            pass_at: None,
            now: Time::default(),
            actions: Vec::new(),
            over: false,
            told_wake: None,
        }
    }

    /// Takes up what an earlier life left behind: notifications, first what changed, then what is to be notified; and what
    /// it had [begun](crate::Run::notifies) to change. Notifications are acted on once the program states the edge, and what
    /// was begun notifies once it is as it should be. Call it before the first event.
    pub fn restore(
        &mut self,
        refreshes: impl IntoIterator<Item = (Key, Key)>,
        interrupted: impl IntoIterator<Item = Key>,
    ) {
        self.restored.extend(refreshes);
        self.interrupted.extend(interrupted);
    }

    /// Lets go of what [`Engine::restore`] took up and the program does not state, sorted: it would surprise whoever states
    /// it one day.
    pub fn forget_unclaimed(&mut self) -> (Vec<(Key, Key)>, Vec<Key>) {
        let mut refreshes: Vec<_> = std::mem::take(&mut self.restored).into_iter().collect();
        let mut interrupted: Vec<_> = std::mem::take(&mut self.interrupted).into_iter().collect();
        refreshes.sort();
        interrupted.sort();
        (refreshes, interrupted)
    }

    /// Takes what happened, and pushes what is to be done.
    ///
    /// A time before the one of the last call counts as that one.
    pub fn step(&mut self, now: Time, event: Event, actions: &mut Vec<Action>) {
        if self.over {
            return;
        }
        self.now = self.now.max(now);
        std::mem::swap(&mut self.actions, actions);
        while let Some((at, timer)) = self.timers.due(self.now) {
            self.fire(at, timer);
        }
        self.take(event);
        self.dispatch();
        self.settle();
        let wake = self.timers.next();
        if wake != self.told_wake && !self.over {
            self.told_wake = wake;
            self.actions.push(Action::WakeAt(wake));
        }
        std::mem::swap(&mut self.actions, actions);
    }

    /// The state of a vertex, where there is one.
    pub fn state(&self, vertex: VertexId) -> Option<State> {
        let at = self.ids.get(&vertex)?;
        Some(self.graph[*at].state(|culprit| self.graph[culprit].id))
    }

    /// What a vertex is, where there is one.
    pub fn planned(&self, vertex: VertexId) -> Option<&Planned> {
        let at = self.ids.get(&vertex)?;
        Some(&self.graph[*at].planned)
    }

    /// What a vertex received, and what it is with that; `None` where it received nothing.
    pub fn received(&self, vertex: VertexId) -> Option<(&Effective, &Received)> {
        let at = self.ids.get(&vertex)?;
        let rare = self.graph[*at].rare.as_ref()?;
        Some((rare.effective.as_ref()?, &rare.values))
    }

    /// Every vertex with what it is and its state, in no order that means anything.
    pub fn vertices(&self) -> impl Iterator<Item = (VertexId, &Planned, State)> {
        self.graph
            .vertices()
            .map(|(_, vertex)| (vertex.id, &*vertex.planned, vertex.state(|culprit| self.graph[culprit].id)))
    }

    /// Whether runs of a vertex have changed something, or may have, that nobody was notified of.
    pub fn is_unnotified(&self, vertex: VertexId) -> bool {
        self.ids.get(&vertex).is_some_and(|at| self.graph[*at].unnotified)
    }

    /// The notifications that have not been acted on: what changed, and what is to be notified; sorted.
    pub fn pending_refreshes(&self) -> Vec<(Key, Key)> {
        let pending = self.graph.edges().filter(|(_, edge)| edge.refresh != Refresh::None);
        let mut keys: Vec<_> = pending.map(|(edge, _)| self.edge_keys(edge)).collect();
        keys.sort();
        keys
    }

    /// Whether a change of the first end of an edge notifies the second.
    pub(crate) fn notifies(&self, edge: graph::EdgeIndex) -> bool {
        let to = self.graph.ends(edge).1;
        self.graph[edge].link.notify && self.graph[to].planned.resource.schema().refreshes
    }

    pub(crate) fn edge_keys(&self, edge: graph::EdgeIndex) -> (Key, Key) {
        let (from, to) = self.graph.ends(edge);
        (self.graph[from].planned.key.clone(), self.graph[to].planned.key.clone())
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::GraphChanged(change) => self.change(change),
            Event::ProgramBusy(busy) => self.convergence.busy = Some(busy),
            Event::Watching { vertex, generation } => {
                if let Some(at) = self.find(vertex) {
                    self.watching(at, generation);
                }
            }
            Event::WatchFired { vertex } => {
                if let Some(at) = self.find(vertex) {
                    self.touch(at, true);
                }
            }
            Event::WatchFailed { vertex, generation, message } => {
                if let Some(at) = self.find(vertex) {
                    self.watch_failed(at, generation, message);
                }
            }
            Event::Applying { vertex, attempt } => {
                if let Some(at) = self.find(vertex) {
                    self.applying(at, attempt);
                }
            }
            Event::Finished { vertex, attempt, result } => {
                if let Some(at) = self.find(vertex) {
                    self.finished(at, attempt, result);
                }
            }
            Event::Woken => {}
            Event::Interrupt => self.interrupt(),
        }
    }

    fn find(&self, vertex: VertexId) -> Option<VertexIndex> {
        self.ids.get(&vertex).copied()
    }

    fn fire(&mut self, due: Time, timer: Timer) {
        match timer {
            Timer::Retry(at) => self.retry(at),
            Timer::Limit(at) => self.consider(at),
            Timer::Deadline(at) => self.deadline(at),
            Timer::Poll(at) => self.poll(at, due),
            Timer::Pass => self.pass(),
            Timer::Converged => self.convergence.timer = None,
        }
    }

    fn interrupt(&mut self) {
        self.interrupts = self.interrupts.saturating_add(1);
        let urgency = match self.interrupts {
            1 => return,
            2 => Urgency::Soon,
            _ => Urgency::Now,
        };
        let running = self.graph.vertices().filter(|(_, vertex)| vertex.phase == Phase::Running);
        for at in running.map(|(at, _)| at).collect::<Vec<_>>() {
            self.cancel(at, urgency);
        }
    }

    /// The one way from phase to phase: what depends on phases is brought along here.
    pub(crate) fn enter(&mut self, at: VertexIndex, phase: Phase) {
        let old = std::mem::replace(&mut self.graph[at].phase, phase);
        match old {
            Phase::Retrying(due, _) => self.timers.cancel(due, Timer::Retry(at)),
            Phase::Limited(due) => self.timers.cancel(due, Timer::Limit(at)),
            Phase::Dead => _ = self.dead.remove(&at),
            _ => {}
        }
        match phase {
            Phase::Retrying(due, _) => self.timers.set(due, Timer::Retry(at)),
            Phase::Limited(due) => self.timers.set(due, Timer::Limit(at)),
            Phase::Dead => _ = self.dead.insert(at),
            _ => {}
        }
        self.moving = self.moving + usize::from(phase.is_moving()) - usize::from(old.is_moving());
        self.endless = self.endless + usize::from(phase.is_endless()) - usize::from(old.is_endless());
        self.lookout.active = self.lookout.active + usize::from(phase.is_active()) - usize::from(old.is_active());
        if phase.is_active() && !old.is_active() {
            self.lookout.epoch += 1;
        }
        if phase != Phase::Held {
            self.release(at);
            self.blame(at, None);
        }
        self.show(at);
        if phase == Phase::Idle {
            self.wake_waiters(at);
        }
    }

    /// Tells the state of a vertex where it is not what was told last.
    pub(crate) fn show(&mut self, at: VertexIndex) {
        let vertex = &self.graph[at];
        let shown = vertex.to_show();
        if shown != vertex.shown {
            let (vertex, state) = (vertex.id, vertex.state(|culprit| self.graph[culprit].id));
            self.graph[at].shown = shown;
            if shown != Shown::Nothing {
                self.actions.push(Action::Status { vertex, state });
            }
        }
    }

    pub(crate) fn is_noop(&self, at: VertexIndex) -> bool {
        self.options.noop || self.graph[at].planned.meta.noop
    }

    pub(crate) fn keeps_watch(&self) -> bool {
        self.options.mode == Mode::Run
    }
}
