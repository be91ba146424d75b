//! The words of type inference.

use diag::Diagnostic;
use diag::codes::syntax::{UNHASHABLE_KEY, UNKNOWN_METAPARAMETER};
use diag::codes::types::*;
use hir::{Bind, Class, FieldLine, FunctionDef, Resource, Transfer};
use schema::{FunctionSchema, HookError, KindSchema};
use span::Span;
use value::{Name, Type};

/// What an expression has to agree with, because it came first.
pub(crate) struct Earlier {
    /// Where it is; nothing where the expression is the first itself.
    pub(crate) span: Option<Span>,
    /// What has one type, in the plural.
    pub(crate) part: String,
}

pub(crate) fn bind_differs(span: Span, bind: &Bind, want: &Type, found: &Type, used: Option<Span>) -> Diagnostic {
    let name = &bind.name;
    Diagnostic::error(TYPE_MISMATCH, span, format!("`${name}` is declared as `{want}`, but its value is `{found}`"))
        .here(format!("this is `{found}`"))
        .label_opt(bind.annotation.as_ref().map(|it| it.span), "declared here")
        .label_opt(used, "used here")
}

pub(crate) fn result_is_another(span: Span, declared: Span, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("the function returns `{want}`, but its body is `{found}`"))
        .here(format!("this is `{found}`"))
        .label(declared, "declared here")
}

pub(crate) fn condition(span: Span, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("a condition is `bool`, found `{found}`"))
        .here(format!("this is `{found}`"))
}

/// How a condition is made of a value that is none.
pub(crate) fn comparison(found: &Type, text: &str) -> Option<String> {
    if matches!(found, Type::List(element) if matches!(**element, Type::Bool | Type::List(_))) {
        return Some("brackets make a list; a condition stands without them: `if $a == $b {`".to_owned());
    }
    let compared = match found {
        Type::Int => "!= 0",
        Type::Float => "!= 0.0",
        Type::Str => "!= \"\"",
        _ => return None,
    };
    Some(format!("compare it: `{text} {compared}`"))
}

pub(crate) fn line_condition(span: Span, found: &Type) -> Diagnostic {
    condition(span, found).hint("what stands before `?:` decides whether the line counts")
}

pub(crate) fn field_type(span: Span, resource: &Resource, line: &FieldLine, want: &Type, found: &Type) -> Diagnostic {
    let (field, kind) = (&line.name, &resource.kind);
    Diagnostic::error(TYPE_MISMATCH, span, format!("field `{field}` of `{kind}` takes `{want}`, found `{found}`"))
        .here(format!("this is `{found}`"))
        .label(line.name_span, format!("takes `{want}`"))
}

pub(crate) fn meta_value_type(span: Span, kind: Span, name: &str, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`Meta:{name}` takes `{want}`, found `{found}`"))
        .here(format!("this is `{found}`"))
        .label(kind, "of this resource")
}

pub(crate) fn meta_is_no_struct(span: Span, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`Meta` takes a struct of metaparameters, found `{found}`"))
        .hint("write `Meta => struct{noop => true,},`, or one at a time: `Meta:noop => true,`")
}

pub(crate) fn unknown_meta(span: Span, name: &str, meant: Option<&str>) -> Diagnostic {
    Diagnostic::error(UNKNOWN_METAPARAMETER, span, format!("there is no metaparameter `{name}`")).hint(match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`stead explain unknown-metaparameter` lists them".to_owned(),
    })
}

pub(crate) fn not_uniform(span: Span, earlier: &Earlier, want: &Type, found: &Type) -> Diagnostic {
    let message = format!("{} have one type, found `{want}` and `{found}`", earlier.part);
    Diagnostic::error(TYPE_MISMATCH, span, message)
        .here(format!("this is `{found}`"))
        .label_opt(earlier.span, format!("this is `{want}`"))
}

pub(crate) fn argument(span: Span, which: &str, callee: &str, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("{which} of {callee} is `{want}`, found `{found}`"))
        .here(format!("this is `{found}`"))
}

/// Says which call it is about: at the name of the function, where the call begins with one.
pub(crate) fn in_call(diagnostic: Diagnostic, call: Span, name: &str) -> Diagnostic {
    if is_syntax(name) { diagnostic } else { diagnostic.label(head_of(call, name), "in this call") }
}

/// Whether a call is written as something else: `a[b]`, `a->b`, `a in b`.
fn is_syntax(name: &str) -> bool {
    name == "in" || !name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// The name at the beginning of a call or a reference.
pub(crate) fn head_of(call: Span, name: &str) -> Span {
    let length = u32::try_from(name.len()).unwrap_or(0);
    Span::new(call.file, call.start, (call.start + length).min(call.end))
}

pub(crate) fn one_type_for_all_uses(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.hint("a function in a variable has one type for all its uses; `func name(…) {…}` has one for each call")
}

pub(crate) fn interpolated(span: Span, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("a variable in a string is `str`, found `{found}`"))
}

pub(crate) fn default_of_field(span: Span, base: Span, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("the field is `{want}`, but its default is `{found}`"))
        .here(format!("this is `{found}`"))
        .label(base, format!("its field is `{want}`"))
}

pub(crate) fn needle(span: Span, needle: Span, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`in` looks in a `{want}` here, found `{found}`"))
        .here(format!("this is `{found}`"))
        .label(needle, "what is looked for")
}

pub(crate) fn operands(
    call: Span,
    span: Span,
    left: Option<Span>,
    operator: &str,
    want: &Type,
    found: &Type,
) -> Diagnostic {
    match left {
        Some(left) => {
            let message = format!("`{operator}` takes two values of one type, found `{want}` and `{found}`");
            Diagnostic::error(TYPE_MISMATCH, call, message)
                .label(left, format!("this is `{want}`"))
                .label(span, format!("this is `{found}`"))
        }
        None => Diagnostic::error(TYPE_MISMATCH, span, format!("`{operator}` takes `{want}`, found `{found}`"))
            .here(format!("this is `{found}`")),
    }
}

/// `not $x == 5`
pub(crate) fn negated_operand(span: Span, negation: Span, comparison: &str, found: &Type) -> Diagnostic {
    let message = format!("`not` binds tighter than `{comparison}`, and takes `bool`, not `{found}`");
    Diagnostic::error(TYPE_MISMATCH, negation, message).label(span, format!("this is `{found}`"))
}

pub(crate) fn name_type(span: Span, owner: Span, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("a name is `str` or `[]str`, found `{found}`"))
        .here(format!("this is `{found}`"))
        .label(owner.at_start(), "the name of this")
}

pub(crate) fn collect_names(span: Span, found: &Type) -> Diagnostic {
    let message = format!("`collect` takes `str`, `[]str` or `[]struct{{name str; host str}}`, found `{found}`");
    Diagnostic::error(TYPE_MISMATCH, span, message)
}

pub(crate) fn loop_over(span: Span, over_map: bool, found: &Type) -> Diagnostic {
    let (keyword, wants, other) = if over_map { ("forkv", "a map", "for") } else { ("for", "a list", "forkv") };
    let swapped = matches!((over_map, found), (true, Type::List(_)) | (false, Type::Map(..)));
    Diagnostic::error(TYPE_MISMATCH, span, format!("`{keyword}` goes over {wants}, found `{found}`"))
        .here(format!("this is `{found}`"))
        .hint_opt(swapped.then(|| format!("use `{other}`")))
        .hint_opt(
            (*found == Type::Int && !over_map).then_some("to count, use `iter.range`: `for $i, $n in iter.range(10)`"),
        )
}

pub(crate) fn result_differs(span: Span, name: &str, want: &Type, found: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("`{name}` is `{found}` here, but used as `{want}`"))
}

pub(crate) fn infinite_type(span: Span) -> Diagnostic {
    Diagnostic::error(INFINITE_TYPE, span, "the type of this would contain itself")
}

fn plural(count: usize) -> String {
    format!("{count} argument{}", if count == 1 { "" } else { "s" })
}

pub(crate) fn argument_count(span: Span, name: &str, want: usize, found: usize) -> Diagnostic {
    Diagnostic::error(ARGUMENT_COUNT, span, format!("`{name}` takes {}, found {found}", plural(want)))
}

pub(crate) fn argument_count_of_function(span: Span, function: &FunctionDef, found: usize) -> Diagnostic {
    let name = function.name.clone().unwrap_or_default();
    argument_count(span, &name, function.params.len(), found).label(function.span.at_start(), "defined here")
}

pub(crate) fn argument_count_of_builtin(span: Span, name: &Name, schema: &FunctionSchema, found: usize) -> Diagnostic {
    let takes = match schema.arity() {
        (least, None) => format!("at least {}", plural(least)),
        (least, Some(most)) if least == most => plural(least),
        (least, Some(most)) => format!("{least} to {}", plural(most)),
    };
    Diagnostic::error(ARGUMENT_COUNT, span, format!("`{name}` takes {takes}, found {found}")).hint(signature(schema))
}

/// What a function takes. Type variables are explained, as nothing else shows them to a user.
fn signature(schema: &FunctionSchema) -> String {
    let text = schema.signature_text();
    let any = if text.contains("?1") { ", where `?1` is any type" } else { "" };
    format!("it is `{text}`{any}")
}

pub(crate) fn no_function(span: Span, name: &str, found: &Type) -> Diagnostic {
    Diagnostic::error(NOT_A_FUNCTION, span, format!("`{name}` is `{found}`, so it cannot be called"))
}

pub(crate) fn wrong_arguments(call: Span, argument: Option<Span>, name: &Name, error: HookError) -> Diagnostic {
    let message = match is_syntax(name) || error.message.contains(name.as_str()) {
        true => error.message,
        false => format!("`{name}`: {}", error.message),
    };
    let diagnostic = match argument.filter(|it| *it != call) {
        Some(argument) => in_call(Diagnostic::error(WRONG_ARGUMENTS, argument, message), call, name),
        None => Diagnostic::error(WRONG_ARGUMENTS, call, message),
    };
    diagnostic.hint_opt(error.hint)
}

pub(crate) fn unsupported(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(UNSUPPORTED_TYPE, span, message)
}

pub(crate) fn unknown_kind(span: Span, kind: &str, meant: Option<&str>) -> Diagnostic {
    if kind == "class" {
        return Diagnostic::error(UNKNOWN_KIND, span, "a class is no resource, and no edge leads to it")
            .hint("let the edge lead to a resource that the class states");
    }
    Diagnostic::error(UNKNOWN_KIND, span, format!("there is no resource kind `{kind}`")).hint(match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`stead docs` lists the kinds".to_owned(),
    })
}

/// `web "site" {}` where `web` is a class.
pub(crate) fn class_as_kind(span: Span, class: &Class) -> Diagnostic {
    let name = &class.name;
    let params: Vec<String> = class.params.iter().map(|param| format!("${}", param.name)).collect();
    let arguments = if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) };
    Diagnostic::error(UNKNOWN_KIND, span, format!("`{name}` is a class, not a kind of resource"))
        .label(class.span, "the class")
        .hint(format!("write `include {name}{arguments}`"))
}

/// What other tools call a kind.
pub(crate) fn foreign_kind(name: &str) -> Option<&'static str> {
    Some(match name {
        "package" | "apt" | "dnf" | "yum" | "packages" => "pkg",
        "service" | "systemd" | "systemd:unit" => "svc",
        "command" | "shell" | "script" | "execute" | "run" => "exec",
        "directory" | "folder" | "dir" | "copy" | "template" | "symlink" | "link" => "file",
        "lineinfile" | "file:line" => "line",
        "debug" | "echo" | "notify" => "print",
        "log" => "msg",
        _ => return None,
    })
}

/// What other tools call a field: what may be meant here, the likeliest first.
pub(crate) fn foreign_fields(name: &str) -> &'static [&'static str] {
    match name {
        "ensure" | "present" => &["state"],
        "enable" | "enabled" => &["startup"],
        "permissions" | "perms" | "chmod" => &["mode"],
        "user" | "chown" => &["owner"],
        "command" => &["cmd"],
        "text" | "message" | "body" => &["content", "msg"],
        "src" => &["source"],
        "dest" | "target" => &["path"],
        "onlyif" => &["ifcmd"],
        "unless" => &["nifcmd"],
        "environment" => &["env"],
        "directory" | "chdir" => &["cwd"],
        _ => &[],
    }
}

/// What other tools write into a resource and is written otherwise here.
fn foreign_line(name: &str) -> Option<&'static str> {
    Some(match name {
        "when" => "put the resource into `if … { … }`, or the condition before a value: `field => condition ?: value`",
        "loop" | "with_items" | "for_each" | "count" => {
            "a list of names makes a resource of each, `kind [\"a\", \"b\"] { … }`; so does `for $i, $x in $list { … }`"
        }
        "depends_on" => "an edge is a line of its own: `Depend => Kind[\"name\"],`",
        "register" => "a value is handed on by an edge: `Exec[\"name\"].output -> File[\"/x\"].content`",
        "become" | "sudo" => "resources are made by whoever runs stead; `exec` has `user`",
        "tags" | "tag" => "there are no tags; resources of one class can be in a class of their own",
        _ => return None,
    })
}

pub(crate) fn unknown_field(span: Span, field: &str, schema: &KindSchema, meant: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_FIELD, span, format!("`{}` has no field `{field}`", schema.name));
    match meant {
        Some(meant) => diagnostic.hint(format!("did you mean `{meant}`?")),
        None if foreign_line(field).is_some() => diagnostic.hint_opt(foreign_line(field)),
        None => diagnostic.hint(
            listed("it has", schema.fields.iter().map(|field| field.name))
                .unwrap_or_else(|| format!("`stead docs {}` lists its fields", schema.name)),
        ),
    }
}

/// A list of names, where there are few enough to read.
fn listed(verb: &str, names: impl Iterator<Item = &'static str>) -> Option<String> {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    (1..=12).contains(&names.len()).then(|| format!("{verb} {}", names.join(", ")))
}

pub(crate) fn sends_nothing(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error(CANNOT_SEND, span, format!("resources of kind `{kind}` send nothing"))
}

pub(crate) fn receives_nothing(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::error(CANNOT_RECEIVE, span, format!("resources of kind `{kind}` receive nothing"))
}

pub(crate) fn unknown_send(span: Span, name: &str, schema: &KindSchema) -> Diagnostic {
    let diagnostic = Diagnostic::error(CANNOT_SEND, span, format!("`{}` does not send `{name}`", schema.name));
    match ::diag::closest(name, schema.sends.iter().map(|field| field.name)) {
        Some(meant) => diagnostic.hint(format!("did you mean `{meant}`?")),
        None => diagnostic.hint_opt(listed("it sends", schema.sends.iter().map(|field| field.name))),
    }
}

pub(crate) fn transfer_types(transfer: &Transfer, sent: &Type, field: &Type) -> Diagnostic {
    let (send, receive) = (&transfer.send, &transfer.receive);
    let message = format!("`{send}` is `{sent}`, but field `{receive}` takes `{field}`");
    Diagnostic::error(TYPE_MISMATCH, transfer.span, message)
        .label(transfer.send_span, format!("sends `{sent}`"))
        .label(transfer.receive_span, format!("takes `{field}`"))
}

pub(crate) fn unhashable_key(span: Span, key: &Type) -> Diagnostic {
    Diagnostic::error(UNHASHABLE_KEY, span, format!("`{key}` cannot be the key of a map"))
        .hint("keys are `bool`, `str`, `int`, `float`, or structs of these")
}

pub(crate) fn function_as_field(span: Span, ty: &Type) -> Diagnostic {
    Diagnostic::error(TYPE_MISMATCH, span, format!("a field takes no function, found `{ty}`"))
        .hint("call it, and give the field what it returns")
}

pub(crate) fn ambiguous(span: Span, ty: &Type) -> Diagnostic {
    Diagnostic::error(AMBIGUOUS_TYPE, span, "nothing says which type this is")
        .here(format!("this is `{ty}`"))
        .hint("write the type where it is defined, as in `$x []str = []`")
}

pub(crate) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error(TYPE_TOO_LARGE, span, "the type of this is too large or nested too deeply")
}

pub(crate) fn too_many_instances(span: Span, budget: usize) -> Diagnostic {
    let message = format!("calls and includes expand to more than {budget} expressions");
    Diagnostic::error(TOO_MANY_INSTANCES, span, message).here("the limit is reached here")
}

/// How to make both operands one type: an int can become a float.
pub(crate) fn common_type(want: &Type, found: &Type, left: &str, right: &str) -> Option<String> {
    match (want, found) {
        (Type::Int, Type::Float) => conversion(found, want, left),
        (Type::Int, Type::Str) => conversion(found, want, left),
        _ => conversion(want, found, right),
    }
}

/// How to make one type of another.
pub(crate) fn conversion(want: &Type, found: &Type, text: &str) -> Option<String> {
    let call = |function: &str| Some(format!("convert it: `{function}({text})`"));
    let print = |verb: &str| Some(format!("convert it: `fmt.printf(\"%{verb}\", {text})`"));
    match (want, found) {
        (Type::Str, Type::Int | Type::Float) if text.parse::<f64>().is_ok() => {
            Some(format!("write it as text: `\"{text}\"`"))
        }
        (Type::Int | Type::Float | Type::Bool, Type::Str) if is_quoted(text, want) => {
            Some(format!("write it without quotes: `{}`", text.trim_matches('"')))
        }
        (Type::Bool, Type::Str) if text.starts_with('"') => Some("write `true` or `false`, without quotes".to_owned()),
        (Type::Bool, Type::Int) if text.parse::<i64>().is_ok() => Some("write `true` or `false`".to_owned()),
        (Type::Int, Type::Str) if text.starts_with('"') => Some("write a whole number, without quotes".to_owned()),
        (Type::Float, Type::Str) if text.starts_with('"') => {
            Some("write a number with a fraction, without quotes".to_owned())
        }
        (Type::Int, Type::Float) if text.ends_with(".0") => Some(format!("write `{}`", text.trim_end_matches(".0"))),
        (Type::Int, Type::Float) if text.parse::<f64>().is_ok() => Some("write a whole number".to_owned()),
        (Type::Func(want), Type::Func(found)) if want.params.len() != found.params.len() => {
            Some(format!("it takes a function of {}, not of {}", plural(want.params.len()), found.params.len()))
        }
        (Type::Str, Type::Int) => print("d"),
        (Type::Str, Type::Float) => print("f"),
        (Type::Str, Type::Bool) => print("t"),
        (Type::Str, Type::List(element)) if **element == Type::Str => {
            Some(format!("join the list, `strings.join_nonempty({text}, \",\")`, or take one element, `{text}[0]`"))
        }
        (Type::Str, Type::List(_) | Type::Map(..) | Type::Struct(_)) => print("v"),
        (Type::Int, Type::Str) => call("convert.str_to_int"),
        (Type::Float, Type::Str) => call("convert.str_to_float"),
        (Type::Bool, Type::Str) => call("convert.parse_bool"),
        (Type::Int, Type::Float) => call("convert.to_int"),
        (Type::Float, Type::Int) if text.parse::<i64>().is_ok() => Some(format!("write it as a float: `{text}.0`")),
        (Type::Float, Type::Int) => call("convert.to_float"),
        (Type::List(element), found) if **element == *found => Some(format!("make a list of it: `[{text}]`")),
        (Type::Struct(want), Type::Struct(found)) => {
            if let Some(missing) = want.iter().find(|field| found.iter().all(|it| it.name != field.name)) {
                return Some(format!("field `{}` is missing", missing.name));
            }
            if let Some(more) = found.iter().find(|field| want.iter().all(|it| it.name != field.name)) {
                return Some(format!("there is no field `{}`", more.name));
            }
            let differs = want.iter().find_map(|field| {
                let other = found.iter().find(|it| it.name == field.name)?;
                (other.ty != field.ty).then_some((field, other))
            });
            match differs {
                Some((want, found)) => Some(format!("field `{}` is `{}`, not `{}`", want.name, want.ty, found.ty)),
                None => Some("the order of the fields is part of the type of a struct".to_owned()),
            }
        }
        _ => None,
    }
}

/// Whether a text, quotes included, is a literal of this type once the quotes are gone.
fn is_quoted(text: &str, want: &Type) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    match want {
        Type::Int => inner.parse::<i64>().is_ok(),
        Type::Float => inner.contains('.') && inner.parse::<f64>().is_ok(),
        _ => matches!(inner, "true" | "false"),
    }
}
