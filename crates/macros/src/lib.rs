//! Derives a kind's or a builtin's schema from its declaration.
