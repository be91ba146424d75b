//! `file`: files, folders and links.
//!
//! `observe` looks at everything in one hop: what is at the path, whether the content is right, and for a copied or
//! purged folder both trees. `plan` decides on that alone. A file appears with its content, mode and owner at once: there
//! is no moment in which others can see it half made.

mod mode;
mod observe;
mod plan;
mod step;
mod tree;

pub(crate) use observe::Observed;
pub(crate) use step::Step;

use crate::owner::{check_owner, wants_group, wants_user};
use mode::Mode;
use resource::host::Host;
use resource::{Error, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch, clean_path};
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};
use value::{Name, Str};

/// Manages a file, a folder or a symbolic link.
///
/// A path that ends in `/` is a folder. Without `state` the file must be there already: its content, mode and owner are
/// managed, but nothing is created.
///
/// A file is replaced as a whole: whoever reads it sees the old or the new content, and what is replaced or removed is kept
/// in the backup store. Its owner, its mode, its access list, its label and the attributes that people have put on it stay,
/// as far as nothing else is stated; capabilities of a program go with its content. Other names of the same file, as hard
/// links are, keep the old content.
///
/// To bring something back, see `backup/index.jsonl` in the state directory: a line for each time, with the path, the mode,
/// the owner and the `hash` of the content, which is the file `backup/objects/HH/HASH`, where `HH` are the first two letters
/// of the hash. Contents of up to 32 MiB are kept, for 90 days, and not more than 256 MiB in all.
///
/// ```mcl
/// file "/etc/motd" {
///     state => "exists",
///     content => "be excellent to each other\n",
///     owner => "root",
///     mode => "u=rw,go=r",
/// }
///
/// # a copy of a folder, with nothing else in it
/// file "/srv/www/" {
///     state => "exists",
///     source => "/usr/share/site/",
///     recurse => true,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "file", since = "0.1", receives, reverses)]
pub(crate) struct File {
    /// The name of the resource.
    #[field(identity)]
    name: Name,
    /// The path, where it is not the name of the resource.
    path: Name,
    /// A folder that takes the place of the path's; ends in `/`.
    dirname: Name,
    /// A name that takes the place of the path's last part.
    basename: Name,
    /// Whether it is there: `exists` creates it, `absent` removes it.
    ///
    /// Without it nothing is created or removed.
    #[field(values("exists", "absent"))]
    state: Name,
    /// The whole content.
    content: Option<Str>,
    /// A file or folder of this machine to copy; for a symbolic link, where it points.
    ///
    /// A folder is copied with everything in it, and what is not in it is removed from the copy, unless another resource
    /// manages it.
    source: Name,
    /// Files whose contents, one after the other, are the content.
    ///
    /// Of a folder (ending in `/`) all files directly in it are taken, in the order of their names.
    fragments: Vec<String>,
    /// The owner, by name or number.
    owner: Name,
    /// The group, by name or number.
    group: Name,
    /// The permissions: octal as `0644`, or assignments as `u=rw,go=r`.
    ///
    /// Assignments decide only about those they name.
    mode: Name,
    /// Includes everything below: copies, removes and watches it, and creates the folders above.
    recurse: bool,
    /// Allows to put one thing in the place of another: a file, a folder, a link.
    force: bool,
    /// Removes everything in the folder that no resource manages.
    ///
    /// Where something is mounted below the folder and would have to go, nothing is removed.
    purge: bool,
    /// Manages a symbolic link, which points to `source`.
    symlink: bool,
    /// The SELinux context; empty for none.
    ///
    /// Where the kernel runs without SELinux it is kept all the same, and the change says that it has no effect.
    selinux: Option<Name>,
    /// Whether the content of a file that is there already is managed.
    ///
    /// With `false` the file is created where it is missing, and its content then belongs to others. The same goes for a link,
    /// and for everything in a folder that is copied; what is there beside the copy goes only with `purge`.
    #[field(default = true)]
    replace: bool,
    /// A program that judges new content before it takes the place of the old.
    ///
    /// It must exit 0. `%` stands for the path of the new content, as in `visudo -cf %`.
    validate_cmd: Name,
    /// Whether what is replaced or removed is kept in the backup store.
    #[field(default = true)]
    backup: bool,
    /// Whether the content is secret: it is not shown, in reports neither, nor are changes to it.
    ///
    /// A content that is kept to be brought back, by `Meta:reverse` or in the backup store, is for root only.
    sensitive: bool,
}

/// What a file is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Exists,
    Absent,
    Undefined,
}

impl File {
    /// The path with its slash at the end, where it is a folder.
    fn written_path(&self) -> Cow<'_, str> {
        let path = if self.path.is_empty() { &self.name } else { &self.path };
        if self.dirname.is_empty() && self.basename.is_empty() {
            return Cow::Borrowed(path);
        }
        // The last part keeps its slash.
        let cut = path.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
        let (folder, last) = path.split_at(cut);
        let folder = if self.dirname.is_empty() { folder } else { &self.dirname };
        let last = if self.basename.is_empty() { last } else { &self.basename };
        Cow::Owned(format!("{folder}{last}"))
    }

    /// The path without a slash at the end.
    fn target(&self) -> PathBuf {
        clean_path(Path::new(&*self.written_path()))
    }

    fn is_folder(&self) -> bool {
        self.written_path().ends_with('/')
    }

    fn wanted(&self) -> Wanted {
        match self.state.as_str() {
            "exists" => Wanted::Exists,
            "absent" => Wanted::Absent,
            _ => Wanted::Undefined,
        }
    }

    /// The mode; `None` where it is not managed. Validated before.
    fn wanted_mode(&self) -> Option<Mode> {
        Mode::parse(&self.mode).ok()
    }

    /// Whether something is said about what is in the file.
    fn has_content(&self) -> bool {
        self.content.is_some() || (!self.symlink && !self.source.is_empty()) || !self.fragments.is_empty()
    }

    /// Whether everything in the folder is managed.
    fn has_tree(&self) -> bool {
        let is_there = self.wanted() != Wanted::Absent;
        is_there && self.is_folder() && self.recurse && (self.purge || !self.source.is_empty())
    }
}

impl Resource for File {
    type State = Observed;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        let path = self.written_path();
        check_path(self, &path)?;
        check_content(self, &path)?;
        check_owner("owner", &self.owner)?;
        check_owner("group", &self.group)?;
        if !self.mode.is_empty() {
            Mode::parse(&self.mode)
                .map_err(|error| Invalid::field("mode", error.to_string()).hint("write `0644`, or `u=rw,go=r`"))?;
        }
        if !self.validate_cmd.is_empty() {
            if !self.validate_cmd.contains('%') {
                return Err(Invalid::field("validate_cmd", "the program is not told which file to judge")
                    .hint("write `%` where the path of the new file belongs"));
            }
            if self.is_folder() || self.symlink {
                return Err(Invalid::field("validate_cmd", "only the content of a file can be judged"));
            }
        }
        Ok(())
    }

    fn watches(&self) -> Vec<Watch> {
        let clean = |path: &str| clean_path(Path::new(path));
        let below = |path| if self.recurse { Watch::Tree(path) } else { Watch::Path(path) };
        let mut watches = vec![if self.is_folder() { below(self.target()) } else { Watch::Path(self.target()) }];
        if !self.source.is_empty() && !self.symlink {
            watches.push(below(clean(&self.source)));
        }
        watches.extend(self.fragments.iter().map(|fragment| {
            if fragment.ends_with('/') { Watch::Folder(clean(fragment)) } else { Watch::Path(clean(fragment)) }
        }));
        watches
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        observe::observe(self, host).await
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        plan::plan(self, now, cx)
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        step.apply(host).await
    }

    fn provides(&self) -> Vec<Identity> {
        let target = self.target();
        let in_home = crate::unit::in_home(&target);
        std::iter::once(Identity::Path(target)).chain(in_home).collect()
    }

    fn brings(&self) -> Vec<Identity> {
        if self.wanted() == Wanted::Absent { Vec::new() } else { self.provides() }
    }

    fn wants(&self) -> Vec<Want> {
        let target = self.target();
        let mut wants: Vec<Want> = self.fragments.iter().map(|it| Want::before(Identity::path(it))).collect();
        if !self.source.is_empty() && !self.symlink {
            wants.push(Want::before(Identity::path(&self.source)));
        }
        wants.push(Want::nearest_parent(&target));
        wants.push(Want::packaged_at_or_above(&target));
        wants.extend(wants_user(&self.owner));
        wants.extend(wants_group(&self.group));
        wants.extend(crate::unit::of_drop_in(&target).map(Want::after));
        wants
    }

    fn hides(&self, field: &str) -> bool {
        self.sensitive && field == "content"
    }

    fn reversed(&self, now: &Observed) -> Result<Option<File>> {
        if self.is_folder() {
            return Err(Error::failed("a folder cannot be undone; leave out `Meta:reverse`"));
        }
        if !self.source.is_empty() && !self.symlink {
            return Err(Error::failed("a copy of `source` cannot be undone; leave out `Meta:reverse`"));
        }
        let mut undo = self.clone();
        undo.fragments.clear();
        undo.content = None;
        undo.state = match self.wanted() {
            Wanted::Exists => "absent",
            Wanted::Absent => "exists",
            Wanted::Undefined => "",
        }
        .into();
        let had_content = self.content.is_some() || !self.fragments.is_empty();
        match undo.wanted() {
            Wanted::Absent => undo.selinux = None,
            _ if had_content || self.wanted() == Wanted::Absent => {
                undo.content = now.current_content(self)?;
                undo.source = now.link().map(|link| link.display().to_string()).unwrap_or_default().into();
                undo.symlink = now.link().is_some();
            }
            _ => {}
        }
        now.capture_attributes(self, &mut undo);
        Ok(Some(undo))
    }
}

fn check_path(file: &File, path: &str) -> Result<(), Invalid> {
    if !file.dirname.is_empty() && !file.dirname.ends_with('/') {
        return Err(
            Invalid::field("dirname", "the folder does not end in `/`").hint(format!("write `{}/`", file.dirname))
        );
    }
    if file.basename.starts_with('/') {
        return Err(Invalid::field("basename", "the last part of a path does not begin with `/`"));
    }
    if !path.starts_with('/') {
        let relative = format!("`{path}` is not an absolute path");
        return Err(Invalid::field("path", relative).hint("begin the path with `/`"));
    }
    // `/srv/../` is the root folder too.
    let depth = Path::new(path).components().fold(0_usize, |depth, part| match part {
        Component::Normal(_) => depth + 1,
        Component::ParentDir => depth.saturating_sub(1),
        _ => depth,
    });
    if depth == 0 && (file.wanted() == Wanted::Absent || file.purge || file.has_tree()) {
        return Err(Invalid::new("the root folder cannot be removed or purged"));
    }
    Ok(())
}

fn check_content(file: &File, path: &str) -> Result<(), Invalid> {
    let is_folder = path.ends_with('/');
    let (has_content, has_source) = (file.content.is_some(), !file.source.is_empty());
    let has_fragments = !file.fragments.is_empty();
    if [has_content, has_source, has_fragments].iter().filter(|it| **it).count() > 1 {
        return Err(Invalid::new("only one of `content`, `source` and `fragments` can say what is in the file"));
    }
    if file.wanted() == Wanted::Absent && (has_content || has_source || has_fragments || file.selinux.is_some()) {
        return Err(Invalid::field(
            "state",
            "a file that is absent has no `content`, `source`, `fragments` or `selinux`",
        ));
    }
    if file.symlink {
        if file.wanted() == Wanted::Exists && !has_source {
            return Err(Invalid::field("symlink", "the link has no target").hint("set `source` to where it points"));
        }
        if has_content || has_fragments || file.recurse || file.purge {
            return Err(Invalid::field("symlink", "a link has no `content`, `fragments`, `recurse` or `purge`"));
        }
        if is_folder {
            return Err(
                Invalid::field("symlink", "a link is no folder").hint("leave out the `/` at the end of the path")
            );
        }
        return Ok(());
    }
    if is_folder && (has_content || has_fragments) {
        return Err(
            Invalid::new("a folder has no `content` or `fragments`").hint("leave out the `/` at the end of the path")
        );
    }
    if has_source {
        check_source(file, is_folder)?;
    }
    if file.purge && (!file.recurse || !is_folder) {
        return Err(Invalid::field("purge", "only a folder with `recurse => true` can be purged"));
    }
    for fragment in &file.fragments {
        if !fragment.starts_with('/') {
            return Err(Invalid::field("fragments", format!("`{fragment}` is not an absolute path")));
        }
        let part = clean_path(Path::new(fragment));
        let contains_file = fragment.ends_with('/') && file.target().parent() == Some(&*part);
        if contains_file || part == file.target() {
            let text = if contains_file {
                format!("the file lies in `{fragment}`")
            } else {
                "the file is its own fragment".into()
            };
            // The path and the fragments are right, each by itself.
            return Err(Invalid::new(format!("{text} and would become part of itself")));
        }
    }
    Ok(())
}

fn check_source(file: &File, is_folder: bool) -> Result<(), Invalid> {
    if !file.source.starts_with('/') {
        return Err(Invalid::field("source", format!("`{}` is not an absolute path", file.source)));
    }
    let (source, target) = (clean_path(Path::new(&file.source)), file.target());
    if source == target {
        return Err(Invalid::field("source", "the file cannot be a copy of itself"));
    }
    // The copy would grow with itself, or its own source would be what has no business in it.
    if is_folder && (source.starts_with(&target) || target.starts_with(&source)) {
        return Err(Invalid::field("source", format!("the folder and `{}` lie within each other", file.source))
            .hint("keep the source outside of what is copied from it"));
    }
    match (is_folder, file.source.ends_with('/'), file.recurse) {
        (true, false, _) | (false, true, _) => Err(Invalid::field("source", "one is a folder, the other is not")
            .hint("end both `source` and the path in `/`, or none of them")),
        (true, true, false) => {
            Err(Invalid::field("source", "a folder is copied with everything in it").hint("set `recurse => true`"))
        }
        (false, false, true) => Err(Invalid::field("recurse", "the copy of a single file has nothing below it")),
        _ => Ok(()),
    }
}
