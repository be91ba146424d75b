//! What else the program manages: asked by kinds while they plan.

use plan::{GraphChange, Planned, VertexId};
use resource::{Identity, Siblings};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The paths that the resources of the graph manage. Cheap to clone; all clones are one.
///
/// Few kinds ask, and most programs have none of them: what has changed is noted, and looked into when somebody asks.
#[derive(Clone, Default)]
pub(crate) struct Managed(Arc<Mutex<Paths>>);

#[derive(Default)]
struct Paths {
    /// What has changed since somebody asked: vertices as they are now, or `None` where they are gone.
    changed: BTreeMap<VertexId, Option<Arc<Planned>>>,
    by_vertex: BTreeMap<VertexId, Vec<PathBuf>>,
    /// How many vertices manage a path.
    counts: BTreeMap<PathBuf, usize>,
}

impl Managed {
    /// Takes a change of the graph.
    pub(crate) fn change(&self, change: &GraphChange) {
        let mut paths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        paths.changed.extend(change.removed.iter().map(|vertex| (*vertex, None)));
        paths.changed.extend(change.set.iter().map(|(vertex, planned)| (*vertex, Some(Arc::clone(planned)))));
    }
}

impl Paths {
    /// Looks into what has changed.
    fn catch_up(&mut self) {
        for (vertex, planned) in std::mem::take(&mut self.changed) {
            for path in self.by_vertex.remove(&vertex).unwrap_or_default() {
                if let Some(count) = self.counts.get_mut(&path) {
                    *count -= 1;
                    if *count == 0 {
                        self.counts.remove(&path);
                    }
                }
            }
            let provided = planned.map(|it| it.resource.provides()).unwrap_or_default();
            let paths =
                provided.into_iter().filter_map(|it| if let Identity::Path(path) = it { Some(path) } else { None });
            let paths: Vec<PathBuf> = paths.collect();
            for path in &paths {
                *self.counts.entry(path.clone()).or_insert(0) += 1;
            }
            if !paths.is_empty() {
                self.by_vertex.insert(vertex, paths);
            }
        }
    }
}

impl Siblings for Managed {
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf> {
        let mut paths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        paths.catch_up();
        // Paths compare part by part, so everything below a folder comes right after it.
        let after = (Bound::Excluded(folder.to_owned()), Bound::Unbounded);
        paths.counts.range(after).map(|(path, _)| path).take_while(|it| it.starts_with(folder)).cloned().collect()
    }

    fn will_exist(&self, _identity: &Identity) -> bool {
        false
    }

    fn will_change(&self, _identity: &Identity) -> bool {
        false
    }
}
