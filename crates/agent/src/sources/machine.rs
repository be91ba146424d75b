//! Sources that are files, programs and accounts of the machine.

use super::{Again, Outlet, Surroundings, fatal};
use resource::host::{Account, Command};
use resource::{Error, Watch};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use value::{Failure, Str, Value};

fn path_of(path: &Str) -> PathBuf {
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

pub(super) async fn file(around: &Surroundings, path: &Str, again: &mut Again, outlet: &Outlet) {
    let file = path_of(path);
    let signal = around.signals.watch(vec![Watch::Path(file.clone())]).await;
    loop {
        let wanted = file.clone();
        let found = around.host.on_files(move |files| files.read(&wanted)).await;
        outlet.send(match found {
            Ok(Some(content)) => Ok(Value::Str(Str::from(content))),
            Ok(None) => Err(Failure::catchable(format!("error reading file: open {path}: no such file or directory"))),
            Err(error) => fatal(error.chain()),
        });
        again.or_rests(&signal).await;
    }
}

pub(super) async fn file_exists(around: &Surroundings, path: &Str, again: &mut Again, outlet: &Outlet) {
    let file = path_of(path);
    let signal = around.signals.watch(vec![Watch::Path(file.clone())]).await;
    loop {
        outlet.send(exists(around, &file).await.map(Value::Bool).map_err(|error| Failure::fatal(error.chain())));
        again.or_rests(&signal).await;
    }
}

pub(super) async fn files_exist(around: &Surroundings, paths: &[Str], again: &mut Again, outlet: &Outlet) {
    let paths: Vec<PathBuf> = paths.iter().map(path_of).collect();
    let signal = around.signals.watch(paths.iter().cloned().map(Watch::Path).collect()).await;
    loop {
        let mut found = Ok(Vec::with_capacity(paths.len()));
        for path in &paths {
            match (exists(around, path).await, &mut found) {
                (Ok(exists), Ok(found)) => found.push(Value::Bool(exists)),
                (Err(error), Ok(_)) => found = Err(Failure::fatal(error.chain())),
                (_, Err(_)) => {}
            }
        }
        outlet.send(found.map(Value::list));
        again.or_rests(&signal).await;
    }
}

async fn exists(around: &Surroundings, path: &Path) -> Result<bool, Error> {
    let path = path.to_owned();
    around.host.on_files(move |files| Ok(files.stat(&path, true)?.is_some())).await
}

pub(super) async fn lines(around: &Surroundings, command: &Str, outlet: &Outlet) {
    let shown = command.to_text();
    let mut lines = match around.processes.lines(&Command::shell("/bin/sh", &shown)).await {
        Ok(lines) => lines,
        Err(error) => {
            outlet.send(fatal(error.to_string()));
            return;
        }
    };
    let mut has_spoken = false;
    while let Some(line) = lines.next().await {
        match line {
            host::Line::Stdout(line) => {
                has_spoken = true;
                outlet.value(Value::str(line));
            }
            host::Line::Stderr(line) => tracing::warn!(command = %shown, line, "A command complains"),
            // Nobody is to wait for what never comes.
            host::Line::Ended(_) if !has_spoken => outlet.value(Value::str("")),
            host::Line::Ended(_) => {}
        }
    }
}

pub(super) async fn account(around: &Surroundings, name: &Str, again: &mut Again, outlet: &Outlet) {
    let databases = ["/etc/passwd", "/etc/group"].map(|it| Watch::Path(it.into()));
    let signal = around.signals.watch(databases.to_vec()).await;
    let name = name.to_text();
    loop {
        let found = find_account(around, &name).map_err(|error| Failure::fatal(error.chain()));
        outlet.send(found.map(|account| {
            let found = account.is_some();
            let account = account.unwrap_or_default();
            Value::structure([
                ("found", Value::Bool(found)),
                ("name", Value::str(account.name)),
                ("uid", Value::Int(account.uid.into())),
                ("gid", Value::Int(account.gid.into())),
                ("home", Value::Str(Str::from(account.home.as_os_str().as_bytes()))),
            ])
        }));
        again.or_rests(&signal).await;
    }
}

fn find_account(around: &Surroundings, name: &str) -> Result<Option<Account>, Error> {
    let accounts = &around.host.accounts;
    if name.is_empty() {
        return accounts.user_of(host::effective_user());
    }
    match (accounts.user(name)?, name.parse()) {
        (Some(account), _) => Ok(Some(account)),
        (None, Ok(uid)) => accounts.user_of(uid),
        (None, Err(_)) => Ok(None),
    }
}

pub(super) fn command(name: &Str, outlet: &Outlet) {
    let shown = value::quote(name);
    let wanted = path_of(name);
    let found = if name.contains(&b'/') {
        Some(wanted).filter(|it| is_executable(it))
    } else {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&folders).map(|folder| folder.join(&wanted)).find(|it| is_executable(it))
    };
    outlet.send(match found {
        Some(path) => Ok(path_value(&path)),
        None if name.contains(&b'/') => fatal(format!("exec: {shown}: no such file or directory")),
        None => fatal(format!("exec: {shown}: executable file not found in $PATH")),
    });
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

pub(super) fn link(path: &Str, outlet: &Outlet) {
    outlet.send(match std::fs::read_link(path_of(path)) {
        Ok(target) => Ok(path_value(&target)),
        Err(error) => fatal(format!("readlink {path}: {}", as_go_says(&error))),
    });
}

pub(super) fn resolved_path(path: &Str, outlet: &Outlet) {
    let relative = !path.starts_with(b"/");
    let found = std::fs::canonicalize(path_of(path)).map(|found| {
        // Relative in, relative out, as far as it leads below the working folder.
        let here = std::env::current_dir().ok().filter(|_| relative);
        let below = here.as_ref().and_then(|it| found.strip_prefix(it).ok());
        match below {
            Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
            Some(below) => below.to_owned(),
            None => found,
        }
    });
    outlet.send(match found {
        Ok(found) => Ok(path_value(&found)),
        Err(error) => fatal(format!("lstat {path}: {}", as_go_says(&error))),
    });
}

fn path_value(path: &Path) -> Value {
    Value::Str(Str::from(path.as_os_str().as_bytes()))
}

fn as_go_says(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::InvalidInput => "invalid argument".to_owned(),
        _ => error.to_string(),
    }
}
