//! Makes a folder of the machine the same as one of the program.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder the same as another: what is not there is removed, what is equal is left alone.
///
/// # Errors
/// Where there is no such folder, or the copy fails.
pub(super) fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    if !fs::metadata(from)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "not a directory"));
    }
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        one(&from, &to, &mut folders)?;
    }
    Ok(())
}

/// Makes one folder the same as another, without what is in its folders: those are left to be done.
fn one(from: &Path, to: &Path, folders: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
    if !fs::symlink_metadata(to).is_ok_and(|it| it.is_dir()) {
        remove(to)?;
        fs::create_dir_all(to)?;
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if !from.join(entry.file_name()).exists() {
            remove(&entry.path())?;
        }
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let metadata = fs::metadata(&source)?;
        if metadata.is_dir() {
            folders.push((source, target));
            continue;
        }
        let same = fs::symlink_metadata(&target).is_ok_and(|it| it.is_file() && it.len() == metadata.len())
            && fs::read(&target)? == fs::read(&source)?;
        if !same {
            remove(&target)?;
            fs::copy(&source, &target)?;
        }
        fs::set_permissions(&target, metadata.permissions())?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_exact_and_leaves_alone_what_is_equal() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("a/b"))?;
        fs::write(from.join("a/b/c"), "1")?;
        fs::create_dir_all(to.join("gone"))?;
        fs::create_dir_all(to.join("a"))?;
        fs::write(to.join("a/b"), "a file in the way")?;
        mirror(&from, &to)?;
        assert_eq!(fs::read_to_string(to.join("a/b/c"))?, "1");
        assert!(!to.join("gone").exists());
        let before = fs::metadata(to.join("a/b/c"))?.modified()?;
        mirror(&from, &to)?;
        assert_eq!(fs::metadata(to.join("a/b/c"))?.modified()?, before);
        Ok(())
    }
}
