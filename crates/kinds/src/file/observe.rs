//! What is at a path, and how it compares with what is wanted.

use super::tree::{self, Tree};
use super::{File, Wanted};
use crate::owner::Owner;
use crate::text::mode;
use resource::host::{Content, FileKind, FileMeta, Files, Host, file_error, is_root_folder};
use resource::{Error, Result};
use std::path::{Path, PathBuf};
use value::{Name, Str};

/// The largest content that is read to be shown as a difference or to be brought back, in bytes.
const LARGEST_KEPT: u64 = 1 << 20;

/// What is at the path of a `file`.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// What is at the path itself.
    pub(super) here: Option<FileMeta>,
    /// What is there once links are followed.
    pub(super) there: Option<FileMeta>,
    /// Where the path points, if it is a link.
    pub(super) link: Option<PathBuf>,
    /// Whether the folder above is there. Only looked at where the path is missing.
    pub(super) has_parent: bool,
    /// The content that is wanted, compared with what is there; `None` where it is not managed, or an input is missing.
    pub(super) input: Option<Input>,
    /// What the content is to be made of and is not there.
    pub(super) missing: Option<PathBuf>,
    /// The content, where it is needed to show a difference.
    pub(super) current: Option<Vec<u8>>,
    /// Where something is mounted at the path or below it. Only looked at where something may have to be removed.
    pub(super) mounts: Vec<PathBuf>,
    /// What is below, where that is managed.
    pub(super) tree: Option<Tree>,
    pub(super) selinux: Option<String>,
    /// Whether the kernel heeds contexts. Only looked at where one is stated.
    pub(super) heeds_selinux: bool,
    pub(super) owner: Option<Ownership>,
    pub(super) group: Option<Ownership>,
}

/// The content that is wanted.
#[derive(Debug)]
pub(crate) struct Input {
    pub(super) content: Content,
    pub(super) size: u64,
    /// The mode of the file that is copied.
    pub(super) mode: Option<u32>,
    pub(super) is_there: bool,
    /// The bytes, where they are known and few enough to be shown.
    pub(super) shown: Option<Vec<u8>>,
}

/// The owner or group that is wanted, and who it is now.
#[derive(Debug)]
pub(crate) struct Ownership {
    pub(super) wanted: Owner,
    /// The name, or the number where it has none, of who it is now and should not be.
    pub(super) old: Option<String>,
}

/// Looks at everything that the resource depends on.
pub(super) async fn observe(file: &File, host: &Host) -> Result<Observed> {
    let looking = file.clone();
    let mut now = host.on_files(move |files| look(&looking, files)).await?;
    let meta = if file.symlink { now.here } else { now.there };
    let user = |number| Ok(host.accounts.user_of(number)?.map(|it| it.name));
    let group = |number| Ok(host.accounts.group_of(number)?.map(|it| it.name));
    if !file.owner.is_empty() {
        let wanted = Owner::user(&*host.accounts, &file.owner)?;
        now.owner = Some(ownership(wanted, meta.map(|it| it.owner), user)?);
    }
    if !file.group.is_empty() {
        let wanted = Owner::group(&*host.accounts, &file.group)?;
        now.group = Some(ownership(wanted, meta.map(|it| it.group), group)?);
    }
    Ok(now)
}

fn ownership(wanted: Owner, now: Option<u32>, name: impl FnOnce(u32) -> Result<Option<String>>) -> Result<Ownership> {
    let old = match now {
        Some(number) if wanted != Owner::Known(number) => Some(name(number)?.unwrap_or_else(|| number.to_string())),
        _ => None,
    };
    Ok(Ownership { wanted, old })
}

fn look(file: &File, files: &dyn Files) -> Result<Observed> {
    let target = file.target();
    let here = files.stat(&target, false)?;
    let is_link = here.is_some_and(|it| it.kind == FileKind::Symlink);
    let mut now = Observed { here, there: here, has_parent: true, ..Observed::default() };
    if is_link {
        now.link = files.read_link(&target)?;
        now.there = files.stat(&target, true)?;
    }
    if here.is_none()
        && let Some(parent) = target.parent()
    {
        now.has_parent = files.stat(parent, true)?.is_some_and(|it| it.kind == FileKind::Folder);
    }
    now.look_at_borders(file, files, &target)?;
    if file.selinux.is_some() {
        now.heeds_selinux = files.heeds_selinux();
        now.selinux = if here.is_some() { files.selinux(&target)? } else { None };
    }
    let is_kept = !file.replace && now.there.is_some();
    if file.has_tree() {
        look_below(file, files, &target, &mut now)?;
    } else if file.has_content() && !is_kept {
        now.look_at_content(file, files, &target)?;
    }
    let regular = now.there.filter(|it| it.kind == FileKind::File);
    let differs = now.input.as_ref().is_some_and(|it| !it.is_there);
    if (differs || file.wanted() == Wanted::Absent) && regular.is_some_and(|it| it.size <= LARGEST_KEPT) {
        now.current = files.read(&target)?;
    }
    Ok(now)
}

fn look_below(file: &File, files: &dyn Files, target: &Path, now: &mut Observed) -> Result<()> {
    let source = (!file.source.is_empty()).then(|| PathBuf::from(&file.source));
    if let Some(source) = &source {
        match files.stat(source, true)? {
            Some(meta) if meta.kind == FileKind::Folder => {}
            Some(_) => return Err(Error::failed(format!("the source `{}` is no folder", source.display()))),
            None => {
                now.missing = Some(source.clone());
                return Ok(());
            }
        }
    }
    let is_folder = now.there.is_some_and(|it| it.kind == FileKind::Folder);
    now.tree = Some(tree::observe(files, source.as_deref(), target, is_folder)?);
    Ok(())
}

impl Observed {
    /// Looks for what a removal must not touch. The root folder is refused at once: it is told by its number, since links,
    /// `..` and mounts lead to it under other names, and before everything below it is looked at.
    fn look_at_borders(&mut self, file: &File, files: &dyn Files, target: &Path) -> Result<()> {
        let is_purged = file.has_tree();
        let found = if is_purged { self.there } else { self.here };
        let Some(found) = found else { return Ok(()) };
        let is_removed = file.wanted() == Wanted::Absent;
        if is_removed || is_purged {
            let root = files.stat(Path::new("/"), true)?;
            if root.is_some_and(|root| root.inode == found.inode) {
                let action = if is_removed { "remove" } else { "purge" };
                return Err(file_error(action, target)(is_root_folder()));
            }
        }
        if is_removed || is_purged || (file.force && found.kind == FileKind::Folder) {
            self.mounts = files.mounts(target, is_purged)?;
        }
        Ok(())
    }

    fn look_at_content(&mut self, file: &File, files: &dyn Files, target: &Path) -> Result<()> {
        let mut mode = None;
        let content = if let Some(content) = &file.content {
            Content::Bytes(content.as_bytes().to_vec())
        } else if !file.source.is_empty() {
            let source = PathBuf::from(&file.source);
            match files.stat(&source, true)? {
                Some(meta) if meta.kind == FileKind::File => mode = Some(meta.mode),
                Some(_) => return Err(Error::failed(format!("the source `{}` is no regular file", source.display()))),
                None => {
                    self.missing = Some(source);
                    return Ok(());
                }
            }
            Content::CopyOf(source)
        } else {
            match gather(files, &file.fragments)? {
                Ok(paths) => Content::Concat(paths),
                Err(missing) => {
                    self.missing = Some(missing);
                    return Ok(());
                }
            }
        };
        let is_regular = self.there.is_some_and(|it| it.kind == FileKind::File);
        let is_there = is_regular && files.matches(target, &content)? == Some(true);
        let (size, shown) = if is_there { (0, None) } else { preview(files, &content)? };
        self.input = Some(Input { content, size, mode, is_there, shown });
        Ok(())
    }

    /// Where the path points, if it is a link.
    pub(super) fn link(&self) -> Option<&Path> {
        self.link.as_deref()
    }

    /// The content that is there, to be brought back later; `None` where there is no file.
    pub(super) fn current_content(&self, file: &File) -> Result<Option<Str>> {
        if self.link.is_some() || self.there.is_none() {
            return Ok(None);
        }
        match (&self.current, &file.content, &self.input) {
            (Some(bytes), ..) => Ok(Some(Str::from(bytes.as_slice()))),
            (None, Some(content), Some(input)) if input.is_there => Ok(Some(content.clone())),
            _ => Err(Error::failed(format!(
                "the content of `{}` cannot be kept to be brought back; leave out `Meta:reverse`",
                file.target().display()
            ))),
        }
    }

    /// Puts the attributes that `file` manages into `undo` as they are now; all of them where it takes the file away, so
    /// that a secret does not come back for everybody to read.
    pub(super) fn capture_attributes(&self, file: &File, undo: &mut File) {
        let is_removed = file.wanted() == Wanted::Absent;
        let captured = |managed: &str, text: Option<String>| {
            if is_removed || !managed.is_empty() { Name::from(text.unwrap_or_default()) } else { Name::new() }
        };
        undo.owner = captured(&file.owner, self.here.map(|it| it.owner.to_string()));
        undo.group = captured(&file.group, self.here.map(|it| it.group.to_string()));
        undo.mode = captured(&file.mode, self.here.map(|it| mode(it.mode)));
        if undo.selinux.is_some() {
            undo.selinux = self.here.map(|_| self.selinux.as_deref().unwrap_or_default().into());
        }
    }
}

/// The files that fragments name: of a folder those directly in it. The error is the first that is not there.
fn gather(files: &dyn Files, fragments: &[String]) -> Result<Result<Vec<PathBuf>, PathBuf>> {
    let mut paths = Vec::new();
    for fragment in fragments {
        let path = PathBuf::from(fragment);
        if !fragment.ends_with('/') {
            match files.stat(&path, true)? {
                Some(meta) if meta.kind == FileKind::File => paths.push(path),
                Some(_) => return Err(Error::failed(format!("the fragment `{fragment}` is no regular file"))),
                None => return Ok(Err(path)),
            }
            continue;
        }
        let Some(entries) = files.read_folder(&path)? else { return Ok(Err(path)) };
        for entry in entries {
            let inside = path.join(entry.name);
            if files.stat(&inside, true)?.is_some_and(|meta| meta.kind == FileKind::File) {
                paths.push(inside);
            }
        }
    }
    Ok(Ok(paths))
}

/// The size of content, and its bytes where they are few enough to be shown.
fn preview(files: &dyn Files, content: &Content) -> Result<(u64, Option<Vec<u8>>)> {
    let paths = match content {
        Content::Bytes(bytes) => {
            let size = bytes.len() as u64;
            return Ok((size, (size <= LARGEST_KEPT).then(|| bytes.clone())));
        }
        Content::CopyOf(path) => std::slice::from_ref(path),
        Content::Concat(paths) => paths,
    };
    let mut size = 0;
    for path in paths {
        size += files.stat(path, true)?.map_or(0, |meta| meta.size);
    }
    if size > LARGEST_KEPT {
        return Ok((size, None));
    }
    let mut bytes = Vec::new();
    for path in paths {
        bytes.extend(files.read(path)?.unwrap_or_default());
    }
    Ok((size, Some(bytes)))
}
