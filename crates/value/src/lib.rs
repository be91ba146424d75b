//! Types and values of the language.
//!
//! Values are immutable and share structure: cloning one is cheap whatever its size. A value does not carry its type;
//! the type checker has proved it before, and where a type is needed at run time it comes from the solved signature.

mod convert;
mod failure;
mod function;
mod pairs;
mod secret;
mod str;
mod text;
mod ty;
mod value;

pub use self::str::Str;
pub use convert::{FromValue, HasType, Mismatch, ToValue};
pub use failure::{Failure, TextPart};
pub use function::{Closure, Func};
pub use pairs::sort_keeping_last;
pub use secret::Secret;
pub use text::{float as float_text, one_line, quote};
pub use ty::{FuncType, Param, ParseTypeError, StructField, Type};
pub use value::{Struct, Value};

/// A name in a program or a type: cheap to clone.
pub type Name = ecow::EcoString;
