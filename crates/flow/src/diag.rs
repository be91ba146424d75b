//! The words of lowering.

use diag::codes::types::TOO_MANY_INSTANCES;
use diag::codes::values::INVALID_RESOURCE;
use diag::{Diagnostic, closest};
use schema::FieldSchema;
use span::Span;
use value::Value;

pub(crate) fn expands_too_much(span: Span, limit: u64) -> Diagnostic {
    Diagnostic::error(TOO_MANY_INSTANCES, span, format!("this call expands to more than {limit} values"))
        .hint("the functions it calls double the work at every level; compute what they share once, in a variable")
}

pub(crate) fn includes_too_much(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(TOO_MANY_INSTANCES, span, format!("the program includes more than {limit} classes"))
        .here("the limit is reached here")
        .hint("classes that include others twice double the work at every level")
}

pub(crate) fn value_does_not_fit(field: &FieldSchema, value: &Value, why: &str, span: Span) -> Diagnostic {
    let meant = match value {
        Value::Str(text) => closest(&text.to_text(), field.values.iter().copied()),
        _ => None,
    };
    Diagnostic::error(INVALID_RESOURCE, span, format!("field `{}`: {why}", field.name))
        .hint_opt(meant.map(|meant| format!("did you mean `\"{meant}\"`?")))
}
