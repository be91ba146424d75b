//! Disks that are full, folders that are not to be written to.

use crate::program::{Place, Ran};
use crate::repair::temporaries;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use std::ffi::CString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

/// A small disk in memory, as long as this lives.
struct Disk(PathBuf);

impl Disk {
    /// Nothing where we may not mount.
    #[expect(clippy::print_stderr, reason = "who runs the tests should know what they do not show")]
    fn mount(path: PathBuf, flags: MountFlags) -> Option<Disk> {
        let options = CString::new("size=64k").expect("no NUL in it");
        match mount("stead-test", &path, "tmpfs", flags, options.as_c_str()) {
            Ok(()) => Some(Disk(path)),
            Err(error) => {
                eprintln!("not tried, since nothing can be mounted here: {error}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        _ = unmount(&self.0, UnmountFlags::DETACH);
    }
}

/// Files that a small disk has no room for, beside one that is elsewhere.
fn program(place: &Place) -> String {
    let content = "0123456789".repeat(20_000);
    let text = format!(
        r#"
file "@/disk/old" {{ state => "exists", content => "{content}", }}
file "@/disk/new" {{ state => "exists", content => "{content}", }}
file "@/other" {{ state => "exists", content => "done\n", }}
"#
    );
    place.write("main.mcl", &text).display().to_string()
}

#[track_caller]
fn both_failed(ran: Ran, folder: &Path, cause: &str) {
    let ran = ran.exits(2);
    for name in ["old", "new"] {
        let resource = format!("failed: file[{}]", folder.join(name).display());
        let line = ran.output.lines().find(|line| line.starts_with(&resource));
        assert!(line.is_some_and(|line| line.contains(cause)), "{name}: {cause}\n{ran:#?}");
    }
}

#[test]
fn on_a_full_disk_files_keep_their_content_and_the_rest_is_done() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.folder("disk"), MountFlags::empty()) else { return };
    fs::write(disk.path().join("old"), "old content").expect("there is room");
    let main = program(&place);
    both_failed(place.ran(&["apply", &main]), disk.path(), "No space left on device");
    assert_eq!(fs::read_to_string(disk.path().join("old")).expect("it is there"), "old content");
    assert!(!disk.path().join("new").exists());
    let large = place.write("large", &"0123456789".repeat(20_000)).display().to_string();
    let copy = format!("file \"@/disk/copy\" {{ state => \"exists\", source => \"{large}\", }}\n");
    let copy = place.write("copy.mcl", &copy).display().to_string();
    let said = place.ran(&["apply", &copy]).exits(2).output;
    assert!(said.contains("/disk/copy`: No space left on device"), "the disk of the copy is full: {said}");
    assert_eq!(temporaries(disk.path()), Vec::<PathBuf>::new());
    assert_eq!(place.read("other").as_deref(), Some("done\n"));
}

#[test]
fn on_a_disk_to_read_only_nothing_changes_and_the_rest_is_done() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.folder("disk"), MountFlags::RDONLY) else { return };
    let main = program(&place);
    both_failed(place.ran(&["apply", &main]), disk.path(), "Read-only file system");
    assert_eq!(place.read("other").as_deref(), Some("done\n"));
}

#[test]
fn who_may_not_write_to_a_folder_is_told_so_and_the_rest_is_done() {
    const NOBODY: u32 = 65534;
    let place = Place::new();
    let folder = place.folder("disk");
    fs::write(folder.join("old"), "old content").expect("it can be written");
    let main = program(&place);
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).expect("it is ours");
    let mut command = place.stead(&["apply", &main]);
    if rustix::process::geteuid().is_root() {
        fs::set_permissions(place.path(""), Permissions::from_mode(0o777)).expect("it is ours");
        command.uid(NOBODY).gid(NOBODY);
    }
    both_failed(Ran::of(command), &folder, "Permission denied");
    assert_eq!(fs::read_to_string(folder.join("old")).expect("it is there"), "old content");
    assert_eq!(temporaries(&folder), Vec::<PathBuf>::new());
    assert_eq!(place.read("other").as_deref(), Some("done\n"));
}

#[test]
fn a_file_takes_the_place_of_a_link_without_a_word_about_backups() {
    // A link to itself too.
    for target in ["nowhere", "kept"] {
        let place = Place::new();
        symlink(target, place.path("kept")).expect("a link can be made");
        let text = r#"file "@/kept" { state => "exists", content => "stated\n", force => true, }"#;
        let main = place.write("main.mcl", text).display().to_string();
        let ran = place.ran(&["apply", &main]).exits(0);
        assert_eq!(ran.errors, "");
        assert!(fs::symlink_metadata(place.path("kept")).is_ok_and(|it| it.is_file()));
        assert_eq!(place.read("kept").as_deref(), Some("stated\n"));
    }
}

#[test]
fn without_a_folder_for_its_state_the_program_says_which() {
    let place = Place::new();
    place.write("state", "a file is in the way");
    let ran = place.ran(&["apply", "-e", r#"file "/nowhere/at/all" { state => "exists", }"#]).exits(1);
    assert!(ran.errors.contains(&place.path("state").display().to_string()), "{ran:#?}");
    assert!(ran.errors.contains("File exists") || ran.errors.contains("Not a directory"), "{ran:#?}");
}

#[test]
fn a_state_directory_without_room_is_named() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.folder("disk"), MountFlags::empty()) else { return };
    fs::write(disk.path().join("fill"), vec![0; 1 << 20]).expect_err("it is smaller");
    let state = disk.path().join("state").display().to_string();
    let ran = place.ran(&["apply", "--state-dir", &state, "-e", "noop \"x\" {}"]).exits(1);
    let store = format!("error: the store `{state}/store` cannot be used: No space left on device");
    assert!(ran.errors.starts_with(&store), "{ran:#?}");
    assert!(ran.errors.contains("`--state-dir FOLDER`"), "{ran:#?}");
}

#[test]
fn whoever_is_not_root_is_told_so_at_once() {
    let place = Place::new();
    if !rustix::process::geteuid().is_root() {
        return;
    }
    fs::set_permissions(place.path(""), Permissions::from_mode(0o777)).expect("it is ours");
    let program =
        "group \"stead-nobody\" {\n\tstate => \"exists\",\n}\nuser \"stead-nobody\" {\n\tstate => \"exists\",\n}";
    let ran = |arguments: &[&str]| {
        let mut command = place.stead(&[arguments, &["-e", program]].concat());
        command.uid(65534).gid(65534);
        Ran::of(command)
    };
    let why = "only root can change users and groups: run stead as root, for instance with `sudo`";
    let planned = ran(&["plan"]).exits(4);
    let note = format!(
        "2 resources, 1 to change, 1 to change if the ones before bring what they should\nnote: as this user, `apply` would fail for 2 resources: {why}\n"
    );
    assert!(planned.output.ends_with(&note), "{planned:#?}");
    let planned = ran(&["plan", "--format", "json"]).exits(4);
    assert!(
        planned.output.contains(&format!("\"notes\":[\"as this user, `apply` would fail for 2 resources: {why}\"]")),
        "{planned:#?}"
    );
    assert!(!place.ran(&["plan", "-e", program]).exits(4).output.contains("note:"), "root can");
    let ran = ran(&["apply"]).exits(2);
    let told = format!("failed: group[stead-nobody]: {why}");
    assert!(ran.output.contains(&told), "{ran:#?}");
}
