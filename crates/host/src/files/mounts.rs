//! Where something is mounted, as the kernel tells it: what is removed must not reach into another file system, and a
//! mount of a part of the same file system shows neither by its device nor by its number.

use super::walk::{self, Place};
use resource::clean_path;
use resource::host::{is_mounted, is_root_folder};
use rustix::fs::Stat;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

const TABLE: &str = "/proc/self/mountinfo";

/// Where something is mounted at a path or below it, sorted, each as a path that begins with this one.
pub(super) fn below(path: &Path, follow: bool) -> io::Result<Vec<PathBuf>> {
    let real = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !follow => super::optional(parent.canonicalize())?.map(|it| it.join(name)),
        _ => super::optional(path.canonicalize())?,
    };
    let Some(real) = real else { return Ok(Vec::new()) };
    let all = all()?;
    let below = all.iter().filter_map(|mount| mount.strip_prefix(&real).ok());
    let mut mounts: Vec<PathBuf> = below.map(|below| clean_path(&path.join(below))).collect();
    mounts.sort_unstable();
    mounts.dedup();
    Ok(mounts)
}

/// Refuses a folder that is the root folder under another name, or that something is mounted at or below. `stat` is what
/// is at the place.
pub(super) fn check_removal(place: &Place, stat: &Stat) -> io::Result<()> {
    let root = rustix::fs::stat("/")?;
    if (root.st_dev, root.st_ino) == (stat.st_dev, stat.st_ino) {
        return Err(is_root_folder());
    }
    let mounts = all()?;
    // Of the descriptor, not of the path: what is checked is what is used.
    let folder = std::fs::read_link(walk::descriptor_path(&place.folder))?;
    let real = folder.join(&place.name);
    match mounts.iter().find(|mount| mount.starts_with(&real)) {
        Some(mount) => Err(is_mounted(mount)),
        None => Ok(()),
    }
}

fn all() -> io::Result<Vec<PathBuf>> {
    Ok(parse(&std::fs::read(TABLE).map_err(|error| walk::named(error, Path::new(TABLE)))?))
}

/// The fifth word of each line, in which a space is `\040`.
fn parse(table: &[u8]) -> Vec<PathBuf> {
    let lines = table.split(|byte| *byte == b'\n');
    let words = lines.filter_map(|line| line.split(|byte| *byte == b' ').nth(4));
    words.map(|word| PathBuf::from(OsString::from_vec(unescaped(word)))).collect()
}

fn unescaped(word: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *first == b'\\').and_then(|it| std::str::from_utf8(it).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_points_are_read_with_what_is_escaped_in_them() {
        let table = b"22 1 8:1 / / rw,relatime - ext4 /dev/sda rw\n\
            40 22 0:35 / /srv/a\\040b\\134c rw shared:5 - tmpfs none rw\n\
            41 22 0:36 /part /srv/\\xf rw - tmpfs none rw\n";
        let expected = ["/", "/srv/a b\\c", "/srv/\\xf"].map(PathBuf::from);
        assert_eq!(parse(table), expected);
    }
}
