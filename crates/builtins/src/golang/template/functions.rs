//! The functions that a template can call: those of Go's `text/template`, and those of the language that have one type.

use super::datum::{Datum, field};
use super::format::{sprint, sprintf};
use crate::strings::bytes::characters;
use schema::{Body, Function, Signature};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use value::{FuncType, Type, Value};

/// What a name in a template stands for.
#[derive(Clone, Copy)]
pub(super) enum Callee {
    /// `and` (`false`) or `or` (`true`): evaluates only as many arguments as it takes to know.
    Logic(bool),
    /// A function of the template language.
    Builtin(&'static Builtin),
    /// A function of the language.
    Catalog(&'static CatalogFunction),
}

/// A function of the template language.
pub(super) struct Builtin {
    name: &'static str,
    /// How many arguments it takes at least, and whether it takes more.
    pub(super) arity: usize,
    pub(super) variadic: bool,
    pub(super) call: fn(&[Datum]) -> Result<Datum, String>,
}

/// A function of the language with what a call needs.
pub(super) struct CatalogFunction {
    pub(super) function: &'static Function,
    pub(super) ty: FuncType,
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<Callee> {
    match name {
        "and" => Some(Callee::Logic(false)),
        "or" => Some(Callee::Logic(true)),
        _ => match BUILTINS.iter().find(|it| it.name == name) {
            Some(builtin) => Some(Callee::Builtin(builtin)),
            None => CATALOG.get(name).map(Callee::Catalog),
        },
    }
}

/// What to do about a name that no function has. `follows` is what stands behind it, as the `.join` of `strings.join`.
pub(super) fn meant(name: &str, follows: Option<&str>) -> Option<String> {
    if let Some(field) = follows {
        let whole = format!("{name}_{}", field.trim_start_matches('.'));
        if find(&whole).is_some() {
            return Some(format!("in a template it is `{whole}`"));
        }
        return refused(&whole);
    }
    let bare = format!("_{name}");
    if find(&bare).is_some() {
        return Some(format!("in a template it is `{bare}`"));
    }
    refused(name).or_else(|| refused(&bare)).or_else(|| {
        let builtins = BUILTINS.iter().map(|it| it.name);
        let names = || builtins.clone().chain(CATALOG.keys().map(String::as_str));
        let same_ending = || CATALOG.keys().map(String::as_str).find(|it| it.ends_with(&bare));
        diag::closest(name, names()).or_else(same_ending).map(|it| format!("did you mean `{it}`?"))
    })
}

/// What to do about a function of the language that a template cannot call.
fn refused(name: &str) -> Option<String> {
    let is_it = |function: &&&Function| name_of(function) == name && !function.schema.name.starts_with('_');
    let function = crate::functions().iter().find(is_it)?.schema.full_name();
    Some(format!(
        "a template cannot call `{function}`, whose type depends on its arguments: call it outside and hand its value in, as in \
         `golang.template(\"{{{{ .X }}}}\", struct{{x => {function}(…)}})`"
    ))
}

/// The name of a function in templates: `net.url_parser` is `net_url_parser`, `concat` is `_concat`.
fn name_of(function: &Function) -> String {
    let schema = &function.schema;
    format!("{}_{}", schema.module.replace(['.', '/'], "_"), schema.name)
}

/// The functions of the language with concrete types, by the name they have in templates. What has another type for each
/// call, and what calls other functions, has no type that its arguments could be held against.
static CATALOG: LazyLock<BTreeMap<String, CatalogFunction>> = LazyLock::new(|| {
    let mut functions = BTreeMap::new();
    for &function in crate::functions() {
        let schema = &function.schema;
        let (Body::Pure(_) | Body::Stream { .. }, Signature::Fixed(ty)) = (&function.body, &schema.signature) else {
            continue;
        };
        let ty = ty();
        let is_concrete = Type::Func(ty.clone().into()).is_concrete();
        let is_plain = schema.params.iter().all(|param| !param.optional && !param.variadic);
        if is_concrete && is_plain && !schema.name.starts_with('_') {
            functions.insert(name_of(function), CatalogFunction { function, ty });
        }
    }
    functions
});

/// One row of [`BUILTINS`].
const fn builtin(
    name: &'static str,
    arity: usize,
    variadic: bool,
    call: fn(&[Datum]) -> Result<Datum, String>,
) -> Builtin {
    Builtin { name, arity, variadic, call }
}

static BUILTINS: &[Builtin] = &[
    builtin("call", 1, true, call),
    builtin("eq", 1, true, equal),
    builtin("ge", 2, false, |it| Ok(Datum::bool(compare(it)? != Some(Ordering::Less) && compare(it)?.is_some()))),
    builtin("gt", 2, false, |it| Ok(Datum::bool(compare(it)? == Some(Ordering::Greater)))),
    builtin("html", 0, true, |it| Ok(Datum::text(escape_html(&joined(it))))),
    builtin("index", 1, true, index),
    builtin("js", 0, true, |it| Ok(Datum::text(escape_js(&joined(it))))),
    builtin("le", 2, false, |it| Ok(Datum::bool(compare(it)?.is_some_and(Ordering::is_le)))),
    builtin("len", 1, false, length),
    builtin("lt", 2, false, |it| Ok(Datum::bool(compare(it)? == Some(Ordering::Less)))),
    builtin("ne", 2, false, |it| equal(it).map(|equal| Datum::bool(!equal.is_true()))),
    builtin("not", 1, false, |it| Ok(Datum::bool(!it[0].is_true()))),
    builtin("print", 0, true, |it| Ok(Datum::text(sprint(it)))),
    builtin("printf", 1, true, printf),
    builtin("println", 0, true, println),
    builtin("slice", 1, true, slice),
    builtin("urlquery", 0, true, |it| Ok(Datum::text(escape_query(&joined(it))))),
];

/// There are no functions among the values that a template sees.
fn call(arguments: &[Datum]) -> Result<Datum, String> {
    match &arguments[0] {
        Datum::Nothing => Err("call of nil".to_owned()),
        other => Err(format!("non-function of type {}", other.type_name())),
    }
}

/// Whether the first argument equals one of the others.
fn equal(arguments: &[Datum]) -> Result<Datum, String> {
    let [first, others @ ..] = arguments else { return Err("missing argument for comparison".to_owned()) };
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        let equal = match (kind(first), kind(other)) {
            _ if matches!(first, Datum::Nothing) || matches!(other, Datum::Nothing) => {
                matches!((first, other), (Datum::Nothing, Datum::Nothing))
            }
            (Kind::Int, Kind::Int) => first.as_int() == other.as_int(),
            (Kind::Other, Kind::Other) => match (first, other) {
                (Datum::Key(a), Datum::Key(b)) => a == b,
                _ => {
                    let shown = sprintf(b"%s", std::slice::from_ref(first));
                    let shown = String::from_utf8_lossy(&shown);
                    return Err(format!("non-comparable type {shown}: {}", first.type_name()));
                }
            },
            (a, b) if a == b => match (first, other) {
                (Datum::Value(a), Datum::Value(b)) => a.equals(b),
                _ => false,
            },
            _ => return Err("incompatible types for comparison".to_owned()),
        };
        if equal {
            return Ok(Datum::bool(true));
        }
    }
    Ok(Datum::bool(false))
}

/// The order of two arguments; none where one is NaN.
fn compare(arguments: &[Datum]) -> Result<Option<Ordering>, String> {
    let (a, b) = (&arguments[0], &arguments[1]);
    match (a, b) {
        _ if kind(a) == Kind::Other || kind(b) == Kind::Other => Err("invalid type for comparison".to_owned()),
        _ if kind(a) != kind(b) => Err("incompatible types for comparison".to_owned()),
        (Datum::Value(Value::Str(a)), Datum::Value(Value::Str(b))) => Ok(Some(a.cmp(b))),
        (Datum::Value(Value::Float(a)), Datum::Value(Value::Float(b))) => Ok(a.partial_cmp(b)),
        _ => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
            _ => Err("invalid type for comparison".to_owned()),
        },
    }
}

/// Kinds of values that can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Text,
    Int,
    Float,
    Other,
}

fn kind(datum: &Datum) -> Kind {
    match datum {
        Datum::Int(_) | Datum::Value(Value::Int(_)) => Kind::Int,
        Datum::Value(Value::Bool(_)) => Kind::Bool,
        Datum::Value(Value::Str(_)) => Kind::Text,
        Datum::Value(Value::Float(_)) => Kind::Float,
        _ => Kind::Other,
    }
}

fn length(arguments: &[Datum]) -> Result<Datum, String> {
    let length = match &arguments[0] {
        Datum::Value(Value::Str(text)) => text.len(),
        Datum::Value(Value::List(values)) => values.len(),
        Datum::Value(Value::Map(entries)) => entries.len(),
        Datum::Value(Value::Struct(fields)) => fields.len(),
        Datum::Nothing => return Err("len of nil pointer".to_owned()),
        other => return Err(format!("len of type {}", other.type_name())),
    };
    Ok(Datum::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// The element of lists and maps, one index after the other.
fn index(arguments: &[Datum]) -> Result<Datum, String> {
    let (item, indexes) = arguments.split_first().expect("the arity was checked");
    let mut item = item.clone();
    if matches!(item, Datum::Nothing) {
        return Err("index of untyped nil".to_owned());
    }
    for at in indexes {
        item = match &item {
            Datum::Value(Value::List(values)) => Datum::Value(values[position(at, values.len(), false)?].clone()),
            Datum::Value(Value::Str(text)) => Datum::Int(text[position(at, text.len(), false)?].into()),
            Datum::Value(Value::Map(entries)) => entry(entries, at)?,
            Datum::Value(Value::Struct(fields)) => match at.as_text() {
                Some(name) => field(fields, &name.to_text()).cloned().map_or(Datum::Nothing, Datum::Value),
                None => return Err(wrong_key(at, "string")),
            },
            Datum::Nothing => return Err("index of nil pointer".to_owned()),
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(item)
}

/// The element of a map. Where there is none, Go has the zero value of the type of the elements.
fn entry(entries: &BTreeMap<Value, Value>, at: &Datum) -> Result<Datum, String> {
    let key = match at {
        Datum::Nothing => None,
        Datum::Int(number) => Some(Value::Int(*number)),
        Datum::Value(value) => Some(value.clone()),
        Datum::Key(fields) => Some(Value::Struct(fields.clone())),
    };
    let Some((first, value)) = entries.first_key_value() else { return Ok(Datum::Nothing) };
    let Some(key) = key.filter(|key| key.kind() == first.kind()) else {
        return Err(wrong_key(at, &Datum::key(first).type_name()));
    };
    Ok(match entries.get(&key) {
        Some(value) => Datum::Value(value.clone()),
        // Of these, elements are of no particular type: there is no zero of it.
        None if matches!(first, Value::Str(_)) => Datum::Nothing,
        None => match value {
            Value::Bool(_) => Datum::bool(false),
            Value::Str(_) => Datum::text(""),
            Value::Int(_) => Datum::Value(Value::Int(0)),
            Value::Float(_) => Datum::Value(Value::Float(0.0)),
            Value::List(_) => Datum::Value(Value::list([])),
            Value::Map(_) | Value::Struct(_) => Datum::Value(Value::map([])),
            Value::Func(_) => Datum::Nothing,
        },
    })
}

fn wrong_key(key: &Datum, wanted: &str) -> String {
    match key {
        Datum::Nothing => format!("value is nil; should be of type {wanted}"),
        other => format!("value has type {}; should be {wanted}", other.type_name()),
    }
}

/// An index into so many elements; the end itself only where asked for.
fn position(index: &Datum, length: usize, end: bool) -> Result<usize, String> {
    let number = match index {
        Datum::Nothing => return Err("cannot index slice/array with nil".to_owned()),
        other => other.as_int().ok_or_else(|| format!("cannot index slice/array with type {}", other.type_name()))?,
    };
    let at = usize::try_from(number).ok().filter(|at| *at < length || end && *at == length);
    at.ok_or_else(|| format!("index out of range: {number}"))
}

/// A part of a list or string.
fn slice(arguments: &[Datum]) -> Result<Datum, String> {
    let (item, indexes) = arguments.split_first().expect("the arity was checked");
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()));
    }
    let length = match item {
        Datum::Nothing => return Err("slice of untyped nil".to_owned()),
        Datum::Value(Value::Str(_)) if indexes.len() == 3 => return Err("cannot 3-index slice a string".to_owned()),
        Datum::Value(Value::Str(text)) => text.len(),
        Datum::Value(Value::List(values)) => values.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length, true)?;
    }
    let [low, high, most] = bounds;
    if low > high {
        return Err(format!("invalid slice index: {low} > {high}"));
    }
    if high > most {
        return Err(format!("invalid slice index: {high} > {most}"));
    }
    Ok(match item {
        Datum::Value(Value::Str(text)) => Datum::text(&text[low..high]),
        Datum::Value(Value::List(values)) => Datum::Value(Value::list(values[low..high].iter().cloned())),
        _ => Datum::Nothing,
    })
}

fn printf(arguments: &[Datum]) -> Result<Datum, String> {
    let format = arguments[0].as_text().ok_or_else(|| match &arguments[0] {
        Datum::Nothing => "invalid value; expected string".to_owned(),
        other => format!("wrong type for value; expected string; got {}", other.type_name()),
    })?;
    Ok(Datum::text(sprintf(format, &arguments[1..])))
}

fn println(arguments: &[Datum]) -> Result<Datum, String> {
    let mut out = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        argument.print(&mut out);
    }
    out.push(b'\n');
    Ok(Datum::text(out))
}

/// The arguments of an escaping function as one text.
fn joined(arguments: &[Datum]) -> Cow<'_, [u8]> {
    match arguments {
        [Datum::Value(Value::Str(text))] => Cow::Borrowed(text),
        _ => {
            let shown: Vec<_> = arguments
                .iter()
                .map(|it| if matches!(it, Datum::Nothing) { Datum::text("<no value>") } else { it.clone() })
                .collect();
            Cow::Owned(sprint(&shown))
        }
    }
}

fn escape_html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'\0' => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
    out
}

fn escape_js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (character, bytes) in characters(text) {
        match character {
            Some('\\') => out.extend_from_slice(b"\\\\"),
            Some('\'') => out.extend_from_slice(b"\\'"),
            Some('"') => out.extend_from_slice(b"\\\""),
            Some(c @ ('<' | '>' | '&' | '=' | '\0'..='\u{1f}')) => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            Some(c) if !c.is_ascii() && value::quote(bytes).len() != bytes.len() + 2 => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            _ => out.extend_from_slice(bytes),
        }
    }
    out
}

fn escape_query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' | b'~' => out.push(byte),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{find, meant};

    #[test]
    fn functions_with_concrete_types_can_be_called() {
        let families = [
            ("convert", "to_float to_int int_to_str str_to_int str_to_float parse_bool format_bool"),
            ("datetime", "format hour print weekday now str_now weekday_fast"),
            ("deploy", "abspath binary_path bootstrap_packages readfile"),
            ("encoding", "base64_encode base64_decode"),
            ("example", "answer errorbool int2str plus str2int nested_hello"),
            ("math", "minus1 pow sqrt"),
            ("net", "cidr_to_ip cidr_to_mask ip_in_cidr is_mac macfmt oldmacfmt split_hostport url_parser"),
            ("os", "args parse_distro_uid release expand_home family is_family_debian home is_virtual uid readfile"),
            ("sys", "getenv hasenv env hostname load"),
            ("util", "hostname_mapper"),
            ("test", "one_instance_b slow_string"),
            ("world", "getval kvlookup"),
            ("regexp", "match"),
            ("strings", "contains has_prefix has_suffix join_nonempty left_pad replace_all right_pad split substr"),
            ("strings", "to_lower to_upper trim_space"),
            (
                "golang",
                "strings_join math_sqrt strconv_atoi path_base path_filepath_rel html_escape_string math_rand_int",
            ),
            ("", "concat panic_debug"),
        ];
        for (module, names) in families {
            for name in names.split(' ') {
                assert!(find(&format!("{module}_{name}")).is_some(), "{module}_{name}");
            }
        }
    }

    #[test]
    fn what_has_no_type_of_its_own_cannot_be_called() {
        for name in ["_len", "_contains", "map_keys", "math_mod", "fmt_printf", "golang_template", "__operator"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_says_what_was_meant() {
        for (name, follows, hint) in [
            ("datetime", Some(".now"), Some("in a template it is `datetime_now`")),
            ("concat", None, Some("in a template it is `_concat`")),
            ("datetime_pint", None, Some("did you mean `datetime_print`?")),
            ("pritnf", None, Some("did you mean `printf`?")),
            ("url_parser", None, Some("did you mean `net_url_parser`?")),
            ("qqqqqqqqqq", None, None),
        ] {
            assert_eq!(meant(name, follows).as_deref(), hint, "{name}");
        }
        for (name, follows) in [("map_keys", None), ("map", Some(".keys"))] {
            let hint = meant(name, follows).unwrap_or_default();
            assert!(hint.contains("`golang.template(\"{{ .X }}\", struct{x => map.keys(…)})`"), "{hint}");
        }
    }
}
