//! Two folders and everything below them, compared.

use super::File;
use super::plan::check_mounts;
use super::step::{Attributes, Step, Write};
use resource::host::{Content, FileKind, FileMeta, Files};
use resource::{Error, PlanContext, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is below the source and below the copy, by paths within them.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    source: BTreeMap<PathBuf, Item>,
    target: BTreeMap<PathBuf, Item>,
}

#[derive(Debug)]
struct Item {
    meta: FileMeta,
    /// Where it points, if it is a link.
    link: Option<PathBuf>,
    /// Whether a file of the source has the same content as the one at its place in the copy.
    is_copied: bool,
}

/// Looks at both folders. Without a source there is nothing to copy, and something that is no folder has nothing below it.
pub(super) fn observe(files: &dyn Files, source: Option<&Path>, target: &Path, is_folder: bool) -> Result<Tree> {
    let target_items = if is_folder { walk(files, target)? } else { BTreeMap::new() };
    let mut source_items = source.map(|source| walk(files, source)).transpose()?.unwrap_or_default();
    for (path, item) in &mut source_items {
        let Some(source) = source else { break };
        let is_file = target_items.get(path).is_some_and(|it| it.meta.kind == FileKind::File);
        if is_file && item.meta.kind == FileKind::File {
            let content = Content::CopyOf(source.join(path));
            item.is_copied = files.matches(&target.join(path), &content)? == Some(true);
        }
    }
    Ok(Tree { source: source_items, target: target_items })
}

/// Everything below a folder. What vanishes meanwhile is left out.
fn walk(files: &dyn Files, root: &Path) -> Result<BTreeMap<PathBuf, Item>> {
    let mut items = BTreeMap::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(folder) = todo.pop() {
        for entry in files.read_folder(&root.join(&folder))?.unwrap_or_default() {
            let path = folder.join(&entry.name);
            let link = match entry.meta.kind {
                FileKind::Symlink => files.read_link(&root.join(&path))?,
                FileKind::Folder => {
                    todo.push(path.clone());
                    None
                }
                FileKind::File | FileKind::Other => None,
            };
            items.insert(path, Item { meta: entry.meta, link, is_copied: false });
        }
    }
    Ok(items)
}

/// The steps that make the copy like the source, and take away what does not belong there.
///
/// The folder itself may be a file system of its own; where one is mounted below it, nothing is removed.
pub(super) fn plan(file: &File, tree: &Tree, mounts: &[PathBuf], cx: &PlanContext<'_>) -> Result<Vec<Step>> {
    let target = file.target();
    let mounts: Vec<&PathBuf> = mounts.iter().filter(|mount| **mount != target).collect();
    let mut steps = Vec::new();
    let mut removed = BTreeSet::new();
    for (path, item) in &tree.source {
        // The folders above come first in the order of paths.
        let there = tree.target.get(path).filter(|_| !is_below(&removed, path));
        if there.is_some_and(|there| there.meta.kind != item.meta.kind && file.force) {
            check_mounts(mounts.iter().copied(), &target.join(path))?;
        }
        copy(file, &target, path, item, there, &mut removed, &mut steps)?;
    }
    let managed = cx.siblings.paths_below(&target);
    let is_protected = |path: &Path| managed.iter().any(|it| it.starts_with(path));
    let takes_away = file.replace || file.purge;
    for (path, item) in tree.target.iter().filter(|_| takes_away) {
        let full = target.join(path);
        if tree.source.contains_key(path) || is_below(&removed, path) || is_protected(&full) {
            continue;
        }
        check_mounts(mounts.iter().copied(), &full)?;
        removed.insert(path.clone());
        steps.push(Step::remove(&full, item.meta.kind, true, file.backup));
    }
    Ok(steps)
}

fn is_below(removed: &BTreeSet<PathBuf>, path: &Path) -> bool {
    path.ancestors().any(|above| removed.contains(above))
}

fn copy(
    file: &File,
    target: &Path,
    path: &Path,
    item: &Item,
    there: Option<&Item>,
    removed: &mut BTreeSet<PathBuf>,
    steps: &mut Vec<Step>,
) -> Result<()> {
    let full = target.join(path);
    let source = Path::new(&file.source).join(path);
    if !file.replace && there.is_some() && item.meta.kind != FileKind::Folder {
        return Ok(());
    }
    if there.is_some_and(|it| it.meta.kind == item.meta.kind) {
        match item.meta.kind {
            FileKind::Folder => return Ok(()),
            FileKind::File if item.is_copied => return Ok(()),
            FileKind::Symlink if there.is_some_and(|it| it.link == item.link) => return Ok(()),
            _ => {}
        }
    } else if let Some(there) = there {
        if !file.force {
            return Err(super::plan::in_the_way(&full, there.meta.kind));
        }
        removed.insert(path.to_owned());
        steps.push(Step::remove(&full, there.meta.kind, true, file.backup));
    } else if item.meta.kind != FileKind::Folder && file.state.is_empty() {
        return Err(super::plan::not_there(&full));
    }
    let attributes = Attributes { mode: Some(item.meta.mode), ..Attributes::default() };
    match item.meta.kind {
        FileKind::Folder => steps.push(Step::MakeFolder { path: full, parents: false, attributes }),
        FileKind::File => steps.push(Step::Write(Write {
            path: full,
            content: Content::CopyOf(source),
            size: Some(item.meta.size),
            is_new: there.is_none_or(|it| it.meta.kind != FileKind::File),
            attributes,
            validate: None,
            backup: file.backup,
            diff: None,
        })),
        FileKind::Symlink => steps.push(Step::Link {
            path: full,
            target: item.link.clone().unwrap_or_default(),
            attributes: Attributes::default(),
        }),
        FileKind::Other => {
            return Err(Error::failed(format!(
                "`{}` is a device, a socket or a pipe and cannot be copied; take it out of the source",
                source.display()
            )));
        }
    }
    Ok(())
}
