//! Runs the function graph: events in, changes of the resource set out.
//!
//! The runtime makes *regions* of the graph's bodies and *nodes* of what they compute. A node exists only while something
//! depends on it: a resource, an edge, or a condition or loop that holds such. So what is not taken is not running.
//!
//! An event marks a node dirty. Dirty nodes are computed in the order of their heights, and what depends on a node becomes
//! dirty only where its value has changed; so no node ever sees an old value of one input beside a new one of another, and
//! a tick costs what it touches. The same events lead to the same changes.
//!
//! The runtime does not look at the world. Functions that follow it name a [`schema::Source`]; whoever owns the runtime
//! subscribes to it and sends the values in as events. It is asked for what the program needs when a tick is over, and not
//! for what is wanted by a branch that has ended by then, or whose condition is awaited. While a value is still awaited, or
//! has failed with nothing to catch the failure, nothing is published and the last good set of resources stands.

mod closure;
mod control;
mod effect;
mod known;
mod need;
mod node;
mod problem;
mod publish;
mod region;
mod runtime;
mod stream;

pub use known::known_resources;
pub use problem::Problem;
pub use runtime::{Runtime, Status, Tick};
pub use stream::{StreamId, Subscription};
