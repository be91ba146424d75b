//! `stead apply` and `stead run`: the machine is brought into shape.

use crate::cli::{Apply, Global, MessageFormat, Program, Run, TextOrJson, Working};
use crate::commands::graph::json_of;
use crate::commands::runtime;
use crate::failure::{Exit, Failure};
use crate::live::{Live, Tell};
use crate::settings::{settings, working};
use crate::terminal::Terminal;
use agent::{Ended, Settings};
use engine::{Mode, Report};
use serde_json::{Value, json};
use std::mem::ManuallyDrop;
use std::time::Duration;

pub(crate) fn apply(command: &Apply, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut settings = prepared(&command.program, &command.working, global, Mode::Apply)?;
    if let Some(seconds) = command.converged_timeout {
        settings.engine.converged_after = Some(Duration::from_secs(seconds));
        settings.engine.patience = Duration::ZERO;
    }
    let json = command.report == TextOrJson::Json;
    settings.wants_graph = json;
    let tell = if json { Tell::Nothing } else { Tell::Everything };
    let Some(ended) = work(&settings, terminal, tell)? else { return Ok(Exit::ERROR) };
    if let Some(graph) = &ended.graph {
        let mut object = json_of(graph);
        object["report"] = report_of(&ended.report);
        terminal.print(&format!("{object}\n"))?;
    }
    Ok(Exit(ended.exit_code()))
}

pub(crate) fn run(command: &Run, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut settings = prepared(&command.program, &command.working, global, Mode::Run)?;
    settings.engine.converged_after = Some(Duration::from_secs(command.converged_timeout.unwrap_or(0)));
    settings.engine.exit_when_converged = command.converged_timeout.is_some();
    Ok(match work(&settings, terminal, Tell::AndWatching)? {
        Some(ended) => Exit(ended.exit_code()),
        None => Exit::ERROR,
    })
}

fn prepared(program: &Program, how: &Working, global: &Global, mode: Mode) -> Result<Settings, Failure> {
    let mut settings = settings(program, global, mode)?;
    working(&mut settings, how);
    Ok(settings)
}

/// Works on a program; nothing where it is in error. The process is over when what came of it has been told, so nothing of
/// it is taken apart.
fn work(settings: &Settings, terminal: &mut Terminal, tell: Tell) -> Result<Option<ManuallyDrop<Ended>>, Failure> {
    let compiled = agent::compile(settings, agent::catalog());
    if !compiled.is_ok() {
        terminal.diagnostics(&compiled.diagnostics, &compiled.texts)?;
        return Ok(None);
    }
    let mut live = Live::new(terminal, tell);
    let runtime = runtime()?;
    let ended = runtime.block_on(agent::work(settings, compiled, &mut live));
    // Work on files that was abandoned is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    let ended = ManuallyDrop::new(ended?);
    // People have seen the failures when they happened.
    if terminal.message_format == MessageFormat::Json {
        terminal.diagnostics(&ended.failures, &ended.texts)?;
    }
    Ok(Some(ended))
}

/// The report for machines. A stored format: members are only added.
fn report_of(report: &Report) -> Value {
    let keys = |keys: &[resource::Key]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "vertices": report.vertices,
        "clean": report.clean,
        "hidden": report.disabled,
        "changed": report.applied,
        "differing": keys(&report.differing),
        "failed": report.failed.iter().map(|(key, why)| json!({ "resource": key.to_string(), "message": &**why })).collect::<Vec<_>>(),
        "blocked": report.blocked.iter().map(|(key, by)| json!({ "resource": key.to_string(), "by": by.to_string() })).collect::<Vec<_>>(),
        "unfinished": keys(&report.unfinished),
    })
}
