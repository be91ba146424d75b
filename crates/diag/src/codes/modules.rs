//! What importing modules reports.

codes! {
    /// The imported module cannot be found.
    ///
    /// The form of the path says where a module comes from:
    ///
    /// - `import "net/http"`: built in.
    /// - `import "web.mcl"`: a file beside the one that imports.
    /// - `import "web/"`: a folder beside it, with a `main.mcl` or a `metadata.yaml`.
    /// - `import "https://example.com/person/web/"`: a repository. It is searched for in the module folder of the program
    ///   (`path` in its `metadata.yaml`) and in that of the machine (`--module-path`); `--download` fetches what is missing.
    UNKNOWN_MODULE = "unknown-module";
    /// The path of an import is in none of the forms that a module can have.
    ///
    /// ```mcl
    /// import "fmt"
    /// import "net/http" as web
    /// ```
    INVALID_IMPORT = "invalid-import";
    /// A module is imported twice in one block, or two imports have one alias.
    ///
    /// One import is enough. Another block may import the module again for itself.
    DUPLICATE_IMPORT = "duplicate-import";
    /// An import stands in a loop.
    ///
    /// A module is imported once, not once for each element.
    ///
    /// ```mcl
    /// import "fmt"
    ///
    /// for $index, $name in ["a", "b"] {
    ///     print fmt.printf("%d", $index) {
    ///         msg => $name,
    ///     }
    /// }
    /// ```
    IMPORT_IN_LOOP = "import-in-loop";
    /// An imported module has a statement that would do something.
    ///
    /// A module may hold imports, variables, functions and classes. What it is to do goes into a class, which the program
    /// includes where it is wanted.
    ///
    /// ```mcl
    /// class base {
    ///     print "hello" {}
    /// }
    /// ```
    STATEMENT_IN_MODULE = "statement-in-module";
    /// Modules import each other in a circle.
    ///
    /// Move what both need into a module of its own, and import that from both.
    IMPORT_CYCLE = "import-cycle";
    /// A file of the program cannot be read.
    ///
    /// It does not exist, it may not be read, or it is not UTF-8 text.
    UNREADABLE_FILE = "unreadable-file";
    /// A `metadata.yaml` is no YAML, or a path in it does not fit.
    ///
    /// All keys may be left out; others than these are ignored:
    ///
    /// - `main`: the program, a file within the folder; `main.mcl`
    /// - `path`: a folder within, where modules that are imported by a URL are searched for; none
    /// - `files`: the folder within that holds data; `files/`
    /// - `license`: free text
    /// - `parentpathblock`: whether the folders of importing modules are not searched; `false`
    ///
    /// Folders end in a slash.
    INVALID_METADATA = "invalid-metadata";
    /// A module cannot be downloaded.
    ///
    /// Modules are downloaded by `git`, over `https`, `ssh`, `git`, `http` or from a local `file://` address. The message
    /// ends in what `git` said.
    FAILED_DOWNLOAD = "failed-download";
}
