//! `line`: lines in files of others.
//!
//! The file as a whole belongs to somebody else. [`edit`] is the kind without the machine: a text and what is wanted of it,
//! to a text.

mod edit;

use crate::text::quoted;
use edit::Edit;
use regex::bytes::{Regex, RegexBuilder};
use resource::host::{Account, Content, FileKind, Files, Host, NewFile};
use resource::{Diff, Error, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch};
use std::fmt;
use std::path::{Path, PathBuf};
use value::Str;

/// Manages a line, or a few lines in a row, in a file that others manage.
///
/// Owner and mode of the file stay; a new file can be read by its owner only. Where the lines of the file end as on
/// Windows, new ones do too. A symbolic link is not followed: name the file that it leads to.
///
/// ```mcl
/// line "no passwords" {
///     file => "/etc/ssh/sshd_config",
///     state => "exists",
///     content => "PasswordAuthentication no",
///     match => "^#?PasswordAuthentication",
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "line", since = "0.1", receives)]
pub(crate) struct Line {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The file; a path can begin with `~` or `~user`.
    file: String,
    /// Whether the lines are there: `exists` or `absent`.
    #[field(values("exists", "absent"))]
    state: String,
    /// The lines.
    content: Str,
    /// Whether blanks around the lines as a whole do not count.
    trim: bool,
    /// A regular expression of the line whose place the lines take where they are not there yet; of several the last.
    ///
    /// With `absent`, every line that it matches is removed too.
    #[field(name = "match")]
    matching: String,
    /// A regular expression of the line after which new lines are put; of several the last.
    ///
    /// Without such a line they are put at the end.
    after: String,
    /// A regular expression of the line before which new lines are put; of several the first.
    ///
    /// Without such a line they are put at the end.
    before: String,
}

/// The file as it is.
#[derive(Debug)]
pub(crate) struct Observed {
    path: PathBuf,
    /// Whose home folder the file is in, by the numbers of user and group.
    owner: Option<(u32, u32)>,
    found: Found,
}

#[derive(Debug)]
enum Found {
    Text(Vec<u8>),
    Missing {
        has_folder: bool,
    },
    /// A link is not written through: the file that it leads to has a name of its own.
    Link(PathBuf),
    Other,
}

/// Writes the file with other lines.
#[derive(Debug)]
pub(crate) struct Step {
    path: PathBuf,
    owner: Option<(u32, u32)>,
    verb: &'static str,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = quoted(&self.path.display().to_string());
        match self.old {
            Some(_) => write!(f, "{} {path}", self.verb),
            None => write!(f, "create {path} with the lines"),
        }
    }
}

impl resource::Step for Step {
    fn diff(&self) -> Option<Diff> {
        let title = self.path.display().to_string();
        Some(Diff { title, old: self.old.clone(), new: Some(self.new.clone()) })
    }
}

/// The patterns that a `line` can have, each with the name of its field.
fn pattern(field: &'static str, text: &str) -> Result<Option<Regex>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let regex = RegexBuilder::new(text).unicode(true).build();
    regex.map(Some).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Invalid::field(field, format!("the pattern is no regular expression: {reason}"))
    })
}

impl Line {
    fn edit(&self) -> Result<Edit, Invalid> {
        let content = self.content.as_bytes();
        let content = if self.trim { content.trim_ascii() } else { content };
        Ok(Edit {
            is_wanted: self.state == "exists",
            content: content.to_vec(),
            matching: pattern("match", &self.matching)?,
            after: pattern("after", &self.after)?,
            before: pattern("before", &self.before)?,
        })
    }

    fn edited(&self, text: &[u8]) -> Result<Vec<u8>> {
        // The patterns were compiled once when the fields were validated.
        Ok(self.edit().map_err(|error| Error::failed(error.message))?.apply(text))
    }
}

/// The user (empty for the agent's own) and the rest of a path that begins with `~`.
fn home_of(path: &str) -> Option<(&str, &str)> {
    let (user, rest) = path.strip_prefix('~')?.split_once('/')?;
    Some((user, rest.trim_start_matches('/')))
}

/// The path with `~` replaced by the home folder, and whose that is.
fn expand(path: &str, host: &Host) -> Result<(PathBuf, Option<(u32, u32)>)> {
    let Some((user, rest)) = home_of(path) else { return Ok((PathBuf::from(path), None)) };
    let account = if user.is_empty() { host.accounts.own()? } else { host.accounts.user(user)? };
    let missing = || match user {
        "" => Error::failed(format!("whoever runs this has no account, and so no home folder for {}", quoted(path))),
        user => Error::failed(format!(
            "there is no user {}, in whose home folder {} would be; create it with `user \"{user}\" {{ state => \"exists\", }}`",
            quoted(user),
            quoted(path)
        )),
    };
    let Account { home, uid, gid, .. } = account.ok_or_else(missing)?;
    Ok((home.join(rest), Some((uid, gid))))
}

fn look(files: &dyn Files, path: &Path) -> Result<Found> {
    Ok(match files.stat(path, false)?.map(|meta| meta.kind) {
        Some(FileKind::File) => Found::Text(files.read(path)?.unwrap_or_default()),
        Some(FileKind::Symlink) => Found::Link(files.read_link(path)?.unwrap_or_default()),
        Some(_) => Found::Other,
        None => {
            let folder = path.parent().unwrap_or(Path::new("/"));
            let meta = files.stat(folder, true)?;
            Found::Missing { has_folder: meta.is_some_and(|meta| meta.kind == FileKind::Folder) }
        }
    })
}

impl Resource for Line {
    type State = Observed;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        if !self.file.starts_with('/') && home_of(&self.file).is_none() {
            if self.file.is_empty() {
                let path = if self.name.starts_with('/') { &self.name } else { "/…" };
                let message = "nothing says which file the line is in";
                return Err(Invalid::field("file", message).hint(format!("write `file => \"{path}\"`")));
            }
            return Err(Invalid::field("file", "the file is not an absolute path, and not one in a home folder"));
        }
        if self.file.ends_with('/') {
            return Err(Invalid::field("file", "a folder has no lines").hint("leave out the `/` at the end"));
        }
        if self.state.is_empty() {
            return Err(
                Invalid::field("state", "the state of a line must be given").hint("write `state => \"exists\"`")
            );
        }
        if !self.after.is_empty() && !self.before.is_empty() {
            return Err(Invalid::field("after", "new lines have one place").hint("leave out `after` or `before`"));
        }
        self.edit().map(|_| ())
    }

    fn watches(&self) -> Vec<Watch> {
        vec![match home_of(&self.file) {
            Some((user, rest)) => Watch::Home { user: user.to_owned(), path: rest.into(), is_folder: false },
            None => Watch::Path(PathBuf::from(&self.file)),
        }]
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        let (path, owner) = expand(&self.file, host)?;
        let looking = path.clone();
        let found = host.on_files(move |files| look(files, &looking)).await?;
        Ok(Observed { path, owner, found })
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        let path = now.path.clone();
        let shown = quoted(&path.display().to_string());
        let is_wanted = self.state == "exists";
        let old = match &now.found {
            Found::Text(text) => Some(text.clone()),
            Found::Missing { .. } if !is_wanted || self.content.is_empty() => return Ok(Vec::new()),
            Found::Missing { has_folder } => {
                let folder = Identity::path(path.parent().unwrap_or(Path::new("/")));
                let is_brought = [folder.clone(), folder.packaged()].iter().any(|it| cx.siblings.will_exist(it));
                if !has_folder && !is_brought {
                    let folder = format!("{}/", path.parent().unwrap_or(Path::new("/")).display());
                    return Err(Error::failed(format!(
                        "the folder of {shown} does not exist; create it with `file \"{folder}\" {{ state => \"exists\", }}`"
                    )));
                }
                None
            }
            Found::Link(target) => {
                return Err(Error::failed(format!(
                    "{shown} is a symbolic link; set `file` to what it leads to, {}",
                    quoted(&target.display().to_string())
                )));
            }
            Found::Other => return Err(Error::failed(format!("{shown} is no regular file"))),
        };
        let new = self.edited(old.as_deref().unwrap_or_default())?;
        if old.as_ref() == Some(&new) {
            return Ok(Vec::new());
        }
        let verb = if is_wanted { "put lines into" } else { "remove lines from" };
        Ok(vec![Step { path, owner: now.owner, verb, old, new }])
    }

    /// Edits what is there by now: the file belongs to others too.
    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        let (line, path, owner) = (self.clone(), step.path.clone(), step.owner);
        host.on_files(move |files| {
            files.edit(&path, &|old| {
                let new = line.edited(old.as_deref().unwrap_or_default())?;
                if old.as_ref() == Some(&new) {
                    return Ok(None);
                }
                let mut file = NewFile::new(Content::Bytes(new));
                if old.is_none() {
                    // A new file in a home folder belongs to who lives there.
                    file.mode = Some(0o600);
                    (file.owner, file.group) = owner.unzip();
                }
                Ok(Some(file))
            })
        })
        .await
    }

    fn wants(&self) -> Vec<Want> {
        if !self.file.starts_with('/') {
            return home_of(&self.file).and_then(|(user, _)| crate::owner::wants_user(user)).into_iter().collect();
        }
        vec![Want::at_or_above(&self.file), Want::packaged_at_or_above(&self.file)]
    }
}
