//! `stead explain`: the page of a code.

use crate::cli::Explain;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

pub(crate) fn explain(command: &Explain, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(name) = &command.code else {
        let width = diag::codes::all().map(|it| it.name().len()).max().unwrap_or_default();
        for code in diag::codes::all() {
            terminal.print(&format!("{:width$}  {}\n", code.name(), schema::summary(&code.page())))?;
        }
        return Ok(Exit::GOOD);
    };
    // As it is shown, or a whole line of that: `error[unknown-kind]: there is no …`.
    let shown = name.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    let name = shown.map_or(name.as_str(), |(code, _)| code);
    match diag::find_code(name) {
        Some(code) => {
            terminal.print(&format!("# {}\n\n{}", code.name(), code.page()))?;
            Ok(Exit::GOOD)
        }
        None => {
            let message = format!("there is no code `{name}`");
            Err(match diag::closest(name, diag::codes::all().map(diag::Code::name)) {
                Some(closest) => Failure::hint(message, format!("did you mean `{closest}`?")),
                None => Failure::hint(message, "`stead explain` lists all codes"),
            })
        }
    }
}
