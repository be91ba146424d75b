//! Bodies and nodes.

use crate::lower::{Lowering, Place};
use crate::{Body, BodyId, Node, Op, Slot};
use span::Span;
use value::{Str, Value};

/// A constant that can be shared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scalar {
    Bool(bool),
    Int(i64),
    Str(Str),
}

impl Lowering<'_> {
    /// A new body within another one, with nodes for what is handed in.
    pub(crate) fn body(&mut self, parent: BodyId, params: usize, span: Span) -> BodyId {
        let nodes = (0..params).map(|number| Node { op: Op::Param(number), span }).collect();
        let body =
            self.graph.bodies.alloc(Body { parent: Some(parent), params, nodes, result: None, templates: Vec::new() });
        self.depths.insert(body, self.depths[parent] + 1);
        body
    }

    pub(crate) fn push(&mut self, body: BodyId, op: Op, span: Span) -> Place {
        let nodes = &mut self.graph.bodies[body].nodes;
        let node = u32::try_from(nodes.len()).expect("inference has bounded the number of expressions");
        nodes.push(Node { op, span });
        Place { body, node }
    }

    pub(crate) fn push_constant(&mut self, body: BodyId, value: Value, span: Span) -> Place {
        // Of floats, 0 and -0 are equal but not the same, and containers may hold them.
        let key = match &value {
            Value::Bool(value) => Some(Scalar::Bool(*value)),
            Value::Int(value) => Some(Scalar::Int(*value)),
            Value::Str(value) => Some(Scalar::Str(value.clone())),
            _ => None,
        };
        let Some(key) = key else { return self.push(body, Op::Constant(value), span) };
        if let Some(&node) = self.constants.get(&(body, key.clone())) {
            return Place { body, node };
        }
        let place = self.push(body, Op::Constant(value), span);
        self.constants.insert((body, key), place.node);
        place
    }

    /// How a node is read from a body: it is in that one or in one around it.
    pub(crate) fn slot(&self, from: BodyId, place: Place) -> Slot {
        let up = self.depths[from].checked_sub(self.depths[place.body]);
        let up = up.expect("what is visible is in the same body or in one around it");
        debug_assert_eq!(
            self.ancestor(from, up),
            place.body,
            "what is visible is in the same body or in one around it"
        );
        Slot { up, node: place.node }
    }

    /// The place that a slot of a body means.
    pub(crate) fn place(&self, from: BodyId, slot: Slot) -> Place {
        Place { body: self.ancestor(from, slot.up), node: slot.node }
    }

    fn ancestor(&self, from: BodyId, up: u32) -> BodyId {
        let mut at = from;
        for _ in 0..up {
            at = self.graph.bodies[at].parent.expect("a body has as many around it as its depth says");
        }
        at
    }

    pub(crate) fn slots(&self, from: BodyId, places: &[Place]) -> Vec<Slot> {
        places.iter().map(|&place| self.slot(from, place)).collect()
    }

    pub(crate) fn node(&self, place: Place) -> &Node {
        &self.graph.bodies[place.body].nodes[place.node as usize]
    }

    /// The value of a node, where it is known.
    pub(crate) fn constant(&self, place: Place) -> Option<&Value> {
        match &self.node(place).op {
            Op::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The values of nodes, where all are known.
    pub(crate) fn all_constant(&self, places: &[Place]) -> Option<Vec<Value>> {
        places.iter().map(|&place| self.constant(place).cloned()).collect()
    }

    pub(crate) fn result(&mut self, body: BodyId) {
        let place = self.pop();
        self.graph.bodies[body].result = Some(self.slot(body, place));
    }
}
