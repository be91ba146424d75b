//! What is watched in the file system: one inotify descriptor, folders interned as a tree of names.
//!
//! The kernel reports by folder, so a watched file is an entry of the folder that it is in, and 100,000 files in one folder
//! cost one kernel watch. Every folder on the way to something watched is watched too, for the names in it that matter:
//! so a part of the way that is missing, appears, vanishes, is renamed or replaced is noticed where it happens, and what is
//! below is armed anew.
//!
//! **Invariant:** whenever a folder is armed, or was found to be gone, all owners below it are signalled afterwards. What
//! happened while it was not armed is therefore looked at. The same after every event about a folder on the way, also where
//! the same folder is there now: another one, or none, may have been there, and an owner may have looked at it.
//!
//! A folder on the way may be a link. Then its other end is watched in the same way, for itself and all above it.
//!
//! The kernel does not tell what it does not see: changes through another hard link of a file in a folder that is not
//! watched, and changes made by other machines on a network file system.

use super::owners::{Dirty, Owners};
use resource::Watch;
use rustc_hash::{FxHashMap, FxHashSet};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::fs::{Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use slotmap::SlotMap;
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// As many links as the kernel follows.
const MOST_LINKS: u8 = 40;

slotmap::new_key_type! {
    /// A folder.
    struct FolderKey;
}

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

/// What is watched.
pub(super) struct PathTable {
    inotify: Arc<OwnedFd>,
    buffer: Vec<MaybeUninit<u8>>,
    folders: SlotMap<FolderKey, Folder>,
    root: FolderKey,
    /// Several folders can be one: by a link, or mounted twice.
    by_watch: FxHashMap<i32, Vec<FolderKey>>,
    registrations: FxHashMap<u64, Vec<Registration>>,
    /// Folders that turned out to be links, or not to be any more, and where they lead.
    links: Vec<(FolderKey, Option<PathBuf>)>,
    /// The folders that the kernel does not watch for us: looked at every so often.
    polled: FxHashSet<FolderKey>,
    dirty: Dirty,
}

struct Folder {
    parent: Option<FolderKey>,
    name: Arc<OsStr>,
    state: State,
    /// Found by looking through a tree; nobody asked for it or for anything below it.
    is_found: bool,
    /// Whether the kernel was asked for what happens to the contents.
    has_contents: bool,
    /// Where it leads, if it is a link.
    link: Option<FolderKey>,
    /// The links that lead here.
    linked: Vec<FolderKey>,
    /// How many links were followed to get here.
    depth: u8,
    /// Folders below that matter.
    below: FxHashMap<Arc<OsStr>, FolderKey>,
    /// Who watches a name in this folder.
    entries: FxHashMap<Arc<OsStr>, Owners>,
    /// Who watches all names in this folder.
    folder: Owners,
    /// Who watches everything below this folder.
    tree: Owners,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no such folder.
    Missing,
    /// The kernel watches it.
    Armed(i32),
    /// It may be there, but the kernel cannot watch it.
    Polled,
}

/// One interest of an owner.
struct Registration {
    folder: FolderKey,
    interest: Interest,
}

enum Interest {
    Entry(Arc<OsStr>),
    Folder,
    Tree,
}

impl PathTable {
    pub(super) fn new() -> io::Result<PathTable> {
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let mut folders = SlotMap::with_key();
        let root = folders.insert(Folder::new(None, OsStr::new("/").into()));
        Ok(PathTable {
            inotify: Arc::new(inotify),
            buffer: vec![MaybeUninit::uninit(); 64 << 10],
            folders,
            root,
            by_watch: FxHashMap::default(),
            registrations: FxHashMap::default(),
            links: Vec::new(),
            polled: FxHashSet::default(),
            dirty: Dirty::default(),
        })
    }

    /// The descriptor that becomes readable when something happens.
    pub(super) fn descriptor(&self) -> BorrowedFd<'_> {
        self.inotify.as_fd()
    }

    /// The owners that have to look again.
    pub(super) fn dirty(&mut self) -> &mut Dirty {
        &mut self.dirty
    }

    /// How many folders the kernel does not watch for us.
    pub(super) fn polled(&self) -> usize {
        self.polled.len()
    }

    /// How many folders the kernel watches for us.
    pub(super) fn armed(&self) -> usize {
        self.by_watch.len()
    }

    /// Adds an interest. The owner is signalled once it is armed.
    pub(super) fn add(&mut self, owner: u64, watch: &Watch) {
        let (Watch::Path(path) | Watch::Folder(path) | Watch::Tree(path)) = watch else { return };
        let path = normal(path);
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
            let folder = self.intern(parent, 0);
            let entries = &mut self.folders[folder].entries;
            let name = entries.get_key_value(name).map_or_else(|| Arc::from(name), |(name, _)| Arc::clone(name));
            entries.entry(Arc::clone(&name)).or_default().add(owner);
            self.register(owner, folder, Interest::Entry(name));
        }
        match watch {
            Watch::Folder(_) => {
                let folder = self.intern(&path, 0);
                self.folders[folder].folder.add(owner);
                self.register(owner, folder, Interest::Folder);
            }
            Watch::Tree(_) => {
                let folder = self.intern(&path, 0);
                self.folders[folder].tree.add(owner);
                self.register(owner, folder, Interest::Tree);
                self.arm(vec![folder], true);
            }
            _ => {}
        }
        self.follow_links();
        self.dirty.add(owner);
    }

    /// Removes all interests of an owner.
    pub(super) fn remove(&mut self, owner: u64) {
        for Registration { folder, interest } in self.registrations.remove(&owner).unwrap_or_default() {
            let Some(it) = self.folders.get_mut(folder) else { continue };
            match interest {
                Interest::Entry(name) => {
                    if it.entries.get_mut(&name).is_some_and(|owners| owners.remove(owner)) {
                        it.entries.remove(&name);
                    }
                }
                Interest::Folder => _ = it.folder.remove(owner),
                Interest::Tree => {
                    it.tree.remove(owner);
                    self.prune_below(folder);
                }
            }
            self.prune(folder);
        }
    }

    /// Deals with everything that has happened.
    pub(super) fn drain(&mut self) {
        let inotify = Arc::clone(&self.inotify);
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut reader = inotify::Reader::new(&*inotify, &mut buffer);
        loop {
            match reader.next() {
                Ok(event) => {
                    let name = event.file_name().map(|name| OsStr::from_bytes(name.to_bytes()));
                    self.handle(event.wd(), event.events(), name);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => {
                    tracing::error!(%error, "cannot read file system events");
                    break;
                }
            }
        }
        self.buffer = buffer;
        self.follow_links();
    }

    /// Looks at what the kernel does not watch for us, and tries again to have it watched.
    pub(super) fn poll(&mut self) {
        let polled: Vec<FolderKey> = self.polled.iter().copied().collect();
        for key in &polled {
            self.signal_all(*key);
        }
        self.arm(polled, true);
        self.follow_links();
    }

    /// Looks at all folders again, for instance because something was mounted: signals only where another one is there now.
    pub(super) fn recheck(&mut self) {
        let all: Vec<FolderKey> = self.folders.keys().collect();
        for key in all {
            if self.folders.contains_key(key) {
                self.arm(vec![key], false);
            }
        }
        self.follow_links();
    }

    fn handle(&mut self, watch: i32, what: ReadFlags, name: Option<&OsStr>) {
        if what.contains(ReadFlags::QUEUE_OVERFLOW) {
            tracing::warn!("more file system events than the kernel keeps: looking at everything again");
            let all: Vec<FolderKey> = self.folders.keys().collect();
            for key in all {
                self.signal(key);
            }
            self.arm(vec![self.root], true);
            return;
        }
        let Some(keys) = self.by_watch.get(&watch).cloned() else { return };
        if what.contains(ReadFlags::IGNORED) {
            // The kernel has forgotten it: the folder is gone, or its file system is.
            self.by_watch.remove(&watch);
            for key in keys {
                self.arm(vec![key], false);
            }
            return;
        }
        for key in keys {
            match name {
                Some(name) => self.named(key, what, name),
                None if what.intersects(ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::UNMOUNT) => {
                    self.arm(vec![key], false);
                }
                None => {
                    if let Some(folder) = self.folders.get(key) {
                        folder.folder.each(|owner| self.dirty.add(owner));
                        self.signal_trees(key);
                    }
                }
            }
        }
    }

    /// Something happened to a name in a folder.
    fn named(&mut self, key: FolderKey, what: ReadFlags, name: &OsStr) {
        if crate::files::walk::is_temporary(name) {
            return;
        }
        let Some(folder) = self.folders.get(key) else { return };
        if let Some(owners) = folder.entries.get(name) {
            owners.each(|owner| self.dirty.add(owner));
        }
        folder.folder.each(|owner| self.dirty.add(owner));
        let below = folder.below.get(name).copied();
        let in_tree = self.signal_trees(key);
        let moves = ReadFlags::CREATE | ReadFlags::DELETE | ReadFlags::MOVED_FROM | ReadFlags::MOVED_TO;
        if !what.intersects(moves) {
            return;
        }
        if let Some(below) = below {
            self.signal_all(below);
            self.arm(vec![below], false);
        } else if in_tree && what.contains(ReadFlags::ISDIR) && what.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO)
        {
            let below = self.insert(key, name);
            self.arm(vec![below], false);
        }
    }

    /// Arms folders, and what is below them where that is needed: because another folder is there than before, or `force`.
    fn arm(&mut self, mut work: Vec<FolderKey>, force: bool) {
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
    fn ask_kernel(&self, key: FolderKey) -> State {
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
                    tracing::warn!(
                        folder = %self.path(key).display(),
                        %error,
                        "the kernel cannot watch this folder: looking at it now and then instead \
                         (is `fs.inotify.max_user_watches` too low?)",
                    );
                }
                State::Polled
            }
        }
    }

    fn set_state(&mut self, key: FolderKey, now: State) {
        self.release(key);
        match now {
            State::Missing => {}
            State::Armed(watch) => self.by_watch.entry(watch).or_default().push(key),
            State::Polled => _ = self.polled.insert(key),
        }
        self.folders[key].state = now;
    }

    /// Gives up what a folder has of the kernel.
    fn release(&mut self, key: FolderKey) {
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

    /// Signals everybody who watches something in a folder, or a tree that it is in.
    fn signal(&mut self, key: FolderKey) {
        let Some(folder) = self.folders.get(key) else { return };
        let each: &mut dyn FnMut(u64) = &mut |owner| self.dirty.add(owner);
        // The order does not matter to anybody: owners are told that they are to look again, each once.
        #[expect(clippy::iter_over_hash_type, reason = "a set of owners is filled")]
        for owners in folder.entries.values() {
            owners.each(&mut *each);
        }
        folder.folder.each(&mut *each);
        self.signal_trees(key);
    }

    /// Signals everybody who watches something in a folder or below it, links that lead there included.
    fn signal_all(&mut self, key: FolderKey) {
        let (mut work, mut seen) = (vec![key], FxHashSet::default());
        while let Some(key) = work.pop() {
            if seen.insert(key)
                && let Some(folder) = self.folders.get(key)
            {
                work.extend(folder.below.values().chain(&folder.linked));
                self.signal(key);
            }
        }
    }

    /// Signals everybody who watches a tree that a folder is in; whether there is any.
    fn signal_trees(&mut self, key: FolderKey) -> bool {
        let mut any = false;
        let mut next = Some(key);
        while let Some(folder) = next.and_then(|key| self.folders.get(key)) {
            any |= !folder.tree.is_empty();
            folder.tree.each(|owner| self.dirty.add(owner));
            next = folder.parent;
        }
        any
    }

    fn is_in_tree(&self, key: FolderKey) -> bool {
        let mut next = Some(key);
        while let Some(folder) = next.and_then(|key| self.folders.get(key)) {
            if !folder.tree.is_empty() {
                return true;
            }
            next = folder.parent;
        }
        false
    }

    fn register(&mut self, owner: u64, folder: FolderKey, interest: Interest) {
        self.registrations.entry(owner).or_default().push(Registration { folder, interest });
        // A folder that was only on the way so far needs more of the kernel now.
        if !self.folders[folder].has_contents {
            self.folders[folder].has_contents = true;
            self.arm(vec![folder], false);
        }
    }

    /// Notes where a folder leads that is a link. The kernel follows it by itself as long as it leads somewhere; that
    /// something appears, vanishes or moves at its other end is told there only.
    fn note_link(&mut self, key: FolderKey) {
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
    fn follow_links(&mut self) {
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
    fn unlink(&mut self, link: FolderKey, target: FolderKey) {
        if let Some(folder) = self.folders.get_mut(target) {
            folder.linked.retain(|it| *it != link);
            self.prune(target);
        }
    }

    /// The folder of a path, armed with all that are above it.
    fn intern(&mut self, path: &Path, depth: u8) -> FolderKey {
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

    fn insert(&mut self, parent: FolderKey, name: &OsStr) -> FolderKey {
        let name: Arc<OsStr> = name.into();
        let key = self.folders.insert(Folder::new(Some(parent), Arc::clone(&name)));
        self.folders[parent].below.insert(name, key);
        key
    }

    /// Removes a folder that is gone and was only part of a tree, and then those above it.
    fn prune_missing(&mut self, key: FolderKey) {
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
    fn prune(&mut self, key: FolderKey) {
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
    fn prune_below(&mut self, key: FolderKey) {
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

    fn path(&self, key: FolderKey) -> PathBuf {
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
    fn new(parent: Option<FolderKey>, name: Arc<OsStr>) -> Folder {
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

    fn needs_contents(&self) -> bool {
        !self.entries.is_empty() || !self.folder.is_empty() || !self.tree.is_empty()
    }

    /// Whether nobody watches it or anything below it, except as part of a tree.
    fn is_unneeded(&self) -> bool {
        self.parent.is_some() && !self.needs_contents() && self.below.is_empty() && self.linked.is_empty()
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn after_lost_events_everything_is_looked_at_and_armed_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut table = PathTable::new().expect("an instance is left");
        let paths = ["a/b/file", "quiet", "tree"].map(|name| folder.path().join(name));
        table.add(1, &Watch::Path(paths[0].clone()));
        table.add(2, &Watch::Path(paths[1].clone()));
        table.add(3, &Watch::Tree(paths[2].clone()));
        table.dirty().take();
        fs::create_dir_all(folder.path().join("a/b")).expect("made");
        fs::create_dir_all(folder.path().join("tree/below")).expect("made");
        // The kernel's queue was full: it says only that much.
        let mut lost = [MaybeUninit::uninit(); 64 << 10];
        let mut reader = inotify::Reader::new(table.inotify.as_fd(), &mut lost);
        while reader.next().is_ok() {}
        table.handle(-1, ReadFlags::QUEUE_OVERFLOW, None);
        let mut told = table.dirty().take();
        told.sort_unstable();
        assert_eq!(told, [1, 2, 3]);
        fs::write(&paths[0], "").expect("written");
        table.drain();
        assert_eq!(table.dirty().take(), [1], "the folder that appeared meanwhile is armed");
        fs::write(folder.path().join("tree/below/file"), "").expect("written");
        table.drain();
        assert_eq!(table.dirty().take(), [3]);
    }

    /// What is done to a folder and undone again before the watcher gets to it; a look in between has seen it done.
    #[test]
    fn what_came_and_went_meanwhile_is_looked_at_again() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        let rename = |from: &str, to: &str| fs::rename(at(from), at(to)).expect("renamed");
        for name in ["there/deep", "other/deep", "target/deep"] {
            fs::create_dir_all(at(name)).expect("made");
        }
        std::os::unix::fs::symlink("target", at("link")).expect("linked");
        let cases: [(&str, &dyn Fn()); 4] = [
            ("missing/deep/file", &|| {
                fs::create_dir_all(at("missing/deep")).expect("made");
                fs::remove_dir_all(at("missing")).expect("removed");
            }),
            ("there/deep/file", &|| {
                for (from, to) in [("there", "away"), ("other", "there"), ("there", "other"), ("away", "there")] {
                    rename(from, to);
                }
            }),
            ("link/deep/file", &|| {
                rename("target", "away");
                rename("away", "target");
            }),
            ("link/deep/file", &|| {
                rename("link", "away");
                rename("away", "link");
            }),
        ];
        for (path, change) in cases {
            let mut table = PathTable::new().expect("an instance is left");
            table.add(1, &Watch::Path(at(path)));
            table.drain();
            table.dirty().take();
            change();
            table.drain();
            assert_eq!(table.dirty().take(), [1], "{path}");
        }
    }

    const INSIDE: &str = "STEAD_TEST_FEW_WATCHES";

    #[test]
    fn what_the_kernel_cannot_watch_is_looked_at_now_and_then() {
        if std::env::var_os(INSIDE).is_none() {
            // A user namespace has a bound of its own.
            let script = "echo 12 >/proc/sys/user/max_inotify_watches && exec \"$@\"";
            let name = "watch::paths::tests::what_the_kernel_cannot_watch_is_looked_at_now_and_then";
            let program = std::env::current_exe().expect("we are a program");
            let status = std::process::Command::new("unshare")
                .args(["--user", "--map-root-user", "sh", "-c", script, "sh"])
                .arg(program)
                .args(["--exact", name])
                .env(INSIDE, "1")
                .stdout(std::process::Stdio::null())
                .status();
            assert!(status.expect("unshare can be started").success());
            return;
        }
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut table = PathTable::new().expect("an instance is left");
        for owner in 0..20 {
            let below = folder.path().join(owner.to_string());
            fs::create_dir(&below).expect("made");
            table.add(owner, &Watch::Path(below.join("file")));
        }
        let (armed, polled) = (table.armed(), table.polled());
        assert!(armed <= 12 && polled >= 10, "{armed} armed, {polled} polled");
        table.dirty().take();
        for owner in 0..20 {
            fs::write(folder.path().join(owner.to_string()).join("file"), "").expect("written");
        }
        table.drain();
        table.poll();
        let mut told = table.dirty().take();
        told.sort_unstable();
        assert_eq!(told, (0..20).collect::<Vec<u64>>(), "some by the kernel, the others by looking");
        // What becomes free is used.
        for owner in 0..10 {
            table.remove(owner);
        }
        table.poll();
        assert!(table.polled() < polled, "{} are still polled", table.polled());
    }
}
