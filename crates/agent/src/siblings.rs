//! What else the program manages: asked by kinds while they plan.

use plan::{GraphChange, Planned, VertexId};
use resource::{AnyResource, Identity, Siblings};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The paths and packages that the resources of the graph manage. Cheap to clone; all clones are one.
///
/// Few kinds ask, and most programs have none of them: what has changed is noted, and looked into when somebody asks.
#[derive(Clone, Default)]
pub(crate) struct Managed(Arc<Mutex<Index>>);

#[derive(Default)]
struct Index {
    /// What has changed since somebody asked: vertices as they are now, or `None` where they are gone.
    changed: BTreeMap<VertexId, Option<Arc<Planned>>>,
    by_vertex: BTreeMap<VertexId, Vec<Managing>>,
    /// How many vertices manage it.
    counts: BTreeMap<Managing, usize>,
}

/// Something that a vertex manages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Managing {
    Path(PathBuf),
    /// A package that is to be there.
    Package(String),
}

impl Managed {
    /// Takes a change of the graph.
    pub(crate) fn change(&self, change: &GraphChange) {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.changed.extend(change.removed.iter().map(|vertex| (*vertex, None)));
        index.changed.extend(change.set.iter().map(|(vertex, planned)| (*vertex, Some(Arc::clone(planned)))));
    }

    /// What is managed now.
    fn caught_up(&self) -> MutexGuard<'_, Index> {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.catch_up();
        index
    }
}

impl Index {
    /// Looks into what has changed.
    fn catch_up(&mut self) {
        for (vertex, planned) in std::mem::take(&mut self.changed) {
            for managing in self.by_vertex.remove(&vertex).unwrap_or_default() {
                if let Some(count) = self.counts.get_mut(&managing) {
                    *count -= 1;
                    if *count == 0 {
                        self.counts.remove(&managing);
                    }
                }
            }
            let managing = planned.map(|planned| managing(&*planned.resource)).unwrap_or_default();
            for managing in &managing {
                *self.counts.entry(managing.clone()).or_insert(0) += 1;
            }
            if !managing.is_empty() {
                self.by_vertex.insert(vertex, managing);
            }
        }
    }
}

/// What a resource manages, as far as somebody may ask about it.
fn managing(resource: &dyn AnyResource) -> Vec<Managing> {
    let paths = resource.provides().into_iter().filter_map(|it| match it {
        Identity::Path(path) => Some(Managing::Path(path)),
        _ => None,
    });
    let packages = resource.brings().into_iter().filter_map(|it| match it {
        Identity::Package(name) => Some(Managing::Package(name)),
        _ => None,
    });
    paths.chain(packages).collect()
}

impl Siblings for Managed {
    fn paths_below(&self, folder: &Path) -> Vec<PathBuf> {
        let index = self.caught_up();
        // Paths compare part by part, so everything below a folder comes right after it.
        let after = (Bound::Excluded(Managing::Path(folder.to_owned())), Bound::Unbounded);
        let paths = index.counts.range(after).map_while(|(managing, _)| match managing {
            Managing::Path(path) => Some(path),
            Managing::Package(_) => None,
        });
        paths.take_while(|it| it.starts_with(folder)).cloned().collect()
    }

    fn will_exist(&self, _identity: &Identity) -> bool {
        false
    }

    fn will_change(&self, _identity: &Identity) -> bool {
        false
    }

    fn is_kept(&self, identity: &Identity) -> bool {
        let Identity::Package(name) = identity else { return false };
        self.caught_up().counts.contains_key(&Managing::Package(name.clone()))
    }
}
