//! Programs in memory.

use super::{SimHost, World};
use crate::host::{Cancellation, Captured, Command, ProcessError, ProcessIdentity, Processes};
use crate::{BoxFuture, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

type Body = dyn Fn(&mut World, &Command) -> Result<Captured, ProcessError> + Send + Sync;

/// What a program does.
#[derive(Clone)]
pub struct Program(Arc<Body>);

impl Program {
    /// A program that is a function.
    pub fn new(
        body: impl Fn(&mut World, &Command) -> Result<Captured, ProcessError> + Send + Sync + 'static,
    ) -> Program {
        Program(Arc::new(body))
    }

    /// A program that only writes to its standard output and ends with a code.
    pub fn answers(code: i32, stdout: &str) -> Program {
        let captured = said(code, stdout);
        Program::new(move |_, _| Ok(captured.clone()))
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Program")
    }
}

/// A program that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How it was run.
    pub command: Command,
    /// The exit code; `None` where it did not end by itself.
    pub code: Option<i32>,
}

/// What a program that wrote only to its standard output left behind.
fn said(code: i32, stdout: &str) -> Captured {
    let stdout = (!stdout.is_empty()).then(|| stdout.as_bytes().to_vec());
    Captured { code, output: stdout.clone(), stdout, ..Captured::default() }
}

/// `true`, `false`, `sleep`, `crash SIGNAL`, `echo TEXT…`, `cat FILE`, `touch FILE`, `rm FILE`, `test -e FILE`, and `sh -c` with words and `&&`.
pub(super) fn small_programs() -> BTreeMap<String, Program> {
    fn argument(command: &Command, at: usize) -> &str {
        command.argv.get(at).map_or("", String::as_str)
    }
    let exists = |world: &World, path: &str| world.files.contains_key(std::path::Path::new(path));
    let mut programs = BTreeMap::new();
    let mut add = |name: &str, program: Program| _ = programs.insert(name.to_owned(), program);
    add("true", Program::answers(0, ""));
    add("false", Program::answers(1, ""));
    add("sleep", Program::answers(0, ""));
    add("echo", Program::new(|_, command| Ok(said(0, &format!("{}\n", command.argv[1..].join(" "))))));
    add("test", Program::new(move |world, command| Ok(said(i32::from(!exists(world, argument(command, 2))), ""))));
    add(
        "crash",
        Program::new(|_, command| {
            // What was started is what died.
            let (program, signal) = (command.argv[0].clone(), command.argv.last().cloned().unwrap_or_default());
            Err(ProcessError::Killed { program, signal })
        }),
    );
    add(
        "cat",
        Program::new(|world, command| match world.content(argument(command, 1)) {
            Some(content) => Ok(said(0, &String::from_utf8_lossy(content))),
            None => Ok(Captured { code: 1, ..Captured::default() }),
        }),
    );
    add(
        "touch",
        Program::new(|world, command| {
            let path = argument(command, 1).to_owned();
            if world.change(format!("touch {path}")).is_err() {
                return Ok(said(1, ""));
            }
            let content = world.content(&path).unwrap_or_default().to_vec();
            world.put_file(&path, content, 0o644);
            Ok(said(0, ""))
        }),
    );
    add(
        "rm",
        Program::new(|world, command| {
            let path = std::path::Path::new(argument(command, 1));
            if world.change(format!("rm {}", path.display())).is_err() {
                return Ok(said(1, ""));
            }
            let found = world.files.remove(path).is_some();
            Ok(said(i32::from(!found), ""))
        }),
    );
    let shell = Program::new(|world, command| {
        let mut output = String::new();
        for part in argument(command, 2).split("&&") {
            let captured = world.call(&Command::new(part.split_whitespace()))?;
            output.push_str(&String::from_utf8_lossy(captured.stdout.as_deref().unwrap_or_default()));
            if captured.code != 0 {
                return Ok(said(captured.code, &output));
            }
        }
        Ok(said(0, &output))
    });
    for name in ["sh", "/bin/sh", "/bin/bash"] {
        add(name, shell.clone());
    }
    programs
}

impl World {
    /// Makes a program answer. The name may hold arguments: the longest name that a command begins with counts.
    pub fn put_program(&mut self, name: &str, program: Program) {
        self.programs.insert(name.to_owned(), program);
    }

    /// Runs a program and notes that it was run.
    pub(super) fn run(&mut self, command: &Command) -> Result<Captured> {
        let result = self.call(command);
        let code = result.as_ref().ok().map(|captured| captured.code);
        self.runs.push(Run { command: command.clone(), code });
        Ok(result?)
    }

    fn call(&mut self, command: &Command) -> Result<Captured, ProcessError> {
        let words = &command.argv;
        let found = (1..=words.len()).rev().find_map(|count| self.programs.get(&words[..count].join(" ")));
        match found.cloned() {
            Some(program) => (program.0)(self, command),
            None => Err(ProcessError::Start {
                program: words.first().cloned().unwrap_or_default(),
                reason: "No such file or directory".to_owned(),
            }),
        }
    }
}

impl Processes for SimHost {
    fn run<'a>(&'a self, command: &'a Command, cancellation: &'a Cancellation) -> BoxFuture<'a, Result<Captured>> {
        Box::pin(async move {
            if cancellation.urgency() > crate::host::Urgency::None {
                return Err(crate::Error::Interrupted);
            }
            self.world().run(command)
        })
    }

    /// The simulated agent is root.
    fn check_identity(&self, _identity: &ProcessIdentity) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_scripted_command_answers() {
        let mut world = World::default();
        world.put_program("git", Program::answers(1, ""));
        world.put_program("git status", Program::answers(0, "clean\n"));
        let code = |world: &mut World, text: &str| {
            World::run(world, &Command::new(text.split(' ')))
                .map(|captured| captured.code)
                .map_err(|error| error.chain())
        };
        assert_eq!(code(&mut world, "git status -s"), Ok(0));
        assert_eq!(code(&mut world, "git push"), Ok(1));
        assert_eq!(code(&mut world, "hg"), Err("cannot start `hg`: No such file or directory".to_owned()));
        assert_eq!(world.runs.len(), 3);
    }
}
