//! Whether, and how, one vertex leads to another.

use crate::{EdgeIndex, Graph, VertexIndex};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// One half of a search that goes out from both ends.
struct Frontier {
    queue: VecDeque<VertexIndex>,
    /// The edge by which each vertex was reached; `None` for the end itself.
    reached: FxHashMap<VertexIndex, Option<EdgeIndex>>,
}

impl Frontier {
    fn new(end: VertexIndex) -> Frontier {
        Frontier { queue: VecDeque::from([end]), reached: FxHashMap::from_iter([(end, None)]) }
    }
}

impl<V, E> Graph<V, E> {
    /// Whether there is a path. A vertex reaches itself.
    pub fn reaches(&self, from: VertexIndex, to: VertexIndex) -> bool {
        self.path(from, to).is_some()
    }

    /// The edges of a path from one vertex to another, none for a vertex to itself; `None` where there is no path.
    ///
    /// The search goes out from both ends by turns and gives up as soon as one side is exhausted, so it costs about twice
    /// the smaller of what lies after `from` and what lies before `to`. For an edge that is new to a graph that changes
    /// little that is next to nothing, and no order has to be kept up for it.
    pub fn path(&self, from: VertexIndex, to: VertexIndex) -> Option<Vec<EdgeIndex>> {
        if from == to {
            return Some(Vec::new());
        }
        if self.outgoing(from).is_empty() || self.incoming(to).is_empty() {
            return None;
        }
        let (mut after, mut before) = (Frontier::new(from), Frontier::new(to));
        loop {
            let vertex = after.queue.pop_front()?;
            for &edge in self.outgoing(vertex) {
                let next = self.ends(edge).1;
                if after.reached.contains_key(&next) {
                    continue;
                }
                after.reached.insert(next, Some(edge));
                if before.reached.contains_key(&next) {
                    return Some(self.join(&after, &before, next));
                }
                after.queue.push_back(next);
            }
            let vertex = before.queue.pop_front()?;
            for &edge in self.incoming(vertex) {
                let next = self.ends(edge).0;
                if before.reached.contains_key(&next) {
                    continue;
                }
                before.reached.insert(next, Some(edge));
                if after.reached.contains_key(&next) {
                    return Some(self.join(&after, &before, next));
                }
                before.queue.push_back(next);
            }
        }
    }

    fn join(&self, after: &Frontier, before: &Frontier, middle: VertexIndex) -> Vec<EdgeIndex> {
        let mut path = Vec::new();
        let mut at = middle;
        while let Some(edge) = after.reached[&at] {
            path.push(edge);
            at = self.ends(edge).0;
        }
        path.reverse();
        at = middle;
        while let Some(edge) = before.reached[&at] {
            path.push(edge);
            at = self.ends(edge).1;
        }
        path
    }
}
