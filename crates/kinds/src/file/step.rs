//! The steps of a `file`.

use crate::owner::Owner;
use crate::text::{bytes, mode, quoted};
use resource::host::{Content, FileKind, Files, Host, NewFile, NewFolder};
use resource::{Diff, Error, Result};
use std::fmt;
use std::path::{Path, PathBuf};

/// One change of a `file`.
#[derive(Debug)]
pub(crate) enum Step {
    /// Removes what is there.
    Remove { path: PathBuf, kind: FileKind, recurse: bool, backup: bool, diff: Option<Diff> },
    /// Makes a folder.
    MakeFolder { path: PathBuf, parents: bool, attributes: Attributes },
    /// Creates a file or replaces its content.
    Write(Write),
    /// Makes a link.
    Link { path: PathBuf, target: PathBuf, attributes: Attributes },
    /// Changes the owner, the group or both of what is there.
    SetOwner { path: PathBuf, owner: Option<Change>, group: Option<Change>, follow: bool },
    /// Changes the mode of what is there.
    SetMode { path: PathBuf, old: Option<u32>, new: u32 },
    /// Changes the SELinux context of what is there.
    SetSelinux { path: PathBuf, context: Context },
}

/// What is said of a context where there is no SELinux.
const UNHEEDED: &str = "without effect: this kernel runs without SELinux";

/// What is set together with the creation of something; what is `None` gets the default, or stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) mode: Option<u32>,
    pub(crate) owner: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) selinux: Option<Context>,
}

/// A SELinux context that is stated.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// Empty for none.
    pub(crate) text: String,
    /// Whether it is another one than there is.
    pub(crate) is_new: bool,
    /// Whether the kernel heeds contexts.
    pub(crate) is_heeded: bool,
}

/// A user or group that takes the place of another.
#[derive(Debug)]
pub(crate) struct Change {
    /// Who it is now, where that is known.
    pub(crate) old: Option<String>,
    /// Who it is to be, as it is written.
    pub(crate) new: String,
}

/// A file that is written.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) path: PathBuf,
    pub(crate) content: Content,
    /// How many bytes; `None` where that is not known yet.
    pub(crate) size: Option<u64>,
    pub(crate) is_new: bool,
    pub(crate) attributes: Attributes,
    pub(crate) validate: Option<String>,
    pub(crate) backup: bool,
    pub(crate) diff: Option<Diff>,
}

impl Step {
    /// Removes something that has no text worth showing.
    pub(crate) fn remove(path: &Path, kind: FileKind, recurse: bool, backup: bool) -> Step {
        Step::Remove { path: path.to_owned(), kind, recurse, backup, diff: None }
    }

    /// Makes the change.
    pub(crate) async fn apply(&self, host: &Host) -> Result<()> {
        match self {
            Step::Remove { path, kind, recurse, backup, .. } => {
                let (path, kind, recurse, backup) = (path.clone(), *kind, *recurse, *backup);
                host.on_files(move |files| {
                    if kind == FileKind::Folder
                        && !recurse
                        && files.read_folder(&path)?.is_some_and(|it| !it.is_empty())
                    {
                        let message =
                            format!("{} is not empty; `recurse => true` removes what is in it too", folder(&path));
                        return Err(Error::failed(message));
                    }
                    files.remove(&path, recurse, backup)
                })
                .await
            }
            Step::MakeFolder { path, parents, attributes } => {
                let (path, parents, mode) = (path.clone(), *parents, attributes.mode);
                let Resolved { owner, group, selinux } = attributes.resolve(host)?;
                host.on_files(move |files| {
                    files.make_folder(&path, &NewFolder { mode, owner, group, parents })?;
                    set_selinux(files, &path, selinux.as_ref())
                })
                .await
            }
            Step::Write(write) => write.apply(host).await,
            Step::Link { path, target, attributes } => {
                let (path, target) = (path.clone(), target.clone());
                let Resolved { owner, group, selinux } = attributes.resolve(host)?;
                host.on_files(move |files| {
                    files.link(&path, &target, owner, group)?;
                    set_selinux(files, &path, selinux.as_ref())
                })
                .await
            }
            Step::SetOwner { path, owner, group, follow } => {
                let attributes = Attributes {
                    owner: owner.as_ref().map(|it| it.new.clone()),
                    group: group.as_ref().map(|it| it.new.clone()),
                    ..Attributes::default()
                };
                let (path, follow, resolved) = (path.clone(), *follow, attributes.resolve(host)?);
                host.on_files(move |files| files.set_owner(&path, resolved.owner, resolved.group, follow)).await
            }
            Step::SetMode { path, new, .. } => {
                let (path, new) = (path.clone(), *new);
                host.on_files(move |files| files.set_mode(&path, new)).await
            }
            Step::SetSelinux { path, context } => {
                let (path, context) = (path.clone(), context.clone());
                host.on_files(move |files| set_selinux(files, &path, Some(&context))).await
            }
        }
    }
}

/// Attributes with numbers in place of names.
struct Resolved {
    owner: Option<u32>,
    group: Option<u32>,
    selinux: Option<Context>,
}

impl Attributes {
    /// Looks names up. Only now: an earlier resource may just have created the user.
    fn resolve(&self, host: &Host) -> Result<Resolved> {
        let known = |what: &str, owner: Owner| match owner {
            Owner::Known(number) => Ok(number),
            Owner::Missing(name) => Err(Error::failed(format!("there is no {what} {}", quoted(&name)))),
        };
        let user = |name: &String| known("user", Owner::user(&*host.accounts, name)?);
        let group = |name: &String| known("group", Owner::group(&*host.accounts, name)?);
        Ok(Resolved {
            owner: self.owner.as_ref().map(user).transpose()?,
            group: self.group.as_ref().map(group).transpose()?,
            selinux: self.selinux.clone(),
        })
    }
}

/// Sets a context, where one is given.
fn set_selinux(files: &dyn Files, path: &Path, context: Option<&Context>) -> Result<()> {
    let text = |context: &Context| files.set_selinux(path, Some(context.text.as_str()).filter(|it| !it.is_empty()));
    context.map_or(Ok(()), text)
}

impl Write {
    async fn apply(&self, host: &Host) -> Result<()> {
        let Resolved { owner, group, selinux } = self.attributes.resolve(host)?;
        let file = NewFile {
            content: self.content.clone(),
            mode: self.attributes.mode,
            owner,
            group,
            backup: self.backup,
            validate: self.validate.clone(),
        };
        let path = self.path.clone();
        host.on_files(move |files| {
            files.write(&path, &file)?;
            set_selinux(files, &path, selinux.as_ref())
        })
        .await
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Remove { path, kind: FileKind::Folder, recurse: true, .. } => {
                write!(f, "remove {} and everything in it", folder(path))
            }
            Step::Remove { path, kind: FileKind::Folder, .. } => write!(f, "remove the empty folder {}", folder(path)),
            Step::Remove { path, .. } => write!(f, "remove {}", shown(path)),
            Step::MakeFolder { path, parents, attributes } => {
                write!(f, "create {}", folder(path))?;
                let parents = parents.then(|| "with the folders above".to_owned());
                in_parentheses(f, parents.into_iter().chain(attributes.described()))
            }
            Step::Write(write) => write.fmt(f),
            Step::Link { path, target, attributes } => {
                write!(f, "link {} to {}", shown(path), shown(target))?;
                in_parentheses(f, attributes.described())
            }
            Step::SetOwner { path, owner, group, .. } => {
                let what = match (owner, group) {
                    (Some(_), Some(_)) => "owner and group",
                    (Some(_), None) => "owner",
                    _ => "group",
                };
                let join = |text: fn(&Change) -> Option<&str>| {
                    let both = [owner, group].into_iter().flatten().map(text);
                    both.collect::<Option<Vec<&str>>>().map(|parts| quoted(&parts.join(":")))
                };
                write!(f, "set {what} of {}", shown(path))?;
                if let Some(old) = join(|it| it.old.as_deref()) {
                    write!(f, " from {old}")?;
                }
                write!(f, " to {}", join(|it| Some(&it.new)).unwrap_or_default())
            }
            Step::SetMode { path, old: Some(old), new } => {
                write!(f, "set mode of {} from {} to {}", shown(path), mode(*old), mode(*new))
            }
            Step::SetMode { path, old: None, new } => write!(f, "set mode of {} to {}", shown(path), mode(*new)),
            Step::SetSelinux { path, context } if context.text.is_empty() => {
                write!(f, "remove the SELinux context of {}", shown(path))
            }
            Step::SetSelinux { path, context } => {
                write!(f, "set SELinux context of {} to {}", shown(path), quoted(&context.text))?;
                if context.is_heeded { Ok(()) } else { write!(f, ", {UNHEEDED}") }
            }
        }
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path);
        match (&self.content, self.is_new) {
            (Content::CopyOf(source), true) => write!(f, "create {path} as a copy of {}", shown(source)),
            (Content::CopyOf(source), false) => {
                write!(f, "replace the content of {path} with that of {}", shown(source))
            }
            (_, true) => write!(f, "create {path}"),
            (_, false) => write!(f, "replace the content of {path}"),
        }?;
        in_parentheses(f, self.size.map(bytes).into_iter().chain(self.attributes.described()))
    }
}

impl Attributes {
    fn described(&self) -> impl Iterator<Item = String> {
        let mode = self.mode.map(|bits| format!("mode {}", mode(bits)));
        let owner = self.owner.as_ref().map(|name| format!("owner {}", quoted(name)));
        let group = self.group.as_ref().map(|name| format!("group {}", quoted(name)));
        let context = self.selinux.as_ref().filter(|it| it.is_new && !it.text.is_empty()).map(|it| {
            let unheeded = if it.is_heeded { String::new() } else { format!(" {UNHEEDED}") };
            format!("SELinux context {}{unheeded}", quoted(&it.text))
        });
        [mode, owner, group, context].into_iter().flatten()
    }
}

impl resource::Step for Step {
    fn diff(&self) -> Option<Diff> {
        match self {
            Step::Write(Write { diff, .. }) | Step::Remove { diff, .. } => diff.clone(),
            _ => None,
        }
    }
}

fn in_parentheses(f: &mut fmt::Formatter<'_>, parts: impl Iterator<Item = String>) -> fmt::Result {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
}

fn shown(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A folder is shown with its slash.
fn folder(path: &Path) -> String {
    quoted(&format!("{}/", path.display()))
}
