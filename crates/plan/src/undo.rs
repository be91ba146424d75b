//! Undoing resources that have left the program.

use crate::build::build;
use crate::plan::Plan;
use crate::{GraphChange, Planned, Role};
use resource::{Desired, Key};
use std::sync::Arc;

impl Plan {
    /// Takes up what undoes resources, kept from an earlier life. Call it before the first batch.
    pub fn restore_undos(&mut self, undos: Vec<Desired>) {
        self.undos.extend(undos.into_iter().map(|undo| (undo.key.clone(), undo)));
    }

    /// Keeps what undoes a resource: it is done once the program does not state the resource any more. Where it has left the
    /// program while it was worked on, that is now.
    pub fn keep_undo(&mut self, undo: Desired) -> GraphChange {
        let (key, mut change) = (undo.key.clone(), GraphChange::default());
        self.undos.entry(key.clone()).or_insert(undo);
        if self.is_to_be_undone(&key) && !self.published.manages(&key) {
            self.publish_undos(&[], &mut change);
        }
        change
    }

    /// A resource is undone: forgets how, and takes it out of the graph.
    pub fn forget_undo(&mut self, key: &Key) -> GraphChange {
        self.undos.remove(key);
        self.withdraw_undo(key)
    }

    /// Whether a resource is kept to be undone, and not stated.
    pub(crate) fn is_to_be_undone(&self, key: &Key) -> bool {
        self.undos.contains_key(key) && !self.states(key)
    }

    /// What is to be undone from now on.
    pub(crate) fn new_undos(&mut self) -> Vec<Planned> {
        let is_new = |key: &Key| self.is_to_be_undone(key) && !self.published.undoing.contains_key(key);
        let wanted: Vec<&Desired> = self.undos.values().filter(|undo| is_new(&undo.key)).collect();
        let (mut planned, mut warnings) = (Vec::new(), Vec::new());
        for undo in wanted {
            match build(undo, self.build) {
                Ok(built) => planned.push(Planned {
                    key: undo.key.clone(),
                    resource: built.resource,
                    meta: Arc::clone(&built.meta),
                    members: Vec::new(),
                    role: Role::Undo,
                    span: None,
                }),
                Err(diagnostic) => warnings.push(format!("{} cannot be undone: {}", undo.key, diagnostic.message)),
            }
        }
        self.warnings.append(&mut warnings);
        planned
    }
}
