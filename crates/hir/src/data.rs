//! The resolved program as data.
//!
//! **Definitions** (binds, functions, classes) are reached by references only, and cost nothing where they are not used.
//! **Statements** of a block are what has an effect: resources, edges, conditions, loops, includes.
//!
//! A class is a template: each `include` is an instance with values and types of its own. So a name that was reached
//! through the alias of an include, `$a.b.x`, is a [`Reference`] *through* the includes `a` and `b` to the bind `x` of the class
//! of `b`; which instance of `x` that is depends on the instance in which the reference stands. A named function is a
//! template too, with an instance for each call.

use la_arena::{Arena, Idx};
use rustc_hash::FxHashMap;
use schema::{Constant, Function, KindSchema};
use span::Span;
use std::ops::Range;
use std::sync::Arc;
use value::{Name, Type, Value};

/// A module: the main program or an imported one.
pub type ModuleId = Idx<Module>;
/// A scope.
pub type ScopeId = Idx<Scope>;
/// A variable with a value.
pub type BindId = Idx<Bind>;
/// A function with a body in the program: named or not.
pub type FunctionId = Idx<FunctionDef>;
/// A class.
pub type ClassId = Idx<Class>;
/// An include statement.
pub type IncludeId = Idx<Include>;
/// A `for` or `forkv` statement.
pub type LoopId = Idx<Loop>;
/// An expression.
pub type ExprId = Idx<Expr>;

/// A whole program with all modules that it imports.
#[derive(Debug, Default)]
pub struct Program {
    /// The modules in the order in which they were first imported; the main program is the first.
    pub modules: Arena<Module>,
    /// All scopes.
    pub scopes: Arena<Scope>,
    /// All binds.
    pub binds: Arena<Bind>,
    /// All functions with a body.
    pub functions: Arena<FunctionDef>,
    /// All classes. The body of a class that is never included is not resolved: its block is empty.
    pub classes: Arena<Class>,
    /// All includes.
    pub includes: Arena<Include>,
    /// All loops.
    pub loops: Arena<Loop>,
    /// All expressions.
    pub exprs: Arena<Expr>,
    /// Where in the value of a string a byte is written as a backslash and a letter, for the strings that have such.
    pub escapes: FxHashMap<ExprId, Vec<u32>>,
}

impl Program {
    /// The string that an expression or the bind of a variable is. Nothing where the text is computed.
    pub fn written_text(&self, expr: ExprId) -> Option<WrittenText> {
        let mut id = expr;
        while let ExprKind::Variable(Reference { target: Variable::Bind(bind), .. }) = self.exprs[id].kind {
            id = self.binds[bind].value;
        }
        let ExprKind::Literal(Value::Str(text)) = &self.exprs[id].kind else { return None };
        let (span, escapes) = (self.exprs[id].span, self.escapes.get(&id).map_or(&[][..], Vec::as_slice));
        // A piece of a string with variables has the place of the whole.
        let length = u32::try_from(text.len() + escapes.len()).ok()? + 2;
        (span.end - span.start == length).then(|| WrittenText { span, escapes: escapes.into() })
    }
}

/// Where a text stands in the program.
#[derive(Clone, Debug)]
pub struct WrittenText {
    /// The string with its quotes.
    span: Span,
    /// Where in its value a byte is written as a backslash and a letter.
    escapes: Box<[u32]>,
}

impl WrittenText {
    /// The place of a part of the text, of which the bytes of the value are known. Nothing where it has no such part.
    pub fn part(&self, bytes: &Range<usize>) -> Option<Span> {
        let written = |at: usize| {
            let before = self.escapes.partition_point(|escape| (*escape as usize) < at);
            Some(self.span.start + 1 + u32::try_from(at + before).ok()?)
        };
        let (start, end) = (written(bytes.start)?, written(bytes.end)?);
        (start <= end && end < self.span.end).then(|| Span::new(self.span.file, start, end))
    }
}

/// A module: the main program or an imported one.
#[derive(Debug)]
pub struct Module {
    /// The scope of its top level.
    pub scope: ScopeId,
    /// Its statements; empty for an imported module, which has definitions only.
    pub block: Block,
    /// The folder of the module within the program's files; ends in `/`.
    pub base: Arc<str>,
}

/// A region of the program in which names are defined.
#[derive(Debug)]
pub struct Scope {
    /// The scope around it; `None` for a module.
    pub parent: Option<ScopeId>,
    /// What opened it.
    pub kind: ScopeKind,
}

/// What opens a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// The top level of a module.
    Module(ModuleId),
    /// The body of a class; one instance for each include.
    Class(ClassId),
    /// The body of a function; one instance for each call.
    Function(FunctionId),
    /// The body of a loop; one instance for each element, all with the same types.
    Loop(LoopId),
    /// The block of a condition; exists while the condition says so.
    Branch,
}

/// `$name = value`
#[derive(Debug)]
pub struct Bind {
    /// The name.
    pub name: Name,
    /// The variable on the left.
    pub name_span: Span,
    /// Where it is defined.
    pub scope: ScopeId,
    /// The type that is written, if one is.
    pub annotation: Option<Annotation>,
    /// The value.
    pub value: ExprId,
}

/// A type that is written in the program.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// The type; it has no variables.
    pub ty: Type,
    /// The place.
    pub span: Span,
}

/// A parameter of a function or class.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// The place.
    pub span: Span,
    /// The type that is written, if one is.
    pub annotation: Option<Annotation>,
}

/// A function with a body in the program.
#[derive(Debug)]
pub struct FunctionDef {
    /// The name; `None` for a function that is written as an expression.
    pub name: Option<Name>,
    /// The whole definition.
    pub span: Span,
    /// The scope in which it is defined.
    pub defined_in: ScopeId,
    /// The scope of its parameters.
    pub scope: ScopeId,
    /// The parameters.
    pub params: Vec<Parameter>,
    /// The type of the result that is written, if one is.
    pub result: Option<Annotation>,
    /// The body.
    pub body: ExprId,
}

/// `class name(params) { … }`
#[derive(Debug)]
pub struct Class {
    /// The name.
    pub name: Name,
    /// The head: keyword, name and parameters.
    pub span: Span,
    /// The scope in which it is defined.
    pub defined_in: ScopeId,
    /// The scope of its body and its parameters.
    pub scope: ScopeId,
    /// The parameters.
    pub params: Vec<Parameter>,
    /// The statements.
    pub block: Block,
}

/// `include class(arguments) as alias`
#[derive(Debug)]
pub struct Include {
    /// The class.
    pub class: Reference<ClassId>,
    /// The arguments; as many as the class has parameters.
    pub args: Vec<ExprId>,
    /// The scope in which the statement stands.
    pub scope: ScopeId,
    /// The whole statement.
    pub span: Span,
}

/// `for $first, $second in over { … }` or `forkv …`
#[derive(Debug)]
pub struct Loop {
    /// Whether it goes over a map (`forkv`).
    pub over_map: bool,
    /// The index or key.
    pub first: Parameter,
    /// The value.
    pub second: Parameter,
    /// What it goes over.
    pub over: ExprId,
    /// The scope in which the statement stands.
    pub defined_in: ScopeId,
    /// The scope of the body.
    pub scope: ScopeId,
    /// The body.
    pub block: Block,
    /// The whole statement.
    pub span: Span,
}

/// Statements that have an effect, in the order of the program.
#[derive(Debug, Default)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A statement that has an effect.
#[derive(Debug)]
pub enum Statement {
    /// A resource, or `collect`.
    Resource(Resource),
    /// `A["x"] -> B["y"] -> …`
    Edges(Edges),
    /// `A["x"].send -> B["y"].receive`
    Transfer(Transfer),
    /// `if condition { … } else { … }`; a `panic` statement is one too.
    If(If),
    /// A loop.
    Loop(LoopId),
    /// An include.
    Include(IncludeId),
}

/// `if condition { … } else { … }`
#[derive(Debug)]
pub struct If {
    /// The condition.
    pub condition: ExprId,
    /// The scope of the first block.
    pub then_scope: ScopeId,
    /// The first block.
    pub then: Block,
    /// The other block and its scope.
    pub otherwise: Option<(ScopeId, Block)>,
    /// The whole statement.
    pub span: Span,
}

/// `kind name { lines }`
#[derive(Debug)]
pub struct Resource {
    /// The kind as it is written, in lower case.
    pub kind: Name,
    /// The place of the kind.
    pub kind_span: Span,
    /// What is known of the kind; `None` where there is no such kind.
    pub schema: Option<&'static KindSchema>,
    /// The name or names.
    pub name: ExprId,
    /// Fields in order.
    pub fields: Vec<FieldLine>,
    /// Metaparameters in order.
    pub meta: Vec<MetaLine>,
    /// Edges in order.
    pub edges: Vec<EdgeLine>,
    /// For `collect`: the hidden call that delivers the exported resources.
    pub collect: Option<ExprId>,
    /// The order of the lines, for diagnostics and inference: which list, and where in it.
    pub lines: Vec<Line>,
    /// The whole statement.
    pub span: Span,
}

/// One line of a resource: which list it is in, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// In `fields`.
    Field(usize),
    /// In `meta`.
    Meta(usize),
    /// In `edges`.
    Edge(usize),
}

/// `name => condition ?: value,`
#[derive(Debug)]
pub struct FieldLine {
    /// The field.
    pub name: Name,
    /// The place of the name.
    pub name_span: Span,
    /// The condition, if there is one.
    pub condition: Option<ExprId>,
    /// The value.
    pub value: ExprId,
    /// The whole line.
    pub span: Span,
}

/// `Meta:name => condition ?: value,` or `Meta => condition ?: struct{…},`
#[derive(Debug)]
pub struct MetaLine {
    /// The metaparameter; `None` for the struct of several.
    pub name: Option<Name>,
    /// The condition, if there is one.
    pub condition: Option<ExprId>,
    /// The value.
    pub value: ExprId,
    /// The whole line.
    pub span: Span,
}

/// `Before => condition ?: Kind["name"],`
#[derive(Debug)]
pub struct EdgeLine {
    /// The relation.
    pub relation: Relation,
    /// The condition, if there is one.
    pub condition: Option<ExprId>,
    /// The other resource or resources.
    pub target: Half,
    /// The whole line.
    pub span: Span,
}

/// How a resource relates to another in one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// This one first.
    Before,
    /// This one first, and it notifies the other.
    Notify,
    /// The other first.
    Depend,
    /// The other first, and it notifies this one.
    Listen,
}

/// `Kind["name"]`
#[derive(Debug)]
pub struct Half {
    /// The kind in lower case.
    pub kind: Name,
    /// What is known of the kind; `None` where there is no such kind.
    pub schema: Option<&'static KindSchema>,
    /// The name or names.
    pub name: ExprId,
    /// The place.
    pub span: Span,
}

/// `A["x"] -> B["y"] -> …`
#[derive(Debug)]
pub struct Edges {
    /// Two or more.
    pub halves: Vec<Half>,
    /// The whole statement.
    pub span: Span,
}

/// `A["x"].send -> B["y"].receive`
#[derive(Debug)]
pub struct Transfer {
    /// The sender.
    pub from: Half,
    /// What it sends.
    pub send: Name,
    /// The place of that name.
    pub send_span: Span,
    /// The receiver.
    pub to: Half,
    /// The field that receives.
    pub receive: Name,
    /// The place of that name.
    pub receive_span: Span,
    /// The whole statement.
    pub span: Span,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The place; the string literal for what interpolation made.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Value),
    /// `[a, b]`
    List(Vec<ExprId>),
    /// `{a => b}`
    Map(Vec<(ExprId, ExprId)>),
    /// `struct{a => b}`
    Struct(Vec<StructEntry>),
    /// A variable.
    Variable(Reference<Variable>),
    /// A call; operators, lookups, interpolation and `in` are calls too.
    Call {
        /// What is called.
        callee: Callee,
        /// The arguments.
        args: Vec<ExprId>,
    },
    /// A function as a value.
    Function(FunctionId),
    /// `if condition { then } else { otherwise }`
    If {
        /// The condition.
        condition: ExprId,
        /// The value where it holds.
        then: ExprId,
        /// The value where it does not.
        otherwise: ExprId,
    },
    /// `primary <|> fallback`
    Except {
        /// The value.
        primary: ExprId,
        /// What takes its place while it fails.
        fallback: ExprId,
    },
    /// Something in error, which was reported already.
    Error,
}

/// A field of a struct literal.
#[derive(Debug)]
pub struct StructEntry {
    /// The name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// The value.
    pub value: ExprId,
}

/// What a call calls.
#[derive(Debug)]
pub enum Callee {
    /// A function of the catalog; operators too. The name is as the program writes it, for messages.
    Builtin(&'static Function, Name),
    /// A named function of the program.
    Function(Reference<FunctionId>),
    /// A function value: a variable, or a function that is written in place.
    Value(ExprId),
    /// Something in error, which was reported already.
    Error,
}

/// The name of the function that joins the pieces of a string, where nobody wrote one.
pub const INTERPOLATION: &str = "${}";

/// A name that was resolved.
#[derive(Clone, Debug)]
pub struct Reference<T> {
    /// The includes whose aliases lead to the definition, the outermost first; usually none.
    pub through: Vec<IncludeId>,
    /// The definition.
    pub target: T,
}

/// What a variable stands for.
#[derive(Clone, Copy, Debug)]
pub enum Variable {
    /// The value of a bind.
    Bind(BindId),
    /// A parameter of a function, by its number.
    FunctionParam(FunctionId, usize),
    /// A parameter of a class, by its number.
    ClassParam(ClassId, usize),
    /// The index or key of a loop.
    LoopFirst(LoopId),
    /// The value of a loop.
    LoopSecond(LoopId),
    /// A constant of the catalog.
    Constant(&'static Constant),
    /// The name of this host.
    Hostname,
}
