//! Where the resources of a program are, by what tells them apart.

use crate::plan::NodeKey;
use graph::VertexIndex;
use resource::{Key, StatementId};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The vertices of resources. Nearly all of them are not hidden, and are found without comparing names.
#[derive(Default)]
pub(crate) struct Nodes {
    visible: FxHashMap<Key, VertexIndex>,
    hidden: BTreeMap<(Key, StatementId), VertexIndex>,
}

impl Nodes {
    pub(crate) fn get(&self, node: &NodeKey) -> Option<VertexIndex> {
        match node.hidden {
            None => self.visible(&node.key),
            Some(statement) => self.hidden.get(&(node.key.clone(), statement)).copied(),
        }
    }

    /// The resource of a key that is not hidden.
    pub(crate) fn visible(&self, key: &Key) -> Option<VertexIndex> {
        self.visible.get(key).copied()
    }

    /// The resources of a key: one, and those that are hidden.
    pub(crate) fn of_key(&self, key: &Key) -> Vec<VertexIndex> {
        let bound = |statement| (key.clone(), StatementId(statement));
        let hidden = (!self.hidden.is_empty()).then(|| self.hidden.range(bound(0)..=bound(u64::MAX)));
        self.visible(key).into_iter().chain(hidden.into_iter().flatten().map(|(_, at)| *at)).collect()
    }

    pub(crate) fn reserve(&mut self, additional: usize) {
        self.visible.reserve(additional);
    }

    pub(crate) fn insert(&mut self, node: NodeKey, at: VertexIndex) {
        match node.hidden {
            None => self.visible.insert(node.key, at),
            Some(statement) => self.hidden.insert((node.key, statement), at),
        };
    }

    pub(crate) fn remove(&mut self, node: &NodeKey) {
        match node.hidden {
            None => self.visible.remove(&node.key),
            Some(statement) => self.hidden.remove(&(node.key.clone(), statement)),
        };
    }

    /// All resources with their keys, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, VertexIndex)> {
        let hidden = self.hidden.iter().map(|((key, _), at)| (key, *at));
        self.visible.iter().map(|(key, at)| (key, *at)).chain(hidden)
    }
}
