//! The state of lowering, and its order.

use crate::collect::{Item, Listing};
use crate::lookup::{Names, Target};
use crate::recursion::{self, Definition, Dependency};
use crate::suggest::Unknown;
use crate::{
    Block, Class, ClassId, Expr, ExprId, ExprKind, IncludeId, Lowered, Module, ModuleFiles, ModuleId, Program,
    Reference, Scope, ScopeId, ScopeKind, World,
};
use diag::Diagnostic;
use rustc_hash::FxHashMap;
use schema::Catalog;
use span::{SourceMap, Span};
use std::collections::VecDeque;
use std::sync::Arc;
use syntax::ast;

/// Lowers a program and everything that it imports.
pub(crate) fn program(world: &mut dyn World, catalog: Catalog, sources: &mut SourceMap, main: &ModuleFiles) -> Lowered {
    let mut lowering = Lowering {
        world,
        catalog,
        sources,
        program: Program::default(),
        diagnostics: Vec::new(),
        names: Vec::new(),
        modules: FxHashMap::default(),
        module_keys: Vec::new(),
        imports: Vec::new(),
        unread: VecDeque::new(),
        classes: FxHashMap::default(),
        includes: Vec::new(),
        work: VecDeque::new(),
        dependencies: Vec::new(),
        owner: None,
        alias_depth: 0,
        unknown: Vec::new(),
    };
    let id = lowering.module(main);
    lowering.read_modules();
    while let Some(work) = lowering.work.pop_front() {
        match work {
            Work::Module(module, items) => {
                let scope = lowering.program.modules[module].scope;
                let block = lowering.items(scope, items);
                lowering.program.modules[module].block = block;
            }
            Work::Class(class, items) => {
                lowering.owner = Some(Definition::Class(class));
                let scope = lowering.program.classes[class].scope;
                let block = lowering.items(scope, items);
                lowering.program.classes[class].block = block;
                lowering.owner = None;
            }
        }
    }
    lowering.report_unknown_names();
    debug_assert_eq!(lowering.module_keys.len(), lowering.program.modules.len());
    recursion::of_imports(&mut lowering, id);
    recursion::of_definitions(&mut lowering);
    let Lowering { program, mut diagnostics, .. } = lowering;
    diag::sort(&mut diagnostics);
    Lowered { program, diagnostics }
}

/// The state of lowering.
pub(crate) struct Lowering<'a> {
    pub(crate) world: &'a mut dyn World,
    pub(crate) catalog: Catalog,
    pub(crate) sources: &'a mut SourceMap,
    pub(crate) program: Program,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The table of each scope.
    pub(crate) names: Vec<Names>,
    /// The modules by their keys.
    modules: FxHashMap<Arc<str>, ModuleId>,
    /// The key of each module.
    pub(crate) module_keys: Vec<Arc<str>>,
    /// Which module imports which, and where it says so.
    pub(crate) imports: Vec<(ModuleId, ModuleId, Span)>,
    /// Modules whose definitions are not collected yet.
    unread: VecDeque<(ModuleId, ModuleFiles)>,
    /// The texts of classes.
    pub(crate) classes: FxHashMap<ClassId, ClassText>,
    /// The includes that have been seen, resolved or not.
    pub(crate) includes: Vec<PendingInclude>,
    /// Lists of statements whose definitions are collected.
    pub(crate) work: VecDeque<Work>,
    /// Which definition needs which.
    pub(crate) dependencies: Vec<Dependency>,
    /// The definition that is being lowered.
    pub(crate) owner: Option<Definition>,
    /// How many aliases of includes are being resolved, each for the next.
    pub(crate) alias_depth: u32,
    /// Names that lead nowhere. They are reported last, when all definitions that could have been meant are known.
    pub(crate) unknown: Vec<Unknown>,
}

/// Lists of statements whose definitions are collected.
pub(crate) enum Work {
    /// The top level of a module.
    Module(ModuleId, Vec<Item>),
    /// The body of a class.
    Class(ClassId, Vec<Item>),
}

/// The text of a class.
pub(crate) struct ClassText {
    pub(crate) node: ast::Class,
    /// Classes that are written outside and belong inside: `class outer:inner {}`.
    pub(crate) moved: Vec<(ast::Class, usize)>,
    /// Whether its definitions are collected.
    pub(crate) opened: bool,
}

/// An include that has been seen.
pub(crate) struct PendingInclude {
    pub(crate) node: ast::Include,
    pub(crate) scope: ScopeId,
    pub(crate) state: IncludeState,
}

/// How far an include is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncludeState {
    /// Nobody has asked for it.
    Unresolved,
    /// It is being resolved.
    Resolving,
    /// It is resolved, or in error.
    Resolved(Option<IncludeId>),
}

/// So many aliases of includes may lead through each other.
const MAX_ALIAS_DEPTH: u32 = 100;

impl Lowering<'_> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn expr(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.program.exprs.alloc(Expr { kind, span })
    }

    pub(crate) fn scope(&mut self, parent: Option<ScopeId>, kind: ScopeKind) -> ScopeId {
        self.names.push(Names::default());
        self.program.scopes.alloc(Scope { parent, kind })
    }

    pub(crate) fn names(&self, scope: ScopeId) -> &Names {
        &self.names[index(scope)]
    }

    pub(crate) fn names_mut(&mut self, scope: ScopeId) -> &mut Names {
        &mut self.names[index(scope)]
    }

    /// The module of a key; its definitions are collected by [`Lowering::read_modules`].
    pub(crate) fn module(&mut self, files: &ModuleFiles) -> ModuleId {
        if let Some(id) = self.modules.get(&files.key) {
            return *id;
        }
        // The scope and its module name each other, so the scope's kind is set last.
        let scope = self.scope(None, ScopeKind::Branch);
        let module = Module { scope, block: Block::default(), base: files.base.clone() };
        let id = self.program.modules.alloc(module);
        self.program.scopes[scope].kind = ScopeKind::Module(id);
        self.module_keys.push(files.key.clone());
        self.modules.insert(files.key.clone(), id);
        self.unread.push_back((id, files.clone()));
        id
    }

    /// Collects the definitions of modules, and of those that they import.
    pub(crate) fn read_modules(&mut self) {
        let owner = self.owner.take();
        while let Some((id, files)) = self.unread.pop_front() {
            let text = self.sources.get(files.file).text().clone();
            let parse = syntax::parse(files.file, &text);
            self.diagnostics.extend(parse.diagnostics.iter().cloned());
            let is_main = index(id) == 0;
            let scope = self.program.modules[id].scope;
            let statements = parse.tree().statements();
            let listing = if is_main { Listing::Block } else { Listing::Module };
            let items = self.collect(scope, listing, statements, &[]);
            self.work.push_back(Work::Module(id, items));
        }
        self.owner = owner;
    }

    /// The module to which a scope belongs.
    pub(crate) fn module_of(&self, mut scope: ScopeId) -> ModuleId {
        loop {
            match (self.program.scopes[scope].kind, self.program.scopes[scope].parent) {
                (ScopeKind::Module(module), _) => return module,
                (_, Some(parent)) => scope = parent,
                (_, None) => unreachable!("only modules have no scope around them"),
            }
        }
    }

    /// Collects the definitions of a class, if that has not happened yet.
    pub(crate) fn open(&mut self, class: ClassId) {
        let Some(text) = self.classes.get_mut(&class) else { return };
        if std::mem::replace(&mut text.opened, true) {
            return;
        }
        let moved = std::mem::take(&mut text.moved);
        let body = text.node.body();
        let Class { scope, .. } = self.program.classes[class];
        let owner = self.owner.replace(Definition::Class(class));
        let items = match body {
            Some(body) => self.collect(scope, Listing::Block, body.statements(), &moved),
            None => Vec::new(),
        };
        self.owner = owner;
        self.read_modules();
        self.work.push_back(Work::Class(class, items));
    }

    /// Resolves the class of an include.
    pub(crate) fn resolve_include(&mut self, pending: usize) -> Option<IncludeId> {
        let PendingInclude { node, scope, state } = &self.includes[pending];
        let (scope, span) = (*scope, ast::AstNode::span(node));
        match *state {
            IncludeState::Resolved(include) => return include,
            IncludeState::Resolving => {
                self.report(crate::diag::include_through_itself(span));
                return None;
            }
            IncludeState::Unresolved if self.alias_depth >= MAX_ALIAS_DEPTH => {
                self.report(crate::diag::deep_includes(span));
                self.includes[pending].state = IncludeState::Resolved(None);
                return None;
            }
            IncludeState::Unresolved => {}
        }
        let path = node.path()?;
        self.includes[pending].state = IncludeState::Resolving;
        self.alias_depth += 1;
        let class = self.class(scope, &path);
        self.alias_depth -= 1;
        let include = class.map(|class| {
            let id = self.program.includes.alloc(crate::Include { class, args: Vec::new(), scope, span });
            let class = self.program.includes[id].class.clone();
            self.needs_of(Definition::Include(id), &class, Definition::Class, ast::AstNode::span(&path), None);
            self.open(class.target);
            id
        });
        self.includes[pending].state = IncludeState::Resolved(include);
        include
    }

    /// Notes that the definition that is being lowered needs another one.
    pub(crate) fn needs<T: Copy>(
        &mut self,
        reference: &Reference<T>,
        definition: impl FnOnce(T) -> Definition,
        span: Span,
        expr: Option<ExprId>,
    ) {
        if let Some(owner) = self.owner {
            self.needs_of(owner, reference, definition, span, expr);
        }
    }

    fn needs_of<T: Copy>(
        &mut self,
        from: Definition,
        reference: &Reference<T>,
        definition: impl FnOnce(T) -> Definition,
        span: Span,
        expr: Option<ExprId>,
    ) {
        // What is reached through an include needs all that its class needs.
        let to = match reference.through.first() {
            Some(include) => Definition::Include(*include),
            None => definition(reference.target),
        };
        self.dependencies.push(Dependency { from, to, span, expr });
    }

    fn class(&mut self, scope: ScopeId, path: &ast::Path) -> Option<Reference<ClassId>> {
        let reference = self.resolve(scope, crate::lookup::Namespace::Class, path, ast::AstNode::span(path))?;
        match reference.target {
            Target::Class(target) => Some(Reference { through: reference.through, target }),
            _ => None,
        }
    }
}

/// The position of something in its arena.
pub(crate) fn index<T>(id: la_arena::Idx<T>) -> usize {
    id.into_raw().into_u32() as usize
}
