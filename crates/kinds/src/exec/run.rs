//! Asking the guards, running the command, keeping what it wrote.

use super::{Exec, Observed, Part};
use crate::text::excerpt;
use resource::host::{Captured, Files, Host, NewFile, NewFolder, ProcessError};
use resource::{Error, Kind, Result};
use std::path::{Path, PathBuf};

/// What the guards say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The command is needed.
    Run,
    /// The command is not needed.
    Skip,
    /// This is a dry run, and the guards may not be asked.
    Unknown,
}

/// The file whose age is that of the last run.
const LAST_RUN: &str = "mtimes";

/// The files that hold what the last run wrote.
const OUTPUTS: [&str; 3] = ["output", "stdout", "stderr"];

/// Asks the guards.
pub(super) async fn observe(exec: &Exec, host: &Host) -> Result<Observed> {
    host.processes.check_identity(&exec.runs_as())?;
    let (looking, marker) = (exec.clone(), folder(exec, host).join(LAST_RUN));
    let looked = host.on_files(move |files| look(&looking, &marker, files)).await?;
    let verdict = match looked.verdict {
        Some(verdict) => verdict,
        None => ask(exec, host).await?,
    };
    Ok(Observed { verdict, missing: looked.missing })
}

struct Looked {
    /// What follows from files alone; `None` where the commands among the guards decide.
    verdict: Option<Verdict>,
    missing: Option<PathBuf>,
}

fn look(exec: &Exec, marker: &Path, files: &dyn Files) -> Result<Looked> {
    let mut verdict = None;
    if !exec.mtimes.is_empty() {
        let last = files.stat(marker, true)?.map(|meta| meta.modified);
        for path in exec.mtimes.iter().map(PathBuf::from) {
            let Some(meta) = files.stat(&path, true)? else {
                return Ok(Looked { verdict: Some(Verdict::Run), missing: Some(path) });
            };
            if last.is_none_or(|last| meta.modified > last) {
                verdict = Some(Verdict::Run);
            }
        }
    }
    let exists = |path: &str| files.stat(Path::new(path), true).map(|meta| meta.is_some());
    if verdict.is_none() {
        let is_there = !exec.creates.is_empty() && exists(&exec.creates)?;
        let is_gone = !exec.removes.is_empty() && !exists(&exec.removes)?;
        verdict = (is_there || is_gone).then_some(Verdict::Skip);
    }
    Ok(Looked { verdict, missing: None })
}

/// Runs the commands among the guards.
async fn ask(exec: &Exec, host: &Host) -> Result<Verdict> {
    let has_guards = exec.part(Part::If).is_some() || exec.part(Part::NotIf).is_some();
    if host.dry && !exec.guards_read_only && has_guards {
        return Ok(Verdict::Unknown);
    }
    if let Some(answer) = run_part(exec, Part::If, host).await? {
        let is = |wanted: &Option<value::Str>, found: &Option<Vec<u8>>| {
            wanted.as_ref().is_some_and(|it| it.as_bytes() == found.as_deref().unwrap_or_default())
        };
        if answer.code != 0 || is(&exec.ifequals, &answer.output) || is(&exec.ifequals_stdout, &answer.stdout) {
            return Ok(Verdict::Skip);
        }
    }
    let refusal = run_part(exec, Part::NotIf, host).await?;
    Ok(if refusal.is_some_and(|answer| answer.code == 0) { Verdict::Skip } else { Verdict::Run })
}

/// Runs the command and what comes after it, and keeps what it wrote. Nothing is kept where one of them fails.
pub(super) async fn run(exec: &Exec, host: &Host) -> Result<()> {
    // It may be done only once and rely on what was changed before, or unmount that.
    host.on_files(|files| files.sync()).await?;
    let captured = run_part(exec, Part::Command, host).await?.ok_or_else(|| Error::failed("there is no command"))?;
    let is_success = if exec.returns.is_empty() { captured.code == 0 } else { exec.returns.contains(&captured.code) };
    if !is_success {
        return Err(failed(exec, Part::Command, &captured));
    }
    if let Some(done) = run_part(exec, Part::Done, host).await?
        && done.code != 0
    {
        return Err(failed(exec, Part::Done, &done));
    }
    let folder = folder(exec, host);
    let has_marker = !exec.mtimes.is_empty();
    host.on_files(move |files| keep(files, &folder, captured, has_marker)).await
}

/// Runs one of the commands; `None` where there is no such command.
async fn run_part(exec: &Exec, part: Part, host: &Host) -> Result<Option<Captured>> {
    let Some(command) = exec.command(part) else { return Ok(None) };
    match host.processes.run(&command, &host.cancellation).await {
        // Which shell it was says nothing.
        Err(Error::Process(ProcessError::Killed { signal, .. })) => {
            Err(Error::failed(format!("{} was killed by signal {signal}", excerpt(&exec.text(part)))))
        }
        other => other.map(Some),
    }
}

/// The error of a command that ended with the wrong exit code: the last line that it wrote often says why.
fn failed(exec: &Exec, part: Part, captured: &Captured) -> Error {
    let written = captured.stderr.as_ref().or(captured.output.as_ref());
    let text = written.map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    let last = last.map(|line| format!(": {}", line.trim())).unwrap_or_default();
    let advice = if exec.means_a_shell(part) { ADVICE } else { "" };
    Error::failed(format!("{} ended with exit code {}{last}{advice}", excerpt(&exec.text(part)), captured.code))
}

/// What is said about a command without a shell that looks as if it was written for one.
const ADVICE: &str = "; quotes, `|`, `>` and the like mean something only to a shell: set `shell => \"/bin/sh\"`";

fn folder(exec: &Exec, host: &Host) -> PathBuf {
    host.state_folder("exec", Kind::name(exec))
}

fn keep(files: &dyn Files, folder: &Path, captured: Captured, has_marker: bool) -> Result<()> {
    files.make_folder(folder, &NewFolder::private())?;
    let write = |name: &str, bytes: Vec<u8>| {
        // What a command wrote can be a secret.
        files.write(&folder.join(name), &NewFile::private(bytes))
    };
    for (name, bytes) in OUTPUTS.into_iter().zip([captured.output, captured.stdout, captured.stderr]) {
        match bytes {
            Some(bytes) => write(name, bytes)?,
            None => files.remove(&folder.join(name), false, false)?,
        }
    }
    if has_marker {
        write(LAST_RUN, Vec::new())?;
    }
    Ok(())
}

/// What the last successful run wrote: both streams, standard output, standard error.
pub(super) async fn kept_output(
    exec: &Exec,
    host: &Host,
) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>)> {
    let folder = folder(exec, host);
    host.on_files(move |files| {
        let [output, stdout, stderr] = OUTPUTS.map(|name| files.read(&folder.join(name)));
        Ok((output?, stdout?, stderr?))
    })
    .await
}
