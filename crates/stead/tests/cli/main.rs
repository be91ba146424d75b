//! The built program, as people and machines use it: processes, signals, exit codes, and a disk that misbehaves.
//!
//! Tests wait for what they want to see, with a limit that only a hanging program reaches, and never assert how long
//! something takes. Chance comes from a fixed seed. `STEAD_TORTURE_SECONDS` and `STEAD_TORTURE_KILLS` make the tests that
//! damage and kill last longer.

mod chance;
mod commands;
mod crash;
mod disk;
mod edits;
mod exchange;
mod interrupts;
mod meta;
mod program;
mod read_only;
mod repair;
mod schedule;
mod streams;
