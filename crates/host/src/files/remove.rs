//! Removes a folder with everything below it.
//!
//! Every step is relative to a descriptor, so that a folder which becomes a link meanwhile is not followed. What is mounted
//! below is never entered: it is an error. The depth is bounded: what lies deeper than [`DEEPEST`] is moved to the top
//! first, so neither the stack nor the number of open files depends on what others have made.

use super::walk::named;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const DEEPEST: usize = 64;

/// Is told of each regular file before it is removed: the folder it is in, its name, and the path below the top.
pub(super) type Keep<'a> = dyn FnMut(&OwnedFd, &OsStr, &Path) + 'a;

/// Removes a folder with everything below it.
pub(super) fn remove_tree(parent: &OwnedFd, name: &OsStr, keep: &mut Keep<'_>) -> io::Result<()> {
    let top = open_folder(parent, name)?;
    let mut moved = 0;
    loop {
        let before = moved;
        empty(&top, &top, 0, &mut moved, &mut PathBuf::new(), keep)?;
        if moved == before {
            break;
        }
    }
    drop(top);
    Ok(rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR)?)
}

fn empty(
    top: &OwnedFd,
    folder: &OwnedFd,
    depth: usize,
    moved: &mut usize,
    path: &mut PathBuf,
    keep: &mut Keep<'_>,
) -> io::Result<()> {
    for (name, is_folder) in list(folder)? {
        path.push(&name);
        if !is_folder {
            keep(folder, &name, path);
            ignore_missing(rustix::fs::unlinkat(folder, &name, AtFlags::empty()))?;
        } else if depth >= DEEPEST {
            *moved += 1;
            ignore_missing(rustix::fs::renameat(folder, &name, top, super::replace::temporary_name()))?;
        } else {
            match open_folder(folder, &name) {
                Ok(below) => empty(top, &below, depth + 1, moved, path, keep)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(named(error, path)),
            }
            let removed = ignore_missing(rustix::fs::unlinkat(folder, &name, AtFlags::REMOVEDIR));
            removed.map_err(|error| named(error, path))?;
        }
        path.pop();
    }
    Ok(())
}

fn ignore_missing(result: Result<(), Errno>) -> io::Result<()> {
    match result {
        Err(Errno::NOENT) => Ok(()),
        other => Ok(other?),
    }
}

/// Opens a folder for reading, unless it is a link or something is mounted there.
fn open_folder(parent: &OwnedFd, name: &OsStr) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let resolve = ResolveFlags::NO_XDEV | ResolveFlags::NO_SYMLINKS | ResolveFlags::BENEATH;
    let is_mounted = || io::Error::new(io::ErrorKind::ResourceBusy, "another file system is mounted there");
    match rustix::fs::openat2(parent, name, flags, Mode::empty(), resolve) {
        Ok(folder) => Ok(folder),
        Err(Errno::XDEV) => Err(is_mounted()),
        Err(Errno::NOSYS | Errno::PERM) => {
            let folder = rustix::fs::openat(parent, name, flags, Mode::empty())?;
            if rustix::fs::fstat(&folder)?.st_dev == rustix::fs::fstat(parent)?.st_dev {
                Ok(folder)
            } else {
                Err(is_mounted())
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// The names in a folder, and whether they are folders themselves. Read whole: removing while reading may skip names.
fn list(folder: &OwnedFd) -> io::Result<Vec<(OsString, bool)>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::Unknown => match super::walk::stat_in(folder, name)? {
                Some(stat) => FileType::from_raw_mode(stat.st_mode),
                None => continue,
            },
            known => known,
        };
        names.push((name.to_owned(), kind == FileType::Directory));
    }
    Ok(names)
}
