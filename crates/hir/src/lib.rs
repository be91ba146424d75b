//! Names, scopes, modules: the program without its syntax.
