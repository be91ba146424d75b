//! Topological order, and why there is none.

use crate::{EdgeIndex, Graph, VertexIndex};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A cycle: each vertex has an edge to the next, the last one to the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The vertices in the order of the edges; the one with the smallest place comes first.
    pub vertices: Vec<VertexIndex>,
    /// The edges: each leads from the vertex of its position to the next.
    pub edges: Vec<EdgeIndex>,
}

impl<V, E> Graph<V, E> {
    /// All vertices, each after everything that has an edge to it; where that leaves a choice, the smallest key first.
    ///
    /// # Errors
    /// A cycle, where there is one.
    pub fn topological_order<K: Ord>(&self, key: impl Fn(VertexIndex, &V) -> K) -> Result<Vec<VertexIndex>, Cycle> {
        self.topological_order_of(key, |_, _| true)
    }

    /// As [`Graph::topological_order`], as if there were only the edges that `counts`.
    ///
    /// # Errors
    /// A cycle of such edges, where there is one.
    pub fn topological_order_of<K: Ord>(
        &self,
        key: impl Fn(VertexIndex, &V) -> K,
        counts: impl Fn(EdgeIndex, &E) -> bool,
    ) -> Result<Vec<VertexIndex>, Cycle> {
        let mut waits = vec![0_u32; self.places()];
        let mut ready = BinaryHeap::new();
        for (vertex, data) in self.vertices() {
            let count = self.incoming(vertex).iter().filter(|&&edge| counts(edge, &self[edge])).count();
            waits[vertex.place()] = u32::try_from(count).expect("a vertex has fewer than 2^32 edges");
            if count == 0 {
                ready.push(Reverse((key(vertex, data), vertex)));
            }
        }
        let mut order = Vec::with_capacity(self.vertex_count());
        while let Some(Reverse((_, vertex))) = ready.pop() {
            order.push(vertex);
            for &edge in self.outgoing(vertex).iter().filter(|&&edge| counts(edge, &self[edge])) {
                let child = self.ends(edge).1;
                let left = &mut waits[child.place()];
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse((key(child, &self[child]), child)));
                }
            }
        }
        if order.len() == self.vertex_count() { Ok(order) } else { Err(self.witness(&waits, &counts)) }
    }

    /// Walks backwards among the vertices that never became ready: each of them has such a parent, so the walk meets itself.
    fn witness(&self, waits: &[u32], counts: &impl Fn(EdgeIndex, &E) -> bool) -> Cycle {
        let (start, _) =
            self.vertices().find(|(vertex, _)| waits[vertex.place()] > 0).expect("some vertex is left over");
        let mut step_of = vec![usize::MAX; self.places()];
        let (mut walk, mut edges, mut at) = (Vec::new(), Vec::new(), start);
        while step_of[at.place()] == usize::MAX {
            step_of[at.place()] = walk.len();
            walk.push(at);
            let waits_on = |edge: &&EdgeIndex| waits[self.ends(**edge).0.place()] > 0 && counts(**edge, &self[**edge]);
            let edge = *self.incoming(at).iter().find(waits_on).expect("what is left over waits on what is left over");
            edges.push(edge);
            at = self.ends(edge).0;
        }
        let first = step_of[at.place()];
        let mut vertices = walk.split_off(first);
        let mut edges = edges.split_off(first);
        // The walk went against the edges. Its first vertex has the last edge into it from the walk's second vertex.
        vertices.reverse();
        edges.reverse();
        // Now `edges[i]` enters `vertices[i]`; it must leave it.
        edges.rotate_left(1);
        let smallest = (0..vertices.len()).min_by_key(|&at| vertices[at]).unwrap_or(0);
        vertices.rotate_left(smallest);
        edges.rotate_left(smallest);
        Cycle { vertices, edges }
    }
}
