//! What has to change so that a file is as it should be.

use super::observe::{Observed, Ownership};
use super::step::{Attributes, Change, Context, Step, Write};
use super::{File, Wanted, tree};
use crate::text::quoted;
use resource::host::{Content, FileKind, FileMeta, file_error, is_mounted};
use resource::{Diff, Error, Identity, PlanContext, Result, Siblings};
use std::path::{Path, PathBuf};

/// The bits that make a program run as its owner or group.
const SET_ID: u32 = 0o6000;

/// Decides which steps are needed.
pub(super) fn plan(file: &File, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
    let plan = Plan { file, now, cx };
    if file.wanted() == Wanted::Absent {
        return plan.absent();
    }
    plan.check_owners()?;
    if file.symlink {
        return plan.link();
    }
    let mut steps = Vec::new();
    let is_made = if file.is_folder() { plan.folder(&mut steps)? } else { plan.content(&mut steps)? };
    // Whatever is made gets its owner and mode with it.
    if !is_made {
        plan.attributes(now.there, true, &mut steps)?;
    }
    if let Some(tree) = &now.tree {
        steps.extend(tree::plan(file, tree, &now.mounts, cx)?);
    }
    Ok(steps)
}

/// The error about something that is where something else should be.
pub(super) fn in_the_way(path: &Path, kind: FileKind) -> Error {
    let what = match kind {
        FileKind::File => "a file",
        FileKind::Folder => "a folder",
        FileKind::Symlink => "a symbolic link",
        FileKind::Other => {
            let path = path.display();
            return Error::failed(format!(
                "`{path}` is a device, a socket or a pipe; where it does not belong there, remove it first"
            ));
        }
    };
    Error::failed(format!("`{}` is {what}; `force => true` puts something else in its place", path.display()))
}

/// Refuses to remove what something is mounted at, above or below.
pub(super) fn check_mounts<'a>(mounts: impl IntoIterator<Item = &'a PathBuf>, path: &Path) -> Result<()> {
    match mounts.into_iter().find(|mount| mount.starts_with(path) || path.starts_with(mount)) {
        Some(mount) => Err(file_error("remove", path)(is_mounted(mount))),
        None => Ok(()),
    }
}

/// The error about a file that is managed and not there.
pub(super) fn not_there(path: &Path) -> Error {
    Error::failed(format!("`{}` does not exist; `state => \"exists\"` creates it", path.display()))
}

/// Whether an earlier step of a dry run brings a path, by itself or with a package.
fn will_exist(siblings: &dyn Siblings, path: &Path) -> bool {
    let identity = Identity::path(path);
    siblings.will_exist(&identity) || siblings.will_exist(&identity.packaged())
}

struct Plan<'a> {
    file: &'a File,
    now: &'a Observed,
    cx: &'a PlanContext<'a>,
}

impl Plan<'_> {
    fn absent(&self) -> Result<Vec<Step>> {
        let Some(here) = self.now.here else { return Ok(Vec::new()) };
        let target = self.file.target();
        if self.file.symlink && here.kind != FileKind::Symlink && !self.file.force {
            return Err(in_the_way(&target, here.kind));
        }
        check_mounts(&self.now.mounts, &target)?;
        let diff = self.diff(self.now.current.clone().filter(|_| here.kind == FileKind::File), None);
        let (recurse, backup) = (self.file.recurse, self.file.backup);
        Ok(vec![Step::Remove { path: target, kind: here.kind, recurse, backup, diff }])
    }

    fn link(&self) -> Result<Vec<Step>> {
        let (target, source) = (self.file.target(), Path::new(&self.file.source));
        let mut steps = Vec::new();
        let is_kept = !self.file.replace && self.now.here.is_some();
        if self.file.wanted() == Wanted::Exists && self.now.link.as_deref() != Some(source) && !is_kept {
            match self.now.here.map(|it| it.kind) {
                None => self.check_parent(&target)?,
                Some(FileKind::Symlink) => {}
                Some(kind) if self.file.force => {
                    check_mounts(&self.now.mounts, &target)?;
                    steps.push(Step::remove(&target, kind, false, self.file.backup));
                }
                Some(kind) => return Err(in_the_way(&target, kind)),
            }
            let attributes = Attributes { mode: None, ..self.wanted_attributes(None) };
            steps.push(Step::Link { path: target, target: source.to_owned(), attributes });
            return Ok(steps);
        }
        self.attributes(self.now.here, false, &mut steps)?;
        Ok(steps)
    }

    /// Makes the folder. Says whether it had to.
    fn folder(&self, steps: &mut Vec<Step>) -> Result<bool> {
        let target = self.file.target();
        match (self.now.here, self.now.there) {
            (_, Some(FileMeta { kind: FileKind::Folder, .. })) => return Ok(false),
            (None, _) => {}
            (Some(here), _) if self.file.wanted() == Wanted::Exists && self.file.force => {
                steps.push(Step::remove(&target, here.kind, false, self.file.backup));
            }
            (Some(here), _) => return Err(in_the_way(&target, here.kind)),
        }
        if self.file.wanted() == Wanted::Undefined {
            return self.undefined(&target);
        }
        if !self.file.recurse {
            self.check_parent(&target)?;
        }
        self.check_input()?;
        let parents = self.file.recurse && !self.now.has_parent;
        steps.push(Step::MakeFolder { path: target, parents, attributes: self.wanted_attributes(None) });
        Ok(true)
    }

    /// Creates the file or replaces its content. Says whether it had to.
    fn content(&self, steps: &mut Vec<Step>) -> Result<bool> {
        let target = self.file.target();
        let here = self.now.here;
        self.check_input()?;
        if here.is_none() {
            if self.file.wanted() == Wanted::Undefined && !self.undefined(&target)? {
                return Ok(false);
            }
            self.check_parent(&target)?;
            steps.push(self.write(target, None));
            return Ok(true);
        }
        match self.now.there.map(|it| it.kind) {
            Some(FileKind::File) => {}
            // A link that leads nowhere.
            None => return self.replace(FileKind::Symlink, target, steps),
            Some(kind) if self.file.has_content() => return self.replace(kind, target, steps),
            Some(FileKind::Folder) if self.file.wanted() == Wanted::Exists => {
                return self.replace(FileKind::Folder, target, steps);
            }
            Some(_) => {}
        }
        let Some(input) = &self.now.input else { return Ok(false) };
        if input.is_there {
            return Ok(false);
        }
        if self.now.link.is_some() {
            return self.replace(FileKind::Symlink, target, steps);
        }
        steps.push(self.write(target, here));
        Ok(true)
    }

    /// Puts the file in the place of something that is no file.
    fn replace(&self, kind: FileKind, target: std::path::PathBuf, steps: &mut Vec<Step>) -> Result<bool> {
        if !self.file.force || kind == FileKind::Other {
            return Err(in_the_way(&target, kind));
        }
        check_mounts(&self.now.mounts, &target)?;
        steps.push(Step::remove(&target, kind, kind == FileKind::Folder, self.file.backup));
        steps.push(self.write(target, None));
        Ok(true)
    }

    /// What comes of a path that is not there and is not to be created: nothing where nothing is said about it, and the
    /// changes that it will need where an earlier step of a dry run brings it.
    fn undefined(&self, target: &Path) -> Result<bool> {
        if will_exist(self.cx.siblings, target) {
            return Ok(self.file.has_content());
        }
        let attributes = [&self.file.owner, &self.file.group, &self.file.mode];
        if self.file.has_content()
            || self.file.purge
            || self.file.selinux.is_some()
            || attributes.iter().any(|it| !it.is_empty())
        {
            return Err(not_there(target));
        }
        Ok(false)
    }

    /// The step that writes the file, over `old` where there is a file.
    fn write(&self, path: std::path::PathBuf, old: Option<FileMeta>) -> Step {
        let input = self.now.input.as_ref();
        let mut attributes = self.wanted_attributes(old);
        if self.file.mode.is_empty() {
            attributes.mode = input.and_then(|it| it.mode);
        }
        let new = match input {
            Some(input) => input.shown.clone(),
            None if self.now.missing.is_none() => Some(Vec::new()),
            None => None,
        };
        Step::Write(Write {
            diff: new.and_then(|new| self.diff(self.now.current.clone().filter(|_| old.is_some()), Some(new))),
            size: input.map(|it| it.size).or(self.now.missing.is_none().then_some(0)),
            content: input.map_or(Content::Bytes(Vec::new()), |it| it.content.clone()),
            is_new: old.is_none() && !will_exist(self.cx.siblings, &path),
            attributes,
            validate: Some(self.file.validate_cmd.to_string()).filter(|it| !it.is_empty()),
            backup: self.file.backup,
            path,
        })
    }

    fn diff(&self, old: Option<Vec<u8>>, new: Option<Vec<u8>>) -> Option<Diff> {
        if self.file.sensitive || old == new {
            return None;
        }
        Some(Diff { title: self.file.target().display().to_string(), old, new })
    }

    /// The attributes that something new gets, or that something old does not have yet.
    fn wanted_attributes(&self, old: Option<FileMeta>) -> Attributes {
        let text = |text: &str, ownership: &Option<Ownership>| {
            let is_needed = old.is_none() || ownership.as_ref().is_some_and(|it| it.old.is_some());
            (is_needed && !text.is_empty()).then(|| text.to_owned())
        };
        let bits = self.file.wanted_mode().map(|it| it.bits(old.map_or(0, |old| old.mode)));
        Attributes {
            mode: bits.filter(|bits| old.is_none_or(|old| old.mode != *bits)),
            owner: text(&self.file.owner, &self.now.owner),
            group: text(&self.file.group, &self.now.group),
            selinux: self.context().filter(|it| old.is_some() || !it.text.is_empty()),
        }
    }

    /// The steps that mend owner, mode and context of what is there.
    fn attributes(&self, meta: Option<FileMeta>, follow: bool, steps: &mut Vec<Step>) -> Result<()> {
        let path = self.file.target();
        let change = |text: &str, ownership: &Option<Ownership>| {
            let ownership = ownership.as_ref().filter(|it| it.old.is_some() || meta.is_none())?;
            Some(Change { old: ownership.old.clone(), new: text.to_owned() })
        };
        let owner = change(&self.file.owner, &self.now.owner);
        let group = change(&self.file.group, &self.now.group);
        let changes_owner = owner.is_some() || group.is_some();
        if changes_owner {
            steps.push(Step::SetOwner { path: path.clone(), owner, group, follow });
        }
        // A link has no mode of its own.
        if follow && let Some(mode) = self.file.wanted_mode() {
            // With the owner of a file the kernel takes set-user-id and set-group-id away.
            let is_lost = changes_owner && meta.is_some_and(|it| it.kind == FileKind::File);
            let old = meta.map(|it| if is_lost { it.mode & !SET_ID } else { it.mode });
            let new = mode.bits(old.unwrap_or_default());
            if old != Some(new) {
                steps.push(Step::SetMode { path: path.clone(), old, new });
            }
        }
        if let Some(context) = self.context().filter(|it| it.is_new) {
            steps.push(Step::SetSelinux { path, context });
        }
        Ok(())
    }

    /// The SELinux context that is stated.
    fn context(&self) -> Option<Context> {
        let wanted = self.file.selinux.as_ref()?;
        let is_new = self.now.selinux.as_deref().unwrap_or_default() != wanted;
        Some(Context { text: wanted.to_string(), is_new, is_heeded: self.now.heeds_selinux })
    }

    /// Refuses a path whose folder is not there, unless an earlier step of a dry run brings it.
    fn check_parent(&self, target: &Path) -> Result<()> {
        let Some(parent) = target.parent().filter(|_| !self.now.has_parent) else { return Ok(()) };
        if will_exist(self.cx.siblings, target) || will_exist(self.cx.siblings, parent) {
            return Ok(());
        }
        let folder = format!("{}/", parent.display());
        Err(Error::failed(format!(
            "the folder `{folder}` does not exist; create it with `file \"{folder}\" {{ state => \"exists\", }}`"
        )))
    }

    /// Refuses content whose origin is not there, unless an earlier step of a dry run brings it.
    fn check_input(&self) -> Result<()> {
        match &self.now.missing {
            Some(path) if !will_exist(self.cx.siblings, path) => {
                Err(Error::failed(format!("`{}`, from which the content comes, does not exist", path.display())))
            }
            _ => Ok(()),
        }
    }

    fn check_owners(&self) -> Result<()> {
        let siblings = self.cx.siblings;
        let user = self.now.owner.as_ref().and_then(|it| it.wanted.missing_user(siblings));
        let group = self.now.group.as_ref().and_then(|it| it.wanted.missing_group(siblings));
        let Some((what, name)) = user.map(|it| ("user", it)).or(group.map(|it| ("group", it))) else { return Ok(()) };
        Err(Error::failed(format!(
            "there is no {what} {}; create it with `{what} \"{name}\" {{ state => \"exists\", }}`",
            quoted(name)
        )))
    }
}
