//! Statements: each leaves templates in the body in which it stands.

use crate::lower::{At, Lowering, Place, Step};
use crate::{BodyId, EdgeLineTemplate, EdgeTemplate, FieldTemplate, ResourceTemplate, Template};
use hir::{ExprId, Half, If, LoopId, Resource, Statement};
use span::Span;
use value::{Name, Value};

impl<'p> Lowering<'p> {
    pub(crate) fn statement(&mut self, at: At, statement: &'p Statement) {
        let program = self.program;
        match statement {
            Statement::Resource(resource) => self.resource(at, resource),
            Statement::Edges(edges) => {
                self.agenda.push(Step::Edges(at, statement));
                self.exprs(at, edges.halves.iter().map(|half| half.name));
            }
            Statement::Transfer(transfer) => {
                self.agenda.push(Step::Edges(at, statement));
                self.exprs(at, [transfer.from.name, transfer.to.name].into_iter());
            }
            Statement::If(statement) => {
                self.agenda.push(Step::Branch(at, statement));
                self.agenda.push(Step::Expr(at, statement.condition));
            }
            Statement::Loop(id) => {
                self.agenda.push(Step::Repeat(at, *id));
                self.agenda.push(Step::Expr(at, program.loops[*id].over));
            }
            Statement::Include(id) => {
                let instance = self.include_instance(at.instance, *id);
                let class = program.includes[*id].class.target;
                self.block(At { instance, ..at }, &program.classes[class].block);
            }
        }
    }

    /// Puts everything of a resource on the agenda: name, collection, and for each line its condition and its value.
    fn resource(&mut self, at: At, resource: &'p Resource) {
        self.agenda.push(Step::Resource(at, resource));
        let values = resource.fields.iter().map(|line| (line.condition, line.value));
        let values = values.chain(resource.meta.iter().map(|line| (line.condition, line.value)));
        let values = values.chain(resource.edges.iter().map(|line| (line.condition, line.target.name)));
        let values: Vec<ExprId> = values.flat_map(|(condition, value)| condition.into_iter().chain([value])).collect();
        self.exprs(at, values.into_iter());
        if let Some(collect) = resource.collect {
            // The hidden call takes the name as its argument: both read one node.
            self.agenda.push(Step::Expr(at, collect));
            self.agenda.push(Step::Collected(at, resource));
        }
        self.agenda.push(Step::Expr(at, resource.name));
    }

    pub(crate) fn finish_resource(&mut self, at: At, resource: &'p Resource) {
        let lines = resource.fields.iter().map(|line| line.condition);
        let lines = lines.chain(resource.meta.iter().map(|line| line.condition));
        let lines = lines.chain(resource.edges.iter().map(|line| line.condition));
        let count: usize = lines.map(|condition| if condition.is_some() { 2 } else { 1 }).sum();
        let all = self.pop_all(count + 1 + usize::from(resource.collect.is_some()));
        let mut slots = self.slots(at.body, &all).into_iter();
        let mut next = || slots.next().expect("as many results as expressions were put on the agenda");
        let name = next();
        let collect = resource.collect.map(|_| next());
        let mut line = |name: Name, condition: Option<ExprId>, span: Span| {
            let condition = condition.map(|_| next());
            FieldTemplate { name, condition, value: next(), span }
        };
        let fields = resource.fields.iter().map(|it| line(it.name.clone(), it.condition, it.span)).collect();
        let meta = resource.meta.iter().map(|it| line(it.name.clone().unwrap_or_default(), it.condition, it.span));
        let meta = meta.collect();
        let edges = resource.edges.iter().map(|it| {
            let FieldTemplate { name: kind, condition, value: name, span } =
                line(it.target.kind.clone(), it.condition, it.span);
            EdgeLineTemplate { relation: it.relation, condition, kind, name, span }
        });
        let edges = edges.collect();
        let kind = resource.kind.clone();
        let template = ResourceTemplate { kind, name, fields, meta, edges, collect, span: resource.span };
        self.template(at.body, Template::Resource(Box::new(template)));
    }

    fn template(&mut self, body: BodyId, template: Template) {
        self.graph.bodies[body].templates.push(template);
    }

    pub(crate) fn finish_edges(&mut self, at: At, statement: &'p Statement) {
        let edge = |it: &Lowering<'_>, from: (&Half, Place), to: (&Half, Place), transfer, span| {
            let end = |(half, place): (&Half, Place)| (half.kind.clone(), it.slot(at.body, place));
            Template::Edge(Box::new(EdgeTemplate { from: end(from), to: end(to), transfer, span }))
        };
        match statement {
            Statement::Edges(edges) => {
                let names = self.pop_all(edges.halves.len());
                let ends: Vec<(&Half, Place)> = edges.halves.iter().zip(names).collect();
                for pair in ends.windows(2) {
                    let template = edge(self, pair[0], pair[1], None, edges.span);
                    self.template(at.body, template);
                }
            }
            Statement::Transfer(transfer) => {
                let (to, from) = (self.pop(), self.pop());
                let values = Some((transfer.send.clone(), transfer.receive.clone()));
                let template = edge(self, (&transfer.from, from), (&transfer.to, to), values, transfer.span);
                self.template(at.body, template);
            }
            _ => unreachable!("only edges are finished here"),
        }
    }

    /// `if`: of a condition that is known, one block belongs to what is around it, and the other is not there at all.
    pub(crate) fn branch(&mut self, at: At, statement: &'p If) {
        let condition = self.pop();
        let other = statement.otherwise.as_ref().map(|(scope, block)| (*scope, block));
        if let Some(Value::Bool(holds)) = self.constant(condition) {
            let taken = if *holds { Some((statement.then_scope, &statement.then)) } else { other };
            if let Some((scope, block)) = taken {
                self.scopes.insert((at.instance, scope), at.body);
                self.block(at, block);
            }
            return;
        }
        self.results.push(condition);
        let blocks = [Some((statement.then_scope, &statement.then)), other];
        let bodies = blocks.map(|block| block.map(|_| self.body(at.body, 0, statement.span)));
        let then = bodies[0].expect("there is always a first block");
        self.agenda.push(Step::Branched(at, statement, then, bodies[1]));
        for (block, body) in blocks.into_iter().zip(bodies).rev() {
            if let (Some((scope, block)), Some(body)) = (block, body) {
                self.scopes.insert((at.instance, scope), body);
                self.block(At { body, ..at }, block);
            }
        }
    }

    pub(crate) fn branched(&mut self, at: At, statement: &'p If, then: BodyId, otherwise: Option<BodyId>) {
        let condition = self.pop();
        let condition = self.slot(at.body, condition);
        self.template(at.body, Template::If { condition, then, otherwise, span: statement.span });
    }

    pub(crate) fn repeat(&mut self, at: At, id: LoopId) {
        let data = &self.program.loops[id];
        let body = self.body(at.body, 2, data.span);
        self.loops.insert((at.instance, id), body);
        self.scopes.insert((at.instance, data.scope), body);
        self.agenda.push(Step::Repeated(at, id, body));
        self.block(At { body, ..at }, &data.block);
    }

    pub(crate) fn repeated(&mut self, at: At, id: LoopId, body: BodyId) {
        let data = &self.program.loops[id];
        let over = self.pop();
        let over = self.slot(at.body, over);
        self.template(at.body, Template::Loop { over, over_map: data.over_map, body, span: data.span });
    }
}
