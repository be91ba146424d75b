//! The codes of all diagnostics, each with the page that `stead explain CODE` prints.
//!
//! A code names the problem, not the cure. The page says what it means, shows a program that has the
//! problem, and one that does not.

use std::fmt;

/// What kind of problem a diagnostic reports.
#[derive(Clone, Copy)]
pub struct Code(&'static Page);

/// A code and its page.
#[derive(Debug)]
pub struct Page {
    /// The name in kebab-case.
    pub name: &'static str,
    /// The page, in Markdown, as the doc comment has it: its lines begin with a space. The first line stands on its own.
    pub text: &'static str,
}

impl Code {
    /// The name in kebab-case.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The page that `stead explain` prints, in Markdown.
    pub fn page(self) -> String {
        self.0.text.lines().flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Code {}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Finds a code by its name.
pub fn find(name: &str) -> Option<Code> {
    all().find(|code| code.name() == name)
}

/// All codes, in the order of the phases that report them.
pub fn all() -> impl Iterator<Item = Code> {
    [syntax::ALL, names::ALL, types::ALL, modules::ALL, values::ALL].into_iter().flatten().copied()
}

/// Declares the codes of a phase: doc comment (the page), `IDENT = "name";`.
macro_rules! codes {
    ($($(#[doc = $line:literal])+ $ident:ident = $name:literal;)+) => {
        $(
            $(#[doc = $line])+
            pub const $ident: $crate::Code =
                $crate::codes::Code(&$crate::codes::Page { name: $name, text: concat!($($line, "\n"),+) });
        )+

        /// The codes of this phase, in the order of their declaration.
        pub const ALL: &[$crate::Code] = &[$($ident),+];
    };
}

pub mod modules;
pub mod names;
pub mod syntax;
pub mod types;
pub mod values;
