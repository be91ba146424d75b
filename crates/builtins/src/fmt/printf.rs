//! `fmt.printf`: a format and its values.
//!
//! Where the format is known before the program runs, it gives the types of the other arguments, so that a mistake is
//! found then; where it is not, it is found when the format has a value.

use macros::builtin;
use schema::{Argument, CallSite, HookError};
use value::{Failure, FuncType, Name, Str, Type, Value, float_text, quote};

/// A text made of a format and values for its verbs.
///
/// The verbs are `%s` for a str, `%q` for a str in quotes, `%d` for an int, `%f` for a float, `%t` for a bool, `%v` for
/// any value, `%T` for the type of any value, and `%%` for a percent sign. There are no widths and precisions.
///
/// ```mcl
/// fmt.printf("%s has %d cores", "web1", 8) # => "web1 has 8 cores"
/// fmt.printf("%v is a %T", [1, 2], [1, 2]) # => "[1, 2] is a []int"
/// fmt.printf("100%%") # => "100%"
/// ```
#[builtin(module = "fmt", since = "0.1", signature = "func(format str, …) str", hook = type_of_format, folds)]
fn printf(
    site: &CallSite<'_>,
    /// The format.
    format: &Str,
    /// A value for each verb.
    #[variadic]
    values: &[Value],
) -> Result<Str, Failure> {
    let mut out = Vec::with_capacity(format.len());
    let mut used = 0;
    for piece in pieces(format) {
        let verb = match piece.map_err(|at| Failure::fatal(invalid(at)))? {
            Piece::Text(text) => {
                out.extend_from_slice(text);
                continue;
            }
            Piece::Verb(verb) => verb,
        };
        let Some(value) = values.get(used) else {
            let specifiers = pieces(format).filter(|piece| matches!(piece, Ok(Piece::Verb(_)))).count();
            return Err(Failure::fatal(format!("more specifiers ({specifiers}) than values ({})", values.len())));
        };
        used += 1;
        write(&mut out, verb, value, site.ty.params.get(used).map(|param| &param.ty))?;
    }
    Ok(out.into())
}

/// What a verb asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Bool,
    Str,
    Quoted,
    Int,
    Float,
    Any,
    TypeOf,
}

impl Verb {
    fn of(byte: u8) -> Option<Verb> {
        Some(match byte {
            b't' => Verb::Bool,
            b's' => Verb::Str,
            b'q' => Verb::Quoted,
            b'd' => Verb::Int,
            b'f' => Verb::Float,
            b'v' => Verb::Any,
            b'T' => Verb::TypeOf,
            _ => return None,
        })
    }

    /// How it is written.
    fn text(self) -> &'static str {
        match self {
            Verb::Bool => "%t",
            Verb::Str => "%s",
            Verb::Quoted => "%q",
            Verb::Int => "%d",
            Verb::Float => "%f",
            Verb::Any => "%v",
            Verb::TypeOf => "%T",
        }
    }

    /// What to write for a value of a type.
    fn hint(ty: &Type) -> String {
        let of_type =
            [Verb::Bool, Verb::Str, Verb::Int, Verb::Float].into_iter().find(|verb| verb.ty().as_ref() == Some(ty));
        format!("`{ty}` is written by `{}`", of_type.unwrap_or(Verb::Any).text())
    }

    /// The type it takes, where that is only one.
    fn ty(self) -> Option<Type> {
        match self {
            Verb::Bool => Some(Type::Bool),
            Verb::Str | Verb::Quoted => Some(Type::Str),
            Verb::Int => Some(Type::Int),
            Verb::Float => Some(Type::Float),
            Verb::Any | Verb::TypeOf => None,
        }
    }
}

/// A part of a format.
enum Piece<'a> {
    Text(&'a [u8]),
    Verb(Verb),
}

/// The parts of a format, or the byte of a verb that there is not. A single `%` at the end is dropped.
fn pieces(format: &[u8]) -> impl Iterator<Item = Result<Piece<'_>, usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &format[at..];
        if rest.first() != Some(&b'%') {
            let length = rest.iter().position(|&byte| byte == b'%').unwrap_or(rest.len());
            at += length;
            return (length > 0).then_some(Ok(Piece::Text(&rest[..length])));
        }
        let &byte = rest.get(1)?;
        at += 2;
        Some(match (byte, Verb::of(byte)) {
            (b'%', _) => Ok(Piece::Text(b"%")),
            (_, Some(verb)) => Ok(Piece::Verb(verb)),
            (_, None) => Err(at - 1),
        })
    })
}

fn write(out: &mut Vec<u8>, verb: Verb, value: &Value, ty: Option<&Type>) -> Result<(), Failure> {
    let text = match (verb, value) {
        (Verb::TypeOf, _) => match ty {
            Some(ty) if ty.is_concrete() => ty.to_string(),
            _ => return Err(Failure::fatal("the type of a value is not known")),
        },
        (Verb::Str | Verb::Any, Value::Str(text)) => {
            out.extend_from_slice(text);
            return Ok(());
        }
        (Verb::Quoted, Value::Str(text)) => quote(text),
        (Verb::Float, Value::Float(value)) => float_text(*value),
        (Verb::Any, value) | (Verb::Bool, value @ Value::Bool(_)) | (Verb::Int, value @ Value::Int(_)) => {
            value.to_string()
        }
        (verb, value) => {
            let want = verb.ty().map_or("", |ty| ty.kind());
            return Err(Failure::fatal(format!("a verb of the format takes `{want}`, found `{}`", value.kind())));
        }
    };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn invalid(at: usize) -> String {
    format!("invalid format string at {at}")
}

fn type_of_format(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let Some((format, values)) = arguments.split_first() else {
        return Err(HookError::new("must have at least one arg"));
    };
    let verbs = known_verbs(format)?;
    if let Some(verbs) = &verbs
        && verbs.len() != values.len()
    {
        let (have, want) = (values.len(), verbs.len());
        let values = if want == 1 { "value" } else { "values" };
        return Err(HookError::new(format!("the format takes {want} {values}, found {have}")));
    }
    let mut params = vec![(Name::from("format"), Type::Str)];
    for (at, value) in values.iter().enumerate() {
        let wanted = verbs.as_ref().and_then(|verbs| verbs[at].ty());
        if let (Some(want), Some(found)) = (&wanted, &value.ty)
            && !matches!(found, Type::Var(_) | Type::Error)
            && want != found
        {
            let verb = verbs.as_ref().map_or("", |verbs| verbs[at].text());
            let error = HookError::at(at + 1, format!("`{verb}` takes `{want}`, found `{found}`"));
            return Err(error.hint(Verb::hint(found)));
        }
        // Nobody can write so many arguments that their numbers do not fit.
        let fresh = || Type::Var(u32::try_from(at).unwrap_or(u32::MAX));
        let ty = wanted.or_else(|| value.ty.clone().filter(Type::is_concrete)).unwrap_or_else(fresh);
        params.push((letters(at), ty));
    }
    Ok(FuncType::new(params, Type::Str))
}

/// The verbs of a format, where it is known.
fn known_verbs(format: &Argument) -> Result<Option<Vec<Verb>>, HookError> {
    let format = match (&format.value, &format.ty) {
        (Some(Value::Str(format)), _) => format,
        (None, None | Some(Type::Str | Type::Var(_) | Type::Error)) => return Ok(None),
        (Some(value), _) => return Err(no_format(value.kind())),
        (None, Some(ty)) => return Err(no_format(&ty.to_string())),
    };
    let mut verbs = Vec::new();
    for piece in pieces(format) {
        match piece {
            Ok(Piece::Verb(verb)) => verbs.push(verb),
            Ok(Piece::Text(_)) => {}
            Err(at) => {
                let verb = String::from_utf8_lossy(&format[at..]).chars().next().unwrap_or_default();
                let error = HookError::at(0, format!("there is no verb `%{verb}`"));
                let hint = "the verbs are `%s`, `%q`, `%d`, `%f`, `%t`, `%v` and `%T`; a percent sign is `%%`";
                return Err(error.within(at - 1..at + verb.len_utf8()).hint(hint));
            }
        }
    }
    Ok(Some(verbs))
}

fn no_format(found: &str) -> HookError {
    HookError::at(0, format!("the format is `str`, found `{found}`"))
        .hint("the first argument says where the others go, as in `fmt.printf(\"%d\", $x)`")
}

/// The name of a parameter: `a` to `z`, `aa`, `ab` and so on.
fn letters(mut at: usize) -> Name {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + (at % 26) as u8));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    letters.into_iter().rev().collect()
}
