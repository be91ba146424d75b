//! Which vertices can be taken together, without closing a cycle.
//!
//! Members of a group must not reach one another, also not by way of other groups, or the graph of groups would have a
//! cycle. Asking that for pairs is what makes grouping slow. Instead the graph is worked off once in topological order, as
//! if it were run: whatever can be grouped waits at its bucket for as long as anything else can go on; when nothing else
//! can, the bucket that lacks the fewest members goes, with all that wait at it, as one group. Nothing that waits at the
//! same time reaches another, and the order in which groups went is a topological order of the graph of groups.
//!
//! The result depends on the graph alone, not on how it came to be. It costs about one topological sort.

use crate::{Graph, VertexIndex};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Groups of two or more, each sorted by `order`. `bucket` says who may be grouped with whom. The graph must have no cycle; then
/// it has none either when each group is taken as one vertex.
pub fn groups<V, E, B: Ord>(
    graph: &Graph<V, E>,
    bucket: impl Fn(VertexIndex, &V) -> Option<B>,
    order: impl Fn(&V, &V) -> Ordering,
) -> Vec<Vec<VertexIndex>> {
    let mut buckets: BTreeMap<B, Vec<VertexIndex>> = BTreeMap::new();
    for (vertex, data) in graph.vertices() {
        if let Some(bucket) = bucket(vertex, data) {
            buckets.entry(bucket).or_default().push(vertex);
        }
    }
    // Who is alone in its bucket is never grouped.
    buckets.retain(|_, members| members.len() > 1);
    if buckets.is_empty() {
        return Vec::new();
    }
    let mut of = vec![usize::MAX; graph.places()];
    for (number, members) in buckets.values().enumerate() {
        for member in members {
            of[member.place()] = number;
        }
    }
    let missing = buckets.values().map(Vec::len).collect();
    let mut work = Work {
        of,
        waits: vec![0; graph.places()],
        free: Vec::new(),
        missing,
        waiting: vec![Vec::new(); buckets.len()],
        next: BTreeSet::new(),
    };
    for (vertex, _) in graph.vertices() {
        work.waits[vertex.place()] = graph.incoming(vertex).len();
        if work.waits[vertex.place()] == 0 {
            work.ready(vertex);
        }
    }
    let mut groups = Vec::new();
    loop {
        while let Some(vertex) = work.free.pop() {
            work.done(graph, vertex);
        }
        let Some((_, number)) = work.next.pop_first() else { break };
        let mut group = std::mem::take(&mut work.waiting[number]);
        for vertex in &group {
            work.done(graph, *vertex);
        }
        if group.len() > 1 {
            group.sort_by(|a, b| order(&graph[*a], &graph[*b]));
            groups.push(group);
        }
    }
    groups
}

struct Work {
    /// The bucket of each place.
    of: Vec<usize>,
    /// For how many parents each place waits.
    waits: Vec<usize>,
    /// What can go and is not grouped.
    free: Vec<VertexIndex>,
    /// How many members of each bucket cannot go yet.
    missing: Vec<usize>,
    /// The members of each bucket that can.
    waiting: Vec<Vec<VertexIndex>>,
    /// Buckets at which somebody waits, with how many are missing.
    next: BTreeSet<(usize, usize)>,
}

impl Work {
    fn ready(&mut self, vertex: VertexIndex) {
        let number = self.of[vertex.place()];
        if number == usize::MAX {
            return self.free.push(vertex);
        }
        let missing = self.missing[number];
        self.next.remove(&(missing, number));
        self.missing[number] = missing - 1;
        self.waiting[number].push(vertex);
        self.next.insert((missing - 1, number));
    }

    fn done<V, E>(&mut self, graph: &Graph<V, E>, vertex: VertexIndex) {
        for child in graph.children(vertex) {
            let waits = &mut self.waits[child.place()];
            *waits -= 1;
            if *waits == 0 {
                self.ready(child);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Groups of a graph over `edges` between names; a name's first letter is its bucket, `x` has none.
    fn grouped(names: &[&str], edges: &[(&str, &str)]) -> Vec<String> {
        let mut graph = Graph::<&str, ()>::new();
        let ids: BTreeMap<&str, VertexIndex> = names.iter().map(|name| (*name, graph.add_vertex(*name))).collect();
        for (from, to) in edges {
            graph.add_edge(ids[from], ids[to], ());
        }
        let bucket = |_, name: &&str| name.chars().next().filter(|letter| *letter != 'x');
        let found = groups(&graph, bucket, Ord::cmp);
        found.iter().map(|group| group.iter().map(|it| graph[*it]).collect::<Vec<_>>().join("+")).collect()
    }

    #[test]
    fn equal_siblings_are_one_group() {
        assert_eq!(grouped(&["a1", "a2", "a3"], &[]), ["a1+a2+a3"]);
        assert_eq!(grouped(&["x", "a1", "a2", "b"], &[("x", "a1"), ("x", "a2"), ("a1", "b"), ("a2", "b")]), ["a1+a2"]);
    }

    #[test]
    fn who_reaches_another_is_not_grouped_with_it() {
        assert_eq!(grouped(&["a1", "a2"], &[("a1", "a2")]), [""; 0]);
        assert_eq!(grouped(&["a1", "x", "a2"], &[("a1", "x"), ("x", "a2")]), [""; 0]);
    }

    #[test]
    fn depth_alone_keeps_nobody_apart() {
        assert_eq!(grouped(&["a1", "x1", "x2", "a2"], &[("x1", "x2"), ("x2", "a2")]), ["a1+a2"]);
    }

    #[test]
    fn two_groups_that_would_wait_for_each_other_are_not_both_made() {
        assert_eq!(grouped(&["a1", "a2", "b1", "b2"], &[("a1", "b1"), ("b2", "a2")]), ["b1+b2"]);
    }

    proptest! {
        #[test]
        fn the_graph_of_groups_has_no_cycle(
            size in 2_usize..12,
            edges in vec((0_usize..12, 0_usize..12), 0..24),
            buckets in vec(0_u8..4, 12),
        ) {
            let mut graph = Graph::<usize, ()>::new();
            let ids: Vec<_> = (0..size).map(|at| graph.add_vertex(at)).collect();
            for (from, to) in edges {
                let (from, to) = (from % size, to % size);
                if from < to {
                    graph.add_edge(ids[from], ids[to], ());
                }
            }
            let found = groups(&graph, |_, at| (buckets[*at] > 0).then_some(buckets[*at]), Ord::cmp);
            let mut leader: Vec<usize> = (0..size).collect();
            for group in &found {
                prop_assert!(group.len() > 1);
                for member in group {
                    prop_assert_eq!(buckets[graph[*member]], buckets[graph[group[0]]]);
                    prop_assert_eq!(leader[graph[*member]], graph[*member]);
                }
                for member in &group[1..] {
                    leader[graph[*member]] = graph[group[0]];
                }
            }
            let mut contracted = Graph::<usize, ()>::new();
            let outer: Vec<_> = (0..size).map(|at| contracted.add_vertex(at)).collect();
            for (edge, ()) in graph.edges() {
                let (from, to) = graph.ends(edge);
                contracted.add_edge(outer[leader[graph[from]]], outer[leader[graph[to]]], ());
            }
            prop_assert!(contracted.topological_order(|_, at| *at).is_ok());
        }
    }
}
