//! Automatic groups: resources that are worked on together.
//!
//! Resources of one kind with an equal group key and equal metaparameters form a group, where none of them has to come
//! before another, also not by way of other groups ([`graph::groups`]). That is found out in one pass over the graph, when its
//! shape has changed and there are two resources at all that could be grouped.

use crate::build::Built;
use crate::plan::{Node, Plan, Problem};
use crate::{Link, VertexId};
use graph::{EdgeIndex, VertexIndex};
use resource::{Key, Meta};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use value::Name;

/// Resources that are worked on together: by the ids of their vertices. A group is known by its leader.
#[derive(Default)]
pub(crate) struct Groups {
    leaders: FxHashMap<VertexId, VertexId>,
    members: BTreeMap<VertexId, Vec<VertexId>>,
    /// Vertices whose leader is another than before.
    moved: BTreeSet<VertexId>,
    /// Resources that would be in a group, one of which refuses to.
    refused: BTreeSet<VertexId>,
    /// How many resources could be grouped with each other.
    counts: FxHashMap<Bucket, usize>,
    /// How many buckets hold two and more.
    shared: usize,
}

/// How far it is looked for whether an edge matters to groups, before it is taken for granted. Going through the whole graph
/// for it would cost as much as grouping does.
const FAR: usize = 256;

/// Who may be grouped with whom: kind, group key, and metaparameters where they are not the usual ones.
pub(crate) type Bucket = Arc<(Name, String, String)>;

/// The bucket of a resource; `None` where it stays by itself.
pub(crate) fn bucket(key: &Key, merged: &Result<Built, Problem>) -> Option<Bucket> {
    let built = merged.as_ref().ok()?;
    let meta = &built.meta;
    // What is published or undone is so for each resource.
    if !meta.autogroup || meta.hidden || meta.reverse || !meta.export.is_empty() {
        return None;
    }
    let group = built.resource.group_key()?;
    // Semaphores are united; everything else must agree: a group has one set of metaparameters.
    let rest = Meta { sema: Vec::new(), ..Meta::clone(meta) };
    let meta = if rest == Meta::default() { String::new() } else { format!("{rest:?}") };
    Some(Arc::new((key.kind.clone(), group, meta)))
}

impl Groups {
    /// A resource has another bucket than before. Says whether that makes a difference to others.
    fn count(&mut self, old: Option<Bucket>, new: Option<Bucket>) -> bool {
        let mut matters = false;
        if let Some(old) = old
            && let Some(count) = self.counts.get_mut(&old)
        {
            *count -= 1;
            matters |= *count > 0;
            self.shared -= usize::from(*count == 1);
            if *count == 0 {
                self.counts.remove(&old);
            }
        }
        if let Some(new) = new {
            let count = self.counts.entry(new).or_default();
            *count += 1;
            matters |= *count > 1;
            self.shared += usize::from(*count == 2);
        }
        matters
    }

    /// Who works on a resource: itself, where it is in no group.
    pub(crate) fn leader(&self, id: VertexId) -> VertexId {
        self.leaders.get(&id).copied().unwrap_or(id)
    }

    /// Whether a resource leads others.
    pub(crate) fn is_group(&self, id: VertexId) -> bool {
        self.members.contains_key(&id)
    }

    /// The resources that a leader works on, itself first.
    pub(crate) fn members(&self, leader: VertexId) -> Vec<VertexId> {
        self.members.get(&leader).cloned().unwrap_or_else(|| vec![leader])
    }

    /// The published edges of vertices that were regrouped.
    pub(crate) fn take_moved(&mut self, links: &BTreeMap<(VertexId, VertexId), Link>) -> Vec<(VertexId, VertexId)> {
        let moved = std::mem::take(&mut self.moved);
        if moved.is_empty() {
            return Vec::new();
        }
        links.keys().filter(|(from, to)| moved.contains(from) || moved.contains(to)).copied().collect()
    }
}

impl Plan {
    /// A resource has another bucket now, or the same.
    pub(crate) fn rebucket(&mut self, at: VertexIndex, bucket: Option<Bucket>) {
        if self.graph[at].bucket != bucket {
            let old = std::mem::replace(&mut self.graph[at].bucket, bucket.clone());
            self.published.regroup |= self.published.groups.count(old, bucket);
        }
    }

    /// An edge comes or goes. Groups depend on which resources that could be grouped reach which others: an edge can only
    /// matter where there is one before it, and one after it.
    pub(crate) fn shape_changes(&mut self, from: VertexIndex, to: VertexIndex) {
        if self.published.regroup || !self.options.autogroup || self.published.groups.shared == 0 {
            return;
        }
        let graph = &self.graph;
        let matters = self.any_in_bucket(to, |at| graph.children(at).collect())
            && self.any_in_bucket(from, |at| graph.parents(at).collect());
        self.published.regroup = matters;
    }

    /// Whether a resource that could be grouped is met on the way from a vertex, or may be.
    fn any_in_bucket(&self, start: VertexIndex, next: impl Fn(VertexIndex) -> Vec<VertexIndex>) -> bool {
        let (mut todo, mut seen) = (vec![start], FxHashSet::from_iter([start]));
        while let Some(at) = todo.pop() {
            if self.graph[at].bucket.is_some() || seen.len() > FAR {
                return true;
            }
            todo.extend(next(at).into_iter().filter(|it| seen.insert(*it)));
        }
        false
    }

    /// Finds the groups anew, and marks what is not as it was.
    pub(crate) fn regroup(&mut self) {
        self.published.regroup |= self.members_changed_their_minds();
        let found = std::mem::take(&mut self.published.regroup).then(|| self.find_groups());
        let groups = &mut self.published.groups;
        let Some(found) = found.filter(|found| *found != groups.members) else {
            // A member that changed makes its leader another.
            let leaders: Vec<VertexId> = self.published.dirty.iter().map(|id| groups.leader(*id)).collect();
            self.published.dirty.extend(leaders);
            return;
        };
        let before = std::mem::take(&mut groups.leaders);
        groups.members = found;
        for (leader, members) in &groups.members {
            groups.leaders.extend(members.iter().map(|member| (*member, *leader)));
        }
        let touched: BTreeSet<VertexId> = before.keys().chain(groups.leaders.keys()).copied().collect();
        let mut moved = Vec::new();
        for id in touched {
            let (old, new) = (before.get(&id).copied().unwrap_or(id), groups.leader(id));
            if old != new {
                moved.push(id);
                groups.moved.extend([id, old, new]);
                self.published.dirty.extend([id, old, new]);
            }
        }
        let moved: BTreeSet<VertexId> = moved.into_iter().collect();
        let pairs: Vec<(VertexId, VertexId)> = self
            .graph
            .edges()
            .map(|(edge, _)| self.graph.ends(edge))
            .map(|(from, to)| (self.graph[from].id, self.graph[to].id))
            .filter(|(from, to)| moved.contains(from) || moved.contains(to))
            .collect();
        for (from, to) in pairs {
            self.published.touch_pair(from, to);
        }
    }

    /// Whether a resource that changed does not go with the others of its group any more, or may go with those now that it
    /// was kept apart from.
    fn members_changed_their_minds(&self) -> bool {
        let (groups, dirty) = (&self.published.groups, &self.published.dirty);
        let leaders: BTreeSet<VertexId> = dirty.iter().filter_map(|id| groups.leaders.get(id)).copied().collect();
        let is_broken = |leader: &VertexId| {
            let members: Option<Vec<_>> =
                groups.members[leader].iter().map(|id| self.places.get(id).copied()).collect();
            members.is_none_or(|members| !self.go_together(&members))
        };
        dirty.iter().any(|id| groups.refused.contains(id)) || leaders.iter().any(is_broken)
    }

    /// The groups, by their leaders: only those of two and more.
    fn find_groups(&mut self) -> BTreeMap<VertexId, Vec<VertexId>> {
        let (mut found, mut refused) = (BTreeMap::new(), BTreeSet::new());
        if self.published.groups.shared == 0 {
            self.published.groups.refused = refused;
            return found;
        }
        let bucket = |at, node: &Node| node.bucket.clone().filter(|_| !self.stays_alone(at));
        // The last name leads.
        for members in graph::groups(&self.graph, bucket, |a, b| b.key.cmp(&a.key)) {
            let ids: Vec<VertexId> = members.iter().map(|it| self.graph[*it].id).collect();
            if self.go_together(&members) {
                found.insert(ids[0], ids);
            } else {
                refused.extend(ids);
            }
        }
        self.published.groups.refused = refused;
        found
    }

    /// A group sends nothing: who sends stays by itself. Of what is received, the kind says whether it keeps out.
    fn stays_alone(&self, at: VertexIndex) -> bool {
        let Ok(built) = &self.graph[at].merged else { return true };
        let transfers = |edge: &EdgeIndex| self.transfers(&self.graph[*edge]);
        let mut received = self.graph.incoming(at).iter().flat_map(transfers);
        self.graph.outgoing(at).iter().any(|edge| !transfers(edge).is_empty())
            || received.any(|transfer| !built.resource.groups_receiving(&transfer.receive))
    }

    fn go_together(&self, members: &[VertexIndex]) -> bool {
        let mut resources = members.iter().filter_map(|it| self.graph[*it].merged.as_ref().ok()).map(|it| &it.resource);
        let Some(leader) = resources.next() else { return false };
        let others: Vec<_> = resources.cloned().collect();
        leader.grouped(&others).is_ok()
    }
}
