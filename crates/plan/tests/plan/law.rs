//! How a graph came to be does not show: after any batches it is the graph of a plan that was told everything at once, and
//! an engine that took every change has exactly it.

use plan::{GraphChange, Link, Options, Plan, VertexId};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use resource::{Change, Desired, Edge, Key, StatementId};
use std::collections::BTreeMap;
use testkit::kinds::{build, identity};
use value::Value;

const SIZE: usize = 9;

/// What is stated of each thing: whether, its content, its group (and whether it refuses to be in one), what it needs (earlier
/// things only, so that nothing closes a cycle), and a notifying edge from an earlier thing.
type Stated = BTreeMap<usize, (u8, u8, usize, Option<usize>)>;

/// What the machine tells that each thing brings: what later things need.
type Discovered = BTreeMap<usize, usize>;

fn discovered() -> impl Strategy<Value = Discovered> {
    btree_map(0..SIZE, 0..SIZE, 0..SIZE)
}

fn discover(plan: &mut Plan, stated: &Stated, discovered: &Discovered) {
    for at in 0..SIZE {
        // Only what nobody earlier needs, so that nothing closes a cycle.
        let brought = discovered.get(&at).filter(|it| stated.iter().all(|(by, of)| of.2 != **it || *by > at));
        let brought = brought.map(|it| identity(format!("t{it}"))).into_iter().collect();
        plan.discovered(&Key::new("thing", format!("t{at}")), brought);
    }
}

fn stated() -> impl Strategy<Value = Stated> {
    btree_map(0..SIZE, (0_u8..2, 0_u8..5, 0..SIZE, proptest::option::of(0..SIZE)), 0..SIZE)
}

fn desired(at: usize, (content, group, need, _): (u8, u8, usize, Option<usize>)) -> Desired {
    let mut fields = vec![("brings", Value::list([Value::str(format!("t{at}").as_str())]))];
    fields.push(("content", Value::str(format!("c{content}"))));
    if group > 0 {
        fields.push(("group", Value::str(format!("g{}", group % 2))));
        fields.push(("alone", Value::Bool(group == 4)));
    }
    if need < at {
        fields.push(("needs", Value::list([Value::str(format!("t{need}"))])));
    }
    Desired {
        id: StatementId(at as u64),
        key: Key::new("thing", format!("t{at}")),
        fields: fields.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        meta: Vec::new(),
        span: None,
    }
}

fn edge(stated: &Stated, at: usize) -> Option<Edge> {
    let from = stated.get(&at)?.3.filter(|from| *from < at && stated.contains_key(from))?;
    let [from, to] = [from, at].map(|at| Key::new("thing", format!("t{at}")));
    Some(Edge { id: StatementId((SIZE + at) as u64), from, to, notify: true, transfer: None, span: None })
}

fn difference(old: &Stated, new: &Stated) -> Vec<Change> {
    let mut changes = Vec::new();
    for at in 0..SIZE {
        let (was, is) = (edge(old, at), edge(new, at));
        if was != is {
            changes.extend(was.map(|edge| Change::EdgeRemoved(edge.id)));
            changes.extend(is.map(Change::EdgeAdded));
        }
        match (old.get(&at), new.get(&at)) {
            (was, Some(is)) if was != Some(is) => changes.push(Change::Set(desired(at, *is))),
            (Some(_), None) => changes.push(Change::Removed(StatementId(at as u64))),
            _ => {}
        }
    }
    changes
}

type Shown = (BTreeMap<String, String>, Vec<(String, String, bool, bool)>);

/// A graph without ids.
fn of(plan: &Plan) -> Shown {
    let view = plan.view();
    let children = |it: &plan::Vertex| it.children.iter().map(|child| child.key.to_string()).collect::<Vec<_>>();
    let vertices = view.vertices.iter().map(|it| (it.key.to_string(), format!("{:?} {:?}", children(it), it.fields)));
    let edges = view.edges.iter().map(|it| (it.from.to_string(), it.to.to_string(), it.notify, it.automatic));
    (vertices.collect(), edges.collect())
}

#[derive(Default)]
struct Follower {
    vertices: BTreeMap<VertexId, std::sync::Arc<plan::Planned>>,
    links: BTreeMap<(VertexId, VertexId), Link>,
}

impl Follower {
    fn take(&mut self, change: GraphChange) -> Result<(), TestCaseError> {
        for ends in change.unlinked {
            prop_assert!(self.links.remove(&ends).is_some(), "an edge is taken away that was not there");
        }
        for id in change.removed {
            prop_assert!(self.vertices.remove(&id).is_some(), "a vertex is taken away that was not there");
        }
        self.vertices.extend(change.set);
        for (from, to, link) in change.linked {
            prop_assert!(self.links.insert((from, to), link.clone()) != Some(link), "an edge is told twice");
        }
        for (from, to) in self.links.keys() {
            prop_assert!(self.vertices.contains_key(from) && self.vertices.contains_key(to), "an edge lacks an end");
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_graph_does_not_show_how_it_came_to_be(batches in vec((stated(), discovered()), 1..6)) {
        let mut plan = Plan::new(build, Options { autoedge: true, autogroup: true });
        let mut follower = Follower::default();
        let mut old = Stated::new();
        for (new, machine) in batches {
            plan.prepare(difference(&old, &new));
            discover(&mut plan, &new, &machine);
            let update = plan.commit().expect("nothing is wrong with it");
            follower.take(update.change)?;
            let mut fresh = Plan::new(build, Options { autoedge: true, autogroup: true });
            fresh.prepare(difference(&Stated::new(), &new));
            discover(&mut fresh, &new, &machine);
            fresh.commit().expect("nothing is wrong with it");
            prop_assert_eq!(of(&plan), of(&fresh));
            let keys: Vec<_> = follower.vertices.values().map(|it| it.key.clone()).collect();
            let of_follower = |id: &VertexId| follower.vertices[id].key.to_string();
            let mut links: Vec<_> = follower
                .links
                .iter()
                .map(|((from, to), link)| (of_follower(from), of_follower(to), link.notify, link.automatic))
                .collect();
            links.sort();
            prop_assert_eq!(keys.len(), of(&plan).0.len());
            prop_assert_eq!(links, of(&plan).1);
            let mut graph = graph::Graph::<(), ()>::new();
            let at: BTreeMap<_, _> = follower.vertices.keys().map(|id| (*id, graph.add_vertex(()))).collect();
            for (from, to) in follower.links.keys() {
                graph.add_edge(at[from], at[to], ());
            }
            prop_assert!(graph.topological_order(|vertex, ()| vertex).is_ok(), "the graph of groups has a cycle");
            old = new;
        }
    }
}
