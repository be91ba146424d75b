//! Starts programs.
//!
//! The kernel ties "dies with its parent" to the *thread* that forked, so all programs are started by one thread which
//! lives as long as the agent.

use super::setup::{self, Setup};
use super::signal;
use crate::accounts::AccountDatabase;
use resource::host::{Command, ProcessError, ProcessIdentity};
use rustix::fs::{Access, Mode};
use rustix::pipe::PipeFlags;
use rustix::process::{Gid, Pid, Signal, Uid};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc;
use tokio::net::unix::pipe;
use tokio::process::Child;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Where programs are looked up when there is no `PATH` at all.
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A program that runs, in a process group of its own.
pub(super) struct Running {
    /// Before the child, so that it is dropped before: the group is killed while its number is still its own.
    pub(super) group: Group,
    pub(super) child: Child,
    pub(super) stdin: Option<pipe::Sender>,
    pub(super) stdout: pipe::Receiver,
    pub(super) stderr: pipe::Receiver,
    /// The signal that asks it to stop.
    pub(super) signal: Signal,
}

/// A process group. Killed when it is dropped before its leader has been reaped.
pub(super) struct Group(Option<Pid>);

impl Group {
    /// Sends a signal to all of its processes.
    pub(super) fn send(&self, signal: Signal) {
        if let Some(leader) = self.0 {
            // Fails only where it has ended meanwhile.
            _ = rustix::process::kill_process_group(leader, signal);
        }
    }

    /// The leader has been reaped: its number may soon be somebody else's.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.send(Signal::KILL);
    }
}

/// Starts programs on a thread of its own.
pub(super) struct Spawner {
    requests: mpsc::Sender<Request>,
}

struct Request {
    command: tokio::process::Command,
    runtime: Handle,
    reply: oneshot::Sender<std::io::Result<Child>>,
}

impl Spawner {
    pub(super) fn start() -> std::io::Result<Spawner> {
        let (requests, queue) = mpsc::channel::<Request>();
        std::thread::Builder::new().name("stead-spawn".to_owned()).spawn(move || {
            while let Ok(mut request) = queue.recv() {
                // Children are registered with the runtime of whoever asks.
                let entered = request.runtime.enter();
                let child = request.command.spawn();
                drop(entered);
                // Without a taker the child is dropped, and killed.
                _ = request.reply.send(child);
            }
        })?;
        Ok(Spawner { requests })
    }

    /// Starts a program.
    pub(super) async fn spawn(&self, accounts: &AccountDatabase, wanted: &Command) -> Result<Running, ProcessError> {
        let program = wanted.argv.first().cloned().unwrap_or_default();
        let failed = |reason: String| ProcessError::Start { program: program.clone(), reason };
        let io_failed = |error: std::io::Error| failed(error.to_string());
        if wanted.argv.iter().any(|argument| argument.contains('\0')) {
            return Err(failed("an argument contains a zero byte".to_owned()));
        }
        let signal = match &wanted.signal {
            None => Signal::TERM,
            Some(name) => signal::by_name(name).ok_or_else(|| failed(format!("there is no signal `{name}`")))?,
        };
        let path = find_program(wanted).map_err(failed)?;
        let mut command = tokio::process::Command::new(&path);
        command.arg0(&program).args(&wanted.argv[1..]).process_group(0).kill_on_drop(true);
        if let Some(environment) = &wanted.environment {
            command.env_clear().envs(environment);
        }
        if let Some(folder) = &wanted.folder {
            check_folder(folder).map_err(failed)?;
            command.current_dir(folder);
        }
        let identity = resolve(accounts, &wanted.identity).map_err(failed)?;
        let parent = rustix::process::getpid();
        setup::install(&mut command, Setup { identity, umask: wanted.umask.map(Mode::from_raw_mode), parent });

        let (stdout, stdout_end) = pipe_pair().map_err(io_failed)?;
        let (stderr, stderr_end) = pipe_pair().map_err(io_failed)?;
        command.stdout(Stdio::from(stdout_end)).stderr(Stdio::from(stderr_end));
        let stdin = if wanted.input.is_empty() {
            command.stdin(Stdio::null());
            None
        } else {
            let (stdin_end, stdin) = pipe_pair().map_err(io_failed)?;
            command.stdin(Stdio::from(stdin_end));
            Some(pipe::Sender::from_owned_fd(stdin).map_err(io_failed)?)
        };
        let stdout = pipe::Receiver::from_owned_fd(stdout).map_err(io_failed)?;
        let stderr = pipe::Receiver::from_owned_fd(stderr).map_err(io_failed)?;

        let (reply, answer) = oneshot::channel();
        let request = Request { command, runtime: Handle::current(), reply };
        let gone = || failed("the agent is ending".to_owned());
        self.requests.send(request).map_err(|_| gone())?;
        let started = answer.await.map_err(|_| gone())?;
        let child = started.map_err(|error| failed(why_not(&error, &path, wanted)))?;
        let group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
        Ok(Running { group, child, stdin, stdout, stderr, signal })
    }
}

/// Refuses what a program cannot run in, as far as we can see it.
fn check_folder(folder: &Path) -> Result<(), String> {
    match folder.metadata() {
        // It is entered before a program becomes another user.
        Ok(meta) if meta.is_dir() && rustix::fs::access(folder, Access::EXEC_OK).is_ok() => Ok(()),
        Ok(meta) if meta.is_dir() => {
            Err(format!("the folder `{}` is closed to the user who runs stead", folder.display()))
        }
        Ok(_) => Err(format!("`{}`, in which it is to run, is not a folder", folder.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(format!("there is no folder `{}`", folder.display())),
        Err(error) => Err(format!("cannot look at the folder `{}`: {error}", folder.display())),
    }
}

/// Why a program that is there could not be started: the kernel says little.
fn why_not(error: &std::io::Error, path: &Path, wanted: &Command) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied if path.is_dir() => "it is a folder".to_owned(),
        ErrorKind::PermissionDenied if !is_executable(path) => "the file is not executable".to_owned(),
        ErrorKind::PermissionDenied => {
            let who = match (&wanted.identity.user, &wanted.identity.group) {
                (Some(user), _) => format!("the user `{user}`"),
                (None, Some(group)) => format!("the group `{group}`"),
                (None, None) => "the user who runs stead".to_owned(),
            };
            format!("the program, or a folder above it, is closed to {who}")
        }
        ErrorKind::NotFound if path.exists() => {
            "the program that its `#!` line names, or the loader that it was built for, does not exist".to_owned()
        }
        _ => error.to_string(),
    }
}

/// A pipe: the end to read from, and the end to write to. Neither gets into other programs.
fn pipe_pair() -> std::io::Result<(OwnedFd, OwnedFd)> {
    Ok(rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?)
}

/// Looks a program up in the `PATH` that it will have, or in ours where it has none.
fn find_program(wanted: &Command) -> Result<PathBuf, String> {
    let program = wanted.argv.first().filter(|program| !program.is_empty()).ok_or("no program is given")?;
    if program.contains('/') {
        // Relative to the folder it runs in.
        let path = wanted.folder.as_deref().map_or_else(|| PathBuf::from(program), |folder| folder.join(program));
        return if path.exists() { Ok(path) } else { Err("no such file".to_owned()) };
    }
    let given = wanted.environment.as_ref().and_then(|environment| environment.get("PATH")).map(OsString::from);
    let search = given.or_else(|| std::env::var_os("PATH")).unwrap_or_else(|| USUAL_PATH.into());
    let found = std::env::split_paths(&search).map(|folder| folder.join(program)).find(|path| is_executable(path));
    found.ok_or_else(|| "not found in `PATH`".to_owned())
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The user, the group and the other groups to become; `None` where all is as it is.
pub(super) fn resolve(
    accounts: &AccountDatabase,
    identity: &ProcessIdentity,
) -> Result<Option<(Uid, Gid, Vec<Gid>)>, String> {
    if identity.user.is_none() && identity.group.is_none() {
        return Ok(None);
    }
    let ourselves = (rustix::process::geteuid(), rustix::process::getegid());
    let user = identity.user.as_deref().map(|user| accounts.find_user(user)).transpose()?;
    let group = identity.group.as_deref().map(|group| accounts.find_group(group)).transpose()?;
    let uid = user.as_ref().map_or(ourselves.0, |user| Uid::from_raw(user.uid));
    let gid = group.or(user.as_ref().map(|user| user.gid)).map_or(ourselves.1, Gid::from_raw);
    if (uid, gid) == ourselves {
        return Ok(None);
    }
    if !ourselves.0.is_root() {
        return Err("only root can run a command as another user or group".to_owned());
    }
    let others = match &user {
        Some(user) => accounts.groups_of(&user.name, gid.as_raw())?.into_iter().map(Gid::from_raw).collect(),
        None => vec![gid],
    };
    Ok(Some((uid, gid, others)))
}
