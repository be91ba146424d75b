//! Project, language, reactive runtime and engine, together on tokio.
//!
//! Each of those is a state machine or a function; this crate drives them. [`compile`] makes a graph of a program.
//! [`work`] runs it: one task owns the runtime, the plan and the engine, takes everything that happens from one queue, and
//! executes what the engine wants as tasks that answer into the queue. So there are no locks around the state, and all
//! reasons to wake up are in one place, [`session`].

mod backoff;
mod candidacies;
mod catalog;
mod compile;
mod discovery;
mod editing;
mod ended;
mod error;
mod exchange;
mod execute;
mod exports;
mod holds;
mod interrupts;
mod machine;
mod observer;
mod preview;
mod program;
mod refreshes;
mod resting;
mod session;
mod settings;
mod siblings;
mod signals;
mod sources;
mod state;
mod table;
mod undo;
mod watches;

pub use catalog::catalog;
pub use compile::{Compiled, check, compile};
pub use ended::{Ended, Remains};
pub use error::Error;
pub use observer::{Observer, ProgramEvent};
pub use preview::{Preview, preview};
pub use session::work;
pub use settings::{Input, Settings};
pub use table::{Outlook, evaluate};
