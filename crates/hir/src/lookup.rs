//! The tables of names, and how a name is looked up in them.
//!
//! There are three namespaces: variables, functions and classes. A fourth table holds the aliases of imports and
//! includes, through which dotted names lead: `$a.b.x` is the variable `x` behind the alias `b` behind the alias `a`.
//!
//! The first name of a path is looked up from the inside out, all others only where the alias leads. An alias of an
//! include leads to the definitions of its class alone; an alias of a module to all that its top level sees.

use crate::lower::Lowering;
use crate::suggest::Unknown;
use crate::{ClassId, FunctionId, IncludeId, ModuleId, Reference, ScopeId, Variable};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Catalog, Function};
use span::Span;
use syntax::ast;
use value::Name;

/// What a name can be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// `$x`
    Variable,
    /// `f()`
    Function,
    /// `include c`
    Class,
}

/// The definitions of one scope.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) variables: FxHashMap<Name, Entry<Variable>>,
    pub(crate) functions: FxHashMap<Name, Entry<FunctionId>>,
    pub(crate) classes: FxHashMap<Name, Entry<ClassId>>,
    pub(crate) aliases: FxHashMap<Name, Entry<Alias>>,
    /// The modules whose names are all visible here, in the order of their imports.
    pub(crate) merged: Vec<Alias>,
}

/// A name and what it stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<T> {
    pub(crate) target: T,
    /// Where it is defined.
    pub(crate) span: Span,
}

/// Where an alias leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Alias {
    /// To a module of the catalog.
    Catalog(&'static str),
    /// To a module of the program.
    Module(ModuleId),
    /// To an include, by its number among those seen.
    Include(usize),
    /// To something in error, which was reported already.
    Broken,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// A variable.
    Variable(Variable),
    /// A function of the program.
    Function(FunctionId),
    /// A function of the catalog.
    Builtin(&'static Function),
    /// A class.
    Class(ClassId),
}

/// What came of looking up a path.
pub(crate) enum Lookup {
    /// The definition.
    Found(Reference<Target>),
    /// Something on the way is in error, which was reported already.
    Broken,
    /// There is none.
    Missing(Missing),
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing {
    /// The part of the path that is unknown.
    pub(crate) at: usize,
    /// Where that part was looked for.
    pub(crate) place: Place,
}

/// Where a name is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In a scope and those around it.
    Scope(ScopeId),
    /// In the body of a class, reached through an include.
    Members(ScopeId),
    /// In a module of the catalog.
    Catalog(&'static str),
}

/// The module that every program sees without an import.
pub(crate) const CONST: &str = "const";

/// The variable that stands for the name of this host.
pub(crate) const HOSTNAME: &str = "hostname";

impl Names {
    pub(crate) fn get(&self, namespace: Namespace, name: &str) -> Option<Target> {
        match namespace {
            Namespace::Variable => self.variables.get(name).map(|entry| Target::Variable(entry.target)),
            Namespace::Function => self.functions.get(name).map(|entry| Target::Function(entry.target)),
            Namespace::Class => self.classes.get(name).map(|entry| Target::Class(entry.target)),
        }
    }

    fn alias(&self, name: &str) -> Option<Alias> {
        self.aliases.get(name).map(|entry| entry.target)
    }
}

/// A definition of the catalog.
pub(crate) fn in_catalog(catalog: Catalog, module: &str, namespace: Namespace, name: &str) -> Option<Target> {
    match namespace {
        Namespace::Variable => {
            catalog.constant(module, name).map(|constant| Target::Variable(Variable::Constant(constant)))
        }
        // What begins with an underscore is for the compiler.
        Namespace::Function if !name.starts_with('_') => catalog.function(module, name).map(Target::Builtin),
        Namespace::Function | Namespace::Class => None,
    }
}

/// What is visible everywhere.
fn global(catalog: Catalog, namespace: Namespace, name: &str) -> Option<Target> {
    if namespace == Namespace::Variable && name == HOSTNAME {
        return Some(Target::Variable(Variable::Hostname));
    }
    in_catalog(catalog, "", namespace, name)
}

impl Lowering<'_> {
    /// Resolves a path, and reports where it leads nowhere.
    pub(crate) fn resolve(
        &mut self,
        scope: ScopeId,
        namespace: Namespace,
        path: &ast::Path,
        span: Span,
    ) -> Option<Reference<Target>> {
        let path: Vec<Name> = path.segments().map(|name| name.text().into()).collect();
        self.resolve_names(scope, namespace, &path, span)
    }

    /// Resolves the names of a path, and reports where they lead nowhere.
    pub(crate) fn resolve_names(
        &mut self,
        scope: ScopeId,
        namespace: Namespace,
        path: &[Name],
        span: Span,
    ) -> Option<Reference<Target>> {
        match self.lookup(scope, namespace, path) {
            Lookup::Found(reference) => Some(reference),
            Lookup::Broken => None,
            Lookup::Missing(missing) => {
                self.unknown.push(Unknown { scope, namespace, path: path.to_vec(), missing, span });
                None
            }
        }
    }

    pub(crate) fn lookup(&mut self, scope: ScopeId, namespace: Namespace, path: &[Name]) -> Lookup {
        // A path without names is a mistake of syntax.
        let Some((last, prefix)) = path.split_last() else { return Lookup::Broken };
        let mut through: Vec<IncludeId> = Vec::new();
        let mut place = Place::Scope(scope);
        for (at, name) in prefix.iter().enumerate() {
            let Some(alias) = self.alias(place, name) else { return Lookup::Missing(Missing { at, place }) };
            match alias {
                Alias::Broken => return Lookup::Broken,
                Alias::Catalog(module) => {
                    // Names in the catalog may have dots.
                    let rest = path[at + 1..].join(".");
                    return match in_catalog(self.catalog, module, namespace, &rest) {
                        Some(target) => Lookup::Found(Reference { through: Vec::new(), target }),
                        None => Lookup::Missing(Missing { at: at + 1, place: Place::Catalog(module) }),
                    };
                }
                Alias::Module(module) => {
                    // A module has no instances, wherever it was imported.
                    through.clear();
                    place = Place::Scope(self.program.modules[module].scope);
                }
                Alias::Include(pending) => {
                    let Some(include) = self.resolve_include(pending) else { return Lookup::Broken };
                    through.push(include);
                    let class = self.program.includes[include].class.target;
                    place = Place::Members(self.program.classes[class].scope);
                }
            }
        }
        let found = match place {
            Place::Scope(scope) => self.visible(scope, namespace, last),
            Place::Members(scope) => self.names(scope).get(namespace, last),
            Place::Catalog(module) => in_catalog(self.catalog, module, namespace, last),
        };
        if let (None, Place::Members(scope)) = (found, place)
            && let Some(target) = self.captured(scope, namespace, last)
        {
            return Lookup::Found(Reference { through: Vec::new(), target });
        }
        match found {
            Some(target) => Lookup::Found(Reference { through, target }),
            None => Lookup::Missing(Missing { at: prefix.len(), place }),
        }
    }

    /// What a class sees of the top level around it: existing programs use that through the alias of an include, as if
    /// the class had defined it.
    fn captured(&self, class: ScopeId, namespace: Namespace, name: &str) -> Option<Target> {
        let target = self.visible(class, namespace, name)?;
        let defined_in = match target {
            Target::Variable(Variable::Bind(bind)) => self.program.binds[bind].scope,
            Target::Function(function) => self.program.functions[function].defined_in,
            Target::Class(class) => self.program.classes[class].defined_in,
            Target::Variable(_) | Target::Builtin(_) => return None,
        };
        self.program.scopes[defined_in].parent.is_none().then_some(target)
    }

    /// What a name without dots stands for, seen from a scope.
    pub(crate) fn visible(&self, scope: ScopeId, namespace: Namespace, name: &str) -> Option<Target> {
        let catalog = self.catalog;
        self.search(scope, |names| names.get(namespace, name), |module| in_catalog(catalog, module, namespace, name))
            .or_else(|| global(catalog, namespace, name))
    }

    fn alias(&self, place: Place, name: &str) -> Option<Alias> {
        match place {
            Place::Scope(scope) => self
                .search(scope, |names| names.alias(name), |_| None)
                .or_else(|| (name == CONST).then_some(Alias::Catalog(CONST))),
            Place::Members(scope) => self.names(scope).alias(name),
            Place::Catalog(_) => None,
        }
    }

    /// Asks a scope, the modules merged into it, and the scopes around it.
    fn search<T>(
        &self,
        scope: ScopeId,
        find: impl Fn(&Names) -> Option<T>,
        find_in_catalog: impl Fn(&'static str) -> Option<T>,
    ) -> Option<T> {
        let mut scope = Some(scope);
        while let Some(id) = scope {
            let names = self.names(id);
            if let Some(found) = find(names).or_else(|| self.search_merged(names, &find, &find_in_catalog)) {
                return Some(found);
            }
            scope = self.program.scopes[id].parent;
        }
        None
    }

    /// Asks the modules that are merged into a scope, and those merged into them: a later import wins.
    fn search_merged<T>(
        &self,
        names: &Names,
        find: impl Fn(&Names) -> Option<T>,
        find_in_catalog: impl Fn(&'static str) -> Option<T>,
    ) -> Option<T> {
        if names.merged.is_empty() {
            return None;
        }
        let mut seen = FxHashSet::default();
        let mut waiting = names.merged.clone();
        while let Some(merged) = waiting.pop() {
            match merged {
                Alias::Catalog(module) => {
                    if let Some(found) = find_in_catalog(module) {
                        return Some(found);
                    }
                }
                Alias::Module(module) if seen.insert(module) => {
                    let names = self.names(self.program.modules[module].scope);
                    if let Some(found) = find(names) {
                        return Some(found);
                    }
                    waiting.extend(&names.merged);
                }
                Alias::Module(_) | Alias::Include(_) | Alias::Broken => {}
            }
        }
        None
    }
}
