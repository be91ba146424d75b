//! What the resolution of names reports: variables, functions, classes, scopes.

codes! {
    /// No variable of this name exists here.
    ///
    /// A variable is visible in the block in which it is defined and in the blocks within. Names of a module need its
    /// alias: `$os.family_debian`.
    UNKNOWN_VARIABLE = "unknown-variable";
    /// No function of this name exists here.
    ///
    /// Functions of modules need an import and the alias of the module: `import "fmt"`, then `fmt.printf("…")`.
    /// A function that is stored in a variable is called with the dollar sign: `$f(1)`.
    UNKNOWN_FUNCTION = "unknown-function";
    /// No class of this name exists here.
    ///
    /// A class is seen in the block in which it is defined and in the blocks within. One that is defined within another
    /// class is reached through the alias of an include of that class, one of a module through the alias of the module.
    ///
    /// ```mcl
    /// class outer {
    ///     class inner {
    ///         print "inside" {}
    ///     }
    /// }
    ///
    /// include outer as o
    /// include o.inner
    /// ```
    UNKNOWN_CLASS = "unknown-class";
    /// A definition needs itself to be computed.
    ///
    /// There is no recursion in the language, neither directly nor through other definitions. Within its block a name
    /// always means the definition of that block, so `$x = $x + 1` does not refer to an outer `$x` either.
    ///
    /// Give the new value a name of its own. To go over a list, use `for`, `iter.map` or `iter.reduce`.
    ///
    /// ```mcl
    /// $count = 1
    /// if true {
    ///     $next = $count + 1
    ///     test "next" {
    ///         int64 => $next,
    ///     }
    /// }
    /// ```
    RECURSION = "recursion";
    /// A name is defined twice in one block.
    ///
    /// A value never changes, and the order of statements does not matter: so a block can hold one definition of a name.
    /// Variables, functions, classes and aliases do not get in each other's way, and a block within may define the same
    /// name again for itself.
    ///
    /// ```mcl
    /// $x = 1
    /// if true {
    ///     $x = 2 # another variable, for this block alone
    ///     test "inner" {
    ///         int64 => $x,
    ///     }
    /// }
    /// ```
    DUPLICATE_DEFINITION = "duplicate-definition";
    /// Two parameters of a function, a class or a loop have the same name.
    ///
    /// ```mcl
    /// func add($a, $b) {
    ///     $a + $b
    /// }
    /// ```
    DUPLICATE_PARAMETER = "duplicate-parameter";
    /// The name of a variable has two underscores in a row.
    ///
    /// ```mcl
    /// $base_port = 8000
    /// ```
    DOUBLE_UNDERSCORE = "double-underscore";
    /// An include has too few or too many arguments.
    ///
    /// It has one for each parameter of its class.
    ///
    /// ```mcl
    /// class page($name, $text) {
    ///     file "/srv/${name}" {
    ///         state => "exists",
    ///         content => $text,
    ///     }
    /// }
    ///
    /// include page("index.html", "hello")
    /// ```
    CLASS_ARGUMENTS = "class-arguments";
    /// A class belongs to one that does not exist.
    ///
    /// `class outer:inner { … }` is the same as `class inner { … }` within `class outer { … }`, so that class must be
    /// defined in the same block.
    ///
    /// ```mcl
    /// class outer {}
    /// class outer:inner {
    ///     print "inside" {}
    /// }
    ///
    /// include outer as o
    /// include o.inner
    /// ```
    UNKNOWN_BASE_CLASS = "unknown-base-class";
    /// Includes lead through each other too often.
    ///
    /// Each include with an alias may find its class through the alias of another one, a hundred times at most.
    DEEP_INCLUDES = "deep-includes";
}
