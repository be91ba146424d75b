//! The functions of the language, one file each.
