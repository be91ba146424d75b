//! `golang.template`: Go's `text/template`.
//!
//! A text goes through Go's own phases: [`lex`] makes items, [`parse`] trees, [`execute`] runs them over [`datum`]s, with the
//! functions of [`functions`]. They follow Go's since programs see all of them: an error names the place and the words of the
//! template, and such texts are compared.
//!
//! Invariant: values of the language are looked at as Go values, never converted. A struct is a map with capital names only
//! where a template looks into it.
//!
//! Where this differs from Go: an `int` and an `int64` are one type as arguments, nesting is limited to 100 levels of text
//! and 200 of execution, loops and uses of templates together to ten million, and there are no complex
//! numbers.
//!
//! Why no crate does this: `gotmpl` 0.6.1, the best there is, was measured with `cases/functions/golang.template.txt`. Of 61
//! templates that work, it rendered 51 as Go does. Five it cannot: its maps have string keys only, its strings are UTF-8. Of
//! 43 that fail, it accepted five, and worded no error as Go does, since it does not keep the places of what runs.

mod datum;
mod execute;
mod format;
mod functions;
mod lex;
mod parse;
mod tree;

use datum::Datum;
use macros::builtin;
use parse::Mistake;
use schema::{Argument, Ask, CallSite, HookError};
use value::{Failure, FuncType, Param, Str, Type, Value};

/// The name that errors give the template.
const NAME: &str = "template";

/// Fills in a template of Go's `text/template`.
///
/// `{{ .Name }}` is a field of the variables: fields of structs are written with a capital first letter. There are
/// conditions, loops, variables, named templates and pipelines as in Go, with Go's functions (`eq`, `index`, `len`,
/// `printf`, …). Functions of the language can be called too, without an import: `strings.to_upper` is
/// `strings_to_upper`, `golang/strings.join` is `golang_strings_join`, `concat` is `_concat`. What such a function
/// follows, the text follows. Those that take values of any type, such as `map.keys`, cannot be called: call them outside
/// and hand their value in.
///
/// What is missing is an error. A failure of a called function that `<|>` catches can be caught here as well.
///
/// ```mcl
/// golang.template("Hello {{ .Name }}", struct{name => "world"}) # => "Hello world"
/// golang.template("{{ range . }}{{ . }};{{ end }}", [1, 2, 3]) # => "1;2;3;"
/// golang.template("{{ strings_to_upper . }}", "hi") # => "HI"
/// ```
#[builtin(module = "golang", since = "0.1", signature = "func(template str[, vars ?1]) str", hook = infer, points)]
fn template(
    site: &CallSite<'_>,
    ask: Ask<'_>,
    /// The text of the template.
    template: &Str,
    /// What the template sees as `.`; not a function.
    vars: Option<Value>,
) -> Result<Option<Str>, Failure> {
    let source = template.to_text();
    let templates = parsed(&source).map_err(|mistake| {
        let Mistake { message, line, hint, .. } = mistake;
        let hint = hint.map_or_else(String::new, |hint| format!(" ({hint})"));
        Failure::fatal(format!("template: parse error: template: {NAME}:{line}: {message}{hint}"))
    })?;
    let data = vars.map_or(Datum::Nothing, Datum::Value);
    let text = execute::execute(&templates, NAME, &source, data, site.base, ask).map_err(|failure| {
        let message = format!("template: execution error: {}", failure.message());
        let failure = failure.reworded(message);
        // Where the text is not UTF-8, its places are those of what stands for it.
        if source.as_bytes() == template.as_bytes() { failure } else { failure.without_part() }
    })?;
    Ok(text.map(Str::from))
}

fn parsed(source: &str) -> Result<parse::Templates, Mistake> {
    let check = |name: &str, follows: Option<&str>| match functions::find(name) {
        Some(_) => Ok(()),
        None => Err(functions::meant(name, follows)),
    };
    parse::parse(NAME, source, &check)
}

/// The type for one argument or two. A text that is known is looked at now: it would fail whenever it runs.
fn infer(arguments: &[Argument]) -> Result<FuncType, HookError> {
    if let Some(Value::Str(text)) = arguments.first().and_then(|argument| argument.value.as_ref()) {
        let shown = text.to_text();
        parsed(&shown).map_err(|mistake| {
            let error = HookError { hint: mistake.hint, ..HookError::at(0, mistake.message) };
            // Where the text is not UTF-8, its places are those of what stands for it.
            if shown.as_bytes() == text.as_bytes() { error.within(mistake.part) } else { error }
        })?;
    }
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
