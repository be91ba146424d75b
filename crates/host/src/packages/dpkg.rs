//! Reads dpkg's database: what is installed, held, or left over, and which files belong to what.

use resource::Result;
use resource::host::file_error;
use rustc_hash::FxHashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What dpkg knows about a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// The version, where it is installed whole.
    pub(super) installed: Option<String>,
    /// Whether only configuration files are left.
    pub(super) residual: bool,
    /// Whether it is there by half.
    pub(super) broken: bool,
    /// Whether it cannot be gone on with as it is: it has to be unpacked anew.
    pub(super) must_be_unpacked: bool,
    pub(super) held: bool,
    architecture: String,
}

/// All packages, by `name` for the machine's own architecture and by `name:architecture`.
type Table = FxHashMap<String, Status>;

/// dpkg's database.
pub(super) struct Dpkg {
    folder: PathBuf,
    last: Mutex<Option<(Version, Arc<Table>)>>,
}

/// Number, size and time of a file: the same as long as nobody replaced it.
type Version = (u64, i64, i64, u64);

impl Dpkg {
    /// The database in this folder, usually `/var/lib/dpkg`.
    pub(super) fn new(folder: PathBuf) -> Dpkg {
        Dpkg { folder, last: Mutex::new(None) }
    }

    pub(super) fn status_file(&self) -> PathBuf {
        self.folder.join("status")
    }

    /// The state of all packages; read again when it has changed.
    pub(super) fn status(&self) -> Result<Arc<Table>> {
        let path = self.status_file();
        let stat = rustix::fs::stat(&path).map_err(|error| file_error("look at", &path)(error.into()))?;
        let version = (stat.st_ino, stat.st_size, stat.st_mtime, stat.st_mtime_nsec);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, table)) = &*last
            && *known == version
        {
            return Ok(Arc::clone(table));
        }
        let bytes = std::fs::read(&path).map_err(file_error("read", &path))?;
        let table = Arc::new(parse(&String::from_utf8_lossy(&bytes)));
        *last = Some((version, Arc::clone(&table)));
        Ok(table)
    }

    /// The files of a package; none where it is not installed.
    pub(super) fn files_of(&self, name: &str) -> Result<Vec<PathBuf>> {
        let status = self.status()?.get(name).cloned().unwrap_or_default();
        let plain = name.split(':').next().unwrap_or(name);
        // Packages that can be there for several architectures carry theirs in the name of the file.
        let candidates = [format!("{plain}:{}.list", status.architecture), format!("{plain}.list")];
        if status.installed.is_none() {
            return Ok(Vec::new());
        }
        for file in candidates.map(|file| self.folder.join("info").join(file)) {
            match std::fs::read_to_string(&file) {
                Ok(text) => {
                    let files = text.lines().filter(|line| line.len() > 1 && *line != "/.");
                    return Ok(files.map(PathBuf::from).collect());
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(file_error("read", &file)(error)),
            }
        }
        Ok(Vec::new())
    }
}

fn parse(text: &str) -> Table {
    let native = native_architecture(text);
    let mut table = Table::default();
    for paragraph in text.split("\n\n") {
        // Values that go on over several lines begin with a space, which no name does.
        let field = |name: &str| {
            let mut lines = paragraph.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
        };
        let (name, architecture) = (field("Package"), field("Architecture"));
        // `hold ok installed`: wanted, flag, state.
        let mut words = field("Status").split_whitespace();
        let mut word = || words.next().unwrap_or_default();
        let (wanted, flag, state) = (word(), word(), word());
        if name.is_empty() || state.is_empty() {
            continue;
        }
        // What is unpacked but not configured does not count: installing it again completes it.
        let is_installed = matches!(state, "installed" | "triggers-awaited" | "triggers-pending");
        let status = Status {
            installed: is_installed.then(|| field("Version").to_owned()),
            residual: state == "config-files",
            broken: matches!(state, "half-installed" | "unpacked" | "half-configured"),
            must_be_unpacked: flag == "reinstreq",
            held: wanted == "hold",
            architecture: architecture.to_owned(),
        };
        if architecture == "all" || Some(architecture) == native.as_deref() {
            table.insert(name.to_owned(), status.clone());
        }
        table.insert(format!("{name}:{architecture}"), status);
    }
    table
}

/// The machine's own architecture: that of dpkg itself.
fn native_architecture(text: &str) -> Option<String> {
    let dpkg = text.split("\n\n").find(|paragraph| paragraph.trim_start().starts_with("Package: dpkg\n"))?;
    dpkg.lines().find_map(|line| line.strip_prefix("Architecture: ")).map(str::to_owned)
}

/// Whether something can be the name of a package: nothing that a tool takes for an option, a pattern or a path.
pub(super) fn is_name(text: &str) -> bool {
    let (name, architecture) = text.split_once(':').unwrap_or((text, "any"));
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() > 1
        && name.bytes().next().is_some_and(is_word)
        && name.bytes().all(|byte| is_word(byte) || b"+-.".contains(&byte))
        && !architecture.is_empty()
        && architecture.bytes().all(|byte| is_word(byte) || byte == b'-')
}

/// Whether something can be a version.
pub(super) fn is_version(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-:~".contains(&byte))
}

/// The database's usual folder.
pub(super) fn usual_folder() -> PathBuf {
    Path::new("/var/lib/dpkg").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const STATUS: &str = "\
Package: dpkg
Status: install ok installed
Architecture: amd64
Version: 1.21.22
Description: tool
 Status: hold ok installed

Package: held
Status: hold ok installed
Architecture: all
Version: 1:2.0-1~deb12

Package: lib
Status: install ok installed
Architecture: i386
Multi-Arch: same
Version: 3

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 4

Package: broken
Status: install ok half-configured
Architecture: amd64
Version: 5

Package: torn
Status: install reinstreq half-installed
Architecture: amd64
Version: 6
";

    fn database() -> (tempfile::TempDir, Dpkg) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(folder.path().join("info")).expect("made");
        fs::write(folder.path().join("status"), STATUS).expect("written");
        let dpkg = Dpkg::new(folder.path().to_owned());
        (folder, dpkg)
    }

    #[test]
    fn states_are_told_apart() {
        let (_folder, dpkg) = database();
        let status = dpkg.status().expect("readable");
        let facts = |name: &str| status.get(name).map(|it| (it.installed.as_deref(), it.residual, it.held));
        assert_eq!(facts("dpkg"), Some((Some("1.21.22"), false, false)));
        assert_eq!(facts("held"), Some((Some("1:2.0-1~deb12"), false, true)));
        assert_eq!(facts("lib"), None, "another architecture's package must be named with it");
        assert_eq!(facts("lib:i386"), Some((Some("3"), false, false)));
        assert_eq!(facts("gone"), Some((None, true, false)));
        assert_eq!(facts("broken"), Some((None, false, false)));
        let halves = |name: &str| status.get(name).map(|it| (it.broken, it.must_be_unpacked));
        assert_eq!(halves("broken"), Some((true, false)));
        assert_eq!(halves("torn"), Some((true, true)));
        assert_eq!(halves("gone"), Some((false, false)));
    }

    #[test]
    fn files_are_found_with_and_without_the_architecture() {
        let (folder, dpkg) = database();
        fs::write(folder.path().join("info/held.list"), "/.\n/etc\n/etc/held.conf\n").expect("written");
        fs::write(folder.path().join("info/lib:i386.list"), "/.\n/usr/lib/x\n").expect("written");
        fs::write(folder.path().join("info/gone.list"), "/etc/gone\n").expect("written");
        let files = |name: &str| dpkg.files_of(name).expect("readable");
        assert_eq!(files("held"), [PathBuf::from("/etc"), PathBuf::from("/etc/held.conf")]);
        assert_eq!(files("lib:i386"), [PathBuf::from("/usr/lib/x")]);
        assert!(files("gone").is_empty() && files("nothing").is_empty());
    }

    #[test]
    fn nothing_but_names_and_versions_gets_to_the_tools() {
        for name in ["g++", "libstdc++6", "0ad", "lib:i386", "python3.11"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["", "a", "-y", "--purge", "a b", "A", "a*", "./a.deb", "a/b", "a:", "a=1", "foo?"] {
            assert!(!is_name(text), "{text}");
        }
        assert!(is_version("1:2.0~rc1-3+deb12u1") && !is_version("*") && !is_version("-1") && !is_version("stable"));
    }
}
