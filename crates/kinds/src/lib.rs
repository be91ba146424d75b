//! The resource kinds, one file each.
