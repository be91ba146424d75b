//! Names, scopes, modules: the program without its syntax.
//!
//! Lowering reads trees, follows imports and resolves every name, so that later phases see ids and never text.
//! The result, a [`Program`], is data; errors are collected, and what is in error is [`ExprKind::Error`] or left out.

mod data;

pub use data::*;
