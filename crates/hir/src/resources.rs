//! Lowering of resources and their lines.

use crate::lower::Lowering;
use crate::{EdgeLine, ExprId, ExprKind, FieldLine, Half, Line, MetaLine, Relation, Resource, ScopeId, diag};
use rustc_hash::FxHashMap;
use span::Span;
use syntax::ast::{self, AstNode, ResLine};
use value::{Name, Value};

/// The relations as they are written, in lower case.
pub(crate) const RELATIONS: [(&str, Relation); 4] = [
    ("before", Relation::Before),
    ("notify", Relation::Notify),
    ("depend", Relation::Depend),
    ("listen", Relation::Listen),
];

impl Lowering<'_> {
    pub(crate) fn resource(&mut self, scope: ScopeId, node: &ast::Res) -> Option<Resource> {
        let span = node.span();
        let kind_node = node.kind()?;
        let (kind, kind_span) = (Name::from(kind_node.text()), kind_node.span());
        let name = self.lower_opt(scope, node.name(), span);
        let collect = node.collect().then(|| {
            let text = self.expr(ExprKind::Literal(Value::str(kind.as_str())), kind_span);
            let callee = self.builtin("_collect", "collect", span);
            self.expr(ExprKind::Call { callee, args: vec![text, name] }, span)
        });
        let schema = self.catalog.kind(&kind);
        let mut resource = Resource {
            kind,
            kind_span,
            schema,
            name,
            fields: Vec::new(),
            meta: Vec::new(),
            edges: Vec::new(),
            collect,
            lines: Vec::new(),
            span,
        };
        let lines = node.body().into_iter().flat_map(|body| body.lines());
        for line in lines {
            self.line(scope, &mut resource, &line);
        }
        self.check_duplicates(&resource);
        Some(resource)
    }

    fn line(&mut self, scope: ScopeId, resource: &mut Resource, line: &ResLine) {
        let span = line.span();
        let condition = line.condition().map(|condition| self.lower_expr(scope, &condition));
        match line {
            ResLine::Field(node) => {
                let Some(name) = node.name() else { return };
                let value = self.line_value(scope, node.value(), span);
                resource.lines.push(Line::Field(resource.fields.len()));
                resource.fields.push(FieldLine {
                    name: name.text().into(),
                    name_span: name.span(),
                    condition,
                    value,
                    span,
                });
            }
            ResLine::Meta(node) => {
                let Some(name) = node.name() else { return };
                let value = self.line_value(scope, node.value(), span);
                // A metaparameter that does not exist is left out, and so is what follows from it.
                if !schema::META.iter().any(|meta| meta.name == name.text()) {
                    self.report(diag::unknown_meta(name.text(), name.span()));
                    return;
                }
                resource.lines.push(Line::Meta(resource.meta.len()));
                resource.meta.push(MetaLine { name: Some(name.text().into()), condition, value, span });
            }
            ResLine::MetaStruct(node) => {
                let value = self.line_value(scope, node.value(), span);
                resource.lines.push(Line::Meta(resource.meta.len()));
                resource.meta.push(MetaLine { name: None, condition, value, span });
            }
            ResLine::Edge(node) => {
                let target = node.target().and_then(|target| self.half(scope, &target));
                let (Some(property), Some(property_span)) = (node.property(), node.property_span()) else { return };
                let relation = RELATIONS.iter().find(|(name, _)| *name == property).map(|(_, relation)| *relation);
                match (relation, target) {
                    (Some(relation), Some(target)) => {
                        resource.lines.push(Line::Edge(resource.edges.len()));
                        resource.edges.push(EdgeLine { relation, condition, target, span });
                    }
                    (None, _) => self.report(diag::unknown_relation(&property, property_span)),
                    (Some(_), None) => {}
                }
            }
        }
    }

    fn line_value(&mut self, scope: ScopeId, value: Option<ast::Expr>, span: Span) -> ExprId {
        self.lower_opt(scope, value, span)
    }

    /// Each field and each metaparameter can be given once, conditions or not.
    fn check_duplicates(&mut self, resource: &Resource) {
        let mut fields: FxHashMap<&Name, Span> = FxHashMap::default();
        for field in &resource.fields {
            if let Some(first) = fields.insert(&field.name, field.name_span) {
                self.report(diag::duplicate_field(&field.name, field.name_span, first, resource));
            }
        }
        let mut meta: FxHashMap<Option<&Name>, Span> = FxHashMap::default();
        for line in &resource.meta {
            if let Some(first) = meta.insert(line.name.as_ref(), line.span) {
                self.report(diag::duplicate_meta(line.name.as_ref(), line.span, first, resource));
            }
        }
    }

    pub(crate) fn half(&mut self, scope: ScopeId, node: &ast::EdgeHalf) -> Option<Half> {
        let span = node.span();
        let kind = Name::from(node.kind()?.text());
        let name = self.lower_opt(scope, node.name(), span);
        Some(Half { schema: self.catalog.kind(&kind), kind, name, span })
    }
}
