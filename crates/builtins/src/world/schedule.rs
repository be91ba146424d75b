//! `world.schedule`: hosts that are chosen.

use macros::builtin;
use schema::{Argument, HookError, Source, Strategy};
use value::{Failure, FuncType, Str, Type, Value};

/// The hosts that are chosen in a schedule, sorted.
///
/// Hosts become candidates with the resource `schedule`, which also says how they are chosen. Nobody is chosen while nobody
/// is a candidate. Options of the call go before what the candidates say, and count for this call alone.
///
/// ```mcl
/// import "world"
///
/// schedule "web" {
/// 	max => 2,
/// }
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
    refuse = other_options
)]
fn schedule(
    /// The schedule.
    namespace: &Str,
    /// How to choose, in place of what the candidates say: `strategy` (`rr` or `alpha`), `max`, or both; for instance
    /// `struct{max => 2}`.
    options: Option<Value>,
) -> Result<Source, Failure> {
    if namespace.is_empty() {
        return Err(Failure::fatal("can't use an empty namespace"));
    }
    if namespace.contains(&b'/') {
        return Err(Failure::fatal(format!("a schedule has no `/` in its name: `{namespace}`")));
    }
    let (mut strategy, mut max) = (None, None);
    let options = match &options {
        None => None,
        Some(Value::Struct(options)) => Some(options),
        Some(other) => return Err(Failure::fatal(no_options(other.kind()))),
    };
    for (name, value) in options.into_iter().flat_map(|it| it.iter()) {
        match (&**name, value) {
            ("strategy", Value::Str(name)) => match Strategy::named(&name.to_text()) {
                Some(named) => strategy = Some(named),
                None => return Err(Failure::fatal(format!("there is no strategy `{name}`, only `rr` and `alpha`"))),
            },
            ("max", Value::Int(number)) => max = Some(*number),
            (name, value) => return Err(Failure::fatal(no_option(name, value.kind()))),
        }
    }
    Ok(Source::Schedule { namespace: namespace.clone(), strategy, max })
}

fn perhaps_with_options(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let all = [("namespace", Type::Str), ("options", Type::Var(1))];
    match arguments.len() {
        given @ (1 | 2) => Ok(FuncType::new(all.into_iter().take(given), Type::list(Type::Str))),
        _ => Err(HookError::new("must have either one or two args")),
    }
}

fn other_options(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match ty.params.get(1).map(|param| &param.ty) {
        None | Some(Type::Error) => Ok(()),
        Some(Type::Struct(fields)) => fields.iter().try_for_each(|field| match (&*field.name, &field.ty) {
            (_, Type::Error) | ("strategy", Type::Str) | ("max", Type::Int) => Ok(()),
            (name, ty) => Err(no_option(name, &ty.to_string())),
        }),
        Some(other) => Err(no_options(&other.to_string())),
    }
}

fn no_options(what: &str) -> String {
    format!("options of a schedule are a struct, not `{what}`")
}

fn no_option(name: &str, ty: &str) -> String {
    match name {
        "strategy" => format!("the option `strategy` is a str, not `{ty}`"),
        "max" => format!("the option `max` is an int, not `{ty}`"),
        _ => format!("no option `{name}` here, only `strategy` and `max`; the rest belongs to the resource `schedule`"),
    }
}
