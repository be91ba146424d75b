//! Runs the case files under `cases/mistakes`: a program with one mistake that people make, and all that is said about it.
//!
//! Each phase has cases of its own. These are read as a newcomer reads them: the cause is underlined, the message is one
//! phrase, the hint says what to type, and one mistake is reported once.

use agent::{Input, Settings};
use diag::Style;
use engine::{Mode, Options};
use std::fs;
use std::path::Path;
use testkit::Case;

const OUTPUT: &str = "output";

/// What `stead check` would be told.
fn settings(program: &Path) -> Settings {
    Settings {
        input: Input::File(program.to_owned()),
        module_path: None,
        download: false,
        update: false,
        arguments: Vec::new(),
        hostname: String::new(),
        state: program.with_extension("state"),
        autoedge: true,
        autogroup: true,
        engine: Options::new(Mode::Apply),
        follow_edits: false,
        wants_graph: false,
        max_runtime: None,
    }
}

fn check(case: &mut Case) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for section in case.sections.iter().filter(|section| section.name != OUTPUT) {
        fs::write(folder.path().join(&section.name), &section.text).map_err(|error| error.to_string())?;
    }
    let compiled = agent::compile(&settings(&folder.path().join("main.mcl")), agent::catalog());
    let rendered: Vec<String> =
        compiled.diagnostics.iter().map(|it| diag::render(it, &compiled.texts, Style::Plain)).collect();
    let output = rendered.join("\n\n").replace(&format!("{}/", folder.path().display()), "");
    case.expect(OUTPUT, &output)
}

#[test]
fn mistakes_are_explained_as_the_cases_say() {
    testkit::cases("mistakes", check);
}
