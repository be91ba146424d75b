//! Runs the case files under `cases/types`: a program, the types of its binds, and what is said about it.

use diag::Style;
use hir::Memory;
use span::SourceMap;
use std::collections::BTreeMap;
use testkit::Case;

/// The types of all binds that are used, in the order of the program; several where instances differ.
const TYPES: &str = "types";
/// What is said about the program.
const DIAGNOSTICS: &str = "diagnostics";

fn check(case: &mut Case) -> Result<(), String> {
    let files = case.sections.iter().filter(|section| ![TYPES, DIAGNOSTICS].contains(&&*section.name));
    let mut world = Memory::new(files.map(|section| (section.name.clone(), section.text.clone())));
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").ok_or("a case has a main.mcl")?;
    let catalog = builtins::catalog(kinds::ALL);
    let lowered = hir::lower(&mut world, &catalog, &mut sources, &main);
    if let Some(diagnostic) = lowered.diagnostics.first() {
        return Err(format!("{}: {}", case.path.display(), diag::render(diagnostic, &sources, Style::Plain)));
    }
    let typed = infer::infer(&lowered.program, &catalog);
    let mut types: BTreeMap<_, String> = BTreeMap::new();
    for (id, bind) in lowered.program.binds.iter() {
        let mut distinct: Vec<String> = Vec::new();
        for (_, ty) in typed.binds(id) {
            let ty = ty.to_string();
            if !distinct.contains(&ty) {
                distinct.push(ty);
            }
        }
        if !distinct.is_empty() {
            types.insert(bind.name_span, format!("${} {}\n", bind.name, distinct.join(" | ")));
        }
    }
    let rendered: Vec<String> =
        typed.diagnostics.iter().map(|diagnostic| diag::render(diagnostic, &sources, Style::Plain)).collect();
    case.expect(TYPES, &types.into_values().collect::<String>())?;
    case.expect(DIAGNOSTICS, &rendered.join("\n\n"))
}

#[test]
fn types_are_what_the_cases_say() {
    testkit::cases("types", check);
}
