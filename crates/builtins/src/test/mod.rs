//! `test`: functions for testing programs and this program.

mod instance;
mod stream;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] = &[
    &stream::FASTCOUNT,
    &stream::FORKVLOOP,
    &stream::FORLOOP,
    &instance::ONE_INSTANCE_A,
    &instance::ONE_INSTANCE_B,
    &instance::ONE_INSTANCE_C,
    &instance::ONE_INSTANCE_D,
    &instance::ONE_INSTANCE_E,
    &instance::ONE_INSTANCE_F,
    &instance::ONE_INSTANCE_G,
    &instance::ONE_INSTANCE_H,
    &stream::ONE_STREAM,
    &stream::SLOW_STRING,
];
