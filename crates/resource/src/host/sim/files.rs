//! Files in memory.

use super::{SimHost, World};
use crate::host::{
    Command, Content, Entry, FileChange, FileKind, FileMeta, Files, NewFile, NewFolder, file_error, is_mounted,
    is_root_folder,
};
use crate::{Error, Result};
use std::io::{Error as IoError, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// How many links a path may lead through.
const MOST_LINKS: usize = 40;

/// The file mode creation mask of the simulated agent.
const UMASK: u32 = 0o022;

/// Something at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The permission bits.
    pub mode: u32,
    /// The owner.
    pub owner: u32,
    /// The group.
    pub group: u32,
    /// The SELinux context.
    pub selinux: Option<String>,
    /// The number of the change that made it what it is; stands for a time.
    pub generation: u64,
    /// The seconds since 1970 of that change.
    pub modified: u64,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A regular file with its content.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A link and where it points.
    Symlink(PathBuf),
    /// A device, socket or pipe.
    Other,
}

impl World {
    /// Puts a file there, with the folders above it. Not noted as a change.
    pub fn put_file(&mut self, path: &str, content: impl AsRef<[u8]>, mode: u32) -> &mut Node {
        self.put(Path::new(path), NodeKind::File(content.as_ref().to_vec()), mode)
    }

    /// Puts a folder there, with those above it. Not noted as a change.
    pub fn put_folder(&mut self, path: &str, mode: u32) -> &mut Node {
        self.put(Path::new(path), NodeKind::Folder, mode)
    }

    /// Puts a link there, with the folders above it. Not noted as a change.
    pub fn put_link(&mut self, path: &str, target: &str) -> &mut Node {
        self.put(Path::new(path), NodeKind::Symlink(target.into()), 0o777)
    }

    /// Puts a device there, with the folders above it. Not noted as a change.
    pub fn put_other(&mut self, path: &str) -> &mut Node {
        self.put(Path::new(path), NodeKind::Other, 0o600)
    }

    /// Mounts something at a folder, which is made with those above it. Not noted as a change.
    pub fn put_mount(&mut self, path: &str) {
        self.put_folder(path, 0o755);
        self.mounts.insert(crate::clean_path(Path::new(path)));
    }

    fn put(&mut self, path: &Path, kind: NodeKind, mode: u32) -> &mut Node {
        let above: Vec<PathBuf> = path.ancestors().skip(1).map(Path::to_owned).collect();
        for folder in above {
            if !self.files.contains_key(&folder) {
                let node = self.node(NodeKind::Folder, 0o755);
                self.files.insert(folder, node);
            }
        }
        let node = self.node(kind, mode);
        let path = crate::clean_path(path);
        self.files.entry(path).insert_entry(node).into_mut()
    }

    /// The content of a file; `None` where there is none.
    pub fn content(&self, path: impl AsRef<Path>) -> Option<&[u8]> {
        match &self.files.get(path.as_ref())?.kind {
            NodeKind::File(content) => Some(content),
            _ => None,
        }
    }

    fn node(&mut self, kind: NodeKind, mode: u32) -> Node {
        self.generation += 1;
        let (generation, modified) = (self.generation, self.now);
        Node { kind, mode, owner: 0, group: 0, selinux: None, generation, modified }
    }

    /// The path without links in it; the last part may be missing. Links there are followed only with `follow`.
    fn resolve(&self, path: &Path, follow: bool) -> Result<PathBuf, IoError> {
        let mut todo: Vec<std::ffi::OsString> = components(path);
        let (mut done, mut links) = (PathBuf::from("/"), 0);
        while let Some(part) = todo.pop() {
            if part == ".." {
                done.pop();
                continue;
            }
            let next = done.join(&part);
            match self.files.get(&next).map(|node| &node.kind) {
                Some(NodeKind::Symlink(target)) if follow || !todo.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(IoError::other("too many levels of symbolic links"));
                    }
                    if target.is_absolute() {
                        done = PathBuf::from("/");
                    }
                    todo.extend(components(target));
                }
                Some(NodeKind::Folder) => done = next,
                Some(_) if !todo.is_empty() => return Err(ErrorKind::NotADirectory.into()),
                _ => done = next,
            }
        }
        Ok(done)
    }

    /// What is at a path, with the path it really has.
    fn look(&self, path: &Path, follow: bool) -> Result<Option<(PathBuf, &Node)>, IoError> {
        match self.resolve(path, follow) {
            Ok(real) => Ok(self.files.get(&real).map(|node| (real, node))),
            // What is below a file is not there, as for most purposes of a system call.
            Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn look_mut(&mut self, path: &Path, follow: bool) -> Result<&mut Node, IoError> {
        let real = self.resolve(path, follow)?;
        self.files.get_mut(&real).ok_or_else(|| ErrorKind::NotFound.into())
    }

    /// Refuses a path whose folder is not there.
    fn check_parent(&self, real: &Path) -> Result<(), IoError> {
        match real.parent().and_then(|parent| self.files.get(parent)).map(|node| &node.kind) {
            Some(NodeKind::Folder) => Ok(()),
            Some(_) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn bytes(&self, content: &Content) -> Result<Vec<u8>> {
        match content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::CopyOf(path) => self.read_all(path),
            Content::Concat(paths) => {
                let parts: Result<Vec<Vec<u8>>> = paths.iter().map(|path| self.read_all(path)).collect();
                Ok(parts?.concat())
            }
        }
    }

    fn read_all(&self, path: &Path) -> Result<Vec<u8>> {
        let found = self.look(path, true).map_err(file_error("read", path))?;
        match found.map(|(_, node)| &node.kind) {
            Some(NodeKind::File(content)) => Ok(content.clone()),
            Some(_) => Err(file_error("read", path)(IoError::other("not a regular file"))),
            None => Err(file_error("read", path)(ErrorKind::NotFound.into())),
        }
    }

    /// Everything below a folder, without itself.
    fn below(&self, folder: &Path) -> Vec<PathBuf> {
        self.files.keys().filter(|path| *path != folder && path.starts_with(folder)).cloned().collect()
    }
}

/// The parts of a path, the last one first.
fn components(path: &Path) -> Vec<std::ffi::OsString> {
    let parts = path.components().rev().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    });
    parts.collect()
}

fn meta(node: &Node) -> FileMeta {
    let (kind, size) = match &node.kind {
        NodeKind::File(content) => (FileKind::File, content.len() as u64),
        NodeKind::Folder => (FileKind::Folder, 0),
        NodeKind::Symlink(target) => (FileKind::Symlink, target.as_os_str().len() as u64),
        NodeKind::Other => (FileKind::Other, 0),
    };
    FileMeta {
        kind,
        mode: node.mode,
        owner: node.owner,
        group: node.group,
        size,
        modified: i128::from(node.modified) * 1_000_000_000 + i128::from(node.generation),
        inode: (1, node.generation),
    }
}

impl Files for SimHost {
    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn stat(&self, path: &Path, follow: bool) -> Result<Option<FileMeta>> {
        let world = self.world();
        let found = world.look(path, follow).map_err(file_error("look at", path))?;
        Ok(found.map(|(_, node)| meta(node)))
    }

    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        match self.stat(path, true)? {
            None => Ok(None),
            Some(_) => self.world().read_all(path).map(Some),
        }
    }

    fn matches(&self, path: &Path, content: &Content) -> Result<Option<bool>> {
        let wanted = self.world().bytes(content)?;
        Ok(self.read(path)?.map(|found| found == wanted))
    }

    fn read_folder(&self, path: &Path) -> Result<Option<Vec<Entry>>> {
        let world = self.world();
        match world.look(path, true).map_err(file_error("read", path))? {
            None => Ok(None),
            Some((real, Node { kind: NodeKind::Folder, .. })) => {
                let children = world.files.iter().filter(|(path, _)| path.parent() == Some(&real));
                let entry = |(path, node): (&PathBuf, &Node)| {
                    Some(Entry { name: path.file_name()?.to_owned(), meta: meta(node) })
                };
                Ok(Some(children.filter_map(entry).collect()))
            }
            Some(_) => Err(file_error("read", path)(ErrorKind::NotADirectory.into())),
        }
    }

    fn read_link(&self, path: &Path) -> Result<Option<PathBuf>> {
        let world = self.world();
        let found = world.look(path, false).map_err(file_error("read", path))?;
        Ok(match found {
            Some((_, Node { kind: NodeKind::Symlink(target), .. })) => Some(target.clone()),
            _ => None,
        })
    }

    fn mounts(&self, path: &Path, follow: bool) -> Result<Vec<PathBuf>> {
        let world = self.world();
        let real = world.resolve(path, follow).map_err(file_error("look at", path))?;
        let below = world.mounts.iter().filter_map(|mount| mount.strip_prefix(&real).ok());
        Ok(below.map(|below| crate::clean_path(&path.join(below))).collect())
    }

    fn write(&self, path: &Path, file: &NewFile) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("write", path);
        let real = world.resolve(path, false).map_err(error())?;
        world.check_parent(&real).map_err(error())?;
        let old = world.files.get(&real).cloned();
        if let Some(Node { kind: NodeKind::Folder | NodeKind::Other, .. }) = &old {
            return Err(error()(IoError::other("something that is no file is in the way")));
        }
        let bytes = world.bytes(&file.content)?;
        let mut node = world.node(NodeKind::File(bytes), 0o666 & !UMASK);
        if let Some(old) = old.as_ref().filter(|old| matches!(old.kind, NodeKind::File(_))) {
            (node.mode, node.owner, node.group) = (old.mode, old.owner, old.group);
            node.selinux.clone_from(&old.selinux);
        }
        node.mode = file.mode.unwrap_or(node.mode);
        node.owner = file.owner.unwrap_or(node.owner);
        node.group = file.group.unwrap_or(node.group);
        if let Some(program) = &file.validate {
            let temporary = real.with_extension("new");
            world.files.insert(temporary.clone(), node.clone());
            let words = program.split_whitespace().map(|word| word.replace('%', &temporary.display().to_string()));
            let judged = world.run(&Command::new(words));
            world.files.remove(&temporary);
            if judged?.code != 0 {
                return Err(Error::failed(format!("`{program}` refuses the new content of `{}`", path.display())));
            }
        }
        world.change(format!("write {}", real.display()))?;
        if let Some(Node { kind: NodeKind::File(content), .. }) = old
            && file.backup
        {
            world.backups.push((real.clone(), content));
        }
        world.files.insert(real, node);
        Ok(())
    }

    fn edit(&self, path: &Path, change: &FileChange<'_>) -> Result<()> {
        change(self.read(path)?)?.map_or(Ok(()), |file| self.write(path, &file))
    }

    fn make_folder(&self, path: &Path, folder: &NewFolder) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("create", path);
        if let Some((_, node)) = world.look(path, true).map_err(error())? {
            return match node.kind {
                NodeKind::Folder => Ok(()),
                _ => Err(error()(ErrorKind::AlreadyExists.into())),
            };
        }
        let real = world.resolve(path, false).map_err(error())?;
        if folder.parents {
            let mut missing: Vec<&Path> = real.ancestors().skip(1).collect();
            missing.retain(|above| !world.files.contains_key(*above));
            for above in missing.into_iter().rev() {
                world.change(format!("make folder {}", above.display()))?;
                let node = world.node(NodeKind::Folder, 0o777 & !UMASK);
                world.files.insert(above.to_owned(), node);
            }
        }
        world.check_parent(&real).map_err(error())?;
        let mut node = world.node(NodeKind::Folder, folder.mode.unwrap_or(0o777 & !UMASK));
        (node.owner, node.group) = (folder.owner.unwrap_or(0), folder.group.unwrap_or(0));
        world.change(format!("make folder {}", real.display()))?;
        world.files.insert(real, node);
        Ok(())
    }

    fn link(&self, path: &Path, target: &Path, owner: Option<u32>, group: Option<u32>) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("link", path);
        let real = world.resolve(path, false).map_err(error())?;
        world.check_parent(&real).map_err(error())?;
        if let Some(Node { kind: NodeKind::Folder, .. }) = world.files.get(&real) {
            return Err(error()(ErrorKind::IsADirectory.into()));
        }
        let mut node = world.node(NodeKind::Symlink(target.to_owned()), 0o777);
        (node.owner, node.group) = (owner.unwrap_or(0), group.unwrap_or(0));
        world.change(format!("link {}", real.display()))?;
        world.files.insert(real, node);
        Ok(())
    }

    fn remove(&self, path: &Path, recurse: bool, backup: bool) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("remove", path);
        let Some((real, _)) = world.look(path, false).map_err(error())? else { return Ok(()) };
        if real.parent().is_none() {
            return Err(error()(is_root_folder()));
        }
        if let Some(mount) = world.mounts.iter().find(|mount| mount.starts_with(&real)) {
            return Err(error()(is_mounted(mount)));
        }
        let mut gone = world.below(&real);
        if !gone.is_empty() && !recurse {
            return Err(error()(ErrorKind::DirectoryNotEmpty.into()));
        }
        gone.insert(0, real);
        // What is in a folder goes before it.
        for path in gone.into_iter().rev() {
            world.change(format!("remove {}", path.display()))?;
            if let Some(Node { kind: NodeKind::File(content), .. }) = world.files.remove(&path)
                && backup
            {
                world.backups.push((path, content));
            }
        }
        Ok(())
    }

    fn set_mode(&self, path: &Path, mode: u32) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("set the mode of", path);
        world.look_mut(path, true).map_err(error())?;
        world.change(format!("set mode {}", path.display()))?;
        world.look_mut(path, true).map_err(error())?.mode = mode;
        Ok(())
    }

    fn set_owner(&self, path: &Path, owner: Option<u32>, group: Option<u32>, follow: bool) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("set the owner of", path);
        world.look_mut(path, follow).map_err(error())?;
        world.change(format!("set owner {}", path.display()))?;
        let node = world.look_mut(path, follow).map_err(error())?;
        node.owner = owner.unwrap_or(node.owner);
        node.group = group.unwrap_or(node.group);
        // As Linux does for programs, also when root asks.
        if matches!(node.kind, NodeKind::File(_)) && node.mode & 0o111 != 0 {
            node.mode &= 0o1777;
        }
        Ok(())
    }

    fn heeds_selinux(&self) -> bool {
        self.world().heeds_selinux
    }

    fn selinux(&self, path: &Path) -> Result<Option<String>> {
        let world = self.world();
        let found = world.look(path, false).map_err(file_error("read the SELinux context of", path))?;
        Ok(found.and_then(|(_, node)| node.selinux.clone()))
    }

    fn set_selinux(&self, path: &Path, context: Option<&str>) -> Result<()> {
        let mut world = self.world();
        let error = || file_error("set the SELinux context of", path);
        world.look_mut(path, false).map_err(error())?;
        world.change(format!("set context {}", path.display()))?;
        world.look_mut(path, false).map_err(error())?.selinux = context.map(str::to_owned);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_within_a_path_and_at_its_end_only_when_asked() {
        let host = SimHost::new();
        host.world().put_file("/real/file", "x", 0o644);
        host.world().put_link("/alias", "real");
        host.world().put_link("/real/link", "../alias/file");
        let kind = |path: &str, follow| host.stat(Path::new(path), follow).ok().flatten().map(|meta| meta.kind);
        assert_eq!(kind("/alias/file", false), Some(FileKind::File));
        assert_eq!(kind("/real/link", false), Some(FileKind::Symlink));
        assert_eq!(kind("/real/link", true), Some(FileKind::File));
        assert_eq!(kind("/real/file/below", true), None);
    }

    #[test]
    fn a_file_that_is_refused_leaves_the_old_one() {
        let host = SimHost::new();
        host.world().put_file("/f", "old", 0o600);
        let mut file = NewFile::new(Content::Bytes(b"new".to_vec()));
        file.validate = Some("false %".to_owned());
        assert!(host.write(Path::new("/f"), &file).is_err());
        assert_eq!(host.world().content("/f"), Some(&b"old"[..]));
        file.validate = None;
        assert!(host.write(Path::new("/f"), &file).is_ok());
        assert_eq!(host.world().files[Path::new("/f")].mode, 0o600);
        assert_eq!(host.world().backups, [(PathBuf::from("/f"), b"old".to_vec())]);
    }
}
