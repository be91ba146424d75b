//! Notifications that were not acted on yet: they survive a restart of the agent.

use resource::host::{Content, Files, NewFile};
use resource::{Key, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The stored form: a list of pairs.
#[derive(Serialize, Deserialize)]
struct Stored {
    from: (String, String),
    to: (String, String),
}

/// Notifications that were not acted on yet, kept in one file.
pub(crate) struct Refreshes {
    path: PathBuf,
    pending: BTreeSet<(Key, Key)>,
}

impl Refreshes {
    /// Reads what was kept. A file that cannot be read is as good as none: everything is looked at anyway, and only
    /// notifications are lost.
    pub(crate) fn load(state: &Path) -> Refreshes {
        let path = state.join("notifications.json");
        let text = std::fs::read(&path).unwrap_or_default();
        let stored: Vec<Stored> = serde_json::from_slice(&text).unwrap_or_default();
        let key = |(kind, name): (String, String)| Key::new(kind, name);
        let pending = stored.into_iter().map(|it| (key(it.from), key(it.to))).collect();
        Refreshes { path, pending }
    }

    pub(crate) fn pending(&self) -> Vec<(Key, Key)> {
        self.pending.iter().cloned().collect()
    }

    /// Remembers or forgets one, on the disk before it returns.
    pub(crate) fn set(&mut self, files: &dyn Files, from: Key, to: Key, pending: bool) -> Result<()> {
        let pair = (from, to);
        let changed = if pending { self.pending.insert(pair) } else { self.pending.remove(&pair) };
        if !changed {
            return Ok(());
        }
        let parts = |key: &Key| (key.kind.to_string(), key.name.to_string());
        let stored: Vec<Stored> =
            self.pending.iter().map(|(from, to)| Stored { from: parts(from), to: parts(to) }).collect();
        let content = serde_json::to_vec(&stored).unwrap_or_default();
        let file = NewFile { mode: Some(0o600), backup: false, ..NewFile::new(Content::Bytes(content)) };
        files.write(&self.path, &file)
    }
}
