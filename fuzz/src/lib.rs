//! What the targets have in common: values and programs made of bytes, the compiler in memory, and a world that answers.

pub mod compile;
pub mod program;
pub mod values;
pub mod world;
