//! Lowering of statements other than resources.

use crate::collect::{Item, Listing};
use crate::lookup::Entry;
use crate::lower::Lowering;
use crate::recursion::{Definition, Dependency};
use crate::{
    Block, Callee, Edges, ExprKind, If, Loop, Parameter, Resource, ScopeId, ScopeKind, Statement, Transfer, Variable,
    checks, diag,
};
use span::Span;
use syntax::SyntaxKind;
use syntax::ast::{self, AstNode};
use value::{Name, Value};

impl Lowering<'_> {
    /// Lowers a list of statements whose definitions are collected.
    ///
    /// All of them stand in the scope in which they were collected, so each is told its own.
    pub(crate) fn items(&mut self, scope: ScopeId, items: Vec<Item>) -> Block {
        let mut block = Block::default();
        for item in items {
            let statement = match item {
                Item::Bind(id, node) => {
                    self.bind(id, &node);
                    None
                }
                Item::Function(id, node) => {
                    let owner = self.owner.replace(Definition::Function(id));
                    self.body(id, node.body());
                    self.owner = owner;
                    None
                }
                Item::Include(pending) => self.include(pending),
                Item::Resource(node) => self.resource(scope, &node).map(Statement::Resource),
                Item::Edge(node) => self.edge(scope, &node),
                Item::If(node) => Some(self.conditional(scope, &node)),
                Item::For(node) => {
                    let header = Header {
                        over_map: false,
                        first: node.index(),
                        second: node.value(),
                        over: node.list(),
                        body: node.body(),
                        span: node.span(),
                    };
                    self.repeat(scope, header)
                }
                Item::ForKv(node) => {
                    let header = Header {
                        over_map: true,
                        first: node.key(),
                        second: node.value(),
                        over: node.map(),
                        body: node.body(),
                        span: node.span(),
                    };
                    self.repeat(scope, header)
                }
                Item::Panic(node) => self.panic(scope, &node),
            };
            block.statements.extend(statement);
        }
        block
    }

    fn bind(&mut self, id: crate::BindId, node: &ast::Bind) {
        let scope = self.program.binds[id].scope;
        let owner = self.owner.replace(Definition::Bind(id));
        if let Some(value) = node.value() {
            self.program.binds[id].value = self.lower_expr(scope, &value);
        }
        self.owner = owner;
        let value = self.program.binds[id].value;
        if let Some(annotation) = self.program.binds[id].annotation.clone() {
            checks::literal_type(self, value, &annotation);
        }
    }

    /// Lowers a nested list of statements.
    fn block(&mut self, scope: ScopeId, listing: Listing, node: Option<ast::Block>) -> Block {
        let Some(node) = node else { return Block::default() };
        let items = self.collect(scope, listing, node.statements(), &[]);
        self.read_modules();
        self.items(scope, items)
    }

    fn conditional(&mut self, scope: ScopeId, node: &ast::If) -> Statement {
        let condition = self.lower_opt(scope, node.condition(), node.span());
        let then_scope = self.scope(Some(scope), ScopeKind::Branch);
        let then = self.block(then_scope, Listing::Block, node.then_block());
        let otherwise = node.else_block().map(|block| {
            let scope = self.scope(Some(scope), ScopeKind::Branch);
            (scope, self.block(scope, Listing::Block, Some(block)))
        });
        Statement::If(If { condition, then_scope, then, otherwise, span: node.span() })
    }

    fn repeat(&mut self, defined_in: ScopeId, header: Header) -> Option<Statement> {
        let Header { over_map, first, second, over, body, span } = header;
        let over = self.lower_opt(defined_in, over, span);
        let first = self.loop_variable(first?)?;
        let second = self.loop_variable(second?)?;
        if first.name == second.name {
            self.report(diag::duplicate_parameter(&first.name, second.span, first.span));
        }
        let scope = self.scope(Some(defined_in), ScopeKind::Branch);
        let names = [(first.name.clone(), first.span), (second.name.clone(), second.span)];
        let block = Block::default();
        let id = self.program.loops.alloc(Loop { over_map, first, second, over, defined_in, scope, block, span });
        self.program.scopes[scope].kind = ScopeKind::Loop(id);
        for ((name, span), target) in names.into_iter().zip([Variable::LoopFirst(id), Variable::LoopSecond(id)]) {
            self.names_mut(scope).variables.insert(name, Entry { target, span });
        }
        let block = self.block(scope, Listing::Loop(span), body);
        self.program.loops[id].block = block;
        Some(Statement::Loop(id))
    }

    fn loop_variable(&mut self, binder: ast::Binder) -> Option<Parameter> {
        Some(Parameter { name: self.binder_name(&binder)?, span: binder.span(), annotation: None })
    }

    fn include(&mut self, pending: usize) -> Option<Statement> {
        let (node, scope) = (self.includes[pending].node.clone(), self.includes[pending].scope);
        let span = node.span();
        let include = self.resolve_include(pending);
        let owner = self.owner;
        if let Some(include) = include {
            if let Some(from) = owner {
                let to = Definition::Include(include);
                self.dependencies.push(Dependency { from, to, span, expr: None });
            }
            self.owner = Some(Definition::Include(include));
        }
        let args = node.args().into_iter().flat_map(|list| list.args());
        let mut args: Vec<_> = args.map(|arg| self.lower_expr(scope, &arg)).collect();
        self.owner = owner;
        let include = include?;
        let class = &self.program.classes[self.program.includes[include].class.target];
        let wanted = class.params.len();
        if args.len() != wanted {
            let diagnostic = diag::class_arguments(class, args.len(), span);
            self.report(diagnostic);
            args.truncate(wanted);
            while args.len() < wanted {
                args.push(self.expr(ExprKind::Error, span));
            }
        }
        self.program.includes[include].args = args;
        Some(Statement::Include(include))
    }

    fn edge(&mut self, scope: ScopeId, node: &ast::Edge) -> Option<Statement> {
        let span = node.span();
        let mut ends: Vec<(ast::EdgeHalf, Option<ast::Name>)> =
            node.halves().map(|half| (half.clone(), half.field())).collect();
        // What else is no complete edge of one form is a mistake of syntax.
        if let [(_, Some(send)), (_, Some(receive))] = ends.as_slice() {
            let (send, receive) = (send.clone(), receive.clone());
            let (to, _) = ends.pop()?;
            let (from, _) = ends.pop()?;
            return Some(Statement::Transfer(Transfer {
                from: self.half(scope, &from)?,
                send: send.text().into(),
                send_span: send.span(),
                to: self.half(scope, &to)?,
                receive: receive.text().into(),
                receive_span: receive.span(),
                span,
            }));
        }
        let has_arrow = node.node().kinds().any(|kind| kind == SyntaxKind::ARROW);
        if let ([(_, None)], false) = (ends.as_slice(), has_arrow) {
            let text = self.sources.text(span).to_owned();
            self.report(diag::edge_with_one_end(&text, span));
        }
        let halves: Vec<_> = ends.iter().filter_map(|(half, _)| self.half(scope, half)).collect();
        let complete = halves.len() >= 2 && ends.iter().all(|(_, field)| field.is_none());
        complete.then_some(Statement::Edges(Edges { halves, span }))
    }

    /// `panic(x)`: where the call says so, there is a resource that nothing can make.
    fn panic(&mut self, scope: ScopeId, node: &ast::Panic) -> Option<Statement> {
        let span = node.span();
        let args: Vec<_> = node.args()?.args().map(|arg| self.lower_expr(scope, &arg)).collect();
        let function = match args.len() {
            1 => "panic",
            2 => "panic_debug",
            count => {
                self.report(diag::panic_arguments(count, span));
                return None;
            }
        };
        let callee = self.builtin(function, "panic", span);
        let condition = self.expr(ExprKind::Call { callee, args }, span);
        let then_scope = self.scope(Some(scope), ScopeKind::Branch);
        let name = self.expr(ExprKind::Literal(Value::str("panic")), span);
        let resource = Resource {
            kind: "_panic".into(),
            kind_span: span,
            schema: self.catalog.kind("_panic"),
            name,
            fields: Vec::new(),
            meta: Vec::new(),
            edges: Vec::new(),
            collect: None,
            lines: Vec::new(),
            span,
        };
        let then = Block { statements: vec![Statement::Resource(resource)] };
        Some(Statement::If(If { condition, then_scope, then, otherwise: None, span }))
    }

    /// A function of the catalog that the compiler itself needs; `name` is what messages call it.
    pub(crate) fn builtin(&mut self, function: &'static str, name: &'static str, span: Span) -> Callee {
        match self.catalog.function("", function) {
            Some(function) => Callee::Builtin(function, Name::from(name)),
            None => {
                self.report(diag::incomplete_catalog(function, span));
                Callee::Error
            }
        }
    }
}

/// The parts of a loop.
struct Header {
    over_map: bool,
    first: Option<ast::Binder>,
    second: Option<ast::Binder>,
    over: Option<ast::Expr>,
    body: Option<ast::Block>,
    span: Span,
}
