//! Running the program: in a folder of its own, with a state directory of its own.

use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A wait that takes this long will never end.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits until something is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "in vain: waited until {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A folder in which the program works.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of a folder that is made here.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).expect("a folder can be made");
        path
    }

    /// Writes a program; `@` in it stands for this folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text.replace('@', &self.folder.path().display().to_string())).expect("it can be written");
        path
    }

    /// What is in a file here.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    /// A call of the program.
    pub(crate) fn stead(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stead"));
        command.args(arguments).current_dir(self.folder.path());
        for variable in ["STEAD_LOG", "STEAD_MODULE_PATH", "STEAD_MAX_RUNTIME", "STATE_DIRECTORY"] {
            command.env_remove(variable);
        }
        command.env("STEAD_STATE_DIR", self.path("state"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn ran(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.stead(arguments))
    }

    /// Runs the program to its end with a text on its standard input.
    pub(crate) fn fed(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.stead(arguments).stdin(Stdio::piped()).spawn().expect("stead can be started");
        let mut pipe = child.stdin.take().expect("its standard input is a pipe");
        pipe.write_all(input.as_bytes()).expect("it reads its standard input");
        drop(pipe);
        Ran::from(child.wait_with_output().expect("it can be waited for"))
    }
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Ran {
    pub(crate) fn of(mut command: Command) -> Ran {
        Ran::from(command.output().expect("stead can be started"))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("stead prints UTF-8");
        Ran { code: output.status.code(), output: text(output.stdout), errors: text(output.stderr) }
    }
}

/// A program that runs; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    output: Heard,
    errors: Heard,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Running {
        let mut child = command.spawn().expect("stead can be started");
        let output = Heard::from(child.stdout.take().expect("its standard output is a pipe"));
        let errors = Heard::from(child.stderr.take().expect("its standard error is a pipe"));
        Running { child, output, errors }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is ours and not waited for");
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed to standard output so far.
    pub(crate) fn output(&self) -> String {
        self.output.so_far()
    }

    /// Waits until it has printed something to standard error.
    pub(crate) fn until_errors(&mut self, text: &str) {
        self.until(&format!("it says `{text}`"), |it| it.errors.so_far().contains(text));
    }

    /// Waits until it has looked at everything and goes on watching.
    pub(crate) fn until_watching(&mut self) {
        self.until("it watches", |it| it.output().lines().any(|line| line.starts_with("watching ")));
    }

    /// Waits until something is so while it runs.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&Running) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            let ended = self.ended();
            // It may have come to be so at the very end.
            if (ended.is_some() || began.elapsed() >= LIMIT) && !is_so(self) {
                let (output, errors) = (self.output.so_far(), self.errors.so_far());
                panic!(
                    "in vain: waited until {what}\nended: {ended:?}\n-- output --\n{output}\n-- errors --\n{errors}"
                );
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it can be waited for")
    }

    /// Asks it to end, and waits until it has. Whether that meets it at work does not matter.
    pub(crate) fn stop(self) -> Ran {
        self.signal(Signal::TERM);
        self.finish().exits(0)
    }

    /// Waits until it ends by itself.
    pub(crate) fn finish(mut self) -> Ran {
        let mut status = None;
        until("it ends", || {
            status = self.ended();
            status.is_some()
        });
        let code = status.and_then(|it| it.code());
        Ran { code, output: self.output.all(), errors: self.errors.all() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// What comes out of a pipe.
struct Heard {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Heard {
    fn from(pipe: impl Read + Send + 'static) -> Heard {
        let text = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let mut text = written.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
            }
        });
        Heard { text, reader: Some(reader) }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything, to the end of the pipe.
    fn all(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("reading does not fail");
        }
        self.so_far()
    }
}
