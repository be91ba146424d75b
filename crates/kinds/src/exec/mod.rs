//! `exec`: commands.
//!
//! An `exec` does rather than states: without a guard it is run each time the engine comes to it for a reason. `observe`
//! asks the guards, and in a dry run only those that are said to read and nothing else; `plan` decides on their answers.

mod check;
mod run;

use crate::owner::{wants_group, wants_user};
use crate::text::excerpt;
use macros::Structure;
use resource::host::{Command, Host, ProcessIdentity};
use resource::{Direction, Error, Identity, Invalid, Kind, PlanContext, Resource, Result, Want, Watch};
use run::Verdict;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use value::{Str, ToValue, Value};

/// Runs a command.
///
/// Guards decide whether it is needed: `creates`, `removes`, `ifcmd`, `nifcmd`. Without any, the command is run when the
/// agent starts, each time one of its watches sees something, and each time another resource notifies it. Guards are asked
/// in each of these cases; with `refresh_only` only a notification is a reason to run.
///
/// ```mcl
/// exec "make the database" {
///     cmd => "createdb --owner app app",
///     nifcmd => "psql --list --tuples-only | grep -qw app",
///     nifshell => "/bin/sh",
///     user => "postgres",
/// }
///
/// exec "read the aliases" {
///     cmd => "newaliases",
///     refresh_only => true,
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "exec", since = "0.1", sends = ExecSends, receives, refreshes)]
pub(crate) struct Exec {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The command, where it is not the name of the resource.
    ///
    /// Without a `shell` it is split at blanks, and nothing has a special meaning: no quotes, no `|`, no `>`, no `$`.
    cmd: String,
    /// The arguments, exactly as they are passed; for a `cmd` of one word without a `shell`.
    args: Vec<String>,
    /// The folder in which the command is run.
    cwd: String,
    /// The shell that runs the command, for instance `/bin/sh`.
    shell: String,
    /// The whole environment of every command of this resource: without it, they have none.
    ///
    /// A command without a `/` is looked up in the `PATH` that is given here, or in that of the agent.
    env: BTreeMap<String, String>,
    /// The signal that asks a command to stop, for instance `SIGINT`; `SIGTERM` where it is left out.
    sig: String,
    /// A command that runs all the time; each line that it writes is a reason to look again.
    /// Where it cannot be started or ends with an error, the resource has failed until it runs again; where it ends well, it
    /// is started again after a while.
    watchcmd: String,
    /// The folder in which `watchcmd` is run.
    watchcwd: String,
    /// The shell that runs `watchcmd`.
    watchshell: String,
    /// Files and folders (ending in `/`) that are watched; each change is a reason to look again.
    ///
    /// Changes in a row are one: it is looked once nothing has changed for a tenth of a second, at the latest after two
    /// seconds.
    watchfiles: Vec<String>,
    /// A guard: the command is run only if this one exits 0.
    ifcmd: String,
    /// The folder in which `ifcmd` is run.
    ifcwd: String,
    /// The shell that runs `ifcmd`.
    ifshell: String,
    /// The command is not run if `ifcmd` writes exactly this.
    ifequals: Option<Str>,
    /// The command is not run if `ifcmd` writes exactly this to its standard output.
    ifequals_stdout: Option<Str>,
    /// A guard: the command is not run if this one exits 0.
    nifcmd: String,
    /// The folder in which `nifcmd` is run.
    nifcwd: String,
    /// The shell that runs `nifcmd`.
    nifshell: String,
    /// A guard: the command is not run if this file is there. The file is watched.
    creates: String,
    /// A guard: the command is run only if this file is there. The file is watched.
    removes: String,
    /// Files that make the command run, whatever the guards say, when they have changed since it last ran. They are watched.
    mtimes: Vec<String>,
    /// A command that is run after the command has succeeded, and must succeed too.
    donecmd: String,
    /// The folder in which `donecmd` is run.
    donecwd: String,
    /// The shell that runs `donecmd`.
    doneshell: String,
    /// The user who runs every command, by name or number.
    user: String,
    /// The group that runs every command, by name or number.
    group: String,
    /// What is sent as `output` where the command has not written anything yet.
    send_output: Option<Str>,
    /// What is sent as `stdout` where the command has not written anything yet.
    send_stdout: Option<Str>,
    /// What is sent as `stderr` where the command has not written anything yet.
    send_stderr: Option<Str>,
    /// Runs the command only when another resource notifies this one.
    refresh_only: bool,
    /// The exit codes of the command that mean success; 0 where it is left out.
    returns: Vec<i32>,
    /// The file mode creation mask of every command, as `0022`.
    umask: String,
    /// Whether `ifcmd` and `nifcmd` only read, so that a dry run may run them.
    guards_read_only: bool,
}

/// What an `exec` sends: what the last successful run has written.
#[derive(Clone, Debug, Structure)]
pub(crate) struct ExecSends {
    /// Everything that the command wrote, in the order in which it came.
    output: Option<Str>,
    /// What the command wrote to its standard output.
    stdout: Option<Str>,
    /// What the command wrote to its standard error.
    stderr: Option<Str>,
}

/// Which of the commands of an `exec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Command,
    Watch,
    If,
    NotIf,
    Done,
}

impl Part {
    const ALL: [Part; 5] = [Part::Command, Part::Watch, Part::If, Part::NotIf, Part::Done];
}

/// What the guards say.
#[derive(Debug)]
pub(crate) struct Observed {
    verdict: Verdict,
    /// A file of `mtimes` that is not there.
    missing: Option<PathBuf>,
}

/// Runs the command, and the one that comes after it.
#[derive(Debug)]
pub(crate) struct Run {
    command: String,
    user: String,
    is_unknown: bool,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {}", excerpt(&self.command))?;
        if !self.user.is_empty() {
            write!(f, " as {}", excerpt(&self.user))?;
        }
        if self.is_unknown {
            f.write_str(", if its guards allow it")?;
        }
        Ok(())
    }
}

impl resource::Step for Run {
    fn is_unknown(&self) -> bool {
        self.is_unknown
    }
}

impl Exec {
    /// The text, the folder and the shell of one of the commands; `None` where there is no such command.
    fn part(&self, part: Part) -> Option<(&str, &str, &str)> {
        let (text, folder, shell) = match part {
            Part::Command if self.cmd.is_empty() => (&self.name, &self.cwd, &self.shell),
            Part::Command => (&self.cmd, &self.cwd, &self.shell),
            Part::Watch => (&self.watchcmd, &self.watchcwd, &self.watchshell),
            Part::If => (&self.ifcmd, &self.ifcwd, &self.ifshell),
            Part::NotIf => (&self.nifcmd, &self.nifcwd, &self.nifshell),
            Part::Done => (&self.donecmd, &self.donecwd, &self.doneshell),
        };
        (!text.is_empty()).then_some((text, folder, shell))
    }

    /// One of the commands as it is shown: without its shell, which says nothing.
    fn text(&self, part: Part) -> String {
        let (text, ..) = self.part(part).unwrap_or_default();
        let args = if part == Part::Command { self.args.as_slice() } else { &[] };
        std::iter::once(text).chain(args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }

    /// Whether one of the commands has no shell, and signs in it that only a shell understands.
    fn means_a_shell(&self, part: Part) -> bool {
        let has_args = part == Part::Command && !self.args.is_empty();
        let is_sign = |it: char| matches!(it, '\'' | '"' | '|' | '<' | '>' | '&' | ';' | '$' | '`' | '*' | '~');
        self.part(part).is_some_and(|(text, _, shell)| shell.is_empty() && !has_args && text.contains(is_sign))
    }

    /// One of the commands, ready to be run.
    fn command(&self, part: Part) -> Option<Command> {
        let (text, folder, shell) = self.part(part)?;
        let mut command =
            if shell.is_empty() { Command::new(text.split_whitespace()) } else { Command::shell(shell, text) };
        if part == Part::Command {
            command.argv.extend(self.args.iter().cloned());
        }
        command.folder = (!folder.is_empty()).then(|| folder.into());
        command.environment = Some(self.env.clone());
        command.identity = self.runs_as();
        command.umask = u32::from_str_radix(&self.umask, 8).ok();
        command.signal = (!self.sig.is_empty()).then(|| self.sig.clone());
        Some(command)
    }

    fn runs_as(&self) -> ProcessIdentity {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        ProcessIdentity { user: given(&self.user), group: given(&self.group) }
    }
}

impl Resource for Exec {
    type State = Observed;
    type Step = Run;

    fn validate(&self) -> Result<(), Invalid> {
        check::check(self)
    }

    fn watches(&self) -> Vec<Watch> {
        let lines = self.command(Part::Watch).map(|command| Watch::Lines(Box::new(command)));
        let files = self.watchfiles.iter().map(|path| {
            let clean = resource::clean_path(Path::new(path));
            if path.ends_with('/') { Watch::Tree(clean) } else { Watch::Path(clean) }
        });
        let guards = self.mtimes.iter().chain([&self.creates, &self.removes]).filter(|path| !path.is_empty());
        lines.into_iter().chain(files).chain(guards.map(|path| Watch::Path(path.into()))).collect()
    }

    async fn observe(&self, host: &Host) -> Result<Observed> {
        run::observe(self, host).await
    }

    fn plan(&self, now: &Observed, cx: &PlanContext<'_>) -> Result<Vec<Run>> {
        if let Some(path) = &now.missing {
            let identity = Identity::path(path);
            if !cx.siblings.will_exist(&identity) && !cx.siblings.will_exist(&identity.packaged()) {
                return Err(Error::failed(format!("`{}`, which is in `mtimes`, does not exist", path.display())));
            }
        }
        if now.verdict == Verdict::Skip || (self.refresh_only && !cx.refresh) {
            return Ok(Vec::new());
        }
        Ok(vec![Run {
            command: self.text(Part::Command),
            user: self.user.clone(),
            is_unknown: now.verdict == Verdict::Unknown,
        }])
    }

    async fn apply(&self, host: &Host, _step: &Run) -> Result<()> {
        run::run(self, host).await
    }

    async fn send(&self, host: &Host) -> Result<Option<Value>> {
        let (output, stdout, stderr) = run::kept_output(self, host).await?;
        let or = |kept: Option<Vec<u8>>, fallback: &Option<Str>| kept.map(Str::from).or_else(|| fallback.clone());
        let sends = ExecSends {
            output: or(output, &self.send_output),
            stdout: or(stdout, &self.send_stdout),
            stderr: or(stderr, &self.send_stderr),
        };
        Ok(Some(sends.to_value()))
    }

    fn is_verified(&self) -> bool {
        false
    }

    fn wants(&self) -> Vec<Want> {
        let mut wants = Vec::new();
        for (text, folder, shell) in Part::ALL.iter().filter_map(|part| self.part(*part)) {
            let first = text.split_whitespace().next().unwrap_or_default();
            let program = if shell.is_empty() { first } else { shell };
            wants.push(Want::any_of(packaged(program), Direction::Before));
            if program.starts_with('/') {
                wants.push(Want::before(Identity::path(program)));
            }
            if folder.starts_with('/') {
                wants.push(Want::at_or_above(folder));
            }
        }
        // A file of `mtimes` that is not there is an error.
        wants.extend(self.mtimes.iter().map(|path| Want::before(Identity::path(path))));
        wants.extend(wants_user(&self.user));
        wants.extend(wants_group(&self.group));
        wants
    }
}

/// Where a package can bring a program: the folders in which programs are looked up, or for a path the folder and the one
/// that is the same since `/bin` is a link to `/usr/bin`.
fn packaged(program: &str) -> Vec<Identity> {
    let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let paths: Vec<PathBuf> = match program.strip_prefix("/usr").unwrap_or(program) {
        name if !name.contains('/') => folders.iter().map(|folder| Path::new(folder).join(name)).collect(),
        short if short.starts_with("/bin/") || short.starts_with("/sbin/") => {
            vec![format!("/usr{short}").into(), short.into()]
        }
        _ => vec![program.into()],
    };
    paths.into_iter().map(|path| Identity::path(path).packaged()).collect()
}
