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
    UNKNOWN_CLASS = "unknown-class";
    /// A definition needs itself to be computed.
    ///
    /// There is no recursion in the language, neither directly nor through other definitions.
    RECURSION = "recursion";
}
