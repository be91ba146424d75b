//! From a program's text to its function graph.

use crate::Settings;
use diag::Diagnostic;
use flow::Graph;
use project::Stamp;
use schema::Catalog;
use span::{SourceMap, Span};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What compiling a program gives.
#[derive(Debug)]
pub struct Compiled {
    /// The function graph; empty where the program is in error.
    pub graph: Arc<Graph>,
    /// The texts of the program and its modules.
    pub texts: Arc<SourceMap>,
    /// What is wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that belong to the program.
    pub files: project::ProgramFiles,
    /// The files that were read: the program is another when one of them is.
    pub read: Vec<PathBuf>,
    /// Those of them that could be read, as they were then.
    pub stamps: BTreeMap<PathBuf, Stamp>,
}

impl Compiled {
    /// Whether the program can run.
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether another compilation read the same texts.
    pub fn same_texts(&self, other: &SourceMap) -> bool {
        let texts = |map: &SourceMap| {
            map.iter().map(|(_, it)| (it.name().to_owned(), Arc::clone(it.text()))).collect::<Vec<_>>()
        };
        texts(&self.texts) == texts(other)
    }
}

/// Compiles a program. What is wrong with it is among the diagnostics.
pub fn compile(settings: &Settings, catalog: &Catalog) -> Compiled {
    let mut texts = SourceMap::default();
    let options = project::Options {
        module_path: settings.module_path.clone(),
        download: settings.download,
        update: settings.update,
    };
    let (mut project, main) = match project::Project::open(&settings.input, options, &mut texts) {
        Ok(opened) => opened,
        Err(diagnostic) => {
            return Compiled {
                graph: Arc::default(),
                texts: Arc::new(texts),
                diagnostics: vec![*diagnostic],
                files: project::ProgramFiles::default(),
                read: Vec::new(),
                stamps: BTreeMap::new(),
            };
        }
    };
    let (graph, diagnostics) = phases(&mut project, catalog, &mut texts, &main);
    Compiled {
        graph: Arc::new(graph),
        texts: Arc::new(texts),
        diagnostics,
        files: project.files().clone(),
        read: read(&project),
        stamps: project.stamps().clone(),
    }
}

/// Compiles a program, and looks at the resources that are known already: what their kinds say of them without looking at
/// the machine is told before anything runs.
pub fn check(settings: &Settings, catalog: &Catalog) -> Compiled {
    let mut compiled = compile(settings, catalog);
    let told: Vec<Span> = compiled.diagnostics.iter().filter_map(|it| it.span).collect();
    let known = reactive::known_resources(&compiled.graph);
    let mut problems: Vec<Diagnostic> =
        known.iter().filter_map(|desired| plan::examine(desired, kinds::build)).collect();
    // What was said about a line of a resource is not said again.
    problems.retain(|it| it.span.is_none_or(|outer| !told.iter().any(|inner| outer.encloses(*inner))));
    flow::point_at_lines(&compiled.graph, &mut problems);
    compiled.diagnostics.append(&mut problems);
    diag::sort(&mut compiled.diagnostics);
    diag::limit(&mut compiled.diagnostics);
    compiled
}

/// The phases behind the parser. A later one runs only where the ones before it found no error: what it said would be
/// about mistakes that were reported already.
fn phases(
    project: &mut project::Project,
    catalog: &Catalog,
    texts: &mut SourceMap,
    main: &hir::ModuleFiles,
) -> (Graph, Vec<Diagnostic>) {
    let lowered = hir::lower(project, catalog, texts, main);
    let resolved = lowered.is_ok();
    let mut diagnostics = lowered.diagnostics;
    let mut typed = infer::infer(&lowered.program, catalog);
    diagnostics.append(&mut typed.diagnostics);
    let mut graph = Graph::default();
    if resolved && !diagnostics.iter().any(Diagnostic::is_error) {
        let (lowered, mut found) = flow::lower(&lowered.program, &typed, catalog);
        graph = lowered;
        diagnostics.append(&mut found);
    }
    diag::sort(&mut diagnostics);
    diag::drop_follow_on(&mut diagnostics, texts);
    diag::limit(&mut diagnostics);
    (graph, diagnostics)
}

/// The texts and metadata of a program and its modules, on the disk.
fn read(project: &project::Project) -> Vec<PathBuf> {
    let texts = project.contents().into_iter().filter(|path| !path.ends_with('/'));
    texts.filter_map(|path| project.files().locate(path).ok()).collect()
}
