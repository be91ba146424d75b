//! Runs the case files under `cases/names`: files of a program, and what is said about it.

use diag::Style;
use hir::Memory;
use span::SourceMap;
use testkit::Case;

/// The section with the expectation; all others are files of the program.
const DIAGNOSTICS: &str = "diagnostics";

fn check(case: &mut Case) -> Result<(), String> {
    let files = case.sections.iter().filter(|section| section.name != DIAGNOSTICS);
    let mut world = Memory::new(files.map(|section| (section.name.clone(), section.text.clone())));
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").ok_or("a case has a main.mcl")?;
    let lowered = hir::lower(&mut world, &builtins::catalog(&[]), &mut sources, &main);
    let rendered: Vec<String> =
        lowered.diagnostics.iter().map(|diagnostic| diag::render(diagnostic, &sources, Style::Plain)).collect();
    case.expect(DIAGNOSTICS, &rendered.join("\n\n"))
}

#[test]
fn names_are_resolved_as_the_cases_say() {
    testkit::cases("names", check);
}
