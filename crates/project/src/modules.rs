//! A program with the modules that it imports, found on disk.
//!
//! Where a module that is imported by a URL is searched for depends on who imports it: the module's own `path`, then those
//! of the modules that led to it, then the machine's folder of modules. So a module is told from others by its file
//! together with the folders in which it searches.

use crate::files::ProgramFiles;
use crate::metadata::{self, Metadata};
use crate::stamp::{self, Stamp};
use crate::{Input, diag, git};
use ::diag::Diagnostic;
use hir::{Import, ImportKind, ModuleFiles, World};
use span::{SourceMap, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

/// What may be done to find modules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The machine's folder of modules (`--module-path`).
    pub module_path: Option<PathBuf>,
    /// Whether modules that are missing are downloaded.
    pub download: bool,
    /// Whether modules that are there are brought up to date.
    pub update: bool,
}

/// A program with the modules that it imports.
#[derive(Debug)]
pub struct Project {
    options: Options,
    /// The folder of the program, which is the root of its files.
    root: PathBuf,
    /// The folder to which names of files in messages are relative.
    current: PathBuf,
    files: ProgramFiles,
    /// What has been read, by its key.
    packages: BTreeMap<Arc<str>, Package>,
    /// Which folders were brought up to date already.
    updated: BTreeSet<PathBuf>,
    /// The folders outside of the program that are part of its files.
    outside: Vec<PathBuf>,
    /// The texts and metadata that were read, as they were on the disk then.
    stamps: BTreeMap<PathBuf, Stamp>,
}

/// A module that was read.
#[derive(Debug)]
struct Package {
    module: ModuleFiles,
    /// The folder of the file that imports.
    folder: PathBuf,
    /// Where modules are searched for, nearest first, without the machine's folder.
    searches: Vec<PathBuf>,
    /// What belongs to it, as paths of the program's files; folders end in a slash.
    contents: Vec<String>,
}

/// A module that was found: its folder, what it says about itself, and whether a file says so.
struct Found {
    folder: PathBuf,
    metadata: Metadata,
    has_file: bool,
}

impl Project {
    /// Reads a program. What it imports is read as the compiler asks for it.
    ///
    /// # Errors
    /// Where it cannot be read, or its `metadata.yaml` is wrong.
    pub fn open(
        input: &Input,
        options: Options,
        sources: &mut SourceMap,
    ) -> Result<(Project, ModuleFiles), Box<Diagnostic>> {
        let current = env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        let module_path = options.module_path.map(|path| absolute(&current, &path));
        let mut project = Project {
            options: Options { module_path, ..options },
            root: current.clone(),
            current,
            files: ProgramFiles::default(),
            packages: BTreeMap::new(),
            updated: BTreeSet::new(),
            outside: Vec::new(),
            stamps: BTreeMap::new(),
        };
        let found = match input {
            Input::Text { name, text } => return project.open_text(sources, name, text),
            Input::File(path) if path.as_os_str().is_empty() => return Err(Box::new(diag::empty_input())),
            Input::File(path) if path.file_name().is_some_and(|name| name.to_str().is_none()) => {
                let error = io::Error::other("its name is not UTF-8 text");
                return Err(Box::new(diag::unreadable(&path.to_string_lossy(), &error, None, None)));
            }
            Input::File(path) => of_file(&absolute(&project.current, path)),
            Input::Folder(path) => project.of_folder(sources, &absolute(&project.current, path), None)?,
            Input::Metadata(path) => project.of_metadata(sources, &absolute(&project.current, path), None)?,
        };
        project.root.clone_from(&found.folder);
        project.files.mount("/", &found.folder);
        let module = project.read(sources, found, &[], None)?;
        Ok((project, module))
    }

    fn open_text(
        mut self,
        sources: &mut SourceMap,
        name: &Arc<str>,
        text: &Arc<str>,
    ) -> Result<(Project, ModuleFiles), Box<Diagnostic>> {
        if text.trim().is_empty() {
            return Err(Box::new(diag::empty_input()));
        }
        let file = sources.add(name.clone(), text.clone());
        let module = ModuleFiles { key: name.clone(), file, base: "/".into() };
        self.files.mount("/", &self.root);
        let (folder, searches, contents) = (self.root.clone(), Vec::new(), Vec::new());
        self.packages.insert(name.clone(), Package { module: module.clone(), folder, searches, contents });
        Ok((self, module))
    }

    /// What the program can read while it runs: complete once the program is compiled.
    pub fn files(&self) -> &ProgramFiles {
        &self.files
    }

    /// The texts and metadata that were read, as they were on the disk then.
    pub fn stamps(&self) -> &BTreeMap<PathBuf, Stamp> {
        &self.stamps
    }

    /// What belongs to the program and its modules, as paths of [`Project::files`], sorted: programs, `metadata.yaml`s, and
    /// folders of data, which end in a slash and may not exist.
    pub fn contents(&self) -> BTreeSet<&str> {
        self.packages.values().flat_map(|package| &package.contents).map(String::as_str).collect()
    }

    /// Reads the program of a module that was found. `inherited` is where its importer searches for modules.
    fn read(
        &mut self,
        sources: &mut SourceMap,
        found: Found,
        inherited: &[PathBuf],
        at: Option<Span>,
    ) -> Result<ModuleFiles, Box<Diagnostic>> {
        let Found { folder, metadata, has_file } = found;
        let main = folder.join(&metadata.main);
        let own = Some(folder.join(&metadata.path)).filter(|_| !metadata.path.is_empty());
        let inherited = if metadata.parentpathblock { &[] } else { inherited };
        let mut searches: Vec<PathBuf> = Vec::new();
        for search in own.into_iter().chain(inherited.iter().cloned()) {
            if !searches.contains(&search) {
                searches.push(search);
            }
        }
        let parts = std::iter::once(&main).chain(&searches).map(|path| path.to_string_lossy());
        let key: Arc<str> = parts.collect::<Vec<_>>().join("\n").into();
        if let Some(package) = self.packages.get(&key) {
            return Ok(package.module.clone());
        }
        let text = self.text(&main, at)?;
        let file = sources.add(self.shown(&main), text);
        let base = self.base(&folder);
        let mut contents = vec![format!("{base}{}", metadata.main), format!("{base}{}", metadata.files)];
        if has_file {
            contents.push(format!("{base}{}", metadata::FILE));
        }
        let module = ModuleFiles { key: key.clone(), file, base: base.into() };
        let folder = folder.join(metadata.main_folder());
        self.packages.insert(key, Package { module: module.clone(), folder, searches, contents });
        Ok(module)
    }

    /// The module in a folder.
    fn of_folder(
        &mut self,
        sources: &mut SourceMap,
        folder: &Path,
        at: Option<Span>,
    ) -> Result<Found, Box<Diagnostic>> {
        let file = folder.join(metadata::FILE);
        if file.exists() {
            return self.of_metadata(sources, &file, at);
        }
        if !folder.join(metadata::MAIN).exists() {
            return Err(Box::new(diag::no_module(&self.shown(folder), folder.is_dir(), at)));
        }
        Ok(Found { folder: folder.to_owned(), metadata: Metadata::default(), has_file: false })
    }

    /// The module of a `metadata.yaml`.
    fn of_metadata(
        &mut self,
        sources: &mut SourceMap,
        path: &Path,
        at: Option<Span>,
    ) -> Result<Found, Box<Diagnostic>> {
        let text = self.text(path, at)?;
        let file = sources.add(self.shown(path), text.clone());
        let metadata =
            Metadata::parse(file, &text).map_err(|diagnostic| Box::new(diag::imported_at(*diagnostic, at)))?;
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Found { folder, metadata, has_file: true })
    }

    /// The module of a repository, downloaded where that is allowed.
    fn of_repository(
        &mut self,
        sources: &mut SourceMap,
        url: &str,
        path: &str,
        searches: &[PathBuf],
        at: Span,
    ) -> Result<Found, Box<Diagnostic>> {
        let candidates: Vec<PathBuf> =
            searches.iter().chain(&self.options.module_path).map(|search| search.join(path)).collect();
        let failed = |error: git::GitError| Box::new(diag::failed_download(url, &error, at));
        let found = candidates.iter().find(|folder| folder.join(metadata::FILE).exists());
        let folder = match found {
            Some(folder) => {
                if self.options.update && self.updated.insert(folder.clone()) {
                    git::pull(folder).map_err(failed)?;
                }
                folder
            }
            None => {
                let looked: Vec<String> = candidates.iter().map(|folder| self.shown(folder)).collect();
                let Some(folder) = candidates.first().filter(|_| self.options.download) else {
                    return Err(Box::new(diag::missing_repository(url, &looked, at)));
                };
                if !folder.exists() {
                    git::clone(url, folder).map_err(failed)?;
                    self.updated.insert(folder.clone());
                }
                folder
            }
        };
        let file = folder.join(metadata::FILE);
        if !file.exists() {
            return Err(Box::new(diag::no_metadata(url, &self.shown(folder), at)));
        }
        self.of_metadata(sources, &file, Some(at))
    }

    fn text(&mut self, path: &Path, at: Option<Span>) -> Result<String, Box<Diagnostic>> {
        let (text, stamp) = stamp::read(path).map_err(|error| Box::new(self.unreadable(path, &error, at)))?;
        self.stamps.insert(path.to_owned(), stamp);
        Ok(text)
    }

    fn unreadable(&self, path: &Path, error: &io::Error, at: Option<Span>) -> Diagnostic {
        // The nearest name in the folder is what was meant, most likely.
        let siblings = path.parent().and_then(|folder| fs::read_dir(folder).ok());
        let mut names: Vec<String> = siblings
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".mcl"))
            .collect();
        names.sort_unstable();
        let wanted = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        let meant = ::diag::closest(&wanted, names.iter().map(String::as_str));
        let meant = meant.map(|name| self.shown(&path.with_file_name(name)));
        diag::unreadable(&self.shown(path), error, meant.as_deref(), at)
    }

    /// A path as messages show it: relative where it is below the current folder.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.current).ok().filter(|rest| !rest.as_os_str().is_empty());
        below.unwrap_or(path).to_string_lossy().into_owned()
    }

    /// The path of a folder within the program's files.
    fn base(&mut self, folder: &Path) -> String {
        if let Ok(rest) = folder.strip_prefix(&self.root) {
            return in_tree("/", rest);
        }
        let modules = self.options.module_path.as_ref().and_then(|modules| folder.strip_prefix(modules).ok());
        let base = match modules {
            Some(rest) => in_tree("/modules/", rest),
            None => {
                let known = self.outside.iter().position(|outside| outside == folder);
                let number = known.unwrap_or_else(|| {
                    self.outside.push(folder.to_owned());
                    self.outside.len() - 1
                });
                format!("/outside/{number}/")
            }
        };
        self.files.mount(&base, folder);
        base
    }
}

impl World for Project {
    fn load(
        &mut self,
        sources: &mut SourceMap,
        importer: &str,
        import: &Import,
        at: Span,
    ) -> Result<ModuleFiles, Box<Diagnostic>> {
        let (folder, searches) = match self.packages.get(importer) {
            Some(package) => (package.folder.clone(), package.searches.clone()),
            None => (self.root.clone(), Vec::new()),
        };
        let found = match &import.kind {
            ImportKind::System => return Err(Box::new(diag::unreadable_module(&import.text, at))),
            ImportKind::File => of_file(&absolute(&folder, Path::new(&import.text))),
            ImportKind::Folder => self.of_folder(sources, &absolute(&folder, Path::new(&import.text)), Some(at))?,
            ImportKind::Remote { url, path } => self.of_repository(sources, url, path, &searches, at)?,
        };
        self.read(sources, found, &searches, Some(at))
    }
}

/// A single file as a module of its own.
fn of_file(path: &Path) -> Found {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let metadata = Metadata { main: name.into_owned(), ..Metadata::default() };
    Found { folder: path.parent().unwrap_or(Path::new("/")).to_owned(), metadata, has_file: false }
}

/// A path below a folder of the program's files.
fn in_tree(above: &str, rest: &Path) -> String {
    let parts = rest.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy()));
    above.to_owned() + &parts.collect::<String>()
}

/// A path from the root, without `.` and `..`.
fn absolute(folder: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}
