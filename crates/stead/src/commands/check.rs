//! `stead check`: everything that can be said about a program without running it.

use crate::cli::{Check, Global};
use crate::failure::{Exit, Failure};
use crate::settings::settings;
use crate::terminal::Terminal;
use engine::Mode;

pub(crate) fn check(command: &Check, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let settings = settings(&command.program, global, Mode::Apply)?;
    let compiled = agent::check(&settings, agent::catalog());
    terminal.diagnostics(&compiled.diagnostics, &compiled.texts)?;
    Ok(if compiled.is_ok() { Exit::GOOD } else { Exit::ERROR })
}
