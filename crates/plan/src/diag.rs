//! What the user is told about resources that do not go together.

use crate::plan::Problem;
use ::diag::{Diagnostic, closest, codes::types, codes::values as codes};
use resource::{Edge, FieldError, Identity, Invalid, Key, MetaError, Transfer};
use span::Span;
use value::Type;

/// About a statement, or about no text where there is none.
fn at(code: ::diag::Code, span: Option<Span>, message: String) -> Diagnostic {
    match span {
        Some(span) => Diagnostic::error(code, span, message),
        None => Diagnostic::placeless(code, message),
    }
}

pub(crate) fn unknown_kind(key: &Key, span: Option<Span>) -> Problem {
    Box::new(at(types::UNKNOWN_KIND, span, format!("there is no resource kind `{}`", key.kind)))
}

pub(crate) fn field(key: &Key, error: &FieldError, span: Option<Span>) -> Problem {
    Box::new(at(codes::INVALID_RESOURCE, span, format!("{key}: {error}")).line(&error.field))
}

pub(crate) fn unknown_field(key: &Key, field: &str, known: &[&str], span: Option<Span>) -> Problem {
    Box::new(
        at(types::UNKNOWN_FIELD, span, format!("kind `{}` has no field `{field}`", key.kind))
            .hint_opt(closest(field, known.iter().copied()).map(|it| format!("did you mean `{it}`?"))),
    )
}

pub(crate) fn meta(key: &Key, error: &MetaError, span: Option<Span>) -> Problem {
    let line = format!("Meta:{}", error.name);
    Box::new(at(codes::INVALID_RESOURCE, span, format!("{key}: {line}: {error}")).line(line))
}

pub(crate) fn invalid(key: &Key, invalid: &Invalid, span: Option<Span>) -> Problem {
    let mut diagnostic = at(codes::INVALID_RESOURCE, span, format!("{key}: {invalid}")).hint_opt(invalid.hint.clone());
    diagnostic.line = invalid.field.map(str::to_owned);
    Box::new(diagnostic)
}

pub(crate) fn no_name(key: &Key, span: Option<Span>) -> Problem {
    Box::new(at(codes::INVALID_RESOURCE, span, format!("a resource of the kind `{}` has no name", key.kind)))
}

pub(crate) fn duplicate(key: &Key, differences: &[String], span: Option<Span>, first: Option<Span>) -> Problem {
    let difference = match differences {
        [] => "its metaparameters differ".to_owned(),
        [one] => format!("`{one}` differs"),
        many => many.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" and ") + " differ",
    };
    Box::new(
        at(codes::DUPLICATE_RESOURCE, span, format!("{key} is stated twice, and {difference}"))
            .label_opt(first, "stated here first")
            .hint("state it once, or give the two different names"),
    )
}

pub(crate) fn clashing_exports(key: &Key, host: &str, span: Option<Span>, first: Option<Span>) -> Problem {
    let to = if host == "*" { "all hosts".to_owned() } else { format!("`{host}`") };
    Box::new(
        at(codes::DUPLICATE_RESOURCE, span, format!("{key} is exported to {to} twice, and the two differ"))
            .label_opt(first, "exported here first")
            .hint("export it once, or give the two different names"),
    )
}

pub(crate) fn exported_secret(key: &Key, field: &str, span: Option<Span>) -> Problem {
    let message = format!("{key} is exported, and `{field}` is a secret: every host could read it");
    let hint = format!("leave `{field}` or the export out; a secret is stated on the host that needs it");
    Box::new(at(codes::INVALID_RESOURCE, span, message).hint(hint).line(field))
}

pub(crate) fn contested(what: &Identity, key: &Key, span: Option<Span>, other: &Key, first: Option<Span>) -> Problem {
    Box::new(
        at(codes::DUPLICATE_RESOURCE, span, format!("{key} manages the {what}, and so does {other}"))
            .label_opt(first, format!("{other} is stated here"))
            .hint("leave one of the two out"),
    )
}

pub(crate) fn unknown_resource(missing: &Key, span: Option<Span>, known: Option<&str>) -> Problem {
    Box::new(
        at(codes::UNKNOWN_RESOURCE, span, format!("an edge names {missing}, which is not stated"))
            .hint_opt(known.map(|it| format!("did you mean `{it}`?"))),
    )
}

pub(crate) fn hidden_sender(edge: &Edge) -> Problem {
    Box::new(at(codes::INVALID_TRANSFER, edge.span, format!("{} is hidden and sends nothing", edge.from)))
}

pub(crate) fn two_senders(edge: &Edge, field: &str, other: &Edge) -> Problem {
    Box::new(
        at(codes::INVALID_TRANSFER, edge.span, format!("{} receives `{field}` from two senders", edge.to))
            .label_opt(other.span, format!("received from {} here", other.from)),
    )
}

pub(crate) fn cannot_send(edge: &Edge, what: &str) -> Problem {
    Box::new(at(codes::INVALID_TRANSFER, edge.span, format!("{} does not send `{what}`", edge.from)))
}

pub(crate) fn cannot_receive(edge: &Edge, field: &str) -> Problem {
    Box::new(at(codes::INVALID_TRANSFER, edge.span, format!("{} cannot receive `{field}`", edge.to)))
}

pub(crate) fn other_type(edge: &Edge, transfer: &Transfer, sent: &Type, wanted: &Type) -> Problem {
    let (send, receive) = (&transfer.send, &transfer.receive);
    let message = format!("{}.{receive} is of type `{wanted}`, and {}.{send} of type `{sent}`", edge.to, edge.from);
    Box::new(at(codes::INVALID_TRANSFER, edge.span, message))
}

/// `path` leads from the end of the edge back to its start.
pub(crate) fn cycle(edge: &Edge, path: &[(Key, Key, Option<Span>)]) -> Problem {
    let mut keys = vec![edge.from.to_string()];
    keys.extend(path.iter().map(|(from, _, _)| from.to_string()));
    keys.push(edge.from.to_string());
    let mut diagnostic =
        at(codes::RESOURCE_CYCLE, edge.span, format!("resources wait for each other: {}", keys.join(" -> ")));
    for (from, to, span) in path {
        if *span != edge.span {
            diagnostic = diagnostic.label_opt(*span, format!("{from} before {to}"));
        }
    }
    Box::new(diagnostic)
}
