//! What else the program manages: asked by kinds while they plan.

use plan::{GraphChange, VertexId};
use resource::{Identity, Siblings};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The paths that the resources of the graph manage. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Managed(Arc<RwLock<Paths>>);

#[derive(Default)]
struct Paths {
    by_vertex: BTreeMap<VertexId, Vec<PathBuf>>,
    /// How many vertices manage a path.
    counts: BTreeMap<PathBuf, usize>,
}

impl Managed {
    /// Takes a change of the graph.
    pub(crate) fn change(&self, change: &GraphChange) {
        let mut paths = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for vertex in change.removed.iter().chain(change.set.iter().map(|(vertex, _)| vertex)) {
            for path in paths.by_vertex.remove(vertex).unwrap_or_default() {
                if let Some(count) = paths.counts.get_mut(&path) {
                    *count -= 1;
                    if *count == 0 {
                        paths.counts.remove(&path);
                    }
                }
            }
        }
        for (vertex, planned) in &change.set {
            let found: Vec<PathBuf> = planned
                .resource
                .provides()
                .into_iter()
                .filter_map(|it| if let Identity::Path(path) = it { Some(path) } else { None })
                .collect();
            if found.is_empty() {
                continue;
            }
            for path in &found {
                *paths.counts.entry(path.clone()).or_insert(0) += 1;
            }
            paths.by_vertex.insert(*vertex, found);
        }
    }
}

impl Siblings for Managed {
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf> {
        let paths = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // Paths compare part by part, so everything below a folder comes right after it.
        let after = (Bound::Excluded(folder.to_owned()), Bound::Unbounded);
        paths.counts.range(after).map(|(path, _)| path).take_while(|it| it.starts_with(folder)).cloned().collect()
    }

    fn will_exist(&self, _identity: &Identity) -> bool {
        false
    }
}
