//! `metadata.yaml`: what a module says about itself.

use crate::diag;
use ::diag::Diagnostic;
use serde::Deserialize;
use serde_saphyr::Spanned;
use span::{FileId, Span};

/// The name of the file.
pub(crate) const FILE: &str = "metadata.yaml";

/// The program of a module that does not say which one it is.
pub(crate) const MAIN: &str = "main.mcl";

/// What a module says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The program, relative to the folder of the module.
    pub main: String,
    /// Where modules that are imported by a URL are searched for, relative to the folder; empty or with a slash at the end.
    pub path: String,
    /// The folder with data that belongs to the module; with a slash at the end.
    pub files: String,
    /// The licence, as free text.
    pub license: String,
    /// Whether the search for modules ends here, instead of going on as in the importing module.
    pub parentpathblock: bool,
}

impl Default for Metadata {
    fn default() -> Metadata {
        Metadata {
            main: MAIN.to_owned(),
            path: String::new(),
            files: "files/".to_owned(),
            license: String::new(),
            parentpathblock: false,
        }
    }
}

/// The file as it is written. Other keys are ignored.
#[derive(Deserialize)]
struct Written {
    main: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    files: Option<Spanned<String>>,
    license: Option<String>,
    parentpathblock: Option<bool>,
}

impl Metadata {
    /// Reads the text of a `metadata.yaml`. A text without content means that all is as usual.
    ///
    /// # Errors
    /// Where it is no YAML, or a path in it has not the form that it must have.
    pub fn parse(file: FileId, text: &str) -> Result<Metadata, Box<Diagnostic>> {
        let written: Option<Written> = serde_saphyr::from_str(text).map_err(|error| {
            let span = error.location().map(|location| span_of(file, text, location.span()));
            let span = span.unwrap_or_else(|| Span::new(file, 0, 0));
            Box::new(diag::invalid_yaml(span, &error.without_snippet().to_string()))
        })?;
        let mut metadata = Metadata::default();
        let Some(written) = written else { return Ok(metadata) };
        if let Some(main) = written.main {
            if !is_inside(&main.value) || main.value.ends_with('/') {
                return Err(Box::new(diag::invalid_main(place(file, text, &main), &main.value)));
            }
            metadata.main = main.value;
        }
        let folders = [("path", written.path, &mut metadata.path), ("files", written.files, &mut metadata.files)];
        for (key, given, value) in folders {
            let Some(given) = given else { continue };
            // An empty text is as good as none.
            if given.value.is_empty() {
                continue;
            }
            if !is_inside(&given.value) || !given.value.ends_with('/') {
                return Err(Box::new(diag::invalid_folder(place(file, text, &given), key, &given.value)));
            }
            *value = given.value;
        }
        metadata.license = written.license.unwrap_or_default();
        metadata.parentpathblock = written.parentpathblock.unwrap_or_default();
        Ok(metadata)
    }

    /// The folder of the program within the module: empty, or with a slash at the end.
    pub(crate) fn main_folder(&self) -> &str {
        self.main.rfind('/').map_or("", |at| &self.main[..=at])
    }
}

/// Whether a path stays within the folder that it is relative to.
fn is_inside(path: &str) -> bool {
    let parts = path.strip_suffix('/').unwrap_or(path).split('/');
    parts.into_iter().all(|part| !matches!(part, "" | "." | ".."))
}

fn place<T>(file: FileId, text: &str, value: &Spanned<T>) -> Span {
    span_of(file, text, value.referenced.span())
}

fn span_of(file: FileId, text: &str, span: serde_saphyr::Span) -> Span {
    let limit = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let start = span.byte_offset().unwrap_or(0).min(limit);
    let end = start.saturating_add(span.byte_len().unwrap_or(0)).min(limit);
    let small = |at: u64| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, small(start), small(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Metadata, String> {
        Metadata::parse(FileId(0), text).map_err(|diagnostic| {
            let span = diagnostic.span.map_or(0..0, Span::range);
            format!("{}: `{}`", diagnostic.message, &text[span])
        })
    }

    #[test]
    fn an_empty_document_means_the_usual() {
        for text in ["", "# nothing\n", "---\n", "{}"] {
            assert_eq!(parse(text), Ok(Metadata::default()), "{text:?}");
        }
    }

    #[test]
    fn unknown_keys_are_ignored() {
        let metadata =
            parse("main: \"main/hello.mcl\"\npath: path/\nauthor: me\nparentpathblock: true\n").expect("valid");
        assert_eq!(metadata.main, "main/hello.mcl");
        assert_eq!(metadata.main_folder(), "main/");
        assert_eq!(metadata.path, "path/");
        assert_eq!(metadata.files, "files/");
        assert!(metadata.parentpathblock);
    }

    #[test]
    fn paths_stay_within_the_module() {
        for main in ["/main.mcl", "main/", "../main.mcl", "a//main.mcl", "./main.mcl", "\"\""] {
            let error = parse(&format!("main: {main}\n")).expect_err(main);
            assert!(error.contains("main") && error.ends_with(&format!("`{main}`")), "{main}: {error}");
        }
        for folder in ["/files/", "files", "../files/", "./"] {
            assert!(parse(&format!("path: {folder}\n")).is_err(), "{folder}");
            assert!(parse(&format!("files: {folder}\n")).is_err(), "{folder}");
        }
    }

    #[test]
    fn a_mistake_of_yaml_has_a_place() {
        assert!(parse("main: [\n").is_err());
        assert!(parse("main: [a]\n").is_err());
        assert!(parse("parentpathblock: perhaps\n").is_err());
    }
}
