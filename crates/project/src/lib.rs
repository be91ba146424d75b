//! Programs and modules on disk and from git.
