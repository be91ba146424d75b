//! Generated text, and the checks that keep the repository tidy.

fn main() {}
