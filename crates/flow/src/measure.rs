//! How large a graph becomes when all its calls have regions.
//!
//! Calls share bodies, so a graph stays small where what it describes doubles at every level. Such a program would fill
//! the memory when it runs, so it is refused.

use crate::{Body, BodyId, Graph, Op, Template, diag, visit};
use ::diag::Diagnostic;
use la_arena::ArenaMap;

/// How many nodes the regions of a program may have at a time, loops counted once.
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
        let before = work.len();
        let weight = weight(&graph.bodies[body], |nested| match weights.get(nested) {
            Some(weight) => *weight,
            None => {
                work.push(nested);
                0
            }
        });
        if work.len() == before {
            weights.insert(body, weight);
        }
    }
    weights
}

/// The number of nodes in the regions of a body, by that of the bodies within. Of two branches there is only one.
fn weight(body: &Body, mut of: impl FnMut(BodyId) -> u64) -> u64 {
    let mut sum = u64::try_from(body.nodes.len()).unwrap_or(u64::MAX);
    for node in &body.nodes {
        let nested = visit::nested(&node.op).map(&mut of);
        sum = sum.saturating_add(nested.max().unwrap_or(0));
    }
    for template in &body.templates {
        let nested = match template {
            Template::If { then, otherwise, .. } => of(*then).max(otherwise.map_or(0, &mut of)),
            Template::Loop { body, .. } => of(*body),
            Template::Resource(_) | Template::Edge(_) => 0,
        };
        sum = sum.saturating_add(nested);
    }
    sum
}
