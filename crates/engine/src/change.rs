//! The program changes: exactly what changed is replaced, and everything else goes on.

use crate::Action;
use crate::engine::Engine;
use crate::timers::Timer;
use crate::vertex::{Edge, Leaving, Phase, Refresh, Vertex, Watched};
use graph::{EdgeIndex, VertexIndex};
use plan::{GraphChange, Link, Planned, Role, VertexId};
use resource::Key;
use resource::host::Urgency;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Who goes on with the resources of vertices that are no more: groups change, and resources stay.
#[derive(Default)]
struct Heirs {
    of: FxHashMap<VertexIndex, Vec<VertexId>>,
    /// Heirs of what has changed something, or may yet, that nobody was notified of.
    unnotified: Vec<VertexId>,
    /// Notifications that were not acted on, of edges that begin at an heir now.
    notifying: FxHashMap<(VertexId, VertexId), Refresh>,
}

impl Engine {
    pub(crate) fn change(&mut self, change: GraphChange) {
        self.convergence.busy.get_or_insert(false);
        self.activity();
        let mut heirs = self.heirs(&change);
        self.keep_unrealized(&change.removed, &heirs);
        for (from, to) in change.unlinked {
            self.unlink(from, to, &mut heirs);
        }
        for id in change.removed {
            self.remove(id, &heirs);
        }
        if self.graph.vertex_count() == 0 {
            // This is nearly all that there will be.
            self.graph.reserve(change.set.len());
            self.ids.reserve(change.set.len());
            self.keys.reserve(change.set.len());
        }
        let mut touched = Vec::with_capacity(change.set.len());
        for (id, planned) in change.set {
            touched.push(match self.ids.get(&id) {
                Some(at) => self.replace(*at, planned),
                None => self.add(id, planned),
            });
        }
        for (from, to, link) in change.linked {
            self.link(from, to, link, &mut heirs);
        }
        self.inherit(&heirs);
        self.revive();
        // Everything that is new is active by now, so that nothing begins before what comes before it.
        for at in touched {
            self.consider(at);
        }
        self.plan_pass();
    }

    /// Vertices that are to be applied before they leave, and were not yet, stay with their edges until they are. What others
    /// go on with does not leave.
    fn keep_unrealized(&mut self, removed: &[VertexId], heirs: &Heirs) {
        for id in removed {
            if let Some(at) = self.ids.get(id).filter(|at| !heirs.of.contains_key(at)) {
                let vertex = &mut self.graph[*at];
                let wanted = vertex.planned.meta.realize && vertex.planned.role == Role::Managed;
                if wanted && !vertex.realized && vertex.phase != Phase::Dead {
                    vertex.leaving = Leaving::Realizing;
                    self.realizing.insert(*at);
                }
            }
        }
    }

    fn heirs(&self, change: &GraphChange) -> Heirs {
        let mut heirs = Heirs::default();
        let removed = change.removed.iter().filter_map(|id| self.ids.get(id).copied());
        let removed: Vec<VertexIndex> = removed.filter(|at| self.graph[*at].planned.role == Role::Managed).collect();
        if removed.is_empty() {
            return heirs;
        }
        let mut by_key: FxHashMap<&Key, VertexId> = FxHashMap::default();
        for (id, planned) in change.set.iter().filter(|(_, planned)| planned.role == Role::Managed) {
            by_key.extend(keys(planned).map(|key| (key, *id)));
        }
        for at in removed {
            let mut of: Vec<VertexId> =
                keys(&self.graph[at].planned).filter_map(|key| by_key.get(key)).copied().collect();
            of.sort();
            of.dedup();
            let vertex = &self.graph[at];
            if vertex.unnotified || vertex.run.as_ref().is_some_and(|run| !run.noop) {
                heirs.unnotified.extend(&of);
            }
            if !of.is_empty() {
                heirs.of.insert(at, of);
            }
        }
        heirs
    }

    /// What was left to others and still runs is let finish: the others come after it, and notify for it.
    fn inherit(&mut self, heirs: &Heirs) {
        for id in &heirs.unnotified {
            if let Some(at) = self.ids.get(id) {
                self.graph[*at].unnotified = true;
            }
        }
        let mut pairs: Vec<(VertexIndex, VertexIndex)> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for (at, of) in &heirs.of {
            if self.graph.get(*at).is_some_and(|vertex| vertex.leaving == Leaving::Ending) {
                pairs.extend(of.iter().filter_map(|id| self.ids.get(id)).map(|heir| (*at, *heir)));
            }
        }
        pairs.sort();
        for (from, to) in pairs {
            if self.graph.find_edge(from, to).is_none() && self.graph.path(to, from).is_none() {
                self.graph.add_edge(from, to, Edge::default());
                self.lookout.epoch += 1;
            }
        }
    }

    fn add(&mut self, id: VertexId, planned: Arc<Planned>) -> VertexIndex {
        let key = planned.key.clone();
        let is_worked_on = planned.role != Role::Hidden;
        let mut vertex = Vertex::new(id, planned);
        if is_worked_on && !self.interrupted.is_empty() {
            vertex.unnotified =
                keys(&Arc::clone(&vertex.planned)).filter(|key| self.interrupted.remove(*key)).count() > 0;
        }
        let at = self.graph.add_vertex(vertex);
        self.ids.insert(id, at);
        if is_worked_on && let Some(older) = self.keys.insert(key, at) {
            // The older one is still ending its run, or being realized.
            self.graph.add_edge(older, at, Edge::default());
        }
        self.enter(at, Phase::Arming);
        self.arm(at);
        at
    }

    fn replace(&mut self, at: VertexIndex, planned: Arc<Planned>) -> VertexIndex {
        let before = self.watches(at);
        let vertex = &mut self.graph[at];
        let old = std::mem::replace(&mut vertex.planned, planned);
        let meta = Arc::clone(&vertex.planned.meta);
        vertex.dirty = true;
        // It is looked at because the program says so, not because of an event: no limit applies.
        vertex.from_event = false;
        vertex.realized = false;
        vertex.exported = false;
        if meta.reset {
            (vertex.retries, vertex.watch_retries, vertex.failures) = (0, 0, 0);
        }
        if let Some(rare) = &mut vertex.rare {
            if (old.meta.limit, old.meta.burst) != (meta.limit, meta.burst) {
                rare.bucket = None;
            }
            // The next run brings the received values in again.
            rare.effective = None;
        }
        if let Some(run) = &mut vertex.run {
            run.outdated = true;
        }
        let phase = vertex.phase;
        let watched = vertex.watched;
        if meta.export.is_empty() && !old.meta.export.is_empty() {
            let vertex = self.graph[at].id;
            self.actions.push(Action::Withdraw { vertex, key: old.key.clone() });
        }
        if watched == Watched::Broken || self.watches(at) != before || old.meta.poll != meta.poll {
            self.arm(at);
        }
        match phase {
            Phase::Running => {}
            Phase::Ready => {
                self.enter(at, Phase::Arming);
                self.pass_on(at);
            }
            _ => self.enter(at, Phase::Arming),
        }
        at
    }

    fn remove(&mut self, id: VertexId, heirs: &Heirs) {
        let Some(&at) = self.ids.get(&id) else { return };
        let has_heirs = heirs.of.contains_key(&at);
        let vertex = &mut self.graph[at];
        if vertex.leaving == Leaving::Realizing {
            return;
        }
        if vertex.phase == Phase::Running {
            vertex.leaving = Leaving::Ending;
            // Whatever waits for it does not wait for its success.
            vertex.message = None;
            self.spread_blame(at);
            self.stop_watching(at);
            if !has_heirs {
                self.cancel(at, Urgency::Soon);
            }
        } else {
            self.discard(at);
        }
    }

    fn stop_watching(&mut self, at: VertexIndex) {
        self.stop_polling(at);
        let vertex = &mut self.graph[at];
        if std::mem::replace(&mut vertex.watched, Watched::Unneeded) != Watched::Unneeded {
            let id = vertex.id;
            self.actions.push(Action::Unwatch { vertex: id });
        }
    }

    /// Takes a vertex that does not run out of everything.
    pub(crate) fn discard(&mut self, at: VertexIndex) {
        self.stop_watching(at);
        if self.graph[at].phase == Phase::Ready {
            self.pass_on(at);
        }
        for edge in self.graph.incoming(at).iter().chain(self.graph.outgoing(at)).copied().collect::<Vec<_>>() {
            self.set_refresh(edge, Refresh::None);
            self.uncount(edge);
        }
        let vertex = &mut self.graph[at];
        vertex.message = None;
        // What it was told to look at is of no interest any more, and nothing is to be shown.
        let waiters = std::mem::take(&mut vertex.waiters);
        let (id, planned, phase) = (vertex.id, Arc::clone(&vertex.planned), vertex.phase);
        match phase {
            Phase::Retrying(due, _) => self.timers.cancel(due, Timer::Retry(at)),
            Phase::Limited(due) => self.timers.cancel(due, Timer::Limit(at)),
            Phase::Dead => _ = self.dead.remove(&at),
            _ => {}
        }
        self.moving -= usize::from(phase.is_moving());
        self.endless -= usize::from(phase.is_endless());
        self.lookout.active -= usize::from(phase.is_active());
        self.release(at);
        self.realizing.remove(&at);
        self.lookout.lost_edges();
        if self.keys.get(&planned.key) == Some(&at) {
            // One of the same key may still be on its way out before this one, which then never began.
            match self
                .graph
                .parents(at)
                .find(|parent| !self.graph[*parent].is_hidden() && self.graph[*parent].planned.key == planned.key)
            {
                Some(older) => self.keys.insert(planned.key.clone(), older),
                None => self.keys.remove(&planned.key),
            };
        }
        self.graph.remove_vertex(at);
        self.ids.remove(&id);
        if !planned.meta.export.is_empty() {
            self.actions.push(Action::Withdraw { vertex: id, key: planned.key.clone() });
        }
        self.actions.push(Action::Gone { vertex: id, key: planned.key.clone() });
        for waiter in waiters {
            if self.graph.get(waiter).is_some_and(|vertex| vertex.waits_on == Some(at)) {
                self.release(waiter);
                self.consider(waiter);
            }
        }
    }

    fn link(&mut self, from: VertexId, to: VertexId, link: Link, heirs: &mut Heirs) {
        let inherited = heirs.notifying.remove(&(from, to));
        let (Some(&from), Some(&to)) = (self.ids.get(&from), self.ids.get(&to)) else { return };
        let is_transfer = !link.deliveries.is_empty();
        let edge = match self.graph.find_edge(from, to) {
            Some(edge) => edge,
            None => {
                self.loosen(from, to);
                self.lookout.epoch += 1;
                self.graph.add_edge(from, to, Edge::default())
            }
        };
        self.uncount(edge);
        let old = std::mem::replace(&mut self.graph[edge].link, link);
        self.graph[from].notifying += u32::from(self.notifies(edge));
        let notify = self.graph[edge].link.notify;
        if !notify {
            self.set_refresh(edge, Refresh::None);
        } else if !self.restored.is_empty() && self.restored.remove(&self.edge_keys(edge)) {
            // It is remembered already: nothing to tell.
            self.graph[edge].refresh = Refresh::Pending;
            self.touch(to, false);
        } else if let Some(refresh) = inherited {
            self.set_refresh(edge, refresh);
            self.touch(to, false);
        }
        if (is_transfer || !old.deliveries.is_empty()) && old.deliveries != self.graph[edge].link.deliveries {
            self.touch(to, false);
        }
    }

    /// An edge goes, or becomes another.
    fn uncount(&mut self, edge: EdgeIndex) {
        if self.notifies(edge) {
            let from = self.graph.ends(edge).0;
            self.graph[from].notifying -= 1;
        }
    }

    /// What is realized before it goes keeps the order of a program that is gone. Where an edge of the new program
    /// contradicts it, the new one holds.
    fn loosen(&mut self, from: VertexIndex, to: VertexIndex) {
        while !self.realizing.is_empty()
            && let Some(path) = self.graph.path(to, from)
        {
            let kept = path.iter().find(|edge| self.realizing.contains(&self.graph.ends(**edge).1));
            let Some(&kept) = kept else { return };
            let held = self.graph.ends(kept).1;
            self.set_refresh(kept, Refresh::None);
            self.uncount(kept);
            self.graph.remove_edge(kept);
            self.lookout.lost_edges();
            self.consider(held);
        }
    }

    fn unlink(&mut self, from: VertexId, to_id: VertexId, heirs: &mut Heirs) {
        let (Some(&from), Some(&to)) = (self.ids.get(&from), self.ids.get(&to_id)) else { return };
        if [from, to].iter().any(|at| self.graph[*at].leaving == Leaving::Realizing) {
            return;
        }
        let Some(edge) = self.graph.find_edge(from, to) else { return };
        let refresh = self.graph[edge].refresh;
        if refresh != Refresh::None {
            let of = heirs.of.get(&from).into_iter().flatten();
            heirs.notifying.extend(of.map(|heir| ((*heir, to_id), refresh)));
        }
        self.set_refresh(edge, Refresh::None);
        self.uncount(edge);
        self.lookout.lost_edges();
        let received = self.graph.remove_edge(edge).is_some_and(|edge| !edge.link.deliveries.is_empty());
        if received {
            self.touch(to, false);
        }
        if self.graph[to].phase == Phase::Held {
            self.consider(to);
        }
    }

    /// What has failed for good and asks for it is tried again.
    fn revive(&mut self) {
        let rewatched = self.dead.iter().filter(|at| self.graph[**at].planned.meta.rewatch);
        for at in rewatched.copied().collect::<Vec<_>>() {
            self.enter(at, Phase::Arming);
            if self.graph[at].watched == Watched::Broken {
                self.arm(at);
            }
            self.consider(at);
        }
    }
}

/// The resources that a vertex works on.
fn keys(planned: &Planned) -> impl Iterator<Item = &Key> {
    std::iter::once(&planned.key).chain(planned.members.iter().map(|member| &member.key))
}
