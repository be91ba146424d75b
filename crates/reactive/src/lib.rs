//! Runs the function graph: events in, changes of the resource set out.
