//! Removals where something is mounted.
//!
//! One test runs this same program in a mount namespace of its own, as root of a user namespace where we are not root,
//! with the tests that are ignored otherwise: what they mount is gone with them.

use host::{BackupBounds, Backups, LinuxFiles};
use resource::host::{Content, Files, NewFile};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

#[test]
fn removals_in_a_mount_namespace() {
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "--propagation", "private"]);
    command.arg(std::env::current_exe().expect("we are a program")).arg("--ignored");
    let output = command.output().expect("unshare can be started");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "tests inside the namespace failed:\n{said}");
    assert!(said.contains("5 passed"), "not all tests ran:\n{said}");
}

struct Fixture {
    folder: TempDir,
    files: LinuxFiles,
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let backups = Arc::new(Backups::new(folder.path().join("backup"), BackupBounds::default()));
        let it = Fixture { files: LinuxFiles::new(backups), folder };
        for name in ["top/a", "top/sub/disk", "top/z"] {
            fs::create_dir_all(it.path(name)).expect("made");
        }
        fs::write(it.path("top/a/file"), "a").expect("written");
        fs::write(it.path("top/z/file"), "z").expect("written");
        it
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mount(&self, arguments: &[&str], name: &str) -> Mount {
        let path = self.path(name);
        let status = Command::new("mount").args(arguments).arg(&path).status().expect("mount can be started");
        assert!(status.success(), "{arguments:?} cannot be mounted");
        Mount(path)
    }

    /// Asserts that a removal is refused with this text, and that nothing is gone.
    fn refuses(&self, name: &str, text: &str) {
        let error = self.files.remove(&self.path(name), true, true).expect_err("it must stay").chain();
        assert!(error.contains(text), "{error}");
        assert!(error.contains(&self.path(name).display().to_string()), "{error}");
        assert!(self.path("top/a/file").exists() && self.path("top/z/file").exists(), "something is gone");
    }
}

/// Gone before the folder that it is in.
struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        let status = Command::new("umount").arg("--lazy").arg(&self.0).status();
        assert!(status.is_ok_and(|status| status.success()), "{} stays mounted", self.0.display());
    }
}

#[test]
#[ignore = "runs in a mount namespace"]
fn what_another_file_system_is_mounted_below_stays_whole() {
    let it = Fixture::new();
    let mount = it.mount(&["-t", "tmpfs", "none"], "top/sub/disk");
    fs::write(it.path("top/sub/disk/precious"), "precious").expect("written");
    let disk = it.path("top/sub/disk").display().to_string();
    let expected = format!("something is mounted at `{disk}`");
    it.refuses("top", &expected);
    it.refuses("top/sub", &expected);
    it.refuses("top/sub/disk", &expected);
    symlink(it.path("top"), it.path("link")).expect("linked");
    let found = it.files.mounts(&it.path("link/sub"), false).expect("told");
    assert_eq!(found, [it.path("link/sub/disk")]);
    assert_eq!(it.files.mounts(&it.path("link"), false).expect("told"), Vec::<PathBuf>::new(), "the link itself");
    assert_eq!(it.files.mounts(&it.path("link"), true).expect("told"), [it.path("link/sub/disk")]);
    assert_eq!(fs::read_to_string(it.path("top/sub/disk/precious")).expect("there"), "precious");
    drop(mount);
    it.files.remove(&it.path("top"), true, true).expect("nothing is mounted any more");
    assert!(!it.path("top").exists());
}

#[test]
#[ignore = "runs in a mount namespace"]
fn what_was_written_to_can_be_unmounted_once_it_is_synced() {
    let it = Fixture::new();
    let disk = it.path("top/sub/disk");
    // It is open until it is synced: that it can be unmounted is not by chance.
    for _ in 0..3 {
        let mount = it.mount(&["-t", "tmpfs", "none"], "top/sub/disk");
        it.files.write(&disk.join("file"), &NewFile::new(Content::Bytes(b"text".to_vec()))).expect("written");
        it.files.sync().expect("synced");
        let status = Command::new("umount").arg(&disk).status().expect("umount can be started");
        assert!(status.success(), "it is in use");
        std::mem::forget(mount);
    }
}

#[test]
#[ignore = "runs in a mount namespace"]
fn a_mount_of_the_same_file_system_is_none_the_less_a_mount() {
    let it = Fixture::new();
    let source = it.path("top/a").display().to_string();
    fs::create_dir(it.path("top/z/a b")).expect("made");
    let mount = it.mount(&["--bind", &source], "top/z/a b");
    it.refuses("top/z", &format!("something is mounted at `{}`", it.path("top/z/a b").display()));
    drop(mount);
}

#[test]
#[ignore = "runs in a mount namespace"]
fn the_root_folder_stays_under_another_name() {
    let it = Fixture::new();
    let mount = it.mount(&["--bind", "/"], "top/sub/disk");
    it.refuses("top/sub/disk", "leads to the root folder");
    drop(mount);
    for path in ["/", "/tmp/..", "/proc/self/root/tmp/.."] {
        let error = it.files.remove(Path::new(path), true, true).expect_err("it must stay").chain();
        assert!(error.contains("root folder") || error.contains("`..`"), "{error}");
    }
}

#[test]
#[ignore = "runs in a mount namespace"]
fn a_read_only_or_full_file_system_is_named_with_what_to_do() {
    let it = Fixture::new();
    let write = |name: &str| {
        let content = resource::host::Content::Bytes(vec![b'x'; 1 << 20]);
        let file = resource::host::NewFile::new(content);
        it.files.write(&it.path(name), &file).expect_err("it cannot be written").chain()
    };
    let mount = it.mount(&["-t", "tmpfs", "-o", "size=64k", "none"], "top/sub/disk");
    let full = write("top/sub/disk/file");
    assert!(full.contains("top/sub/disk/file") && full.contains("df -h"), "{full}");
    let status = Command::new("mount").args(["-o", "remount,ro"]).arg(&mount.0).status().expect("mount can be started");
    assert!(status.success(), "it cannot be made read-only");
    let read_only = write("top/sub/disk/file");
    assert!(read_only.contains("top/sub/disk/file") && read_only.contains("findmnt"), "{read_only}");
    drop(mount);
}
