//! Mistakes in types.

use diag::codes::syntax as codes;
use diag::{Diagnostic, closest};
use span::Span;

use super::quotable;

/// `-> int` or `: int` after parameters.
pub(crate) fn result_arrow(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, format!("`{found}` before the type of the result"))
        .hint("the type follows the parentheses at once: `func f($x int) int { … }`")
}

/// `$x: int`
pub(crate) fn colon_before_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "`:` before a type").hint("the type follows the name at once: `$x int`")
}

/// A name where a type should be.
pub(crate) fn unknown_type(span: Span, word: &str) -> Diagnostic {
    let lower = word.to_ascii_lowercase();
    let known = match lower.as_str() {
        "string" | "text" => Some("str"),
        "integer" | "number" | "int64" | "uint" | "int32" => Some("int"),
        "boolean" => Some("bool"),
        "double" | "float64" | "real" => Some("float"),
        "list" | "array" => Some("[]str"),
        "dict" | "hash" | "object" => Some("map{str: str}"),
        "any" => Some("variant"),
        other => similar_type(other),
    };
    let diagnostic = Diagnostic::error(codes::TYPE_FORM, span, format!("there is no type `{word}`"));
    match known {
        Some(known) => diagnostic.hint(format!("did you mean `{known}`?")),
        None => {
            diagnostic.hint("the types are `bool`, `str`, `int`, `float`, `[]…`, `map{…: …}`, `struct{…}`, `func(…) …`")
        }
    }
}

/// The type whose name is like a word and begins with the same letter.
fn similar_type(word: &str) -> Option<&'static str> {
    let types = ["bool", "str", "int", "float", "map", "struct", "func", "variant"];
    closest(word, types.into_iter().filter(|name| name.as_bytes().first() == word.as_bytes().first()))
}

/// `int[]`
pub(crate) fn brackets_after_type(span: Span, element: &str) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the brackets of a list stand before the type of its elements")
        .hint(format!("write `[]{}`", quotable(element).unwrap_or("…")))
}

/// `[int]`
pub(crate) fn list_type(span: Span, element: &str) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the type of the elements stands after the brackets")
        .hint(format!("write `[]{}`", quotable(element).unwrap_or("…")))
}

/// `map[str]int`
pub(crate) fn map_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the types of a map stand in braces, with a colon between")
        .hint("write `map{str: int}`")
}

/// `struct{a int, b str}`
pub(crate) fn comma_in_struct_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the fields of a struct type are separated by `;`").hint("write `;`")
}

/// `struct{a int;}`
pub(crate) fn trailing_semicolon(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "expected a field after `;`").hint("remove the last `;`")
}

/// `func(int)` without a result.
pub(crate) fn missing_result(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the type of the function has no result")
        .here("expected a type")
        .hint("write the type of the result after the parentheses: `func(int) str`")
}

/// The same field twice in a struct type.
pub(crate) fn duplicate_type_field(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_TYPE_FIELD, span, format!("the type has two fields `{name}`"))
        .here("the second one")
        .label(first, "the first one")
}

/// The same argument twice in a function type.
pub(crate) fn duplicate_type_argument(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_TYPE_ARGUMENT, span, format!("the type has two arguments `${name}`"))
        .here("the second one")
        .label(first, "the first one")
}

/// `func f() (int, str)`
pub(crate) fn several_results(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "a function has one result")
        .hint("return a struct of several values: `struct{value int; text str}`; for a failure there is `… <|> …`")
}

/// `$rest ...str`
pub(crate) fn variadic(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "a function takes a fixed number of arguments")
        .hint("take a list: `$values []str`, and call it with `[…]`")
}
