//! Automatic edges: from what resources provide and want.
//!
//! Two indexes are kept: who provides an identity, and who wants it. A change looks only at the resources that were touched
//! and at those that want what was touched. A stated edge is never weakened, and an edge that would close a cycle is left
//! out, with a warning that names both ends, until what is in its way is gone.
//!
//! What a resource provides and wants is not kept beside the indexes: a resource says it again when it leaves them.
//!
//! Resources are known by their vertices, which costs no comparison of names. Wherever an order decides something, it is
//! that of the keys: the order in which a graph came to be leaves no trace in it.

use crate::paths::{Folders, above, folder};
use crate::plan::{Arrow, Node, NodeKey, Plan};
use crate::sets::{Few, Noted};
use graph::{Graph, VertexIndex};
use resource::{AnyResource, Direction, Identity, Want, Wanted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Borrow;
use std::hash::Hash;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The two ends of an edge: from and to.
type Ends = (VertexIndex, VertexIndex);

/// Who provides and wants what.
#[derive(Default)]
pub(crate) struct Automatic {
    providers: Providers,
    wanting: Wanting,
    /// What resources bring beside what they say, as the machine tells.
    discovered: FxHashMap<VertexIndex, Vec<Identity>>,
    /// The part of it that is in the index.
    brought: FxHashMap<VertexIndex, Vec<Identity>>,
    /// Edges that were left out, and that the user has been told of.
    warned: FxHashSet<Ends>,
    /// Resources whose edges are to be looked at: what they want came or went, or some of them were left out.
    affected: Noted<VertexIndex>,
}

/// What a resource has to do with automatic edges.
#[derive(Default)]
pub(crate) struct Relations {
    /// The resource as it is in the indexes.
    indexed: Option<Arc<dyn AnyResource>>,
    /// The edges that were made of its wants.
    edges: Vec<Ends>,
}

/// Who provides what, each sorted by key. Paths have tables of their own: they are asked for without making an identity.
#[derive(Default)]
struct Providers {
    paths: FxHashMap<Box<[u8]>, Few<VertexIndex>>,
    packaged: FxHashMap<Box<[u8]>, Few<VertexIndex>>,
    others: FxHashMap<Identity, Few<VertexIndex>>,
}

/// Who wants what.
#[derive(Default)]
struct Wanting {
    by_identity: FxHashMap<Identity, FxHashSet<VertexIndex>>,
    /// Who wants something at or above a path, by the path; who wants it packaged, by the folder that the path is in, since
    /// the path itself is usually nobody else's.
    folders: Folders,
}

impl Providers {
    fn of(&self, identity: &Identity) -> &[VertexIndex] {
        let found = match identity {
            Identity::Path(path) => self.paths.get(bytes(path)),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => self.packaged.get(bytes(path)),
            other => self.others.get(other),
        };
        found.map_or(&[], Few::as_slice)
    }

    fn join(&mut self, identity: Identity, graph: &Graph<Node, Arrow>, at: VertexIndex) {
        let providers = match identity {
            Identity::Path(path) => self.paths.entry(into_bytes(path)).or_default(),
            Identity::Packaged(what) => match *what {
                Identity::Path(path) => self.packaged.entry(into_bytes(path)).or_default(),
                other => self.others.entry(other.packaged()).or_default(),
            },
            other => self.others.entry(other).or_default(),
        };
        providers.insert_by_key(at, |it| &graph[*it].key);
    }

    fn leave(&mut self, identity: &Identity, at: VertexIndex) {
        match identity {
            Identity::Path(path) => leave(&mut self.paths, bytes(path), at),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => {
                leave(&mut self.packaged, bytes(path), at);
            }
            other => leave(&mut self.others, other, at),
        }
    }

    /// The first other resource that provides what is wanted.
    fn first(&self, at: VertexIndex, want: &Want) -> Option<VertexIndex> {
        let other = |providers: &[VertexIndex]| providers.iter().copied().find(|it| *it != at);
        let nearest = |table: &FxHashMap<Box<[u8]>, Few<VertexIndex>>, path: &Path| {
            above(bytes(path)).find_map(|it| other(table.get(it)?.as_slice()))
        };
        match &want.what {
            Wanted::AnyOf(identities) => identities.iter().find_map(|it| other(self.of(it))),
            Wanted::AtOrAbove(path) => nearest(&self.paths, path),
            // Most programs have no package whose files are known.
            Wanted::PackagedAtOrAbove(_) if self.packaged.is_empty() => None,
            Wanted::PackagedAtOrAbove(path) => nearest(&self.packaged, path),
        }
    }
}

fn leave<K, Q>(table: &mut FxHashMap<K, Few<VertexIndex>>, key: &Q, at: VertexIndex)
where
    K: Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + ?Sized,
{
    let Some(providers) = table.get_mut(key) else { return };
    providers.remove(&at);
    if providers.is_empty() {
        table.remove(key);
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

fn into_bytes(path: PathBuf) -> Box<[u8]> {
    path.into_os_string().into_vec().into()
}

impl Wanting {
    fn join(&mut self, want: &Want, at: VertexIndex) {
        match &want.what {
            Wanted::AnyOf(identities) => {
                for identity in identities {
                    self.by_identity.entry(identity.clone()).or_default().insert(at);
                }
            }
            Wanted::AtOrAbove(path) => self.folders.join(bytes(path), at),
            Wanted::PackagedAtOrAbove(path) => self.folders.join(folder_or_root(path), at),
        }
    }

    fn leave(&mut self, want: &Want, at: VertexIndex) {
        match &want.what {
            Wanted::AnyOf(identities) => {
                for identity in identities {
                    let wanting = self.by_identity.get_mut(identity);
                    if wanting.is_some_and(|wanting| wanting.remove(&at) && wanting.is_empty()) {
                        self.by_identity.remove(identity);
                    }
                }
            }
            Wanted::AtOrAbove(path) => self.folders.leave(bytes(path), at),
            Wanted::PackagedAtOrAbove(path) => self.folders.leave(folder_or_root(path), at),
        }
    }

    /// Adds everybody to whom it can make a difference who provides an identity.
    fn affected(&self, identity: &Identity, affected: &mut Noted<VertexIndex>) {
        affected.extend(self.by_identity.get(identity).into_iter().flatten().copied());
        match identity {
            Identity::Path(path) => affected.extend(self.folders.at_or_below(bytes(path))),
            Identity::Packaged(what) if let Identity::Path(path) = &**what => {
                affected.extend(self.folders.at(folder_or_root(path)));
                affected.extend(self.folders.at_or_below(bytes(path)));
            }
            _ => {}
        }
    }
}

/// The folder that a path is in; of the root, the root.
fn folder_or_root(path: &Path) -> &[u8] {
    folder(bytes(path)).unwrap_or(bytes(path))
}

impl Automatic {
    /// Keeps what a resource brings as the machine tells; false where that was known.
    pub(crate) fn discover(&mut self, at: VertexIndex, found: Vec<Identity>) -> bool {
        if self.discovered.get(&at).map_or(&[][..], Vec::as_slice) == found {
            return false;
        }
        self.discovered.insert(at, found);
        true
    }
}

impl Plan {
    /// An edge was taken out because a stated one needs its place.
    pub(crate) fn drop_automatic(&mut self, from: VertexIndex, to: VertexIndex) {
        self.automatic.warned.insert((from, to));
        for end in [from, to] {
            let edges = &mut self.graph[end].relations.edges;
            let before = edges.len();
            edges.retain(|edge| *edge != (from, to));
            if edges.len() < before {
                self.automatic.affected.insert(end);
            }
        }
    }

    /// Takes a resource out of the indexes. Its edges go with it.
    pub(crate) fn unindex(&mut self, at: VertexIndex) {
        let automatic = &mut self.automatic;
        automatic.discovered.remove(&at);
        let Some(resource) = self.graph[at].relations.indexed.take() else { return };
        let brought = automatic.brought.remove(&at).unwrap_or_default();
        for identity in resource.provides().iter().chain(&brought) {
            automatic.providers.leave(identity, at);
            automatic.wanting.affected(identity, &mut automatic.affected);
        }
        for want in &resource.wants() {
            automatic.wanting.leave(want, at);
        }
        automatic.warned.retain(|(from, to)| *from != at && *to != at);
    }

    /// Brings automatic edges to what touched resources provide and want.
    pub(crate) fn relate(&mut self, touched: &[VertexIndex]) {
        let mut wants: FxHashMap<VertexIndex, Vec<Want>> = FxHashMap::default();
        if self.automatic.providers.paths.is_empty() {
            // This is nearly all that there will be.
            self.automatic.providers.paths.reserve(touched.len());
        }
        for at in touched {
            if let Some(wanted) = self.reindex(*at) {
                self.automatic.affected.insert(*at);
                wants.insert(*at, wanted);
            }
        }
        // Keys mostly stand in the order of their vertices, and what is nearly sorted is sorted with few comparisons.
        let mut affected = self.automatic.affected.take();
        affected.retain(|at| self.graph.get(*at).is_some());
        affected.sort_by(|a, b| self.graph[*a].key.cmp(&self.graph[*b].key));
        for at in affected {
            let indexed = self.graph[at].relations.indexed.as_ref();
            let wants = wants.remove(&at).or_else(|| Some(indexed?.wants())).unwrap_or_default();
            self.relate_one(at, &wants);
        }
    }

    /// Brings the indexes to what a resource provides and wants now. Answers with what it wants, where that is something else
    /// than before.
    fn reindex(&mut self, at: VertexIndex) -> Option<Vec<Want>> {
        let node = self.graph.get_mut(at)?;
        let taking_part = node.merged.as_ref().ok().filter(|it| it.takes_part_in_edges());
        let resource = taking_part.map(|it| Arc::clone(&it.resource));
        let takes_part = resource.is_some();
        let before = std::mem::replace(&mut node.relations.indexed, resource.clone());
        let (graph, automatic) = (&self.graph, &mut self.automatic);
        let (provides, wants) = resource.map(|it| (it.provides(), it.wants())).unwrap_or_default();
        let (provided, wanted) = before.map(|it| (it.provides(), it.wants())).unwrap_or_default();
        let discovered = automatic.discovered.get(&at).filter(|_| takes_part);
        let brings: Vec<Identity> =
            discovered.into_iter().flatten().filter(|it| !provides.contains(it)).cloned().collect();
        let brought = automatic.brought.remove(&at).unwrap_or_default();
        if (&provided, &brought) != (&provides, &brings) {
            for identity in provided.iter().chain(&brought) {
                automatic.providers.leave(identity, at);
                automatic.wanting.affected(identity, &mut automatic.affected);
            }
            for identity in provides.into_iter().chain(brings.iter().cloned()) {
                automatic.wanting.affected(&identity, &mut automatic.affected);
                automatic.providers.join(identity, graph, at);
            }
        }
        if !brings.is_empty() {
            automatic.brought.insert(at, brings);
        }
        if wanted == wants {
            return None;
        }
        for want in &wanted {
            automatic.wanting.leave(want, at);
        }
        for want in &wants {
            automatic.wanting.join(want, at);
        }
        Some(wants)
    }

    /// Brings the edges of one resource to what it wants.
    fn relate_one(&mut self, at: VertexIndex, wants: &[Want]) {
        let ends = |want: &Want| {
            let other = self.automatic.providers.first(at, want)?;
            Some(match want.direction {
                Direction::Before => (other, at),
                Direction::After => (at, other),
            })
        };
        let mut wanted: Vec<Ends> = wants.iter().filter_map(ends).collect();
        wanted.sort_by(|a, b| self.end_keys(*a).cmp(&self.end_keys(*b)));
        wanted.dedup();
        let old = std::mem::take(&mut self.graph[at].relations.edges);
        if !old.is_empty() {
            let still = FxHashSet::from_iter(&wanted);
            old.iter().filter(|edge| !still.contains(edge)).for_each(|edge| self.remove_automatic(*edge));
        }
        let old = FxHashSet::from_iter(old);
        let mut edges = Vec::with_capacity(wanted.len());
        for edge in wanted {
            if old.contains(&edge) || self.add_automatic(edge) {
                edges.push(edge);
            } else {
                self.automatic.affected.insert(at);
            }
        }
        self.graph[at].relations.edges = edges;
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
