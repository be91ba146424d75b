//! The program: command line, terminal, exit codes.

fn main() {}
