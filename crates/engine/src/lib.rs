//! The state machine that brings a graph of resources into shape.
