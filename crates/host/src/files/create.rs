//! Makes folders and links.
//!
//! What is to have an owner or a mode gets them under a temporary name and only then its own, so that nobody finds it
//! without.

use super::replace::{is_kernel_interface, temporary_name};
use super::walk::{self, Place};
use resource::host::NewFolder;
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes a folder; false where something has its name already. What is temporary there is swept first.
pub(super) fn folder(place: &Place, new: &NewFolder, sweep: impl FnOnce() -> io::Result<()>) -> io::Result<bool> {
    if (new.mode, new.owner, new.group) == (None, None, None) {
        return made(rustix::fs::mkdirat(&place.folder, &place.name, Mode::from_raw_mode(0o777)));
    }
    if walk::stat_in(&place.folder, &place.name)?.is_some() {
        return Ok(false);
    }
    if is_kernel_interface(&place.folder)? {
        // The name makes something, such as a control group, that cannot get another.
        let is_made = made(rustix::fs::mkdirat(&place.folder, &place.name, Mode::from_raw_mode(0o755)))?;
        return if is_made { set_attributes(place, &place.name, new).map(|()| true) } else { Ok(false) };
    }
    sweep()?;
    let name = temporary_name();
    // Closed to others until it has its mode.
    let first = if new.mode.is_some() { 0o700 } else { 0o777 };
    rustix::fs::mkdirat(&place.folder, &name, Mode::from_raw_mode(first))?;
    let result = set_attributes(place, &name, new).and_then(|()| take_free_name(place, &name));
    if !matches!(result, Ok(true)) {
        _ = rustix::fs::unlinkat(&place.folder, &name, AtFlags::REMOVEDIR);
    }
    result
}

/// Makes a link in the place of what is there, unless that is a folder.
pub(super) fn link(place: &Place, target: &Path, owner: Option<u32>, group: Option<u32>) -> io::Result<()> {
    let old = walk::stat_in(&place.folder, &place.name)?;
    if old.as_ref().is_some_and(|old| FileType::from_raw_mode(old.st_mode) == FileType::Directory) {
        return Err(Errno::ISDIR.into());
    }
    let has_owner = owner.is_some() || group.is_some();
    if old.is_none() && !has_owner && made(rustix::fs::symlinkat(target, &place.folder, &place.name))? {
        return Ok(());
    }
    let name = temporary_name();
    rustix::fs::symlinkat(target, &place.folder, &name)?;
    let take = || {
        if has_owner {
            let (owner, group) = (owner.map(Uid::from_raw), group.map(Gid::from_raw));
            rustix::fs::chownat(&place.folder, &name, owner, group, AtFlags::SYMLINK_NOFOLLOW)?;
        }
        rustix::fs::renameat(&place.folder, &name, &place.folder, &place.name)
    };
    take().map_err(|error| {
        _ = rustix::fs::unlinkat(&place.folder, &name, AtFlags::empty());
        error.into()
    })
}

fn set_attributes(place: &Place, name: &OsStr, new: &NewFolder) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(&place.folder, name, flags, Mode::empty())?;
    if rustix::fs::fstat(&folder)?.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "somebody replaced the new folder"));
    }
    if new.owner.is_some() || new.group.is_some() {
        rustix::fs::fchown(&folder, new.owner.map(Uid::from_raw), new.group.map(Gid::from_raw))?;
    }
    if let Some(mode) = new.mode {
        rustix::fs::fchmod(&folder, Mode::from_raw_mode(mode))?;
    }
    Ok(())
}

/// Gives a new folder its name; false where something has it.
fn take_free_name(place: &Place, name: &OsStr) -> io::Result<bool> {
    let rename = rustix::fs::renameat_with(&place.folder, name, &place.folder, &place.name, RenameFlags::NOREPLACE);
    match rename {
        // A file system that cannot tell. A folder takes the place of nothing but an empty folder.
        Err(Errno::INVAL | Errno::NOSYS) => {
            match rustix::fs::renameat(&place.folder, name, &place.folder, &place.name) {
                Err(Errno::NOTDIR | Errno::NOTEMPTY) => Ok(false),
                other => made(other),
            }
        }
        other => made(other),
    }
}

/// Whether something was made; false where something was there.
fn made(result: Result<(), Errno>) -> io::Result<bool> {
    match result {
        Err(Errno::EXIST) => Ok(false),
        other => Ok(other.map(|()| true)?),
    }
}
