//! Mistakes in resources, their lines and edges.

use diag::Diagnostic;
use diag::codes::syntax as codes;
use span::Span;

use super::{expected, quotable, respell};

/// A resource where a value should be.
pub(crate) fn edge_as_value(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a reference to a resource is no value").hint(
        "references stand in edges: `File[\"/a\"] -> File[\"/b\"]`, and after `Before`, `Notify`, `Depend`, `Listen`",
    )
}

/// `;` after a field.
pub(crate) fn semicolon_for_comma(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "expected `,`, found `;`").hint("write `,`")
}

/// A resource without a name.
pub(crate) fn missing_name(span: Span, kind: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "the resource has no name")
        .here("expected the name")
        .hint(format!("write `{kind} \"name\" {{ … }}`"))
}

/// A resource without a body.
pub(crate) fn missing_body(span: Span, kind: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "the resource has no body")
        .here("expected `{ … }`")
        .hint(format!("write `{kind} \"name\" {{}}` where it has no fields"))
}

/// A field where a statement should be.
pub(crate) fn stray_field(span: Span) -> Diagnostic {
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "a field outside of a resource")
        .here("expected a statement")
        .hint("fields stand in the braces of a resource: `kind \"name\" { field => value, }`")
}

/// A resource in the manner of Puppet.
pub(crate) fn name_in_braces(span: Span, kind: &str, name: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    let name = quotable(name).map_or_else(|| "\"name\"".to_owned(), |name| name.replace('\'', "\""));
    Diagnostic::error(codes::FOREIGN_RESOURCE, span, "the name of a resource stands before its braces")
        .here("in the manner of Puppet")
        .hint(format!("write `{kind} {name} {{`"))
}

/// A resource with two names.
pub(crate) fn second_name(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_RESOURCE, span, "a resource has one name")
        .here("a second name")
        .hint("a resource is written `kind \"name\" { … }`")
}

/// A line of a resource cannot begin so.
pub(crate) fn expected_field(span: Span, found: &str) -> Diagnostic {
    expected(span, "a field", found)
}

/// A line of a resource is complete, but something follows.
pub(crate) fn expected_after_field(span: Span, found: &str) -> Diagnostic {
    expected(span, "`,`", found)
}

/// `meta:noop`
pub(crate) fn lower_case_property(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` lacks its capital")).hint("write `Meta`")
}

/// `require => File["/a"]`
pub(crate) fn reference_as_field(span: Span, word: &str) -> Diagnostic {
    let property = match word {
        "require" | "depends" | "depends_on" | "after" => "Depend",
        "subscribe" | "listen" => "Listen",
        "before" => "Before",
        "notify" | "notifies" => "Notify",
        "depend" => "Depend",
        _ => {
            return edge_as_value(span);
        }
    };
    Diagnostic::error(codes::EDGE_FORM, span, format!("an edge begins with a capital: `{property}`"))
        .hint(format!("write `{property} => …`"))
}

/// `Before => [File["/a"], …]`
pub(crate) fn list_of_edges(span: Span, property: &str) -> Diagnostic {
    Diagnostic::error(codes::EDGE_FORM, span, "an edge leads to one resource here").hint(format!(
        "write a line `{property} => …,` for each, or a list of names: `{property} => File[[\"/a\", \"/b\"]],`"
    ))
}

/// `Before => "x"`
pub(crate) fn not_an_edge(span: Span, property: Span, word: &str) -> Diagnostic {
    let lower = respell(word);
    if matches!(word, "Before" | "Notify" | "Depend" | "Listen") {
        return Diagnostic::error(codes::EDGE_FORM, span, "an edge leads to a resource")
            .label(property, "this begins an edge")
            .hint(format!("write `{word} => File[\"/tmp/a\"],` or the like"));
    }
    Diagnostic::error(codes::NAME_FORM, property, "a field begins with a lower-case letter")
        .hint(format!("write `{lower}`"))
}

/// A statement between the fields of a resource.
pub(crate) fn statement_in_resource(span: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::STATEMENT_IN_RESOURCE, span, "a statement within a resource")
        .here("expected a field, an edge or `Meta`");
    match word {
        "if" => diagnostic.hint("give the field a condition: `field => $condition ?: value,`"),
        _ => diagnostic.hint("put it outside"),
    }
}

/// `File "/a" -> File "/b"`
pub(crate) fn edge_brackets(span: Span, kind: &str, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::EDGE_FORM, span, "the name of a resource in an edge stands in brackets");
    match (quotable(kind), quotable(name)) {
        (Some(kind), Some(name)) => diagnostic.hint(format!("write `{kind}[{name}]`")),
        _ => diagnostic,
    }
}

/// `File["/a"] => File["/b"]`
pub(crate) fn edge_arrow(span: Span) -> Diagnostic {
    Diagnostic::error(codes::EDGE_FORM, span, "expected `->` between resources, found `=>`").hint("write `->`")
}

/// `Meta.noop`
pub(crate) fn meta_dot(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "expected `:` after `Meta`, found `.`")
        .hint(format!("write `Meta:{}`", quotable(name).unwrap_or("noop")))
}

/// An edge that mixes its forms.
pub(crate) fn edge_form(span: Span, halves: usize, fields: usize) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::EDGE_FORM, span, "an edge that sends a value joins two fields");
    match (halves, fields) {
        (1, _) => diagnostic.here("expected `-> …`"),
        (2, _) => diagnostic.here("only one end names a field"),
        _ => diagnostic.here("more than two ends"),
    }
    .hint("write `Exec[\"a\"].output -> File[\"/b\"].content`, or leave the fields out to order only")
}

/// `file["/a"] -> …`
pub(crate) fn lower_case_kind(span: Span, word: &str) -> Diagnostic {
    let capitalised = |part: &str| match part.get(..1) {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), &part[1..]),
        None => String::new(),
    };
    let capital = word.split(':').map(|part| capitalised(part.trim())).collect::<Vec<_>>().join(":");
    Diagnostic::error(codes::KIND_CASE, span, "a reference to a resource begins with a capital")
        .hint(format!("write `{capital}`"))
}

/// `File "/a" {}`
pub(crate) fn capital_kind(span: Span, kind: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::KIND_CASE, span, "the kind of a resource is in lower case");
    diagnostic.hint_opt(quotable(kind).map(|kind| format!("write `{}`", kind.to_ascii_lowercase())))
}

/// `field = value` in a resource.
pub(crate) fn assigned_field(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_ARROW, span, "expected `=>` after a field, found `=`").hint(format!(
        "every line of a resource is written with `=>`, and ends in a comma: `{} => …,`",
        quotable(field).unwrap_or("field")
    ))
}

/// A word alone on its line.
pub(crate) fn lone_word(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, format!("`{word}` alone is no statement"))
        .hint(format!("a resource is written `{word} \"name\" {{ … }}`, a class is used by `include {word}`"))
}
