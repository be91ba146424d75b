//! `stead fmt`: formats files in place, or standard input to standard output.

use crate::cli::Fmt;
use crate::failure::{Exit, Failure};
use crate::settings::standard_input as read_standard_input;
use crate::terminal::Terminal;
use span::SourceMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What standard input is called in messages.
const STANDARD_INPUT: &str = "<stdin>";

pub(crate) fn fmt(command: &Fmt, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if command.paths.iter().any(|it| it.as_os_str() == "-") {
        return standard_input(command, terminal);
    }
    let here = [PathBuf::from(".")];
    let paths = if command.paths.is_empty() { &here[..] } else { &command.paths };
    let mut exit = Exit::GOOD;
    for path in paths {
        let mut files = Vec::new();
        let found = find(path, &mut files).map(|()| true);
        let formatted = files.iter().map(|file| one(file, command.check, terminal));
        for result in formatted.chain([found]).collect::<Vec<_>>() {
            match result {
                Ok(true) => {}
                Ok(false) => exit = Exit::ERROR,
                Err(failure @ Failure::Output(_)) => return Err(failure),
                // What cannot be formatted keeps nothing else from it.
                Err(failure) => {
                    terminal.message(&failure.report(terminal.message_format))?;
                    exit = Exit::ERROR;
                }
            }
        }
    }
    Ok(exit)
}

/// Formats a file. False where it is not formatted and should be, or cannot be.
fn one(path: &Path, check: bool, terminal: &mut Terminal) -> Result<bool, Failure> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::user(format!("cannot read `{shown}`: {}", project::reason(&error))))?;
    let Some(formatted) = format(&shown, &text, terminal)? else { return Ok(false) };
    if !formatted.changed {
        return Ok(true);
    }
    if check {
        terminal.print(&format!("{shown}: not formatted\n"))?;
        return Ok(false);
    }
    // What a link leads to is the program; the link stays.
    let place = fs::canonicalize(path).map_err(|error| Failure::user(format!("cannot find `{shown}`: {error}")))?;
    host::replace_text(&place, &formatted.text).map_err(|error| Failure::user(error.chain()))?;
    Ok(true)
}

fn standard_input(command: &Fmt, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if command.paths.len() > 1 {
        return Err(Failure::user("standard input cannot be formatted together with files"));
    }
    let text = read_standard_input()?;
    let Some(formatted) = format(STANDARD_INPUT, &text, terminal)? else { return Ok(Exit::ERROR) };
    if command.check && formatted.changed {
        terminal.print(&format!("{STANDARD_INPUT}: not formatted\n"))?;
        return Ok(Exit::ERROR);
    }
    if command.check {
        return Ok(Exit::GOOD);
    }
    terminal.print(&formatted.text)?;
    Ok(Exit::GOOD)
}

/// Formats a text; what is wrong with it is shown.
fn format(name: &str, text: &str, terminal: &mut Terminal) -> Result<Option<fmt::Formatted>, Failure> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    match fmt::format(file, text) {
        Ok(formatted) => Ok(Some(formatted)),
        Err(fmt::Error::Syntax(diagnostics)) => {
            terminal.diagnostics(&diagnostics, &sources)?;
            Ok(None)
        }
        Err(error @ fmt::Error::Unsafe(_)) => Err(Failure::user(format!("`{name}` was left as it is: {error}"))),
    }
}

/// The programs that a path stands for: itself, or the `.mcl` files below it. Links to folders are not followed.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error| Failure::user(format!("cannot read `{}`: {}", path.display(), project::reason(&error)));
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            match entry.file_type().map_err(failed)? {
                kind if kind.is_dir() && !is_hidden => folders.push(path),
                kind if kind.is_file() && path.extension().is_some_and(|it| it == "mcl") => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    files.append(&mut found);
    Ok(())
}
