//! Runs the rules of the language in `cases/language`: what small programs mean, and which ones are refused.
//!
//! A case file is about one part of the language. Each of its sections has a rule as its name, and a program that shows it.
//! `== path` begins a further file of the program. What comes of it is at the end of the section:
//!
//! - `=> kind[name] field=value after kind[name] (notifies)`: a resource that is stated
//! - `!! line "text": message`: an error, with the text that is underlined; `!! path:line` where it is in a further file
//! - `?? …`: a warning
//!
//! A program whose files are in a folder of their own begins with `== path`; it is run as the folder.
//!
//! A program is run on the machine that the tests run on, once, unless a script says what the world does:
//!
//! - `@ SOURCE = VALUE`: what a source has for a value from now on, before the program in the beginning, and after it later on;
//!   `@ SOURCE ?> MESSAGE` is a failure that `<|>` catches, `@ SOURCE !> MESSAGE` one that nothing catches. Lines that follow
//!   each other are one step: all of it happens at once. What comes of a step is behind it, as above, and
//! - `+ SOURCE`, `- SOURCE`: begins or ends to be followed
//! - `=>`: the whole set of resources, where it has become another
//! - `==`: the same graph as before, and nothing is wrong
//! - `.. SOURCE`: has no value yet, so the graph stays as it was; as it does where something is wrong

use crate::{folder, over_time, settings};
use agent::{Compiled, Outlook, Settings};
use diag::{Diagnostic, Severity};
use plan::View;
use std::fmt::Write as _;
use std::path::Path;
use tempfile::TempDir;
use testkit::{Case, Section};

const MARKS: [&str; 7] = ["=>", "!!", "??", "==", "..", "+ ", "- "];

/// Whether a line of a section says what comes of the program.
pub(crate) fn is_outcome(line: &str) -> bool {
    // What has a text behind it is the name of a file.
    MARKS.iter().any(|mark| line.starts_with(mark)) && !line.starts_with("== ")
}

/// The files of a program.
fn files(text: &str) -> Vec<Section> {
    let mut files = vec![Section { name: "main.mcl".to_owned(), text: String::new() }];
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("== ") {
            Some(name) => files.push(Section { name: name.to_owned(), text: String::new() }),
            None => files.last_mut().expect("there is one from the beginning").text.push_str(line),
        }
    }
    files.retain(|file| file.name != "main.mcl" || !file.text.is_empty());
    files
}

pub(crate) fn told(diagnostics: &[Diagnostic], compiled: &Compiled, folder: &Path) -> String {
    let mut told = String::new();
    for it in diagnostics {
        told.push_str(if it.severity == Severity::Error { "!! " } else { "?? " });
        if let Some(span) = it.span {
            let source = compiled.texts.get(span.file);
            let name = Path::new(source.name());
            let name = name.strip_prefix(folder).unwrap_or(name).display().to_string();
            if name != "main.mcl" {
                _ = write!(told, "{name}:");
            }
            let lines = source.text()[span.start as usize..span.end as usize].lines().collect::<Vec<_>>();
            let underlined = match lines.as_slice() {
                [] => String::new(),
                [line] => (*line).to_owned(),
                [first, .., last] => format!("{first}…{}", last.trim_start()),
            };
            _ = write!(told, "{} `{underlined}`: ", source.line_col(span.start).line);
        }
        _ = writeln!(told, "{}", it.message.replace(&format!("{}/", folder.display()), ""));
    }
    told
}

pub(crate) fn stated(view: &View) -> String {
    let mut stated = String::new();
    for vertex in &view.vertices {
        _ = write!(stated, "=> {}", vertex.key);
        for (name, value) in &vertex.fields {
            _ = write!(stated, " {name}={value}");
        }
        if vertex.hidden {
            stated.push_str(" (hidden)");
        }
        for (at, edge) in view.edges.iter().filter(|edge| edge.to == vertex.key).enumerate() {
            _ = write!(stated, "{}{}", if at == 0 { " after " } else { ", " }, edge.from);
            stated.push_str(match (edge.notify, edge.automatic) {
                (true, _) => " (notifies)",
                (false, true) => " (automatic)",
                (false, false) => "",
            });
        }
        stated.push('\n');
    }
    if stated.is_empty() { "=>\n".to_owned() } else { stated }
}

/// A program as files in a folder, and what the compiler makes of them.
pub(crate) fn compile(program: &str) -> Result<(TempDir, Settings, Compiled), String> {
    let files = files(program);
    let folder = folder(files.iter())?;
    let plain = files.first().is_some_and(|file| file.name == "main.mcl");
    let input = folder.path().join(if plain { "main.mcl" } else { "" });
    let settings = settings(&input, &folder.path().join("state"));
    let compiled = agent::check(&settings, agent::catalog());
    Ok((folder, settings, compiled))
}

/// The section as it would be if all that it says came true.
fn run(section: &str) -> Result<String, String> {
    let program: String = section.split_inclusive('\n').filter(|line| !is_outcome(line)).collect();
    let program = program.trim_end_matches('\n');
    Ok(format!("{program}\n{}", outcome(program)?))
}

/// What comes of a program.
fn outcome(program: &str) -> Result<String, String> {
    let (folder, settings, compiled) = compile(program)?;
    let mut outcome = told(&compiled.diagnostics, &compiled, folder.path());
    if compiled.is_ok() {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        match runtime.block_on(agent::evaluate(&compiled, &settings)).map_err(|error| error.to_string())? {
            Outlook::Seen(plan) => outcome.push_str(&stated(&plan.view())),
            Outlook::Failing(diagnostics) => outcome.push_str(&told(&diagnostics, &compiled, folder.path())),
            Outlook::Waiting => return Err("not all values came in time".to_owned()),
        }
    }
    Ok(outcome)
}

fn check(case: &mut Case) -> Result<(), String> {
    let mut failures = Vec::new();
    let last = case.sections.len() - 1;
    for (at, Section { name, text }) in case.sections.clone().into_iter().enumerate() {
        let found = if over_time::is_scripted(&text) { over_time::play(&text) } else { run(&text) };
        failures.extend(match found {
            Ok(found) => case.expect(&name, &format!("{found}{}", if at == last { "" } else { "\n" })).err(),
            Err(error) => Some(format!("{}: section `{name}`: {error}", case.path.display())),
        });
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

#[test]
fn the_language_is_as_the_cases_say() {
    testkit::cases("language", check);
}
