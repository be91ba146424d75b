//! Automatic edges: from what resources provide and want.
//!
//! Two indexes are kept: who provides an identity, and who wants it. A change looks only at the resources that were touched
//! and at those that want what was touched. A stated edge is never weakened, and an edge that would close a cycle is left
//! out, with a warning that names both ends, until what is in its way is gone.
//!
//! Resources are known by their vertices, which costs no comparison of names. Wherever an order decides something, it is
//! that of the keys: the order in which a graph came to be leaves no trace in it.

use crate::plan::{Arrow, Node, NodeKey, Plan};
use graph::{Graph, VertexIndex};
use resource::{Direction, Identity, Want, Wanted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::hash::Hash;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The two ends of an edge: from and to.
type Ends = (VertexIndex, VertexIndex);

/// What resources provide and want, and the edges that were made of it.
#[derive(Default)]
pub(crate) struct Automatic {
    providers: Providers,
    wanting: Wanting,
    of: FxHashMap<VertexIndex, Relations>,
    /// What resources bring beside what they say, as the machine tells.
    discovered: FxHashMap<VertexIndex, Vec<Identity>>,
    /// Edges that were left out, and that the user has been told of.
    warned: FxHashSet<Ends>,
    /// Resources some of whose edges were left out.
    incomplete: FxHashSet<VertexIndex>,
    /// Identities whose providers have changed.
    changed: Vec<Identity>,
}

#[derive(Default)]
struct Relations {
    provides: Vec<Identity>,
    wants: Vec<Want>,
    /// The edges that were made of the wants.
    edges: FxHashSet<Ends>,
}

/// Who provides what, each sorted by key. Paths have tables of their own: they are asked for without making an identity.
#[derive(Default)]
struct Providers {
    paths: FxHashMap<OsString, Vec<VertexIndex>>,
    packaged: FxHashMap<OsString, Vec<VertexIndex>>,
    others: FxHashMap<Identity, Vec<VertexIndex>>,
}

/// Who wants what.
#[derive(Default)]
struct Wanting {
    by_identity: FxHashMap<Identity, FxHashSet<VertexIndex>>,
    /// Who wants something at or above a path, by the path; who wants it packaged, by the folder that the path is in, since
    /// the path itself is usually nobody else's. As bytes, so that everything below a folder stands together.
    by_path: BTreeMap<Vec<u8>, FxHashSet<VertexIndex>>,
}

impl Providers {
    fn of(&self, identity: &Identity) -> &[VertexIndex] {
        let found = match identity {
            Identity::Path(path) => self.paths.get(path.as_os_str()),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => self.packaged.get(path.as_os_str()),
            other => self.others.get(other),
        };
        found.map_or(&[], Vec::as_slice)
    }

    fn join(&mut self, identity: &Identity, graph: &Graph<Node, Arrow>, at: VertexIndex) {
        let providers = match identity {
            Identity::Path(path) => self.paths.entry(path.as_os_str().to_owned()).or_default(),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => {
                self.packaged.entry(path.as_os_str().to_owned()).or_default()
            }
            other => self.others.entry(other.clone()).or_default(),
        };
        if let Err(place) = providers.binary_search_by(|it| graph[*it].key.cmp(&graph[at].key)) {
            providers.insert(place, at);
        }
    }

    fn leave(&mut self, identity: &Identity, at: VertexIndex) {
        match identity {
            Identity::Path(path) => leave(&mut self.paths, path.as_os_str(), at),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => {
                leave(&mut self.packaged, path.as_os_str(), at);
            }
            other => leave(&mut self.others, other, at),
        }
    }

    /// The first other resource that provides what is wanted.
    fn first(&self, at: VertexIndex, want: &Want) -> Option<VertexIndex> {
        let other = |providers: &[VertexIndex]| providers.iter().copied().find(|it| *it != at);
        let above = |table: &FxHashMap<OsString, Vec<VertexIndex>>, path: &Path| {
            path.ancestors().find_map(|it| other(table.get(it.as_os_str())?))
        };
        match &want.what {
            Wanted::AnyOf(identities) => identities.iter().find_map(|it| other(self.of(it))),
            Wanted::AtOrAbove(path) => above(&self.paths, path),
            // Most programs have no package whose files are known.
            Wanted::PackagedAtOrAbove(_) if self.packaged.is_empty() => None,
            Wanted::PackagedAtOrAbove(path) => above(&self.packaged, path),
        }
    }
}

fn leave<K, Q>(table: &mut FxHashMap<K, Vec<VertexIndex>>, key: &Q, at: VertexIndex)
where
    K: Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + ?Sized,
{
    let Some(providers) = table.get_mut(key) else { return };
    providers.retain(|it| *it != at);
    if providers.is_empty() {
        table.remove(key);
    }
}

impl Wanting {
    fn join(&mut self, want: &Want, at: VertexIndex) {
        match &want.what {
            Wanted::AnyOf(identities) => {
                for identity in identities {
                    self.by_identity.entry(identity.clone()).or_default().insert(at);
                }
            }
            Wanted::AtOrAbove(path) => self.join_path(path, at),
            Wanted::PackagedAtOrAbove(path) => self.join_path(folder(path), at),
        }
    }

    fn join_path(&mut self, path: &Path, at: VertexIndex) {
        let path = path.as_os_str().as_bytes();
        match self.by_path.get_mut(path) {
            Some(wanting) => _ = wanting.insert(at),
            None => _ = self.by_path.insert(path.to_owned(), FxHashSet::from_iter([at])),
        }
    }

    fn leave(&mut self, want: &Want, at: VertexIndex) {
        match &want.what {
            Wanted::AnyOf(identities) => {
                for identity in identities {
                    if take_last(self.by_identity.get_mut(identity), at) {
                        self.by_identity.remove(identity);
                    }
                }
            }
            Wanted::AtOrAbove(path) => self.leave_path(path, at),
            Wanted::PackagedAtOrAbove(path) => self.leave_path(folder(path), at),
        }
    }

    fn leave_path(&mut self, path: &Path, at: VertexIndex) {
        let path = path.as_os_str().as_bytes();
        if take_last(self.by_path.get_mut(path), at) {
            self.by_path.remove(path);
        }
    }

    /// Adds everybody to whom it can make a difference who provides an identity.
    fn affected(&self, identity: &Identity, affected: &mut FxHashSet<VertexIndex>) {
        affected.extend(self.by_identity.get(identity).into_iter().flatten());
        match identity {
            Identity::Path(path) => self.below(path, affected),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => {
                let beside = self.by_path.get(folder(path).as_os_str().as_bytes());
                affected.extend(beside.into_iter().flatten());
                self.below(path, affected);
            }
            _ => {}
        }
    }

    fn below(&self, path: &Path, affected: &mut FxHashSet<VertexIndex>) {
        let path = path.as_os_str().as_bytes();
        affected.extend(self.by_path.get(path).into_iter().flatten());
        // What is below begins with the path and a slash; the byte after the slash ends that.
        let folder = path.strip_suffix(b"/").unwrap_or(path);
        let (from, to) = ([folder, b"/"].concat(), [folder, b"0"].concat());
        affected.extend(self.by_path.range(from..to).flat_map(|(_, wanting)| wanting));
    }
}

/// Takes one out of those who want something. Says whether he was the last.
fn take_last(wanting: Option<&mut FxHashSet<VertexIndex>>, at: VertexIndex) -> bool {
    wanting.is_some_and(|wanting| wanting.remove(&at) && wanting.is_empty())
}

/// The folder that a path is in; of the root, the root.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

impl Automatic {
    /// Takes a resource out of the index. Its edges go with it.
    pub(crate) fn forget(&mut self, at: VertexIndex) {
        self.discovered.remove(&at);
        let Some(relations) = self.of.remove(&at) else { return };
        for identity in relations.provides {
            self.providers.leave(&identity, at);
            self.changed.push(identity);
        }
        for want in &relations.wants {
            self.wanting.leave(want, at);
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
        for identity in std::mem::take(&mut self.automatic.changed) {
            self.automatic.wanting.affected(&identity, &mut affected);
        }
        let mut affected: Vec<VertexIndex> = affected.into_iter().collect();
        // Keys mostly stand in the order of their vertices, and what is nearly sorted is sorted with few comparisons.
        affected.sort_unstable();
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
                automatic.providers.leave(&identity, at);
                automatic.changed.push(identity);
            }
            for identity in &provides {
                automatic.providers.join(identity, graph, at);
            }
            automatic.changed.extend(provides.iter().cloned());
            relations.provides = provides;
        }
        let differs = relations.wants != wants;
        if differs {
            for want in &relations.wants {
                automatic.wanting.leave(want, at);
            }
            for want in &wants {
                automatic.wanting.join(want, at);
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
            let other = self.automatic.providers.first(at, want)?;
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
