//! Kinds, functions and constants as plain data.
