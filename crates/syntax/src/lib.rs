//! Lexer, resilient parser and the lossless tree.
