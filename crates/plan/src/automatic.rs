//! Automatic edges: from what resources provide and want.
//!
//! Two indexes are kept: who provides an identity, and who wants it. A change looks only at the resources that were touched
//! and at those that want what was touched. A stated edge is never weakened, and an edge that would close a cycle is left
//! out, with a warning that names both ends, until what is in its way is gone.

use crate::plan::{Arrow, NodeKey, Plan, Touched};
use resource::{Direction, Identity, Want};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What resources provide and want, and the edges that were made of it.
#[derive(Default)]
pub(crate) struct Automatic {
    providers: FxHashMap<Identity, BTreeSet<NodeKey>>,
    wanting: FxHashMap<Identity, BTreeSet<NodeKey>>,
    of: BTreeMap<NodeKey, Relations>,
    /// Edges that were left out, and that the user has been told of.
    warned: BTreeSet<(NodeKey, NodeKey)>,
    /// Resources some of whose edges were left out.
    incomplete: BTreeSet<NodeKey>,
    /// Identities whose providers have changed.
    changed: BTreeSet<Identity>,
    /// How many resources want an edge.
    counts: FxHashMap<(NodeKey, NodeKey), usize>,
}

#[derive(Default)]
struct Relations {
    provides: Vec<Identity>,
    wants: Vec<Want>,
    /// The edges that were made of the wants, from and to.
    edges: BTreeSet<(NodeKey, NodeKey)>,
}

impl Automatic {
    /// Takes a resource out of the indexes. Its edges are gone with it.
    pub(crate) fn forget(&mut self, key: &NodeKey) {
        let Some(relations) = self.of.remove(key) else { return };
        for identity in &relations.provides {
            remove(&mut self.providers, identity, key);
            self.changed.insert(identity.clone());
        }
        for identity in relations.wants.iter().flat_map(|want| &want.any_of) {
            remove(&mut self.wanting, identity, key);
        }
        for edge in relations.edges {
            self.release(&edge);
        }
        self.incomplete.remove(key);
        self.warned.retain(|(from, to)| from != key && to != key);
    }

    /// An edge was taken out because a stated one needs its place.
    pub(crate) fn drop_edge(&mut self, from: &NodeKey, to: &NodeKey) {
        let edge = (from.clone(), to.clone());
        self.counts.remove(&edge);
        self.warned.insert(edge.clone());
        for end in [from, to] {
            if let Some(relations) = self.of.get_mut(end)
                && relations.edges.remove(&edge)
            {
                self.incomplete.insert(end.clone());
            }
        }
    }

    /// One resource less wants an edge; true where none does any more.
    fn release(&mut self, edge: &(NodeKey, NodeKey)) -> bool {
        match self.counts.get_mut(edge) {
            Some(count) if *count > 1 => {
                *count -= 1;
                false
            }
            _ => self.counts.remove(edge).is_some(),
        }
    }

    /// The first other resource that provides one of the identities.
    fn first(&self, key: &NodeKey, want: &Want) -> Option<NodeKey> {
        want.any_of.iter().find_map(|identity| self.providers.get(identity)?.iter().find(|it| *it != key).cloned())
    }
}

fn remove(index: &mut FxHashMap<Identity, BTreeSet<NodeKey>>, identity: &Identity, key: &NodeKey) {
    if let Some(keys) = index.get_mut(identity) {
        keys.remove(key);
        if keys.is_empty() {
            index.remove(identity);
        }
    }
}

impl Plan {
    /// Brings automatic edges to what touched resources provide and want.
    pub(crate) fn relate(&mut self, touched: &Touched) {
        let mut affected: BTreeSet<NodeKey> = std::mem::take(&mut self.automatic.incomplete);
        for key in &touched.nodes {
            if self.reindex(key) {
                affected.insert(key.clone());
            }
        }
        for identity in std::mem::take(&mut self.automatic.changed) {
            affected.extend(self.automatic.wanting.get(&identity).into_iter().flatten().cloned());
        }
        for key in affected {
            self.relate_one(&key);
        }
    }

    /// Brings the indexes to what a resource provides and wants now; true where that is something else than before.
    fn reindex(&mut self, key: &NodeKey) -> bool {
        let built = self.nodes.get(key).and_then(|at| self.graph[*at].merged.as_ref().ok());
        let taking_part = built.filter(|it| it.meta.autoedge && !it.meta.hidden);
        let (provides, wants) = taking_part.map(|it| (it.resource.provides(), it.resource.wants())).unwrap_or_default();
        let automatic = &mut self.automatic;
        let relations = automatic.of.entry(key.clone()).or_default();
        if relations.provides != provides {
            for identity in std::mem::replace(&mut relations.provides, provides.clone()) {
                remove(&mut automatic.providers, &identity, key);
                automatic.changed.insert(identity);
            }
            for identity in provides {
                automatic.providers.entry(identity.clone()).or_default().insert(key.clone());
                automatic.changed.insert(identity);
            }
        }
        if relations.wants == wants {
            return false;
        }
        for identity in std::mem::take(&mut relations.wants).iter().flat_map(|want| &want.any_of) {
            remove(&mut automatic.wanting, identity, key);
        }
        for identity in wants.iter().flat_map(|want| &want.any_of) {
            automatic.wanting.entry(identity.clone()).or_default().insert(key.clone());
        }
        relations.wants = wants;
        true
    }

    /// Brings the edges of one resource to what it wants.
    fn relate_one(&mut self, key: &NodeKey) {
        let Some(relations) = self.automatic.of.get(key) else { return };
        let wanted: BTreeSet<(NodeKey, NodeKey)> = relations
            .wants
            .iter()
            .filter_map(|want| {
                let other = self.automatic.first(key, want)?;
                Some(match want.direction {
                    Direction::Before => (other, key.clone()),
                    Direction::After => (key.clone(), other),
                })
            })
            .collect();
        let old = relations.edges.clone();
        for edge in old.difference(&wanted) {
            if self.automatic.release(edge) {
                self.remove_automatic(edge);
            }
        }
        let mut made: BTreeSet<_> = old.intersection(&wanted).cloned().collect();
        for edge in wanted.difference(&old) {
            if self.add_automatic(edge) {
                *self.automatic.counts.entry(edge.clone()).or_insert(0) += 1;
                made.insert(edge.clone());
            } else {
                self.automatic.incomplete.insert(key.clone());
            }
        }
        if let Some(relations) = self.automatic.of.get_mut(key) {
            relations.edges = made;
        }
    }

    fn remove_automatic(&mut self, (from, to): &(NodeKey, NodeKey)) {
        let (Some(from), Some(to)) = (self.nodes.get(from), self.nodes.get(to)) else { return };
        let Some(arrow) = self.graph.find_edge(*from, *to) else { return };
        self.published.touch_pair(self.graph[*from].id, self.graph[*to].id);
        self.graph[arrow].automatic = false;
        if self.graph[arrow].stated.is_empty() {
            self.remove_arrow(arrow);
        }
    }

    /// Makes an edge, unless it would close a cycle.
    fn add_automatic(&mut self, (from, to): &(NodeKey, NodeKey)) -> bool {
        let (Some(a), Some(b)) = (self.nodes.get(from).copied(), self.nodes.get(to).copied()) else { return false };
        self.published.touch_pair(self.graph[a].id, self.graph[b].id);
        if let Some(arrow) = self.graph.find_edge(a, b) {
            self.graph[arrow].automatic = true;
            return true;
        }
        if self.graph.path(b, a).is_some() {
            if self.automatic.warned.insert((from.clone(), to.clone())) {
                self.warnings.push(format!("no automatic edge {} -> {}: it would close a circle", from.key, to.key));
            }
            return false;
        }
        self.published.regroup = true;
        self.graph.add_edge(a, b, Arrow { automatic: true, ..Arrow::default() });
        true
    }
}
