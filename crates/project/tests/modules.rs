//! Programs in folders: which files are read, and what is said where one is missing.

use diag::Style;
use hir::Lowered;
use project::{Input, Options, Project};
use span::SourceMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    write(folder.path(), files);
    folder
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
}

struct Checked {
    lowered: Lowered,
    project: Project,
    messages: String,
}

fn check(input: &Input, options: Options) -> Result<Checked, String> {
    let mut sources = SourceMap::default();
    let (mut project, main) = Project::open(input, options, &mut sources).map_err(|it| it.message.clone())?;
    let lowered = hir::lower(&mut project, &builtins::catalog(&[]), &mut sources, &main);
    let rendered = lowered.diagnostics.iter().map(|it| diag::render(it, &sources, Style::Plain));
    let messages = rendered.collect::<Vec<_>>().join("\n");
    Ok(Checked { lowered, project, messages })
}

fn messages(input: &Input, options: Options) -> String {
    check(input, options).map_or_else(|message| message, |checked| checked.messages)
}

/// The bases of all modules, in the order of their import.
fn bases(input: &Input, options: Options) -> Vec<String> {
    let checked = check(input, options).expect("the program can be read");
    assert_eq!(checked.messages, "");
    checked.lowered.program.modules.values().map(|module| module.base.to_string()).collect()
}

#[test]
fn a_program_is_a_file_a_folder_or_a_metadata_file() {
    let plain = folder(&[("main.mcl", "print \"a\" {}\n"), ("other.mcl", "print \"b\" {}\n")]);
    for path in ["main.mcl", "other.mcl", "", "./"] {
        assert_eq!(bases(&Input::of_path(plain.path().join(path)), Options::default()), ["/"], "{path}");
    }
    let described = folder(&[("metadata.yaml", "main: \"src/a.mcl\"\n"), ("src/a.mcl", "print \"a\" {}\n")]);
    for path in ["metadata.yaml", ""] {
        assert_eq!(bases(&Input::of_path(described.path().join(path)), Options::default()), ["/"], "{path}");
    }
    assert_eq!(bases(&Input::code("print \"a\" {}\n"), Options::default()), ["/"]);
}

#[test]
fn what_is_no_program_is_said() {
    let empty = folder(&[("README", "")]);
    let no_module = messages(&Input::of_path(empty.path()), Options::default());
    assert!(no_module.ends_with("has neither a `metadata.yaml` nor a `main.mcl`"), "{no_module}");
    let missing = messages(&Input::of_path(empty.path().join("main.mcl")), Options::default());
    assert!(missing.ends_with("it does not exist"), "{missing}");
    assert_eq!(messages(&Input::code(" \n"), Options::default()), "the program is empty");
    assert_eq!(messages(&Input::of_path(""), Options::default()), "the program is empty");
    let code = Input::of_path("print \"hello\" {}");
    let mut texts = SourceMap::default();
    let hints = Project::open(&code, Options::default(), &mut texts).map(|_| ()).map_err(|it| it.hints);
    assert_eq!(hints, Err(vec!["the text of a program comes after `-e`".to_owned()]));
}

#[test]
fn imports_are_relative_to_the_importing_file_and_bases_to_the_metadata() {
    let program = folder(&[
        ("metadata.yaml", "main: \"main/hello.mcl\"\n"),
        ("main/hello.mcl", "import \"h2g2.mcl\"\nimport \"mod1/\"\nprint \"${mod1.name}\" {}\n"),
        ("main/h2g2.mcl", "$answer = 42\n"),
        ("main/mod1/metadata.yaml", ""),
        ("main/mod1/main.mcl", "import \"mod1/\" as inner\nimport \"../h2g2.mcl\"\n$name = $inner.name\n"),
        ("main/mod1/mod1/main.mcl", "$name = \"nested\"\n"),
    ]);
    let input = Input::of_path(program.path());
    // The file that is imported from two places is one module.
    assert_eq!(bases(&input, Options::default()), ["/", "/main/", "/main/mod1/", "/main/mod1/mod1/"]);
    let checked = check(&input, Options::default()).expect("the program can be read");
    let contents: Vec<&str> = checked.project.contents().into_iter().collect();
    assert_eq!(
        contents,
        [
            "/files/",
            "/main/files/",
            "/main/h2g2.mcl",
            "/main/hello.mcl",
            "/main/mod1/files/",
            "/main/mod1/main.mcl",
            "/main/mod1/metadata.yaml",
            "/main/mod1/mod1/files/",
            "/main/mod1/mod1/main.mcl",
            "/metadata.yaml",
        ]
    );
}

const ONE: &str = "example.com/person/mgmt-one";
const TWO: &str = "example.com/person/mgmt-two";

#[test]
fn remote_modules_are_searched_for_in_the_path_of_the_module_and_of_its_importers() {
    let metadata = format!("path/{ONE}/metadata.yaml");
    let files = [
        ("metadata.yaml", "path: \"path/\"\n"),
        ("main.mcl", "import \"https://example.com/person/mgmt-one/\"\nprint \"${one.name}\" {}\n"),
        (metadata.as_str(), ""),
        (&format!("path/{ONE}/main.mcl"), "import \"git://example.com/person/mgmt-two\"\n$name = $two.name\n"),
        (&format!("path/{TWO}/metadata.yaml"), ""),
        (&format!("path/{TWO}/main.mcl"), "$name = \"two\"\n"),
    ];
    let program = folder(&files);
    let input = Input::of_path(program.path());
    assert_eq!(bases(&input, Options::default()), ["/", &format!("/path/{ONE}/"), &format!("/path/{TWO}/")]);

    write(program.path(), &[(&metadata, "parentpathblock: true\n")]);
    let blocked = messages(&input, Options::default());
    assert!(blocked.contains("the module `git://example.com/person/mgmt-two` is not on this machine"), "{blocked}");
    assert!(blocked.contains("there is no folder for modules"), "{blocked}");

    // The machine's folder comes last and is never blocked.
    let modules = folder(&[
        (&format!("{ONE}/metadata.yaml"), ""),
        (&format!("{ONE}/main.mcl"), "$wrong = 1\n"),
        (&format!("{TWO}/metadata.yaml"), ""),
        (&format!("{TWO}/main.mcl"), "$name = \"machine\"\n"),
    ]);
    let options = Options { module_path: Some(modules.path().to_owned()), ..Options::default() };
    assert_eq!(bases(&input, options), ["/", &format!("/path/{ONE}/"), &format!("/modules/{TWO}/")]);
}

#[test]
fn mistakes_of_metadata_show_the_file_and_the_import() {
    let program = folder(&[
        ("main.mcl", "import \"mod1/\"\n"),
        ("mod1/metadata.yaml", "main: \"main.mcl\"\nfiles: \"files\"\n"),
        ("mod1/main.mcl", "$x = 1\n"),
    ]);
    let text = messages(&Input::of_path(program.path()), Options::default());
    assert!(text.contains("`files` is no `files` folder of a module"), "{text}");
    assert!(text.contains("mod1/metadata.yaml:2:8") && text.contains("imported here"), "{text}");
}

#[test]
fn a_missing_file_suggests_its_neighbour() {
    let program = folder(&[("main.mcl", "import \"serber.mcl\"\n"), ("server.mcl", "$x = 1\n")]);
    let text = messages(&Input::of_path(program.path()), Options::default());
    assert!(text.contains("it does not exist") && text.contains("server.mcl`"), "{text}");
}

#[test]
fn imports_in_a_circle_are_refused() {
    let program = folder(&[
        ("main.mcl", "import \"a.mcl\"\nprint \"${a.x}\" {}\n"),
        ("a.mcl", "import \"b/\"\n$x = $b.x\n"),
        ("b/main.mcl", "import \"../a.mcl\"\n$x = \"b\"\n"),
    ]);
    let text = messages(&Input::of_path(program.path()), Options::default());
    assert!(text.contains("modules import each other in a circle"), "{text}");
}

/// Runs git in a folder, as somebody.
fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn missing_modules_are_downloaded_and_brought_up_to_date_only_on_request() {
    let remote = folder(&[("metadata.yaml", ""), ("main.mcl", "$name = \"first\"\n")]);
    git(remote.path(), &["init", "--quiet"]);
    git(remote.path(), &["add", "."]);
    git(remote.path(), &["commit", "--quiet", "-m", "first"]);
    let url = format!("file://{}/", remote.path().display());
    let code = format!("import \"{url}\" as remote\nprint \"${{remote.name}}\" {{}}\n");
    let program = folder(&[("main.mcl", &code)]);
    let input = Input::of_path(program.path());

    let modules = tempfile::tempdir().expect("a folder for the test");
    let plain = Options { module_path: Some(modules.path().to_owned()), ..Options::default() };
    let text = messages(&input, plain.clone());
    assert!(text.contains("`--download` fetches modules that are missing"), "{text}");

    let download = Options { download: true, ..plain.clone() };
    let base = format!("/modules{}/", remote.path().display());
    assert_eq!(bases(&input, download.clone()), ["/".to_owned(), base.clone()]);

    write(remote.path(), &[("main.mcl", "$name = \"second\"\n$more = 1\n")]);
    git(remote.path(), &["commit", "--quiet", "-a", "-m", "second"]);
    write(program.path(), &[("main.mcl", &format!("{code}test \"x\" {{\n\tint64 => $remote.more,\n}}\n"))]);
    let text = messages(&input, download.clone());
    assert!(text.contains("no variable `$remote.more` here"), "{text}");
    assert_eq!(bases(&input, Options { update: true, ..download }), ["/".to_owned(), base]);
    assert_eq!(messages(&input, plain), "");
}
