//! Lowering of expressions. Operators, lookups and interpolation become calls.
//!
//! The tree is never deeper than the parser's bound, so this may recurse.

use crate::data::INTERPOLATION;
use crate::lookup::{Namespace, Target};
use crate::lower::Lowering;
use crate::recursion::Definition;
use crate::{Callee, ExprId, ExprKind, FunctionId, Reference, ScopeId, StructEntry, Variable, checks};
use span::Span;
use syntax::ast::{self, AstNode, PieceKind};
use value::{Name, Value};

impl Lowering<'_> {
    /// Lowers an expression that may be missing, which is a mistake of syntax.
    pub(crate) fn lower_opt(&mut self, scope: ScopeId, node: Option<ast::Expr>, around: Span) -> ExprId {
        match node {
            Some(node) => self.lower_expr(scope, &node),
            None => self.expr(ExprKind::Error, around),
        }
    }

    pub(crate) fn lower_expr(&mut self, scope: ScopeId, node: &ast::Expr) -> ExprId {
        let span = node.span();
        let kind = match node {
            ast::Expr::Bool(node) => ExprKind::Literal(Value::Bool(node.value())),
            ast::Expr::Int(node) => node.value().map_or(ExprKind::Error, |value| ExprKind::Literal(Value::Int(value))),
            ast::Expr::Float(node) => {
                node.value().map_or(ExprKind::Error, |value| ExprKind::Literal(Value::Float(value)))
            }
            ast::Expr::Str(node) => return self.string(scope, node),
            ast::Expr::List(node) => {
                ExprKind::List(node.elements().map(|element| self.lower_expr(scope, &element)).collect())
            }
            ast::Expr::Map(node) => {
                let mut entries = Vec::new();
                for entry in node.entries() {
                    let key = self.lower_opt(scope, entry.key(), entry.span());
                    let value = self.lower_opt(scope, entry.value(), entry.span());
                    entries.push((key, value));
                }
                checks::map_keys(self, &entries);
                ExprKind::Map(entries)
            }
            ast::Expr::Struct(node) => {
                let mut entries = Vec::new();
                for entry in node.entries() {
                    let value = self.lower_opt(scope, entry.value(), entry.span());
                    if let Some(name) = entry.name() {
                        entries.push(StructEntry { name: name.text().into(), span: name.span(), value });
                    }
                }
                checks::struct_fields(self, &mut entries);
                ExprKind::Struct(entries)
            }
            ast::Expr::Call(node) => return self.call(scope, node),
            ast::Expr::Var(node) => return self.variable_of(scope, node),
            ast::Expr::Lambda(node) => ExprKind::Function(self.lambda(scope, node)),
            ast::Expr::If(node) => {
                let condition = self.lower_opt(scope, node.condition(), span);
                let branch = |block: Option<ast::ExprBlock>| block.and_then(|block| block.expr());
                let then = self.lower_opt(scope, branch(node.then_branch()), span);
                let otherwise = self.lower_opt(scope, branch(node.else_branch()), span);
                ExprKind::If { condition, then, otherwise }
            }
            ast::Expr::Paren(node) => return self.lower_opt(scope, node.expr(), span),
            ast::Expr::Binary(node) => self.binary(scope, node),
            ast::Expr::Not(node) => {
                let operand = self.lower_opt(scope, node.operand(), span);
                self.operator("not", span, vec![operand])
            }
            ast::Expr::Index(node) => {
                let base = self.lower_opt(scope, node.base(), span);
                let index = self.lower_opt(scope, node.index(), span);
                ExprKind::Call { callee: self.builtin("_lookup", "[]", span), args: vec![base, index] }
            }
            ast::Expr::Field(node) => {
                let base = self.lower_opt(scope, node.base(), span);
                let field = self.field_name(node.field(), span);
                ExprKind::Call { callee: self.builtin("_struct_lookup", "->", span), args: vec![base, field] }
            }
            ast::Expr::OptionalField(node) => {
                let base = self.lower_opt(scope, node.base(), span);
                let field = self.field_name(node.field(), span);
                let default = self.lower_opt(scope, node.default(), span);
                let callee = self.builtin("_struct_lookup_optional", "->", span);
                ExprKind::Call { callee, args: vec![base, field, default] }
            }
            ast::Expr::Except(node) => {
                let primary = self.lower_opt(scope, node.left(), span);
                let fallback = self.lower_opt(scope, node.right(), span);
                ExprKind::Except { primary, fallback }
            }
        };
        self.expr(kind, span)
    }

    fn binary(&mut self, scope: ScopeId, node: &ast::Binary) -> ExprKind {
        let span = node.span();
        let left = self.lower_opt(scope, node.left(), span);
        let right = self.lower_opt(scope, node.right(), span);
        match node.op() {
            // What half of an operation comes to is guesswork.
            _ if node.left().is_none() || node.right().is_none() => ExprKind::Error,
            None => ExprKind::Error,
            Some(ast::BinaryOp::In) => {
                ExprKind::Call { callee: self.builtin("contains", "in", span), args: vec![left, right] }
            }
            Some(op) => self.operator(op.text(), node.op_span().unwrap_or(span), vec![left, right]),
        }
    }

    /// A call of the function that all operators are; its first argument says which one it is.
    fn operator(&mut self, symbol: &'static str, span: Span, operands: Vec<ExprId>) -> ExprKind {
        let mut args = vec![self.expr(ExprKind::Literal(Value::str(symbol)), span)];
        args.extend(operands);
        ExprKind::Call { callee: self.builtin("_operator", symbol, span), args }
    }

    fn field_name(&mut self, name: Option<ast::Name>, around: Span) -> ExprId {
        match name {
            Some(name) => self.expr(ExprKind::Literal(Value::str(name.text())), name.span()),
            None => self.expr(ExprKind::Error, around),
        }
    }

    fn variable_of(&mut self, scope: ScopeId, node: &ast::Var) -> ExprId {
        let span = node.span();
        match node.path() {
            Some(path) => {
                let path: Vec<Name> = path.segments().map(|name| name.text().into()).collect();
                self.variable(scope, &path, span)
            }
            None => self.expr(ExprKind::Error, span),
        }
    }

    /// A variable of a path of names.
    fn variable(&mut self, scope: ScopeId, path: &[Name], span: Span) -> ExprId {
        let Some(Reference { through, target: Target::Variable(target) }) =
            self.resolve_names(scope, Namespace::Variable, path, span)
        else {
            return self.expr(ExprKind::Error, span);
        };
        let reference = Reference { through, target };
        let id = self.expr(ExprKind::Variable(reference.clone()), span);
        match target {
            Variable::Bind(bind) => self.needs(&reference, |_| Definition::Bind(bind), span, Some(id)),
            // A parameter has the value of an argument of the include through which it is reached.
            Variable::ClassParam(class, _) if !reference.through.is_empty() => {
                self.needs(&reference, |_| Definition::Class(class), span, Some(id));
            }
            _ => {}
        }
        id
    }

    fn call(&mut self, scope: ScopeId, node: &ast::Call) -> ExprId {
        let span = node.span();
        let args = node.args().into_iter().flat_map(|list| list.args());
        let args: Vec<ExprId> = args.map(|arg| self.lower_expr(scope, &arg)).collect();
        let id = self.expr(ExprKind::Error, span);
        let callee = match node.callee() {
            Some(ast::Callee::Function(path)) => self.function_callee(scope, &path, id),
            Some(ast::Callee::Variable(variable)) => Callee::Value(self.variable_of(scope, &variable)),
            Some(ast::Callee::Lambda(lambda)) => {
                let (function, span) = (self.lambda(scope, &lambda), lambda.span());
                Callee::Value(self.expr(ExprKind::Function(function), span))
            }
            None => Callee::Error,
        };
        self.program.exprs[id].kind = ExprKind::Call { callee, args };
        id
    }

    /// The function of a path, called by `call`.
    fn function_callee(&mut self, scope: ScopeId, path: &ast::Path, call: ExprId) -> Callee {
        let span = path.span();
        match self.resolve(scope, Namespace::Function, path, span) {
            Some(Reference { through, target: Target::Function(target) }) => {
                let reference = Reference { through, target };
                self.needs(&reference, Definition::Function, span, Some(call));
                Callee::Function(reference)
            }
            Some(Reference { target: Target::Builtin(function), .. }) => Callee::Builtin(function, path.text().into()),
            _ => Callee::Error,
        }
    }

    fn lambda(&mut self, scope: ScopeId, node: &ast::Lambda) -> FunctionId {
        let id = self.function(scope, None, node.params(), node.result_type(), node.span());
        self.body(id, node.body());
        id
    }

    /// Lowers the body of a function.
    pub(crate) fn body(&mut self, id: FunctionId, body: Option<ast::ExprBlock>) {
        let scope = self.program.functions[id].scope;
        let Some(body) = body.and_then(|block| block.expr()) else { return };
        let value = self.lower_expr(scope, &body);
        self.program.functions[id].body = value;
        if let Some(annotation) = self.program.functions[id].result.clone() {
            checks::literal_type(self, value, &annotation);
        }
    }

    /// A string: its pieces, joined where there are several.
    fn string(&mut self, scope: ScopeId, node: &ast::Str) -> ExprId {
        let span = node.span();
        node.interpolation(|found| {
            if found.diagnostics.is_empty() {
                return self.pieces(scope, &found.pieces, span);
            }
            self.diagnostics.extend(found.diagnostics);
            self.expr(ExprKind::Error, span)
        })
    }

    fn pieces(&mut self, scope: ScopeId, pieces: &[ast::Piece<'_>], span: Span) -> ExprId {
        let mut exprs = Vec::new();
        let mut text = String::new();
        let mut escapes = Vec::new();
        for piece in pieces {
            match piece.kind {
                PieceKind::Text(part) => text.push_str(part),
                PieceKind::Escape(character) => {
                    // Sources are limited to 4 GiB.
                    escapes.extend(u32::try_from(text.len()));
                    text.push(character);
                }
                PieceKind::Var(path) => {
                    if !text.is_empty() {
                        let literal = ExprKind::Literal(Value::str(std::mem::take(&mut text)));
                        exprs.push(self.expr(literal, span));
                    }
                    let path: Vec<Name> = path.split('.').map(Name::from).collect();
                    exprs.push(self.variable(scope, &path, piece.span));
                }
            }
        }
        if exprs.is_empty() {
            let literal = self.expr(ExprKind::Literal(Value::str(text)), span);
            if !escapes.is_empty() {
                self.program.escapes.insert(literal, escapes);
            }
            return literal;
        }
        // A variable alone is joined with the empty text: that makes it a str, as every interpolated variable is.
        if !text.is_empty() || self.is_lone_variable(&exprs) {
            exprs.push(self.expr(ExprKind::Literal(Value::str(text)), span));
        }
        self.join(&exprs, span)
    }

    fn is_lone_variable(&self, pieces: &[ExprId]) -> bool {
        matches!(pieces, [piece] if matches!(self.program.exprs[*piece].kind, ExprKind::Variable(_)))
    }

    /// Joins pieces two by two, so that the calls are nested no deeper than they have to be.
    fn join(&mut self, pieces: &[ExprId], span: Span) -> ExprId {
        match pieces {
            [] => self.expr(ExprKind::Literal(Value::str("")), span),
            [piece] => *piece,
            _ => {
                let (left, right) = pieces.split_at(pieces.len() / 2);
                let args = vec![self.join(left, span), self.join(right, span)];
                let callee = self.builtin("concat", INTERPOLATION, span);
                self.expr(ExprKind::Call { callee, args }, span)
            }
        }
    }
}
