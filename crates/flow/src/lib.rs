//! The typed program as a function graph of regions.
