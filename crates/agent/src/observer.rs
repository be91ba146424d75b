//! Is told what goes on, to show it.

use diag::Diagnostic;
use engine::{Load, Report, State};
use resource::{Key, Outcome, Report as Step};
use span::SourceMap;

/// What happens to the program as a whole.
#[derive(Debug)]
pub enum ProgramEvent<'a> {
    /// A program was compiled, and is what is worked on from now on. The diagnostics are warnings.
    Loaded(&'a [Diagnostic], &'a SourceMap),
    /// An edited program is in error; the one before it stays.
    Refused(&'a [Diagnostic], &'a SourceMap),
    /// Values failed and nothing catches that, or resources do not go together; the last good set of resources stays.
    Failing(&'a [Diagnostic], &'a SourceMap),
    /// What was failing is not failing any more.
    Recovered,
}

/// Is told what goes on, in the order in which it happens. Every method returns at once.
pub trait Observer: Send {
    /// Something happened to the program.
    fn program(&mut self, event: ProgramEvent<'_>);

    /// A resource has another state; where it is blocked, by that resource.
    fn status(&mut self, key: &Key, state: &State, by: Option<&Key>);

    /// There is more or less to do. Where there are no resources yet, values of the program may be awaited.
    fn load(&mut self, load: Load, awaits_values: bool);

    /// A step is about to be taken.
    fn step(&mut self, key: &Key, step: &Step);

    /// A resource was worked on.
    fn finished(&mut self, key: &Key, outcome: &Outcome);

    /// A resource shows a line.
    fn shown(&mut self, source: &str, text: &str);

    /// Everything is in shape, or not any more.
    fn converged(&mut self, converged: bool);

    /// The user asked to stop, for the so-manieth time.
    fn interrupted(&mut self, count: u32);

    /// It has ended.
    fn ended(&mut self, report: &Report);
}
