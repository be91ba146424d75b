//! What a node or a template refers to.

use crate::{BodyId, Op, Slot, Template};

/// The bodies that a node has regions of.
pub(crate) fn nested(op: &Op) -> impl Iterator<Item = BodyId> + use<> {
    let few = match op {
        Op::Apply { body, .. } | Op::Closure { body, .. } => [Some(*body), None],
        Op::If { then, otherwise, .. } => [Some(*then), Some(*otherwise)],
        Op::Except { fallback, .. } => [Some(*fallback), None],
        _ => [None, None],
    };
    few.into_iter().flatten()
}

pub(crate) fn op_bodies(op: &mut Op, mut each: impl FnMut(&mut BodyId)) {
    match op {
        Op::Apply { body, .. } | Op::Closure { body, .. } => each(body),
        Op::If { then, otherwise, .. } => {
            each(then);
            each(otherwise);
        }
        Op::Except { fallback, .. } => each(fallback),
        _ => {}
    }
}

pub(crate) fn op_slots(op: &mut Op, mut each: impl FnMut(&mut Slot)) {
    match op {
        Op::Constant(_) | Op::Param(_) | Op::Hostname | Op::Closure { .. } => {}
        Op::List(slots) | Op::Apply { args: slots, .. } => slots.iter_mut().for_each(each),
        Op::Map(entries) => {
            for (key, value) in entries {
                each(key);
                each(value);
            }
        }
        Op::Struct(fields) => fields.iter_mut().for_each(|(_, value)| each(value)),
        Op::Builtin(builtin) => builtin.args.iter_mut().for_each(each),
        Op::Call { callee, args } => {
            each(callee);
            args.iter_mut().for_each(each);
        }
        Op::If { condition, .. } => each(condition),
        Op::Except { primary, .. } => each(primary),
    }
}

pub(crate) fn template_bodies(template: &mut Template, mut each: impl FnMut(&mut BodyId)) {
    match template {
        Template::If { then, otherwise, .. } => {
            each(then);
            otherwise.iter_mut().for_each(each);
        }
        Template::Loop { body, .. } => each(body),
        Template::Resource(_) | Template::Edge(_) => {}
    }
}

pub(crate) fn template_slots(template: &mut Template, mut each: impl FnMut(&mut Slot)) {
    match template {
        Template::Resource(resource) => {
            each(&mut resource.name);
            resource.collect.iter_mut().for_each(&mut each);
            for line in resource.fields.iter_mut().chain(&mut resource.meta) {
                line.condition.iter_mut().for_each(&mut each);
                each(&mut line.value);
            }
            for line in &mut resource.edges {
                line.condition.iter_mut().for_each(&mut each);
                each(&mut line.name);
            }
        }
        Template::Edge(edge) => {
            each(&mut edge.from.1);
            each(&mut edge.to.1);
        }
        Template::If { condition, .. } => each(condition),
        Template::Loop { over, .. } => each(over),
    }
}
