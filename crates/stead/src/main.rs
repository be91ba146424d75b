//! The program: command line, terminal, exit codes.

mod cli;
mod commands;
mod failure;
mod foot;
mod live;
mod logging;
mod settings;
mod svg;
mod terminal;

use clap::Parser as _;
use clap::error::ErrorKind;
use cli::{Cli, Command};
use failure::{Exit, Failure, USAGE};
use std::process::ExitCode;
use terminal::Terminal;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => 0,
                _ => USAGE,
            };
            // Nothing can be done where even this cannot be printed.
            _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut terminal = Terminal::new(&cli.global);
    logging::begin(&cli.global, &terminal.foot);
    let result = run(&cli, &mut terminal).and_then(|exit| terminal.flush().map(|()| exit).map_err(Failure::from));
    match result {
        Ok(exit) => ExitCode::from(exit.0),
        Err(failure) => {
            // Nor here.
            _ = terminal.message(&failure.report(terminal.message_format));
            ExitCode::from(Exit::ERROR.0)
        }
    }
}

fn run(cli: &Cli, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Check(command) => commands::check::check(command, &cli.global, terminal),
        Command::Fmt(command) => commands::fmt::fmt(command, terminal),
        Command::Graph(command) => commands::graph::graph(command, &cli.global, terminal),
        Command::Plan(command) => commands::plan::plan(command, &cli.global, terminal),
        Command::Apply(command) => commands::work::apply(command, &cli.global, terminal),
        Command::Run(command) => commands::work::run(command, &cli.global, terminal),
        Command::Docs(command) => commands::docs::docs(command, agent::catalog(), terminal),
        Command::Explain(command) => commands::explain::explain(command, terminal),
        Command::Completions(command) => commands::completions::completions(command, terminal),
        Command::Man => commands::completions::man(terminal),
    }
}
