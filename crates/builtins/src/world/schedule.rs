//! `world.schedule`: hosts that were chosen.

use macros::builtin;
use schema::{Argument, HookError, Source};
use value::{Failure, FuncType, Str, Type, Value};

/// The hosts that are chosen in a namespace, sorted.
///
/// No host can take part in a choice yet, so the list is empty so far.
///
/// ```mcl
/// import "world"
///
/// if $hostname in world.schedule("web") {
/// 	svc "nginx" {
/// 		state => "running",
/// 	}
/// }
/// ```
#[builtin(
    module = "world",
    since = "0.1",
    signature = "func(namespace str[, options struct{…}]) []str",
    hook = perhaps_with_options,
    refuse = only_structs
)]
fn schedule(
    /// The namespace.
    namespace: &Str,
    /// How to choose, for instance `struct{max => 2}`.
    options: Option<Value>,
) -> Result<Source, Failure> {
    if namespace.is_empty() {
        return Err(Failure::fatal("can't use an empty namespace"));
    }
    let options = match &options {
        None => Vec::new(),
        Some(Value::Struct(options)) => options.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        Some(other) => return Err(Failure::fatal(no_options(other.kind()))),
    };
    Ok(Source::Schedule { namespace: namespace.clone(), options })
}

fn perhaps_with_options(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let all = [("namespace", Type::Str), ("options", Type::Var(1))];
    match arguments.len() {
        given @ (1 | 2) => Ok(FuncType::new(all.into_iter().take(given), Type::list(Type::Str))),
        _ => Err(HookError::new("must have either one or two args")),
    }
}

fn only_structs(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.get(1).map(|param| &param.ty) {
        None | Some(Type::Struct(_) | Type::Error) => Ok(()),
        Some(other) => Err(no_options(&other.to_string())),
    }
}

fn no_options(what: &str) -> String {
    format!("options of a schedule are a struct, not `{what}`")
}
