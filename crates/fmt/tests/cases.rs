//! The cases below `cases/fmt`: programs, and their one form.
//!
//! A section `NAME.mcl` is a program, `NAME.formatted` the same program formatted, or why it is not formatted.

use fmt::format;
use span::FileId;
use testkit::{Case, cases};

fn check(case: &mut Case) -> Result<(), String> {
    let programs: Vec<_> = case.sections.iter().filter(|section| section.name.ends_with(".mcl")).cloned().collect();
    for program in programs {
        let stem = program.name.trim_end_matches(".mcl");
        let formatted = match format(FileId(0), &program.text) {
            Ok(formatted) => formatted.text,
            Err(error) => format!("refused: {error}\n"),
        };
        case.expect(&format!("{stem}.formatted"), &formatted)?;
    }
    Ok(())
}

#[test]
fn programs_have_one_form() {
    cases("fmt", check);
}
