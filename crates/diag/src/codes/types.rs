//! What type inference reports.

codes! {
    /// Two types that must be the same are not.
    ///
    /// Nothing is converted silently. To make text of a number, use `fmt.printf("%d", $x)`; to read a number from text,
    /// `convert.str_to_int($x)`; `convert.to_float($x)` makes a float of an int.
    ///
    /// Elements of a list have one type, and so have both branches of an `if` and both sides of `<|>`. Types of structs
    /// are equal only if their fields have the same names and types in the same order.
    ///
    /// ```mcl
    /// file "/etc/motd" {
    ///     mode => "0644", # text, not a number
    /// }
    /// ```
    TYPE_MISMATCH = "type-mismatch";
    /// The program does not say which type this is.
    ///
    /// For instance the element type of an empty list, where no use of the list decides it. Write the type:
    ///
    /// ```mcl
    /// $names []str = []
    /// ```
    AMBIGUOUS_TYPE = "ambiguous-type";
    /// A type would have to contain itself.
    ///
    /// For instance that of a function which is passed to itself: `$f($f)`. Recursion is not possible, neither by name
    /// nor in this way.
    INFINITE_TYPE = "infinite-type";
    /// A type is too large to be worked with.
    ///
    /// Structs that hold two of the previous struct double their size with every line. Keep a list of them instead.
    TYPE_TOO_LARGE = "type-too-large";
    /// Calls and includes expand to more than can be checked.
    ///
    /// Each call of a function and each include of a class is checked for the types that are passed; equal ones are checked
    /// once. A function that calls two others with different types, which do so again, and so on, doubles the work with every
    /// level. Write the types of parameters, so that all calls are of one type:
    ///
    /// ```mcl
    /// func next($x int) int {
    ///     $x + 1
    /// }
    /// ```
    TOO_MANY_INSTANCES = "too-many-instances";
    /// A function is called with too few or too many arguments.
    ///
    /// `stead docs` shows what each function takes.
    ARGUMENT_COUNT = "argument-count";
    /// The arguments do not go together.
    ///
    /// Some functions look at values before the program runs: `fmt.printf` at its format, `->` at the name of the field.
    /// For each verb of a format there is an argument: `%s` and `%q` take a str, `%d` an int, `%f` a float, `%t` a bool, `%v`
    /// and `%T` anything.
    ///
    /// ```mcl
    /// $text = fmt.printf("%s has %d entries", $name, len($list))
    /// ```
    WRONG_ARGUMENTS = "wrong-arguments";
    /// The function or operator does not work on values of this type.
    ///
    /// `+` joins or adds str, int and float; `<` and its like compare int and float; `==` works on everything but
    /// functions; `len` counts what is in a str, a list or a map.
    ///
    /// ```mcl
    /// $all = list.concat($some, $others) # lists are not added with `+`
    /// ```
    UNSUPPORTED_TYPE = "unsupported-type";
    /// Something is called that is no function.
    ///
    /// `$f(…)` calls the function that `$f` holds, `f(…)` the function of that name.
    ///
    /// ```mcl
    /// $double = func($x) { $x + $x }
    /// $four = $double(2)
    /// ```
    NOT_A_FUNCTION = "not-a-function";
    /// No resource kind of this name exists.
    ///
    /// `stead docs` lists all kinds.
    ///
    /// ```mcl
    /// file "/etc/motd" {
    ///     content => "hello\n",
    /// }
    /// ```
    UNKNOWN_KIND = "unknown-kind";
    /// The kind has no field of this name.
    ///
    /// `stead docs KIND` lists the fields of a kind. What all resources have in common is written with `Meta:`, as in
    /// `Meta:noop => true,`.
    UNKNOWN_FIELD = "unknown-field";
    /// Resources of this kind do not send this.
    ///
    /// `stead docs KIND` lists what a kind sends.
    ///
    /// ```mcl
    /// Exec["date"].output -> File["/tmp/date"].content
    /// ```
    CANNOT_SEND = "cannot-send";
    /// Resources of this kind do not receive values.
    ///
    /// `stead docs KIND` says whether fields of a kind can be received.
    CANNOT_RECEIVE = "cannot-receive";
}
