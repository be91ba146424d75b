//! Runs the case files under `cases/mistakes`: a program with one mistake that people make, and all that is said about it.
//!
//! Each phase has cases of its own. These are read as a newcomer reads them: the cause is underlined, the message is one
//! phrase, the hint says what to type, and one mistake is reported once.

use crate::{folder, settings};
use diag::Style;
use testkit::Case;

const OUTPUT: &str = "output";

fn check(case: &mut Case) -> Result<(), String> {
    let folder = folder(case.sections.iter().filter(|section| section.name != OUTPUT))?;
    let program = folder.path().join("main.mcl");
    let compiled = agent::check(&settings(&program, &folder.path().join("state")), agent::catalog());
    let rendered: Vec<String> =
        compiled.diagnostics.iter().map(|it| diag::render(it, &compiled.texts, Style::Plain)).collect();
    let output = rendered.join("\n\n").replace(&format!("{}/", folder.path().display()), "");
    case.expect(OUTPUT, &output)
}

#[test]
fn mistakes_are_explained_as_the_cases_say() {
    testkit::cases("mistakes", check);
}
