//! The table is sorted and complete, and says what it should.

use schema::{Body, KindSchema, Signature};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn functions_are_sorted_and_each_is_there_once() {
    let names: Vec<_> = builtins::functions().iter().map(|it| (it.schema.module, it.schema.name)).collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn every_file_that_declares_a_function_is_in_the_table() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut declaring = BTreeSet::new();
    collect(&sources, &mut declaring);
    let listed: BTreeSet<String> = builtins::functions().iter().map(|it| it.schema.file.to_owned()).collect();
    let forgotten: Vec<_> = declaring.difference(&listed).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

/// The files below a folder that have `#[builtin]`, and how often, as `file!()` names them.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        if text.lines().any(|line| line.trim_start().starts_with("#[builtin(")) {
            let inside = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below the crate");
            found.insert(format!("crates/builtins/{}", inside.display()));
        }
    }
}

#[test]
fn every_module_of_the_language_has_its_functions() {
    let count = |module: &str| builtins::functions().iter().filter(|it| it.schema.module == module).count();
    let modules = [
        ("", 14),
        ("convert", 7),
        ("datetime", 7),
        ("deploy", 7),
        ("encoding", 4),
        ("example", 7),
        ("example/nested", 1),
        ("fmt", 1),
        ("golang", 1),
        ("golang/html", 2),
        ("golang/math", 58),
        ("golang/math/rand", 8),
        ("golang/os", 18),
        ("golang/os/exec", 1),
        ("golang/path", 7),
        ("golang/path/filepath", 16),
        ("golang/runtime", 5),
        ("golang/strconv", 18),
        ("golang/strings", 27),
        ("iter", 6),
        ("list", 2),
        ("local", 2),
        ("map", 3),
        ("math", 5),
        ("net", 15),
        ("net/http", 1),
        ("os", 16),
        ("regexp", 1),
        ("strings", 12),
        ("sys", 7),
        ("test", 13),
        ("util", 1),
        ("value", 5),
        ("world", 3),
        ("world/collect", 1),
    ];
    for (module, functions) in modules {
        assert_eq!(count(module), functions, "`{module}`");
    }
}

#[test]
fn a_fixed_signature_names_the_parameters_that_are_documented() {
    for function in builtins::functions() {
        let Signature::Fixed(ty) = &function.schema.signature else { continue };
        let ty = ty();
        let documented: Vec<_> = function.schema.params.iter().map(|param| param.name).collect();
        let named: Vec<_> = ty.params.iter().map(|param| param.name.as_str()).collect();
        assert_eq!(documented, named, "{}", function.schema.full_name());
        assert_eq!(function.schema.arity(), (named.len(), Some(named.len())));
    }
}

#[test]
fn only_what_is_pure_folds() {
    let folding = builtins::functions().iter().filter(|it| it.schema.folds);
    for function in folding {
        assert!(matches!(function.body, Body::Pure(_)), "{}", function.schema.full_name());
    }
}

static KIND: KindSchema = KindSchema {
    name: "http:server",
    since: "0.1",
    docs: "A kind.",
    file: "",
    fields: &[schema::FieldSchema {
        name: "state",
        docs: "A field.",
        ty: || value::Type::Str,
        optional: false,
        default: None,
        values: &["exists", "absent", "by-hand", "7z"],
        secret: false,
        fits: |_| Ok(()),
    }],
    sends: &[],
    receives: false,
    refreshes: false,
    reverses: false,
};

#[test]
fn the_texts_that_a_field_allows_become_constants() {
    static KINDS: &[&KindSchema] = &[&KIND];
    let catalog = builtins::catalog(KINDS);
    let names: Vec<_> = catalog.module_constants("const").map(|it| (it.name, it.value.to_string())).collect();
    for (name, value) in [
        ("res.http.server.state.absent", "\"absent\""),
        ("res.http.server.state.exists", "\"exists\""),
        ("res.http.server.state.undefined", "\"\""),
        ("res.gzip.level.huffman_only", "-2"),
        ("res.tar.format.gnu", "8"),
    ] {
        assert!(names.contains(&(name, value.to_owned())), "{name}: {names:?}");
    }
    assert!(!names.iter().any(|(name, _)| name.contains('-') || name.ends_with("7z")));
    assert!(catalog.constants.windows(2).all(|it| (it[0].module, it[0].name) < (it[1].module, it[1].name)));
    assert_eq!(catalog.module_constants("os").count(), 3);
    assert!(catalog.function("strings", "split").is_some());
}
