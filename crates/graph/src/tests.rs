//! Laws of the graph, with petgraph as the oracle.

use super::*;
use petgraph::graph::DiGraph;
use proptest::collection::vec;
use proptest::prelude::*;

/// Commands on both graphs: edges to add and, by position, edges and vertices to remove.
fn both(size: usize, edges: &[(usize, usize)], removed: &[usize]) -> (Graph<usize, ()>, DiGraph<usize, ()>) {
    let mut ours = Graph::new();
    let ids: Vec<_> = (0..size).map(|at| ours.add_vertex(at)).collect();
    let live: Vec<bool> = (0..size).map(|at| !removed.contains(&at)).collect();
    let mut theirs = DiGraph::new();
    let nodes: Vec<_> = (0..size).map(|at| live[at].then(|| theirs.add_node(at))).collect();
    for &(from, to) in edges {
        ours.add_edge(ids[from % size], ids[to % size], ());
        if let (Some(from), Some(to)) = (nodes[from % size], nodes[to % size]) {
            theirs.add_edge(from, to, ());
        }
    }
    for &at in removed {
        ours.remove_vertex(ids[at % size]);
    }
    (ours, theirs)
}

fn cases() -> impl Strategy<Value = (usize, Vec<(usize, usize)>, Vec<usize>)> {
    (1_usize..12).prop_flat_map(|size| (Just(size), vec((0..size, 0..size), 0..20), vec(0..size, 0..4)))
}

proptest! {
    #[test]
    fn an_order_exists_exactly_where_there_is_no_cycle((size, edges, removed) in cases()) {
        let (ours, theirs) = both(size, &edges, &removed);
        prop_assert_eq!(ours.vertex_count(), theirs.node_count());
        prop_assert_eq!(ours.edge_count(), theirs.edge_count());
        match ours.topological_order(|_, data| *data) {
            Ok(order) => {
                prop_assert!(!petgraph::algo::is_cyclic_directed(&theirs));
                prop_assert_eq!(order.len(), ours.vertex_count());
                for (edge, ()) in ours.edges() {
                    let (from, to) = ours.ends(edge);
                    let at = |vertex| order.iter().position(|it| *it == vertex);
                    prop_assert!(at(from) < at(to));
                }
            }
            Err(cycle) => {
                prop_assert!(petgraph::algo::is_cyclic_directed(&theirs));
                let size = cycle.vertices.len();
                for at in 0..size {
                    prop_assert_eq!(ours.ends(cycle.edges[at]), (cycle.vertices[at], cycle.vertices[(at + 1) % size]));
                }
            }
        }
    }

    #[test]
    fn an_edge_is_found_exactly_where_there_is_one_also_among_very_many(
        edges in vec((0_usize..4, 0_usize..4), 600),
        removed in vec(0_usize..600, 0..600),
        gone in 0_usize..4,
    ) {
        let mut graph = Graph::new();
        let ids: Vec<_> = (0..4).map(|at| graph.add_vertex(at)).collect();
        let added: Vec<_> = edges.iter().map(|(from, to)| graph.add_edge(ids[*from], ids[*to], ())).collect();
        let agrees = |graph: &Graph<usize, ()>| {
            for (from, to) in ids.iter().flat_map(|from| ids.iter().map(move |to| (*from, *to))) {
                let found = graph.find_edge(from, to);
                prop_assert_eq!(found.is_some(), graph.outgoing(from).iter().any(|it| graph.ends(*it) == (from, to)));
                prop_assert!(found.is_none_or(|it| graph.ends(it) == (from, to)));
            }
            Ok(())
        };
        agrees(&graph)?;
        for at in removed {
            graph.remove_edge(added[at]);
        }
        agrees(&graph)?;
        graph.remove_vertex(ids[gone]);
        agrees(&graph)?;
    }

    #[test]
    fn a_path_is_found_exactly_where_there_is_one((size, edges, removed) in cases()) {
        let (ours, theirs) = both(size, &edges, &removed);
        for (from, a) in ours.vertices() {
            for (to, b) in ours.vertices() {
                let node = |data: &usize| theirs.node_indices().find(|node| theirs[*node] == *data).expect("live in both");
                let theirs = petgraph::algo::has_path_connecting(&theirs, node(a), node(b), None);
                let path = ours.path(from, to);
                prop_assert_eq!(path.is_some(), theirs);
                let mut at = from;
                for edge in path.unwrap_or_default() {
                    prop_assert_eq!(ours.ends(edge).0, at);
                    at = ours.ends(edge).1;
                }
                prop_assert!(!theirs || at == to);
            }
        }
    }

    #[test]
    fn edges_stay_findable_while_others_go((size, edges, _) in cases(), gone in vec(any::<prop::sample::Index>(), 0..10)) {
        let mut graph = Graph::new();
        let ids: Vec<_> = (0..size).map(|at| graph.add_vertex(at)).collect();
        let mut live: Vec<_> = edges.iter().map(|&(from, to)| graph.add_edge(ids[from], ids[to], (from, to))).collect();
        for at in gone {
            if !live.is_empty() {
                let edge = live.swap_remove(at.index(live.len()));
                prop_assert!(graph.remove_edge(edge).is_some());
                prop_assert!(graph.remove_edge(edge).is_none());
            }
        }
        for &edge in &live {
            let (from, to) = graph.ends(edge);
            prop_assert_eq!((graph[from], graph[to]), graph[edge]);
            prop_assert!(graph.outgoing(from).contains(&edge) && graph.incoming(to).contains(&edge));
            prop_assert!(graph.find_edge(from, to).is_some());
        }
        let degrees: usize = ids.iter().map(|id| graph.outgoing(*id).len() + graph.incoming(*id).len()).sum();
        prop_assert_eq!(degrees, 2 * live.len());
    }
}

#[test]
fn ties_are_decided_by_the_key_and_not_by_insertion() {
    let mut graph = Graph::<&str, ()>::new();
    let [c, a, b] = ["c", "a", "b"].map(|name| graph.add_vertex(name));
    graph.add_edge(c, a, ());
    assert_eq!(graph.topological_order(|_, name| *name), Ok(vec![b, c, a]));
}

#[test]
fn an_index_names_nothing_once_its_vertex_is_removed_even_where_its_place_is_used_again() {
    let mut graph = Graph::<&str, ()>::new();
    let old = graph.add_vertex("old");
    graph.remove_vertex(old);
    let new = graph.add_vertex("new");
    assert_eq!((old.place(), graph.get(old), graph.get(new)), (new.place(), None, Some(&"new")));
}
