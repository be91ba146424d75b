//! Fields of an `exec` that do not go together.

use super::{Exec, Part};
use crate::owner::check_owner;
use crate::text::quoted;
use resource::Invalid;
use resource::host::SIGNALS;

/// Refuses fields that do not go together.
pub(super) fn check(exec: &Exec) -> Result<(), Invalid> {
    let (text, _, shell) = exec.part(Part::Command).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Invalid::field("cmd", "there is no command"));
    }
    if !exec.args.is_empty() && !shell.is_empty() {
        return Err(Invalid::field("args", "a shell takes the whole command as one text").hint("leave out `shell`"));
    }
    if !exec.args.is_empty() && text.split_whitespace().count() > 1 {
        return Err(Invalid::field("args", "the command has arguments already").hint("put all of them into `args`"));
    }
    if let Some(name) = exec.env.keys().find(|name| !is_variable(name)) {
        return Err(Invalid::field("env", format!("{} is no name of a variable", quoted(name))));
    }
    check_owner("user", &exec.user)?;
    check_owner("group", &exec.group)?;
    check_signal(&exec.sig)?;
    check_paths(exec)?;
    if !exec.umask.is_empty() && u32::from_str_radix(&exec.umask, 8).map_or(true, |mask| mask > 0o777) {
        return Err(Invalid::field("umask", "the mask is not an octal number up to 0777").hint("write `0022`"));
    }
    if let Some(code) = exec.returns.iter().find(|code| !(0..=255).contains(*code)) {
        return Err(Invalid::field("returns", format!("{code} is no exit code; they go from 0 to 255")));
    }
    if exec.ifcmd.is_empty() && (exec.ifequals.is_some() || exec.ifequals_stdout.is_some()) {
        return Err(Invalid::field("ifcmd", "there is no command whose output could be compared"));
    }
    Ok(())
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}

fn check_signal(name: &str) -> Result<(), Invalid> {
    if name.is_empty() || SIGNALS.contains(&name) {
        return Ok(());
    }
    let upper = name.to_ascii_uppercase();
    let full = format!("SIG{}", upper.strip_prefix("SIG").unwrap_or(&upper));
    let hint = if SIGNALS.contains(&full.as_str()) { full } else { "SIGINT".to_owned() };
    Err(Invalid::field("sig", format!("{} is no name of a signal", quoted(name))).hint(format!("write `{hint}`")))
}

fn check_paths(exec: &Exec) -> Result<(), Invalid> {
    let single = |text| std::slice::from_ref(text);
    let fields = [
        ("watchfiles", exec.watchfiles.as_slice()),
        ("mtimes", exec.mtimes.as_slice()),
        ("creates", single(&exec.creates)),
        ("removes", single(&exec.removes)),
    ];
    for (field, paths) in fields {
        let is_list = paths.len() > 1 || matches!(field, "watchfiles" | "mtimes");
        if let Some(path) = paths.iter().find(|path| !path.starts_with('/') && (is_list || !path.is_empty())) {
            return Err(Invalid::field(field, format!("{} is not an absolute path", quoted(path))));
        }
    }
    Ok(())
}
