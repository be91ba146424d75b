//! Expressions.

use span::Span;

use super::names::identifier;
use super::{
    Binder, Name, Path, Str, Type, child, child_after, child_before, children, choice, find_token, nodes, token,
};
use crate::kind::SyntaxKind;

nodes! {
    /// `true` or `false`.
    Bool = BOOL_EXPR;
    /// `42`
    Int = INT_EXPR;
    /// `3.14`
    Float = FLOAT_EXPR;
    /// `[1, 2]`
    List = LIST_EXPR;
    /// `{"a" => 1}`
    Map = MAP_EXPR;
    /// An entry of a map: `"a" => 1`.
    MapEntry = MAP_ENTRY;
    /// `struct{a => 1}`
    Struct = STRUCT_EXPR;
    /// A field of a struct: `a => 1`.
    StructEntry = STRUCT_ENTRY;
    /// `f(1)`, `$f(1)` or `func($x) { $x }(1)`.
    Call = CALL_EXPR;
    /// `$a.b`
    Var = VAR_EXPR;
    /// `func($x) { $x }`
    Lambda = LAMBDA;
    /// A conditional with expressions.
    IfExpr = IF_EXPR;
    /// `(1 + 2)`
    Paren = PAREN_EXPR;
    /// `a + b`, `a in b`.
    Binary = BINARY_EXPR;
    /// `not a`
    Not = NOT_EXPR;
    /// `a[b]`
    Index = INDEX_EXPR;
    /// `a->b`
    FieldAccess = FIELD_EXPR;
    /// `a->b <|> c`: the field, or the default where the struct has no such field.
    OptionalField = OPTIONAL_FIELD_EXPR;
    /// `a <|> b`: the first, or the second while the first fails.
    Except = EXCEPT_EXPR;
    /// The parameters of a function or a class: `($a int, $b)`.
    ParamList = PARAM_LIST;
    /// A parameter: `$a int`.
    Param = PARAM;
    /// The arguments of a call: `(1, 2)`.
    ArgList = ARG_LIST;
    /// An expression between braces: the body of a function, a branch of a conditional.
    ExprBlock = EXPR_BLOCK;
}

choice! {
    /// An expression.
    Expr {
        /// `true`
        Bool(Bool),
        /// `42`
        Int(Int),
        /// `3.14`
        Float(Float),
        /// `"x"`
        Str(Str),
        /// `[1, 2]`
        List(List),
        /// `{"a" => 1}`
        Map(Map),
        /// `struct{a => 1}`
        Struct(Struct),
        /// `f(1)`
        Call(Call),
        /// `$x`
        Var(Var),
        /// `func() { 1 }`
        Lambda(Lambda),
        /// `if … { … } else { … }`
        If(IfExpr),
        /// `(1)`
        Paren(Paren),
        /// `a + b`
        Binary(Binary),
        /// `not a`
        Not(Not),
        /// `a[b]`
        Index(Index),
        /// `a->b`
        Field(FieldAccess),
        /// `a->b <|> c`
        OptionalField(OptionalField),
        /// `a <|> b`
        Except(Except),
    }
}

/// The operators between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `and`
    And,
    /// `or`
    Or,
    /// `in`
    In,
}

impl BinaryOp {
    /// The operator of a token.
    pub fn from_kind(kind: SyntaxKind) -> Option<BinaryOp> {
        Some(match kind {
            SyntaxKind::PLUS => BinaryOp::Add,
            SyntaxKind::MINUS => BinaryOp::Sub,
            SyntaxKind::STAR => BinaryOp::Mul,
            SyntaxKind::SLASH => BinaryOp::Div,
            SyntaxKind::EQ => BinaryOp::Eq,
            SyntaxKind::NE => BinaryOp::Ne,
            SyntaxKind::LT => BinaryOp::Lt,
            SyntaxKind::GT => BinaryOp::Gt,
            SyntaxKind::LE => BinaryOp::Le,
            SyntaxKind::GE => BinaryOp::Ge,
            SyntaxKind::AND_KW => BinaryOp::And,
            SyntaxKind::OR_KW => BinaryOp::Or,
            SyntaxKind::IN_KW => BinaryOp::In,
            _ => return None,
        })
    }

    /// The operator as it is written.
    pub const fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Gt => ">",
            BinaryOp::Le => "<=",
            BinaryOp::Ge => ">=",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::In => "in",
        }
    }
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function by its name: `fmt.printf(…)`.
    Function(Path),
    /// A function that a variable stands for: `$f(…)`.
    Variable(Var),
    /// A function on the spot: `func() { 1 }()`.
    Lambda(Lambda),
}

impl Bool {
    /// The value.
    pub fn value(&self) -> bool {
        token(self, SyntaxKind::TRUE_KW).is_some()
    }
}

impl Int {
    /// The value; `None` where it does not fit, which the parser has reported.
    pub fn value(&self) -> Option<i64> {
        token(self, SyntaxKind::INTEGER)?.text().parse().ok()
    }
}

impl Float {
    /// The value; `None` where it does not fit, which the parser has reported.
    pub fn value(&self) -> Option<f64> {
        token(self, SyntaxKind::FLOAT)?.text().parse().ok().filter(|value: &f64| value.is_finite())
    }
}

impl List {
    /// The elements in order.
    pub fn elements(&self) -> impl Iterator<Item = Expr> + use<> {
        children(self)
    }
}

impl Map {
    /// The entries in order.
    pub fn entries(&self) -> impl Iterator<Item = MapEntry> + use<> {
        children(self)
    }
}

impl MapEntry {
    /// The key.
    pub fn key(&self) -> Option<Expr> {
        child_before(self, SyntaxKind::ROCKET)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child_after(self, |kind| kind == SyntaxKind::ROCKET)
    }
}

impl Struct {
    /// The fields in order.
    pub fn entries(&self) -> impl Iterator<Item = StructEntry> + use<> {
        children(self)
    }
}

impl StructEntry {
    /// The name of the field.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

    /// Its value.
    pub fn value(&self) -> Option<Expr> {
        child(self)
    }
}

impl Call {
    /// What is called.
    pub fn callee(&self) -> Option<Callee> {
        let lambda = || child(self).map(Callee::Lambda);
        let variable = || child(self).map(Callee::Variable);
        child(self).map(Callee::Function).or_else(variable).or_else(lambda)
    }

    /// The arguments.
    pub fn args(&self) -> Option<ArgList> {
        child(self)
    }
}

impl ArgList {
    /// The arguments in order.
    pub fn args(&self) -> impl Iterator<Item = Expr> + use<> {
        children(self)
    }
}

impl Var {
    /// The path without the dollar sign. The span of the variable includes the dollar sign.
    pub fn path(&self) -> Option<Path> {
        child(self)
    }
}

impl Lambda {
    /// The parameters.
    pub fn params(&self) -> Option<ParamList> {
        child(self)
    }

    /// The type of the result.
    pub fn result_type(&self) -> Option<Type> {
        child(self)
    }

    /// The body.
    pub fn body(&self) -> Option<ExprBlock> {
        child(self)
    }
}

impl ParamList {
    /// The parameters in order.
    pub fn params(&self) -> impl Iterator<Item = Param> + use<> {
        children(self)
    }
}

impl Param {
    /// The variable.
    pub fn binder(&self) -> Option<Binder> {
        child(self)
    }

    /// The annotation.
    pub fn ty(&self) -> Option<Type> {
        child(self)
    }
}

impl ExprBlock {
    /// The expression between the braces.
    pub fn expr(&self) -> Option<Expr> {
        child(self)
    }
}

impl IfExpr {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        child(self)
    }

    /// The value where the condition is true.
    pub fn then_branch(&self) -> Option<ExprBlock> {
        child(self)
    }

    /// The value where it is false.
    pub fn else_branch(&self) -> Option<ExprBlock> {
        children(self).nth(1)
    }
}

impl Paren {
    /// The expression between the parentheses.
    pub fn expr(&self) -> Option<Expr> {
        child(self)
    }
}

impl Binary {
    /// The left operand.
    pub fn left(&self) -> Option<Expr> {
        child(self)
    }

    /// The operator.
    pub fn op(&self) -> Option<BinaryOp> {
        BinaryOp::from_kind(find_token(self, |kind| BinaryOp::from_kind(kind).is_some())?.kind())
    }

    /// Where the operator stands.
    pub fn op_span(&self) -> Option<Span> {
        let token = find_token(self, |kind| BinaryOp::from_kind(kind).is_some())?;
        Some(token.span())
    }

    /// The right operand.
    pub fn right(&self) -> Option<Expr> {
        child_after(self, |kind| BinaryOp::from_kind(kind).is_some())
    }
}

impl Not {
    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        child(self)
    }
}

impl Index {
    /// The list or map.
    pub fn base(&self) -> Option<Expr> {
        child_before(self, SyntaxKind::L_BRACK)
    }

    /// The index or key.
    pub fn index(&self) -> Option<Expr> {
        child_after(self, |kind| kind == SyntaxKind::L_BRACK)
    }
}

impl FieldAccess {
    /// The struct.
    pub fn base(&self) -> Option<Expr> {
        child(self)
    }

    /// The name of the field.
    pub fn field(&self) -> Option<Name> {
        identifier(self)
    }
}

impl OptionalField {
    /// The struct.
    pub fn base(&self) -> Option<Expr> {
        child(self)
    }

    /// The name of the field.
    pub fn field(&self) -> Option<Name> {
        identifier(self)
    }

    /// The value where there is no such field.
    pub fn default(&self) -> Option<Expr> {
        child_after(self, |kind| kind == SyntaxKind::EXCEPT)
    }
}

impl Except {
    /// What is tried first.
    pub fn left(&self) -> Option<Expr> {
        child_before(self, SyntaxKind::EXCEPT)
    }

    /// What counts while the first fails.
    pub fn right(&self) -> Option<Expr> {
        child_after(self, |kind| kind == SyntaxKind::EXCEPT)
    }
}
