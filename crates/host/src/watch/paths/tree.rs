//! The folders that matter, as a tree of names: each is there as long as somebody needs it or something below it.

use super::PathTable;
use crate::watch::owners::Owners;
use rustc_hash::FxHashMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

slotmap::new_key_type! {
    /// A folder.
    pub(super) struct FolderKey;
}

/// A folder, and what is known of it.
pub(super) struct Folder {
    pub(super) parent: Option<FolderKey>,
    pub(super) name: Arc<OsStr>,
    pub(super) state: State,
    /// Found by looking through a tree; nobody asked for it or for anything below it.
    pub(super) is_found: bool,
    /// Whether the kernel was asked for what happens to the contents.
    pub(super) has_contents: bool,
    /// Where it leads, if it is a link.
    pub(super) link: Option<FolderKey>,
    /// The links that lead here.
    pub(super) linked: Vec<FolderKey>,
    /// How many links were followed to get here.
    pub(super) depth: u8,
    /// Folders below that matter.
    pub(super) below: FxHashMap<Arc<OsStr>, FolderKey>,
    /// Who watches a name in this folder.
    pub(super) entries: FxHashMap<Arc<OsStr>, Owners>,
    /// Who watches all names in this folder.
    pub(super) folder: Owners,
    /// Who watches everything below this folder.
    pub(super) tree: Owners,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// There is no such folder.
    Missing,
    /// The kernel watches it.
    Armed(i32),
    /// It may be there, but the kernel cannot watch it.
    Polled,
}

impl PathTable {
    /// The folder of a path, armed with all that are above it.
    pub(super) fn intern(&mut self, path: &Path, depth: u8) -> FolderKey {
        if self.folders[self.root].state == State::Missing {
            self.arm(vec![self.root], false);
        }
        let mut key = self.root;
        for part in path.components() {
            let Component::Normal(name) = part else { continue };
            key = match self.folders[key].below.get(name) {
                Some(below) => *below,
                None => {
                    let below = self.insert(key, name);
                    self.folders[below].is_found = false;
                    self.folders[below].depth = depth;
                    self.note_link(below);
                    let state = self.ask_kernel(below);
                    self.set_state(below, state);
                    below
                }
            };
            self.folders[key].is_found = false;
        }
        key
    }

    pub(super) fn insert(&mut self, parent: FolderKey, name: &OsStr) -> FolderKey {
        let name: Arc<OsStr> = name.into();
        let key = self.folders.insert(Folder::new(Some(parent), Arc::clone(&name)));
        self.folders[parent].below.insert(name, key);
        key
    }

    /// Removes a folder that is gone and was only part of a tree, and then those above it.
    pub(super) fn prune_missing(&mut self, key: FolderKey) {
        let mut next = Some(key);
        while let Some(key) = next
            && let Some(folder) = self.folders.get(key)
            && folder.state == State::Missing
            && folder.is_unneeded()
        {
            next = folder.parent;
            self.prune_one(key);
        }
    }

    /// Removes a folder that nobody needs any more, and then those above it.
    pub(super) fn prune(&mut self, key: FolderKey) {
        let mut next = Some(key);
        while let Some(key) = next.filter(|key| *key != self.root) {
            let Some(folder) = self.folders.get(key) else { return };
            if !folder.is_unneeded() || self.is_in_tree(key) {
                return;
            }
            next = folder.parent;
            self.prune_one(key);
        }
    }

    /// Removes everything below a folder that was only part of a tree which nobody watches any more.
    pub(super) fn prune_below(&mut self, key: FolderKey) {
        if self.is_in_tree(key) {
            return;
        }
        let mut leaves = Vec::new();
        let mut work = vec![key];
        while let Some(key) = work.pop() {
            let folder = &self.folders[key];
            if !folder.tree.is_empty() {
                continue;
            }
            work.extend(folder.below.values());
            leaves.push(key);
        }
        // Those below come first.
        for key in leaves.into_iter().rev().filter(|it| *it != key) {
            if self.folders[key].is_unneeded() {
                self.prune_one(key);
            }
        }
    }

    fn prune_one(&mut self, key: FolderKey) {
        self.release(key);
        let Some(folder) = self.folders.remove(key) else { return };
        if let Some(parent) = folder.parent {
            self.folders[parent].below.remove(&folder.name);
        }
        if let Some(target) = folder.link {
            self.unlink(key, target);
        }
    }

    pub(super) fn path(&self, key: FolderKey) -> PathBuf {
        let mut names = Vec::new();
        let mut next = Some(key);
        while let Some(folder) = next.and_then(|key| self.folders.get(key)) {
            names.push(&*folder.name);
            next = folder.parent;
        }
        names.into_iter().rev().collect()
    }
}

impl Folder {
    pub(super) fn new(parent: Option<FolderKey>, name: Arc<OsStr>) -> Folder {
        Folder {
            parent,
            name,
            state: State::Missing,
            is_found: true,
            has_contents: false,
            link: None,
            linked: Vec::new(),
            depth: 0,
            below: FxHashMap::default(),
            entries: FxHashMap::default(),
            folder: Owners::default(),
            tree: Owners::default(),
        }
    }

    pub(super) fn needs_contents(&self) -> bool {
        !self.entries.is_empty() || !self.folder.is_empty() || !self.tree.is_empty()
    }

    /// Whether nobody watches it or anything below it, except as part of a tree.
    pub(super) fn is_unneeded(&self) -> bool {
        self.parent.is_some() && !self.needs_contents() && self.below.is_empty() && self.linked.is_empty()
    }
}
