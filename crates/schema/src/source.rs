//! What a function listens to, as data.
//!
//! A function that follows the world does not look at it: it names a [`Source`], and the agent sends it values. So the
//! runtime stays deterministic, and a test plays the world.

use value::{Name, Str, Value};

/// Something in the world that has a value over time. The comment of each says which values come and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `int`: the time in seconds since 1970, now and then each time the period has passed.
    Clock {
        /// The period in milliseconds.
        every: u64,
    },
    /// `int`: the time in seconds since 1970, now and then at every local midnight.
    Midnight,
    /// `str`: the content of a file, now and whenever it changes. Fails, catchably, while there is none.
    File(Str),
    /// `bool`: whether there is a file or folder, now and whenever that changes.
    FileExists(Str),
    /// `str`: each line that a shell command writes to its standard output.
    Lines(Str),
    /// A fact about the machine, now and whenever it changes.
    Fact(Fact),
    /// `struct{found bool; name str; uid int; gid int; home str}`: an account by its name or, where `name` is a number, by its id; now and when the database changes.
    Account(Str),
    /// `struct{found bool; value str}`: an environment variable of the agent, once.
    Variable(Str),
    /// `map{str: str}`: the whole environment of the agent, once.
    Environment,
    /// `[]str`: the arguments of the program after `--`, once.
    Arguments,
    /// `str`: the path of the running executable, once.
    Executable,
    /// `str`: what a file of the program itself holds (a deploy's files, not the machine's), once.
    ProgramFile(Str),
    /// `bool`: whether there is such a file or folder in the program, once.
    ProgramFileExists(Str),
    /// `str`: a folder of the program, copied to the machine; the path of the copy.
    ProgramFolder(Str),
    /// `struct{value V; ready bool}`: what the `value` resource of a name received last. The value is absent from the struct while not ready.
    Local {
        /// The name of the resource.
        key: Str,
    },
    /// `int`: the small number that stands for `id` in a pool of this host, given out once and kept.
    Pool {
        /// The pool.
        namespace: Str,
        /// What the number stands for.
        id: Str,
    },
    /// `str`: a private folder of this host below the state directory, made when asked for.
    Folder(Str),
    /// `struct{value str; exists bool}`: a key of the store, now and whenever it changes.
    StoreValue(Str),
    /// `map{str: str}`: a value for each host in a namespace of the store, now and whenever one changes.
    StoreMap(Str),
    /// `[]str`: the hosts chosen in a namespace, now and whenever that changes.
    Schedule {
        /// The namespace.
        namespace: Str,
        /// The options, by name.
        options: Vec<(Name, Value)>,
    },
    /// `[]struct{name str; host str; data str}`: exported resources of a kind that are addressed to this host, sorted by name and host, now and whenever that changes.
    Exports {
        /// The kind.
        kind: Str,
        /// Pairs of name and host to keep; an empty text stands for any. No pair: none; absent: all.
        filter: Option<Vec<(Str, Str)>>,
    },
    /// The first argument of the function as it was so many milliseconds ago, whenever that changes. The agent gets each sample from the runtime.
    Delayed {
        /// How long ago, in milliseconds.
        by: u64,
        /// What to delay.
        value: Value,
    },
    /// `str`: random letters, drawn once per instance and length.
    Random {
        /// How many.
        length: u32,
    },
    /// A value after a time, once.
    Later {
        /// How long, in milliseconds.
        after: u64,
        /// The value.
        value: Value,
    },
    /// Values in turn, with a period between them, then again from the first.
    Cycle {
        /// The period in milliseconds; 0 for as fast as they are taken.
        every: u64,
        /// The values.
        values: Vec<Value>,
    },
    /// `int`: 0, 1, 2, … as fast as they are taken.
    Count,
}

/// A fact about the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// `str`: the host name.
    Hostname,
    /// `struct{x1 float; x5 float; x15 float}`: the load averages, every 5 seconds.
    Load,
    /// `int`: seconds since boot, every second.
    Uptime,
    /// `int`: processors that are online.
    CpuCount,
    /// `map{str: str}`: the entries of `/etc/os-release`.
    OsRelease,
    /// `bool`: whether the machine is virtual.
    Virtual,
    /// `[]str`: names of the loaded kernel modules, sorted.
    KernelModules,
    /// `[]struct{name str; mac str; wired bool; up bool; addresses []str}`: network interfaces, sorted by name.
    Interfaces,
}
