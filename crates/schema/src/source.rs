//! What a function listens to, as data.
//!
//! A function that follows the world does not look at it: it names a [`Source`], and the agent sends it values. So the
//! runtime stays deterministic, and a test plays the world.

use std::fmt;
use value::{Str, Value};

/// Something in the world that has a value over time. The comment of each says which values come and when.
///
/// The first value comes as soon as it is known. A value that equals the last one need not be sent. Where a comment
/// names a failure, the agent sends it in place of a value; without one, only what cannot be expected to fail (memory,
/// a bus that every such machine has) does, and fatally.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The value, once: for arguments that need nothing of the world.
    Once(Value),
    /// `int`: the time in seconds since 1970, now and then each time the period has passed.
    Clock {
        /// The period in milliseconds.
        every: u64,
    },
    /// `int`: the time in seconds since 1970, now and then at every local midnight.
    Midnight,
    /// `str`: the content of a file, now and whenever it changes, once it has come to rest. While there is none, the catchable failure
    /// `error reading file: open PATH: no such file or directory`; where it cannot be read, a fatal one.
    File(Str),
    /// `bool`: whether there is a file or folder, links followed, now and whenever that changes, once it has come to rest. Only "does not exist"
    /// is `false`; another error is fatal.
    FileExists(Str),
    /// `[]bool`: for each path whether there is a file or folder, in order, now and whenever one changes.
    FilesExist(Vec<Str>),
    /// `str`: each line that a shell command writes to its standard output, without its end. After the command has
    /// ended, the last line stays, whatever its exit status; without any line it is empty then. A source that is dropped ends its command.
    Lines(Str),
    /// A fact about the machine, now and whenever it changes.
    Fact(Fact),
    /// `struct{found bool; name str; uid int; gid int; home str}`: an account by its name or, where the name is a
    /// number and no account has it as its name, by its id; now and when the database changes. The empty name stands
    /// for the account that the agent runs as. Where there is none, `found` is `false` and the others are zero.
    Account(Str),
    /// `struct{found bool; value str}`: an environment variable of the agent, once.
    Variable(Str),
    /// `map{str: str}`: the whole environment of the agent, once. What has no `=` is left out.
    Environment,
    /// `[]str`: the command line of the agent, beginning with the name of the program, once.
    Arguments,
    /// `str`: the absolute path of the running executable with links resolved, once.
    Executable,
    /// `str`: the absolute path of the agent's working folder, once.
    WorkingFolder,
    /// `struct{pid int; ppid int; uid int; euid int; gid int; egid int; page_size int}`: the agent's own process, once.
    Process,
    /// `str`: the path of an executable, once: searched for in `$PATH`, or tested as it is where the name holds a `/`.
    /// Where there is none, the fatal failure `exec: "NAME": executable file not found in $PATH`, or with a `/`
    /// `exec: "NAME": no such file or directory`.
    Command(Str),
    /// `str`: where a symbolic link leads, as it says, once. Where that cannot be read, the fatal failure
    /// `readlink PATH: no such file or directory`, or what else is wrong in place of the last part.
    Link(Str),
    /// `str`: a path with all links in it followed, once: without `.`, `..` and double slashes; relative where the path
    /// is and no link is absolute. Where there is none, the fatal failure `lstat PATH: no such file or directory`.
    ResolvedPath(Str),
    /// `str`: what a file of the program itself holds (a deploy's files, not the machine's), once. The path is absolute
    /// within the program. Where there is none, the fatal failure
    /// ``can't read file `PATH`: no such file or directory``.
    ProgramFile(Str),
    /// `bool`: whether there is such a file or folder in the program, once.
    ProgramFileExists(Str),
    /// `str`: a folder of the program, copied to the machine as it is; the absolute path of the copy, ending in `/`.
    /// The path within the program begins and ends with `/`.
    ProgramFolder(Str),
    /// `struct{value V; ready bool}`: what the `value` resource of a name received last, now and whenever it changes.
    /// The field `value` is absent while not ready; its type is whatever the resource received.
    Local {
        /// The name of the resource.
        key: Str,
    },
    /// `struct{status int; output str}`: what the `http:client` resource of a name received last, now and whenever that
    /// changes. The status is 0 until something is known, -1 where there was no answer; the output is the body.
    Response(Str),
    /// `int`: the small number that stands for `id` in a pool of this host: one more than the largest so far, given out
    /// once and kept.
    Pool {
        /// The pool: not empty, without `/`.
        namespace: Str,
        /// What the number stands for: not empty, without `/`.
        id: Str,
    },
    /// `str`: a private folder of this host below the state directory, made when asked for; its absolute path, ending
    /// in `/`. The path given is relative, ends in `/`, and does not leave the state directory.
    Folder(Str),
    /// `struct{value str; exists bool}`: a key of the store, now and whenever it changes. The value is empty where
    /// there is none.
    StoreValue(Str),
    /// `map{str: str}`: a value for each host in a namespace of the store, now and whenever one changes.
    StoreMap(Str),
    /// `[]str`: the hosts chosen in a schedule, sorted, now and whenever that changes; empty while nobody is a candidate.
    /// Where the candidates ask for a strategy that nobody knows here, a fatal failure.
    Schedule {
        /// The namespace.
        namespace: Str,
        /// How to choose, in place of what the candidates say.
        strategy: Option<Strategy>,
        /// How many hosts at most, in place of what the candidates say.
        max: Option<i64>,
    },
    /// `[]struct{name str; host str; data str}`: exported resources of a kind that are addressed to this host, sorted
    /// by name and host, now and whenever that changes.
    Exports {
        /// The kind.
        kind: Str,
        /// Pairs of name and host to keep; an empty text stands for any. No pair: none; absent: all.
        filter: Option<Vec<(Str, Str)>>,
    },
    /// The value as it was so many milliseconds ago, now and whenever that changes; until it is known for so long, the
    /// oldest that is known. The agent keeps the values of one node's sources together, with the time at which each
    /// came: a source that differs only in `value` is the next sample, not another source.
    Delayed {
        /// How long ago, in milliseconds.
        by: u64,
        /// What to delay.
        value: Value,
    },
    /// `str`: random letters from `a` to `z` and `A` to `Z`, each as likely as any other, from a generator fit for
    /// secrets; drawn once per node and length.
    Random {
        /// How many.
        length: u32,
    },
    /// `int`: 64 random bits, drawn once per node.
    RandomBits,
    /// A value after a time, once.
    Later {
        /// How long, in milliseconds.
        after: u64,
        /// The value.
        value: Value,
    },
    /// Values in turn, the first one now, with a period between them, then again from the first.
    Cycle {
        /// The period in milliseconds; 0 for as fast as they are taken.
        every: u64,
        /// The values.
        values: Vec<Value>,
    },
    /// Values in turn, the first one now, with a period between them; the last one stays.
    Sequence {
        /// The period in milliseconds; 0 for as fast as they are taken.
        every: u64,
        /// The values.
        values: Vec<Value>,
    },
    /// `int`: 0, 1, 2, … as fast as they are taken.
    Count,
}

impl Source {
    /// Whether each one who asks for it gets another value: two draws are not one.
    pub fn is_drawn(&self) -> bool {
        matches!(self, Source::Random { .. } | Source::RandomBits)
    }
}

/// How the hosts of a schedule are chosen among its candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// Who has been a candidate for longest: who is chosen stays chosen.
    #[default]
    FirstCome,
    /// Who is first by name.
    ByName,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Strategy; 2] = [Strategy::FirstCome, Strategy::ByName];

    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::FirstCome => "rr",
            Strategy::ByName => "alpha",
        }
    }

    /// The strategy of a name; the usual one where it is empty.
    pub fn named(name: &str) -> Option<Strategy> {
        if name.is_empty() { Some(Strategy::default()) } else { Strategy::ALL.into_iter().find(|it| it.name() == name) }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A fact about the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// `str`: the host name, as the machine's own name service (`hostnamed`, else the kernel) has it.
    Hostname,
    /// `struct{x1 float; x5 float; x15 float}`: the load averages, every 5 seconds.
    Load,
    /// `int`: seconds since boot, every second.
    Uptime,
    /// `int`: processors that are online.
    CpuCount,
    /// `map{str: str}`: the entries of `/etc/os-release`, else of `/usr/lib/os-release`, by their name (`ID`), quotes
    /// removed. Without either file, the fatal failure
    /// `ParseOSRelease failed: No content available from os-release files`.
    OsRelease,
    /// `bool`: whether the machine is virtual.
    Virtual,
    /// `[]str`: names of the loaded kernel modules, sorted.
    KernelModules,
    /// `[]struct{name str; mac str; loopback bool; wireless bool; up bool; addresses []str}`: network interfaces in the
    /// order of their index. `mac` is lower case with colons, empty where there is none; the addresses are in the order
    /// of the kernel, each with its prefix length, as in `192.0.2.5/24`.
    Interfaces,
}
