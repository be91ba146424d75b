//! Files and folders on a real file system.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use host::{BackupBounds, Backups, LinuxFiles};
use resource::Error;
use resource::host::{Content, FileKind, Files, NewFile, NewFolder};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

struct Fixture {
    folder: TempDir,
    backups: Arc<Backups>,
    files: LinuxFiles,
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let backups = Arc::new(Backups::new(folder.path().join("backup"), BackupBounds::default()));
        Fixture { files: LinuxFiles::new(Arc::clone(&backups)), backups, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = self.files.read_folder(&self.path(folder)).expect("it can be listed").expect("it is there");
        entries.into_iter().map(|entry| entry.name.into_string().expect("names are text")).collect()
    }
}

fn bytes(text: &str) -> NewFile {
    NewFile::new(Content::Bytes(text.as_bytes().to_vec()))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}

#[test]
fn a_new_file_has_its_content_and_mode_and_leaves_no_other_name() {
    let it = Fixture::new();
    let path = it.path("new");
    it.files.write(&path, &NewFile { mode: Some(0o4750), ..bytes("text") }).expect("written");
    assert_eq!(text(&path), "text");
    assert_eq!(fs::metadata(&path).expect("there").mode() & 0o7777, 0o4750);
    assert_eq!(fs::read_dir(it.folder.path()).expect("listed").count(), 1);
}

#[test]
fn a_replaced_file_keeps_mode_and_owner_and_goes_to_the_backup_store() {
    let it = Fixture::new();
    let path = it.path("file");
    fs::write(&path, "old").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
    if rustix::process::geteuid().is_root() {
        chown(&path, Some(12), Some(34)).expect("root may");
    }
    let before = fs::metadata(&path).expect("there");
    it.files.write(&path, &bytes("new")).expect("written");
    let after = fs::metadata(&path).expect("there");
    assert_eq!(text(&path), "new");
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert_ne!(after.ino(), before.ino(), "it is another file under the same name");
    let kept = it.backups.entries().expect("the index can be read");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].path, path);
    assert_eq!(it.backups.content(&kept[0].hash).expect("kept"), b"old");
    let store = it.path("backup");
    assert_eq!(fs::metadata(&store).expect("there").mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(store.join("index.jsonl")).expect("there").mode() & 0o777, 0o600);
}

#[test]
fn a_link_is_replaced_and_not_written_through() {
    let it = Fixture::new();
    fs::write(it.path("target"), "target").expect("written");
    symlink(it.path("target"), it.path("link")).expect("linked");
    it.files.write(&it.path("link"), &bytes("new")).expect("written");
    assert_eq!(text(&it.path("target")), "target");
    assert_eq!(text(&it.path("link")), "new");
    assert!(fs::symlink_metadata(it.path("link")).expect("there").is_file());
}

#[test]
fn what_a_crashed_run_has_left_goes_with_the_first_change_in_its_folder_of_whatever_kind() {
    let mut child = std::process::Command::new("true").spawn().expect("it can be started");
    let left = format!(".stead-{}-0-0", child.id());
    child.wait().expect("it ends");
    for what in ["written", "linked", "removed"] {
        let it = Fixture::new();
        fs::write(it.path("gone"), "").expect("written");
        symlink("nowhere", it.path(&left)).expect("linked");
        let result = match what {
            "written" => it.files.write(&it.path("file"), &bytes("new")),
            "linked" => it.files.link(&it.path("link"), Path::new("there"), None, None),
            _ => it.files.remove(&it.path("gone"), false, false),
        };
        result.expect("it can be changed");
        assert!(fs::symlink_metadata(it.path(&left)).is_err(), "{what}");
    }
}

#[test]
fn a_folder_is_never_replaced_by_a_file_or_a_link() {
    let it = Fixture::new();
    fs::create_dir(it.path("folder")).expect("made");
    it.files.write(&it.path("folder"), &bytes("x")).expect_err("a folder is in the way");
    it.files.link(&it.path("folder"), Path::new("x"), None, None).expect_err("a folder is in the way");
    assert!(it.path("folder").is_dir());
}

#[test]
fn a_validator_that_refuses_leaves_the_old_file_and_says_why() {
    let it = Fixture::new();
    let path = it.path("it's a file");
    fs::write(&path, "old").expect("written");
    let refuse = Some("grep -q good % || { echo 'line 1: not good'; exit 3; }".to_owned());
    let error = it.files.write(&path, &NewFile { validate: refuse.clone(), ..bytes("bad") }).expect_err("refused");
    assert!(error.chain().contains("line 1: not good"), "{}", error.chain());
    assert_eq!(text(&path), "old");
    assert_eq!(it.names("").len(), 1, "the refused file is gone");
    it.files.write(&path, &NewFile { validate: refuse, ..bytes("good") }).expect("accepted");
    assert_eq!(text(&path), "good");
}

#[test]
fn content_can_come_from_other_files() {
    let it = Fixture::new();
    fs::write(it.path("a"), "one ").expect("written");
    fs::write(it.path("b"), "two").expect("written");
    let concat = Content::Concat(vec![it.path("a"), it.path("b")]);
    it.files.write(&it.path("both"), &NewFile::new(concat.clone())).expect("written");
    assert_eq!(text(&it.path("both")), "one two");
    assert_eq!(it.files.matches(&it.path("both"), &concat).expect("compared"), Some(true));
    assert_eq!(it.files.matches(&it.path("a"), &concat).expect("compared"), Some(false));
    let copy = Content::CopyOf(it.path("a"));
    assert_eq!(it.files.matches(&it.path("both"), &copy).expect("compared"), Some(false));
    assert_eq!(it.files.matches(&it.path("a"), &copy).expect("compared"), Some(true), "of itself");
    assert_eq!(it.files.matches(&it.path("nothing"), &copy).expect("compared"), None);
    let missing = Content::CopyOf(it.path("nothing"));
    let error = it.files.write(&it.path("x"), &NewFile::new(missing)).expect_err("no source");
    assert!(error.chain().contains("nothing"), "the source is named: {}", error.chain());
}

#[test]
fn content_of_the_kernel_is_compared_although_its_size_lies() {
    let it = Fixture::new();
    let path = Path::new("/proc/sys/kernel/ostype");
    assert_eq!(it.files.matches(path, &Content::Bytes(b"Linux\n".to_vec())).expect("compared"), Some(true));
    assert_eq!(it.files.matches(path, &Content::Bytes(b"Minix\n".to_vec())).expect("compared"), Some(false));
    assert_eq!(it.files.read(path).expect("read").as_deref(), Some(&b"Linux\n"[..]));
}

#[test]
fn a_file_of_the_kernel_is_written_in_place() {
    if !is_root() {
        return;
    }
    let it = Fixture::new();
    let path = Path::new("/proc/self/coredump_filter");
    let before = it.files.read(path).expect("read").expect("there");
    it.files.write(path, &bytes("0x33")).expect("written");
    assert_eq!(it.files.read(path).expect("read").as_deref(), Some(&b"00000033\n"[..]));
    it.files.write(path, &NewFile::new(Content::Bytes([b"0x", before.trim_ascii()].concat()))).expect("restored");
}

#[test]
fn what_is_not_there_is_none_and_not_an_error() {
    let it = Fixture::new();
    fs::write(it.path("file"), "").expect("written");
    for path in [it.path("none"), it.path("none/below"), it.path("file/below")] {
        assert_eq!(it.files.stat(&path, true).expect("fine"), None);
        assert_eq!(it.files.read(&path).expect("fine"), None);
        assert_eq!(it.files.read_folder(&path).expect("fine"), None);
        assert_eq!(it.files.read_link(&path).expect("fine"), None);
        it.files.remove(&path, true, true).expect("fine");
    }
    symlink("dangling", it.path("link")).expect("linked");
    assert_eq!(it.files.stat(&it.path("link"), true).expect("fine"), None);
    let meta = it.files.stat(&it.path("link"), false).expect("fine").expect("the link is there");
    assert_eq!(meta.kind, FileKind::Symlink);
    assert_eq!(it.files.read_link(&it.path("link")).expect("fine"), Some(PathBuf::from("dangling")));
}

#[test]
fn a_pipe_does_not_keep_anybody_waiting() {
    let it = Fixture::new();
    let path = it.path("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("made");
    it.files.read(&path).expect_err("it is no regular file");
    it.files.remove(&path, false, true).expect("removed");
}

fn with_mode(mode: u32) -> NewFolder {
    NewFolder { mode: Some(mode), ..NewFolder::default() }
}

#[test]
fn folders_are_made_with_their_parents_and_only_the_last_gets_the_mode() {
    let it = Fixture::new();
    it.files.make_folder(&it.path("a/b/c"), &with_mode(0o700)).expect_err("no parents");
    it.files.make_folder(&it.path("a/b/c"), &NewFolder { parents: true, ..with_mode(0o1711) }).expect("made");
    it.files.make_folder(&it.path("a/b/c"), &with_mode(0o755)).expect("fine where there is one");
    assert_eq!(fs::metadata(it.path("a/b/c")).expect("there").mode() & 0o7777, 0o1711);
    symlink("a", it.path("link")).expect("linked");
    it.files.make_folder(&it.path("link"), &NewFolder::default()).expect("a link to a folder is as good");
    fs::write(it.path("file"), "").expect("written");
    it.files.make_folder(&it.path("file"), &NewFolder::default()).expect_err("a file is in the way");
    it.files.make_folder(&it.path("file/below"), &NewFolder::private()).expect_err("a file is in the way");
}

#[test]
fn a_folder_that_is_not_empty_goes_only_with_what_is_in_it() {
    let it = Fixture::new();
    // Deeper than there may be open files in one go.
    let mut deep = it.path("top");
    for _ in 0..300 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).expect("made");
    fs::write(it.path("top/file"), "kept").expect("written");
    fs::write(it.path("outside"), "outside").expect("written");
    symlink(it.path("outside"), it.path("top/link")).expect("linked");
    symlink(it.folder.path(), it.path("top/folder-link")).expect("linked");
    it.files.remove(&it.path("top"), false, true).expect_err("it is not empty");
    it.files.remove(&it.path("top"), true, true).expect("removed");
    assert!(!it.path("top").exists());
    assert_eq!(text(&it.path("outside")), "outside", "links are not followed");
    let kept = it.backups.entries().expect("the index can be read");
    assert_eq!(kept.iter().map(|entry| entry.path.clone()).collect::<Vec<_>>(), [it.path("top/file")]);
}

#[test]
fn modes_owners_and_links_are_set() {
    let it = Fixture::new();
    fs::write(it.path("file"), "").expect("written");
    it.files.link(&it.path("link"), Path::new("elsewhere"), None, None).expect("made");
    it.files.link(&it.path("link"), Path::new("file"), None, None).expect("replaced");
    assert_eq!(fs::read_link(it.path("link")).expect("a link"), Path::new("file"));
    it.files.set_mode(&it.path("link"), 0o2604).expect("links are followed");
    assert_eq!(fs::metadata(it.path("file")).expect("there").mode() & 0o7777, 0o2604);
    if is_root() {
        it.files.set_owner(&it.path("link"), Some(7), Some(8), true).expect("set");
        it.files.set_owner(&it.path("link"), Some(5), None, false).expect("set");
        let (file, link) = (fs::metadata(it.path("file")), fs::symlink_metadata(it.path("link")));
        let (file, link) = (file.expect("there"), link.expect("there"));
        assert_eq!((file.uid(), file.gid(), link.uid()), (7, 8, 5));
    }
    let error = it.files.set_mode(&it.path("none"), 0o600).expect_err("nothing is there");
    assert!(matches!(error, Error::File { .. }));
}

#[test]
fn new_folders_and_links_are_never_seen_without_their_owner_and_mode() {
    let it = Fixture::new();
    let (owner, group) = if is_root() { (Some(1234), Some(1235)) } else { (None, None) };
    let seen = |path: &Path| loop {
        if let Ok(meta) = fs::symlink_metadata(path) {
            return meta;
        }
    };
    for round in 0..100 {
        let (folder, link) = (it.path(&format!("folder{round}")), it.path(&format!("link{round}")));
        let (folder_seen, link_seen) = std::thread::scope(|scope| {
            let watching = scope.spawn(|| (seen(&folder), seen(&link)));
            let new = NewFolder { owner, group, ..with_mode(0o2751) };
            it.files.make_folder(&folder, &new).expect("made");
            it.files.link(&link, Path::new("x"), owner, group).expect("made");
            watching.join().expect("it is there")
        });
        assert_eq!(folder_seen.mode() & 0o7777, 0o2751);
        if is_root() {
            assert_eq!((folder_seen.uid(), folder_seen.gid()), (1234, 1235));
            assert_eq!((link_seen.uid(), link_seen.gid()), (1234, 1235));
        }
    }
    assert_eq!(fs::read_dir(it.folder.path()).expect("listed").count(), 200, "nothing temporary stays");
}

#[test]
fn edits_of_one_file_do_not_undo_each_other() {
    let it = Fixture::new();
    let path = it.path("shared");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (files, path) = (&it.files, &path);
            scope.spawn(move || {
                for round in 0..10 {
                    let line = format!("{thread} {round}\n");
                    let edit = |old: Option<Vec<u8>>| {
                        Ok(Some(bytes(&(String::from_utf8(old.unwrap_or_default()).expect("text") + &line))))
                    };
                    files.edit(path, &edit).expect("edited");
                }
            });
        }
    });
    let mut lines: Vec<String> = text(&path).lines().map(str::to_owned).collect();
    lines.sort();
    let expected: Vec<String> =
        (0..8).flat_map(|thread| (0..10).map(move |round| format!("{thread} {round}"))).collect();
    assert_eq!(lines, expected);
    it.files.edit(&path, &|_| Ok(None)).expect("left as it is");
    assert_eq!(text(&path).lines().count(), 80);
}

/// The folder of user 1234, beside a folder of root.
fn somebody(it: &Fixture) -> PathBuf {
    fs::set_permissions(it.folder.path(), fs::Permissions::from_mode(0o755)).expect("set");
    let home = it.path("home");
    fs::create_dir_all(home.join("own")).expect("made");
    fs::create_dir(it.path("secret")).expect("made");
    fs::write(it.path("secret/file"), "secret").expect("written");
    for path in [home.clone(), home.join("own")] {
        chown(path, Some(1234), Some(1234)).expect("root may");
    }
    home
}

#[test]
fn a_link_that_somebody_planted_cannot_redirect_a_write() {
    let it = Fixture::new();
    if !is_root() {
        return;
    }
    let home = somebody(&it);
    for owner in [1234, 0] {
        // A link of root in somebody's folder may have been moved there by him.
        let planted = home.join(format!("planted-by-{owner}"));
        symlink(it.path("secret"), &planted).expect("linked");
        std::os::unix::fs::lchown(&planted, Some(owner), Some(owner)).expect("root may");
        let inside = planted.join("file");
        let refused = |result: resource::Result<()>| {
            let text = result.expect_err("the link leads to what is not his").chain();
            assert!(text.contains("user 1234 controls it"), "{text}");
        };
        refused(it.files.write(&inside, &bytes("x")));
        refused(it.files.remove(&inside, true, true));
        refused(it.files.make_folder(&inside, &NewFolder::private()));
        refused(it.files.link(&inside, Path::new("x"), None, None));
        refused(it.files.set_mode(&inside, 0o777));
        refused(it.files.set_owner(&inside, Some(1234), None, true));
        refused(it.files.set_owner(&inside, Some(1234), None, false));
        refused(it.files.read(&inside).map(drop));
        refused(it.files.matches(&inside, &Content::Bytes(Vec::new())).map(drop));
    }
    // The last part counts too where it is followed.
    symlink(it.path("secret/file"), home.join("last")).expect("linked");
    it.files.set_mode(&home.join("last"), 0o777).expect_err("refused");
    // So does a way out by two dots.
    it.files.write(&home.join("own/../../secret/file"), &bytes("x")).expect_err("refused");
    assert_eq!(text(&it.path("secret/file")), "secret");
}

#[test]
fn a_folder_that_becomes_a_link_again_and_again_never_redirects_a_write() {
    let it = Fixture::new();
    if !is_root() {
        return;
    }
    let home = somebody(&it);
    symlink(it.path("secret"), home.join("trap")).expect("linked");
    std::os::unix::fs::lchown(home.join("trap"), Some(1234), Some(1234)).expect("root may");
    let done = std::sync::atomic::AtomicBool::new(false);
    let (mut written, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let home = fs::File::open(&home).expect("it can be opened");
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let exchange = rustix::fs::RenameFlags::EXCHANGE;
                rustix::fs::renameat_with(&home, "own", &home, "trap", exchange).expect("exchanged");
            }
        });
        for _ in 0..1500 {
            let path = home.join("own/file");
            let result = it.files.set_mode(&path, 0o666).and_then(|()| it.files.remove(&path, false, false));
            let result = result.or_else(|_| it.files.link(&path, Path::new("x"), None, None));
            *(if result.is_ok() { &mut written } else { &mut refused }) += 1;
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(written > 0 && refused > 0, "{written} written, {refused} refused: the two have to meet");
    assert_eq!(text(&it.path("secret/file")), "secret");
    assert_eq!(fs::metadata(it.path("secret/file")).expect("there").mode() & 0o777, 0o644);
    assert_eq!(it.names("secret"), ["file"]);
}

#[test]
fn links_of_the_system_and_links_to_ones_own_are_followed() {
    let it = Fixture::new();
    if !is_root() {
        return;
    }
    let home = somebody(&it);
    symlink("home", it.path("by-root")).expect("linked");
    it.files.write(&it.path("by-root/own/a"), &bytes("a")).expect("root vouches");
    symlink("own", home.join("alias")).expect("linked");
    std::os::unix::fs::lchown(home.join("alias"), Some(1234), Some(1234)).expect("root may");
    it.files.write(&home.join("alias/b"), &bytes("b")).expect("it leads to what is his");
    assert_eq!(it.names("home/own"), ["a", "b"]);
    symlink("loop", it.path("loop")).expect("linked");
    let error = it.files.write(&it.path("loop/x"), &bytes("x")).expect_err("endless");
    assert!(error.chain().contains("symbolic links"), "{}", error.chain());
}

#[test]
fn a_reader_sees_the_old_or_the_new_file_and_nothing_between() {
    let it = Fixture::new();
    let path = it.path("file");
    let (old, new) = ("o".repeat(100_000), "n".repeat(90_000));
    it.files.write(&path, &bytes(&old)).expect("written");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for count in 0..50 {
                let file = NewFile { backup: false, ..bytes(if count % 2 == 0 { &new } else { &old }) };
                it.files.write(&path, &file).expect("written");
            }
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            let seen = text(&path);
            assert!(seen == old || seen == new, "{} bytes", seen.len());
        }
    });
}
