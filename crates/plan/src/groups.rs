//! Automatic groups: resources that are worked on together.
//!
//! Resources of one kind with an equal group key may form a group, where none of them has to come before another. Two
//! resources at the same *depth* of the graph (the longest way from something that nothing comes before) never have to, and
//! grouping within depths keeps the graph free of cycles, all groups at once. So groups are found in one pass over the
//! graph. Groups of one key at different depths are then joined where no path connects them, as long as they are few.

use crate::plan::{Plan, group_of};
use crate::{Link, VertexId};
use graph::VertexIndex;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Groups at more depths than this are not joined: it would cost more than it saves.
const JOINED: usize = 32;

/// Resources that are worked on together: by the ids of their vertices. A group is known by its leader.
#[derive(Default)]
pub(crate) struct Groups {
    leaders: FxHashMap<VertexId, VertexId>,
    members: BTreeMap<VertexId, Vec<VertexId>>,
    /// Vertices whose leader is another than before.
    moved: BTreeSet<VertexId>,
}

impl Groups {
    /// Who works on a resource: itself, where it is in no group.
    pub(crate) fn leader(&self, id: VertexId) -> VertexId {
        self.leaders.get(&id).copied().unwrap_or(id)
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
    /// Finds the groups anew, and marks what is not as it was.
    pub(crate) fn regroup(&mut self) {
        let found = self.find_groups();
        let groups = &mut self.published.groups;
        if found == groups.members {
            // A member that changed makes its leader another.
            let leaders: Vec<VertexId> = self.published.dirty.iter().map(|id| groups.leader(*id)).collect();
            self.published.dirty.extend(leaders);
            return;
        }
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

    /// The groups, by their leaders: only those of two and more.
    fn find_groups(&self) -> BTreeMap<VertexId, Vec<VertexId>> {
        let mut buckets: BTreeMap<(&str, String), Vec<VertexIndex>> = BTreeMap::new();
        // The last name leads, as in the order of the nodes from the end.
        for (key, at) in self.nodes.iter().rev().filter(|(key, _)| !key.hidden) {
            if let Some(group) = group_of(&self.graph[*at].merged)
                && !self.has_transfers(*at)
            {
                buckets.entry((key.key.kind.as_str(), group)).or_default().push(*at);
            }
        }
        buckets.retain(|_, members| members.len() > 1);
        if buckets.is_empty() {
            return BTreeMap::new();
        }
        let Some(depths) = self.depths() else { return BTreeMap::new() };
        let mut groups: Vec<Vec<VertexIndex>> = Vec::new();
        for members in buckets.into_values() {
            let mut by_depth: BTreeMap<usize, Vec<VertexIndex>> = BTreeMap::new();
            for member in members {
                by_depth.entry(depths[&member]).or_default().push(member);
            }
            let clusters: Vec<Vec<VertexIndex>> = by_depth.into_values().collect();
            groups.extend(if clusters.len() <= JOINED { self.join(clusters, &groups) } else { clusters });
        }
        let mut found = BTreeMap::new();
        for members in groups.into_iter().filter(|it| it.len() > 1) {
            let mut members: Vec<VertexIndex> = members;
            members.sort_by(|a, b| self.graph[*b].key.cmp(&self.graph[*a].key));
            if self.go_together(&members) {
                let ids: Vec<VertexId> = members.iter().map(|it| self.graph[*it].id).collect();
                found.insert(ids[0], ids);
            }
        }
        found
    }

    /// What a member of a group sends and receives would have to find its way: such resources stay by themselves.
    fn has_transfers(&self, at: VertexIndex) -> bool {
        let mut edges = self.graph.incoming(at).iter().chain(self.graph.outgoing(at));
        edges.any(|edge| !self.transfers(&self.graph[*edge]).is_empty())
    }

    /// The length of the longest way to each vertex.
    fn depths(&self) -> Option<FxHashMap<VertexIndex, usize>> {
        let order = self.graph.topological_order(|_, node| node.id).ok()?;
        let mut depths: FxHashMap<VertexIndex, usize> = FxHashMap::default();
        for vertex in order {
            let depth = self.graph.parents(vertex).map(|parent| depths[&parent] + 1).max().unwrap_or(0);
            depths.insert(vertex, depth);
        }
        Some(depths)
    }

    /// Joins clusters of one key that no path connects, with all other groups counting as single vertices.
    fn join(&self, clusters: Vec<Vec<VertexIndex>>, others: &[Vec<VertexIndex>]) -> Vec<Vec<VertexIndex>> {
        let mut joined: Vec<Vec<VertexIndex>> = Vec::new();
        for cluster in clusters {
            let place = joined.iter().position(|group| {
                let all: Vec<&Vec<VertexIndex>> = others.iter().chain(&joined).collect();
                !self.connected(group, &cluster, &all) && !self.connected(&cluster, group, &all)
            });
            match place {
                Some(place) => joined[place].extend(cluster),
                None => joined.push(cluster),
            }
        }
        joined
    }

    /// Whether a path leads from one group to another, where entering a group means to leave it from any of its members.
    fn connected(&self, from: &[VertexIndex], to: &[VertexIndex], groups: &[&Vec<VertexIndex>]) -> bool {
        let mut group_of: FxHashMap<VertexIndex, usize> = FxHashMap::default();
        for (number, group) in groups.iter().enumerate().filter(|(_, group)| group.len() > 1) {
            group_of.extend(group.iter().map(|member| (*member, number)));
        }
        let targets: BTreeSet<VertexIndex> = to.iter().copied().collect();
        let mut seen: BTreeSet<VertexIndex> = from.iter().copied().collect();
        let mut next: Vec<VertexIndex> = from.to_vec();
        while let Some(vertex) = next.pop() {
            for child in self.graph.children(vertex) {
                if targets.contains(&child) {
                    return true;
                }
                let together = group_of.get(&child).map(|number| groups[*number].as_slice());
                for entered in together.unwrap_or(&[child]) {
                    if seen.insert(*entered) {
                        next.push(*entered);
                    }
                }
            }
        }
        false
    }

    fn go_together(&self, members: &[VertexIndex]) -> bool {
        let mut resources = members.iter().filter_map(|it| self.graph[*it].merged.as_ref().ok()).map(|it| &it.resource);
        let Some(leader) = resources.next() else { return false };
        let others: Vec<_> = resources.cloned().collect();
        leader.grouped(&others).is_ok()
    }
}
