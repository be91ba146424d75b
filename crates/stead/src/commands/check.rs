//! `stead check`: everything that can be said about a program without running it.

use crate::cli::{Check, Global};
use crate::commands::look::compile;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

pub(crate) fn check(command: &Check, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (_, compiled) = compile(&command.program, global, terminal, agent::check)?;
    Ok(if compiled.is_ok() { Exit::GOOD } else { Exit::ERROR })
}
