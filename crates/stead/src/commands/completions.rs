//! `stead completions` and `stead man`: made of the declaration of the command line.

use crate::cli::{Cli, Completions, EXIT_CODES};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use std::collections::BTreeMap;

pub(crate) fn completions(command: &Completions, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "stead", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::GOOD)
}

/// One page for everything: the commands are sections of it.
pub(crate) fn man(terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let whole = Man::new(Cli::command());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).text([bold("stead"), roman(" COMMAND [OPTIONS] [PROGRAM] [-- ARGS...]")]);
    roff.to_writer(&mut page)?;
    whole.render_description_section(&mut page)?;
    Roff::new().control("SH", ["COMMANDS"]).to_writer(&mut page)?;
    for command in Cli::command().get_subcommands() {
        render_command(command, &mut page)?;
    }
    page.extend(without_heading(|page| whole.render_options_section(page), "OPTIONS OF EVERY COMMAND")?);
    ending(&Cli::command()).to_writer(&mut page)?;
    terminal.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::GOOD)
}

fn render_command(command: &Command, page: &mut Vec<u8>) -> Result<(), Failure> {
    let usage = command.clone().bin_name(format!("stead {}", command.get_name())).render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SS", [usage.trim_start_matches("Usage: ")]);
    roff.text([roman(command.get_about().map(ToString::to_string).unwrap_or_default())]);
    roff.to_writer(page)?;
    page.extend(without_heading(
        |page| Man::new(command.clone().disable_help_flag(true)).render_options_section(page),
        "",
    )?);
    Ok(())
}

/// A section under another heading, or under none.
fn without_heading(
    render: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>,
    heading: &str,
) -> Result<Vec<u8>, Failure> {
    let mut section = Vec::new();
    render(&mut section)?;
    let end = section.windows(5).position(|it| it == b"\n.SH ").map_or(0, |at| at + 1);
    let body = section[end..].iter().position(|it| *it == b'\n').map_or(section.len(), |at| end + at + 1);
    let mut text = Vec::new();
    if !heading.is_empty() {
        Roff::new().control("SH", [heading]).to_writer(&mut text)?;
    }
    text.extend_from_slice(&section[body..]);
    Ok(text)
}

fn ending(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for line in EXIT_CODES.lines().skip(1) {
        let (code, meaning) = line.trim().split_once(' ').unwrap_or((line, ""));
        entry(&mut roff, code, meaning.trim());
    }
    roff.control("SH", ["ENVIRONMENT"]);
    let arguments = command.get_subcommands().chain([command]).flat_map(Command::get_arguments);
    let variables: BTreeMap<String, String> = arguments
        .filter_map(|it| Some((it.get_env()?.to_str()?.to_owned(), format!("As `--{}`.", it.get_long()?))))
        .collect();
    for (variable, meaning) in &variables {
        entry(&mut roff, variable, meaning);
    }
    entry(&mut roff, "NO_COLOR", "Where it is not empty, nothing is in colour.");
    roff.control("SH", ["FILES"]);
    entry(&mut roff, "/var/lib/stead", "What stead must remember, as root.");
    entry(&mut roff, "~/.local/state/stead", "The same for other users; $XDG_STATE_HOME is respected.");
    roff.control("SH", ["EXAMPLES"]);
    entry(&mut roff, "stead plan site.mcl", "Shows what would change on this machine, and changes nothing.");
    entry(&mut roff, "stead apply site.mcl", "Brings the machine into shape.");
    entry(&mut roff, "stead run site.mcl", "Brings it into shape, and repairs what drifts until it is stopped.");
    entry(&mut roff, "stead docs file", "Shows the manual of a kind; of a function, of a module likewise.");
    entry(&mut roff, "stead explain unknown-kind", "Explains what a diagnostic shows in brackets.");
    roff
}

fn entry(roff: &mut Roff, term: &str, meaning: &str) {
    let meaning: Vec<Inline> = vec![roman(meaning)];
    roff.control("TP", []).text([bold(term)]).text(meaning);
}
