//! Every function does what the case files and its documentation say.
//!
//! A line of a case file is an expression and what comes of it:
//! - `EXPR => VALUE`: the value, as text.
//! - `EXPR ?> MESSAGE`: a failure that `<|>` catches.
//! - `EXPR !> MESSAGE`: a failure that nothing catches.
//! - `EXPR !! MESSAGE`: the compiler refuses it.
//! - `EXPR ~> SOURCE`: what it listens to.
//! - `EXPR <- SENT => VALUE`, also with `?>` and `!>`: its value when the source sends `SENT`.
//!
//! `$name = EXPR` gives an expression a name for the lines below, `$name TYPE = EXPR` a type as well. A line may begin
//! with `@FOLDER `, the folder of the module that calls. Empty lines and those that begin with `#` do not count.

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

const MARKERS: [&str; 5] = ["=>", "?>", "!>", "!!", "~>"];

#[test]
fn every_line_of_a_case_file_holds() {
    let mut failures = String::new();
    for (name, text) in case_files() {
        let mut program = Program::default();
        for (at, line) in text.lines().enumerate().filter(|(_, it)| !it.is_empty() && !it.starts_with('#')) {
            if let Err(error) = check(&mut program, line) {
                _ = write!(failures, "{name}:{}: {line}\n    {error}\n", at + 1);
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_function_that_users_can_name_has_a_case() {
    let text = case_files().into_iter().map(|(_, text)| text).collect::<String>();
    let named = builtins::functions().iter().filter(|it| !it.schema.name.starts_with('_'));
    let missing: Vec<_> =
        named.map(|it| it.schema.full_name()).filter(|name| !text.contains(&format!("{name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The case files with their names, sorted.
fn case_files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/functions");
    let mut paths: Vec<_> = fs::read_dir(&folder).expect("the folder of cases").flatten().map(|it| it.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().display().to_string();
        (name, fs::read_to_string(path).expect("a case file"))
    };
    paths.iter().map(read).collect()
}

fn check(program: &mut Program, line: &str) -> Result<(), String> {
    let (base, line) = match line.strip_prefix('@').and_then(|it| it.split_once(' ')) {
        Some((base, line)) => (base, line),
        None => ("/", line),
    };
    program.base = base.to_owned();
    if let Some((expression, want)) = line.split_once(" ~> ") {
        let (_, typed, _) = program.parse_line(expression)?;
        return match program.source(&typed) {
            Ok(source) => same(want, &format!("{source:?}")),
            Err(outcome) => Err(found(&outcome)),
        };
    }
    if let Some((expression, rest)) = line.split_once(" <- ") {
        let (_, typed, _) = program.parse_line(expression)?;
        let (sent, rest) = program.line(rest)?;
        let Outcome::Value(sent) = sent else { return Err(format!("what is sent: {}", found(&sent))) };
        let outcome = program.read(&typed, sent);
        return same(rest, &found(&outcome));
    }
    let (outcome, rest) = program.line(line)?;
    if rest.is_empty() && line.starts_with('$') && matches!(outcome, Outcome::Value(_)) {
        return Ok(());
    }
    if !MARKERS.iter().any(|marker| rest.starts_with(marker)) {
        return Err(format!("found {}, then `{rest}`", found(&outcome)));
    }
    same(rest, &found(&outcome))
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

fn same(want: &str, found: &str) -> Result<(), String> {
    if want == found { Ok(()) } else { Err(format!("found {found}")) }
}
