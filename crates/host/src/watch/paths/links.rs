//! Folders on the way that are links.

use super::PathTable;
use super::tree::FolderKey;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// As many links as the kernel follows.
const MOST_LINKS: u8 = 40;

impl PathTable {
    /// Notes where a folder leads that is a link. The kernel follows it by itself as long as it leads somewhere; that
    /// something appears, vanishes or moves at its other end is told there only.
    pub(super) fn note_link(&mut self, key: FolderKey) {
        let folder = &self.folders[key];
        if folder.is_found {
            return;
        }
        let path = self.path(key);
        let target = rustix::fs::readlink(&path, Vec::new()).ok();
        if target.is_none() && folder.link.is_none() {
            return;
        }
        let target = target.map(|target| {
            let target = Path::new(OsStr::from_bytes(target.as_bytes())).to_owned();
            // A relative one starts from the folder that the link is in.
            normal(&path.parent().unwrap_or(&path).join(target))
        });
        self.links.push((key, target));
    }

    /// Watches the other ends of links that were noted.
    pub(super) fn follow_links(&mut self) {
        while let Some((key, target)) = self.links.pop() {
            let Some(depth) = self.folders.get(key).map(|folder| folder.depth) else { continue };
            let target = target.filter(|_| depth < MOST_LINKS);
            let now = target.map(|target| self.intern(&target, depth + 1));
            let Some(folder) = self.folders.get_mut(key) else { continue };
            let before = std::mem::replace(&mut folder.link, now);
            if now == before {
                continue;
            }
            if let Some(now) = now {
                self.folders[now].linked.push(key);
                // What happened at the other end before it was watched.
                self.arm(vec![key], false);
            }
            if let Some(before) = before {
                self.unlink(key, before);
            }
        }
    }

    /// A link does not lead to a folder any more.
    pub(super) fn unlink(&mut self, link: FolderKey, target: FolderKey) {
        if let Some(folder) = self.folders.get_mut(target) {
            folder.linked.retain(|it| *it != link);
            self.prune(target);
        }
    }
}

/// A path without `.` and `..`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::ParentDir => _ = normal.pop(),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    normal
}
