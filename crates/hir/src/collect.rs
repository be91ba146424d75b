//! The definitions of a list of statements: they get their ids and go into the table of the scope.
//!
//! Nothing is looked up here, so it does not matter in which order lists are collected.

use crate::import::{Import, ImportKind};
use crate::lookup::{Alias, Entry};
use crate::lower::{ClassText, IncludeState, Lowering, PendingInclude};
use crate::recursion::{Definition, Dependency};
use crate::{
    Bind, BindId, Block, Class, ClassId, ExprKind, FunctionDef, FunctionId, Parameter, ScopeId, ScopeKind, Variable,
    diag, types,
};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Catalog;
use span::Span;
use syntax::ast::{self, AstNode, Stmt};
use value::Name;

/// Where a list of statements stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// At the top level of an imported module: only definitions are allowed.
    Module,
    /// At the top level of the main program, in a class or in a condition.
    Block,
    /// In a loop, the span of which this is.
    Loop(Span),
}

/// A statement that is still to be lowered.
pub(crate) enum Item {
    Bind(BindId, ast::Bind),
    Function(FunctionId, ast::Func),
    /// By its number among the includes seen.
    Include(usize),
    Resource(ast::Res),
    Edge(ast::Edge),
    If(ast::If),
    For(ast::For),
    ForKv(ast::ForKv),
    Panic(ast::Panic),
}

impl Lowering<'_> {
    /// Collects the definitions of a list; `moved` are classes that are written elsewhere and belong to it, each with
    /// the number of names of its path that lead here.
    pub(crate) fn collect(
        &mut self,
        scope: ScopeId,
        listing: Listing,
        statements: impl Iterator<Item = Stmt>,
        moved: &[(ast::Class, usize)],
    ) -> Vec<Item> {
        let statements: Vec<Stmt> = statements.collect();
        self.collect_imports(scope, listing, &statements);
        self.collect_classes(scope, &statements, moved);
        let mut items = Vec::with_capacity(statements.len());
        for statement in statements {
            match statement {
                Stmt::Import(_) | Stmt::Class(_) => {}
                Stmt::Bind(node) => items.extend(self.collect_bind(scope, node)),
                Stmt::Func(node) => items.push(self.collect_function(scope, node)),
                Stmt::Include(node) => items.push(self.collect_include(scope, node)),
                Stmt::Res(node) => items.push(Item::Resource(node)),
                Stmt::Edge(node) => items.push(Item::Edge(node)),
                Stmt::If(node) => items.push(Item::If(node)),
                Stmt::For(node) => items.push(Item::For(node)),
                Stmt::ForKv(node) => items.push(Item::ForKv(node)),
                Stmt::Panic(node) => items.push(Item::Panic(node)),
            }
        }
        if listing == Listing::Module {
            self.refuse_effects(scope, &mut items);
        }
        items
    }

    /// Reports the first statement of a module that would have an effect, and drops all of them.
    fn refuse_effects(&mut self, scope: ScopeId, items: &mut Vec<Item>) {
        let effects: Vec<Span> = items.iter().filter_map(|item| self.effect(item)).collect();
        items.retain(|item| matches!(item, Item::Bind(..) | Item::Function(..)));
        if let Some((first, others)) = effects.split_first() {
            let module = self.module_of(scope);
            let import = self.imports.iter().find(|(_, to, _)| *to == module).map(|(_, _, span)| *span);
            self.report(diag::statement_in_module(*first, others.len(), import));
        }
    }

    fn effect(&self, item: &Item) -> Option<Span> {
        Some(match item {
            Item::Bind(..) | Item::Function(..) => return None,
            Item::Include(pending) => self.includes[*pending].node.span(),
            Item::Resource(node) => node.span(),
            Item::Edge(node) => node.span(),
            Item::If(node) => node.span(),
            Item::For(node) => node.span(),
            Item::ForKv(node) => node.span(),
            Item::Panic(node) => node.span(),
        })
    }

    fn collect_bind(&mut self, scope: ScopeId, node: ast::Bind) -> Option<Item> {
        let binder = node.binder()?;
        let name = self.binder_name(&binder)?;
        let span = binder.span();
        let annotation = node.ty().and_then(|ty| types::annotation(&ty));
        let value = self.expr(ExprKind::Error, node.span());
        let id = self.program.binds.alloc(Bind { name: name.clone(), name_span: span, scope, annotation, value });
        self.owned(Definition::Bind(id), span);
        let entry = Entry { target: Variable::Bind(id), span };
        let names = self.names_mut(scope);
        match names.variables.get(&name) {
            // A parameter may be shadowed by a bind of the same block.
            Some(Entry { target: Variable::Bind(_), span: first }) => {
                let first = *first;
                self.report(diag::duplicate_definition(&format!("${name}"), span, first));
            }
            _ => {
                names.variables.insert(name, entry);
            }
        }
        Some(Item::Bind(id, node))
    }

    fn collect_function(&mut self, scope: ScopeId, node: ast::Func) -> Item {
        let name = node.name();
        let head = name.as_ref().map_or_else(|| node.span(), ast::Name::span);
        let name = name.map(|name| Name::from(name.text()));
        let id = self.function(scope, name.clone(), node.params(), node.result_type(), node.span());
        self.owned(Definition::Function(id), head);
        if let Some(name) = name {
            let names = self.names_mut(scope);
            match names.functions.get(&name) {
                Some(Entry { span: first, .. }) => {
                    let first = *first;
                    self.report(diag::duplicate_definition(&format!("{name}()"), head, first));
                }
                None => {
                    names.functions.insert(name, Entry { target: id, span: head });
                }
            }
        }
        Item::Function(id, node)
    }

    /// Makes a function with its parameters; its body is still an error.
    pub(crate) fn function(
        &mut self,
        defined_in: ScopeId,
        name: Option<Name>,
        params: Option<ast::ParamList>,
        result: Option<ast::Type>,
        span: Span,
    ) -> FunctionId {
        // The scope and its function name each other, so the scope's kind is set last.
        let scope = self.scope(Some(defined_in), ScopeKind::Branch);
        let result = result.and_then(|ty| types::annotation(&ty));
        let body = self.expr(ExprKind::Error, span);
        let params = self.params(params);
        let id = self.program.functions.alloc(FunctionDef { name, span, defined_in, scope, params, result, body });
        self.program.scopes[scope].kind = ScopeKind::Function(id);
        self.define_params(scope, |program| &program.functions[id].params, |at| Variable::FunctionParam(id, at));
        id
    }

    fn params(&mut self, list: Option<ast::ParamList>) -> Vec<Parameter> {
        let mut params: Vec<Parameter> = Vec::new();
        let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
        for node in list.into_iter().flat_map(|list| list.params()) {
            let Some(binder) = node.binder() else { continue };
            let Some(name) = self.binder_name(&binder) else { continue };
            let span = binder.span();
            if let Some(first) = seen.insert(name.clone(), span) {
                self.report(diag::duplicate_parameter(&name, span, first));
            }
            let annotation = node.ty().and_then(|ty| types::annotation(&ty));
            params.push(Parameter { name, span, annotation });
        }
        params
    }

    /// Puts parameters into the table of a scope.
    fn define_params(
        &mut self,
        scope: ScopeId,
        params: impl FnOnce(&crate::Program) -> &Vec<Parameter>,
        variable: impl Fn(usize) -> Variable,
    ) {
        let entries: Vec<(Name, Entry<Variable>)> = params(&self.program)
            .iter()
            .enumerate()
            .map(|(at, param)| (param.name.clone(), Entry { target: variable(at), span: param.span }))
            .collect();
        self.names_mut(scope).variables.extend(entries);
    }

    /// The name of a variable where it is defined.
    pub(crate) fn binder_name(&mut self, binder: &ast::Binder) -> Option<Name> {
        let name = binder.name()?;
        let text = Name::from(name.text());
        if text.contains("__") {
            self.report(diag::double_underscore(&text, binder.span()));
        }
        Some(text)
    }

    /// Notes that the definition around this one needs it, as far as order goes.
    fn owned(&mut self, definition: Definition, span: Span) {
        if let Some(owner @ Definition::Class(_)) = self.owner {
            self.dependencies.push(Dependency { from: owner, to: definition, span, expr: None });
        }
    }

    fn collect_include(&mut self, scope: ScopeId, node: ast::Include) -> Item {
        let pending = self.includes.len();
        let span = node.span();
        let alias = node.alias().and_then(|alias| alias.name());
        self.includes.push(PendingInclude { node, scope, state: IncludeState::Unresolved });
        if let Some(alias) = alias {
            self.define_alias(scope, &Name::from(alias.text()), Alias::Include(pending), span);
        }
        Item::Include(pending)
    }

    fn define_alias(&mut self, scope: ScopeId, name: &Name, target: Alias, span: Span) {
        let names = self.names_mut(scope);
        match names.aliases.get_mut(name) {
            Some(entry) => {
                // Which of the two is meant, nobody knows: what follows from it is not told.
                entry.target = Alias::Broken;
                let first = entry.span;
                self.report(diag::duplicate_alias(name, span, first));
            }
            None => {
                names.aliases.insert(name.clone(), Entry { target, span });
            }
        }
    }

    fn collect_classes(&mut self, scope: ScopeId, statements: &[Stmt], moved: &[(ast::Class, usize)]) {
        let own = statements.iter().filter_map(|statement| match statement {
            Stmt::Class(node) => Some((node, 0)),
            _ => None,
        });
        let all: Vec<(&ast::Class, usize)> = own.chain(moved.iter().map(|(node, skip)| (node, *skip))).collect();
        if all.is_empty() {
            return;
        }
        let mut seen: FxHashMap<String, Span> = FxHashMap::default();
        let mut nested = Vec::new();
        for (node, skip) in all {
            let Some(name) = node.name() else { continue };
            let segments = name.segments();
            let rest = segments.get(skip..).unwrap_or_default();
            let head = name.span();
            if let Some(first) = seen.get(&rest.join(":")) {
                self.report(diag::duplicate_definition(&format!("class {}", name.text()), head, *first));
                continue;
            }
            seen.insert(rest.join(":"), head);
            match rest {
                [] => {}
                [own] => self.collect_class(scope, &Name::from(own.as_str()), node, head),
                [base, ..] => nested.push((Name::from(base.as_str()), node.clone(), skip)),
            }
        }
        for (base, node, skip) in nested {
            let class = self.names(scope).classes.get(&base).map(|entry| entry.target);
            match class.and_then(|class| self.classes.get_mut(&class)) {
                Some(text) => text.moved.push((node, skip + 1)),
                None => {
                    if let Some(name) = node.name() {
                        self.report(diag::unknown_base_class(&name.text(), &base, name.span()));
                    }
                }
            }
        }
    }

    fn collect_class(&mut self, defined_in: ScopeId, name: &Name, node: &ast::Class, head: Span) {
        let scope = self.scope(Some(defined_in), ScopeKind::Branch);
        let params = self.params(node.params());
        let start = node.span();
        let end = node.params().map_or(head.end, |params| params.span().end);
        let span = Span::new(start.file, start.start, end);
        let block = Block::default();
        let id: ClassId =
            self.program.classes.alloc(Class { name: name.clone(), span, defined_in, scope, params, block });
        self.program.scopes[scope].kind = ScopeKind::Class(id);
        self.define_params(scope, |program| &program.classes[id].params, |at| Variable::ClassParam(id, at));
        self.classes.insert(id, ClassText { node: node.clone(), moved: Vec::new(), opened: false });
        self.owned(Definition::Class(id), head);
        self.names_mut(defined_in).classes.insert(name.clone(), Entry { target: id, span: head });
    }

    fn collect_imports(&mut self, scope: ScopeId, listing: Listing, statements: &[Stmt]) {
        let mut seen: FxHashMap<String, Span> = FxHashMap::default();
        let imports = statements.iter().filter_map(|statement| match statement {
            Stmt::Import(node) => Some(node),
            _ => None,
        });
        for node in imports {
            if let Listing::Loop(around) = listing {
                self.report(diag::import_in_loop(node.span(), around));
            }
            let Some(path) = node.path() else { continue };
            let text = path.raw();
            let again = seen.get(&text).copied();
            let (target, name) = self.import(scope, &text, path.span());
            match node.alias() {
                Some(alias) if alias.is_star() => {
                    if again.is_none() {
                        self.names_mut(scope).merged.push(target);
                    }
                }
                alias => {
                    let name = alias.and_then(|alias| alias.name()).map_or(name, |alias| alias.text().into());
                    if again.is_none() && !matches!(target, Alias::Broken) {
                        self.define_alias(scope, &name, target, node.span());
                    } else {
                        // What is wrong with the import is reported elsewhere; the alias is good enough to go on.
                        let entry = Entry { target, span: node.span() };
                        self.names_mut(scope).aliases.entry(name).or_insert(entry);
                    }
                }
            }
            match again {
                Some(first) => self.report(diag::duplicate_import(&text, node.span(), first)),
                None => {
                    seen.insert(text, node.span());
                }
            }
        }
    }

    /// Finds the module of an import: where it is, and the name by which it is known.
    fn import(&mut self, scope: ScopeId, text: &str, span: Span) -> (Alias, Name) {
        let import = match Import::parse(text) {
            Ok(import) => import,
            Err(error) => {
                self.report(diag::invalid_import(text, error, span));
                let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                return (Alias::Broken, last.trim_end_matches(".mcl").into());
            }
        };
        let name = import.alias.clone();
        if import.kind == ImportKind::System {
            let target = match catalog_module(self.catalog, text) {
                Some(module) => Alias::Catalog(module),
                None => {
                    self.report(diag::unknown_module(text, &self.catalog.modules(), span));
                    Alias::Broken
                }
            };
            return (target, name);
        }
        let importer = self.module_of(scope);
        let key = self.module_keys[crate::lower::index(importer)].clone();
        match self.world.load(self.sources, &key, &import, span) {
            Ok(files) => {
                let module = self.module(&files);
                self.imports.push((importer, module, span));
                (Alias::Module(module), name)
            }
            Err(diagnostic) => {
                self.report(*diagnostic);
                (Alias::Broken, name)
            }
        }
    }

    /// Whether names seen from a scope may come from a module that could not be imported.
    pub(crate) fn may_be_broken(&self, scope: ScopeId) -> bool {
        let mut seen = FxHashSet::default();
        let mut scope = Some(scope);
        while let Some(id) = scope {
            let mut waiting = self.names(id).merged.clone();
            while let Some(merged) = waiting.pop() {
                match merged {
                    Alias::Broken => return true,
                    Alias::Module(module) if seen.insert(module) => {
                        waiting.extend(&self.names(self.program.modules[module].scope).merged);
                    }
                    Alias::Module(_) | Alias::Catalog(_) | Alias::Include(_) => {}
                }
            }
            scope = self.program.scopes[id].parent;
        }
        false
    }
}

/// The module of the catalog that has a name, as the catalog writes it.
fn catalog_module(catalog: Catalog, name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return None;
    }
    let function = catalog.module_functions(name).next().map(|function| function.schema.module);
    function.or_else(|| catalog.module_constants(name).next().map(|constant| constant.module))
}
