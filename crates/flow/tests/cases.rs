//! Runs the case files under `cases/flow`: a program, and the graph that it becomes.

use diag::Style;
use hir::Memory;
use span::SourceMap;
use testkit::Case;

/// The section with the expectation; all others are files of the program.
const GRAPH: &str = "graph";

fn check(case: &mut Case) -> Result<(), String> {
    let files = case.sections.iter().filter(|section| section.name != GRAPH);
    let mut world = Memory::new(files.map(|section| (section.name.clone(), section.text.clone())));
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").ok_or("a case has a main.mcl")?;
    let catalog = builtins::catalog(kinds::ALL);
    let lowered = hir::lower(&mut world, &catalog, &mut sources, &main);
    let typed = infer::infer(&lowered.program, &catalog);
    if let Some(diagnostic) = lowered.diagnostics.iter().chain(&typed.diagnostics).next() {
        return Err(format!("{}: {}", case.path.display(), diag::render(diagnostic, &sources, Style::Plain)));
    }
    let (graph, diagnostics) = flow::lower(&lowered.program, &typed, &catalog);
    if let Some(diagnostic) = diagnostics.first() {
        return Err(format!("{}: {}", case.path.display(), diag::render(diagnostic, &sources, Style::Plain)));
    }
    case.expect(GRAPH, &flow::dump(&graph))
}

#[test]
fn graphs_are_what_the_cases_say() {
    testkit::cases("flow", check);
}
