//! `golang/os` and `golang/os/exec`: the machine and the agent's process, as Go's packages `os` and `os/exec` see them.
//!
//! Only what reads is here. Failures that the machine causes come from the source.

use super::expand::expand;
use macros::builtin;
use schema::{CallSite, Fact, Function, Source};
use value::{Failure, Str, Value};

/// The functions of both modules.
pub(super) static FUNCTIONS: &[&Function] = &[
    &EXECUTABLE,
    &EXPAND_ENV,
    &GETEGID,
    &GETENV,
    &GETEUID,
    &GETGID,
    &GETPAGESIZE,
    &GETPID,
    &GETPPID,
    &GETUID,
    &GETWD,
    &HOSTNAME,
    &LOOK_PATH,
    &READ_FILE,
    &READLINK,
    &TEMP_DIR,
    &USER_CACHE_DIR,
    &USER_CONFIG_DIR,
    &USER_HOME_DIR,
];

/// The path of the running program.
///
/// ```mcl
/// import "golang/os"
/// os.executable()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str)]
fn executable() -> Source {
    Source::Executable
}

/// Replaces `$name` and `${name}` by variables of the agent's environment.
///
/// What is not set is empty.
///
/// ```mcl
/// import "golang/os"
/// os.expand_env("$HOME/site")
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = expanded)]
fn expand_env(
    /// The text.
    s: &Str,
) -> Source {
    _ = s;
    Source::Environment
}

/// The effective group id of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getegid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "egid"))]
fn getegid() -> Source {
    Source::Process
}

/// The effective user id of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.geteuid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "euid"))]
fn geteuid() -> Source {
    Source::Process
}

/// The group id of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getgid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "gid"))]
fn getgid() -> Source {
    Source::Process
}

/// The size of a page of memory, in bytes.
///
/// ```mcl
/// import "golang/os"
/// os.getpagesize()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "page_size"))]
fn getpagesize() -> Source {
    Source::Process
}

/// The process id of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getpid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "pid"))]
fn getpid() -> Source {
    Source::Process
}

/// The process id of what started the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getppid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "ppid"))]
fn getppid() -> Source {
    Source::Process
}

/// The user id of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getuid()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = i64, read = |_, _, sent| field(&sent, "uid"))]
fn getuid() -> Source {
    Source::Process
}

/// A variable of the agent's environment; empty where it is not set.
///
/// ```mcl
/// import "golang/os"
/// os.getenv("HOME")
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = |_, _, sent| field(&sent, "value"))]
fn getenv(
    /// The name.
    key: &Str,
) -> Source {
    Source::Variable(key.clone())
}

/// The working folder of the agent.
///
/// ```mcl
/// import "golang/os"
/// os.getwd()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str)]
fn getwd() -> Source {
    Source::WorkingFolder
}

/// The name of the host.
///
/// ```mcl
/// import "golang/os"
/// os.hostname()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str)]
fn hostname() -> Source {
    Source::Fact(Fact::Hostname)
}

/// The content of a file of the machine.
///
/// Unlike in Go, it follows the file as `os.readfile` does, and `<|>` catches that there is none.
///
/// ```mcl
/// import "golang/os"
/// os.read_file("/etc/hostname")
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str)]
fn read_file(
    /// The path.
    name: &Str,
) -> Source {
    Source::File(name.clone())
}

/// Where a symbolic link leads.
///
/// ```mcl
/// import "golang/os"
/// os.readlink("/bin")
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str)]
fn readlink(
    /// The path of the link.
    name: &Str,
) -> Source {
    Source::Link(name.clone())
}

/// The folder for temporary files: `$TMPDIR`, or else `/tmp`.
///
/// ```mcl
/// import "golang/os"
/// os.temp_dir()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = temporary)]
fn temp_dir() -> Source {
    Source::Variable(Str::from("TMPDIR"))
}

/// The folder for what a user's programs can make again: `$XDG_CACHE_HOME`, or else `$HOME/.cache`.
///
/// ```mcl
/// import "golang/os"
/// os.user_cache_dir()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = |_, _, sent| user_folder(&sent, "XDG_CACHE_HOME", ".cache"))]
fn user_cache_dir() -> Source {
    Source::Environment
}

/// The folder for a user's settings: `$XDG_CONFIG_HOME`, or else `$HOME/.config`.
///
/// ```mcl
/// import "golang/os"
/// os.user_config_dir()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = |_, _, sent| user_folder(&sent, "XDG_CONFIG_HOME", ".config"))]
fn user_config_dir() -> Source {
    Source::Environment
}

/// The home of the user that the agent runs as, from `$HOME`.
///
/// ```mcl
/// import "golang/os"
/// os.user_home_dir()
/// ```
#[builtin(module = "golang/os", since = "0.1", result = Str, read = home)]
fn user_home_dir() -> Source {
    Source::Environment
}

/// The path of an executable, searched for in `$PATH`.
///
/// ```mcl
/// import "golang/os/exec"
/// exec.look_path("sh")
/// ```
#[builtin(module = "golang/os/exec", since = "0.1", result = Str)]
fn look_path(
    /// The name. One with a `/` is tested as it is.
    file: &Str,
) -> Source {
    Source::Command(file.clone())
}

/// A field of what was sent.
fn field(sent: &Value, name: &str) -> Result<Value, Failure> {
    let found = sent.as_struct().and_then(|fields| fields.get(name)).cloned();
    found.ok_or_else(|| Failure::fatal(format!("the agent did not send `{name}`")))
}

/// A variable of the environment that was sent; empty where it is not set.
fn variable(environment: &Value, name: &str) -> Str {
    let found = environment.as_map().and_then(|entries| entries.get(&Value::str(name)));
    found.and_then(Value::as_str).cloned().unwrap_or_default()
}

fn expanded(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let text = arguments.first().and_then(Value::as_str).cloned().unwrap_or_default();
    let expanded = expand(&text, |name| variable(&sent, &String::from_utf8_lossy(name)))?;
    Ok(Value::str(expanded))
}

fn temporary(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let value = field(&sent, "value")?;
    Ok(if value.as_str().is_none_or(|it| it.is_empty()) { Value::str("/tmp") } else { value })
}

fn home(_: &CallSite<'_>, _: &[Value], sent: Value) -> Result<Value, Failure> {
    let home = variable(&sent, "HOME");
    if home.is_empty() { Err(Failure::fatal("$HOME is not defined")) } else { Ok(Value::Str(home)) }
}

/// A folder that a variable names, or else one in the home.
fn user_folder(environment: &Value, name: &str, in_home: &str) -> Result<Value, Failure> {
    let folder = variable(environment, name);
    if folder.starts_with(b"/") {
        return Ok(Value::Str(folder));
    }
    if !folder.is_empty() {
        return Err(Failure::fatal(format!("path in ${name} is relative")));
    }
    let home = variable(environment, "HOME");
    if home.is_empty() {
        return Err(Failure::fatal(format!("neither ${name} nor $HOME are defined")));
    }
    Ok(Value::Str(home.concat(&Str::from(format!("/{in_home}")))))
}
