//! What would happen, without anything happening.
//!
//! Resources are looked at in the order in which they would be worked on. What an earlier one would bring is carried forward,
//! so that a later one can rest on it: a folder that is not there yet, a package that will bring a unit. Looking is up to
//! whoever asks; nothing here reads or changes the machine, and nothing that could change it is ever asked for.
//!
//! ```text
//! let mut dry_run = DryRun::new(&plan, [], []);
//! while let Some(look) = dry_run.current() {
//!     let sight = match look {
//!         Look::Stated(planned) => planned.resource.observe(&host).await …,
//!         Look::Receiving(resource) => resource.observe(&host).await …,
//!         …
//!     };
//!     lines.extend(dry_run.see(sight, now));
//! }
//! ```
//!
//! Who receives nothing can be looked at ahead of its turn ([`DryRun::ahead`]). What is received is known where its sender
//! is right as it is: a receiver is looked at as it will be, and a sender is asked what it sends ([`DryRun::sender`]).
//!
//! ```text
//! if let Some(sender) = dry_run.sender() { dry_run.sent(sender.send(&host).await?); }
//! ```

use crate::receive::{Effective, Received, sent_part};
use crate::{Delivery, Link, Plan, Planned, Role};
use graph::{Graph, VertexIndex};
use resource::{AnyResource, Error, Identity, Key, Observed, PlanContext, Report, Secrets, Siblings};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use value::Value;

/// How a resource is to be looked at.
#[derive(Clone, Debug)]
pub enum Look {
    /// As it is stated.
    Stated(Arc<Planned>),
    /// As it will be with the values that it receives.
    Receiving(Arc<dyn AnyResource>),
    /// Not at all: what it would receive, or whether its turn would come, is not known.
    Vain,
}

/// What is to be seen of a resource.
#[derive(Debug)]
pub enum Sight {
    /// It was observed.
    Observed(Observed),
    /// It was not looked at, because looking could change something.
    Unlooked,
    /// It cannot be observed.
    Failed(Error),
}

/// What would happen to one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// The resource.
    pub key: Key,
    /// The steps, in order; none where only the run will tell.
    pub steps: Vec<Report>,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why it will fail, where it will.
    pub problem: Option<String>,
}

/// How sure it is that something would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It follows from what is on the machine.
    Certain,
    /// It rests on what these resources are expected to bring.
    Assumed(Vec<Key>),
    /// It is found out when it is done: after these resources, where it depends on any.
    Unknown(Vec<Key>),
}

/// A dry run that is going on.
#[derive(Debug)]
pub struct DryRun {
    graph: Graph<Spot, Link>,
    order: Vec<VertexIndex>,
    at: usize,
    /// Why nothing can be known of the current resource.
    obstacles: Vec<Key>,
    /// The current resource with what it receives.
    receiving: Option<Receiving>,
    /// Who will have brought something.
    expected: FxHashMap<Identity, Vec<VertexIndex>>,
    paths: BTreeSet<PathBuf>,
    /// What an earlier run changed, and who was to be notified and was not.
    notifications: BTreeSet<(Key, Key)>,
    /// What an earlier run began to change.
    begun: BTreeSet<Key>,
}

/// A resource with what it receives.
#[derive(Debug)]
struct Receiving {
    effective: Effective,
    /// The fields that this changes.
    changed: BTreeSet<String>,
    secrets: Secrets,
}

#[derive(Debug)]
struct Spot {
    planned: Arc<Planned>,
    outcome: Outcome,
    /// Whether it receives a secret, which what it sends could tell.
    tells_secrets: bool,
    /// What it sends, where it is right and that is known.
    sent: Option<Value>,
}

/// What came of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is right, or has not been looked at.
    Unchanged,
    Changes,
    /// It may change.
    Open,
    /// It will fail, and what comes after it is not reached.
    Fails,
}

impl DryRun {
    /// A dry run of the graph that was published last. An earlier run may have left notifications, first what changed, then
    /// what is to be notified, and what it began to change.
    pub fn new(
        plan: &Plan,
        notifications: impl IntoIterator<Item = (Key, Key)>,
        begun: impl IntoIterator<Item = Key>,
    ) -> DryRun {
        let mut graph = Graph::new();
        let mut places = FxHashMap::default();
        let mut paths = BTreeSet::new();
        for (id, planned) in plan.published.vertices() {
            if planned.role == Role::Managed {
                paths.extend(planned.resource.provides().into_iter().filter_map(|identity| match identity {
                    Identity::Path(path) => Some(path),
                    _ => None,
                }));
            }
            let spot =
                Spot { planned: Arc::clone(planned), outcome: Outcome::Unchanged, tells_secrets: false, sent: None };
            places.insert(id, graph.add_vertex(spot));
        }
        for (from, to, link) in plan.published.links() {
            if let (Some(from), Some(to)) = (places.get(&from), places.get(&to)) {
                graph.add_edge(*from, *to, link.clone());
            }
        }
        let order = graph.topological_order(|_, spot: &Spot| (spot.planned.key.clone(), spot.planned.role));
        let order = order.expect("the published graph has no cycle");
        let (notifications, begun) = (notifications.into_iter().collect(), begun.into_iter().collect());
        DryRun {
            graph,
            order,
            at: 0,
            obstacles: Vec::new(),
            receiving: None,
            expected: FxHashMap::default(),
            paths,
            notifications,
            begun,
        }
    }

    /// All resources that are to be looked at, in order; `None` for those that receive something, which are looked at only
    /// when it is their turn.
    pub fn ahead(&self) -> Vec<Option<Arc<Planned>>> {
        let shown = self.order.iter().filter(|at| self.graph[**at].planned.role != Role::Hidden);
        shown.map(|at| (!self.receives(*at)).then(|| Arc::clone(&self.graph[*at].planned))).collect()
    }

    /// How the resource whose turn it is is to be looked at; `None` at the end. Its turn lasts until [`DryRun::see`] is
    /// called.
    ///
    /// # Errors
    /// Where what it receives does not fit.
    pub fn current(&mut self) -> Option<Result<Look, Error>> {
        let mut at = *self.order.get(self.at)?;
        while self.graph[at].planned.role == Role::Hidden {
            self.at += 1;
            at = *self.order.get(self.at)?;
        }
        self.receiving = None;
        self.obstacles = self.obstacles(at);
        if !self.obstacles.is_empty() {
            return Some(Ok(Look::Vain));
        }
        if !self.receives(at) {
            return Some(Ok(Look::Stated(Arc::clone(&self.graph[at].planned))));
        }
        Some(self.receive(at).map(|receiving| {
            let resource = Arc::clone(&receiving.effective.resource);
            self.receiving = Some(receiving);
            Look::Receiving(resource)
        }))
    }

    fn receives(&self, at: VertexIndex) -> bool {
        self.graph.incoming(at).iter().any(|edge| !self.graph[*edge].deliveries.is_empty())
    }

    /// A resource with the values that it receives, all of which are known.
    fn receive(&mut self, at: VertexIndex) -> Result<Receiving, Error> {
        let mut received = Received::default();
        for edge in self.graph.incoming(at) {
            let sender = &self.graph[self.graph.ends(*edge).0];
            for delivery in &self.graph[*edge].deliveries {
                let taken = received.take(delivery, &sender.planned, sender.sent.as_ref(), sender.tells_secrets);
                taken.map_err(Error::failed)?;
            }
        }
        self.graph[at].tells_secrets = received.has_secret();
        let planned = &self.graph[at].planned;
        let effective = Effective::new(planned, &received).map_err(Error::failed)?;
        let changed = effective.changed(planned, None, &received).into_iter().collect();
        Ok(Receiving { effective, changed, secrets: received.secrets() })
    }

    /// The resource that was seen last, where it is right as it is and others receive something from it: what it sends is
    /// to be told with [`DryRun::sent`].
    pub fn sender(&self) -> Option<Arc<dyn AnyResource>> {
        let at = *self.order.get(self.at.checked_sub(1)?)?;
        let spot = &self.graph[at];
        let is_received = self.graph.outgoing(at).iter().any(|edge| !self.graph[*edge].deliveries.is_empty());
        let is_asked = is_received && spot.outcome == Outcome::Unchanged && spot.planned.role == Role::Managed;
        is_asked.then(|| self.seen(at))
    }

    /// Takes what the resource that was seen last sends.
    pub fn sent(&mut self, sent: Option<Value>) {
        if let Some(at) = self.at.checked_sub(1).and_then(|at| self.order.get(at)) {
            self.graph[*at].sent = sent;
        }
    }

    /// The resource as it was looked at last.
    fn seen(&self, at: VertexIndex) -> Arc<dyn AnyResource> {
        let effective = self.receiving.as_ref().map(|it| &it.effective.resource);
        Arc::clone(effective.unwrap_or(&self.graph[at].planned.resource))
    }

    /// The secrets that the current resource receives.
    fn secrets(&self) -> Secrets {
        self.receiving.as_ref().map(|it| it.secrets.clone()).unwrap_or_default()
    }

    /// Takes what is to be seen of the resource that [`DryRun::current`] told of last; says what would happen to it, where
    /// anything would.
    pub fn see(&mut self, sight: Sight, now: u64) -> Option<PlannedStep> {
        let at = *self.order.get(self.at)?;
        self.at += 1;
        let key = self.graph[at].planned.key.clone();
        let line = |steps, certainty, problem| Some(PlannedStep { key: key.clone(), steps, certainty, problem });
        if !self.obstacles.is_empty() {
            self.graph[at].outcome = Outcome::Open;
            return line(Vec::new(), Certainty::Unknown(std::mem::take(&mut self.obstacles)), None);
        }
        let error = match sight {
            Sight::Unlooked => {
                self.graph[at].outcome = Outcome::Open;
                return line(Vec::new(), Certainty::Unknown(Vec::new()), None);
            }
            Sight::Observed(observed) => match self.plan(at, &observed, now) {
                Ok((steps, certainty)) => {
                    let open = matches!(certainty, Certainty::Unknown(_));
                    if steps.is_empty() {
                        return None;
                    }
                    self.graph[at].outcome = if open { Outcome::Open } else { Outcome::Changes };
                    if !open {
                        self.expect(at);
                    }
                    return line(steps, certainty, None);
                }
                Err(error) => error,
            },
            Sight::Failed(error) => error,
        };
        let problem = self.secrets().mask(&error.chain());
        // What earlier resources change may be just what is missing.
        let changing = self.ancestors_that_change(at);
        if changing.is_empty() {
            self.graph[at].outcome = Outcome::Fails;
            line(Vec::new(), Certainty::Certain, Some(problem))
        } else {
            self.graph[at].outcome = Outcome::Open;
            line(Vec::new(), Certainty::Unknown(changing), None)
        }
    }

    fn plan(&self, at: VertexIndex, observed: &Observed, now: u64) -> Result<(Vec<Report>, Certainty), Error> {
        let resource = self.seen(at);
        let key = |at: VertexIndex| self.graph[at].planned.key.clone();
        let notifies = |from: VertexIndex| {
            self.graph[from].outcome == Outcome::Changes
                || self.notifications.contains(&(key(from), key(at)))
                || self.begun.contains(&key(from))
        };
        let mut notifying = self.graph.incoming(at).iter().filter(|edge| self.graph[**edge].notify);
        let refresh = resource.schema().refreshes && notifying.any(|edge| notifies(self.graph.ends(*edge).0));
        let expectations = Expectations { dry_run: self, at, relied_on: Mutex::default() };
        let received = self.receiving.as_ref().map(|it| it.changed.clone()).unwrap_or_default();
        let cx = PlanContext { refresh, received: &received, now, siblings: &expectations };
        let secrets = self.secrets();
        let steps = resource.plan(observed, &cx)?;
        let steps: Vec<Report> = steps.iter().map(|step| secrets.mask_report(step.report())).collect();
        let relied_on = expectations.relied_on.into_inner().unwrap_or_else(PoisonError::into_inner);
        let certainty = if steps.iter().any(|step| step.unknown) {
            Certainty::Unknown(Vec::new())
        } else if relied_on.is_empty() {
            Certainty::Certain
        } else {
            Certainty::Assumed(relied_on.into_iter().collect())
        };
        Ok((steps, certainty))
    }

    /// Later resources can rest on what this one brings.
    fn expect(&mut self, at: VertexIndex) {
        for identity in self.graph[at].planned.resource.brings() {
            self.expected.entry(identity).or_default().push(at);
        }
    }

    /// Parents that send a value that is not known, and those that fail.
    fn obstacles(&self, at: VertexIndex) -> Vec<Key> {
        let keys: BTreeSet<Key> = self
            .graph
            .incoming(at)
            .iter()
            .filter(|edge| {
                let from = &self.graph[self.graph.ends(**edge).0];
                let is_known = |it: &Delivery| sent_part(from.sent.as_ref(), &it.transfer.send).is_some();
                !self.graph[**edge].deliveries.iter().all(is_known) || from.outcome == Outcome::Fails
            })
            .map(|edge| self.graph[self.graph.ends(*edge).0].planned.key.clone())
            .collect();
        keys.into_iter().collect()
    }

    /// The nearest ancestors that change something, or may.
    fn ancestors_that_change(&self, at: VertexIndex) -> Vec<Key> {
        let mut found = BTreeMap::new();
        let (mut todo, mut seen) = (vec![at], BTreeSet::from([at]));
        while let Some(vertex) = todo.pop() {
            for parent in self.graph.parents(vertex).filter(|parent| seen.insert(*parent)) {
                match self.graph[parent].outcome {
                    Outcome::Unchanged => todo.push(parent),
                    Outcome::Changes | Outcome::Open | Outcome::Fails => {
                        found.insert(self.graph[parent].planned.key.clone(), ());
                    }
                }
            }
        }
        found.into_keys().collect()
    }
}

/// What one resource can know of the others.
struct Expectations<'a> {
    dry_run: &'a DryRun,
    at: VertexIndex,
    /// Whose changes it has asked about and found.
    relied_on: Mutex<BTreeSet<Key>>,
}

impl Expectations<'_> {
    fn rely_on(&self, at: VertexIndex) {
        let mut relied_on = self.relied_on.lock().unwrap_or_else(PoisonError::into_inner);
        relied_on.insert(self.dry_run.graph[at].planned.key.clone());
    }
}

impl Siblings for Expectations<'_> {
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf> {
        let from = self.dry_run.paths.range(folder.to_owned()..);
        from.take_while(|path| path.starts_with(folder)).filter(|path| *path != folder).cloned().collect()
    }

    fn will_exist(&self, identity: &Identity) -> bool {
        let graph = &self.dry_run.graph;
        let expected = self.dry_run.expected.get(identity).into_iter().flatten();
        let Some(from) = expected.copied().find(|from| graph.reaches(*from, self.at)) else { return false };
        self.rely_on(from);
        true
    }

    fn will_change(&self, identity: &Identity) -> bool {
        // Hardly anybody asks, so there is no index.
        let graph = &self.dry_run.graph;
        let (mut todo, mut seen) = (vec![self.at], BTreeSet::from([self.at]));
        while let Some(at) = todo.pop() {
            let spot = &graph[at];
            if at != self.at
                && matches!(spot.outcome, Outcome::Changes | Outcome::Open)
                && spot.planned.resource.provides().contains(identity)
            {
                self.rely_on(at);
                return true;
            }
            todo.extend(graph.parents(at).filter(|parent| seen.insert(*parent)));
        }
        false
    }

    fn is_kept(&self, identity: &Identity) -> bool {
        // Asked as seldom.
        let keeps =
            |spot: &Spot| spot.planned.role == Role::Managed && spot.planned.resource.brings().contains(identity);
        self.dry_run.graph.vertices().any(|(_, spot)| keeps(spot))
    }
}
