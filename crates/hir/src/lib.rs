//! Names, scopes, modules: the program without its syntax.
//!
//! Lowering reads trees, follows imports and resolves every name, so that later phases see ids and never text.
//! The result, a [`Program`], is data; errors are collected, and what is in error is [`ExprKind::Error`] or left out.
//!
//! It happens in two steps for each list of statements. First all definitions of the list get an id and go into the
//! table of its scope (module `collect`); then the statements and values are lowered, and names are looked up in the
//! tables. So the order of statements does not matter. A class is opened when the first include asks for it.
//!
//! Invariants: no reference in the result leads back to its own definition, also where the program says so; nothing is
//! read but through the [`World`].

mod checks;
mod collect;
mod data;
mod diag;
mod expressions;
mod import;
mod lookup;
mod lower;
mod memory;
mod recursion;
mod resources;
mod statements;
mod suggest;
mod types;

pub use data::{
    Annotation, Bind, BindId, Block, Callee, Class, ClassId, EdgeLine, Edges, Expr, ExprId, ExprKind, FieldLine,
    FunctionDef, FunctionId, Half, INTERPOLATION, If, Include, IncludeId, Line, Loop, LoopId, MetaLine, Module,
    ModuleId, Parameter, Program, Reference, Relation, Resource, Scope, ScopeId, ScopeKind, Statement, StructEntry,
    Transfer, Variable, WrittenText,
};
pub use diag::duplicate_meta;
pub use import::{Import, ImportError, ImportKind};
pub use memory::Memory;

use ::diag::Diagnostic;
use schema::Catalog;
use span::{FileId, SourceMap, Span};
use std::sync::Arc;

/// What lowering needs of the world: the text of modules.
pub trait World {
    /// Finds an imported module and adds its text to `sources`, unless it is there already.
    ///
    /// `importer` is the [`ModuleFiles::key`] of the module that imports, `at` the path in the import statement.
    ///
    /// # Errors
    /// Why the module cannot be had, as it is shown to the user.
    fn load(
        &mut self,
        sources: &mut SourceMap,
        importer: &str,
        import: &Import,
        at: Span,
    ) -> Result<ModuleFiles, Box<Diagnostic>>;
}

/// A module that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFiles {
    /// What tells it from other modules: imports that lead to one key share the module.
    pub key: Arc<str>,
    /// Its text.
    pub file: FileId,
    /// The folder of the module within the program's files; ends in `/`.
    pub base: Arc<str>,
}

/// What lowering makes of a program.
#[derive(Debug)]
pub struct Lowered {
    /// The program.
    pub program: Program,
    /// What is wrong, mistakes of syntax included, in the order in which it is shown.
    pub diagnostics: Vec<Diagnostic>,
}

impl Lowered {
    /// Whether the program has no mistake so far.
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Resolves a program and all modules that it imports.
pub fn lower(world: &mut dyn World, catalog: &Catalog, sources: &mut SourceMap, main: &ModuleFiles) -> Lowered {
    lower::program(world, *catalog, sources, main)
}
