//! `stead graph`: the resources that a program states, and their order.

use crate::cli::{Global, Graph, GraphFormat};
use crate::commands::look::look;
use crate::failure::{Exit, Failure};
use crate::svg::svg;
use crate::terminal::{Terminal, printable};
use agent::Settings;
use plan::{Vertex, View, ViewEdge};
use resource::Key;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

pub(crate) fn graph(command: &Graph, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let seen = look(&command.program, global, terminal, async |compiled, settings| {
        // Groups are how resources are worked on, not what the program states.
        agent::evaluate(compiled, &Settings { autogroup: false, ..settings.clone() }).await
    });
    let Some(plan) = seen? else { return Ok(Exit::ERROR) };
    let view = plan.view();
    terminal.print(&match command.format {
        GraphFormat::Text => text(&view),
        GraphFormat::Dot => dot(&view),
        GraphFormat::Svg => svg(&view),
        GraphFormat::Json => format!("{}\n", json_of(&view)),
    })?;
    Ok(Exit::GOOD)
}

/// One line for each resource, with what comes before it.
fn text(view: &View) -> String {
    let mut incoming: HashMap<&Key, Vec<&ViewEdge>> = HashMap::new();
    for edge in &view.edges {
        incoming.entry(&edge.to).or_default().push(edge);
    }
    let mut text = String::new();
    for vertex in &view.vertices {
        text.push_str(&printable(&vertex.key.to_string()));
        for (at, edge) in incoming.get(&vertex.key).into_iter().flatten().enumerate() {
            let before = if at == 0 { "  after " } else { ", " };
            let how = match (edge.notify, edge.automatic) {
                (true, _) => " (notifies)",
                (false, true) => " (automatic)",
                (false, false) => "",
            };
            _ = write!(text, "{before}{}{how}", printable(&edge.from.to_string()));
        }
        text.push('\n');
    }
    text
}

/// For Graphviz: a box for each resource, dashed arrows for automatic edges, bold ones where a change notifies.
fn dot(view: &View) -> String {
    let mut text = String::from("digraph stead {\n\trankdir=LR;\n\tnode [shape=box];\n");
    for vertex in &view.vertices {
        _ = writeln!(text, "\t{};", quoted(&vertex.key.to_string()));
    }
    for edge in &view.edges {
        let style = match (edge.notify, edge.automatic) {
            (true, _) => " [style=bold]",
            (false, true) => " [style=dashed]",
            (false, false) => "",
        };
        _ = writeln!(text, "\t{} -> {}{style};", quoted(&edge.from.to_string()), quoted(&edge.to.to_string()));
    }
    text.push_str("}\n");
    text
}

/// A string of Graphviz.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// The object that `graph --format json` prints, and that reports begin with. A stored format: members are only added.
pub(crate) fn json_of(view: &View) -> Value {
    let edges: Vec<Value> = view
        .edges
        .iter()
        .map(|edge| {
            let (from, to) = (edge.from.to_string(), edge.to.to_string());
            json!({ "from": from, "to": to, "notify": edge.notify, "auto": edge.automatic })
        })
        .collect();
    json!({ "vertices": view.vertices.iter().map(vertex_of).collect::<Vec<_>>(), "edges": edges })
}

fn vertex_of(vertex: &Vertex) -> Value {
    let fields: Map<String, Value> =
        vertex.fields.iter().map(|(name, value)| (name.to_string(), Value::String(value.to_string()))).collect();
    json!({
        "kind": vertex.key.kind.as_str(),
        "name": vertex.key.name.as_str(),
        "fields": fields,
        "children": vertex.children.iter().map(vertex_of).collect::<Vec<_>>(),
    })
}
