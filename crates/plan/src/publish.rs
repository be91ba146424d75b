//! What the engine was told, and what it is told next.

use crate::build::{Built, same};
use crate::groups::Groups;
use crate::plan::{Changed, Node, Plan};
use crate::sets::Noted;
use crate::{Delivery, GraphChange, Link, Member, Planned, Role, VertexId};
use graph::{EdgeIndex, VertexIndex};
use resource::Key;
use rustc_hash::FxHashMap;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the engine was told, and what may not be so any more.
#[derive(Default)]
pub(crate) struct Published {
    vertices: FxHashMap<VertexId, Arc<Planned>>,
    links: BTreeMap<(VertexId, VertexId), Link>,
    /// Vertices that were touched since, by the ids of their resources.
    pub(crate) dirty: Noted<VertexId>,
    /// Pairs of resources whose edge was touched since.
    pairs: Noted<(VertexId, VertexId)>,
    /// Whether something has changed since that groups depend on.
    pub(crate) regroup: bool,
    /// Resources that are worked on together.
    pub(crate) groups: Groups,
    /// The vertices of what is being undone.
    pub(crate) undoing: BTreeMap<Key, VertexId>,
    /// The edges between these.
    undo_links: BTreeSet<(VertexId, VertexId)>,
}

impl Published {
    pub(crate) fn touch_pair(&mut self, from: VertexId, to: VertexId) {
        self.pairs.insert((from, to));
    }

    /// Whether the engine was told to keep a resource in shape.
    pub(crate) fn manages(&self, key: &Key) -> bool {
        self.vertices.values().any(|planned| planned.role == Role::Managed && planned.key == *key)
    }

    /// The vertices in the order of their ids.
    pub(crate) fn vertices(&self) -> impl Iterator<Item = (VertexId, &Arc<Planned>)> {
        let mut vertices: Vec<_> = self.vertices.iter().map(|(id, planned)| (*id, planned)).collect();
        vertices.sort_unstable_by_key(|(id, _)| *id);
        vertices.into_iter()
    }

    /// The edges in the order of their ends.
    pub(crate) fn links(&self) -> impl Iterator<Item = (VertexId, VertexId, &Link)> {
        self.links.iter().map(|((from, to), link)| (*from, *to, link))
    }
}

impl Plan {
    /// Publishes what is stated: everything in it is right.
    pub(crate) fn publish(&mut self) -> Changed {
        let mut change = GraphChange::default();
        if self.options.autogroup {
            self.regroup();
        }
        let order = self.undo_order();
        self.publish_vertices(&mut change);
        self.publish_links(&mut change);
        self.publish_undos(&order, &mut change);
        change.removed.sort();
        change.set.sort_by(|a, b| (&a.1.key, a.1.role).cmp(&(&b.1.key, b.1.role)));
        let stays = |planned: &Planned| planned.role == Role::Managed && !planned.meta.reverse;
        let set = change.set.iter().filter(|(_, planned)| stays(planned));
        let to_stay =
            set.filter(|(_, it)| self.undos.remove(&it.key).is_some()).map(|(_, it)| it.key.clone()).collect();
        Changed { change, to_stay, warnings: std::mem::take(&mut self.warnings) }
    }

    fn publish_vertices(&mut self, change: &mut GraphChange) {
        let dirty = self.published.dirty.take();
        if self.published.vertices.is_empty() {
            self.published.vertices.reserve(dirty.len());
            change.set.reserve(dirty.len());
        }
        for id in dirty {
            let leader = self.published.groups.leader(id);
            let planned = match self.places.get(&id) {
                Some(at) if leader == id => self.planned(*at),
                // Not stated any more, or worked on by another.
                _ => None,
            };
            match planned {
                Some(planned) => {
                    if self.published.vertices.get(&id).is_none_or(|old| differs(old, &planned)) {
                        let planned = Arc::new(planned);
                        self.published.vertices.insert(id, Arc::clone(&planned));
                        change.set.push((id, planned));
                    }
                }
                None => {
                    if self.published.vertices.remove(&id).is_some() {
                        change.removed.push(id);
                    }
                }
            }
        }
    }

    /// A resource, with those that it has taken into it, as the engine is told of it.
    fn planned(&self, at: VertexIndex) -> Option<Planned> {
        let node = &self.graph[at];
        let built = node.merged.as_ref().ok()?;
        let mut planned = single(node, built);
        if self.published.groups.is_group(node.id) {
            let members = self.published.groups.members(node.id);
            let others: Vec<(&Node, &Built)> = members
                .iter()
                .filter(|id| **id != node.id)
                .filter_map(|id| {
                    let node = &self.graph[*self.places.get(id)?];
                    Some((node, node.merged.as_ref().ok()?))
                })
                .collect();
            let resources: Vec<_> = others.iter().map(|(_, built)| Arc::clone(&built.resource)).collect();
            // Whether they go together was found out when they were grouped.
            planned.resource = built.resource.grouped(&resources).ok()?;
            let mut meta = (*built.meta).clone();
            meta.sema.extend(others.iter().flat_map(|(_, built)| built.meta.sema.iter().cloned()));
            meta.sema.sort();
            meta.sema.dedup();
            planned.meta = Arc::new(meta);
            let member = |(node, built): (&Node, &Built)| Member {
                key: node.key.key.clone(),
                resource: Arc::clone(&built.resource),
            };
            planned.members = std::iter::once((node, built)).chain(others).map(member).collect();
        }
        Some(planned)
    }

    fn publish_links(&mut self, change: &mut GraphChange) {
        let moved = self.published.groups.take_moved(&self.published.links);
        let groups = &self.published.groups;
        let touched = self.published.pairs.take().into_iter();
        let mut pairs: Vec<(VertexId, VertexId)> =
            touched.map(|(from, to)| (groups.leader(from), groups.leader(to))).chain(moved).collect();
        pairs.sort_unstable();
        pairs.dedup();
        for (from, to) in pairs {
            let link = if from == to { None } else { self.link_of(from, to) };
            let both = self.published.vertices.contains_key(&from) && self.published.vertices.contains_key(&to);
            match link.filter(|_| both) {
                Some(link) => {
                    let entry = self.published.links.entry((from, to));
                    if let Entry::Occupied(old) = &entry
                        && *old.get() == link
                    {
                        continue;
                    }
                    entry.insert_entry(link.clone());
                    change.linked.push((from, to, link));
                }
                None => {
                    if self.published.links.remove(&(from, to)).is_some() {
                        change.unlinked.push((from, to));
                    }
                }
            }
        }
    }

    /// The edge between two vertices: all edges between their members, as one.
    fn link_of(&self, from: VertexId, to: VertexId) -> Option<Link> {
        let groups = &self.published.groups;
        if groups.is_group(from) || groups.is_group(to) {
            return self.link_of_all(self.edges_between(from, to));
        }
        let (from, to) = self.places.get(&from).zip(self.places.get(&to))?;
        self.link_of_all(self.graph.find_edge(*from, *to))
    }

    fn link_of_all(&self, edges: impl IntoIterator<Item = EdgeIndex>) -> Option<Link> {
        let mut found: Option<Link> = None;
        for edge in edges {
            let arrow = &self.graph[edge];
            let link = found.get_or_insert_with(|| Link { automatic: true, ..Link::default() });
            link.notify |= arrow.stated.iter().any(|id| self.links.get(id).is_some_and(|it| it.notify));
            link.automatic &= arrow.stated.is_empty();
            let to = &self.graph[self.graph.ends(edge).1].key.key;
            let transfers = self.transfers(arrow).into_iter();
            link.deliveries.extend(transfers.map(|transfer| Delivery { to: to.clone(), transfer }));
        }
        if let Some(link) = &mut found {
            link.deliveries.sort();
            link.deliveries.dedup();
        }
        found
    }

    /// The edges from members of one vertex to those of another. It costs the smaller side.
    fn edges_between(&self, from: VertexId, to: VertexId) -> Vec<EdgeIndex> {
        let groups = &self.published.groups;
        let places = |id| {
            let members = groups.members(id).into_iter();
            members.filter_map(|member| self.places.get(&member).copied()).collect::<Vec<_>>()
        };
        let (from_places, to_places) = (places(from), places(to));
        let outgoing: usize = from_places.iter().map(|place| self.graph.outgoing(*place).len()).sum();
        let incoming: usize = to_places.iter().map(|place| self.graph.incoming(*place).len()).sum();
        if outgoing <= incoming {
            let edges = from_places.iter().flat_map(|place| self.graph.outgoing(*place)).copied();
            edges.filter(|edge| groups.leader(self.graph[self.graph.ends(*edge).1].id) == to).collect()
        } else {
            let edges = to_places.iter().flat_map(|place| self.graph.incoming(*place)).copied();
            edges.filter(|edge| groups.leader(self.graph[self.graph.ends(*edge).0].id) == from).collect()
        }
    }

    pub(crate) fn publish_undos(&mut self, order: &[(Key, Key)], change: &mut GraphChange) {
        for key in self.published.undoing.keys().filter(|key| !self.is_to_be_undone(key)).cloned().collect::<Vec<_>>() {
            self.stop_undoing(&key, change);
        }
        for planned in self.new_undos() {
            let id = self.next_id();
            let planned = Arc::new(planned);
            self.published.undoing.insert(planned.key.clone(), id);
            self.published.vertices.insert(id, Arc::clone(&planned));
            change.set.push((id, planned));
        }
        for (first, second) in order {
            let ids = [first, second].map(|key| self.published.undoing.get(key).copied());
            if let [Some(from), Some(to)] = ids {
                self.published.undo_links.insert((from, to));
                self.published.links.insert((from, to), Link::default());
                change.linked.push((from, to, Link::default()));
            }
        }
    }

    /// Before anything is published: which of what will be undone comes before which. It is the opposite of the order that
    /// was published, also by way of others that leave.
    fn undo_order(&self) -> Vec<(Key, Key)> {
        let published = &self.published;
        let leaving: BTreeMap<VertexId, &Planned> = published
            .dirty
            .iter()
            .filter(|id| !self.places.contains_key(id))
            .filter_map(|id| Some((*id, &**published.vertices.get(id)?)))
            .collect();
        let is_undone = |planned: &Planned| planned.role == Role::Managed && self.is_to_be_undone(&planned.key);
        let mut order = Vec::new();
        for (id, planned) in leaving.iter().filter(|(_, planned)| is_undone(planned)) {
            let (mut todo, mut seen) = (vec![*id], BTreeSet::new());
            while let Some(at) = todo.pop() {
                for ((_, child), _) in published.links.range((at, VertexId(0))..=(at, VertexId(u64::MAX))) {
                    let Some(later) = leaving.get(child).filter(|_| seen.insert(*child)) else { continue };
                    if is_undone(later) {
                        order.push((later.key.clone(), planned.key.clone()));
                    } else {
                        todo.push(*child);
                    }
                }
            }
        }
        order
    }

    fn stop_undoing(&mut self, key: &Key, change: &mut GraphChange) {
        let Some(id) = self.published.undoing.remove(key) else { return };
        let of_it = self.published.undo_links.iter().filter(|(from, to)| *from == id || *to == id);
        for ends in of_it.copied().collect::<Vec<_>>() {
            self.published.undo_links.remove(&ends);
            self.published.links.remove(&ends);
            change.unlinked.push(ends);
        }
        self.published.vertices.remove(&id);
        change.removed.push(id);
    }

    /// Takes a vertex that is undone out of the graph.
    pub(crate) fn withdraw_undo(&mut self, key: &Key) -> GraphChange {
        let mut change = GraphChange::default();
        self.stop_undoing(key, &mut change);
        change
    }
}

/// A resource as the engine is told of it, by itself.
fn single(node: &Node, built: &Built) -> Planned {
    Planned {
        key: node.key.key.clone(),
        resource: Arc::clone(&built.resource),
        meta: Arc::clone(&built.meta),
        members: Vec::new(),
        role: if node.key.hidden.is_some() { Role::Hidden } else { Role::Managed },
        span: built.span,
    }
}

/// Whether the engine has to be told. Where a statement stands makes no difference to it.
fn differs(old: &Planned, new: &Planned) -> bool {
    old.key != new.key
        || old.role != new.role
        || old.meta != new.meta
        || old.members.len() != new.members.len()
        || old.members.iter().zip(&new.members).any(|(a, b)| a.key != b.key || !same(&*a.resource, &*b.resource))
        || !same(&*old.resource, &*new.resource)
}
