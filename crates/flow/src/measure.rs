//! How large a graph becomes when all its calls have regions.
//!
//! Calls share bodies, so a graph stays small where what it describes doubles at every level. Such a program would fill
//! the memory when it runs, so it is refused.

use crate::{Body, BodyId, Graph, Op, Template, diag};
use ::diag::Diagnostic;
use la_arena::ArenaMap;

/// How many nodes the regions of a program may have, loops counted once.
const LIMIT: u64 = 10_000_000;

/// Refuses a graph whose regions would have too many nodes: at the first call that is too large by itself, or at the first
/// one of the program.
pub(crate) fn check(graph: &Graph) -> Vec<Diagnostic> {
    let Some(root) = graph.root else { return Vec::new() };
    let weights = weights(graph, root);
    if weights.get(root).copied().unwrap_or(0) <= LIMIT {
        return Vec::new();
    }
    let mut calls: Vec<_> = weights
        .iter()
        .flat_map(|(body, _)| &graph.bodies[body].nodes)
        .filter_map(|node| match &node.op {
            Op::Apply { body, .. } => Some((weights.get(*body).copied().unwrap_or(0), node.span)),
            _ => None,
        })
        .collect();
    // The smallest call that is too large says most about the cause; else the largest one.
    calls.sort_unstable_by_key(|&(weight, span)| (if weight > LIMIT { weight } else { u64::MAX - weight }, span));
    calls.first().map(|&(_, span)| diag::expands_too_much(span, LIMIT)).into_iter().collect()
}

/// The number of nodes in the regions of each body that is reached.
fn weights(graph: &Graph, root: BodyId) -> ArenaMap<BodyId, u64> {
    let mut weights = ArenaMap::default();
    let mut work = vec![root];
    while let Some(&body) = work.last() {
        if weights.contains_idx(body) {
            work.pop();
            continue;
        }
        let data = &graph.bodies[body];
        let nested = nested(data);
        let before = work.len();
        work.extend(nested.iter().filter(|it| !weights.contains_idx(**it)));
        if work.len() == before {
            let own = u64::try_from(data.nodes.len()).unwrap_or(u64::MAX);
            let weight = nested.iter().fold(own, |sum, &it| sum.saturating_add(weights[it]));
            weights.insert(body, weight);
        }
    }
    weights
}

/// The bodies that a region of a body may have regions of, once for each.
fn nested(body: &Body) -> Vec<BodyId> {
    let mut found = Vec::new();
    for node in &body.nodes {
        match &node.op {
            Op::Apply { body, .. } | Op::Closure { body, .. } => found.push(*body),
            Op::If { then, otherwise, .. } => found.extend([*then, *otherwise]),
            Op::Except { fallback, .. } => found.push(*fallback),
            _ => {}
        }
    }
    for template in &body.templates {
        match template {
            Template::If { then, otherwise, .. } => found.extend(otherwise.iter().copied().chain([*then])),
            Template::Loop { body, .. } => found.push(*body),
            Template::Resource(_) | Template::Edge(_) => {}
        }
    }
    found
}
