//! A folder that apt takes for a repository, with packages that are made for a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package to be made.
#[derive(Clone, Debug, Default)]
pub struct Package {
    name: String,
    version: String,
    /// More fields of its description, each with a line end.
    fields: String,
    files: Vec<(String, String)>,
    configuration: Vec<String>,
    scripts: Vec<(String, String)>,
}

impl Package {
    /// A package with nothing in it.
    pub fn new(name: &str, version: &str) -> Package {
        Package { name: name.to_owned(), version: version.to_owned(), ..Package::default() }
    }

    /// Adds a field of the description, for instance `Depends`.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Package {
        self.fields.push_str(&format!("{name}: {value}\n"));
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, path: &str, content: &str) -> Package {
        self.files.push((path.to_owned(), content.to_owned()));
        self
    }

    /// Adds a file that belongs to the administrator once it is there.
    #[must_use]
    pub fn configuration(mut self, path: &str, content: &str) -> Package {
        self.configuration.push(path.to_owned());
        self.file(path, content)
    }

    /// Adds a script that dpkg runs, for instance `prerm`.
    #[must_use]
    pub fn script(mut self, name: &str, lines: &str) -> Package {
        self.scripts.push((name.to_owned(), format!("#!/bin/sh\nset -e\n{lines}\n")));
        self
    }

    fn control(&self) -> String {
        let Package { name, version, fields, .. } = self;
        format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n{fields}Description: test\n"
        )
    }
}

/// A repository without a signature.
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// Makes an empty one.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn create(folder: &Path) -> Repository {
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(folder.join("Packages"), "").expect("the folder is ours");
        Repository { folder: folder.to_owned() }
    }

    /// Builds a package into it.
    ///
    /// # Panics
    /// When it cannot be built.
    pub fn add(&self, package: &Package) {
        use std::os::unix::fs::PermissionsExt as _;
        let Package { name, version, .. } = package;
        let root = self.folder.join(format!("build-{name}-{version}"));
        let put = |path: &str, text: &str, mode: u32| {
            let path = root.join(path.trim_start_matches('/'));
            fs::create_dir_all(path.parent().expect("it is below the root")).expect("the folder is ours");
            fs::write(&path, text).expect("the folder is ours");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the file is ours");
        };
        put("DEBIAN/control", &package.control(), 0o644);
        let configuration: String = package.configuration.iter().map(|path| format!("{path}\n")).collect();
        put("DEBIAN/conffiles", &configuration, 0o644);
        for (name, text) in &package.scripts {
            put(&format!("DEBIAN/{name}"), text, 0o755);
        }
        for (path, text) in &package.files {
            put(path, text, if text.starts_with("#!") { 0o755 } else { 0o644 });
        }
        let file = format!("{name}_{version}.deb");
        let path = self.folder.join(&file);
        output(Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).args([&root, &path]));
        fs::remove_dir_all(&root).expect("the folder is ours");

        let sum = output(Command::new("sha256sum").arg(&path));
        let sum = sum.split(' ').next().expect("a text has a first part");
        let size = fs::metadata(&path).expect("it was built").len();
        let index = self.folder.join("Packages");
        let mut text = fs::read_to_string(&index).expect("it was created with the repository");
        let control = package.control();
        text.push_str(&format!("{control}Filename: ./{file}\nSize: {size}\nSHA256: {sum}\n\n"));
        fs::write(index, text).expect("the folder is ours");
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program is there");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
