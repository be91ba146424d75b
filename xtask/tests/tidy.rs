//! The repository keeps its own rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use xtask::root;

/// The crates in the order of the layers: each may use only those above it. See ARCHITECTURE.md.
const LAYERS: &[&str] = &[
    "span", "diag", "graph", "value", "schema", "macros", //
    "syntax", "fmt", "hir", "infer", "flow", //
    "resource", "reactive", "plan", "engine", //
    "builtins", "kinds", //
    "host", "store", "project", //
    "agent",   //
    "stead",   //
];

/// Crates that have no effects: they name no clock, no file, no process, no network, no runtime.
const PURE: &[&str] = &[
    "span", "diag", "graph", "value", "schema", "syntax", "fmt", "hir", "infer", "flow", "resource", "reactive",
    "plan", "engine", "builtins", "kinds",
];

/// What a pure crate does not name.
const EFFECTS: &[&str] = &[
    "std::fs",
    "std::process",
    "std::net",
    "std::env",
    "std::thread",
    "tokio",
    "Instant::now",
    "SystemTime::now",
    "fs::read",
    "fs::write",
];

/// Others' crates that only one of ours may name.
const ONLY: &[(&str, &[&str])] = &[
    ("clap", &["stead"]),
    ("inotify", &["host"]),
    ("zbus", &["host"]),
    ("redb", &["store"]),
    ("gotmpl", &["builtins"]),
    ("rowan", &["syntax", "fmt"]),
    ("annotate-snippets", &["diag"]),
];

/// The longest a source file may be, tests at its end left out.
const MAX_LINES: usize = 800;

fn manifest(name: &str) -> String {
    let path = root().join("crates").join(name).join("Cargo.toml");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names under `[dependencies]`: what only tests use may come from anywhere.
fn dependencies(manifest: &str) -> Vec<&str> {
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|it| !it.is_empty()).collect()
}

/// The Rust files below a folder, in the order of their paths.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text of a file without the tests at its end.
fn without_tests(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()
}

#[test]
fn a_crate_uses_only_crates_above_it() {
    for (at, name) in LAYERS.iter().enumerate() {
        let manifest = manifest(name);
        for dependency in dependencies(&manifest).into_iter().filter(|it| LAYERS.contains(it)) {
            assert!(LAYERS[..at].contains(&dependency), "{name} must not use {dependency}");
        }
    }
}

#[test]
fn every_crate_has_its_layer() {
    let found: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .expect("there are crates")
        .flatten()
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    let expected: BTreeSet<String> = LAYERS.iter().copied().chain(["testkit"]).map(str::to_owned).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_a_manifest_lists_is_used() {
    let folders = fs::read_dir(root().join("crates")).expect("the crates are there").flatten().map(|it| it.path());
    let folders: Vec<PathBuf> = folders.chain([root().join("xtask")]).collect();
    let manifests: Vec<String> =
        folders.iter().map(|it| fs::read_to_string(it.join("Cargo.toml")).unwrap_or_default()).collect();
    let whole = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest of the workspace is there");
    for name in dependencies(&whole.replace("[workspace.dependencies]", "[dependencies]")) {
        let line = format!("\n{name}");
        let is_listed = |it: &&String| it.split(&line).skip(1).any(|rest| rest.starts_with(['.', ' ']));
        assert!(name.starts_with('#') || manifests.iter().find(is_listed).is_some(), "no crate lists `{name}`");
    }
    for name in LAYERS {
        let folder = root().join("crates").join(name).join("src");
        let text: String = sources(&folder).iter().map(|it| fs::read_to_string(it).unwrap_or_default()).collect();
        for used in dependencies(&manifest(name)) {
            let path = used.replace('-', "_");
            let forms = [format!("{path}::"), format!("use {path};"), format!("{path}!")];
            assert!(forms.iter().any(|it| text.contains(it)), "`{name}` lists `{used}` and does not name it");
        }
    }
}

#[test]
fn others_crates_stay_behind_one_of_ours() {
    for name in LAYERS {
        let manifest = manifest(name);
        for dependency in dependencies(&manifest) {
            for (library, allowed) in ONLY {
                assert!(dependency != *library || allowed.contains(name), "{name} must not use {library}");
            }
        }
    }
}

#[test]
fn pure_crates_have_no_effects() {
    for name in PURE {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let text = without_tests(&path);
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                for effect in EFFECTS {
                    assert!(!line.contains(effect), "{}:{}: {name} is pure: {line}", path.display(), number + 1);
                }
            }
        }
    }
}

#[test]
fn every_source_file_says_what_it_is() {
    for name in LAYERS.iter().chain(&["testkit"]) {
        for path in sources(&root().join("crates").join(name)) {
            let text = fs::read_to_string(&path).expect("a source file is readable");
            assert!(text.starts_with("//! "), "{}: begins with a module comment", path.display());
        }
    }
}

#[test]
fn source_files_stay_short() {
    for name in LAYERS {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let lines = without_tests(&path).lines().count();
            assert!(lines <= MAX_LINES, "{}: {lines} lines, more than {MAX_LINES}", path.display());
        }
    }
}

#[test]
fn unsafe_code_is_only_where_it_was_audited() {
    for name in LAYERS {
        for path in sources(&root().join("crates").join(name)) {
            let text = without_tests(&path);
            let blocks = text.lines().filter(|line| line.contains("unsafe {") || line.contains("unsafe fn")).count();
            let reasons = text.lines().filter(|line| line.contains("// SAFETY:")).count();
            let audited = *name == "host";
            assert!(blocks == 0 || audited, "{}: unsafe code belongs into host", path.display());
            assert!(reasons >= blocks, "{}: unsafe code says why it is sound", path.display());
        }
    }
}
