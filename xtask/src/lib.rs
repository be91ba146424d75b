//! The reference manual as files, and the checks that keep the repository tidy.
//!
//! The checks are tests (see `tests/`), so that `cargo test` is the whole story. `UPDATE=1 cargo test -p xtask` writes
//! generated files anew.

use schema::{Catalog, manual, summary};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The pages of the reference manual, by their path below `docs/reference`.
pub fn manual_pages(catalog: &Catalog) -> Vec<(PathBuf, String)> {
    let mut pages = Vec::new();
    let mut index = String::from(
        "# Reference\n\nGenerated from the declarations of kinds, functions and codes. `stead docs` and `stead explain` show the same pages.\n\n## Kinds\n\n",
    );
    for kind in catalog.kinds.iter().filter(|it| !it.name.starts_with('_')) {
        let file = format!("{}.md", kind.name.replace(':', "-"));
        _ = writeln!(index, "- [`{}`](kinds/{file}): {}", kind.name, summary(kind.docs));
        pages.push((Path::new("kinds").join(file), manual::kind_page(kind)));
    }
    index.push_str("\n## Functions\n\n");
    for module in [""].into_iter().chain(catalog.modules()) {
        let functions: Vec<_> =
            catalog.module_functions(module).filter(|it| !it.schema.name.starts_with('_')).collect();
        let file = if module.is_empty() { "global.md".to_owned() } else { format!("{}.md", module.replace('/', "-")) };
        let title = if module.is_empty() { "without an import" } else { module };
        if functions.is_empty() {
            continue;
        }
        _ = writeln!(index, "- [{title}](functions/{file})");
        let texts: Vec<String> = functions.iter().map(|it| manual::function_page(&it.schema)).collect();
        pages.push((Path::new("functions").join(file), texts.join("\n---\n\n")));
    }
    index.push_str("\n## Codes\n\n");
    for code in diag::codes::all() {
        let file = format!("{}.md", code.name());
        _ = writeln!(index, "- [`{}`](codes/{file}): {}", code.name(), summary(&code.page()));
        pages.push((Path::new("codes").join(file), format!("# {}\n\n{}", code.name(), code.page())));
    }
    pages.push((PathBuf::from("README.md"), index));
    pages
}
