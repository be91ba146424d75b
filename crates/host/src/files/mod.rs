//! Files and folders on Linux.
//!
//! Paths are walked by descriptors ([`walk`]), files are replaced in one step ([`replace`]), names are made durable many at
//! a time ([`durable`]), and what is replaced or removed is kept ([`backup`]).
//!
//! [`Files::stat`] alone takes the kernel's own way along a path: it changes nothing and gives away nothing but facts.

mod backup;
mod create;
mod durable;
mod mounts;
mod remove;
mod replace;
mod validate;
pub(crate) mod walk;

pub use backup::{Backup, BackupBounds, Backups};

use resource::Result;
use resource::host::{Content, Entry, FileChange, FileKind, FileMeta, Files, NewFile, NewFolder, file_error};
use rustc_hash::FxHashSet;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Stat, Uid, XattrFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use walk::Place;

/// How the names of files that are not complete begin.
pub(crate) const TEMPORARY: &str = ".stead-";

const SELINUX: &str = "security.selinux";

/// Files and folders on Linux.
pub struct LinuxFiles {
    syncer: durable::Syncer,
    backups: Arc<Backups>,
    /// The mask for new files, as it was when the program started.
    umask: u32,
    /// The folders that have been searched for leftovers of crashed runs.
    swept: Mutex<FxHashSet<(u64, u64)>>,
    /// Held while a file is changed by its content; which of them, its path says.
    edits: [Mutex<()>; EDITS],
}

/// How many files can be changed by their contents at once.
const EDITS: usize = 32;

impl LinuxFiles {
    /// Files and folders; what is replaced or removed is kept in these backups.
    pub fn new(backups: Arc<Backups>) -> LinuxFiles {
        let (syncer, swept, edits) = Default::default();
        LinuxFiles { syncer, backups, umask: current_umask(), swept, edits }
    }

    /// Opens a regular file for reading; `None` where nothing is.
    fn open_regular(&self, path: &Path) -> io::Result<Option<(File, Stat)>> {
        // Without blocking, or a pipe would keep us waiting for a writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let Some(file) = optional(walk::open(path, flags))? else { return Ok(None) };
        let stat = rustix::fs::fstat(&file)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(Some((File::from(file), stat))),
            FileType::Directory => Err(Errno::ISDIR.into()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
        }
    }

    /// Keeps a file in the backups. Where that fails the work goes on: a full state folder must not stop repairs.
    fn keep(&self, path: &Path, place: &Place) {
        self.keep_in(path, &place.folder, &place.name);
    }

    fn keep_in(&self, path: &Path, folder: &OwnedFd, name: &OsStr) {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let kept =
            match rustix::fs::openat(folder, name, flags, Mode::empty()) {
                Ok(file) => rustix::fs::fstat(&file).map_err(io::Error::from).and_then(|stat| {
                    match FileType::from_raw_mode(stat.st_mode) {
                        FileType::RegularFile => self.backups.keep(path, File::from(file), &stat),
                        _ => Ok(()),
                    }
                }),
                // A link, a socket, or no longer there: it has no content to keep.
                Err(Errno::LOOP | Errno::NXIO | Errno::NOENT) => Ok(()),
                Err(error) => Err(error.into()),
            };
        if let Err(error) = kept {
            tracing::warn!(path = %path.display(), %error, "not kept in the backup store");
        }
    }

    /// Searches a folder for leftovers when something in it is first changed.
    fn sweep_once(&self, folder: &OwnedFd) -> io::Result<()> {
        let stat = rustix::fs::fstat(folder)?;
        let is_new = self.swept.lock().unwrap_or_else(PoisonError::into_inner).insert((stat.st_dev, stat.st_ino));
        if is_new {
            replace::sweep(folder);
        }
        Ok(())
    }

    fn try_write(&self, path: &Path, file: &NewFile) -> io::Result<()> {
        let place = walk::place(path)?;
        self.sweep_once(&place.folder)?;
        replace::replace(self, path, &place, file)?;
        self.syncer.note(place.folder)
    }

    fn try_make_folder(&self, path: &Path, folder: &NewFolder) -> io::Result<()> {
        let place = match walk::place(path) {
            Err(error) if folder.parents && error.kind() == io::ErrorKind::NotFound => {
                self.make_parents(path)?;
                walk::place(path)?
            }
            Err(_) if path.parent().is_none() => return Ok(()),
            other => other?,
        };
        if !create::folder(&place, folder, || self.sweep_once(&place.folder))? {
            // A link to a folder is as good as a folder.
            return walk::open(path, OFlags::PATH | OFlags::DIRECTORY).map(drop);
        }
        self.syncer.note(place.folder)
    }

    fn make_parents(&self, path: &Path) -> io::Result<()> {
        let mut missing: Vec<&Path> = Vec::new();
        for ancestor in path.ancestors().skip(1) {
            match walk::open(ancestor, OFlags::PATH | OFlags::DIRECTORY) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(ancestor),
                other => {
                    other?;
                    break;
                }
            }
        }
        missing.into_iter().rev().try_for_each(|ancestor| self.try_make_folder(ancestor, &NewFolder::default()))
    }

    fn try_remove(&self, path: &Path, recurse: bool, backup: bool) -> io::Result<()> {
        let Some(place) = optional(walk::place(path))? else { return Ok(()) };
        let Some(stat) = walk::stat_in(&place.folder, &place.name)? else { return Ok(()) };
        self.sweep_once(&place.folder)?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            mounts::check_removal(&place, &stat)?;
            self.remove_folder(path, &place, recurse, backup)?;
        } else {
            if backup {
                self.keep(path, &place);
            }
            ignore_missing(rustix::fs::unlinkat(&place.folder, &place.name, AtFlags::empty()))?;
        }
        self.syncer.note(place.folder)
    }

    fn remove_folder(&self, path: &Path, place: &Place, recurse: bool, backup: bool) -> io::Result<()> {
        let remove = || rustix::fs::unlinkat(&place.folder, &place.name, AtFlags::REMOVEDIR);
        let is_full = |error: Errno| matches!(error, Errno::NOTEMPTY | Errno::EXIST);
        match remove() {
            Err(error) if is_full(error) && recurse => {
                let mut keep = |folder: &OwnedFd, name: &OsStr, below: &Path| {
                    if backup && !walk::is_temporary(name) {
                        self.keep_in(&path.join(below), folder, name);
                    }
                };
                remove::remove_tree(&place.folder, &place.name, &mut keep)
            }
            Err(error) if is_full(error) => {
                // Perhaps only leftovers of a crashed run are in it.
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                replace::sweep(&rustix::fs::openat(&place.folder, &place.name, flags, Mode::empty())?);
                ignore_missing(remove())
            }
            other => ignore_missing(other),
        }
    }

    fn entries(&self, path: &Path) -> io::Result<Option<Vec<Entry>>> {
        let Some(folder) = optional(walk::open(path, OFlags::RDONLY | OFlags::DIRECTORY))? else { return Ok(None) };
        let mut entries = Vec::new();
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            // What is not complete is not there.
            if name == "." || name == ".." || walk::is_temporary(name) {
                continue;
            }
            if let Some(stat) = walk::stat_in(&folder, name)? {
                entries.push(Entry { name: name.to_owned(), meta: meta(&stat) });
            }
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Some(entries))
    }

    fn try_matches(&self, path: &Path, content: &Content) -> io::Result<Option<bool>> {
        let Some((file, stat)) = self.open_regular(path)? else { return Ok(None) };
        match content {
            Content::Bytes(bytes) => {
                let right_size = u64::try_from(stat.st_size).is_ok_and(|size| size == bytes.len() as u64);
                let told = tells_its_size(&stat);
                if told && !right_size {
                    return Ok(Some(false));
                }
                if bytes.len() < SMALL {
                    return Ok(Some(is_exactly(&file, bytes, told)?));
                }
                Ok(Some(equal(file, &bytes[..])?))
            }
            other => {
                let mut sources = Vec::new();
                let mut size = 0;
                let mut sizes_told = tells_its_size(&stat);
                for source in replace::sources(other) {
                    let named = |error| walk::named(error, source);
                    let opened = self.open_regular(source).and_then(|file| file.ok_or(Errno::NOENT.into()));
                    let (opened, facts) = opened.map_err(named)?;
                    if matches!(other, Content::CopyOf(_)) && (facts.st_dev, facts.st_ino) == (stat.st_dev, stat.st_ino)
                    {
                        return Ok(Some(true));
                    }
                    sizes_told &= tells_its_size(&facts);
                    size += facts.st_size;
                    sources.push(opened);
                }
                if sizes_told && size != stat.st_size {
                    return Ok(Some(false));
                }
                let empty: Box<dyn Read> = Box::new(io::empty());
                let all = sources.into_iter().fold(empty, |all, next| Box::new(all.chain(next)));
                Ok(Some(equal(file, BufReader::new(all))?))
            }
        }
    }
}

impl Files for LinuxFiles {
    fn stat(&self, path: &Path, follow: bool) -> Result<Option<FileMeta>> {
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        let stat = match rustix::fs::statat(CWD, path, flags) {
            // Links in a circle lead nowhere, like one to something that is not there.
            Err(Errno::LOOP) if follow => Ok(None),
            other => optional(other.map_err(io::Error::from)),
        };
        Ok(stat.map_err(file_error("look at", path))?.map(|stat| meta(&stat)))
    }

    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let read = || -> io::Result<Option<Vec<u8>>> {
            let Some((mut file, _)) = self.open_regular(path)? else { return Ok(None) };
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        };
        read().map_err(file_error("read", path))
    }

    fn matches(&self, path: &Path, content: &Content) -> Result<Option<bool>> {
        self.try_matches(path, content).map_err(file_error("compare", path))
    }

    fn read_folder(&self, path: &Path) -> Result<Option<Vec<Entry>>> {
        self.entries(path).map_err(file_error("list", path))
    }

    fn read_link(&self, path: &Path) -> Result<Option<PathBuf>> {
        let read = || -> io::Result<Option<PathBuf>> {
            let Some(place) = optional(walk::place(path))? else { return Ok(None) };
            match rustix::fs::readlinkat(&place.folder, &place.name, Vec::new()) {
                Ok(target) => Ok(Some(PathBuf::from(OsString::from_vec(target.into_bytes())))),
                Err(Errno::NOENT | Errno::INVAL) => Ok(None),
                Err(error) => Err(error.into()),
            }
        };
        read().map_err(file_error("read the link", path))
    }

    fn mounts(&self, path: &Path, follow: bool) -> Result<Vec<PathBuf>> {
        mounts::below(path, follow).map_err(file_error("look for mounts at", path))
    }

    fn write(&self, path: &Path, file: &NewFile) -> Result<()> {
        self.try_write(path, file).map_err(file_error("write", path))
    }

    fn edit(&self, path: &Path, change: &FileChange<'_>) -> Result<()> {
        let mut hasher = rustc_hash::FxHasher::default();
        path.hash(&mut hasher);
        // Two files that share a lock wait for each other, and nothing worse.
        let lock = &self.edits[usize::try_from(hasher.finish() % EDITS as u64).unwrap_or(0)];
        let _edit = lock.lock().unwrap_or_else(PoisonError::into_inner);
        change(self.read(path)?)?.map_or(Ok(()), |file| self.write(path, &file))
    }

    fn make_folder(&self, path: &Path, folder: &NewFolder) -> Result<()> {
        self.try_make_folder(path, folder).map_err(file_error("make the folder", path))
    }

    fn link(&self, path: &Path, target: &Path, owner: Option<u32>, group: Option<u32>) -> Result<()> {
        let link = || -> io::Result<()> {
            let place = walk::place(path)?;
            self.sweep_once(&place.folder)?;
            create::link(&place, target, owner, group)?;
            self.syncer.note(place.folder)
        };
        link().map_err(file_error("make the link", path))
    }

    fn sync(&self) -> Result<()> {
        self.syncer.sync().map_err(|error| resource::Error::caused("what was changed may not be on the disk", error))
    }

    fn remove(&self, path: &Path, recurse: bool, backup: bool) -> Result<()> {
        self.try_remove(path, recurse, backup).map_err(file_error("remove", path))
    }

    fn set_mode(&self, path: &Path, mode: u32) -> Result<()> {
        let set = || -> io::Result<()> {
            let found = walk::open(path, OFlags::PATH)?;
            Ok(rustix::fs::chmod(walk::descriptor_path(&found), Mode::from_raw_mode(mode))?)
        };
        set().map_err(file_error("set the mode of", path))
    }

    fn set_owner(&self, path: &Path, owner: Option<u32>, group: Option<u32>, follow: bool) -> Result<()> {
        let (owner, group) = (owner.map(Uid::from_raw), group.map(Gid::from_raw));
        let set = || -> io::Result<()> {
            if follow {
                let found = walk::open(path, OFlags::PATH)?;
                return Ok(rustix::fs::chownat(&found, "", owner, group, AtFlags::EMPTY_PATH)?);
            }
            let place = walk::place(path)?;
            Ok(rustix::fs::chownat(&place.folder, &place.name, owner, group, AtFlags::SYMLINK_NOFOLLOW)?)
        };
        set().map_err(file_error("set the owner of", path))
    }

    fn heeds_selinux(&self) -> bool {
        // There only where SELinux was not switched off when the kernel started.
        let known = crate::system::read_text(Path::new("/proc/filesystems"));
        known.is_ok_and(|text| text.lines().any(|line| line.ends_with("selinuxfs")))
    }

    fn selinux(&self, path: &Path) -> Result<Option<String>> {
        let mut value = vec![0; 4096];
        match rustix::fs::lgetxattr(path, SELINUX, &mut value) {
            Ok(length) => {
                value.truncate(length);
                let text = String::from_utf8_lossy(&value);
                Ok(Some(text.trim_end_matches('\0').to_owned()).filter(|context| !context.is_empty()))
            }
            Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(None),
            Err(error) => Err(file_error("read the SELinux context of", path)(error.into())),
        }
    }

    fn set_selinux(&self, path: &Path, context: Option<&str>) -> Result<()> {
        let set = || -> io::Result<()> {
            let place = walk::place(path)?;
            let path = walk::place_path(&place);
            match context {
                // The kernel's own tools write the final zero too.
                Some(text) => {
                    let value = [text.as_bytes(), b"\0"].concat();
                    Ok(rustix::fs::lsetxattr(path, SELINUX, &value, XattrFlags::empty())?)
                }
                None => match rustix::fs::lremovexattr(path, SELINUX) {
                    Err(Errno::NODATA) => Ok(()),
                    other => Ok(other?),
                },
            }
        };
        set().map_err(file_error("set the SELinux context of", path))
    }
}

/// `None` for what is not there, or cannot be because a file is where a folder would have to be.
fn optional<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn ignore_missing(result: Result<(), Errno>) -> io::Result<()> {
    match result {
        Err(Errno::NOENT) => Ok(()),
        other => Ok(other?),
    }
}

fn meta(stat: &Stat) -> FileMeta {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Folder,
        FileType::Symlink => FileKind::Symlink,
        _ => FileKind::Other,
    };
    FileMeta {
        kind,
        mode: stat.st_mode & 0o7777,
        owner: stat.st_uid,
        group: stat.st_gid,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified: i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec),
        inode: (stat.st_dev, stat.st_ino),
    }
}

/// Whether the size of a file can be believed: in `/proc` and `/sys` it is 0 or a page whatever the content.
fn tells_its_size(stat: &Stat) -> bool {
    stat.st_blocks > 0
}

/// Content below this many bytes is compared in one go.
const SMALL: usize = 16 << 10;

/// Whether a file holds these bytes and no more. Where its size is known to be theirs, one call of the system tells.
fn is_exactly(file: &File, bytes: &[u8], size_is_known: bool) -> io::Result<bool> {
    let mut found = Vec::with_capacity(bytes.len() + 1);
    loop {
        let before = found.len();
        if rustix::io::read(file, rustix::buffer::spare_capacity(&mut found))? == 0 {
            return Ok(found == bytes);
        }
        if bytes.get(before..found.len()) != Some(&found[before..]) {
            return Ok(false);
        }
        if size_is_known && found.len() == bytes.len() {
            return Ok(true);
        }
    }
}

/// Whether two streams are equal, reading no more than needed.
fn equal(mut left: File, mut right: impl BufRead) -> io::Result<bool> {
    let mut buffer = [0; 16 << 10];
    loop {
        let length = left.read(&mut buffer)?;
        if length == 0 {
            return Ok(right.fill_buf()?.is_empty());
        }
        let mut rest = &buffer[..length];
        while !rest.is_empty() {
            let other = right.fill_buf()?;
            let common = rest.len().min(other.len());
            if common == 0 || rest[..common] != other[..common] {
                return Ok(false);
            }
            right.consume(common);
            rest = &rest[common..];
        }
    }
}

/// The mask for new files. The system call can only read it by changing it, which other threads would notice.
fn current_umask() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    mask.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok()).unwrap_or(0o022)
}
