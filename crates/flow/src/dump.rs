//! A graph as text, for tests and for people who want to see what became of their program.

use crate::{Body, BodyId, FieldTemplate, Graph, Node, Op, ResourceTemplate, Slot, Template};
use std::fmt::Write as _;

/// The graph as text: each body once, in the order in which they were made; nodes are numbered.
///
/// `%3` is node 3 of the same body, `^%3` that of the body around it, `^2%3` of the second one around.
pub fn dump(graph: &Graph) -> String {
    let mut out = String::new();
    for (id, body) in graph.bodies.iter() {
        if !out.is_empty() {
            out.push('\n');
        }
        write_body(&mut out, id, body);
    }
    out
}

fn write_body(out: &mut String, id: BodyId, body: &Body) {
    _ = write!(out, "{}", name(id));
    if let Some(parent) = body.parent {
        _ = write!(out, " in {}", name(parent));
    }
    out.push('\n');
    for (at, node) in body.nodes.iter().enumerate() {
        _ = writeln!(out, "    %{at} = {}", op(node));
    }
    if let Some(result) = body.result {
        _ = writeln!(out, "    = {}", slot(result));
    }
    for template in &body.templates {
        write_template(out, template);
    }
}

fn name(id: BodyId) -> String {
    format!("body {}", id.into_raw().into_u32())
}

fn slot(slot: Slot) -> String {
    match slot.up {
        0 => format!("%{}", slot.node),
        1 => format!("^%{}", slot.node),
        up => format!("^{up}%{}", slot.node),
    }
}

fn slots<'a>(all: impl IntoIterator<Item = &'a Slot>) -> String {
    let all: Vec<String> = all.into_iter().map(|it| slot(*it)).collect();
    all.join(", ")
}

fn op(node: &Node) -> String {
    match &node.op {
        Op::Constant(value) => value.to_string(),
        Op::Param(number) => format!("param {number}"),
        Op::Hostname => "hostname".to_owned(),
        Op::List(parts) => format!("[{}]", slots(parts)),
        Op::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{} => {}", slot(*k), slot(*v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Op::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name} => {}", slot(*value))).collect();
            format!("struct{{{}}}", fields.join(", "))
        }
        Op::Builtin(builtin) => format!("{}({})", builtin.function.schema.full_name(), slots(&builtin.args)),
        Op::Closure { body, ty } => format!("{ty} of {}", name(*body)),
        Op::Apply { body, args } => format!("apply {}({})", name(*body), slots(args)),
        Op::Call { callee, args } => format!("call {}({})", slot(*callee), slots(args)),
        Op::If { condition, then, otherwise } => {
            format!("if {} {{ {} }} else {{ {} }}", slot(*condition), name(*then), name(*otherwise))
        }
        Op::Except { primary, fallback } => format!("{} <|> {}", slot(*primary), name(*fallback)),
    }
}

fn write_template(out: &mut String, template: &Template) {
    match template {
        Template::Resource(resource) => write_resource(out, resource),
        Template::Edge(edge) => {
            let end = |(kind, name): &(value::Name, Slot)| format!("{kind}[{}]", slot(*name));
            _ = write!(out, "    {} -> {}", end(&edge.from), end(&edge.to));
            if let Some((send, receive)) = &edge.transfer {
                _ = write!(out, " ({send} -> {receive})");
            }
            out.push('\n');
        }
        Template::If { condition, then, otherwise, .. } => {
            _ = write!(out, "    if {} {{ {} }}", slot(*condition), name(*then));
            if let Some(otherwise) = otherwise {
                _ = write!(out, " else {{ {} }}", name(*otherwise));
            }
            out.push('\n');
        }
        Template::Loop { over, over_map, body, .. } => {
            let keyword = if *over_map { "forkv" } else { "for" };
            _ = writeln!(out, "    {keyword} {} {{ {} }}", slot(*over), name(*body));
        }
    }
}

fn write_resource(out: &mut String, resource: &ResourceTemplate) {
    let collect = resource.collect.map(|it| format!(" collected by {}", slot(it))).unwrap_or_default();
    _ = writeln!(out, "    {}[{}]{collect}", resource.kind, slot(resource.name));
    let mut line = |prefix: &str, it: &FieldTemplate| {
        let condition = it.condition.map(|it| format!("{} ?: ", slot(it))).unwrap_or_default();
        let name = if it.name.is_empty() { "*" } else { it.name.as_str() };
        _ = writeln!(out, "        {prefix}{name} => {condition}{}", slot(it.value));
    };
    resource.fields.iter().for_each(|it| line("", it));
    resource.meta.iter().for_each(|it| line("Meta:", it));
    for edge in &resource.edges {
        let condition = edge.condition.map(|it| format!("{} ?: ", slot(it))).unwrap_or_default();
        _ = writeln!(out, "        {:?} => {condition}{}[{}]", edge.relation, edge.kind, slot(edge.name));
    }
}
