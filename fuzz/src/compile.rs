//! The compiler on texts in memory, with the kinds and functions that people have.

use diag::{Diagnostic, Style};
use flow::Graph;
use hir::{Memory, Program};
use infer::Typed;
use schema::Catalog;
use span::SourceMap;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| builtins::catalog(kinds::ALL));

/// The kinds, functions and constants that people have.
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

/// A compiled program.
pub struct Compiled {
    /// The texts.
    pub sources: SourceMap,
    /// The program without its syntax.
    pub program: Program,
    /// Its types.
    pub typed: Typed,
    /// Its graph, where nothing is in error.
    pub graph: Option<Graph>,
    /// What is wrong, as people see it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// The diagnostics as text.
    pub fn rendered(&self) -> String {
        let rendered = self.diagnostics.iter().map(|it| diag::render(it, &self.sources, Style::Plain) + "\n\n");
        rendered.collect()
    }

    /// The codes of the diagnostics, sorted.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.diagnostics.iter().map(|it| it.code.name()).collect();
        codes.sort_unstable();
        codes
    }
}

/// Compiles a text. A row `-- NAME --` begins another file of the program, as in case files.
pub fn compile(text: &str) -> Compiled {
    let mut files = vec![("main.mcl", String::new())];
    for row in text.split_inclusive('\n') {
        match row.trim_end().strip_prefix("-- ").and_then(|it| it.strip_suffix(" --")) {
            Some(name) => files.push((name, String::new())),
            None => files.last_mut().expect("there is a first file").1.push_str(row),
        }
    }
    let mut world = Memory::new(files);
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").expect("there is a first file");
    let lowered = hir::lower(&mut world, catalog(), &mut sources, &main);
    let is_resolved = lowered.is_ok();
    let mut diagnostics = lowered.diagnostics;
    let mut typed = infer::infer(&lowered.program, catalog());
    diagnostics.append(&mut typed.diagnostics);
    let mut graph = None;
    if is_resolved && !diagnostics.iter().any(Diagnostic::is_error) {
        let (lowered, mut found) = flow::lower(&lowered.program, &typed, catalog());
        diagnostics.append(&mut found);
        graph = (!diagnostics.iter().any(Diagnostic::is_error)).then_some(lowered);
    }
    diag::sort(&mut diagnostics);
    diag::drop_follow_on(&mut diagnostics, &sources);
    Compiled { sources, program: lowered.program, typed, graph, diagnostics }
}
