//! What undoes reversible resources, kept on the disk until they have left the program and were undone.

use resource::host::{Files, StateFolder};
use resource::{AnyResource, Desired, Error, Key, Result, StatementId, export};
use std::path::{Path, PathBuf};

/// The folder of what undoes resources.
#[derive(Clone)]
pub(crate) struct Undos {
    folder: PathBuf,
}

impl Undos {
    pub(crate) fn new(state: &Path) -> Undos {
        Undos { folder: state.join("undo") }
    }

    /// Everything that is kept, in the order of the file names. A damaged one is reported and left alone.
    pub(crate) fn load(&self) -> Vec<Desired> {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
        paths.sort();
        let mut found = Vec::new();
        for path in paths.iter().filter(|it| it.extension().is_some_and(|it| it == "json")) {
            let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
            match read.and_then(|text| export::decode(&text).map_err(|error| error.to_string())) {
                Ok(desired) => found.push(desired),
                Err(error) => tracing::warn!(path = %path.display(), error, "What undoes a resource cannot be read"),
            }
        }
        found
    }

    /// Keeps what undoes a resource, unless something is kept for it already: that is from before our first change.
    pub(crate) fn keep(&self, files: &dyn Files, undo: &dyn AnyResource) -> Result<Option<Desired>> {
        let key = Key::new(undo.schema().name, undo.name());
        let path = self.path(&key);
        if files.stat(&path, false)?.is_some() {
            return Ok(None);
        }
        let fields = undo.fields().into_iter().map(|(name, value)| (name.into(), value)).collect();
        let desired = Desired { id: StatementId(0), key, fields, meta: Vec::new(), span: None };
        let data = export::encode(&desired).map_err(|error| Error::caused("cannot keep what undoes it", error))?;
        // Durably: it must not come after the first change.
        files.keep(&path, data.into_bytes())?;
        Ok(Some(desired))
    }

    pub(crate) fn forget(&self, files: &dyn Files, key: &Key) -> Result<()> {
        // What it undid must not come after.
        files.sync()?;
        files.remove(&self.path(key), false, false)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(StateFolder::name_of(&key.kind, &key.name) + ".json")
    }
}
