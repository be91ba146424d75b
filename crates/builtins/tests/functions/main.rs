//! Every function does what the case files and its documentation say.
//!
//! A line of a case file is an expression and what comes of it:
//! - `EXPR => VALUE`: the value, as text.
//! - `EXPR ?> MESSAGE`: a failure that `<|>` catches.
//! - `EXPR !> MESSAGE`: a failure that nothing catches.
//! - `EXPR !! MESSAGE`: the compiler refuses it.
//! - `EXPR ~> SOURCE`: what it listens to, first.
//! - `EXPR <- SENT => VALUE`, also with `?>` and `!>`: its value when the source sends `SENT`, or every source does.
//!
//! `$name = EXPR` gives an expression a name for the lines below, `$name TYPE = EXPR` a type as well. A line may begin
//! with `@FOLDER `, the folder of the module that calls. Empty lines and those that begin with `#` do not count. With
//! `UPDATE=1` in the environment, lines are rewritten to what was found.

mod catalog;
mod evaluate;
mod examples;
mod kinds;
mod parse;
mod unify;

use evaluate::{Outcome, Program};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const MARKERS: [&str; 4] = ["=> ", "?> ", "!> ", "!! "];

#[test]
fn every_line_of_a_case_file_holds() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = String::new();
    for (path, text) in case_files() {
        let (mut program, mut rewritten) = (Program::default(), String::new());
        for (at, line) in text.lines().enumerate() {
            let is_case = !line.is_empty() && !line.starts_with('#');
            let found = if is_case { run(&mut program, line) } else { Ok(line.to_owned()) };
            let error = match found {
                Ok(found) if found == line || update => {
                    _ = writeln!(rewritten, "{found}");
                    continue;
                }
                Ok(found) => format!("found {found}"),
                Err(error) => error,
            };
            _ = writeln!(rewritten, "{line}");
            _ = writeln!(failures, "{}:{}: {line}\n    {error}", path.display(), at + 1);
        }
        if update && rewritten != text {
            fs::write(&path, rewritten).expect("a case file can be written");
        }
    }
    assert!(failures.is_empty(), "(UPDATE=1 rewrites what is found)\n{failures}");
}

#[test]
fn every_function_that_users_can_name_has_a_case() {
    let text = case_files().into_iter().map(|(_, text)| text).collect::<String>();
    let named = builtins::functions().iter().filter(|it| !it.schema.name.starts_with('_'));
    let missing: Vec<_> =
        named.map(|it| it.schema.full_name()).filter(|name| !text.contains(&format!("{name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The case files, sorted.
fn case_files() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/functions");
    let mut paths: Vec<_> = fs::read_dir(&folder).expect("the folder of cases").flatten().map(|it| it.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a case file");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The line as it would be if it were true.
///
/// # Errors
/// Where it is no line of a case file.
fn run(program: &mut Program, line: &str) -> Result<String, String> {
    let (base, expression) = match line.strip_prefix('@').and_then(|it| it.split_once(' ')) {
        Some((base, expression)) => (base, expression),
        None => ("/", line),
    };
    program.base = base.to_owned();
    if let Some((expression, want)) = expression.split_once(" ~> ") {
        let (_, typed, _) = program.parse_line(expression)?;
        let found = match program.source(&typed) {
            Ok(source) => format!("~> {source:?}"),
            Err(outcome) => found(&outcome),
        };
        return Ok(format!("{}{found}", &line[..line.len() - "~> ".len() - want.len()]));
    }
    let (outcome, want) = match expression.split_once(" <- ") {
        Some((expression, rest)) => {
            let (_, typed, _) = program.parse_line(expression)?;
            let (sent, want) = program.line(rest)?;
            let Outcome::Value(sent) = sent else { return Err(format!("what is sent: {}", found(&sent))) };
            (program.read(&typed, sent), want)
        }
        None => program.line(expression)?,
    };
    if want.is_empty() && expression.starts_with('$') && matches!(outcome, Outcome::Value(_)) {
        return Ok(line.to_owned());
    }
    if !MARKERS.iter().any(|marker| want.starts_with(marker)) {
        return Err(format!("found {}, then `{want}`", found(&outcome)));
    }
    Ok(format!("{}{}", &line[..line.len() - want.len()], found(&outcome)))
}

/// An outcome as a case file writes it.
fn found(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Value(value) => format!("=> {value}"),
        Outcome::Failed(failure) if failure.is_catchable() => format!("?> {}", failure.message()),
        Outcome::Failed(failure) => format!("!> {}", failure.message()),
        Outcome::Refused(message) => format!("!! {message}"),
    }
}
