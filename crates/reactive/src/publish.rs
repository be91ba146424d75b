//! From what effects state to the changes that are published.
//!
//! While a value is awaited or has failed, effects may go on stating; only what differs from what was published before is
//! published when everything has settled.

use resource::{Change, Desired, Edge, StatementId};
use std::collections::BTreeMap;

/// What a statement states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    Resource(Desired),
    Edge(Edge),
}

impl Stated {
    pub(crate) fn id(&self) -> StatementId {
        match self {
            Stated::Resource(desired) => desired.id,
            Stated::Edge(edge) => edge.id,
        }
    }
}

/// Statements that changed since the last publication: what each was then, and what it is now.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    changed: BTreeMap<StatementId, (Option<Stated>, Option<Stated>)>,
}

impl Pending {
    /// A statement is made, changed (`old` is what it was) or withdrawn.
    pub(crate) fn state(&mut self, id: StatementId, old: Option<Stated>, new: Option<Stated>) {
        match self.changed.get_mut(&id) {
            Some((_, now)) => *now = new,
            None => _ = self.changed.insert(id, (old, new)),
        }
    }

    /// What changed, in the order of the statements; nothing is pending afterwards.
    pub(crate) fn publish(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (id, (old, new)) in std::mem::take(&mut self.changed) {
            if old == new {
                continue;
            }
            // A statement stays what it is, a resource or an edge, and an edge that changes is another edge.
            match (old, new) {
                (_, Some(Stated::Resource(desired))) => changes.push(Change::Set(desired)),
                (Some(Stated::Resource(_)), None) => changes.push(Change::Removed(id)),
                (old, Some(Stated::Edge(edge))) => {
                    if old.is_some() {
                        changes.push(Change::EdgeRemoved(id));
                    }
                    changes.push(Change::EdgeAdded(edge));
                }
                (Some(Stated::Edge(_)), None) => changes.push(Change::EdgeRemoved(id)),
                (None, None) => {}
            }
        }
        changes
    }
}
