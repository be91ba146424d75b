//! What commands have in common that only look at a program.

use crate::cli::{Global, Program};
use crate::failure::Failure;
use crate::settings::settings;
use crate::terminal::Terminal;
use agent::{Compiled, Outlook, Settings};
use engine::Mode;
use schema::Catalog;

/// Compiles a program by `compile`, and shows what is wrong with it.
pub(crate) fn compile(
    program: &Program,
    global: &Global,
    terminal: &mut Terminal,
    compile: fn(&Settings, &Catalog) -> Compiled,
) -> Result<(Settings, Compiled), Failure> {
    let settings = settings(program, global, Mode::Apply)?;
    let compiled = compile(&settings, agent::catalog());
    terminal.diagnostics(&compiled.diagnostics, &compiled.texts)?;
    Ok((settings, compiled))
}

/// Compiles a program and looks at it; nothing where it is in error, which is shown then.
pub(crate) fn look<T>(
    program: &Program,
    global: &Global,
    terminal: &mut Terminal,
    look: impl AsyncFnOnce(&Compiled, &Settings) -> Result<Outlook<T>, agent::Error>,
) -> Result<Option<T>, Failure> {
    let (settings, compiled) = compile(program, global, terminal, agent::compile)?;
    if !compiled.is_ok() {
        return Ok(None);
    }
    match super::runtime()?.block_on(look(&compiled, &settings))? {
        Outlook::Seen(seen) => Ok(Some(seen)),
        Outlook::Failing(diagnostics) => {
            terminal.diagnostics(&diagnostics, &compiled.texts)?;
            Ok(None)
        }
        Outlook::Waiting => Err(Failure::user("not all values of the program came in time")),
    }
}
