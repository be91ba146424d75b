//! One interface, several homes: memory and a local file.
