//! Types and values of the language.
