//! What can go wrong with values while a program runs, and with the resources made of them.

codes! {
    /// A value could not be computed, and nothing in the program catches the error.
    ///
    /// `a <|> b` uses `b` while `a` fails with an error that can be caught.
    FAILED_VALUE = "failed-value";
    /// The fields of a resource do not go together.
    INVALID_RESOURCE = "invalid-resource";
    /// Two resources of one kind and name differ.
    DUPLICATE_RESOURCE = "duplicate-resource";
    /// An edge names a resource that does not exist.
    UNKNOWN_RESOURCE = "unknown-resource";
}
