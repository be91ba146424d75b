//! What the program states, and how a batch of changes is taken.

use crate::automatic::{Automatic, Relations};
use crate::build::{Built, build, merge};
use crate::claims::Claims;
use crate::exported::Exported;
use crate::groups::{Bucket, bucket};
use crate::nodes::Nodes;
use crate::publish::Published;
use crate::sets::{Few, Noted};
use crate::{GraphChange, VertexId};
use ::diag::Diagnostic;
use graph::{EdgeIndex, Graph, VertexIndex};
use resource::{AnyResource, Build, Change, Desired, Edge, Identity, Key, StatementId, Transfer};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use value::{Name, Value};

/// How a graph is made of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether resources are related automatically.
    pub autoedge: bool,
    /// Whether resources are grouped automatically.
    pub autogroup: bool,
}

/// A set of resources on its way into a graph. See the documentation of the crate.
pub struct Plan {
    pub(crate) build: fn(&str) -> Option<Build>,
    pub(crate) options: Options,
    statements: FxHashMap<StatementId, Statement>,
    pub(crate) nodes: Nodes,
    /// Where the resources of the ids are.
    pub(crate) places: FxHashMap<VertexId, VertexIndex>,
    pub(crate) graph: Graph<Node, Arrow>,
    pub(crate) links: FxHashMap<StatementId, Edge>,
    /// The edge statements that the graph shows, or tried to.
    pub(crate) linked: FxHashSet<StatementId>,
    /// The edge statements that name a resource.
    pub(crate) links_at: FxHashMap<Key, BTreeSet<StatementId>>,
    /// Edge statements that are in error, with why.
    pub(crate) broken: BTreeMap<StatementId, Problem>,
    /// Resource statements that are in error by themselves.
    faulty: BTreeSet<StatementId>,
    /// Resources whose statements do not go together.
    clashing: BTreeSet<NodeKey>,
    pub(crate) claims: Claims,
    pub(crate) exported: Exported,
    pub(crate) automatic: Automatic,
    pub(crate) published: Published,
    pub(crate) undos: BTreeMap<Key, Desired>,
    pub(crate) warnings: Vec<String>,
    /// Resources that were touched since automatic edges were made.
    unrelated: Noted<VertexIndex>,
    /// Resources that are new, or were in error since they are: nobody was told of them.
    undiscovered: Noted<VertexIndex>,
    replacing: bool,
    last_id: u64,
}

/// What came of a batch.
#[derive(Debug)]
pub struct Changed {
    /// What the graph is not any more, and is now.
    pub change: GraphChange,
    /// Resources that are not to be undone any more: what undid them can be forgotten.
    pub to_stay: Vec<Key>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// What is exported of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exporting {
    /// The resource.
    pub key: Key,
    /// The hosts that can collect it; `*` for all.
    pub hosts: Vec<String>,
    /// The metaparameters that were given, without `export`.
    pub meta: Vec<(Name, Value)>,
}

/// Why something that is stated is in error.
pub(crate) type Problem = Box<Diagnostic>;

/// A resource statement and what it comes to by itself.
struct Statement {
    /// The vertex of the resource: it is there for as long as the statement is.
    at: VertexIndex,
    meta: Vec<(Name, Value)>,
    built: Result<Built, Problem>,
}

/// What tells resources apart: a hidden one may have the key of one that is not, and of other hidden ones, which may be for
/// other hosts. So each statement of a hidden one is a resource of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeKey {
    pub(crate) key: Key,
    pub(crate) hidden: Option<StatementId>,
}

/// A resource, as all its statements together state it.
pub(crate) struct Node {
    pub(crate) key: NodeKey,
    pub(crate) id: VertexId,
    statements: Few<StatementId>,
    pub(crate) merged: Result<Built, Problem>,
    /// Who it may be grouped with.
    pub(crate) bucket: Option<Bucket>,
    pub(crate) relations: Relations,
}

/// That one resource comes before another.
#[derive(Default)]
pub(crate) struct Arrow {
    /// The statements that say so.
    pub(crate) stated: Few<StatementId>,
    /// How many of its ends want it: it is made automatically too.
    pub(crate) wanted: usize,
}

impl Arrow {
    /// Whether nothing is left that it is there for.
    pub(crate) fn is_nobodys(&self) -> bool {
        self.stated.is_empty() && self.wanted == 0
    }
}

/// What a batch has touched.
#[derive(Default)]
pub(crate) struct Touched {
    pub(crate) nodes: Noted<VertexIndex>,
    pub(crate) links: BTreeSet<StatementId>,
}

impl Plan {
    /// A plan without resources. `build` finds how the resources of a kind are built.
    pub fn new(build: fn(&str) -> Option<Build>, options: Options) -> Plan {
        Plan {
            build,
            options,
            statements: FxHashMap::default(),
            nodes: Nodes::default(),
            places: FxHashMap::default(),
            graph: Graph::new(),
            links: FxHashMap::default(),
            linked: FxHashSet::default(),
            links_at: FxHashMap::default(),
            broken: BTreeMap::new(),
            faulty: BTreeSet::new(),
            clashing: BTreeSet::new(),
            claims: Claims::default(),
            exported: Exported::default(),
            automatic: Automatic::default(),
            published: Published::default(),
            undos: BTreeMap::new(),
            warnings: Vec::new(),
            unrelated: Noted::default(),
            undiscovered: Noted::default(),
            replacing: false,
            last_id: 0,
        }
    }

    /// The next batch comes from another program: it replaces everything that is stated. What both state alike stays as it
    /// is.
    pub fn replace_program(&mut self) {
        self.replacing = true;
    }

    /// Takes a batch of changes and publishes it: [`Plan::prepare`] and [`Plan::commit`] in one, for where there is no machine
    /// that could tell more.
    ///
    /// # Errors
    /// As of [`Plan::commit`].
    pub fn change(&mut self, changes: Vec<Change>) -> Result<Changed, Vec<Diagnostic>> {
        self.prepare(changes);
        self.commit()
    }

    /// Takes a batch of changes. It is published with the next [`Plan::commit`].
    pub fn prepare(&mut self, changes: Vec<Change>) {
        let mut touched = Touched::default();
        if std::mem::take(&mut self.replacing) {
            self.withdraw_everything(&mut touched);
        }
        if self.graph.vertex_count() == 0 {
            // This is nearly all that there will be. Tables that grow are copied time and again, and leave gaps behind.
            self.graph.reserve(changes.len());
            self.nodes.reserve(changes.len());
            self.places.reserve(changes.len());
            self.statements.reserve(changes.len());
        }
        for change in changes {
            self.take(change, &mut touched);
        }
        self.rebuild(&mut touched);
        self.compare_exports();
        self.relink(&touched);
    }

    /// The resources that came with the batches since the last call, take part in automatic edges and have `more` to say:
    /// what more they bring than they say is to be [discovered](AnyResource::discover), and told with [`Plan::discovered`]
    /// before the next [`Plan::commit`].
    pub fn undiscovered(&mut self, more: impl Fn(&dyn AnyResource) -> bool) -> Vec<(Key, Arc<dyn AnyResource>)> {
        let mut found = Vec::new();
        for at in self.undiscovered.take() {
            let Some(node) = self.graph.get(at) else { continue };
            match &node.merged {
                Ok(built) if self.options.autoedge && built.takes_part_in_edges() && more(&*built.resource) => {
                    found.push((node.key.key.clone(), Arc::clone(&built.resource)));
                }
                Ok(_) => {}
                Err(_) => self.undiscovered.insert(at),
            }
        }
        found
    }

    /// A resource brings this beside what it says, as the machine tells. Says whether that is not what it told before.
    pub fn discovered(&mut self, key: &Key, mut found: Vec<Identity>) -> bool {
        let Some(at) = self.nodes.visible(key).filter(|_| self.options.autoedge) else { return false };
        found.sort();
        found.dedup();
        let differs = self.automatic.discover(at, found);
        if differs {
            self.unrelated.insert(at);
        }
        differs
    }

    /// Publishes what is stated.
    ///
    /// # Errors
    /// Everything that is in error in what the program states now, sorted. The graph stays as it was last; the batch counts
    /// all the same, and what is right in it is published once nothing is in error any more.
    pub fn commit(&mut self) -> Result<Changed, Vec<Diagnostic>> {
        if self.options.autoedge {
            let unrelated = self.unrelated.take();
            self.relate(&unrelated);
        }
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(self.publish())
    }

    /// What is exported of a resource; nothing where it is not.
    pub fn export(&self, vertex: VertexId) -> Option<Exporting> {
        let node = &self.graph[*self.places.get(&vertex)?];
        let hosts = node.merged.as_ref().ok().map(|built| &built.meta.export).filter(|hosts| !hosts.is_empty())?;
        let statement = self.statements.get(node.statements.iter().next()?)?;
        let meta = statement.meta.iter().filter(|(name, _)| name != "export").cloned().collect();
        Some(Exporting { key: node.key.key.clone(), hosts: hosts.clone(), meta })
    }

    /// Whether a resource of a key is stated that is not hidden.
    pub fn states(&self, key: &Key) -> bool {
        self.nodes.visible(key).is_some()
    }

    /// The resources of a key that are exported.
    pub fn exporting(&self, key: &Key) -> Vec<VertexId> {
        let exported = self.ends(key).into_iter().map(|at| self.graph[at].id);
        exported.filter(|id| self.export(*id).is_some()).collect()
    }

    /// The keys of all resources that are exported.
    pub fn exported(&self) -> BTreeSet<Key> {
        let exported = self.nodes.iter().filter(|(_, at)| self.export(self.graph[*at].id).is_some());
        exported.map(|(key, _)| key.clone()).collect()
    }

    fn withdraw_everything(&mut self, touched: &mut Touched) {
        for (_, at) in self.nodes.iter() {
            self.graph[at].statements = Few::None;
            touched.nodes.insert(at);
        }
        self.statements.clear();
        self.faulty.clear();
        let links: Vec<StatementId> = self.links.keys().copied().collect();
        for link in links {
            self.forget_link(link);
        }
    }

    fn take(&mut self, change: Change, touched: &mut Touched) {
        match change {
            Change::Set(desired) => {
                self.withdraw(desired.id, touched);
                let built = build(&desired, self.build);
                if built.is_err() {
                    self.faulty.insert(desired.id);
                }
                // A resource that cannot be built is not hidden for sure; it is in error anyway.
                let hidden = built.as_ref().is_ok_and(|it| it.meta.hidden);
                let node = NodeKey { key: desired.key, hidden: hidden.then_some(desired.id) };
                let at = self.node(node, &built);
                self.graph[at].statements.insert(desired.id);
                touched.nodes.insert(at);
                self.statements.insert(desired.id, Statement { at, meta: desired.meta, built });
            }
            Change::Removed(id) => self.withdraw(id, touched),
            Change::EdgeAdded(edge) => {
                for key in [&edge.from, &edge.to] {
                    self.links_at.entry(key.clone()).or_default().insert(edge.id);
                }
                touched.links.insert(edge.id);
                self.links.insert(edge.id, edge);
            }
            Change::EdgeRemoved(id) => self.forget_link(id),
        }
    }

    fn withdraw(&mut self, id: StatementId, touched: &mut Touched) {
        let Some(statement) = self.statements.remove(&id) else { return };
        self.faulty.remove(&id);
        self.graph[statement.at].statements.remove(&id);
        touched.nodes.insert(statement.at);
    }

    /// The vertex of a resource; made where there is none.
    fn node(&mut self, key: NodeKey, built: &Result<Built, Problem>) -> VertexIndex {
        if let Some(at) = self.nodes.get(&key) {
            return at;
        }
        let id = self.next_id();
        let merged = built.clone();
        let (statements, relations) = (Few::None, Relations::default());
        let at = self.graph.add_vertex(Node { key: key.clone(), id, statements, merged, bucket: None, relations });
        self.nodes.insert(key, at);
        self.places.insert(id, at);
        self.undiscovered.insert(at);
        at
    }

    pub(crate) fn next_id(&mut self) -> VertexId {
        self.last_id += 1;
        VertexId(self.last_id)
    }

    /// Brings the resources of touched nodes to what their statements come to now.
    fn rebuild(&mut self, touched: &mut Touched) {
        for at in touched.nodes.take() {
            if self.options.autoedge {
                self.unrelated.insert(at);
            }
            let node = &self.graph[at];
            // An edge may now have an end that was missing, or one that is missing, or one that sends something else.
            touched.links.extend(self.links_at.get(&node.key.key).into_iter().flatten());
            if node.statements.is_empty() {
                self.remove_node(at);
                continue;
            }
            let merged = match node.statements.as_slice() {
                [only] => self.statements[only].built.clone(),
                several => {
                    let built: Result<Vec<&Built>, &Problem> =
                        several.iter().map(|id| self.statements[id].built.as_ref()).collect();
                    built.map_err(Clone::clone).and_then(|built| merge(&node.key.key, built))
                }
            };
            match &merged {
                Ok(_) => _ = self.clashing.remove(&node.key),
                Err(_) => _ = self.clashing.insert(node.key.clone()),
            }
            self.published.dirty.insert(node.id);
            let bucket = bucket(&node.key.key, &merged);
            self.graph[at].merged = merged;
            self.rebucket(at, bucket);
            self.reclaim(at);
            self.reexport(at);
        }
    }

    fn remove_node(&mut self, at: VertexIndex) {
        let edges: Vec<EdgeIndex> = self.graph.incoming(at).iter().chain(self.graph.outgoing(at)).copied().collect();
        for edge in edges {
            self.remove_arrow(edge);
        }
        self.unindex(at);
        self.rebucket(at, None);
        if let Some(node) = self.graph.remove_vertex(at) {
            self.clashing.remove(&node.key);
            self.unclaim(&node);
            self.unexport(&node.key);
            self.published.dirty.insert(node.id);
            self.nodes.remove(&node.key);
            self.places.remove(&node.id);
        }
    }

    pub(crate) fn remove_arrow(&mut self, edge: EdgeIndex) {
        let (from, to) = self.graph.ends(edge);
        self.published.touch_pair(self.graph[from].id, self.graph[to].id);
        self.shape_changes(from, to);
        self.graph.remove_edge(edge);
    }

    pub(crate) fn add_arrow(&mut self, from: VertexIndex, to: VertexIndex, arrow: Arrow) {
        self.published.touch_pair(self.graph[from].id, self.graph[to].id);
        self.shape_changes(from, to);
        self.graph.add_edge(from, to, arrow);
    }

    fn errors(&self) -> Vec<Diagnostic> {
        let clashing = self.clashing.iter().filter_map(|key| self.graph[self.nodes.get(key)?].merged.as_ref().err());
        // A statement in error makes every statement of its resource be in error: each is told once.
        let faulty = self.faulty.iter().filter_map(|id| self.statements.get(id)?.built.as_ref().err());
        let all = clashing.chain(faulty).chain(self.broken.values()).chain(self.export_clashes());
        let mut errors: Vec<Diagnostic> = all.map(|problem| (**problem).clone()).collect();
        errors.extend(self.contested().into_iter().map(|problem| *problem));
        ::diag::sort(&mut errors);
        errors
    }

    /// The transfers of an edge, of all statements that say it.
    pub(crate) fn transfers(&self, arrow: &Arrow) -> Vec<Transfer> {
        let mut transfers: Vec<Transfer> =
            arrow.stated.iter().filter_map(|id| self.links.get(id)?.transfer.clone()).collect();
        transfers.sort();
        transfers.dedup();
        transfers
    }
}
