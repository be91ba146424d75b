//! What the kernel is asked to watch for us.

use super::PathTable;
use super::tree::{FolderKey, State};
use crate::watch::thread::POLL;
use rustix::fs::inotify::{self, WatchFlags};
use rustix::fs::{Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Names that come and go: all that a folder on the way needs.
const NAMES: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::ONLYDIR)
    // One file under two paths keeps what both need.
    .union(WatchFlags::MASK_ADD)
    .union(WatchFlags::EXCL_UNLINK);

/// Also what happens to what has the names.
const CONTENTS: WatchFlags = NAMES.union(WatchFlags::MODIFY).union(WatchFlags::ATTRIB).union(WatchFlags::CLOSE_WRITE);

/// What is said where as many folders are watched as may be.
const WATCHES: &str = "; `sysctl fs.inotify.max_user_watches` shows how many folders may be watched, \
    `sysctl -w fs.inotify.max_user_watches=N` allows more, a file in `/etc/sysctl.d` does for good";

impl PathTable {
    /// Arms folders, and what is below them where that is needed: because another folder is there than before, or `force`.
    pub(super) fn arm(&mut self, mut work: Vec<FolderKey>, force: bool) {
        while let Some(key) = work.pop() {
            let Some(folder) = self.folders.get(key) else { continue };
            let before = folder.state;
            let now = self.ask_kernel(key);
            self.note_link(key);
            if now == before && (!force || now == State::Missing) {
                self.prune_missing(key);
                continue;
            }
            if now != before {
                self.set_state(key, now);
                self.signal(key);
            }
            if now != State::Missing && self.is_in_tree(key) {
                self.scan(key);
            }
            if let Some(folder) = self.folders.get(key) {
                work.extend(folder.below.values());
                if now != before {
                    work.extend(&folder.linked);
                }
            }
            self.prune_missing(key);
        }
    }

    /// Has the kernel watch what is at the folder's path now.
    pub(super) fn ask_kernel(&self, key: FolderKey) -> State {
        let folder = &self.folders[key];
        if folder.parent.is_some_and(|parent| self.folders[parent].state == State::Missing) {
            return State::Missing;
        }
        let mut flags = if folder.needs_contents() || self.is_in_tree(key) { CONTENTS } else { NAMES };
        if folder.is_found {
            // Links below a tree are not followed: they may lead anywhere, and round.
            flags |= WatchFlags::DONT_FOLLOW;
        }
        match inotify::add_watch(&*self.inotify, self.path(key), flags) {
            Ok(watch) => State::Armed(watch),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG) => State::Missing,
            Err(error) => {
                if self.polled.is_empty() {
                    let advice = if error == Errno::NOSPC { WATCHES } else { "" };
                    tracing::warn!(
                        folder = %self.path(key).display(),
                        %error,
                        "the kernel cannot watch this folder: it is looked at every {} s instead{advice}",
                        POLL.as_secs(),
                    );
                }
                State::Polled
            }
        }
    }

    pub(super) fn set_state(&mut self, key: FolderKey, now: State) {
        self.release(key);
        match now {
            State::Missing => {}
            State::Armed(watch) => self.by_watch.entry(watch).or_default().push(key),
            State::Polled => _ = self.polled.insert(key),
        }
        self.folders[key].state = now;
    }

    /// Gives up what a folder has of the kernel.
    pub(super) fn release(&mut self, key: FolderKey) {
        match self.folders[key].state {
            State::Missing => {}
            State::Polled => _ = self.polled.remove(&key),
            State::Armed(watch) => {
                if let Some(users) = self.by_watch.get_mut(&watch) {
                    users.retain(|user| *user != key);
                    if users.is_empty() {
                        self.by_watch.remove(&watch);
                        // Fails where the kernel has given it up already.
                        _ = inotify::remove_watch(&*self.inotify, watch);
                    }
                }
            }
        }
        self.folders[key].state = State::Missing;
    }

    /// Adds the folders that are in a folder of a tree.
    fn scan(&mut self, key: FolderKey) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(entries) = rustix::fs::open(self.path(key), flags, Mode::empty()).and_then(Dir::new) else { return };
        for entry in entries.flatten() {
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            let is_folder = matches!(entry.file_type(), FileType::Directory | FileType::Unknown);
            if !is_folder || name == "." || name == ".." || self.folders[key].below.contains_key(name) {
                continue;
            }
            if !crate::files::walk::is_temporary(name) {
                self.insert(key, name);
            }
        }
    }
}
