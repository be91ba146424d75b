//! What can go wrong with values while a program runs, and with the resources made of them.

codes! {
    /// A value could not be computed, and nothing in the program catches the error.
    ///
    /// `a <|> b` uses `b` while `a` fails with an error that can be caught.
    FAILED_VALUE = "failed-value";
    /// The fields of a resource do not go together.
    INVALID_RESOURCE = "invalid-resource";
    /// Two resources of one kind and name differ, or two manage one thing that only one can.
    DUPLICATE_RESOURCE = "duplicate-resource";
    /// An edge names a resource that does not exist.
    UNKNOWN_RESOURCE = "unknown-resource";
    /// Edges between resources form a circle, so none of them can come first.
    ///
    /// Take one of the edges out. Automatic edges never close a circle: they are left out instead.
    RESOURCE_CYCLE = "resource-cycle";
    /// A value is to be sent that cannot be.
    ///
    /// A hidden resource sends nothing, and a field receives from one sender only.
    INVALID_TRANSFER = "invalid-transfer";
    /// A resource could not be brought into shape.
    ///
    /// The message says what was tried and why it failed. Other resources are not held up, but those that come after this one
    /// are blocked by it.
    FAILED_RESOURCE = "failed-resource";
}
