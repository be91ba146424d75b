//! The command line. Doc comments here are what `--help`, the manual page and the completions show.

use crate::logging::Level;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Keeps machines as you state them.
///
/// stead reads a program that states what a machine should look like, makes it so in parallel, watches it with events of the
/// kernel and of buses, and repairs what drifts at once.
#[derive(Debug, Parser)]
#[command(name = "stead", version, disable_help_subcommand = true, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

pub(crate) const EXIT_CODES: &str = "Exit codes:
  0   everything is as it should be
  1   the program is in error, or something else went wrong
  2   a resource failed
  3   a resource is blocked, or was not done when `apply` was stopped or time was up
  4   (plan) there is something to change
  64  the command line is in error";

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Where stead keeps what it must remember [default: /var/lib/stead as root, else the user's state directory]
    #[arg(long, global = true, value_name = "FOLDER", env = "STEAD_STATE_DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// How diagnostics about the program are printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// Which messages are logged: error, warn, info, debug, trace, off, or a filter such as `warn,host=debug` [default: warn,
    /// without what is shown anyway]
    #[arg(long, global = true, value_name = "LEVEL", env = "STEAD_LOG")]
    pub(crate) log_level: Option<Level>,
    /// How messages are logged, to standard error
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// How log messages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a program without running it
    Check(Check),
    /// Format programs
    Fmt(Fmt),
    /// Show the resources that a program states, and their order
    Graph(Graph),
    /// Show what would change, and change nothing
    Plan(Plan),
    /// Bring the machine into shape, then exit
    Apply(Apply),
    /// Bring the machine into shape, and keep it so
    Run(Run),
    /// Show the manual of a kind, a function or a module
    Docs(Docs),
    /// Explain a code that a diagnostic shows
    Explain(Explain),
    /// Print a script that completes commands in a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// Which program, and where its modules are.
#[derive(Args, Debug)]
pub(crate) struct Program {
    /// The program: a `.mcl` file, a folder with a `metadata.yaml` or a `main.mcl`, or `-` for standard input
    #[arg(value_name = "PROGRAM", required_unless_present = "code", conflicts_with = "code")]
    pub(crate) program: Option<PathBuf>,
    /// The text of the program
    #[arg(short = 'e', long = "code", value_name = "TEXT")]
    pub(crate) code: Option<String>,
    /// Where modules from elsewhere are kept
    #[arg(long, value_name = "FOLDER", env = "STEAD_MODULE_PATH")]
    pub(crate) module_path: Option<PathBuf>,
    /// Download modules that are missing
    #[arg(long)]
    pub(crate) download: bool,
    /// Bring downloaded modules up to date
    #[arg(long, requires = "download")]
    pub(crate) update: bool,
    /// The name of this host [default: the system's]
    #[arg(long, value_name = "NAME")]
    pub(crate) hostname: Option<String>,
    /// Arguments for the program itself: what `os.args()` returns
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) program: Program,
}

#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Files, or folders with `.mcl` files in them; `-` formats standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing, and fail where something is not formatted
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) program: Program,
    /// How the graph is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: GraphFormat,
}

/// How a graph is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// One line for each resource, with what comes before it.
    Text,
    /// For Graphviz.
    Dot,
    /// A picture.
    Svg,
    /// For machines.
    Json,
}

/// How resources are worked on.
#[derive(Args, Debug)]
pub(crate) struct Working {
    /// Change nothing: only check, as if every resource said `Meta:noop => true`
    #[arg(long)]
    pub(crate) noop: bool,
    /// How many resources are worked on at once, at the most [default: 16 for each processor, and 4 of those that run commands]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) jobs: Option<u32>,
    /// How many resources may hold the global semaphore at once
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sema: Option<u32>,
    /// Stop after so many seconds; what is not done by then counts as not done in time
    #[arg(long, value_name = "SECONDS", env = "STEAD_MAX_RUNTIME")]
    pub(crate) max_runtime: Option<u64>,
    /// Leave out automatic edges
    #[arg(long)]
    pub(crate) no_autoedges: bool,
    /// Leave out automatic groups
    #[arg(long)]
    pub(crate) no_autogroup: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) program: Program,
    /// How the plan is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextOrJson,
}

/// For people or for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people.
    Text,
    /// For machines.
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) program: Program,
    #[command(flatten)]
    pub(crate) working: Working,
    /// What is printed at the end
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) report: TextOrJson,
    /// Take everything as done when nothing has changed for so many seconds; without it at once, and after a minute where
    /// something is left that fails and is to be tried again for ever
    #[arg(long, value_name = "SECONDS")]
    pub(crate) converged_timeout: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) program: Program,
    #[command(flatten)]
    pub(crate) working: Working,
    /// Exit when nothing has changed for so many seconds; what is tried again for ever has failed by then
    #[arg(long, value_name = "SECONDS")]
    pub(crate) converged_timeout: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Docs {
    /// For instance `file`, `strings.split`, `net`; without it, a list of everything
    #[arg(value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The code, as a diagnostic shows it in brackets; without it, a list of all codes
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
