//! `stead docs`: the manual of kinds and functions, from their declarations.

use crate::cli::Docs;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use schema::{Catalog, manual, summary};

pub(crate) fn docs(command: &Docs, catalog: &Catalog, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(topic) = &command.topic else {
        terminal.print(&overview(catalog))?;
        return Ok(Exit::GOOD);
    };
    if let Some(kind) = catalog.kind(topic) {
        terminal.print(&manual::kind_page(kind))?;
        return Ok(Exit::GOOD);
    }
    let (module, name) = topic.rsplit_once('.').unwrap_or(("", topic));
    if let Some(function) = catalog.function(module, name) {
        terminal.print(&manual::function_page(&function.schema))?;
        return Ok(Exit::GOOD);
    }
    if catalog.has_module(topic) {
        terminal.print(&manual::module_page(catalog, topic))?;
        return Ok(Exit::GOOD);
    }
    let kinds = catalog.kinds.iter().map(|it| it.name.to_owned());
    let functions = catalog.functions.iter().map(|it| it.schema.full_name());
    let topics: Vec<String> = kinds.chain(functions).chain(catalog.modules().into_iter().map(str::to_owned)).collect();
    let message = format!("there is no kind, function or module `{topic}`");
    Err(match diag::closest(topic, topics.iter().map(String::as_str)) {
        Some(closest) => Failure::hint(message, format!("did you mean `{closest}`?")),
        None => Failure::hint(message, "`stead docs` lists everything"),
    })
}

/// Names in lines that fit a terminal, after a first column.
fn wrapped(names: &[&str]) -> String {
    const COLUMNS: usize = 78;
    let mut text = String::new();
    let mut used = 0;
    for name in names {
        let before = match used {
            0 => "",
            _ if used + 1 + name.len() > COLUMNS => "\n                   ",
            _ => " ",
        };
        used = if before.starts_with('\n') { 0 } else { used + before.len() };
        text.push_str(before);
        text.push_str(name);
        used += name.len();
    }
    text
}

/// A line for each kind and each module.
fn overview(catalog: &Catalog) -> String {
    let mut text = String::from("Kinds:\n");
    for kind in catalog.kinds.iter().filter(|it| !it.name.starts_with('_')) {
        text.push_str(&format!("  {:16} {}\n", kind.name, summary(kind.docs)));
    }
    text.push_str("\nFunctions, by module:\n");
    for module in [""].into_iter().chain(catalog.modules()) {
        let names: Vec<&str> =
            catalog.module_functions(module).map(|it| it.schema.name).filter(|it| !it.starts_with('_')).collect();
        let shown = if module.is_empty() { "(no import)" } else { module };
        if !names.is_empty() {
            text.push_str(&format!("  {shown:16} {}\n", wrapped(&names)));
        }
    }
    text
}
