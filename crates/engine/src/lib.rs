//! The state machine that brings a graph of resources into shape.
//!
//! [`Engine::step`] takes what happened and pushes what is to be done: no clock, no input or output, no locks, no task per
//! resource. Whoever drives it executes the [`Action`]s in order, in whatever way suits, and comes back with [`Event`]s.
//! The same machine runs under a scripted clock with scripted faults in the tests.
//!
//! # The protocol, by example
//!
//! A program states `file[/etc/motd]`, and the agent hands the change of the graph over:
//!
//! | time | event | actions |
//! |---|---|---|
//! | 0 | `GraphChanged` with the vertex v1 | `Status v1 Pending`, `Watch v1 generation 1 [Path /etc/motd]` |
//! | 1 ms | `Watching v1 generation 1` | `Status v1 Checking`, `Run v1 attempt 1` |
//! | 2 ms | `Applying v1 attempt 1` | `Status v1 Applying` |
//! | 3 ms | `WatchFired v1` (by our own write) | |
//! | 4 ms | `Finished v1 attempt 1` with steps | `Status v1 Checking`, `Run v1 attempt 2`: an event during a run is never lost |
//! | 5 ms | `Finished v1 attempt 2` without steps | `Status v1 Clean`, `WakeAt 5.005 s` |
//! | 5.005 s | `Woken` | `Converged true`, `WakeAt` the next part of the slow full pass |
//! | 9 s | `WatchFired v1` (somebody wrote) | `Status v1 Checking`, `Run v1 attempt 3` |
//! | 9 s | `Interrupt` | |
//! | 9.001 s | `Finished v1 attempt 3` | `Exit` |
//!
//! What the driver can rely on:
//!
//! - A vertex never has two runs at once, and neither have two vertices of the same key.
//! - There is one timer: the moment of the last [`Action::WakeAt`].
//! - Nothing follows [`Action::Exit`].
//!
//! What the engine relies on:
//!
//! - Time never goes back.
//! - Each [`Action::Watch`] is answered by `Watching` or `WatchFailed` with its generation, each [`Action::Run`] by one
//!   `Finished` with its attempt. Answers for vertices that are gone, or of an older generation, do no harm.
//! - A watch that is armed fires at least once after whatever happens from then on. It may fire for no reason.

mod change;
mod converge;
mod engine;
mod hold;
mod limit;
mod options;
mod protocol;
mod semaphores;
mod timers;
mod transfer;
mod vertex;
mod watching;
mod work;

pub use engine::Engine;
pub use options::{Mode, Options};
pub use protocol::{Action, Event, Load, Report, Run, State, Time};
