//! Replaces a file in one step.
//!
//! The new file is made without a name where the file system can do that, otherwise under a name that begins with
//! [`TEMPORARY`]. It gets content, owner, mode and label, is judged and synced, and only then takes its name. So whoever
//! looks sees the old file or the whole new one, also after a crash, and a secret is never readable in between.
//!
//! A crash can leave a temporary name behind. Its maker holds a lock on the file for as long as it lives; the first write
//! into a folder removes what nobody holds.

use super::walk::{self, Place};
use super::{LinuxFiles, TEMPORARY};
use resource::host::{Content, NewFile};
use rustix::fs::{AtFlags, CWD, FileType, FlockOperation, Gid, Mode, OFlags, Stat, Uid, XattrFlags};
use rustix::io::Errno;
use rustix::process::Pid;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The label, which a new file takes over from the one that it replaces, as everything that begins with [`USER`].
const LABEL: &str = "security.selinux";

/// The access list, which it takes over unless it gets a mode. Capabilities it does not: the kernel takes them away too when
/// the content of a program changes.
const ACCESS_LIST: &str = "system.posix_acl_access";

/// How attributes begin that programs and people have put on a file.
const USER: &[u8] = b"user.";

/// The largest value of an attribute, and the longest list of their names.
const LARGEST_ATTRIBUTE: usize = 1 << 16;

/// A leftover whose maker may be alive must be this old to be removed: some are locked a moment after they have their
/// name, and links and folders never are.
const LEFTOVER_AGE: i64 = 60;

/// Writes the new file and gives it its name. The name is not durable yet.
pub(super) fn replace(files: &LinuxFiles, path: &Path, place: &Place, new: &NewFile) -> io::Result<()> {
    let old = walk::stat_in(&place.folder, &place.name)?;
    match old.as_ref().map(|old| FileType::from_raw_mode(old.st_mode)) {
        None | Some(FileType::RegularFile | FileType::Symlink) => {}
        Some(FileType::Directory) => return Err(Errno::ISDIR.into()),
        // A device or a socket is somebody's; who wants it gone says so.
        Some(_) => return Err(io::Error::new(ErrorKind::AlreadyExists, "something that is no file is in the way")),
    }
    if is_kernel_interface(&place.folder)? {
        return overwrite(files, place, new);
    }
    let regular = old.filter(|old| FileType::from_raw_mode(old.st_mode) == FileType::RegularFile);
    let mut temporary = Temporary::create(&place.folder)?;
    write_content(files, &mut temporary.file, &new.content)?;
    set_attributes(files, place, &temporary, new, regular.as_ref())?;
    if let Some(command) = &new.validate {
        temporary.give_name()?;
        super::validate::judge(command, path, &temporary.name)?;
    }
    if new.backup && regular.is_some() {
        files.keep(path, place);
    }
    temporary.file.sync_data_and_meta()?;
    match temporary.take(&place.name, old.is_some()) {
        // A file that is mounted by itself, as containers have them, cannot be replaced, only overwritten.
        Err(error) if error.raw_os_error() == Some(Errno::BUSY.raw_os_error()) => {
            tracing::warn!(path = %path.display(), "is a mount point: overwritten in place, not atomically");
            overwrite(files, place, new)
        }
        other => other,
    }
}

/// Removes what crashed runs have left in a folder.
pub(super) fn sweep(folder: &OwnedFd) {
    sweep_at(folder, rustix::time::clock_gettime(rustix::time::ClockId::Realtime).tv_sec);
}

fn sweep_at(folder: &OwnedFd, now: i64) {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let Ok(entries) = rustix::fs::openat(folder, ".", flags, Mode::empty()).and_then(rustix::fs::Dir::new) else {
        return;
    };
    for entry in entries.flatten() {
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if walk::is_temporary(name) && is_left_over(folder, name, now).unwrap_or(false) {
            tracing::info!(name = %name.display(), "removed what an interrupted run had left");
            // A folder of ours is empty.
            if rustix::fs::unlinkat(folder, name, AtFlags::empty()) == Err(Errno::ISDIR) {
                _ = rustix::fs::unlinkat(folder, name, AtFlags::REMOVEDIR);
            }
        }
    }
}

fn is_left_over(folder: &OwnedFd, name: &OsStr, now: i64) -> io::Result<bool> {
    let Some(stat) = walk::stat_in(folder, name)? else { return Ok(false) };
    if now - stat.st_ctime < LEFTOVER_AGE && !is_orphan(name) {
        return Ok(false);
    }
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Symlink | FileType::Directory => Ok(true),
        FileType::RegularFile => {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let file = rustix::fs::openat(folder, name, flags, Mode::empty())?;
            Ok(rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok())
        }
        // Never ours.
        _ => Ok(false),
    }
}

/// Whether the process that a temporary name was made by is gone. One with our number may be ourselves.
fn is_orphan(name: &OsStr) -> bool {
    let number = name.to_str().and_then(|name| name.strip_prefix(TEMPORARY)?.split('-').next()?.parse().ok());
    let process = number.filter(|number| *number > 0).and_then(Pid::from_raw);
    process.is_some_and(|process| rustix::process::test_kill_process(process) == Err(Errno::SRCH))
}

/// A file that is not complete.
struct Temporary<'a> {
    folder: &'a OwnedFd,
    file: File,
    name: OsString,
    has_name: bool,
}

impl<'a> Temporary<'a> {
    fn create(folder: &'a OwnedFd) -> io::Result<Temporary<'a>> {
        let private = Mode::RUSR | Mode::WUSR;
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let (file, name, has_name) = match rustix::fs::openat(folder, ".", flags, private) {
            Ok(file) => (file, temporary_name(), false),
            // Not every file system can make a file without a name.
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => {
                let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let name = temporary_name();
                (rustix::fs::openat(folder, &name, flags, private)?, name, true)
            }
            Err(error) => return Err(error.into()),
        };
        let temporary = Temporary { folder, file: File::from(file), name, has_name };
        // Where locks do not work, a leftover may go a minute after it was made, by whoever finds it.
        _ = rustix::fs::flock(&temporary.file, FlockOperation::NonBlockingLockExclusive);
        Ok(temporary)
    }

    fn give_name(&mut self) -> io::Result<()> {
        if !self.has_name {
            self.link(&self.name)?;
            self.has_name = true;
        }
        Ok(())
    }

    fn link(&self, name: &OsStr) -> Result<(), Errno> {
        let path = walk::descriptor_path(&self.file);
        rustix::fs::linkat(CWD, path, self.folder, name, AtFlags::SYMLINK_FOLLOW)
    }

    /// Gives it its final name.
    fn take(&mut self, name: &OsStr, exists: bool) -> io::Result<()> {
        if !self.has_name && !exists {
            match self.link(name) {
                // Somebody was faster.
                Err(Errno::EXIST) => {}
                other => return Ok(other?),
            }
        }
        self.give_name()?;
        rustix::fs::renameat(self.folder, &self.name, self.folder, name)?;
        self.has_name = false;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if self.has_name {
            _ = rustix::fs::unlinkat(self.folder, &self.name, AtFlags::empty());
        }
    }
}

/// A name that no other run and no other thread uses.
pub(super) fn temporary_name() -> OsString {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    let process = rustix::process::getpid().as_raw_nonzero();
    OsString::from(format!("{TEMPORARY}{process}-{:x}{:08x}-{count}", time.tv_sec, time.tv_nsec))
}

fn write_content(files: &LinuxFiles, to: &mut File, content: &Content) -> io::Result<()> {
    match content {
        Content::Bytes(bytes) => to.write_all(bytes),
        Content::CopyOf(path) => append(files, to, path),
        Content::Concat(paths) => paths.iter().try_for_each(|path| append(files, to, path)),
    }
}

fn append(files: &LinuxFiles, to: &mut File, path: &Path) -> io::Result<()> {
    let named = |error| walk::named(error, path);
    let source = files.open_regular(path).map_err(named)?;
    let (mut source, _) = source.ok_or_else(|| named(Errno::NOENT.into()))?;
    // Within one file system this shares or copies blocks in the kernel.
    io::copy(&mut source, to).map_err(|error| match error.kind() {
        // Where it is written to, not where it comes from.
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => error,
        _ => named(error),
    })?;
    Ok(())
}

fn set_attributes(
    files: &LinuxFiles,
    place: &Place,
    temporary: &Temporary<'_>,
    new: &NewFile,
    old: Option<&Stat>,
) -> io::Result<()> {
    let ourselves = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let owner = new.owner.or(old.map(|old| old.st_uid)).filter(|owner| *owner != ourselves.0);
    // A folder with the set-group-id bit has given the file its own group already.
    let given = rustix::fs::fstat(&temporary.file)?.st_gid;
    let group = new.group.or(old.map(|old| old.st_gid)).filter(|group| *group != given);
    if owner.is_some() || group.is_some() {
        match rustix::fs::fchown(&temporary.file, owner.map(Uid::from_raw), group.map(Gid::from_raw)) {
            // Who may replace a file but not give one away keeps it, unless the owner was asked for.
            Err(Errno::PERM) if new.owner.is_none() && new.group.is_none() => {}
            other => other?,
        }
    }
    let mode = new.mode.or(old.map(|old| old.st_mode & 0o7777)).unwrap_or(0o666 & !files.umask);
    rustix::fs::fchmod(&temporary.file, Mode::from_raw_mode(mode))?;
    if old.is_some() {
        inherit(place, temporary, new.mode.is_none())?;
    }
    Ok(())
}

/// Gives a new file the attributes of the old one.
fn inherit(place: &Place, temporary: &Temporary<'_>, with_access_list: bool) -> io::Result<()> {
    let mut names = vec![0; LARGEST_ATTRIBUTE];
    match rustix::fs::llistxattr(walk::place_path(place), &mut names[..]) {
        Ok(length) => names.truncate(length),
        // A file system without, or nothing that could be inherited.
        Err(Errno::OPNOTSUPP | Errno::NOENT | Errno::RANGE) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    for name in names.split(|byte| *byte == 0) {
        let is_access_list = name == ACCESS_LIST.as_bytes();
        if name == LABEL.as_bytes() || name.starts_with(USER) || (is_access_list && with_access_list) {
            inherit_one(place, temporary, OsStr::from_bytes(name))?;
        }
    }
    Ok(())
}

fn inherit_one(place: &Place, temporary: &Temporary<'_>, name: &OsStr) -> io::Result<()> {
    let mut value = vec![0; LARGEST_ATTRIBUTE];
    match rustix::fs::lgetxattr(walk::place_path(place), name, &mut value[..]) {
        Ok(length) => value.truncate(length),
        Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOENT | Errno::RANGE) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    match rustix::fs::fsetxattr(&temporary.file, name, &value, XattrFlags::empty()) {
        Err(Errno::PERM | Errno::OPNOTSUPP | Errno::ACCESS) => Ok(()),
        other => Ok(other?),
    }
}

/// Whether files in a folder are doors into the kernel: written to in place, in one call.
pub(super) fn is_kernel_interface(folder: &OwnedFd) -> io::Result<bool> {
    /// proc, sysfs, cgroup 1 and 2, debugfs, securityfs, tracefs, efivarfs, configfs.
    const MAGIC: [u64; 9] = [
        0x9fa0,
        0x6265_6572,
        0x0027_e0eb,
        0x6367_7270,
        0x6462_6720,
        0x7363_6673,
        0x7472_6163,
        0xde5e_81e4,
        0x6265_6570,
    ];
    let magic = rustix::fs::fstatfs(folder)?.f_type;
    Ok(u64::try_from(magic).is_ok_and(|magic| MAGIC.contains(&(magic & 0xffff_ffff))))
}

fn overwrite(files: &LinuxFiles, place: &Place, new: &NewFile) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(&place.folder, &place.name, flags, Mode::empty())?);
    match &new.content {
        Content::Bytes(bytes) => file.write_all(bytes)?,
        other => {
            let mut bytes = Vec::new();
            for path in sources(other) {
                let (mut source, _) = files.open_regular(path)?.ok_or(Errno::NOENT)?;
                source.read_to_end(&mut bytes)?;
            }
            file.write_all(&bytes)?;
        }
    }
    if let Some(mode) = new.mode {
        rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
    }
    if new.owner.is_some() || new.group.is_some() {
        rustix::fs::fchown(&file, new.owner.map(Uid::from_raw), new.group.map(Gid::from_raw))?;
    }
    Ok(())
}

/// The files that a content is made of.
pub(super) fn sources(content: &Content) -> &[std::path::PathBuf] {
    match content {
        Content::Bytes(_) => &[],
        Content::CopyOf(path) => std::slice::from_ref(path),
        Content::Concat(paths) => paths,
    }
}

trait SyncFile {
    fn sync_data_and_meta(&self) -> io::Result<()>;
}

impl SyncFile for File {
    fn sync_data_and_meta(&self) -> io::Result<()> {
        match self.sync_all() {
            // A file system without a disk.
            Err(error) if error.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_of_a_crashed_run_go_and_those_of_a_running_one_stay() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let descriptor =
            rustix::fs::open(folder.path(), OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).expect("it can be opened");
        let mut running = Temporary::create(&descriptor).expect("made");
        running.give_name().expect("named");
        for name in [".stead-crashed", "other"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        std::fs::create_dir(folder.path().join(".stead-folder")).expect("made");
        std::os::unix::fs::symlink("x", folder.path().join(".stead-link")).expect("linked");
        let names = || {
            let entries = std::fs::read_dir(folder.path()).expect("listed");
            let mut names: Vec<_> = entries.map(|entry| entry.expect("listed").file_name()).collect();
            names.sort();
            names
        };
        sweep(&descriptor);
        assert_eq!(names().len(), 5, "fresh ones may be somebody's who has not locked them yet");
        let mut child = std::process::Command::new("true").spawn().expect("it can be started");
        let orphan = format!("{TEMPORARY}{}-0-0", child.id());
        child.wait().expect("it ends");
        std::fs::write(folder.path().join(orphan), "").expect("written");
        sweep(&descriptor);
        assert_eq!(names().len(), 5, "that of a process that is gone is nobody's");
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime).tv_sec;
        sweep_at(&descriptor, now + 2 * LEFTOVER_AGE);
        assert_eq!(names(), [running.name.clone(), OsString::from("other")]);
        drop(running);
        assert_eq!(names(), ["other"]);
    }
}
