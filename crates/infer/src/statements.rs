//! Statements: resources with their lines, edges, conditions, loops, includes.

use crate::agenda::{Step, Why};
use crate::checker::Checker;
use crate::diag;
use crate::frame::{Frame, FrameId, Owner, Site};
use crate::types::{Shape, Types};
use hir::{
    ExprId, ExprKind, FieldLine, Half, If, IncludeId, Line, LoopId, MetaLine, Resource, Statement, StructEntry,
    Transfer,
};
use rustc_hash::FxHashMap;
use schema::{META, MetaSchema};
use span::Span;
use value::{Name, Type, Value};

impl<'p> Checker<'p> {
    pub(crate) fn statement(&mut self, frame: FrameId, statement: &'p Statement) {
        match statement {
            Statement::Resource(resource) => self.resource(frame, resource),
            Statement::Edges(edges) => {
                for half in edges.halves.iter().rev() {
                    self.half(frame, half);
                }
            }
            Statement::Transfer(transfer) => {
                self.agenda.push(Step::Transfer(transfer));
                self.half(frame, &transfer.to);
                self.half(frame, &transfer.from);
            }
            Statement::If(statement) => {
                self.agenda.push(Step::If(frame, statement));
                self.agenda.push(Step::Expect(frame, statement.condition, Types::BOOL, Why::Condition));
                self.agenda.push(Step::Infer(frame, statement.condition));
            }
            Statement::Loop(id) => {
                self.agenda.push(Step::Loop(frame, *id));
                self.agenda.push(Step::Infer(frame, self.program.loops[*id].over));
            }
            Statement::Include(include) => self.agenda.push(Step::Include(frame, *include)),
        }
    }

    fn resource(&mut self, frame: FrameId, resource: &'p Resource) {
        if resource.schema.is_none() {
            self.unknown_kind(&resource.kind, resource.kind_span);
        }
        for line in resource.lines.iter().rev() {
            match *line {
                Line::Field(at) => {
                    let line = &resource.fields[at];
                    self.agenda.push(Step::Field(frame, resource, line));
                    self.line(frame, line.value, line.condition);
                }
                Line::Meta(at) => {
                    let line = &resource.meta[at];
                    self.agenda.push(Step::Meta(frame, resource, line));
                    self.line(frame, line.value, line.condition);
                }
                Line::Edge(at) => {
                    let line = &resource.edges[at];
                    self.agenda.push(Step::EdgeLine(frame, line));
                    if let Some(condition) = line.condition {
                        self.agenda.push(Step::Expect(frame, condition, Types::BOOL, Why::LineCondition));
                        self.agenda.push(Step::Infer(frame, condition));
                    }
                }
            }
        }
        self.agenda.extend(resource.collect.map(|collect| Step::Infer(frame, collect)));
        self.agenda.push(Step::ResourceName(frame, resource));
        self.agenda.push(Step::Infer(frame, resource.name));
    }

    /// Puts the value and the condition of a line on the agenda.
    fn line(&mut self, frame: FrameId, value: ExprId, condition: Option<ExprId>) {
        if let Some(condition) = condition {
            self.agenda.push(Step::Expect(frame, condition, Types::BOOL, Why::LineCondition));
            self.agenda.push(Step::Infer(frame, condition));
        }
        self.agenda.push(Step::Infer(frame, value));
    }

    fn unknown_kind(&mut self, kind: &Name, span: Span) {
        if let Some((_, class)) = self.program.classes.iter().find(|(_, class)| class.name == *kind) {
            return self.report(diag::class_as_kind(span, class));
        }
        let kinds = || self.catalog.kinds.iter().map(|kind| kind.name).filter(|name| !name.starts_with('_'));
        let meant = diag::foreign_kind(kind).filter(|meant| kinds().any(|known| known == *meant));
        let meant = meant.or_else(|| ::diag::closest(kind, kinds()));
        self.report(diag::unknown_kind(span, kind, meant));
    }

    pub(crate) fn resource_name(&mut self, frame: FrameId, resource: &'p Resource) {
        if resource.collect.is_none() {
            return self.name(frame, resource.name, resource.kind_span);
        }
        // What `collect` takes is the business of the hidden call; without any hint, names come with hosts.
        let ty = self.type_of(frame, resource.name);
        if self.types.head(ty).is_none() {
            let pair = self.types.structure([("name".into(), Types::STR), ("host".into(), Types::STR)]);
            let pairs = self.types.list(pair);
            self.expect(frame, resource.name, pairs, Why::Collect);
        }
    }

    /// A name is a str or a list of them: whichever it is by now, and a list where nothing is known.
    pub(crate) fn name(&mut self, frame: FrameId, name: ExprId, owner: Span) {
        let ty = self.type_of(frame, name);
        let want = match self.types.head(ty) {
            None | Some(Shape::List(_)) => self.types.list(Types::STR),
            Some(_) => Types::STR,
        };
        self.expect(frame, name, want, Why::Name(owner));
    }

    pub(crate) fn field(&mut self, frame: FrameId, resource: &'p Resource, line: &'p FieldLine) {
        let field = resource.schema.and_then(|schema| schema.field(&line.name));
        let Some(field) = field else {
            if let Some(schema) = resource.schema {
                let known = || schema.fields.iter().map(|field| field.name);
                let mut foreign = diag::foreign_fields(&line.name).iter().copied();
                let meant = foreign.find(|meant| known().any(|known| known == *meant));
                let meant = meant.or_else(|| ::diag::closest(&line.name, known()));
                self.report(diag::unknown_field(line.name_span, &line.name, schema, meant));
            }
            // Nobody can say what the value should be, so nobody has to.
            let ty = self.type_of(frame, line.value);
            self.types.poison(ty);
            return;
        };
        let wanted = (field.ty)();
        let ty = self.types.import(&wanted, &mut FxHashMap::default());
        if wanted == Type::Variant {
            self.any_values.push((line.value, ty));
        }
        self.expect(frame, line.value, ty, Why::Field(resource, line));
    }

    pub(crate) fn meta(&mut self, frame: FrameId, resource: &'p Resource, line: &'p MetaLine) {
        match &line.name {
            Some(name) => {
                if let Some(schema) = self.meta_schema(name, line.span) {
                    self.meta_value(frame, resource, line, schema);
                }
            }
            None => self.meta_struct(frame, resource, line),
        }
    }

    fn meta_schema(&mut self, name: &str, span: Span) -> Option<&'static MetaSchema> {
        let found = META.iter().find(|meta| meta.name == name);
        if found.is_none() {
            let meant = ::diag::closest(name, META.iter().map(|meta| meta.name));
            self.report(diag::unknown_meta(span, name, meant));
        }
        found
    }

    fn meta_value(&mut self, frame: FrameId, resource: &'p Resource, line: &'p MetaLine, schema: &'static MetaSchema) {
        let ty = self.types.import(&(schema.ty)(), &mut FxHashMap::default());
        self.expect(frame, line.value, ty, Why::Meta(resource, schema.name));
    }

    /// `Meta => struct{…}`: some metaparameters, in any order.
    fn meta_struct(&mut self, frame: FrameId, resource: &'p Resource, line: &'p MetaLine) {
        let ty = self.type_of(frame, line.value);
        let span = self.program.exprs[line.value].span;
        let Some(Shape::Struct(fields)) = self.types.head(ty) else {
            let shown = self.types.show(ty);
            if shown != Type::Error || self.types.head(ty).is_none() {
                self.report(diag::meta_is_no_struct(span, &shown));
                self.types.poison(ty);
            }
            return;
        };
        for (name, found) in fields.iter() {
            let entry = self.entry(line.value, name);
            let place = entry.map_or(span, |entry| entry.span);
            let Some(schema) = self.meta_schema(name, place) else { continue };
            let want = self.types.import(&(schema.ty)(), &mut FxHashMap::default());
            if self.types.unify(want, *found).is_err() {
                let (want, found) = (self.types.show(want), self.types.show(*found));
                let place = entry.map_or(span, |entry| self.program.exprs[entry.value].span);
                self.report(diag::meta_value_type(place, resource.kind_span, name, &want, &found));
            }
            if let Some(other) = resource.meta.iter().find(|other| other.name.as_ref() == Some(name)) {
                let (first, second) = if place < other.span { (place, other.span) } else { (other.span, place) };
                self.report(hir::duplicate_meta(Some(name), second, first, resource));
            }
        }
    }

    /// A field of a struct, where the expression is a struct that is written there.
    fn entry(&self, expr: ExprId, name: &Name) -> Option<&'p StructEntry> {
        let ExprKind::Struct(entries) = &self.program.exprs[expr].kind else { return None };
        entries.iter().find(|entry| entry.name == *name)
    }

    pub(crate) fn half(&mut self, frame: FrameId, half: &'p Half) {
        if half.schema.is_none() {
            self.unknown_kind(&half.kind, diag::head_of(half.span, &half.kind));
        }
        self.agenda.push(Step::HalfName(frame, half));
        self.agenda.push(Step::Infer(frame, half.name));
    }

    pub(crate) fn transfer(&mut self, transfer: &'p Transfer) {
        let (Some(from), Some(to)) = (transfer.from.schema, transfer.to.schema) else { return };
        if from.sends.is_empty() {
            return self.report(diag::sends_nothing(transfer.from.span, from.name));
        }
        if !to.receives {
            return self.report(diag::receives_nothing(transfer.to.span, to.name));
        }
        let sent = from.send(&transfer.send);
        if sent.is_none() {
            self.report(diag::unknown_send(transfer.send_span, &transfer.send, from));
        }
        let field = to.field(&transfer.receive);
        if field.is_none() {
            let meant = ::diag::closest(&transfer.receive, to.fields.iter().map(|field| field.name));
            self.report(diag::unknown_field(transfer.receive_span, &transfer.receive, to, meant));
        }
        if let (Some(sent), Some(field)) = (sent, field) {
            let (sent, field) = ((sent.ty)(), (field.ty)());
            if sent != field && sent != Type::Variant && field != Type::Variant {
                self.report(diag::transfer_types(transfer, &sent, &field));
            }
        }
    }

    pub(crate) fn branches(&mut self, frame: FrameId, statement: &'p If) {
        if let Some((_, otherwise)) = &statement.otherwise {
            self.block(frame, otherwise);
        }
        // On top of the other one, so that it comes first.
        self.block(frame, &statement.then);
    }

    pub(crate) fn loop_body(&mut self, frame: FrameId, id: LoopId) {
        let data = &self.program.loops[id];
        let second = self.written_or_fresh(data.second.annotation.as_ref());
        let given = self.type_of(frame, data.over);
        let crossed = match self.types.head(given) {
            Some(Shape::Map(..)) => !data.over_map,
            Some(Shape::List(_)) => data.over_map,
            _ => false,
        };
        let (first, over) = if data.over_map {
            let key = self.written_or_fresh(data.first.annotation.as_ref());
            (key, self.types.map(key, second))
        } else {
            (Types::INT, self.types.list(second))
        };
        // Where `for` and `forkv` are mixed up, nothing is known of the first variable.
        let first = if crossed { Types::ERROR } else { first };
        self.expect(frame, data.over, over, Why::Over(id));
        self.loops.insert((frame, id), (first, second));
        self.block(frame, &data.block);
    }

    pub(crate) fn include(&mut self, frame: FrameId, id: IncludeId) {
        if self.includes.contains_key(&(frame, id)) {
            return;
        }
        let include = &self.program.includes[id];
        if self.reach_or_wait(frame, &include.class.through, Step::Include(frame, id)).is_none() {
            return;
        }
        if !self.spend(include.span) {
            return;
        }
        self.includes.insert((frame, id), None);
        self.agenda.push(Step::Included(frame, id));
        self.agenda.extend(include.args.iter().rev().map(|&argument| Step::Infer(frame, argument)));
    }

    pub(crate) fn included(&mut self, frame: FrameId, id: IncludeId) {
        let program = self.program;
        let include = &program.includes[id];
        let Ok(at) = self.reach(frame, &include.class.through) else { return };
        let class = &program.classes[include.class.target];
        let outer = self.home(at, class.defined_in);
        let mut params = Vec::with_capacity(class.params.len());
        for (number, param) in class.params.iter().enumerate() {
            let argument = include.args.get(number).copied();
            let given = argument.map_or(Types::ERROR, |argument| self.type_of(frame, argument));
            params.push(match (&param.annotation, argument) {
                (Some(annotation), Some(argument)) => {
                    let ty = self.types.import(&annotation.ty, &mut FxHashMap::default());
                    self.expect(frame, argument, ty, Why::ClassArgument(id, number));
                    ty
                }
                _ => given,
            });
        }
        let owner = Owner::Class(include.class.target);
        let shared = if self.aliased.contains(&id) {
            None
        } else {
            self.instances.get(&(owner, outer, self.types.canonical_all(&params))).copied()
        };
        let instance = shared.unwrap_or_else(|| {
            let site = Site::Include(id);
            let instance = self.frame(Frame { owner, outer, params, result: None, site });
            self.agenda.push(Step::ClassDone(instance));
            self.block(instance, &class.block);
            instance
        });
        self.includes.insert((frame, id), Some(instance));
    }

    /// Lets further includes share the instance where nothing about it is open.
    pub(crate) fn finish_class(&mut self, instance: FrameId) {
        let Frame { owner, outer, params, site, .. } = &self.frames[instance.0 as usize];
        let (owner, outer, params) = (*owner, *outer, params.clone());
        if matches!(site, Site::Include(id) if self.aliased.contains(id)) {
            return;
        }
        if params.iter().all(|&param| self.types.unknowns(param).is_empty()) {
            let params = self.types.canonical_all(&params);
            self.instances.insert((owner, outer, params), instance);
        }
    }

    /// The text of a literal, where an expression is one.
    pub(crate) fn literal(&self, expr: ExprId) -> Option<&'p Value> {
        match &self.program.exprs[expr].kind {
            ExprKind::Literal(value) => Some(value),
            _ => None,
        }
    }
}
