//! What the path in an import statement means.

use std::fmt;
use url::Url;
use value::Name;

/// An import statement's path, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The path as it is written.
    pub text: String,
    /// The name by which the module is known where the statement gives none.
    pub alias: Name,
    /// Where the module comes from.
    pub kind: ImportKind,
}

/// Where an imported module comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// Built in: `net/http`.
    System,
    /// A file beside the importing one: `server/web.mcl`.
    File,
    /// A folder beside the importing file: `server/`.
    Folder,
    /// A repository: `git://example.com/person/name/`.
    Remote {
        /// Where it is downloaded from, without query and fragment.
        url: String,
        /// Where it is kept below a folder of modules: `example.com/person/name/`.
        path: String,
    },
}

/// Why a path is no path of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is none.
    Empty,
    /// It begins with a slash.
    Absolute,
    /// It has a scheme but is no URL.
    InvalidUrl,
    /// The URL has no path.
    EmptyPath,
    /// It has empty parts, `.`, or `..` where that leads back.
    Unclean,
    /// No name can be made of the last part.
    InvalidName,
    /// The host has more than one colon.
    InvalidHost,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ImportError::Empty => "the path is empty",
            ImportError::Absolute => "the path begins with a slash",
            ImportError::InvalidUrl => "the path is no valid URL",
            ImportError::EmptyPath => "the URL has no path",
            ImportError::Unclean => "the path is not in its shortest form",
            ImportError::InvalidName => "the last part of the path is no name",
            ImportError::InvalidHost => "the host of the URL has several colons",
        })
    }
}

impl std::error::Error for ImportError {}

/// What is removed from the start of the last part of a path: repositories of modules are called so by custom.
const PREFIX: &str = "mgmt-";

/// What the name of a file of the language ends in.
const EXTENSION: &str = ".mcl";

impl Import {
    /// Takes a path apart.
    ///
    /// # Errors
    /// Where it is no path of a module.
    pub fn parse(text: &str) -> Result<Import, ImportError> {
        if text.is_empty() {
            return Err(ImportError::Empty);
        }
        if text.starts_with('/') {
            return Err(ImportError::Absolute);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return remote(text, scheme, rest);
        }
        if text.contains([':', '?', '#', '%']) || text.contains(char::is_whitespace) {
            return Err(ImportError::InvalidUrl);
        }
        clean(text)?;
        let kind = if text.ends_with('/') {
            ImportKind::Folder
        } else if text.ends_with(EXTENSION) {
            ImportKind::File
        } else {
            ImportKind::System
        };
        let path = if kind == ImportKind::File { text.trim_end_matches(EXTENSION) } else { text };
        Ok(Import { text: text.to_owned(), alias: alias(path)?, kind })
    }
}

fn remote(text: &str, scheme: &str, rest: &str) -> Result<Import, ImportError> {
    // The path keeps its case and its percent signs, so it is cut out by hand; the URL is only checked.
    let url = text.split(['?', '#']).next().unwrap_or(text);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    if !host.starts_with('[') && host.matches(':').count() > 1 {
        return Err(ImportError::InvalidHost);
    }
    if scheme.is_empty() || Url::parse(url).is_err() || text.contains(char::is_whitespace) {
        return Err(ImportError::InvalidUrl);
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Err(ImportError::EmptyPath);
    }
    if path.starts_with("..") {
        return Err(ImportError::Unclean);
    }
    clean(path)?;
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let folder = path.strip_suffix('/').unwrap_or(path);
    let folder = if host.is_empty() { format!("{folder}/") } else { format!("{host}/{folder}/") };
    let kind = ImportKind::Remote { url: url.to_owned(), path: folder };
    Ok(Import { text: text.to_owned(), alias: alias(path)?, kind })
}

/// A path has no empty parts, and `..` only at its beginning; one slash at the end is fine.
fn clean(path: &str) -> Result<(), ImportError> {
    let parts = path.strip_suffix('/').unwrap_or(path).split('/');
    if parts.skip_while(|part| *part == "..").any(|part| matches!(part, "" | "." | "..")) {
        return Err(ImportError::Unclean);
    }
    Ok(())
}

/// The name of the module that is at the end of a path.
fn alias(path: &str) -> Result<Name, ImportError> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let last = path.rsplit('/').next().unwrap_or(path);
    let last = last.strip_prefix(PREFIX).filter(|rest| !rest.is_empty()).unwrap_or(last);
    if matches!(last, "" | "..") || last.starts_with(['-', '_']) || last.ends_with(['-', '_']) {
        return Err(ImportError::InvalidName);
    }
    Ok(last.replace('-', "_").to_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(text: &str) -> String {
        match Import::parse(text) {
            Ok(Import { alias, kind, .. }) => match kind {
                ImportKind::System => format!("system, {alias}"),
                ImportKind::File => format!("file, {alias}"),
                ImportKind::Folder => format!("folder, {alias}"),
                ImportKind::Remote { url, path } => format!("{url} in {path}, {alias}"),
            },
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_form_of_a_path_says_where_the_module_comes_from() {
        assert_eq!(describe("fmt"), "system, fmt");
        assert_eq!(describe("blah"), "system, blah");
        assert_eq!(describe("foo/bar"), "system, bar");
        assert_eq!(describe("foo/"), "folder, foo");
        assert_eq!(describe("foo/bar/"), "folder, bar");
        assert_eq!(describe("../foo/"), "folder, foo");
        assert_eq!(describe("foo.mcl"), "file, foo");
        assert_eq!(describe("server/foo.mcl"), "file, foo");
    }

    #[test]
    fn a_remote_module_is_kept_below_its_host() {
        let mgmt = "git://example.com/purpleidea/mgmt";
        assert_eq!(describe(mgmt), format!("{mgmt} in example.com/purpleidea/mgmt/, mgmt"));
        let foo = "git://example.com/purpleidea/mgmt-foo";
        assert_eq!(describe(foo), format!("{foo} in example.com/purpleidea/mgmt-foo/, foo"));
        let subpath = "git://example.com/purpleidea/Module-Name/subpath/foo";
        assert_eq!(describe(subpath), format!("{subpath} in example.com/purpleidea/Module-Name/subpath/foo/, foo"));
        assert_eq!(
            describe("https://user@example.com:8080/foo/"),
            "https://user@example.com:8080/foo/ in example.com/foo/, foo"
        );
    }

    #[test]
    fn the_path_keeps_its_case_and_the_alias_does_not() {
        let text = "git://example.com/purpleidea/FOO-bar";
        assert_eq!(describe(text), format!("{text} in example.com/purpleidea/FOO-bar/, foo_bar"));
    }

    #[test]
    fn a_query_is_no_part_of_the_url() {
        assert_eq!(
            describe("https://example.com/purpleidea/Module-Name/?sha1=25ad05cce36d55ce1c55fd7e70a3ab74e321b66e"),
            "https://example.com/purpleidea/Module-Name/ in example.com/purpleidea/Module-Name/, module_name"
        );
    }

    #[test]
    fn a_url_without_a_host_is_kept_under_its_path() {
        assert_eq!(
            describe("git:///home/james/code/mgmt-example1/"),
            "git:///home/james/code/mgmt-example1/ in home/james/code/mgmt-example1/, example1"
        );
    }

    #[test]
    fn other_paths_are_refused() {
        assert_eq!(describe(""), "the path is empty");
        assert_eq!(describe("/"), "the path begins with a slash");
        assert_eq!(describe("/var/lib/mgmt"), "the path begins with a slash");
        assert_eq!(describe("git://example.com/purpleidea/foo-"), "the last part of the path is no name");
        assert_eq!(describe("git://example.com/purpleidea/foo_"), "the last part of the path is no name");
        assert_eq!(describe("git:////home/x/"), "the path is not in its shortest form");
        assert_eq!(describe("./foo/"), "the path is not in its shortest form");
        assert_eq!(describe("foo/../bar/"), "the path is not in its shortest form");
        assert_eq!(describe("../"), "the last part of the path is no name");
        assert_eq!(describe("foo//bar"), "the path is not in its shortest form");
        assert_eq!(describe("git://example.com"), "the URL has no path");
        assert_eq!(describe("git://example.com/"), "the URL has no path");
        assert_eq!(describe("git://a:1:2/foo"), "the host of the URL has several colons");
        assert_eq!(describe("://foo/bar"), "the path is no valid URL");
    }
}
