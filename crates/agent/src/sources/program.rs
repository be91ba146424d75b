//! Sources that are the program itself: its files, its command line, its private state.

use super::mirror::mirror;
use super::{Outlet, Surroundings, fatal};
use project::FileError;
use std::io::ErrorKind;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use value::{Str, Value};

pub(super) fn variable(name: &Str, outlet: &Outlet) {
    let found = std::env::var_os(std::ffi::OsStr::from_bytes(name));
    outlet.value(Value::structure([
        ("found", Value::Bool(found.is_some())),
        ("value", Value::Str(Str::from(found.unwrap_or_default().into_vec()))),
    ]));
}

pub(super) fn environment(outlet: &Outlet) {
    let bytes = |text: std::ffi::OsString| Value::Str(Str::from(text.into_vec()));
    outlet.value(Value::map(std::env::vars_os().map(|(name, value)| (bytes(name), bytes(value)))));
}

pub(super) fn arguments(around: &Surroundings, outlet: &Outlet) {
    outlet.value(Value::list(around.arguments.iter().map(|it| Value::str(it.as_str()))));
}

pub(super) fn executable(outlet: &Outlet) {
    outlet.send(match std::env::current_exe() {
        Ok(path) => Ok(Value::Str(Str::from(path.into_os_string().into_vec()))),
        Err(error) => fatal(format!("cannot find the running executable: {error}")),
    });
}

pub(super) fn working_folder(outlet: &Outlet) {
    outlet.send(match std::env::current_dir() {
        Ok(path) => Ok(Value::Str(Str::from(path.into_os_string().into_vec()))),
        Err(error) => fatal(format!("cannot find the working folder: {error}")),
    });
}

pub(super) fn process(outlet: &Outlet) {
    let numbers = host::process_numbers();
    outlet.value(Value::structure(numbers.map(|(name, number)| (name, Value::Int(number)))));
}

pub(super) fn random_bits(outlet: &Outlet) {
    match host::random_bits() {
        Ok(bits) => outlet.value(Value::Int(bits)),
        Err(error) => outlet.send(fatal(format!("cannot draw random bits: {error}"))),
    }
}

pub(super) fn random(length: u32, outlet: &Outlet) {
    match host::random_letters(length as usize) {
        Ok(letters) => outlet.value(Value::str(letters)),
        Err(error) => outlet.send(fatal(format!("cannot draw random letters: {error}"))),
    }
}

pub(super) fn file(around: &Surroundings, path: &Str, outlet: &Outlet) {
    outlet.send(match around.files.read(&path.to_text()) {
        Ok(content) => Ok(Value::Str(Str::from(content))),
        Err(FileError::Unreadable { error, .. }) if error.kind() == ErrorKind::NotFound => {
            fatal(format!("can't read file `{path}`: no such file or directory"))
        }
        Err(error) => fatal(format!("can't read file `{path}`: {}", with_cause(&error))),
    });
}

pub(super) fn file_exists(around: &Surroundings, path: &Str, outlet: &Outlet) {
    outlet.value(Value::Bool(around.files.exists(&path.to_text())));
}

pub(super) async fn folder(around: &Surroundings, path: Str, outlet: &Outlet) {
    let to = around.local.folder(&format!("directory{path}")).map_err(|error| error.chain());
    let from = around.files.locate(&path.to_text()).map_err(|error| with_cause(&error));
    let (from, to) = match (from, to) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(error), _) | (_, Err(error)) => return outlet.send(fatal(error)),
    };
    let target = to.clone();
    let copied = tokio::task::spawn_blocking(move || mirror(&from, &target)).await;
    outlet.send(match copied {
        Ok(Ok(())) => Ok(folder_text(&to)),
        Ok(Err(error)) => fatal(format!("can't sync dir `{path}`: {error}")),
        Err(error) => fatal(format!("can't sync dir `{path}`: {error}")),
    });
}

/// An error with what caused it.
fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

pub(super) fn private_folder(around: &Surroundings, path: &Str, outlet: &Outlet) {
    outlet.send(match around.local.folder(&path.to_text()) {
        Ok(folder) => Ok(folder_text(&folder)),
        Err(error) => fatal(error.chain()),
    });
}

pub(super) fn pool(around: &Surroundings, namespace: &Str, id: &Str, outlet: &Outlet) {
    outlet.send(match around.local.number(&namespace.to_text(), &id.to_text()) {
        Ok(number) => Ok(Value::Int(number)),
        Err(error) => fatal(error.chain()),
    });
}

/// The path of a folder, with the slash at its end.
fn folder_text(path: &std::path::Path) -> Value {
    let mut bytes = path.as_os_str().as_bytes().to_vec();
    if bytes.last() != Some(&b'/') {
        bytes.push(b'/');
    }
    Value::Str(Str::from(bytes))
}
