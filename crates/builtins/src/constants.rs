//! The constants: those of modules, the global ones, and one for each text that a field of a kind allows.

use schema::{Constant, KindSchema};
use value::Value;

/// The module that every program sees without an import.
const CONST: &str = "const";

/// How the constant for the empty text is called.
const UNDEFINED: &str = "undefined";

/// All constants for a set of kinds, sorted by module and name.
///
/// For every field of a kind that allows only certain texts there is `const.res.KIND.FIELD.TEXT`, where the empty text
/// is called `undefined`; but none for a text that cannot be part of a name. The name of a nested kind is written with
/// dots: `const.res.http.server…`.
pub fn constants(kinds: &[&'static KindSchema]) -> Vec<Constant> {
    let mut constants = vec![Constant {
        module: "",
        name: "purpleidea",
        docs: "A greeting, to try out global variables.",
        value: Value::str("hello world!"),
    }];
    constants.extend(FAMILIES.iter().map(|&(name, family, docs)| Constant {
        module: "os",
        name,
        docs,
        value: Value::str(family),
    }));
    constants.extend(LEVELS.iter().map(|&(name, number, docs)| Constant {
        module: CONST,
        name,
        docs,
        value: Value::Int(number),
    }));
    for kind in kinds {
        for field in kind.fields.iter().filter(|field| !field.values.is_empty()) {
            let mut values = field.values.to_vec();
            if !values.contains(&"") {
                values.push("");
            }
            constants.extend(
                values.into_iter().filter(|text| is_writable(text)).map(|text| of_field(kind, field.name, text)),
            );
        }
    }
    // Stable, so that those listed here come before those of fields that have the same name.
    constants.sort_by_key(|constant| (constant.module, constant.name));
    constants.dedup_by_key(|constant| (constant.module, constant.name));
    constants
}

/// `(name, value, docs)` of the constants of the module `os`.
const FAMILIES: &[(&str, &str, &str)] = &[
    ("family_archlinux", "archlinux", "What `os.family()` is on Arch Linux and its relatives."),
    ("family_debian", "debian", "What `os.family()` is on Debian and its relatives."),
    ("family_redhat", "redhat", "What `os.family()` is on Fedora, Red Hat and their relatives."),
];

/// `(name, value, docs)` of the constants that stand for numbers, which a field cannot list.
const LEVELS: &[(&str, i64, &str)] = &[
    ("res.gzip.level.best_compression", 9, "The smallest result, however long it takes."),
    ("res.gzip.level.best_speed", 1, "The quickest that compresses at all."),
    ("res.gzip.level.default_compression", -1, "A good compromise."),
    ("res.gzip.level.huffman_only", -2, "Only entropy coding: quick, and enough for data that was compressed before."),
    ("res.gzip.level.no_compression", 0, "The format without compression."),
    ("res.tar.format.gnu", 8, "The format of GNU tar."),
    ("res.tar.format.pax", 4, "The format of POSIX.1-2001."),
    ("res.tar.format.unknown", 0, "Whatever format fits the files."),
    ("res.tar.format.ustar", 2, "The format of POSIX.1-1988."),
];

/// Whether a text can be a part of a name.
fn is_writable(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit() || c == '_')
        && !text.ends_with('_')
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The constant for one text of a field.
///
/// Its name lives as long as the process, as all names in a catalog do.
fn of_field(kind: &KindSchema, field: &str, text: &str) -> Constant {
    let last = if text.is_empty() { UNDEFINED } else { text };
    let name = format!("res.{}.{field}.{last}", kind.name.replace(':', "."));
    let docs = format!("`{text:?}` for the field `{field}` of `{}`.", kind.name);
    Constant { module: CONST, name: name.leak(), docs: docs.leak(), value: Value::str(text) }
}
