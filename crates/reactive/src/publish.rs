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

/// A statement that stays as it is until it is withdrawn: nobody has to know what it states.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lasting {
    Resource(StatementId),
    Edge(StatementId),
}

/// Statements that changed since the last publication.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    changed: BTreeMap<StatementId, Alteration>,
}

#[derive(Debug)]
enum Alteration {
    /// What it was then, and what it is now.
    Stated(Box<(Option<Stated>, Option<Stated>)>),
    Withdrawn(Lasting),
}

impl Pending {
    /// A statement is made, changed (`old` is what it was) or withdrawn.
    pub(crate) fn state(&mut self, id: StatementId, old: Option<Stated>, new: Option<Stated>) {
        match self.changed.get_mut(&id) {
            Some(Alteration::Stated(both)) => both.1 = new,
            // What is withdrawn for good is not stated again.
            Some(Alteration::Withdrawn(_)) => {}
            None => _ = self.changed.insert(id, Alteration::Stated(Box::new((old, new)))),
        }
    }

    /// A statement is made that stays as it is until it is [withdrawn](Pending::withdraw).
    pub(crate) fn state_lasting(&mut self, stated: Stated) -> Lasting {
        let id = stated.id();
        let lasting = match &stated {
            Stated::Resource(_) => Lasting::Resource(id),
            Stated::Edge(_) => Lasting::Edge(id),
        };
        self.changed.insert(id, Alteration::Stated(Box::new((None, Some(stated)))));
        lasting
    }

    /// A lasting statement is withdrawn.
    pub(crate) fn withdraw(&mut self, lasting: Lasting) {
        let (Lasting::Resource(id) | Lasting::Edge(id)) = lasting;
        // Nobody was told of what has not been published.
        if self.changed.remove(&id).is_none() {
            self.changed.insert(id, Alteration::Withdrawn(lasting));
        }
    }

    /// What changed, in the order of the statements; nothing is pending afterwards.
    pub(crate) fn publish(&mut self) -> Vec<Change> {
        let mut changes = Vec::with_capacity(self.changed.len());
        for (id, alteration) in std::mem::take(&mut self.changed) {
            let (old, new) = match alteration {
                Alteration::Stated(both) if both.0 == both.1 => continue,
                Alteration::Stated(both) => *both,
                Alteration::Withdrawn(Lasting::Resource(id)) => {
                    changes.push(Change::Removed(id));
                    continue;
                }
                Alteration::Withdrawn(Lasting::Edge(id)) => {
                    changes.push(Change::EdgeRemoved(id));
                    continue;
                }
            };
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
