//! The messages of this phase, side by side.

use crate::lookup::{Missing, Namespace, Place};
use crate::suggest::Suggestion;
use crate::{Annotation, Class, ImportError, Resource};
use ::diag::codes::{modules, names, syntax, types};
use ::diag::{Diagnostic, closest};
use span::Span;
use value::{Name, Type, Value};

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}

// Statements.

/// `panic()`, or with more arguments than there are.
pub(crate) fn panic_arguments(count: usize, span: Span) -> Diagnostic {
    let message = format!("`panic` takes 1 or 2 arguments, found {count}");
    Diagnostic::error(types::ARGUMENT_COUNT, span, message)
        .hint("write `panic(condition, \"message\")`, or `panic(\"message\")` to stop in any case")
}

// Names.

pub(crate) fn unknown_name(
    namespace: Namespace,
    path: &[Name],
    missing: Missing,
    suggestion: Suggestion,
    span: Span,
) -> Diagnostic {
    let (code, what, sign) = match namespace {
        Namespace::Variable => (names::UNKNOWN_VARIABLE, "variable", "$"),
        Namespace::Function => (names::UNKNOWN_FUNCTION, "function", ""),
        Namespace::Class => (names::UNKNOWN_CLASS, "class", ""),
    };
    let dotted = path.join(".");
    let message = format!("no {what} `{sign}{dotted}` here");
    let mut diagnostic = Diagnostic::error(code, span, message);
    let part = &path[..path.len().min(missing.at + 1)];
    diagnostic = match missing.place {
        Place::Scope(_) if missing.at == 0 && path.len() > 1 => {
            diagnostic.here(format!("nothing is imported or included as `{}`", part.join(".")))
        }
        Place::Catalog(module) => diagnostic.here(format!("the module `{module}` has no such {what}")),
        _ if missing.at > 0 => {
            let (name, before) = (&part[missing.at], part[..missing.at].join("."));
            let what = if missing.at + 1 == path.len() { what } else { "alias" };
            diagnostic.here(format!("`{before}` has no {what} `{name}`"))
        }
        _ => diagnostic,
    };
    if let Some((span, message)) = suggestion.label {
        diagnostic = diagnostic.label(span, message);
    }
    diagnostic.hint_opt(suggestion.hint)
}

pub(crate) fn duplicate_definition(name: &str, span: Span, first: Span) -> Diagnostic {
    let variable = name.starts_with('$');
    Diagnostic::error(names::DUPLICATE_DEFINITION, span, format!("`{name}` is defined twice"))
        .here("defined again")
        .label(first, "defined first")
        .hint_opt(variable.then_some("a value never changes: give one of the two another name"))
}

pub(crate) fn duplicate_alias(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(names::DUPLICATE_DEFINITION, span, format!("the alias `{name}` is given twice"))
        .here("given again")
        .label(first, "given first")
        .hint(format!("give one of them another alias: `… as {name}2`"))
}

pub(crate) fn duplicate_parameter(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(names::DUPLICATE_PARAMETER, span, format!("two parameters are called `${name}`"))
        .label(first, "the first one")
}

pub(crate) fn double_underscore(name: &str, span: Span) -> Diagnostic {
    let better: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    Diagnostic::error(names::DOUBLE_UNDERSCORE, span, format!("two underscores in a row in `${name}`"))
        .hint(format!("write `${}`", better.join("_")))
}

pub(crate) fn class_arguments(class: &Class, given: usize, span: Span) -> Diagnostic {
    let params: Vec<String> = class.params.iter().map(|param| format!("${}", param.name)).collect();
    let wanted = if params.is_empty() { "no arguments".to_owned() } else { plural(params.len(), "argument") };
    let message = format!("the class `{}` takes {wanted}, not {given}", class.name);
    let example = if params.is_empty() {
        format!("include {}", class.name)
    } else {
        format!("include {}({})", class.name, params.join(", "))
    };
    Diagnostic::error(names::CLASS_ARGUMENTS, span, message)
        .label(class.span, "the class")
        .hint(format!("for instance `{example}`"))
}

pub(crate) fn unknown_base_class(name: &str, base: &str, span: Span) -> Diagnostic {
    let message = format!("the class `{name}` can never be included: there is no class `{base}` beside it");
    Diagnostic::warning(names::UNKNOWN_BASE_CLASS, span, message)
        .hint(format!("define the class that it belongs to: `class {base} {{ … }}`"))
}

pub(crate) fn include_through_itself(span: Span) -> Diagnostic {
    Diagnostic::error(names::RECURSION, span, "this include needs its own alias to find its class")
        .hint("there is no recursion: include the class through another alias")
}

pub(crate) fn deep_includes(span: Span) -> Diagnostic {
    Diagnostic::error(names::DEEP_INCLUDES, span, "too many includes lead through each other")
        .hint("define the class where it is included, or in a module")
}

/// So many steps of a circle are shown, after the first.
const MAX_STEPS: usize = 9;

/// `steps` are the references of the cycle in order: what needs, what is needed, and where.
pub(crate) fn recursion(steps: &[(String, String, Span)]) -> Diagnostic {
    let Some(((from, to, span), others)) = steps.split_first() else {
        return Diagnostic::placeless(names::RECURSION, "a definition needs itself");
    };
    let message = format!("`{from}` needs itself");
    let mut diagnostic = Diagnostic::error(names::RECURSION, *span, message);
    if from != to {
        diagnostic = diagnostic.here(format!("`{from}` needs `{to}`"));
    }
    for (from, to, span) in others.iter().take(MAX_STEPS) {
        diagnostic = diagnostic.label(*span, format!("`{from}` needs `{to}`"));
    }
    if let Some(more @ 1..) = others.len().checked_sub(MAX_STEPS) {
        diagnostic = diagnostic.hint(format!("the circle has {} that are not shown", plural(more, "more step")));
    }
    diagnostic.hint(if from.starts_with('$') && from == to {
        "there is no recursion, and within its block a name never means an outer one: use another name"
    } else {
        "there is no recursion; to go over a list, use `for`, `iter.map` or `iter.reduce`"
    })
}

pub(crate) fn incomplete_catalog(function: &str, span: Span) -> Diagnostic {
    let message = format!("this needs the function `{function}`, which this program was built without");
    Diagnostic::error(names::UNKNOWN_FUNCTION, span, message)
}

// Modules.

pub(crate) fn unknown_module(name: &str, known: &[&str], span: Span) -> Diagnostic {
    let hint = match closest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `import \"{meant}\"`?"),
        None => format!(
            "a file of your own is imported with its ending: `import \"{name}.mcl\"`, a folder with a slash: `import \"{name}/\"`"
        ),
    };
    Diagnostic::error(modules::UNKNOWN_MODULE, span, format!("no module `{name}` is built in")).hint(hint)
}

pub(crate) fn module_not_found(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(modules::UNKNOWN_MODULE, span, format!("no module `{text}` is found"))
}

pub(crate) fn invalid_import(text: &str, error: ImportError, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(modules::INVALID_IMPORT, span, format!("cannot import `{text}`: {error}"));
    let hint = match error {
        ImportError::Empty => "name a module: `import \"fmt\"`",
        ImportError::Absolute => "paths are relative to the file that imports: `import \"folder/file.mcl\"`",
        ImportError::InvalidUrl | ImportError::InvalidHost => {
            "a URL has the form `https://example.com/path/to/repository/`"
        }
        ImportError::EmptyPath => "name the repository: `https://example.com/path/to/repository/`",
        ImportError::Unclean => match text.strip_prefix("./") {
            Some(rest) => return diagnostic.hint(format!("write `import \"{rest}\"`")),
            None => "leave out `.` and empty parts, and `..` where it can be left out",
        },
        ImportError::InvalidName => "the last part may not begin or end with `-` or `_`",
    };
    diagnostic.hint(hint)
}

pub(crate) fn duplicate_import(text: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(modules::DUPLICATE_IMPORT, span, format!("`{text}` is imported twice"))
        .here("imported again")
        .label(first, "imported first")
        .hint("remove one of the two")
}

pub(crate) fn import_in_loop(span: Span, around: Span) -> Diagnostic {
    Diagnostic::error(modules::IMPORT_IN_LOOP, span, "an import cannot stand in a loop")
        .label(around, "the loop")
        .hint("move the import before the loop")
}

pub(crate) fn statement_in_module(span: Span, others: usize, import: Option<Span>) -> Diagnostic {
    let here = match others {
        0 => "this would have an effect".to_owned(),
        _ => format!("this would have an effect, and so would {} after it", plural(others, "statement")),
    };
    Diagnostic::error(modules::STATEMENT_IN_MODULE, span, "an imported module may only hold definitions")
        .here(here)
        .label_opt(import, "imported here")
        .hint("put it into a class of the module, and include that where it is wanted")
}

pub(crate) fn import_cycle(spans: &[Span]) -> Diagnostic {
    let message = if spans.len() == 1 { "a module imports itself" } else { "modules import each other in a circle" };
    let Some((first, others)) = spans.split_first() else {
        return Diagnostic::placeless(modules::IMPORT_CYCLE, message);
    };
    let mut diagnostic = Diagnostic::error(modules::IMPORT_CYCLE, *first, message);
    for (at, span) in others.iter().enumerate().filter(|(at, _)| *at < MAX_STEPS || at + 1 == others.len()) {
        let last = at + 1 == others.len();
        diagnostic = diagnostic.label(*span, if last { "which imports the first one again" } else { "which imports" });
    }
    diagnostic.hint("move what both need into a module of its own")
}

// Constructs.

pub(crate) fn edge_with_one_end(text: &str, span: Span) -> Diagnostic {
    // Only what fits the line is repeated.
    let shown = if text.len() <= 40 && !text.contains('\n') { text } else { "File[\"/a\"]" };
    Diagnostic::error(syntax::EDGE_FORM, span, "an edge has two ends")
        .hint(format!("say what comes before or after it: `{shown} -> File[\"/b\"]`"))
        .hint("to state a resource, write its kind in lower case: `file \"/a\" {}`")
}

pub(crate) fn duplicate_field(name: &str, span: Span, first: Span, resource: &Resource) -> Diagnostic {
    Diagnostic::error(syntax::DUPLICATE_FIELD, span, format!("the field `{name}` is given twice"))
        .label(first, "given first")
        .label(resource.kind_span, format!("in this {}", resource.kind))
        .hint("a value that depends on something: `field => if condition { a } else { b },`")
}

/// A metaparameter is given twice, here or, where the value of `Meta` has it, by whoever knows that.
pub fn duplicate_meta(name: Option<&Name>, span: Span, first: Span, resource: &Resource) -> Diagnostic {
    let name = name.map_or_else(|| "Meta".to_owned(), |name| format!("Meta:{name}"));
    Diagnostic::error(syntax::DUPLICATE_FIELD, span, format!("`{name}` is given twice"))
        .label(first, "given first")
        .label(resource.kind_span, format!("in this {}", resource.kind))
}

pub(crate) fn unknown_meta(name: &str, span: Span) -> Diagnostic {
    let known = schema::META.iter().map(|meta| meta.name);
    let hint = match closest(name, known) {
        Some(meant) => format!("did you mean `Meta:{meant}`?"),
        None => "`stead explain unknown-metaparameter` lists them".to_owned(),
    };
    Diagnostic::error(syntax::UNKNOWN_METAPARAMETER, span, format!("there is no metaparameter `{name}`")).hint(hint)
}

pub(crate) fn unknown_relation(property: &str, span: Span) -> Diagnostic {
    let mut shown = property.to_owned();
    if let Some(first) = shown.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let hint = match closest(property, ["before", "notify", "depend", "listen"]) {
        Some("before") => "did you mean `Before`?",
        Some("notify") => "did you mean `Notify`?",
        Some("depend") => "did you mean `Depend`?",
        Some("listen") => "did you mean `Listen`?",
        _ => "a field is written in lower case; edges are `Before`, `Notify`, `Depend` and `Listen`",
    };
    Diagnostic::error(syntax::UNKNOWN_RELATION, span, format!("no relation `{shown}` between resources")).hint(hint)
}

pub(crate) fn duplicate_key(key: &Value, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(syntax::DUPLICATE_KEY, span, format!("the key `{key}` is given twice"))
        .label(first, "given first")
}

pub(crate) fn inconsistent_keys(first: &Type, first_span: Span, found: &Type, span: Span) -> Diagnostic {
    Diagnostic::error(types::TYPE_MISMATCH, span, "the keys of a map are of one type")
        .here(format!("`{found}`"))
        .label(first_span, format!("`{first}`"))
}

pub(crate) fn unhashable_key(found: &Type, span: Span) -> Diagnostic {
    Diagnostic::error(syntax::UNHASHABLE_KEY, span, format!("a `{found}` cannot be a key"))
        .hint("keys are of type `bool`, `str`, `int` or `float`, or structs of those")
}

pub(crate) fn duplicate_struct_field(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(syntax::DUPLICATE_FIELD, span, format!("the field `{name}` is given twice"))
        .label(first, "given first")
}

pub(crate) fn literal_of_other_type(expected: &Type, found: &str, span: Span, annotation: &Annotation) -> Diagnostic {
    let hint = match (expected, found) {
        (Type::Str, "int" | "float" | "bool") => Some("put it in quotes"),
        (Type::Float, "int") => Some("a float has a fraction: `1.0`"),
        (Type::Int | Type::Float | Type::Bool, "str") => Some("leave out the quotes"),
        _ => None,
    };
    let found = match found {
        "list" | "map" | "struct" => format!("a {found}"),
        "func" => "a function".to_owned(),
        _ if found.starts_with("a ") => found.to_owned(),
        _ => format!("`{found}`"),
    };
    Diagnostic::error(types::TYPE_MISMATCH, span, format!("expected `{expected}`, found {found}"))
        .label(annotation.span, "the type is written here")
        .hint_opt(hint)
}
