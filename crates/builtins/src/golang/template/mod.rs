//! `golang.template`: Go's `text/template`.
//!
//! Lexer, parser and executor follow Go's own, since programs see all three: errors name the place and the words of the
//! template, and are compared by tests.
//!
//! Why not a crate: `gotmpl` 0.6.1, the best of those there are, was measured with the cases of
//! `cases/functions/golang.template.txt`. See MEASURED.

mod datum;
mod execute;
mod format;
mod functions;
mod lex;
mod parse;
mod tree;

use datum::Datum;
use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FuncType, Param, Str, Type, Value};

/// The name that errors give the template.
const NAME: &str = "template";

/// Fills in a template of Go's `text/template`.
///
/// `{{ .Name }}` is a field of the variables: fields of structs are written with a capital first letter. There are
/// conditions, loops, variables, named templates and pipelines as in Go, with Go's functions (`eq`, `index`, `len`,
/// `printf`, …). All pure functions of the language can be called too, without an import: `strings.to_upper` is
/// `strings_to_upper`, `golang/strings.join` is `golang_strings_join`, `concat` is `_concat`.
///
/// What is missing is an error. A failure of a called function that `<|>` catches can be caught here as well.
///
/// ```mcl
/// golang.template("Hello {{ .Name }}", struct{name => "world"}) # => "Hello world"
/// golang.template("{{ range . }}{{ . }};{{ end }}", [1, 2, 3]) # => "1;2;3;"
/// golang.template("{{ strings_to_upper . }}", "hi") # => "HI"
/// ```
#[builtin(module = "golang", since = "0.1", signature = "func(template str, vars ?1) str", hook = infer)]
fn template(
    /// The text of the template.
    template: &Str,
    /// What the template sees as `.`; not a function.
    vars: Option<Value>,
) -> Result<Str, Failure> {
    let source = template.to_text();
    let knows = |name: &str| functions::find(name).is_some();
    let templates = parse::parse(NAME, &source, &knows)
        .map_err(|error| Failure::fatal(format!("template: parse error: {error}")))?;
    let data = vars.map_or(Datum::Nothing, Datum::Value);
    execute::execute(&templates, NAME, &source, data).map(Str::from).map_err(|failure| {
        let message = format!("template: execution error: {}", failure.message());
        execute::reworded(&failure, message)
    })
}

/// The type for one argument or two.
fn infer(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let mut params = vec![Param { name: "template".into(), ty: Type::Str }];
    match arguments {
        [_] => {}
        [_, vars] => {
            if matches!(vars.ty, Some(Type::Func(_))) {
                return Err(HookError::at(1, "a template cannot see a function"));
            }
            params.push(Param { name: "vars".into(), ty: Type::Var(1) });
        }
        _ => return Err(HookError::new("must have at either one or two args")),
    }
    Ok(FuncType { params, result: Type::Str })
}
