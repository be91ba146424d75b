//! Statements.

use super::names::identifier;
use super::{
    ArgList, Binder, Expr, ExprBlock, KindName, Name, ParamList, Path, ResBody, Str, Type, child, children, choice,
    nodes, token,
};
use crate::kind::SyntaxKind;

nodes! {
    /// A whole file.
    Program = PROGRAM;
    /// The statements between the braces of an `if`, a loop or a class.
    Block = BLOCK;
    /// The definition of a variable: `$x = 1`, `$x int = 1`.
    Bind = BIND;
    /// The statement that ends the program when its condition holds: `panic($x > 3)`.
    Panic = PANIC;
    /// A resource: `file "/x" { … }`, or `collect file "/x" { … }`.
    Res = RES;
    /// Edges between resources: `File["/a"] -> File["/b"] -> File["/c"]`, or `File["/a"].x -> File["/b"].y`.
    Edge = EDGE;
    /// One end of an edge: `File["/a"]`, or `File["/a"].content` where a value is sent or received.
    EdgeHalf = EDGE_HALF;
    /// A conditional with statements.
    If = IF;
    /// A loop over a list: `for $index, $value in $list { … }`.
    For = FOR;
    /// A loop over a map: `forkv $key, $value in $map { … }`.
    ForKv = FORKV;
    /// The definition of a function: `func f($x int) str { … }`.
    Func = FUNC;
    /// The definition of a class: `class c($x) { … }`.
    Class = CLASS;
    /// The use of a class: `include c(1) as d`.
    Include = INCLUDE;
    /// The import of a module: `import "fmt" as f`.
    Import = IMPORT;
    /// The new name of something imported or included: `as f`, `as *`.
    Alias = ALIAS;
}

choice! {
    /// A statement.
    Stmt {
        /// `$x = 1`
        Bind(Bind),
        /// `panic(true)`
        Panic(Panic),
        /// `file "/x" { … }`
        Res(Res),
        /// `File["/a"] -> File["/b"]`
        Edge(Edge),
        /// `if … { … }`
        If(If),
        /// `for $i, $v in … { … }`
        For(For),
        /// `forkv $k, $v in … { … }`
        ForKv(ForKv),
        /// `func f() { … }`
        Func(Func),
        /// `class c { … }`
        Class(Class),
        /// `include c`
        Include(Include),
        /// `import "fmt"`
        Import(Import),
    }
}

impl Program {
    /// The statements at the top level, in the order of the text.
    pub fn statements(&self) -> impl Iterator<Item = Stmt> + use<> {
        children(self)
    }
}

impl Block {
    /// The statements, in the order of the text.
    pub fn statements(&self) -> impl Iterator<Item = Stmt> + use<> {
        children(self)
    }
}

impl Bind {
    /// The variable.
    pub fn binder(&self) -> Option<Binder> {
        child(self)
    }

    /// The annotation: `int` in `$x int = 1`.
    pub fn ty(&self) -> Option<Type> {
        child(self)
    }

    /// What the variable stands for.
    pub fn value(&self) -> Option<Expr> {
        child(self)
    }
}

impl Panic {
    /// The arguments.
    pub fn args(&self) -> Option<ArgList> {
        child(self)
    }
}

impl Res {
    /// Whether it is prefixed with `collect`: the resource takes its fields from what other hosts export.
    pub fn collect(&self) -> bool {
        token(self, SyntaxKind::COLLECT_KW).is_some()
    }

    /// The kind.
    pub fn kind(&self) -> Option<KindName> {
        child(self)
    }

    /// The name, or the list of names.
    pub fn name(&self) -> Option<Expr> {
        child(self)
    }

    /// The lines between the braces.
    pub fn body(&self) -> Option<ResBody> {
        child(self)
    }
}

impl Edge {
    /// The resources, from left to right; there are two or more of them in a program without errors.
    pub fn halves(&self) -> impl Iterator<Item = EdgeHalf> + use<> {
        children(self)
    }
}

impl EdgeHalf {
    /// The kind.
    pub fn kind(&self) -> Option<KindName> {
        child(self)
    }

    /// The name, or the list of names.
    pub fn name(&self) -> Option<Expr> {
        child(self)
    }

    /// The field that sends or receives: `content` in `File["/a"].content`.
    pub fn field(&self) -> Option<Name> {
        identifier(self)
    }
}

impl If {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        child(self)
    }

    /// The statements that hold when the condition is true.
    pub fn then_block(&self) -> Option<Block> {
        child(self)
    }

    /// The statements that hold when it is false.
    pub fn else_block(&self) -> Option<Block> {
        children(self).nth(1)
    }
}

impl For {
    /// The variable that counts from 0.
    pub fn index(&self) -> Option<Binder> {
        child(self)
    }

    /// The variable that stands for the element.
    pub fn value(&self) -> Option<Binder> {
        children(self).nth(1)
    }

    /// The list.
    pub fn list(&self) -> Option<Expr> {
        child(self)
    }

    /// The statements for each element.
    pub fn body(&self) -> Option<Block> {
        child(self)
    }
}

impl ForKv {
    /// The variable that stands for the key.
    pub fn key(&self) -> Option<Binder> {
        child(self)
    }

    /// The variable that stands for the value.
    pub fn value(&self) -> Option<Binder> {
        children(self).nth(1)
    }

    /// The map.
    pub fn map(&self) -> Option<Expr> {
        child(self)
    }

    /// The statements for each entry.
    pub fn body(&self) -> Option<Block> {
        child(self)
    }
}

impl Func {
    /// The name.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

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

impl Class {
    /// The name; it has several parts where the class is nested in another one: `base:inner`.
    pub fn name(&self) -> Option<KindName> {
        child(self)
    }

    /// The parameters; `None` where there are no parentheses.
    pub fn params(&self) -> Option<ParamList> {
        child(self)
    }

    /// The statements.
    pub fn body(&self) -> Option<Block> {
        child(self)
    }
}

impl Include {
    /// The class.
    pub fn path(&self) -> Option<Path> {
        child(self)
    }

    /// The arguments; `None` where there are no parentheses.
    pub fn args(&self) -> Option<ArgList> {
        child(self)
    }

    /// The alias.
    pub fn alias(&self) -> Option<Alias> {
        child(self)
    }
}

impl Import {
    /// The path of the module; it is taken as it is written, nothing in it is replaced.
    pub fn path(&self) -> Option<Str> {
        child(self)
    }

    /// The alias.
    pub fn alias(&self) -> Option<Alias> {
        child(self)
    }
}

impl Alias {
    /// The new name; `None` for `*`.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

    /// Whether it is `*`: all names of the module, without an alias.
    pub fn is_star(&self) -> bool {
        token(self, SyntaxKind::STAR).is_some()
    }
}
