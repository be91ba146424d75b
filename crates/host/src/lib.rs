//! The machine: files, processes, kernel and bus events.
