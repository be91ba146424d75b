//! Tells whether a file is as it was when it was read, without reading it again.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// What the file system says of a file. A change of its content, or of which file a path leads to, is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// When content or attributes were changed last, in seconds and nanoseconds. Nobody can set it.
    changed: (i64, i64),
}

impl Stamp {
    /// The file at a path; `None` where there is none that can be looked at.
    pub fn of(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().map(|metadata| Stamp::from(&metadata))
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// The text of a file, and its stamp before it was read: where it was changed meanwhile, the stamp does not fit any more.
pub(crate) fn read(path: &Path) -> io::Result<(String, Stamp)> {
    let mut file = File::open(path)?;
    let stamp = Stamp::from(&file.metadata()?);
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok((text, stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_or_longer_is_another_one() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("main.mcl");
        fs::write(&path, "one").expect("it can be written");
        let (text, stamp) = read(&path).expect("it can be read");
        assert_eq!((text.as_str(), Stamp::of(&path)), ("one", Some(stamp)));
        fs::write(&path, "longer").expect("it can be written");
        assert_ne!(Stamp::of(&path), Some(stamp));
        let (_, stamp) = read(&path).expect("it can be read");
        let other = folder.path().join("other");
        fs::write(&other, "longer").expect("it can be written");
        fs::rename(&other, &path).expect("it can be renamed");
        assert_ne!(Stamp::of(&path), Some(stamp));
        fs::remove_file(&path).expect("it can be removed");
        assert_eq!(Stamp::of(&path), None);
    }
}
