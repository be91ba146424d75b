//! The watcher, on a real file system.
//!
//! Nothing here sleeps to let something happen: [`Watcher::settled`] says when all that happened before is among the events.

use host::{AccountDatabase, Events, LinuxProcesses, LinuxServices, Watcher};
use proptest::prelude::*;
use resource::Watch;
use resource::host::Command;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Fixture {
    folder: TempDir,
    watcher: Watcher,
    events: Events,
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let accounts = Arc::new(AccountDatabase::default());
        let processes = Arc::new(LinuxProcesses::new(accounts).expect("a thread can be started"));
        let services = Arc::new(LinuxServices::new(Arc::clone(&processes)));
        let (watcher, events) = Watcher::new(processes, services).expect("the kernel has an instance left");
        Fixture { folder, watcher, events }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Watches, and takes the event that says that it is armed.
    async fn watch(&mut self, owner: u64, watch: Watch) {
        self.watcher.add(owner, &watch);
        assert!(self.seen().await.contains(&owner), "an armed watch signals its owner");
    }

    async fn seen(&mut self) -> Vec<u64> {
        self.watcher.settled().await;
        let mut seen = self.events.take();
        seen.sort_unstable();
        seen
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("written");
}

#[tokio::test]
async fn every_kind_of_change_of_a_file_is_an_event_and_its_neighbours_are_not() {
    let mut it = Fixture::new();
    let (path, other) = (it.path("file"), it.path("other"));
    it.watch(1, Watch::Path(path.clone())).await;
    it.watch(2, Watch::Path(other.clone())).await;
    let changes: [(&str, &dyn Fn()); 9] = [
        ("created", &|| write(&path, "one")),
        ("written", &|| write(&path, "two")),
        ("mode", &|| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set")),
        ("renamed away", &|| fs::rename(&path, it.folder.path().join("away")).expect("renamed")),
        ("renamed back", &|| fs::rename(it.folder.path().join("away"), &path).expect("renamed")),
        ("removed", &|| fs::remove_file(&path).expect("removed")),
        ("a link", &|| symlink("nowhere", &path).expect("linked")),
        ("removed again", &|| fs::remove_file(&path).expect("removed")),
        ("a folder", &|| fs::create_dir(&path).expect("made")),
    ];
    for (what, change) in changes {
        change();
        it.watcher.settled().await;
        assert_eq!(it.events.take(), [1], "{what}");
    }
    write(&other, "");
    assert_eq!(it.seen().await, [2]);
}

#[tokio::test]
async fn what_is_missing_is_noticed_when_its_way_appears_piece_by_piece() {
    let mut it = Fixture::new();
    let deep = it.path("a/b/c/file");
    it.watch(1, Watch::Path(deep.clone())).await;
    fs::create_dir_all(it.path("a/b/c")).expect("made");
    assert_eq!(it.seen().await, [1]);
    write(&deep, "x");
    assert_eq!(it.seen().await, [1]);
    fs::rename(it.path("a/b"), it.path("a/elsewhere")).expect("renamed");
    assert_eq!(it.seen().await, [1], "gone with a folder above it");
    write(&it.path("a/elsewhere/c/file"), "y");
    assert_eq!(it.seen().await, [0; 0], "nobody watches what has gone elsewhere");
    fs::rename(it.path("a/elsewhere"), it.path("a/b")).expect("renamed");
    assert_eq!(it.seen().await, [1], "back again");
    write(&deep, "z");
    assert_eq!(it.seen().await, [1]);
    fs::remove_dir_all(it.path("a")).expect("removed");
    assert_eq!(it.seen().await, [1]);
    write(&it.path("a"), "a file where a folder was");
    it.seen().await;
    fs::remove_file(it.path("a")).expect("removed");
    fs::create_dir_all(it.path("a/b/c")).expect("made");
    it.seen().await;
    write(&deep, "again");
    assert_eq!(it.seen().await, [1]);
}

#[tokio::test]
async fn a_link_on_the_way_that_is_switched_is_an_event() {
    let mut it = Fixture::new();
    for version in ["v1", "v2"] {
        fs::create_dir(it.path(version)).expect("made");
        write(&it.path(version).join("file"), version);
    }
    symlink("v1", it.path("current")).expect("linked");
    it.watch(1, Watch::Path(it.path("current/file"))).await;
    write(&it.path("v1/file"), "changed");
    assert_eq!(it.seen().await, [1]);
    symlink("v2", it.path("new")).expect("linked");
    fs::rename(it.path("new"), it.path("current")).expect("renamed");
    assert_eq!(it.seen().await, [1], "the link leads elsewhere now");
    write(&it.path("v1/file"), "changed again");
    assert_eq!(it.seen().await, [0; 0]);
    write(&it.path("v2/file"), "changed");
    assert_eq!(it.seen().await, [1]);
}

#[tokio::test]
async fn a_folder_counts_with_what_is_in_it_and_a_tree_with_all_below() {
    let mut it = Fixture::new();
    fs::create_dir_all(it.path("top/below")).expect("made");
    it.watch(1, Watch::Folder(it.path("top"))).await;
    it.watch(2, Watch::Tree(it.path("top"))).await;
    write(&it.path("top/file"), "");
    assert_eq!(it.seen().await, [1, 2]);
    write(&it.path("top/below/file"), "");
    assert_eq!(it.seen().await, [2]);
    fs::create_dir_all(it.path("top/below/new/deeper")).expect("made");
    assert_eq!(it.seen().await, [2]);
    write(&it.path("top/below/new/deeper/file"), "");
    assert_eq!(it.seen().await, [2], "folders made later are watched too");
    fs::rename(it.path("top"), it.path("away")).expect("renamed");
    assert_eq!(it.seen().await, [1, 2]);
    write(&it.path("away/below/new/deeper/file"), "x");
    assert_eq!(it.seen().await, [0; 0]);
    write(&it.path(".stead-x"), "");
    fs::rename(it.path("away"), it.path("top")).expect("renamed");
    assert_eq!(it.seen().await, [1, 2]);
    write(&it.path("top/below/new/deeper/file"), "y");
    assert_eq!(it.seen().await, [2]);
    write(&it.path("top/.stead-temporary"), "not complete");
    assert_eq!(it.seen().await, [0; 0], "what is not complete is not there");
}

#[tokio::test]
async fn what_nobody_watches_any_more_costs_nothing() {
    let mut it = Fixture::new();
    let none = it.watcher.status();
    fs::create_dir_all(it.path("tree/a/b/c")).expect("made");
    it.watch(1, Watch::Tree(it.path("tree"))).await;
    it.watch(1, Watch::Path(it.path("tree/a/file"))).await;
    it.watch(2, Watch::Path(it.path("tree/a/file"))).await;
    assert!(it.watcher.status().armed > 3);
    it.watcher.remove(1);
    write(&it.path("tree/a/b/c/file"), "");
    assert_eq!(it.seen().await, [0; 0]);
    write(&it.path("tree/a/file"), "");
    assert_eq!(it.seen().await, [2], "the other owner still watches");
    it.watcher.remove(2);
    it.watcher.settled().await;
    // The root folder stays.
    assert_eq!(it.watcher.status().armed, none.armed.max(1));
}

#[tokio::test]
async fn what_is_mounted_over_is_an_event() {
    let mut it = Fixture::new();
    fs::create_dir(it.path("place")).expect("made");
    it.watch(1, Watch::Path(it.path("place/file"))).await;
    let place = it.path("place").display().to_string();
    let run = |argv: &[&str]| {
        std::process::Command::new(argv[0]).args(&argv[1..]).status().is_ok_and(|status| status.success())
    };
    if !run(&["mount", "-t", "tmpfs", "none", &place]) {
        return;
    }
    let seen = tokio::time::timeout(Duration::from_secs(20), it.events.next()).await;
    write(&it.path("place/file"), "on top");
    let written = it.seen().await;
    assert!(run(&["umount", &place]));
    assert_eq!(seen.expect("an event comes"), [1]);
    assert_eq!(written, [1], "the new file system is watched");
}

#[tokio::test]
async fn timers_and_lines_are_events_until_they_are_removed() {
    let mut it = Fixture::new();
    it.watcher.add(1, &Watch::Timer(5));
    let command = Command::shell("/bin/sh", "echo; echo line; exec sleep 1000");
    it.watcher.add(2, &Watch::Lines(Box::new(command)));
    let limit = Instant::now() + Duration::from_secs(20);
    let mut counts = BTreeMap::<u64, usize>::new();
    while counts.get(&1).is_none_or(|count| *count < 3) || !counts.contains_key(&2) {
        let seen = tokio::time::timeout_at(limit.into(), it.events.next()).await.expect("events come");
        for owner in seen {
            *counts.entry(owner).or_default() += 1;
        }
    }
    it.watcher.remove(1);
    it.watcher.remove(2);
}

#[tokio::test]
async fn a_watching_command_that_fails_is_told_with_the_reason_unless_nobody_wants_it_any_more() {
    let mut it = Fixture::new();
    let cases = [
        (Command::shell("/bin/sh", "exit 3"), "`/bin/sh -c exit 3`, which is to watch, ended with exit code 3"),
        (Command::new(["/nobody/has/this"]), "what is to watch: cannot start `/nobody/has/this`"),
        (Command::shell("/bin/sh", "kill -9 $$"), "what is to watch: `/bin/sh` was killed by signal SIGKILL"),
    ];
    for (command, message) in cases {
        let watch = Watch::Lines(Box::new(command));
        it.watcher.add(1, &watch);
        let mut failures = Vec::new();
        while failures.is_empty() {
            let seen = tokio::time::timeout(Duration::from_secs(20), it.events.next()).await.expect("events come");
            assert_eq!(seen, [1]);
            failures = it.watcher.failures();
        }
        let [(1, told)] = &failures[..] else { panic!("{failures:?}") };
        assert!(told.starts_with(message), "{told}");
        it.watcher.remove(1);
        it.watcher.add(1, &watch);
        _ = tokio::time::timeout(Duration::from_secs(20), it.events.next()).await.expect("events come");
        it.watcher.remove(1);
        assert_eq!(it.watcher.failures(), [], "nobody wants to know");
    }
}

/// A change of the file system below the test's folder, by numbers that stand for names.
#[derive(Clone, Debug)]
enum Op {
    Write(usize, u8),
    Remove(usize),
    MakeFolder(usize),
    Rename(usize, usize),
    Link(usize, usize),
    Mode(usize, bool),
}

/// The places that changes are made at and that are watched: names that meet each other.
const PLACES: [&str; 14] =
    ["a", "b", "a/a", "a/b", "b/a", "b/b", "a/a/a", "a/a/b", "a/b/a", "b/a/a", "b/b/b", "a/a/a/a", "a/b/a/b", "c"];

fn op() -> impl Strategy<Value = Op> {
    let place = || 0..PLACES.len();
    prop_oneof![
        3 => (place(), any::<u8>()).prop_map(|(at, content)| Op::Write(at, content)),
        2 => place().prop_map(Op::Remove),
        4 => place().prop_map(Op::MakeFolder),
        4 => (place(), place()).prop_map(|(from, to)| Op::Rename(from, to)),
        1 => (place(), place()).prop_map(|(at, to)| Op::Link(at, to)),
        1 => (place(), any::<bool>()).prop_map(|(at, wide)| Op::Mode(at, wide)),
    ]
}

/// Makes a change; most fail now and then, which is fine.
fn perform(root: &Path, op: &Op) {
    let at = |place: &usize| root.join(PLACES[*place]);
    match op {
        Op::Write(place, content) => _ = fs::write(at(place), content.to_string()),
        Op::Remove(place) => {
            let path = at(place);
            if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) {
                _ = fs::remove_dir_all(path);
            } else {
                _ = fs::remove_file(path);
            }
        }
        Op::MakeFolder(place) => _ = fs::create_dir_all(at(place)),
        Op::Rename(from, to) => _ = fs::rename(at(from), at(to)),
        Op::Link(place, to) => _ = symlink(at(to), at(place)),
        Op::Mode(place, wide) => {
            let mode = if *wide { 0o755 } else { 0o700 };
            // Through a link it would change what the link leads to, under a name that is not watched.
            if fs::symlink_metadata(at(place)).is_ok_and(|meta| !meta.is_symlink()) {
                _ = fs::set_permissions(at(place), fs::Permissions::from_mode(mode));
            }
        }
    }
}

/// What somebody who watches would see: the thing itself, and what is in it as far as it counts.
fn look(path: &Path, depth: usize) -> String {
    let Ok(meta) = fs::symlink_metadata(path) else { return "none".to_owned() };
    // The times of a folder change with what is in it, which counts only from some depth on.
    let times = if meta.is_dir() { (0, 0) } else { (meta.mtime_nsec(), meta.size()) };
    let mut text = format!("{} {} {:o} {times:?}", meta.dev(), meta.ino(), meta.mode());
    if depth > 0 && meta.is_dir() {
        let mut names: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        names.sort();
        for name in names {
            text.push_str(&format!("[{} {}]", name.display(), look(&name, depth - 1)));
        }
    }
    text
}

/// How many programs of changes are tried; `PROPTEST_CASES` says otherwise.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(48)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done, in whatever order, and however much at once: who watches something that looks different now was
    /// told after it changed.
    #[test]
    fn no_change_is_ever_missed(batches in prop::collection::vec(prop::collection::vec(op(), 1..6), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut it = Fixture::new();
            let root = it.folder.path().to_owned();
            let mut owners = Vec::new();
            for (index, place) in PLACES.iter().enumerate() {
                let owner = index as u64 * 10;
                for (kind, depth) in [(0, 0), (1, 1), (2, 20)] {
                    let path = root.join(place);
                    let watch = match kind {
                        0 => Watch::Path(path.clone()),
                        1 => Watch::Folder(path.clone()),
                        _ => Watch::Tree(path.clone()),
                    };
                    it.watcher.add(owner + kind, &watch);
                    owners.push((owner + kind, *place, depth));
                }
            }
            it.seen().await;
            for batch in &batches {
                let views = |owners: &[(u64, &str, usize)]| -> Vec<String> {
                    owners.iter().map(|(_, place, depth)| look(&root.join(place), *depth)).collect()
                };
                let before = views(&owners);
                batch.iter().for_each(|op| perform(&root, op));
                let after = views(&owners);
                let seen = it.seen().await;
                for (index, (owner, place, _)) in owners.iter().enumerate() {
                    let told = before[index] == after[index] || seen.contains(owner);
                    prop_assert!(told, "{owner} ({place}) was not told of {batch:?}: {} -> {}", before[index], after[index]);
                }
            }
            Ok(())
        })?;
    }

    /// The same with changes that go on while they are being told of: after the last one everybody is up to date.
    #[test]
    fn the_last_change_is_never_missed(ops in prop::collection::vec(op(), 50..300)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut it = Fixture::new();
            let root = it.folder.path().to_owned();
            for (index, place) in PLACES.iter().enumerate() {
                it.watcher.add(index as u64, &Watch::Path(root.join(place)));
            }
            it.seen().await;
            let mut views: Vec<String> = PLACES.iter().map(|place| look(&root.join(place), 0)).collect();
            let worker = { let root = root.clone(); std::thread::spawn(move || ops.iter().for_each(|op| perform(&root, op))) };
            loop {
                let is_over = worker.is_finished();
                it.watcher.settled().await;
                for owner in it.events.take() {
                    let index = usize::try_from(owner).expect("small");
                    views[index] = look(&root.join(PLACES[index]), 0);
                }
                if is_over {
                    break;
                }
            }
            worker.join().expect("it does not panic");
            for (index, place) in PLACES.iter().enumerate() {
                let now = look(&root.join(place), 0);
                prop_assert!(views[index] == now, "{place}: {} -> {now}", views[index]);
            }
            Ok(())
        })?;
    }
}
