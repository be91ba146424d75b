//! What this host exports, on its way into the store.
//!
//! One task writes, in the order in which it was told, so that a later word is never overtaken by an earlier one. Where the
//! store does not take it, it is tried again: resources do not fail for that.

use crate::backoff::Backoff;
use crate::holds::{Hold, Holds};
use plan::{Plan, VertexId};
use resource::{AnyResource, Desired, Key, StatementId, export};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::World;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long the end waits for what is not written yet.
const PATIENCE: Duration = Duration::from_secs(5);

/// Data by the host that it is for.
type Addressed = BTreeMap<String, String>;

/// What this host exports.
pub(crate) struct Exports {
    /// Whether the store is left as it is.
    noop: bool,
    /// What vertices export. Several hidden ones can have one key, for other hosts each.
    current: BTreeMap<Key, BTreeMap<VertexId, Addressed>>,
    orders: mpsc::UnboundedSender<(Order, Hold)>,
    holds: Holds,
    writer: JoinHandle<Vec<Key>>,
}

enum Order {
    /// A resource is exported to these hosts and no others.
    Export(Key, Addressed),
    /// Nothing else is exported than these.
    Only(BTreeSet<Key>),
}

impl Exports {
    /// What is on its way is held until it was tried.
    pub(crate) fn new(world: World, noop: bool, holds: Holds) -> Exports {
        let (orders, received) = mpsc::unbounded_channel();
        let writer = tokio::spawn(
            Writer { world, orders: received, todo: BTreeMap::new(), only: None, held: Vec::new() }.write(),
        );
        Exports { noop, current: BTreeMap::new(), orders, holds, writer }
    }

    /// A vertex is exported as it is now.
    pub(crate) fn export(&mut self, plan: &Plan, vertex: VertexId, resource: &dyn AnyResource) {
        let Some(exporting) = plan.export(vertex) else { return };
        let key = exporting.key;
        let fields = resource.fields().into_iter().map(|(name, value)| (name.into(), value)).collect();
        let desired = Desired { id: StatementId(0), key: key.clone(), fields, meta: exporting.meta, span: None };
        match export::encode(&desired) {
            Ok(data) => {
                let addressed = exporting.hosts.into_iter().map(|host| (host, data.clone())).collect();
                self.current.entry(key.clone()).or_default().insert(vertex, addressed);
                self.tell(key);
            }
            Err(error) => tracing::error!(%key, %error, "A resource cannot be exported"),
        }
    }

    /// A vertex is exported no more.
    pub(crate) fn withdraw(&mut self, plan: &Plan, vertex: VertexId, key: Key) {
        let vertices = self.current.entry(key.clone()).or_default();
        vertices.remove(&vertex);
        // Another one that takes its place tells the whole: nobody sees anything missing meanwhile.
        let awaited = plan.exporting(&key).iter().any(|other| !vertices.contains_key(other));
        if vertices.is_empty() {
            self.current.remove(&key);
        }
        if !awaited {
            self.tell(key);
        }
    }

    /// Withdraws what an earlier program exported and this one does not.
    pub(crate) fn withdraw_others(&self, plan: &Plan) {
        self.send(Order::Only(plan.exported()));
    }

    fn tell(&self, key: Key) {
        let mut addressed = Addressed::new();
        for (host, data) in self.current.get(&key).into_iter().flat_map(|it| it.values()).flatten() {
            match addressed.get_mut(host) {
                Some(other) if other != data => {
                    tracing::warn!(%key, host, "It is exported twice to a host, and the two differ");
                    // Whichever it is, it is the same one the next time.
                    *other = data.clone().min(other.clone());
                }
                _ => _ = addressed.insert(host.clone(), data.clone()),
            }
        }
        self.send(Order::Export(key, addressed));
    }

    fn send(&self, order: Order) {
        if !self.noop {
            // The writer ends after this is dropped.
            _ = self.orders.send((order, self.holds.hold()));
        }
    }

    /// Waits until everything is written; what was not.
    pub(crate) async fn finish(self) -> Vec<Key> {
        drop(self.orders);
        match timeout(PATIENCE, self.writer).await {
            Ok(unwritten) => unwritten.unwrap_or_default(),
            Err(_) => {
                tracing::error!("The store does not answer: what is exported may be out of date");
                self.current.into_keys().collect()
            }
        }
    }
}

struct Writer {
    world: World,
    orders: mpsc::UnboundedReceiver<(Order, Hold)>,
    todo: BTreeMap<Key, Addressed>,
    only: Option<BTreeSet<Key>>,
    /// What was told and has not been tried.
    held: Vec<Hold>,
}

impl Writer {
    /// Writes until nobody can tell any more; what could not be written.
    async fn write(mut self) -> Vec<Key> {
        let mut backoff = Backoff::new();
        loop {
            if self.todo.is_empty() && self.only.is_none() {
                match self.orders.recv().await {
                    Some(order) => self.take(order),
                    None => return Vec::new(),
                }
            }
            while let Ok(order) = self.orders.try_recv() {
                self.take(order);
            }
            let is_done = self.try_all().await;
            self.held.clear();
            if is_done {
                backoff = Backoff::new();
                continue;
            }
            tokio::select! {
                () = backoff.pause() => {}
                order = self.orders.recv() => match order {
                    Some(order) => self.take(order),
                    None => return self.todo.into_keys().collect(),
                },
            }
        }
    }

    fn take(&mut self, (order, hold): (Order, Hold)) {
        self.held.push(hold);
        match order {
            Order::Export(key, addressed) => _ = self.todo.insert(key, addressed),
            Order::Only(keys) => self.only = Some(keys),
        }
    }

    /// Tries to write everything; whether nothing is left.
    async fn try_all(&mut self) -> bool {
        if let Some(only) = self.only.take() {
            match self.world.exported().await {
                Ok(exported) => {
                    let others = exported.into_iter().map(|(kind, name)| Key::new(kind, name));
                    for key in others.filter(|key| !only.contains(key)) {
                        self.todo.entry(key).or_default();
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "What was exported before cannot be read, to be withdrawn");
                    self.only = Some(only);
                }
            }
        }
        for (key, addressed) in std::mem::take(&mut self.todo) {
            if let Err(error) = self.world.export(&key.kind, &key.name, &addressed).await {
                tracing::error!(%key, %error, "An exported resource cannot be written to the store, to be tried again");
                self.todo.insert(key, addressed);
            }
        }
        self.todo.is_empty() && self.only.is_none()
    }
}
