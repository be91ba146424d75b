//! Who may begin: a vertex does when no ancestor is active, which is to say dirty, running, failed or held itself.
//!
//! An event must not cost what lies below or above the whole vertex. So nothing is pushed down to descendants: a vertex
//! that wants to begin looks up, stops at the first active ancestor and waits for that one. Looking up is remembered: the
//! *epoch* is counted up whenever an idle vertex becomes active or edges change, and what was found clear stays clear until
//! then. While everything is brought into shape for the first time nothing becomes active, so all looks together cost the
//! edges of the graph once. And where nothing else is active, nobody has to look.

use crate::engine::Engine;
use crate::vertex::Phase;
use graph::VertexIndex;
use std::collections::BTreeSet;

/// What all vertices share about looking up.
#[derive(Debug)]
pub(crate) struct Lookout {
    /// Starts at 1: a new vertex has been found clear in no epoch.
    pub(crate) epoch: u64,
    /// How many vertices are active.
    pub(crate) active: usize,
    /// Held vertices that wait on an ancestor which is not a parent. Only for these can an edge elsewhere decide.
    distant: BTreeSet<VertexIndex>,
    /// Edges are gone since these were looked at.
    lost_edges: bool,
    /// Kept to be used again.
    path: Vec<(VertexIndex, usize)>,
}

impl Default for Lookout {
    fn default() -> Self {
        Lookout { epoch: 1, active: 0, distant: BTreeSet::new(), lost_edges: false, path: Vec::new() }
    }
}

impl Lookout {
    /// Edges are gone: nothing that is remembered holds.
    pub(crate) fn lost_edges(&mut self) {
        self.epoch += 1;
        self.lost_edges = true;
    }
}

impl Engine {
    /// An active ancestor, where there is one, and whether it is a parent.
    fn active_ancestor(&mut self, of: VertexIndex) -> Option<(VertexIndex, bool)> {
        let itself = usize::from(self.graph[of].phase.is_active());
        if self.lookout.active == itself {
            return None;
        }
        let epoch = self.lookout.epoch;
        let mut path = std::mem::take(&mut self.lookout.path);
        path.clear();
        path.push((of, self.scanned(of)));
        let mut found = None;
        while let Some((at, position)) = path.last_mut() {
            let (at, next) = (*at, *position);
            let Some(&edge) = self.graph.incoming(at).get(next) else {
                self.graph[at].clearance.clear_in = epoch;
                path.pop();
                continue;
            };
            let parent = self.graph.ends(edge).0;
            if self.graph[parent].phase.is_active() {
                found = Some((parent, path.len() == 1));
                break;
            }
            *position += 1;
            if self.graph[parent].clearance.clear_in != epoch {
                let scanned = self.scanned(parent);
                path.push((parent, scanned));
            }
        }
        // What was on the way is not clear yet, but need not be looked at from the beginning again. The parent that each of
        // them was at is not done, so it does not count.
        for (depth, (at, position)) in path.iter().enumerate() {
            let done = if depth + 1 == path.len() { *position } else { position.saturating_sub(1) };
            let clearance = &mut self.graph[*at].clearance;
            clearance.scanned_in = epoch;
            clearance.scanned = u32::try_from(done).unwrap_or(0);
        }
        self.lookout.path = path;
        found
    }

    fn scanned(&self, at: VertexIndex) -> usize {
        let clearance = &self.graph[at].clearance;
        if clearance.scanned_in == self.lookout.epoch { clearance.scanned as usize } else { 0 }
    }

    /// Makes a vertex wait where something before it is active. Says whether it has to.
    pub(crate) fn hold(&mut self, at: VertexIndex) -> bool {
        let Some((ancestor, is_parent)) = self.active_ancestor(at) else { return false };
        if self.graph[at].waits_on != Some(ancestor) {
            self.release(at);
            self.graph[at].waits_on = Some(ancestor);
            self.graph[ancestor].waiters.push(at);
        }
        if is_parent {
            self.lookout.distant.remove(&at);
        } else {
            self.lookout.distant.insert(at);
        }
        self.blame(at, self.culprit(ancestor));
        self.enter(at, Phase::Held);
        true
    }

    /// A vertex waits on nothing any more.
    pub(crate) fn release(&mut self, at: VertexIndex) {
        if self.graph[at].waits_on.take().is_some() {
            self.lookout.distant.remove(&at);
        }
    }

    /// What was waiting on a vertex looks again.
    pub(crate) fn wake_waiters(&mut self, at: VertexIndex) {
        for waiter in std::mem::take(&mut self.graph[at].waiters) {
            if self.graph.get(waiter).is_some_and(|vertex| vertex.waits_on == Some(at)) {
                self.release(waiter);
                self.consider(waiter);
            }
        }
    }

    /// Where edges are gone, who waits on a far ancestor may not be below it any more.
    pub(crate) fn wake_distant(&mut self) {
        if !std::mem::take(&mut self.lookout.lost_edges) {
            return;
        }
        for at in std::mem::take(&mut self.lookout.distant) {
            self.consider(at);
        }
    }

    /// What is to blame for what waits on this vertex.
    fn culprit(&self, at: VertexIndex) -> Option<VertexIndex> {
        if self.graph[at].is_failing() { Some(at) } else { self.graph[at].blamed }
    }

    /// Notes what is to blame for a vertex being held, for it and for all that wait on it in turn.
    pub(crate) fn blame(&mut self, at: VertexIndex, culprit: Option<VertexIndex>) {
        if self.graph[at].blamed != culprit {
            self.graph[at].blamed = culprit;
            self.show(at);
            self.spread_blame(at);
        }
    }

    /// What is to blame for a vertex, or its own failing, is not what it was: tells everything that waits on it.
    pub(crate) fn spread_blame(&mut self, from: VertexIndex) {
        let mut todo = vec![from];
        while let Some(at) = todo.pop() {
            let culprit = self.culprit(at);
            for place in 0..self.graph[at].waiters.len() {
                let waiter = self.graph[at].waiters[place];
                let Some(vertex) = self.graph.get_mut(waiter) else { continue };
                if vertex.waits_on == Some(at) && vertex.blamed != culprit {
                    vertex.blamed = culprit;
                    self.show(waiter);
                    todo.push(waiter);
                }
            }
        }
    }
}
