//! What was meant by a name that does not exist.

use crate::lookup::{Alias, CONST, Entry, HOSTNAME, Missing, Names, Namespace, Place, Target, in_catalog};
use crate::lower::Lowering;
use crate::{ScopeId, Variable, diag};
use ::diag::closest;
use span::Span;
use std::collections::BTreeSet;
use value::Name;

/// So many unknown names are compared with all known ones; then it is enough to say that they are unknown.
const MAX_SUGGESTIONS: usize = 50;

/// A name that leads nowhere.
#[derive(Debug)]
pub(crate) struct Unknown {
    /// The scope in which it stands.
    pub(crate) scope: ScopeId,
    pub(crate) namespace: Namespace,
    pub(crate) path: Vec<Name>,
    pub(crate) missing: Missing,
    pub(crate) span: Span,
}

/// What was meant, as far as can be told.
#[derive(Debug, Default)]
pub(crate) struct Suggestion {
    /// What to type, or where to look.
    pub(crate) hint: Option<String>,
    /// A place that explains it.
    pub(crate) label: Option<(Span, String)>,
}

impl Suggestion {
    fn hint(hint: String) -> Suggestion {
        Suggestion { hint: Some(hint), label: None }
    }
}

impl Lowering<'_> {
    pub(crate) fn report_unknown_names(&mut self) {
        for (at, unknown) in std::mem::take(&mut self.unknown).into_iter().enumerate() {
            let Unknown { scope, namespace, path, missing, span } = unknown;
            // The name may well be one of a module that could not be imported.
            if missing.at == 0 && self.may_be_broken(scope) {
                continue;
            }
            let suggestion =
                if at < MAX_SUGGESTIONS { self.suggest(namespace, &path, missing) } else { Suggestion::default() };
            self.report(diag::unknown_name(namespace, &path, missing, suggestion, span));
        }
    }

    fn suggest(&self, namespace: Namespace, path: &[Name], missing: Missing) -> Suggestion {
        let last = missing.at + 1 == path.len();
        let place = missing.place;
        if last && let Some(suggestion) = self.other_namespace(namespace, path, place) {
            return suggestion;
        }
        if let Some(suggestion) = self.not_an_alias(namespace, path, missing) {
            return suggestion;
        }
        if let Some(suggestion) = self.missing_import(namespace, path, missing) {
            return suggestion;
        }
        if last && let Some(suggestion) = self.out_of_sight(namespace, path, place) {
            return suggestion;
        }
        let similar = self.similar(namespace, path, missing);
        match (namespace, path) {
            (Namespace::Variable, [name]) if similar.hint.is_none() => {
                Suggestion { hint: foreign_variable(name).map(str::to_owned), ..similar }
            }
            (Namespace::Function, [name]) if similar.hint.is_none() => {
                Suggestion { hint: syntax::foreign_function(name).map(str::to_owned), ..similar }
            }
            _ => similar,
        }
    }

    /// `$f` for `f()`, and the other way round.
    fn other_namespace(&self, namespace: Namespace, path: &[Name], place: Place) -> Option<Suggestion> {
        let (name, dotted) = (path.last()?, path.join("."));
        let (other, hint) = match namespace {
            Namespace::Variable => (Namespace::Function, format!("`{dotted}` is a function, call it: `{dotted}(…)`")),
            Namespace::Function => (
                Namespace::Variable,
                format!(
                    "there is a variable `${dotted}`; a function that it holds is called with the dollar sign: `${dotted}(…)`"
                ),
            ),
            Namespace::Class => return None,
        };
        self.in_place(place, other, name).map(|_| Suggestion::hint(hint))
    }

    /// A dotted name whose first part is no alias, but a variable, a class, or a module with another alias.
    fn not_an_alias(&self, namespace: Namespace, path: &[Name], missing: Missing) -> Option<Suggestion> {
        let (Place::Scope(scope), 0, [first, rest @ ..]) = (missing.place, missing.at, path) else { return None };
        let (Some(second), rest) = (rest.first(), rest.join(".")) else { return None };
        if namespace == Namespace::Variable && self.visible(scope, Namespace::Variable, first).is_some() {
            return Some(Suggestion::hint(format!(
                "`${first}` is a value: its field is `${first}->{second}` if it is a struct, `${first}[\"{second}\"]` if it is a map"
            )));
        }
        if self.visible(scope, Namespace::Class, first).is_some() {
            let sign = if namespace == Namespace::Variable { "$" } else { "" };
            return Some(Suggestion::hint(format!(
                "give the include of the class an alias: `include {first} as {first}`, then `{sign}{first}.{rest}`"
            )));
        }
        if namespace == Namespace::Function && self.visible(scope, Namespace::Variable, first).is_some() {
            return Some(Suggestion::hint(format!(
                "values have no functions of their own; pass the value to a function of a module: `module.{second}(${first})`"
            )));
        }
        None
    }

    /// A name of a module of the catalog that is not imported, or that lacks its module.
    fn missing_import(&self, namespace: Namespace, path: &[Name], missing: Missing) -> Option<Suggestion> {
        if missing.at != 0 {
            return None;
        }
        let modules = self.catalog.modules();
        let has = |module: &str, name: &str| in_catalog(self.catalog, module, namespace, name).is_some();
        let alias = |module: &str| module.rsplit('/').next().unwrap_or(module).replace('-', "_");
        let sign = if namespace == Namespace::Variable { "$" } else { "" };
        match path {
            [name] => {
                let module = modules.iter().find(|module| has(module, name))?;
                let hint = format!(
                    "`{name}` is in the module `{module}`: `import \"{module}\"`, then `{sign}{}.{name}`",
                    alias(module)
                );
                Some(Suggestion::hint(hint))
            }
            [first, rest @ ..] => {
                let whole = path[..path.len() - 1].join("/");
                if let (Some(name), Some(module)) = (path.last(), modules.iter().find(|module| **module == whole))
                    && whole.contains('/')
                    && has(module, name)
                {
                    let alias = alias(module);
                    return Some(Suggestion::hint(format!(
                        "a module goes by the last part of its path: `import \"{module}\"`, then `{sign}{alias}.{name}`"
                    )));
                }
                let rest = rest.join(".");
                let mut named = modules.iter().filter(|module| alias(module) == **first);
                let module = named.clone().find(|module| has(module, &rest)).or_else(|| named.next())?;
                Some(Suggestion::hint(format!("import the module first: `import \"{module}\"`")))
            }
            [] => None,
        }
    }

    /// A definition of that name which stands in a block that cannot be seen from here.
    fn out_of_sight(&self, namespace: Namespace, path: &[Name], place: Place) -> Option<Suggestion> {
        let (Place::Scope(scope), [name]) = (place, path) else { return None };
        let module = self.module_of(scope);
        let scopes = self.program.scopes.iter().filter(|(id, _)| self.module_of(*id) == module);
        let found = scopes.filter_map(|(id, _)| Some((id, self.names(id).span(namespace, name)?)));
        let (inside, span) = found.min_by_key(|(_, span)| *span)?;
        let around = match self.program.scopes[inside].kind {
            crate::ScopeKind::Class(class) => {
                let class = &self.program.classes[class].name;
                let hint = match namespace {
                    Namespace::Class => format!("`include {class} as x`, then `include x.{name}`"),
                    Namespace::Function => format!("`include {class} as x`, then `x.{name}(…)`"),
                    Namespace::Variable => format!("`include {class} as x`, then `$x.{name}`"),
                };
                return Some(Suggestion {
                    hint: Some(hint),
                    label: Some((span, "it is seen only within its class".into())),
                });
            }
            crate::ScopeKind::Function(_) => "it is seen only within its function",
            crate::ScopeKind::Loop(_) => "it is seen only within its loop",
            crate::ScopeKind::Branch => {
                let hint = (namespace == Namespace::Variable)
                    .then(|| format!("define it outside: `${name} = if … {{ … }} else {{ … }}`"));
                return Some(Suggestion { hint, label: Some((span, "it is seen only within its block".into())) });
            }
            crate::ScopeKind::Module(_) => return None,
        };
        Some(Suggestion { hint: None, label: Some((span, around.into())) })
    }

    /// The known name that is most like the unknown one.
    fn similar(&self, namespace: Namespace, path: &[Name], missing: Missing) -> Suggestion {
        let Some(name) = path.get(missing.at) else { return Suggestion::default() };
        let mut known: BTreeSet<String> = BTreeSet::new();
        let alias = missing.at + 1 < path.len();
        let mut add = |names: &Names| {
            if alias && !matches!(missing.place, Place::Catalog(_)) {
                known.extend(names.aliases.keys().map(Name::to_string));
            } else {
                known.extend(names.keys(namespace));
            }
        };
        let mut wanted = name.to_string();
        match missing.place {
            Place::Scope(scope) => {
                let mut scope = Some(scope);
                while let Some(id) = scope {
                    add(self.names(id));
                    for merged in &self.names(id).merged {
                        if let Alias::Module(module) = merged {
                            add(self.names(self.program.modules[*module].scope));
                        }
                    }
                    scope = self.program.scopes[id].parent;
                }
                if alias {
                    known.insert(CONST.to_owned());
                } else {
                    known.extend(self.names_of_module("", namespace));
                }
            }
            Place::Members(scope) => add(self.names(scope)),
            Place::Catalog(module) => {
                wanted = path[missing.at..].join(".");
                known.extend(self.names_of_module(module, namespace));
            }
        }
        let sign = if namespace == Namespace::Variable { "$" } else { "" };
        let before: String = path[..missing.at].iter().map(|name| format!("{name}.")).collect();
        let after = match missing.place {
            Place::Catalog(_) => String::new(),
            _ => path[missing.at + 1..].iter().map(|name| format!(".{name}")).collect(),
        };
        let meant = closest(&wanted, known.iter().map(String::as_str));
        Suggestion { hint: meant.map(|meant| format!("did you mean `{sign}{before}{meant}{after}`?")), label: None }
    }

    fn names_of_module(&self, module: &str, namespace: Namespace) -> Vec<String> {
        match namespace {
            Namespace::Variable => {
                let names = self.catalog.module_constants(module).map(|it| it.name);
                let hostname = module.is_empty().then_some(HOSTNAME);
                names.chain(hostname).map(str::to_owned).collect()
            }
            Namespace::Function => {
                let names = self.catalog.module_functions(module).map(|it| it.schema.name);
                names.filter(|name| !name.starts_with('_')).map(str::to_owned).collect()
            }
            Namespace::Class => Vec::new(),
        }
    }

    fn in_place(&self, place: Place, namespace: Namespace, name: &str) -> Option<Target> {
        match place {
            Place::Scope(scope) => self.visible(scope, namespace, name),
            Place::Members(scope) => self.names(scope).get(namespace, name),
            Place::Catalog(module) => in_catalog(self.catalog, module, namespace, name),
        }
    }
}

/// What is written here for a variable that other tools define.
fn foreign_variable(name: &str) -> Option<&'static str> {
    match name {
        "facts" | "trusted" | "ansible_facts" | "os_family" => Some(
            "what is known of the machine comes from functions: `sys.hostname()`, `os.family()`, `os.release()`, `sys.cpu_count()`",
        ),
        "fqdn" | "inventory_hostname" | "ansible_hostname" => Some("the name of this host is `$hostname`"),
        "env" | "ENV" => Some("`import \"sys\"` and call `sys.getenv(\"NAME\")`"),
        _ => None,
    }
}

impl Names {
    fn span(&self, namespace: Namespace, name: &str) -> Option<Span> {
        fn span<T>(entry: &Entry<T>) -> Span {
            entry.span
        }
        match namespace {
            Namespace::Variable => self.variables.get(name).map(span::<Variable>),
            Namespace::Function => self.functions.get(name).map(span),
            Namespace::Class => self.classes.get(name).map(span),
        }
    }

    fn keys(&self, namespace: Namespace) -> Vec<String> {
        match namespace {
            Namespace::Variable => self.variables.keys().map(Name::to_string).collect(),
            Namespace::Function => self.functions.keys().map(Name::to_string).collect(),
            Namespace::Class => self.classes.keys().map(Name::to_string).collect(),
        }
    }
}
