//! What a command changes: every system call that could, of the command and of all its children.
//!
//! `strace` looks, through a seccomp filter of its own. A filter alone would not do: it sees numbers, and whether `openat2`
//! opens a file to write to it stands in memory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fmt, fs};

/// Calls that change the machine whatever they are told. What is newer than the `strace` at hand is not looked for.
const ALWAYS: &[&str] = &[
    "acct",
    "adjtimex",
    "chmod",
    "chown",
    "clock_adjtime",
    "clock_settime",
    "creat",
    "delete_module",
    "fallocate",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "finit_module",
    "fremovexattr",
    "fsetxattr",
    "ftruncate",
    "futimesat",
    "init_module",
    "io_uring_setup",
    "lchown",
    "link",
    "linkat",
    "lremovexattr",
    "lsetxattr",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "mount",
    "move_mount",
    "pivot_root",
    "quotactl",
    "reboot",
    "removexattr",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "setxattr",
    "swapoff",
    "swapon",
    "symlink",
    "symlinkat",
    "truncate",
    "umount2",
    "unlink",
    "unlinkat",
    "utime",
    "utimensat",
    "utimes",
];

/// Calls that change the machine where one of these words stands in what they are told.
const SOMETIMES: &[(&str, &[&str])] = &[
    ("open", WRITING),
    ("openat", WRITING),
    ("openat2", WRITING),
    ("open_by_handle_at", WRITING),
    ("ioctl", &["FS_IOC_SETFLAGS", "FS_IOC_FSSETXATTR", "FICLONE", "FIDEDUPERANGE"]),
    // A socket with a name in the file system.
    ("bind", &["sun_path=\""]),
];

const WRITING: &[&str] = &["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];

/// What came of a command that was looked at.
#[derive(Debug)]
pub struct Traced {
    /// What the command wrote, and how it ended.
    pub output: Output,
    /// The calls that could change something, tried ones too.
    pub writes: Vec<Write>,
}

/// A call that could change something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Write {
    /// The name of the program that made it.
    pub program: String,
    /// The call as `strace` shows it.
    pub call: String,
    /// What it names, with what is open at the descriptors that it is told.
    pub paths: Vec<PathBuf>,
}

impl Write {
    /// Whether nothing is different afterwards: what goes to `/dev/null` is gone, and so is soon a file without a name, which
    /// apt's tools keep their notes in.
    pub fn is_harmless(&self) -> bool {
        self.paths == [Path::new("/dev/null")] || self.program.starts_with("apt-") && self.call.contains("O_TMPFILE")
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.program, self.call)
    }
}

/// Runs a command to its end and looks at all it does. Its notes are made in a folder, which must be empty or missing.
///
/// # Panics
/// Where `strace` cannot be started, or saw nothing.
pub fn traced(command: &Command, notes: &Path) -> Traced {
    fs::create_dir_all(notes).expect("a folder can be made");
    let calls = ALWAYS.iter().chain(SOMETIMES.iter().map(|(name, _)| name));
    let calls: Vec<String> = calls.map(|name| format!("?{name}")).collect();
    let mut tracer = Command::new("strace");
    tracer.args(["-ff", "--seccomp-bpf", "-y", "-qq", "--signal=none", "--string-limit=4096"]);
    tracer.arg(format!("--trace=execve,{}", calls.join(","))).arg("-o").arg(notes.join("of"));
    tracer.arg("--").arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        tracer.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => tracer.env(name, value),
            None => tracer.env_remove(name),
        };
    }
    let output = tracer.output().expect("strace can be started: it is a package of that name");
    let mut texts: Vec<(OsString, String)> = Vec::new();
    for entry in fs::read_dir(notes).expect("it can be listed").map(|entry| entry.expect("it can be listed")) {
        let text = fs::read(entry.path()).expect("it can be read");
        texts.push((entry.file_name(), String::from_utf8_lossy(&text).into_owned()));
    }
    texts.sort();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(texts.iter().any(|(_, text)| text.starts_with("execve(")), "strace saw nothing: {complaint}");
    let first = name_of(Path::new(command.get_program()));
    let writes = texts.iter().flat_map(|(_, text)| writes(&first, text)).collect();
    Traced { output, writes }
}

/// The writing calls among those of one process or thread.
fn writes(first: &str, text: &str) -> Vec<Write> {
    let mut program = first.to_owned();
    let mut writes = Vec::new();
    let mut opened = BTreeMap::new();
    for line in text.lines() {
        let Some((name, told)) = line.split_once('(') else { continue };
        let (told, result) = told.rsplit_once(") = ").unwrap_or((told, ""));
        if name == "execve" {
            if result.starts_with('0') {
                program = paths(told).first().map_or_else(String::new, |path| name_of(path));
            }
            continue;
        }
        if let Some((descriptor, path)) = result.split_once('<') {
            // A file without a name is followed by a remark.
            let path = path.rsplit_once('>').map_or(path, |(path, _)| path);
            opened.insert(format!("/proc/self/fd/{descriptor}"), PathBuf::from(path));
        }
        if changes(name, told) {
            // Where a link points is only text.
            let text = usize::from(name.starts_with("symlink"));
            let mut paths = paths(told).split_off(text);
            for path in &mut paths {
                if let Some(behind) = path.to_str().and_then(|path| opened.get(path)) {
                    path.clone_from(behind);
                }
            }
            writes.push(Write { program: program.clone(), call: line.to_owned(), paths });
        }
    }
    writes
}

fn changes(name: &str, told: &str) -> bool {
    // The words must not be found in a path.
    let told_without_paths: String = told.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let sometimes = SOMETIMES.iter().find(|(it, _)| *it == name);
    ALWAYS.contains(&name)
        || sometimes.is_some_and(|(_, words)| words.iter().any(|word| told_without_paths.contains(word)))
}

/// The paths among what a call is told: `AT_FDCWD</folder>, "name"` is one, and so is `3</file>`.
fn paths(told: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut open: Option<PathBuf> = None;
    let mut rest = told;
    while let Some(at) = rest.find(['<', '"']) {
        let is_open = rest[at..].starts_with('<');
        let inside = &rest[at + 1..];
        let end = if is_open { inside.find('>') } else { end_of_text(inside) }.unwrap_or(inside.len());
        let text = Path::new(&inside[..end]);
        if is_open {
            paths.extend(open.replace(text.to_owned()));
        } else {
            paths.push(open.take().map_or_else(|| text.to_owned(), |folder| folder.join(text)));
        }
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    paths.extend(open);
    paths
}

/// Where the quote is that ends a text.
fn end_of_text(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.find(|character| {
        let ends = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        ends
    })
}

fn name_of(program: &Path) -> String {
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_a_call_are_found_with_the_folders_they_are_in() {
        let found = |told: &str| paths(told).iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        assert_eq!(found(r#"AT_FDCWD</home>, "a", O_WRONLY"#), ["/home/a"]);
        assert_eq!(found(r#"AT_FDCWD</home>, "/b", O_WRONLY"#), ["/b"]);
        assert_eq!(found(r#"5</x>, "a", 6</y>, "b", 0"#), ["/x/a", "/y/b"]);
        assert_eq!(found("5</x/a>, 0644"), ["/x/a"]);
        assert_eq!(found(r#""/a \" b", 0644"#), [r#"/a \" b"#]);
    }

    #[test]
    fn a_call_that_is_said_to_open_a_file_for_reading_only_changes_nothing() {
        assert!(changes("openat2", r#"3</x>, "a", {flags=O_RDWR|O_CREAT, mode=0600}, 24"#));
        assert!(!changes("openat2", r#"3</x>, "O_RDWR", {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_BENEATH}, 24"#));
        assert!(changes("ioctl", "3</x>, FS_IOC_SETFLAGS, [FS_IMMUTABLE_FL]"));
        assert!(!changes("ioctl", "3</x>, TCGETS, 0x1"));
        assert!(changes("unlinkat", r#"3</x>, "a", 0"#));
    }

    #[test]
    fn what_a_child_changes_is_seen_with_the_childs_name_and_its_place() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new("sh");
        command.args(["-c", "cat missing; cd below && touch new && mv new newer; true"]);
        fs::create_dir(folder.path().join("below")).expect("a folder can be made");
        command.current_dir(folder.path());
        let traced = traced(&command, &folder.path().join("notes"));
        assert!(traced.output.status.success(), "{traced:?}");
        let place = fs::canonicalize(folder.path()).expect("it is there");
        let by = |program: &str| -> Vec<&Write> {
            traced.writes.iter().filter(|it| it.program == program && it.paths[0].starts_with(&place)).collect()
        };
        assert!(by("touch").iter().any(|it| it.paths == [place.join("below/new")]), "{traced:?}");
        assert!(
            by("mv").iter().any(|it| it.paths == [place.join("below/new"), place.join("below/newer")]),
            "{traced:?}"
        );
        assert_eq!(by("cat"), Vec::<&Write>::new(), "reading is no change");
    }
}
