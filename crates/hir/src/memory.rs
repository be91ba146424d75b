//! A world of texts in memory, for programs that have no files: code from an argument, tests, editors.
//!
//! Modules are found beside the importing one, without the rules of `metadata.yaml`: a file by its path, a folder by the
//! `main.mcl` in it. Remote modules are not found.

use crate::{Import, ImportKind, ModuleFiles, World, diag};
use ::diag::Diagnostic;
use span::{SourceMap, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A world of texts in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Arc<str>>,
    loaded: BTreeMap<String, ModuleFiles>,
}

impl Memory {
    /// A world of these files: paths without a slash at the start, and texts.
    pub fn new<P: Into<String>, T: Into<Arc<str>>>(files: impl IntoIterator<Item = (P, T)>) -> Memory {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Memory { files, loaded: BTreeMap::new() }
    }

    /// One of the files, as the main program or as a module. `None` where there is none of that path.
    pub fn open(&mut self, sources: &mut SourceMap, path: &str) -> Option<ModuleFiles> {
        if let Some(files) = self.loaded.get(path) {
            return Some(files.clone());
        }
        let text = self.files.get(path)?.clone();
        let base = path.rfind('/').map_or("", |at| &path[..=at]);
        let file = sources.add(path, text);
        let files = ModuleFiles { key: path.into(), file, base: format!("/{base}").into() };
        self.loaded.insert(path.to_owned(), files.clone());
        Some(files)
    }
}

impl World for Memory {
    fn load(
        &mut self,
        sources: &mut SourceMap,
        importer: &str,
        import: &Import,
        at: Span,
    ) -> Result<ModuleFiles, Box<Diagnostic>> {
        let folder = importer.rfind('/').map_or("", |at| &importer[..=at]);
        let path = match &import.kind {
            ImportKind::File => format!("{folder}{}", import.text),
            ImportKind::Folder => format!("{folder}{}main.mcl", import.text),
            ImportKind::System | ImportKind::Remote { .. } => {
                return Err(Box::new(diag::module_not_found(&import.text, at)));
            }
        };
        self.open(sources, &path).ok_or_else(|| Box::new(diag::module_not_found(&import.text, at)))
    }
}
