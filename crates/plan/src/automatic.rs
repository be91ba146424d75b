//! Automatic edges: from what resources provide and want.
//!
//! One index is kept: who provides an identity, and who wants it. A change looks only at the resources that were touched
//! and at those that want what was touched. A stated edge is never weakened, and an edge that would close a cycle is left
//! out, with a warning that names both ends, until what is in its way is gone.
//!
//! Resources are known by their vertices, which costs no comparison of names. Wherever an order decides something, it is
//! that of the keys: the order in which a graph came to be leaves no trace in it.

use crate::plan::{Arrow, Node, NodeKey, Plan};
use graph::{Graph, VertexIndex};
use resource::{Direction, Identity, Want};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// The two ends of an edge: from and to.
type Ends = (VertexIndex, VertexIndex);

/// What resources provide and want, and the edges that were made of it.
#[derive(Default)]
pub(crate) struct Automatic {
    interested: FxHashMap<Identity, Interested>,
    of: FxHashMap<VertexIndex, Relations>,
    /// What resources bring beside what they say, as the machine tells.
    discovered: FxHashMap<VertexIndex, Vec<Identity>>,
    /// Edges that were left out, and that the user has been told of.
    warned: FxHashSet<Ends>,
    /// Resources some of whose edges were left out.
    incomplete: FxHashSet<VertexIndex>,
    /// Identities whose providers have changed.
    changed: FxHashSet<Identity>,
}

/// The resources that have to do with an identity.
#[derive(Default)]
struct Interested {
    /// Sorted by key.
    providers: Vec<VertexIndex>,
    wanting: FxHashSet<VertexIndex>,
}

#[derive(Default)]
struct Relations {
    provides: Vec<Identity>,
    wants: Vec<Want>,
    /// The edges that were made of the wants.
    edges: FxHashSet<Ends>,
}

impl Automatic {
    /// Takes a resource out of the index. Its edges go with it.
    pub(crate) fn forget(&mut self, at: VertexIndex) {
        self.discovered.remove(&at);
        let Some(relations) = self.of.remove(&at) else { return };
        for identity in relations.provides {
            self.leave(&identity, |interested| interested.providers.retain(|it| *it != at));
            self.changed.insert(identity);
        }
        for identity in relations.wants.iter().flat_map(|want| &want.any_of) {
            self.leave(identity, |interested| _ = interested.wanting.remove(&at));
        }
        self.incomplete.remove(&at);
        self.warned.retain(|(from, to)| *from != at && *to != at);
    }

    /// Keeps what a resource brings as the machine tells; false where that was known.
    pub(crate) fn discover(&mut self, at: VertexIndex, found: Vec<Identity>) -> bool {
        if self.discovered.get(&at).map_or(&[][..], Vec::as_slice) == found {
            return false;
        }
        self.discovered.insert(at, found);
        true
    }

    /// An edge was taken out because a stated one needs its place.
    pub(crate) fn drop_edge(&mut self, from: VertexIndex, to: VertexIndex) {
        self.warned.insert((from, to));
        for end in [from, to] {
            if self.of.get_mut(&end).is_some_and(|relations| relations.edges.remove(&(from, to))) {
                self.incomplete.insert(end);
            }
        }
    }

    fn join(&mut self, identity: &Identity, join: impl FnOnce(&mut Interested)) {
        match self.interested.get_mut(identity) {
            Some(interested) => join(interested),
            None => join(self.interested.entry(identity.clone()).or_default()),
        }
    }

    fn leave(&mut self, identity: &Identity, leave: impl FnOnce(&mut Interested)) {
        let Some(interested) = self.interested.get_mut(identity) else { return };
        leave(interested);
        if interested.providers.is_empty() && interested.wanting.is_empty() {
            self.interested.remove(identity);
        }
    }

    /// The first other resource that provides one of the identities.
    fn first(&self, at: VertexIndex, want: &Want) -> Option<VertexIndex> {
        let providers = |identity| self.interested.get(identity).into_iter().flat_map(|it| &it.providers).copied();
        want.any_of.iter().flat_map(providers).find(|it| *it != at)
    }
}

impl Plan {
    /// Brings automatic edges to what touched resources provide and want.
    pub(crate) fn relate(&mut self, touched: &BTreeSet<VertexIndex>) {
        let mut affected: FxHashSet<VertexIndex> = std::mem::take(&mut self.automatic.incomplete);
        for at in touched {
            if self.reindex(*at) {
                affected.insert(*at);
            }
        }
        let changed = std::mem::take(&mut self.automatic.changed);
        let interested = changed.iter().filter_map(|identity| self.automatic.interested.get(identity));
        affected.extend(interested.flat_map(|it| &it.wanting));
        let mut affected: Vec<VertexIndex> = affected.into_iter().collect();
        affected.sort_by(|a, b| self.graph[*a].key.cmp(&self.graph[*b].key));
        for at in affected {
            self.relate_one(at);
        }
    }

    /// Brings the index to what a resource provides and wants now; true where it wants something else than before.
    fn reindex(&mut self, at: VertexIndex) -> bool {
        let Some(node) = self.graph.get(at) else { return false };
        let taking_part = node.merged.as_ref().ok().filter(|it| it.takes_part_in_edges());
        let (mut provides, wants) =
            taking_part.map(|it| (it.resource.provides(), it.resource.wants())).unwrap_or_default();
        if taking_part.is_some()
            && let Some(discovered) = self.automatic.discovered.get(&at)
        {
            let new = discovered.iter().filter(|it| !provides.contains(it)).cloned().collect::<Vec<_>>();
            provides.extend(new);
        }
        let (graph, automatic) = (&self.graph, &mut self.automatic);
        let mut relations = automatic.of.remove(&at).unwrap_or_default();
        if relations.provides != provides {
            for identity in std::mem::take(&mut relations.provides) {
                automatic.leave(&identity, |interested| interested.providers.retain(|it| *it != at));
                automatic.changed.insert(identity);
            }
            for identity in &provides {
                automatic.join(identity, |interested| insert_by_key(graph, &mut interested.providers, at));
                automatic.changed.insert(identity.clone());
            }
            relations.provides = provides;
        }
        let differs = relations.wants != wants;
        if differs {
            for identity in relations.wants.iter().flat_map(|want| &want.any_of) {
                automatic.leave(identity, |interested| _ = interested.wanting.remove(&at));
            }
            for identity in wants.iter().flat_map(|want| &want.any_of) {
                automatic.join(identity, |interested| _ = interested.wanting.insert(at));
            }
            relations.wants = wants;
        }
        automatic.of.insert(at, relations);
        differs
    }

    /// Brings the edges of one resource to what it wants.
    fn relate_one(&mut self, at: VertexIndex) {
        let Some(relations) = self.automatic.of.get(&at) else { return };
        let ends = |want: &Want| {
            let other = self.automatic.first(at, want)?;
            Some(match want.direction {
                Direction::Before => (other, at),
                Direction::After => (at, other),
            })
        };
        let mut wanted: Vec<Ends> = relations.wants.iter().filter_map(ends).collect();
        wanted.sort_by(|a, b| self.end_keys(*a).cmp(&self.end_keys(*b)));
        wanted.dedup();
        let Some(relations) = self.automatic.of.get_mut(&at) else { return };
        let mut old = std::mem::take(&mut relations.edges);
        let (kept, new): (Vec<Ends>, Vec<Ends>) = wanted.into_iter().partition(|edge| old.remove(edge));
        let mut made = FxHashSet::from_iter(kept);
        #[expect(clippy::iter_over_hash_type, reason = "without these edges the graph is the same in any order")]
        for edge in old {
            self.remove_automatic(edge);
        }
        for edge in new {
            if self.add_automatic(edge) {
                made.insert(edge);
            } else {
                self.automatic.incomplete.insert(at);
            }
        }
        if let Some(relations) = self.automatic.of.get_mut(&at) {
            relations.edges = made;
        }
    }

    fn end_keys(&self, (from, to): Ends) -> (&NodeKey, &NodeKey) {
        (&self.graph[from].key, &self.graph[to].key)
    }

    /// One resource less wants an edge, which may be gone already with its other end.
    fn remove_automatic(&mut self, (from, to): Ends) {
        let Some(edge) = self.graph.find_edge(from, to) else { return };
        self.graph[edge].wanted -= 1;
        if self.graph[edge].is_nobodys() {
            self.remove_arrow(edge);
        }
    }

    /// Makes an edge, unless it would close a cycle.
    fn add_automatic(&mut self, (from, to): Ends) -> bool {
        if let Some(edge) = self.graph.find_edge(from, to) {
            self.graph[edge].wanted += 1;
            return true;
        }
        if self.graph.reaches(to, from) {
            if self.automatic.warned.insert((from, to)) {
                let (from, to) = self.end_keys((from, to));
                self.warnings.push(format!("no automatic edge {} -> {}: it would close a circle", from.key, to.key));
            }
            return false;
        }
        self.add_arrow(from, to, Arrow { wanted: 1, ..Arrow::default() });
        true
    }
}

fn insert_by_key(graph: &Graph<Node, Arrow>, sorted: &mut Vec<VertexIndex>, at: VertexIndex) {
    if let Err(place) = sorted.binary_search_by(|it| graph[*it].key.cmp(&graph[at].key)) {
        sorted.insert(place, at);
    }
}
