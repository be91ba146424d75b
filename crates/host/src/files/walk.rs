//! Walks a path so that nobody can redirect it who could not have done the same by himself.
//!
//! We often run as root in folders that belong to somebody else: whoever owns `/home/alice` can put a link to `/etc` where
//! a folder was a moment ago. Refusing every link would be safe, but `/var/run`, `/lib` and many more are links, so the one
//! idea is to **ask who vouches for a link**: the owner of the folder it is in, unless that is root or ourselves, then the
//! owner of the link. Where root or we vouch for it, it is followed. Where somebody else does, it is followed only when
//! what it leads to belongs to that same user. (`..` out of somebody's folder is treated as a link of his.)
//!
//! **Invariant:** what is checked is what is used: a walk ends with a descriptor, not with a path, and every decision is
//! made on the descriptor of the very folder or link that is followed.
//!
//! The usual path has no link at all, which costs one system call (`openat2`); only otherwise it is walked step by step.

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

/// As many links as the kernel follows.
const MOST_LINKS: usize = 40;

const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The folder of a path, as a descriptor that cannot be read from, and the name within it.
pub(super) struct Place {
    pub(super) folder: OwnedFd,
    pub(super) name: OsString,
}

/// Walks to the folder that a path is in.
pub(super) fn place(path: &Path) -> io::Result<Place> {
    let invalid = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
    let parent = path.parent().ok_or_else(|| invalid("the root folder cannot be replaced or removed"))?;
    let name = path.file_name().ok_or_else(|| invalid("the path ends in `..`; write the path that it leads to"))?;
    Ok(Place { folder: open(parent, FOLDER)?, name: name.to_owned() })
}

/// Opens what is at a path; follows a link at the end too.
pub(super) fn open(path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    if !path.is_absolute() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path is not absolute"));
    }
    let flags = flags | OFlags::CLOEXEC;
    let climbs = path.components().any(|part| part == Component::ParentDir);
    if !climbs {
        let resolve = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match rustix::fs::openat2(CWD, path, flags, Mode::empty(), resolve) {
            // A link is on the way, or this kernel (or the filter around a container) has no such call.
            Err(Errno::LOOP | Errno::NOSYS | Errno::PERM | Errno::AGAIN | Errno::INVAL) => {}
            other => return Ok(other?),
        }
    }
    let found = Walk::new(path)?.run()?;
    reopen(found, flags)
}

/// A walk, step by step.
struct Walk {
    /// Where we are: the descriptor and what it stands for.
    here: OwnedFd,
    here_stat: Stat,
    left: VecDeque<Step>,
    links: usize,
    ourselves: u32,
}

/// What is still to be done.
enum Step {
    Enter(OsString),
    Climb,
    /// What has been reached must belong to this user, who vouched for this link.
    Belongs {
        user: u32,
        link: PathBuf,
    },
}

impl Walk {
    fn new(path: &Path) -> io::Result<Walk> {
        let here = rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?;
        let here_stat = rustix::fs::fstat(&here)?;
        let mut left = VecDeque::new();
        extend_front(&mut left, path);
        Ok(Walk { here, here_stat, left, links: 0, ourselves: rustix::process::geteuid().as_raw() })
    }

    fn run(mut self) -> io::Result<OwnedFd> {
        while let Some(step) = self.left.pop_front() {
            match step {
                Step::Enter(name) => self.enter(&name)?,
                Step::Climb => {
                    let user = self.here_stat.st_uid;
                    self.go(rustix::fs::openat(&self.here, "..", FOLDER, Mode::empty())?)?;
                    self.check(user, Path::new(".."))?;
                }
                Step::Belongs { user, link } => self.check(user, &link)?,
            }
        }
        Ok(self.here)
    }

    fn enter(&mut self, name: &OsStr) -> io::Result<()> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let next = rustix::fs::openat(&self.here, name, flags, Mode::empty())?;
        let stat = rustix::fs::fstat(&next)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
            self.here = next;
            self.here_stat = stat;
            return Ok(());
        }
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        let voucher = if self.is_trusted(self.here_stat.st_uid) { stat.st_uid } else { self.here_stat.st_uid };
        if !self.is_trusted(voucher) {
            self.left.push_front(Step::Belongs { user: voucher, link: PathBuf::from(name) });
        }
        let target = rustix::fs::readlinkat(&next, "", Vec::new())?;
        let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
        extend_front(&mut self.left, &target);
        if target.is_absolute() {
            self.go(rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?)?;
        }
        Ok(())
    }

    fn go(&mut self, to: OwnedFd) -> io::Result<()> {
        self.here_stat = rustix::fs::fstat(&to)?;
        self.here = to;
        Ok(())
    }

    fn is_trusted(&self, user: u32) -> bool {
        user == 0 || user == self.ourselves
    }

    fn check(&self, voucher: u32, link: &Path) -> io::Result<()> {
        let owner = self.here_stat.st_uid;
        if self.is_trusted(voucher) || owner == voucher {
            return Ok(());
        }
        let message = format!(
            "the link `{}` is not followed: user {voucher} controls it, but it leads to what belongs to user {owner}",
            link.display(),
        );
        Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
    }
}

/// Puts the parts of a path before what is left.
fn extend_front(left: &mut VecDeque<Step>, path: &Path) {
    for part in path.components().rev() {
        match part {
            Component::Normal(name) => left.push_front(Step::Enter(name.to_owned())),
            Component::ParentDir => left.push_front(Step::Climb),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
}

/// Opens what a descriptor stands for in another way.
fn reopen(found: OwnedFd, flags: OFlags) -> io::Result<OwnedFd> {
    if flags.contains(OFlags::PATH) {
        if flags.contains(OFlags::DIRECTORY) {
            let stat = rustix::fs::fstat(&found)?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
                return Err(Errno::NOTDIR.into());
            }
        }
        return Ok(found);
    }
    Ok(rustix::fs::openat(CWD, descriptor_path(&found), flags, Mode::empty())?)
}

/// A path that means what a descriptor stands for, for calls that take no descriptor.
pub(super) fn descriptor_path(descriptor: &impl std::os::fd::AsRawFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", descriptor.as_raw_fd()))
}

/// The same for a name within a folder.
pub(super) fn place_path(place: &Place) -> PathBuf {
    descriptor_path(&place.folder).join(&place.name)
}

/// An error of the kernel with the path that it is about.
#[derive(Debug)]
struct Named {
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for Named {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Says which path an error is about, where that is another one than that of the whole operation.
pub(super) fn named(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), Named { path: path.to_owned(), source: error })
}

/// What is at a name within a folder, links not followed; `None` where nothing is.
pub(super) fn stat_in(folder: &OwnedFd, name: &OsStr) -> io::Result<Option<Stat>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether a name is one of the names we give to files that are not complete.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.as_bytes().starts_with(super::TEMPORARY.as_bytes())
}
