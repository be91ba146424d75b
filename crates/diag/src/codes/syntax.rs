//! What the lexer, the parser and the checks of a single construct report.

codes! {
    /// A character that begins nothing in the language.
    ///
    /// Outside of strings and comments, a program consists of names, numbers, strings, brackets and operators.
    ///
    /// Remove the character, or put it into a string: `"…"`.
    UNKNOWN_CHARACTER = "unknown-character";
    /// A line ends in a carriage return, as on Windows.
    ///
    /// Lines end in a line feed alone. Within strings, a carriage return is written `\r`.
    ///
    /// Let the editor save the file with Unix line ends, or convert it: `sed -i 's/\r$//' FILE`.
    CARRIAGE_RETURN = "carriage-return";
    /// A string has no closing quote.
    ///
    /// A string ends at the next `"` that has no backslash before it; it may span lines.
    ///
    /// Add the missing `"`. To write a quote within a string, write `\"`.
    UNTERMINATED_STRING = "unterminated-string";
    /// A string stands between single quotes.
    ///
    /// There is one kind of string, between double quotes: `"…"`. Escapes such as `\n` and variables such as `${name}`
    /// are replaced in it; to keep a dollar sign, write `\$`.
    ///
    /// ```mcl
    /// print "greeting" {
    ///     msg => "hello",
    /// }
    /// ```
    SINGLE_QUOTES = "single-quotes";
    /// A text over several lines is written as in another language.
    ///
    /// There are no here-documents, no strings between three quotes and no blocks as in YAML. A string between double
    /// quotes may span lines; its line ends belong to it, the one right after the opening quote too.
    ///
    /// ```mcl
    /// file "/tmp/greeting" {
    ///     content => "hello,
    /// this is the second line
    /// ",
    /// }
    /// ```
    ///
    /// A longer text is better kept in a file beside the program: `import "deploy"` and `deploy.readfile("/files/name")`.
    FOREIGN_STRING = "foreign-string";
    /// An escape sequence that does not exist.
    ///
    /// After a backslash in a string stands one of `a` `b` `f` `n` `r` `t` `v` `\` `"` `$`. To write a backslash, write two.
    ///
    /// ```mcl
    /// $digits = "\\d+"
    /// ```
    UNKNOWN_ESCAPE = "unknown-escape";
    /// What stands in `${…}` is not the name of a variable.
    ///
    /// Within a string, `${name}` is replaced by the value of the variable `$name`, which is a `str`. There are no
    /// expressions in it, no calls, no spaces; the dots of a scoped name are allowed: `${module.name}`.
    ///
    /// Compute the value outside. To write the text `${` itself, write `\${`.
    ///
    /// ```mcl
    /// import "fmt"
    ///
    /// $count = 3
    /// $text = fmt.printf("%d files", $count + 1)
    /// print "${text}" {}
    /// ```
    INTERPOLATION = "interpolation";
    /// A comment in the form of another language.
    ///
    /// A comment begins with `#` and ends with the line.
    ///
    /// ```mcl
    /// $port = 8080 # not 80
    /// ```
    FOREIGN_COMMENT = "foreign-comment";
    /// A name has a form that names do not have.
    ///
    /// A name consists of the lower-case letters a to z, digits and underscores. It begins with a letter and does not
    /// end in an underscore. Only in edges are the parts of a kind capitalised, with one capital each: `Http:Server`.
    ///
    /// ```mcl
    /// $file_name = "/tmp/a"
    /// ```
    NAME_FORM = "name-form";
    /// A reserved word stands where a name is needed.
    ///
    /// The reserved words are `and` `as` `bool` `class` `collect` `else` `false` `float` `for` `forkv` `func` `if` `import`
    /// `in` `include` `int` `map` `not` `or` `panic` `str` `struct` `true` `variant`. Of these, `map` and `collect` may be
    /// the names of variables.
    ///
    /// Take another name: `$input` instead of `$in`.
    KEYWORD_AS_NAME = "keyword-as-name";
    /// An operator is a word here.
    ///
    /// The operators on conditions are `and`, `or` and `not`.
    ///
    /// ```mcl
    /// $wanted = true and not false
    /// ```
    WORD_OPERATOR = "word-operator";
    /// A number has a form that numbers do not have.
    ///
    /// An `int` consists of decimal digits: `42`. A `float` has digits on both sides of the dot: `0.5`, `5.0`. There are
    /// no exponents and no other bases. Version numbers and addresses are strings: `"1.2.3"`.
    NUMBER_FORM = "number-form";
    /// A number does not fit its type.
    ///
    /// An `int` has 64 bits and a sign: from -9223372036854775808 to 9223372036854775807. A `float` has 64 bits.
    NUMBER_RANGE = "number-range";
    /// A minus sign sticks to the number after it.
    ///
    /// `-1` is a number. To subtract, put a space on both sides of the minus sign.
    ///
    /// ```mcl
    /// $size = 10
    /// $last = $size - 1
    /// ```
    MINUS_SPACING = "minus-spacing";
    /// There is no minus sign before an expression, only before a number.
    ///
    /// Subtract from zero instead.
    ///
    /// ```mcl
    /// $size = 10
    /// $opposite = 0 - $size
    /// ```
    NEGATION = "negation";
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
    /// There is a comma too many.
    ///
    /// On a single line, commas stand between the elements only. The comma after the last element belongs to the
    /// multi-line form.
    ///
    /// ```mcl
    /// $short = [1, 2, 3]
    /// $long = [
    ///     1,
    ///     2,
    ///     3,
    /// ]
    /// ```
    EXTRA_COMMA = "extra-comma";
    /// A sequence stands partly on one line and partly on several.
    ///
    /// The elements of a list, a map, a struct or a call stand either all on the line of the brackets, or each on a line
    /// of its own and followed by a comma, with the brackets before and after.
    ///
    /// ```mcl
    /// $short = [1, 2, 3]
    /// $long = [
    ///     1,
    ///     2,
    ///     3,
    /// ]
    /// ```
    MIXED_LAYOUT = "mixed-layout";
    /// An expression goes on in the next line.
    ///
    /// Lines may be broken only directly within brackets that hold a sequence, and within the braces of a function or a
    /// conditional. Keep an operator on the line of its operands, or name the parts.
    ///
    /// ```mcl
    /// $first = "a" + "b"
    /// $both = $first + "c"
    /// ```
    BROKEN_LINE = "broken-line";
    /// A statement does not end with its line.
    ///
    /// Every statement is followed by the end of the line, the last one before a closing brace too.
    ///
    /// ```mcl
    /// if true {
    ///     print "a" {}
    /// }
    /// ```
    MISSING_NEWLINE = "missing-newline";
    /// A bracket is not closed.
    ///
    /// The message points at the bracket that was opened, and where the text made no sense any more without its end.
    UNCLOSED_BRACKET = "unclosed-bracket";
    /// A closing bracket has no opening one.
    UNMATCHED_BRACKET = "unmatched-bracket";
    /// Blocks, expressions or types are nested too deep, or too many operators stand in one expression.
    ///
    /// The limit protects whatever works on the program. Name the inner parts: `$part = …`.
    NESTING_TOO_DEEP = "nesting-too-deep";
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
    /// The word `else` stands on a line of its own.
    ///
    /// A statement ends with its line, so `else` follows the closing brace on the same line.
    ///
    /// ```mcl
    /// if true {
    ///     print "yes" {}
    /// } else {
    ///     print "no" {}
    /// }
    /// ```
    ELSE_LINE = "else-line";
    /// A conditional that is a value has no `else`.
    ///
    /// An expression has a value in every case, so both branches are needed. A statement `if` can do without.
    ///
    /// ```mcl
    /// $mode = if true { "0600" } else { "0644" }
    /// ```
    MISSING_ELSE = "missing-else";
    /// A variable is defined with `==` instead of `=`.
    ///
    /// `=` defines, `==` compares.
    ///
    /// ```mcl
    /// $port = 8080
    /// $default = $port == 80
    /// ```
    DOUBLE_EQUALS = "double-equals";
    /// A variable cannot change.
    ///
    /// `$x = …` says what `$x` is, once and for the whole block. There is no `+=` and the like; give the new value a name.
    ///
    /// ```mcl
    /// $base = 1
    /// $more = $base + 1
    /// ```
    ASSIGNMENT = "assignment";
    /// A word alone is not a value.
    ///
    /// Text stands between quotes, a variable has a dollar sign, a call has parentheses.
    ///
    /// ```mcl
    /// $name = "world"
    /// $greeting = "hello " + $name
    /// file "/tmp/a" {
    ///     state => "exists",
    ///     content => $greeting,
    /// }
    /// ```
    BARE_WORD = "bare-word";
    /// A variable lacks its `$`.
    ///
    /// A variable is written with a dollar sign, also where it is defined.
    ///
    /// ```mcl
    /// $name = "world"
    /// $greeting = "hello " + $name
    /// ```
    MISSING_DOLLAR = "missing-dollar";
    /// Text lacks its quotes.
    ///
    /// ```mcl
    /// import "fmt"
    ///
    /// file "/tmp/a" {
    ///     state => "exists",
    /// }
    /// ```
    MISSING_QUOTES = "missing-quotes";
    /// A field and its value are not joined by `=>`.
    ///
    /// The fields of resources and structs and the keys of maps are followed by `=>`.
    ///
    /// ```mcl
    /// file "/tmp/a" {
    ///     state => "exists",
    /// }
    /// $ports = {"http" => 80, "https" => 443}
    /// ```
    MISSING_ARROW = "missing-arrow";
    /// Comparisons cannot be chained.
    ///
    /// Compare twice, or use parentheses to compare the result of a comparison.
    ///
    /// ```mcl
    /// $x = 5
    /// $within = 1 < $x and $x < 10
    /// ```
    COMPARISON_CHAIN = "comparison-chain";
    /// Only a function by its name, a variable or a function on the spot can be called.
    ///
    /// Give the function that an expression results in a name first.
    ///
    /// ```mcl
    /// $functions = {"double" => func($x) { $x * 2 }}
    /// $double = $functions["double"]
    /// $four = $double(2)
    /// ```
    CALLED_EXPRESSION = "called-expression";
    /// An expression stands alone.
    ///
    /// A program consists of statements: definitions, resources, edges, conditionals, loops. A value that nobody uses
    /// means nothing.
    ///
    /// ```mcl
    /// import "fmt"
    ///
    /// $text = fmt.printf("%d", 42)
    /// print "text" {
    ///     msg => $text,
    /// }
    /// ```
    LONE_EXPRESSION = "lone-expression";
    /// A statement in the form of another language.
    ///
    /// The hint says how it is written here.
    FOREIGN_STATEMENT = "foreign-statement";
    /// A resource in the form of another language.
    ///
    /// The kind and the name stand before the brace, the fields within, each with `=>` and a comma.
    ///
    /// ```mcl
    /// file "/tmp/a" {
    ///     state => "exists",
    ///     mode => "0644",
    /// }
    /// ```
    FOREIGN_RESOURCE = "foreign-resource";
    /// A resource has no name, or no body.
    ///
    /// Both are always there, even if the body is empty.
    ///
    /// ```mcl
    /// print "hello" {}
    /// ```
    INCOMPLETE_RESOURCE = "incomplete-resource";
    /// A statement stands within a resource.
    ///
    /// A resource holds fields, edges and meta parameters. A field that counts only sometimes has a condition; a
    /// resource that is wanted only sometimes stands in an `if`.
    ///
    /// ```mcl
    /// $wanted = true
    /// file "/tmp/a" {
    ///     state => "exists",
    ///     content => $wanted ?: "hello",
    /// }
    /// ```
    STATEMENT_IN_RESOURCE = "statement-in-resource";
    /// The kind of a resource is written in the wrong case.
    ///
    /// A resource is stated in lower case: `file "/tmp/a" {}`. Where it is referred to, in edges, each part of the kind
    /// has a capital: `File["/tmp/a"]`, `Http:Server["a"]`.
    ///
    /// ```mcl
    /// file "/tmp/a" {}
    /// print "done" {}
    ///
    /// File["/tmp/a"] -> Print["done"]
    /// ```
    KIND_CASE = "kind-case";
    /// An edge is incomplete or mixes its two forms.
    ///
    /// Edges that order stand between resources: `File["/a"] -> File["/b"] -> File["/c"]`. An edge that sends a value
    /// stands between exactly two fields: `Exec["a"].output -> File["/b"].content`.
    EDGE_FORM = "edge-form";
    /// A type is written in the wrong form.
    ///
    /// The types are `bool`, `str`, `int`, `float`, lists `[]int`, maps `map{str: int}`, structs `struct{a int; b str}` and
    /// functions `func(int, str) bool`.
    ///
    /// ```mcl
    /// $ports map{str: int} = {"http" => 80}
    /// ```
    TYPE_FORM = "type-form";
    /// Two fields of a struct type have the same name.
    DUPLICATE_TYPE_FIELD = "duplicate-type-field";
    /// Two arguments of a function type have the same name.
    DUPLICATE_TYPE_ARGUMENT = "duplicate-type-argument";
    /// A field of a resource or a struct, or a metaparameter, is given twice.
    ///
    /// This holds for lines with a condition too. A value that depends on something is one line:
    ///
    /// ```mcl
    /// $secret = true
    /// file "/tmp/a" {
    ///     state => "exists",
    ///     mode => if $secret { "0600" } else { "0644" },
    /// }
    /// ```
    DUPLICATE_FIELD = "duplicate-field";
    /// A map has a key twice.
    ///
    /// ```mcl
    /// $ports = {"http" => 80, "https" => 443}
    /// ```
    DUPLICATE_KEY = "duplicate-key";
    /// A value of this type cannot be the key of a map.
    ///
    /// Keys are of type `bool`, `str`, `int` or `float`, or structs of those.
    UNHASHABLE_KEY = "unhashable-key";
    /// No metaparameter of this name exists.
    ///
    /// There are `noop`, `retry`, `retryreset`, `delay`, `timeout`, `poll`, `limit`, `burst`, `reset`, `sema`, `rewatch`,
    /// `realize`, `dollar`, `hidden`, `export`, `reverse`, `autoedge` and `autogroup`.
    ///
    /// ```mcl
    /// print "hello" {
    ///     Meta:retry => 3,
    /// }
    /// ```
    UNKNOWN_METAPARAMETER = "unknown-metaparameter";
    /// Resources do not relate in this way.
    ///
    /// `Before` and `Notify` put the resource before the other one, `Depend` and `Listen` after it. With `Notify` and
    /// `Listen` a change of the first one also makes the second one refresh.
    ///
    /// ```mcl
    /// file "/tmp/a" {}
    /// print "done" {
    ///     Depend => File["/tmp/a"],
    /// }
    /// ```
    UNKNOWN_RELATION = "unknown-relation";
    /// A file is larger than 4 GiB.
    FILE_SIZE = "file-size";
    /// There are so many mistakes that the rest is not shown.
    TOO_MANY_ERRORS = "too-many-errors";
}
