//! Takes out what nothing reads: parts of what was computed while compiling, functions that stand where they are called.

use crate::visit::{nested, op_bodies, op_slots, template_bodies, template_slots};
use crate::{BodyId, Graph, Slot};
use la_arena::{Arena, ArenaMap};

/// The same graph without nodes and bodies on which no template depends.
pub(crate) fn prune(mut graph: Graph) -> Graph {
    let Some(root) = graph.root else { return graph };
    let used = mark(&mut graph, root);
    let mut numbers: ArenaMap<BodyId, Vec<u32>> = ArenaMap::default();
    let mut ids: ArenaMap<BodyId, BodyId> = ArenaMap::default();
    for (body, nodes) in used.iter() {
        let mut next = 0;
        let number = nodes.iter().map(|used| {
            let number = next;
            next += u32::from(*used);
            number
        });
        numbers.insert(body, number.collect());
        let id = u32::try_from(ids.iter().count()).expect("there are no more bodies than before");
        ids.insert(body, BodyId::from_raw(id.into()));
    }
    let mut bodies = Arena::default();
    let parents: Vec<Option<BodyId>> = graph.bodies.iter().map(|(_, body)| body.parent).collect();
    for (id, mut body) in std::mem::take(&mut graph.bodies).into_iter() {
        let Some(nodes) = used.get(id) else { continue };
        let renumber = |slot: &mut Slot| {
            let mut at = id;
            for _ in 0..slot.up {
                at = parents[at.into_raw().into_u32() as usize].expect("a slot leads to a body around");
            }
            slot.node = numbers[at][slot.node as usize];
        };
        let rename = |body: &mut BodyId| *body = ids[*body];
        let mut at = 0;
        body.nodes.retain(|_| {
            at += 1;
            nodes[at - 1]
        });
        // They stay as long as the program runs.
        body.nodes.shrink_to_fit();
        body.templates.shrink_to_fit();
        for node in &mut body.nodes {
            op_slots(&mut node.op, renumber);
            op_bodies(&mut node.op, rename);
        }
        for template in &mut body.templates {
            template_slots(template, renumber);
            template_bodies(template, rename);
        }
        body.result.iter_mut().for_each(renumber);
        body.parent.iter_mut().for_each(rename);
        bodies.alloc(body);
    }
    Graph { bodies, root: Some(ids[root]) }
}

/// Which nodes of which bodies are read.
fn mark(graph: &mut Graph, root: BodyId) -> ArenaMap<BodyId, Vec<bool>> {
    enum Work {
        Body(BodyId),
        Slot(BodyId, Slot),
    }
    let mut used: ArenaMap<BodyId, Vec<bool>> = ArenaMap::default();
    let mut work = vec![Work::Body(root)];
    while let Some(next) = work.pop() {
        match next {
            Work::Body(id) if used.contains_idx(id) => {}
            Work::Body(id) => {
                let body = &mut graph.bodies[id];
                used.insert(id, vec![false; body.nodes.len()]);
                work.extend(body.result.map(|slot| Work::Slot(id, slot)));
                for template in &mut body.templates {
                    template_slots(template, |slot| work.push(Work::Slot(id, *slot)));
                    template_bodies(template, |body| work.push(Work::Body(*body)));
                }
            }
            Work::Slot(from, slot) => {
                let mut id = from;
                for _ in 0..slot.up {
                    id = graph.bodies[id].parent.expect("a slot leads to a body around");
                }
                let known = used.get_mut(id).expect("what reads from a body is reached through it");
                if !std::mem::replace(&mut known[slot.node as usize], true) {
                    let op = &mut graph.bodies[id].nodes[slot.node as usize].op;
                    work.extend(nested(op).map(Work::Body));
                    op_slots(op, |slot| work.push(Work::Slot(id, *slot)));
                }
            }
        }
    }
    used
}
