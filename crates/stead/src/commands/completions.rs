//! `stead completions` and `stead man`: made of the declaration of the command line.

use crate::cli::{Cli, Completions};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use clap::CommandFactory as _;

pub(crate) fn completions(command: &Completions, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "stead", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::GOOD)
}

pub(crate) fn man(terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    for command in Cli::command().get_subcommands() {
        let title = format!("\n.SH STEAD {}\n", command.get_name().to_uppercase());
        page.extend_from_slice(title.as_bytes());
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    terminal.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::GOOD)
}
