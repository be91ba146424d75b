//! A few kinds as examples use them. The real ones are in a crate beside this one.

use schema::{FieldSchema, KindSchema};
use value::Type;

/// The kinds, sorted by name.
pub(crate) static KINDS: &[&KindSchema] = &[
    &kind("_panic", &[]),
    &kind("file", &[text("content"), flag("recurse"), text("mode"), text("source"), STATE]),
    &kind("pkg", &[STATE]),
    &kind("print", &[text("msg")]),
    &kind("schedule", &[field("max", || Type::Int)]),
    &kind("sink", &[field("value", || Type::Variant)]),
    &kind("svc", &[text("state")]),
];

const fn kind(name: &'static str, fields: &'static [FieldSchema]) -> KindSchema {
    KindSchema {
        name,
        since: "0.1",
        docs: "A kind.",
        file: "",
        fields,
        sends: &[],
        receives: false,
        refreshes: false,
        reverses: false,
    }
}

const STATE: FieldSchema = FieldSchema { values: &["exists", "absent"], ..text("state") };

const fn text(name: &'static str) -> FieldSchema {
    field(name, || Type::Str)
}

const fn flag(name: &'static str) -> FieldSchema {
    field(name, || Type::Bool)
}

const fn field(name: &'static str, ty: fn() -> Type) -> FieldSchema {
    FieldSchema {
        name,
        docs: "A field.",
        ty,
        optional: true,
        default: None,
        values: &[],
        secret: false,
        fits: |_| Ok(()),
    }
}
