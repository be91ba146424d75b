//! Runs the case files: under `cases/names` programs and what is said about them, under `cases/hir` programs and what
//! they are lowered to.

mod dump;

use diag::Style;
use hir::{Lowered, Memory};
use span::SourceMap;
use testkit::Case;

/// The section with what is said.
const DIAGNOSTICS: &str = "diagnostics";

/// The section with what the program is lowered to.
const PROGRAM: &str = "program";

/// Lowers the files of a case; every section but the expectations is one.
fn lower(case: &Case) -> Result<(Lowered, String), String> {
    let files = case.sections.iter().filter(|section| ![DIAGNOSTICS, PROGRAM].contains(&section.name.as_str()));
    let mut world = Memory::new(files.map(|section| (section.name.clone(), section.text.clone())));
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").ok_or("a case has a main.mcl")?;
    let lowered = hir::lower(&mut world, &builtins::catalog(&[]), &mut sources, &main);
    let rendered: Vec<String> =
        lowered.diagnostics.iter().map(|diagnostic| diag::render(diagnostic, &sources, Style::Plain)).collect();
    Ok((lowered, rendered.join("\n\n")))
}

#[test]
fn names_are_resolved_as_the_cases_say() {
    testkit::cases("names", |case| {
        let (_, diagnostics) = lower(case)?;
        case.expect(DIAGNOSTICS, &diagnostics)
    });
}

#[test]
fn programs_are_lowered_as_the_cases_say() {
    testkit::cases("hir", |case| {
        let (lowered, diagnostics) = lower(case)?;
        if !diagnostics.is_empty() {
            return Err(format!("{}: the program has mistakes\n{diagnostics}", case.path.display()));
        }
        case.expect(PROGRAM, &dump::dump(&lowered.program))
    });
}
