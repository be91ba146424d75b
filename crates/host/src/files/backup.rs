//! Keeps what was replaced or removed, so that it can be brought back.
//!
//! Contents are kept by their hash below `objects/`, so the same content is there once; `index.jsonl` says, one line for
//! each time, what was where and when. Both are bounded, in bytes and in age: the oldest go first.
//!
//! The store is a safety net, not a promise: a content that is too large is not kept, and a crash may lose the last ones,
//! because nothing is synced. A content is checked against its hash before it is given out.

use rustc_hash::FxHashMap;
use rustix::fs::Stat;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// How much is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupBounds {
    /// All contents together, in bytes.
    pub bytes: u64,
    /// The largest single content, in bytes.
    pub file_bytes: u64,
    /// The age in seconds.
    pub seconds: u64,
}

impl Default for BackupBounds {
    fn default() -> Self {
        BackupBounds { bytes: 256 << 20, file_bytes: 32 << 20, seconds: 90 * 24 * 3600 }
    }
}

/// A file as it was before it was replaced or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When, in seconds since 1970.
    pub time: u64,
    /// Where it was.
    #[serde(with = "path_text")]
    pub path: PathBuf,
    /// The hash of the content.
    pub hash: String,
    /// The size in bytes.
    pub size: u64,
    /// The permission bits.
    pub mode: u32,
    /// The owner.
    pub owner: u32,
    /// The group.
    pub group: u32,
}

/// The store of replaced and removed contents.
#[derive(Debug)]
pub struct Backups {
    root: PathBuf,
    bounds: BackupBounds,
    index: Mutex<Option<Index>>,
}

#[derive(Debug, Default)]
struct Index {
    /// Oldest first.
    entries: VecDeque<Backup>,
    /// How many entries have a content, and its size.
    contents: FxHashMap<String, (usize, u64)>,
    bytes: u64,
}

impl Backups {
    /// A store in a folder, which is made when it is first needed.
    pub fn new(root: PathBuf, bounds: BackupBounds) -> Backups {
        Backups { root, bounds, index: Mutex::new(None) }
    }

    /// All that is kept, oldest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn entries(&self) -> io::Result<Vec<Backup>> {
        self.with_index(|index| Ok(index.entries.iter().cloned().collect()))
    }

    /// A content by its hash.
    ///
    /// # Errors
    /// Where it is not kept, or damaged.
    pub fn content(&self, hash: &str) -> io::Result<Vec<u8>> {
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a hash"));
        }
        let bytes = fs::read(self.object(hash))?;
        if blake3::hash(&bytes).to_hex().as_str() == hash {
            Ok(bytes)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "the kept content is damaged"))
        }
    }

    /// Keeps the content of a file, as far as the bounds allow.
    pub(super) fn keep(&self, path: &Path, file: File, stat: &Stat) -> io::Result<()> {
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        if size > self.bounds.file_bytes {
            return Ok(());
        }
        self.with_index(|_| Ok(()))?;
        let mut bytes = Vec::new();
        // One more than allowed, to notice a file that grew meanwhile.
        file.take(self.bounds.file_bytes + 1).read_to_end(&mut bytes)?;
        let size = bytes.len() as u64;
        if size > self.bounds.file_bytes {
            return Ok(());
        }
        let hash = blake3::hash(&bytes).to_hex().to_string();
        self.put_object(&hash, &bytes)?;
        let entry = Backup {
            time: now(),
            path: path.to_owned(),
            hash,
            size,
            mode: stat.st_mode & 0o7777,
            owner: stat.st_uid,
            group: stat.st_gid,
        };
        self.with_index(|index| {
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            private().append(true).open(self.root.join("index.jsonl"))?.write_all(&line)?;
            index.push(entry);
            self.evict(index)
        })
    }

    fn object(&self, hash: &str) -> PathBuf {
        self.root.join("objects").join(&hash[..2]).join(hash)
    }

    fn put_object(&self, hash: &str, bytes: &[u8]) -> io::Result<()> {
        let object = self.object(hash);
        if fs::metadata(&object).is_ok_and(|meta| meta.len() == bytes.len() as u64) {
            return Ok(());
        }
        if let Some(folder) = object.parent() {
            make_folder(folder)?;
        }
        let temporary = object.with_file_name(super::replace::temporary_name());
        let written = private().create_new(true).open(&temporary).and_then(|mut file| file.write_all(bytes));
        written.and_then(|()| fs::rename(&temporary, &object)).inspect_err(|_| _ = fs::remove_file(&temporary))
    }

    fn with_index<T>(&self, work: impl FnOnce(&mut Index) -> io::Result<T>) -> io::Result<T> {
        // What is guarded is a cache of the folder: after a panic it is read anew.
        let mut guard = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let mut index = match guard.take() {
            Some(index) => index,
            None => self.load()?,
        };
        let result = work(&mut index);
        *guard = Some(index);
        result
    }

    fn load(&self) -> io::Result<Index> {
        make_folder(&self.root.join("objects"))?;
        let mut index = Index::default();
        match File::open(self.root.join("index.jsonl")) {
            Ok(file) => {
                for line in BufReader::new(file).lines() {
                    // A line that was torn by a crash says nothing.
                    if let Ok(entry) = serde_json::from_str::<Backup>(&line?)
                        && entry.hash.len() == 64
                        && entry.hash.is_ascii()
                    {
                        index.push(entry);
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.remove_unknown(&index)?;
        self.evict(&mut index)?;
        Ok(index)
    }

    /// Removes contents that no line speaks of: what a crash has left.
    fn remove_unknown(&self, index: &Index) -> io::Result<()> {
        for folder in fs::read_dir(self.root.join("objects"))? {
            for object in fs::read_dir(folder?.path())? {
                let object = object?;
                if !object.file_name().to_str().is_some_and(|hash| index.contents.contains_key(hash)) {
                    fs::remove_file(object.path())?;
                }
            }
        }
        Ok(())
    }

    /// Brings the store within its bounds. Goes somewhat below them, so that this is rare.
    fn evict(&self, index: &mut Index) -> io::Result<()> {
        let expired = |entry: &Backup, slack: u64| entry.time + self.bounds.seconds + slack < now();
        let is_full = index.bytes > self.bounds.bytes;
        if !is_full && !index.entries.front().is_some_and(|oldest| expired(oldest, 3600)) {
            return Ok(());
        }
        let wanted = if is_full { self.bounds.bytes - self.bounds.bytes / 8 } else { self.bounds.bytes };
        while index.entries.front().is_some_and(|oldest| index.bytes > wanted || expired(oldest, 0)) {
            if let Some(hash) = index.pop() {
                _ = fs::remove_file(self.object(&hash));
            }
        }
        let mut lines = Vec::new();
        for entry in &index.entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let temporary = self.root.join(super::replace::temporary_name());
        private().create_new(true).open(&temporary)?.write_all(&lines)?;
        fs::rename(&temporary, self.root.join("index.jsonl"))
    }
}

impl Index {
    fn push(&mut self, entry: Backup) {
        let content = self.contents.entry(entry.hash.clone()).or_insert((0, entry.size));
        if content.0 == 0 {
            self.bytes += entry.size;
        }
        content.0 += 1;
        self.entries.push_back(entry);
    }

    /// Forgets the oldest; returns its hash where nothing else has this content.
    fn pop(&mut self) -> Option<String> {
        let entry = self.entries.pop_front()?;
        let content = self.contents.get_mut(&entry.hash)?;
        content.0 -= 1;
        if content.0 > 0 {
            return None;
        }
        self.bytes -= content.1;
        self.contents.remove(&entry.hash);
        Some(entry.hash)
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A path as text; one that is no text as a list of bytes.
mod path_text {
    use super::{OsStrExt, OsString, OsStringExt, Path, PathBuf};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Bytes(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        let form = match path.to_str() {
            Some(text) => Form::Text(text.to_owned()),
            None => Form::Bytes(path.as_os_str().as_bytes().to_vec()),
        };
        form.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => PathBuf::from(text),
            Form::Bytes(bytes) => PathBuf::from(OsString::from_vec(bytes)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(backups: &Backups, folder: &Path, content: &str) {
        let path = folder.join("file");
        fs::write(&path, content).expect("the file can be written");
        let file = File::open(&path).expect("the file can be opened");
        let stat = rustix::fs::fstat(&file).expect("the file has facts");
        backups.keep(&path, file, &stat).expect("the content can be kept");
    }

    #[test]
    fn the_oldest_contents_go_when_the_store_is_full() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let bounds = BackupBounds { bytes: 40, file_bytes: 20, seconds: 1000 };
        let backups = Backups::new(folder.path().join("backup"), bounds);
        for count in 0..10 {
            keep(&backups, folder.path(), &format!("content {count}"));
        }
        keep(&backups, folder.path(), "a content that is too large to be kept");
        let kept: Vec<_> = backups.entries().expect("the index can be read");
        let texts: Vec<_> = kept
            .iter()
            .map(|entry| String::from_utf8(backups.content(&entry.hash).expect("kept")).expect("text"))
            .collect();
        assert_eq!(texts, ["content 6", "content 7", "content 8", "content 9"]);
        // Another run reads the same.
        let again = Backups::new(folder.path().join("backup"), bounds);
        assert_eq!(again.entries().expect("the index can be read"), kept);
    }

    #[test]
    fn one_content_is_kept_once_and_a_torn_line_is_skipped() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = folder.path().join("backup");
        let backups = Backups::new(root.clone(), BackupBounds::default());
        keep(&backups, folder.path(), "same");
        keep(&backups, folder.path(), "same");
        let mut index = OpenOptions::new().append(true).open(root.join("index.jsonl")).expect("there is an index");
        index.write_all(b"{\"time\":12").expect("it can be written");
        let again = Backups::new(root, BackupBounds::default());
        assert_eq!(again.entries().expect("the index can be read").len(), 2);
        assert_eq!(again.with_index(|index| Ok(index.bytes)).expect("loaded"), 4);
    }
}
