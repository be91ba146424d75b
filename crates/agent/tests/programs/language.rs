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

use crate::{folder, settings};
use agent::{Compiled, Outlook};
use diag::{Diagnostic, Severity};
use plan::View;
use std::fmt::Write as _;
use std::path::Path;
use testkit::{Case, Section};

const MARKS: [&str; 3] = ["=>", "!!", "??"];

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

fn told(diagnostics: &[Diagnostic], compiled: &Compiled, folder: &Path) -> String {
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

fn stated(view: &View) -> String {
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

/// What comes of a program.
fn outcome(program: &str) -> Result<String, String> {
    let files = files(program);
    let folder = folder(files.iter())?;
    let state = tempfile::tempdir().map_err(|error| error.to_string())?;
    let plain = files.first().is_some_and(|file| file.name == "main.mcl");
    let settings = settings(&if plain { folder.path().join("main.mcl") } else { folder.path().join("") }, state.path());
    let compiled = agent::check(&settings, agent::catalog());
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
        let marked = |line: &str| MARKS.iter().any(|mark| line.starts_with(mark));
        let program: String = text.split_inclusive('\n').filter(|line| !marked(line)).collect();
        let outcome = outcome(program.trim_end_matches('\n')).map_err(|error| format!("{name}: {error}"))?;
        let space = if at == last { "" } else { "\n" };
        let whole = format!("{}\n{outcome}{space}", program.trim_end_matches('\n'));
        failures.extend(case.expect(&name, &whole).err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

#[test]
fn the_language_is_as_the_cases_say() {
    testkit::cases("language", check);
}
