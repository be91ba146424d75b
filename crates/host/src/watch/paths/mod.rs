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

mod kernel;
mod links;
mod tree;

use super::owners::Dirty;
use links::normal;
use resource::Watch;
use rustc_hash::{FxHashMap, FxHashSet};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags};
use rustix::io::Errno;
use slotmap::SlotMap;
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use tree::{Folder, FolderKey};

/// What is said where the kernel gives no further descriptor.
const INSTANCES: &str = "`sysctl fs.inotify.max_user_instances` shows how many programs of a user may watch files, \
    `sysctl -w fs.inotify.max_user_instances=N` allows more, a file in `/etc/sysctl.d` does for good";

/// What is watched.
pub(super) struct PathTable {
    inotify: Arc<OwnedFd>,
    buffer: Vec<MaybeUninit<u8>>,
    folders: SlotMap<FolderKey, Folder>,
    root: FolderKey,
    /// Several folders can be one: by a link, or mounted twice.
    by_watch: FxHashMap<i32, Vec<FolderKey>>,
    registrations: FxHashMap<u64, Registrations>,
    /// Folders that turned out to be links, or not to be any more, and where they lead.
    links: Vec<(FolderKey, Option<PathBuf>)>,
    /// The folders that the kernel does not watch for us: looked at every so often.
    polled: FxHashSet<FolderKey>,
    dirty: Dirty,
}

/// The interests of an owner: nearly always one, which takes no memory of its own.
enum Registrations {
    One(Registration),
    Many(Vec<Registration>),
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
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).map_err(|error| match error {
            Errno::MFILE => io::Error::other(format!("{error}; {INSTANCES}")),
            other => other.into(),
        })?;
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
        let registrations = match self.registrations.remove(&owner) {
            None => return,
            Some(Registrations::One(only)) => vec![only],
            Some(Registrations::Many(all)) => all,
        };
        for Registration { folder, interest } in registrations {
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
        let new = Registration { folder, interest };
        let all = match self.registrations.remove(&owner) {
            None => Registrations::One(new),
            Some(Registrations::One(first)) => Registrations::Many(vec![first, new]),
            Some(Registrations::Many(mut all)) => {
                all.push(new);
                Registrations::Many(all)
            }
        };
        self.registrations.insert(owner, all);
        // A folder that was only on the way so far needs more of the kernel now.
        if !self.folders[folder].has_contents {
            self.folders[folder].has_contents = true;
            self.arm(vec![folder], false);
        }
    }
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
