//! Resources that are known before a program runs.

use crate::effect::{slots, statements};
use crate::publish::Stated;
use flow::{Graph, Op, Slot, Template};
use resource::Desired;
use value::Value;

/// The resources that a program states in any case, as far as everything about them is constant.
pub fn known_resources(graph: &Graph) -> Vec<Desired> {
    let Some(root) = graph.root else { return Vec::new() };
    let body = &graph.bodies[root];
    let constant = |slot: Slot| match &body.nodes[slot.node as usize].op {
        Op::Constant(value) => Some(value.clone()),
        _ => None,
    };
    let known = |template: &Template| {
        let values: Vec<Value> = slots(template).into_iter().map(constant).collect::<Option<_>>()?;
        statements(template, &values).ok()
    };
    let resources = body.templates.iter().filter(|it| matches!(it, Template::Resource(_)));
    let stated = resources.filter_map(known).flatten().map(|(_, stated)| stated);
    stated
        .filter_map(|stated| match stated {
            Stated::Resource(desired) => Some(desired),
            Stated::Edge(_) => None,
        })
        .collect()
}
