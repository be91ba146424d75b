//! What the lexer, the parser and the checks of a single construct report.

codes! {
    /// A character that begins nothing in the language.
    ///
    /// Outside of strings and comments, a program consists of names, numbers, strings, brackets and operators.
    ///
    /// Remove the character, or put it into a string: `"…"`.
    UNKNOWN_CHARACTER = "unknown-character";
    /// A string has no closing quote.
    ///
    /// A string ends at the next `"` that has no backslash before it; it may span lines.
    ///
    /// Add the missing `"`. To write a quote within a string, write `\"`.
    UNTERMINATED_STRING = "unterminated-string";
    /// A number does not fit its type.
    ///
    /// An `int` has 64 bits and a sign: from -9223372036854775808 to 9223372036854775807. A `float` has 64 bits.
    NUMBER_RANGE = "number-range";
    /// The text is not a program: something else was expected at this place.
    ///
    /// The message says what was found and what could stand there instead.
    SYNTAX = "syntax";
    /// A line in a multi-line list, map, struct, call or resource lacks its comma.
    ///
    /// Where each element stands on a line of its own, every line ends in a comma, the last one too.
    ///
    /// ```mcl
    /// file "/tmp/a" {
    ///     state => "exists",
    ///     content => "a\n",
    /// }
    /// ```
    MISSING_COMMA = "missing-comma";
    /// There is no `else if`.
    ///
    /// Put another `if` into the `else` block:
    ///
    /// ```mcl
    /// $word = if 1 == 2 { "one" } else { if 2 == 3 { "two" } else { "many" } }
    /// print "word" {
    ///     msg => $word,
    /// }
    /// ```
    ELSE_IF = "else-if";
}
