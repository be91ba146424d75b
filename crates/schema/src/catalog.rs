//! All kinds, functions and constants that a program can use.

use crate::{Function, KindSchema};
use value::Value;

/// A constant of a module, or a global one.
#[derive(Debug)]
pub struct Constant {
    /// The module users import; empty for constants that need no import. The module `const` needs none either, but its
    /// constants are written with it.
    pub module: &'static str,
    /// The name, with dots where it is nested: `res.file.state.exists` in module `const`.
    pub name: &'static str,
    /// What it means.
    pub docs: &'static str,
    /// The value.
    pub value: Value,
}

/// All kinds, functions and constants that a program can use: what the compiler knows of the world.
#[derive(Clone, Copy, Debug)]
pub struct Catalog {
    /// The kinds, sorted by name.
    pub kinds: &'static [&'static KindSchema],
    /// The functions, sorted by module and name.
    pub functions: &'static [&'static Function],
    /// The constants, sorted by module and name.
    pub constants: &'static [Constant],
}

impl Catalog {
    /// The kind of a name.
    pub fn kind(&self, name: &str) -> Option<&'static KindSchema> {
        let at = self.kinds.binary_search_by(|kind| kind.name.cmp(name)).ok()?;
        Some(self.kinds[at])
    }

    /// The function of a module (empty for global ones) and a name.
    pub fn function(&self, module: &str, name: &str) -> Option<&'static Function> {
        let key = (module, name);
        let at = self.functions.binary_search_by(|it| (it.schema.module, it.schema.name).cmp(&key)).ok()?;
        Some(self.functions[at])
    }

    /// The functions of a module, sorted by name.
    pub fn module_functions(&self, module: &str) -> impl Iterator<Item = &'static Function> {
        let start = self.functions.partition_point(|it| it.schema.module < module);
        let end = self.functions.partition_point(|it| it.schema.module <= module);
        self.functions[start..end.max(start)].iter().copied()
    }

    /// The constant of a module (empty for global ones) and a name.
    pub fn constant(&self, module: &str, name: &str) -> Option<&'static Constant> {
        let at = self.constants.binary_search_by(|it| (it.module, it.name).cmp(&(module, name))).ok()?;
        Some(&self.constants[at])
    }

    /// The constants of a module.
    pub fn module_constants(&self, module: &str) -> impl Iterator<Item = &'static Constant> {
        self.constants.iter().filter(move |it| it.module == module)
    }

    /// Whether there is a module of that name.
    pub fn has_module(&self, module: &str) -> bool {
        !module.is_empty()
            && (self.module_functions(module).next().is_some() || self.module_constants(module).next().is_some())
    }

    /// The names of all modules, sorted, each once.
    pub fn modules(&self) -> Vec<&'static str> {
        let functions = self.functions.iter().map(|it| it.schema.module);
        let mut modules: Vec<_> =
            functions.chain(self.constants.iter().map(|it| it.module)).filter(|it| !it.is_empty()).collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }
}
