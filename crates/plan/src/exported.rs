//! What is exported to a host under one name must be one resource.
//!
//! Statements of what is not hidden are one resource, or in error. Hidden ones are kept apart, as they may be for different
//! hosts; so may a hidden one and one that is not.

use crate::build::same;
use crate::diag;
use crate::plan::{NodeKey, Plan, Problem};
use graph::VertexIndex;
use resource::{Key, Meta};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Who is exported.
#[derive(Default)]
pub(crate) struct Exported {
    by_key: BTreeMap<Key, BTreeSet<NodeKey>>,
    /// Keys whose exports have changed since they were compared.
    touched: BTreeSet<Key>,
    clashes: BTreeMap<Key, Vec<Problem>>,
}

impl Plan {
    /// Takes notice of whether a resource is exported now.
    pub(crate) fn reexport(&mut self, at: VertexIndex) {
        let node = &self.graph[at];
        let exported = node.merged.as_ref().is_ok_and(|built| !built.meta.export.is_empty());
        let (key, exports) = (&node.key.key, &mut self.exported);
        if exported {
            exports.by_key.entry(key.clone()).or_default().insert(node.key.clone());
            exports.touched.insert(key.clone());
        } else if !exports.by_key.is_empty() {
            let node = node.key.clone();
            self.unexport(&node);
        }
    }

    /// A resource is not exported any more.
    pub(crate) fn unexport(&mut self, node: &NodeKey) {
        let exports = &mut self.exported;
        let Some(nodes) = exports.by_key.get_mut(&node.key) else { return };
        if nodes.remove(node) {
            exports.touched.insert(node.key.clone());
        }
        if nodes.is_empty() {
            exports.by_key.remove(&node.key);
        }
    }

    /// Compares what goes to one host under one name, where that has changed.
    pub(crate) fn compare_exports(&mut self) {
        for key in std::mem::take(&mut self.exported.touched) {
            let clashes = self.clashing_exports(&key);
            if clashes.is_empty() {
                self.exported.clashes.remove(&key);
            } else {
                self.exported.clashes.insert(key, clashes);
            }
        }
    }

    pub(crate) fn export_clashes(&self) -> impl Iterator<Item = &Problem> {
        self.exported.clashes.values().flatten()
    }

    fn clashing_exports(&self, key: &Key) -> Vec<Problem> {
        let nodes = self.exported.by_key.get(key).filter(|nodes| nodes.len() > 1);
        let built =
            nodes.into_iter().flatten().filter_map(|node| self.graph[self.nodes.get(node)?].merged.as_ref().ok());
        let mut built: Vec<_> = built.collect();
        built.sort_by_key(|it| it.span);
        let mut first = FxHashMap::default();
        let mut clashes = Vec::new();
        for one in built {
            let goes_with = |host: &String| {
                let other = *first.entry(host.clone()).or_insert(one);
                let together = same(&*one.resource, &*other.resource) && sent(&one.meta) == sent(&other.meta);
                (!together).then(|| (host.clone(), other))
            };
            // One host is enough to tell that they do not go together.
            if let Some((host, other)) = one.meta.export.iter().filter_map(goes_with).next() {
                clashes.push(diag::clashing_exports(key, &host, one.span, other.span));
            }
        }
        clashes
    }
}

/// The metaparameters that go along with an exported resource.
fn sent(meta: &Meta) -> Meta {
    Meta { export: Vec::new(), hidden: false, ..meta.clone() }
}
