//! What importing modules reports.

codes! {
    /// The imported module cannot be found.
    UNKNOWN_MODULE = "unknown-module";
    /// Modules import each other in a circle.
    IMPORT_CYCLE = "import-cycle";
    /// A file of the program cannot be read.
    UNREADABLE_FILE = "unreadable-file";
}
