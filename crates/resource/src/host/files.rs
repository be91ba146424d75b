//! Files and folders.

use crate::Result;
use std::path::{Path, PathBuf};

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe.
    Other,
}

/// What is known about something at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMeta {
    /// What it is.
    pub kind: FileKind,
    /// The permission bits, with set-user-id, set-group-id and sticky bit.
    pub mode: u32,
    /// The owner.
    pub owner: u32,
    /// The group.
    pub group: u32,
    /// The size in bytes.
    pub size: u64,
    /// When the content last changed, in nanoseconds since 1970.
    pub modified: i128,
    /// The device and the number on it: the same for two names of one file.
    pub inode: (u64, u64),
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name within the folder.
    pub name: std::ffi::OsString,
    /// What it is; links are not followed.
    pub meta: FileMeta,
}

/// Where the content of a new file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The content of another file.
    CopyOf(PathBuf),
    /// The contents of files, one after the other.
    Concat(Vec<PathBuf>),
}

/// A file that takes the place of whatever file is at its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// The content.
    pub content: Content,
    /// The permission bits; `None`: those of the file that is replaced, or 0666 less the umask.
    pub mode: Option<u32>,
    /// The owner; `None`: that of the file that is replaced, or the agent.
    pub owner: Option<u32>,
    /// The group; `None`: that of the file that is replaced, or the agent's.
    pub group: Option<u32>,
    /// Whether what is replaced is kept in the backup store.
    pub backup: bool,
    /// A program that judges the new file before it takes the place of the old one: `%` stands for its path. It must exit 0.
    pub validate: Option<String>,
}

impl NewFile {
    /// A file with this content; everything else as it is.
    pub fn new(content: Content) -> NewFile {
        NewFile { content, mode: None, owner: None, group: None, backup: true, validate: None }
    }

    /// A file with what is nobody else's business; what it replaces is not kept.
    pub fn private(bytes: Vec<u8>) -> NewFile {
        NewFile { mode: Some(0o600), backup: false, ..NewFile::new(Content::Bytes(bytes)) }
    }
}

/// A folder that is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewFolder {
    /// The permission bits; `None`: 0777 less the umask.
    pub mode: Option<u32>,
    /// The owner; `None`: the agent.
    pub owner: Option<u32>,
    /// The group; `None`: the agent's.
    pub group: Option<u32>,
    /// Whether the folders above are made too where they are missing. They belong to the agent.
    pub parents: bool,
}

impl NewFolder {
    /// A folder for what is nobody else's business, with those above.
    pub fn private() -> NewFolder {
        NewFolder { mode: Some(0o700), parents: true, ..NewFolder::default() }
    }
}

/// What becomes of the content of a file, where there is one; `None` where it stays as it is.
pub type FileChange<'a> = dyn Fn(Option<Vec<u8>>) -> Result<Option<NewFile>> + 'a;

/// Files and folders.
///
/// Every path is absolute. Writes are atomic: whoever looks sees the old or the new file, also after a crash. Paths are
/// walked so that a link planted meanwhile cannot redirect a write. Errors name the path.
pub trait Files: Send + Sync {
    /// What is at a path; `None` where nothing is. Follows a link at the end only with `follow`.
    ///
    /// # Errors
    /// Where it cannot be told, for instance for lack of permission.
    fn stat(&self, path: &Path, follow: bool) -> Result<Option<FileMeta>>;

    /// The content of a regular file; `None` where there is no file. Links are followed.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>>;

    /// Whether a regular file holds exactly this content, without reading more than needed; `None` where there is no file.
    ///
    /// # Errors
    /// Where one of the files cannot be read.
    fn matches(&self, path: &Path, content: &Content) -> Result<Option<bool>>;

    /// What is in a folder, sorted by name, `.` and `..` left out; `None` where there is no folder.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_folder(&self, path: &Path) -> Result<Option<Vec<Entry>>>;

    /// Where a link points; `None` where there is no link.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_link(&self, path: &Path) -> Result<Option<PathBuf>>;

    /// Where something is mounted at a path or below it, sorted, each as a path that begins with this one. Follows a link
    /// at the end only with `follow`.
    ///
    /// # Errors
    /// Where it cannot be told.
    fn mounts(&self, path: &Path, follow: bool) -> Result<Vec<PathBuf>>;

    /// Makes everything durable that was changed. Contents of files are durable before they have their name; that names
    /// appear or go is durable a moment later, unless this is called.
    ///
    /// # Errors
    /// Where what was changed may not be on the disk.
    fn sync(&self) -> Result<()>;

    /// Replaces or creates a file. The folder must exist.
    ///
    /// # Errors
    /// Where that fails; the old file is as it was.
    fn write(&self, path: &Path, file: &NewFile) -> Result<()>;

    /// Keeps what is nobody else's business, durably, in a private folder that is made where it is missing.
    ///
    /// # Errors
    /// Where that fails, or it may not be on the disk.
    fn keep(&self, path: &Path, bytes: Vec<u8>) -> Result<()> {
        if let Some(folder) = path.parent() {
            self.make_folder(folder, &NewFolder::private())?;
        }
        self.write(path, &NewFile::private(bytes))?;
        self.sync()
    }

    /// Changes a file by its content. Of several changes of a file at once, each gets what the one before has left.
    ///
    /// # Errors
    /// Where that fails; the old file is as it was.
    fn edit(&self, path: &Path, change: &FileChange<'_>) -> Result<()>;

    /// Creates a folder; fine where there is one, which stays as it is. It appears with its mode and owner.
    ///
    /// # Errors
    /// Where something else is in the way.
    fn make_folder(&self, path: &Path, folder: &NewFolder) -> Result<()>;

    /// Creates a link, or replaces one, or a file. It appears with its owner and group; where they are `None`, it belongs to
    /// the agent.
    ///
    /// # Errors
    /// Where a folder is in the way.
    fn link(&self, path: &Path, target: &Path, owner: Option<u32>, group: Option<u32>) -> Result<()>;

    /// Removes a file, a link, or a folder; fine where nothing is. A folder that is not empty only with `recurse`. What is
    /// removed is kept in the backup store with `backup`, as far as that takes it.
    ///
    /// # Errors
    /// Where something stays. The root folder and what something is mounted at or below are refused before anything goes.
    fn remove(&self, path: &Path, recurse: bool, backup: bool) -> Result<()>;

    /// Sets the permission bits. Links are followed.
    ///
    /// # Errors
    /// Where there is nothing, or it is not permitted.
    fn set_mode(&self, path: &Path, mode: u32) -> Result<()>;

    /// Sets owner and group. Follows a link at the end only with `follow`.
    ///
    /// # Errors
    /// Where there is nothing, or it is not permitted.
    fn set_owner(&self, path: &Path, owner: Option<u32>, group: Option<u32>, follow: bool) -> Result<()>;

    /// Whether the kernel heeds SELinux contexts. Without that, they are kept and count for nothing.
    fn heeds_selinux(&self) -> bool;

    /// The SELinux context; `None` where there is none.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn selinux(&self, path: &Path) -> Result<Option<String>>;

    /// Sets or removes the SELinux context.
    ///
    /// # Errors
    /// Where the file system has none.
    fn set_selinux(&self, path: &Path, context: Option<&str>) -> Result<()>;
}
