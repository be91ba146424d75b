//! The reference manual: a page for each kind and function, in Markdown, made of their declarations.

use crate::{Catalog, FieldSchema, FunctionSchema, KindSchema, summary};
use std::fmt::Write as _;
use value::Value;

/// The page of a kind.
pub fn kind_page(kind: &KindSchema) -> String {
    let mut page = format!("# {}\n\n{}\n", kind.name, kind.docs);
    if !kind.fields.is_empty() {
        page.push_str("\n## Fields\n");
        for field in kind.fields {
            page.push_str(&field_text(field));
        }
    }
    if !kind.sends.is_empty() {
        page.push_str("\n## Sends\n");
        for field in kind.sends {
            page.push_str(&field_text(field));
        }
    }
    let traits = [
        (kind.receives, "Its fields can receive what other resources send."),
        (kind.refreshes, "It acts when another resource notifies it."),
        (kind.reverses, "It can be undone when it leaves the program: `Meta:reverse => true`."),
    ];
    let mut lines = traits.iter().filter(|(has, _)| *has).map(|(_, text)| *text).peekable();
    if lines.peek().is_some() {
        page.push_str("\n## More\n\n");
        for line in lines {
            _ = writeln!(page, "- {line}");
        }
    }
    _ = write!(page, "\nSince {}.\n", kind.since);
    page
}

fn field_text(field: &FieldSchema) -> String {
    let mut text = format!("\n### `{}`: {}", field.name, (field.ty)());
    if field.optional {
        text.push_str(", optional");
    } else if let Some(default) = field.default {
        // An empty text, list or map says less than nothing.
        let default = default();
        if !is_empty(&default) {
            _ = write!(text, ", by default `{default}`");
        }
    }
    _ = write!(text, "\n\n{}\n", field.docs);
    if !field.values.is_empty() {
        let values: Vec<String> = field.values.iter().map(|it| format!("`\"{it}\"`")).collect();
        _ = write!(text, "\nOne of {}.\n", values.join(", "));
    }
    if field.secret {
        text.push_str("\nThe value is never shown.\n");
    }
    text
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.is_empty(),
        Value::List(values) => values.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// The page of a function.
pub fn function_page(function: &FunctionSchema) -> String {
    let mut page = format!("# {}\n\n`{}`\n\n{}\n", function.full_name(), function.signature_text(), function.docs);
    if !function.params.is_empty() {
        page.push_str("\n## Parameters\n\n");
        for param in function.params {
            let more = if param.variadic { ", any number of times" } else { "" };
            _ = writeln!(page, "- `{}`{more}: {}", param.name, param.docs.replace('\n', " "));
        }
    }
    if !function.module.is_empty() {
        _ = write!(page, "\nNeeds `import \"{}\"`.\n", function.module);
    }
    _ = write!(page, "\nSince {}.\n", function.since);
    page
}

/// A module: a line for each function and constant.
pub fn module_page(catalog: &Catalog, module: &str) -> String {
    let mut page = format!("# {module}\n\n`import \"{module}\"`\n");
    for function in catalog.module_functions(module) {
        let schema = &function.schema;
        _ = write!(page, "\n- `{}` `{}`: {}", schema.name, schema.signature_text(), summary(schema.docs));
    }
    for constant in catalog.module_constants(module) {
        _ = write!(page, "\n- `${}` = `{}`: {}", constant.name, constant.value, summary(constant.docs));
    }
    page.push('\n');
    page
}
