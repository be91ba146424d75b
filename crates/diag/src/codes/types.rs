//! What type inference reports.

codes! {
    /// Two types that must be the same are not.
    ///
    /// Nothing is converted silently. Functions of the module `convert` and `fmt.printf` convert on purpose.
    TYPE_MISMATCH = "type-mismatch";
    /// The program does not say which type this is.
    ///
    /// For instance the element type of an empty list that is never used. Write the type: `$x []str = []`.
    AMBIGUOUS_TYPE = "ambiguous-type";
    /// No resource kind of this name exists.
    UNKNOWN_KIND = "unknown-kind";
    /// The kind has no field of this name.
    UNKNOWN_FIELD = "unknown-field";
}
