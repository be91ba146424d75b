//! The kinds of tokens and nodes, and the tree types over them.
//!
//! The tree is untyped: a node is a kind and its children. The typed view is [`crate::ast`].

/// Declares [`SyntaxKind`] and the way back from its number.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// What a token or a node is.
        #[expect(non_camel_case_types, reason = "as in other rowan trees, kinds read as constants")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind {
            $($(#[doc = $doc])+ $name,)+
        }

        const ALL: &[SyntaxKind] = &[$(SyntaxKind::$name,)+];
    };
}

kinds! {
    // Tokens that carry no meaning.
    /// Spaces and tabs.
    WHITESPACE,
    /// From `#` to the end of the line, without the newline.
    COMMENT,

    // Tokens.
    /// A line feed.
    NEWLINE,
    /// `{`
    L_CURLY,
    /// `}`
    R_CURLY,
    /// `(`
    L_PAREN,
    /// `)`
    R_PAREN,
    /// `[`
    L_BRACK,
    /// `]`
    R_BRACK,
    /// `?:`
    ELVIS,
    /// `<|>`
    EXCEPT,
    /// `=>`
    ROCKET,
    /// `,`
    COMMA,
    /// `:`
    COLON,
    /// `;`
    SEMICOLON,
    /// `=`
    EQUALS,
    /// `+`
    PLUS,
    /// `-`
    MINUS,
    /// `*`
    STAR,
    /// `/`
    SLASH,
    /// `==`
    EQ,
    /// `!=`
    NE,
    /// `<`
    LT,
    /// `>`
    GT,
    /// `<=`
    LE,
    /// `>=`
    GE,
    /// `->`
    ARROW,
    /// `.`
    DOT,
    /// `$`
    DOLLAR,
    /// A name in lower case: `x`, `file_name`.
    IDENT,
    /// A name that begins with a capital: `File`, `Before`, `Meta`.
    CAP_IDENT,
    /// A whole number with its sign: `-7`.
    INTEGER,
    /// A number with a fraction, and its sign: `3.14`.
    FLOAT,
    /// A string with its quotes, as it is written.
    STRING,
    /// Text that is no token of the language.
    UNKNOWN,

    // Keywords.
    /// `if`
    IF_KW,
    /// `else`
    ELSE_KW,
    /// `and`
    AND_KW,
    /// `or`
    OR_KW,
    /// `not`
    NOT_KW,
    /// `in`
    IN_KW,
    /// `for`
    FOR_KW,
    /// `forkv`
    FORKV_KW,
    /// `true`
    TRUE_KW,
    /// `false`
    FALSE_KW,
    /// `bool`
    BOOL_KW,
    /// `str`
    STR_KW,
    /// `int`
    INT_KW,
    /// `float`
    FLOAT_KW,
    /// `map`
    MAP_KW,
    /// `struct`
    STRUCT_KW,
    /// `variant`
    VARIANT_KW,
    /// `func`
    FUNC_KW,
    /// `class`
    CLASS_KW,
    /// `include`
    INCLUDE_KW,
    /// `import`
    IMPORT_KW,
    /// `as`
    AS_KW,
    /// `panic`
    PANIC_KW,
    /// `collect`
    COLLECT_KW,

    /// The end of the text; never in a tree.
    EOF,

    // Nodes: statements.
    /// The whole file.
    PROGRAM,
    /// `{ … }` with statements.
    BLOCK,
    /// `$x = 1`
    BIND,
    /// `panic(true)`
    PANIC,
    /// `file "/x" { … }`, with or without `collect`.
    RES,
    /// `File["/a"] -> File["/b"]`
    EDGE,
    /// `File["/a"]` or `File["/a"].content`
    EDGE_HALF,
    /// `if … { … } else { … }` with statements.
    IF,
    /// `for $i, $v in … { … }`
    FOR,
    /// `forkv $k, $v in … { … }`
    FORKV,
    /// `func f($x) { … }`
    FUNC,
    /// `class c($x) { … }`
    CLASS,
    /// `include c(1) as d`
    INCLUDE,
    /// `import "fmt" as f`
    IMPORT,

    // Nodes: parts of statements.
    /// `{ … }` with the lines of a resource.
    RES_BODY,
    /// `content => "x",`
    FIELD,
    /// `Before => File["/x"],`
    EDGE_LINE,
    /// `Meta:noop => true,`
    META_LINE,
    /// `Meta => struct{…},`
    META_STRUCT,
    /// `… ?:`
    CONDITION,
    /// `http:server` or `Http:Server`
    KIND_NAME,
    /// `a.b.c`
    PATH,
    /// `$x` where it is defined.
    BINDER,
    /// `as x` or `as *`
    ALIAS,
    /// `($a int, $b)`
    PARAM_LIST,
    /// `$a int`
    PARAM,
    /// `(1, 2)`
    ARG_LIST,
    /// `{ expr }`
    EXPR_BLOCK,

    // Nodes: expressions.
    /// `true`
    BOOL_EXPR,
    /// `42`
    INT_EXPR,
    /// `3.14`
    FLOAT_EXPR,
    /// `"x"`
    STR_EXPR,
    /// `[1, 2]`
    LIST_EXPR,
    /// `{"a" => 1}`
    MAP_EXPR,
    /// `"a" => 1`
    MAP_ENTRY,
    /// `struct{a => 1}`
    STRUCT_EXPR,
    /// `a => 1`
    STRUCT_ENTRY,
    /// `f(1)`, `$f(1)`, `func() { 1 }()`
    CALL_EXPR,
    /// `$a.b`
    VAR_EXPR,
    /// `func($x) { $x }`
    LAMBDA,
    /// `if … { … } else { … }` with expressions.
    IF_EXPR,
    /// `(…)`
    PAREN_EXPR,
    /// `a + b`, `a in b`
    BINARY_EXPR,
    /// `not a`
    NOT_EXPR,
    /// `a[b]`
    INDEX_EXPR,
    /// `a->b`
    FIELD_EXPR,
    /// `a->b <|> c`
    OPTIONAL_FIELD_EXPR,
    /// `a <|> b`
    EXCEPT_EXPR,

    // Nodes: types.
    /// `int`
    PRIMITIVE_TYPE,
    /// `[]int`
    LIST_TYPE,
    /// `map{str: int}`
    MAP_TYPE,
    /// `struct{a int; b str}`
    STRUCT_TYPE,
    /// `a int`
    STRUCT_TYPE_FIELD,
    /// `func(int, $b str) bool`
    FUNC_TYPE,
    /// `$b str`
    FUNC_TYPE_ARG,

    /// Text that could not be understood.
    ERROR,
}

impl SyntaxKind {
    /// Whether the parser passes over it: spaces and comments.
    pub const fn is_trivia(self) -> bool {
        matches!(self, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
    }

    /// Whether it is a reserved word.
    pub fn is_keyword(self) -> bool {
        (SyntaxKind::IF_KW..=SyntaxKind::COLLECT_KW).contains(&self)
    }
}

/// The language of the tree, for rowan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mcl {}

impl rowan::Language for Mcl {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL.get(usize::from(raw.0)).copied().unwrap_or(SyntaxKind::ERROR)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<Mcl>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<Mcl>;
/// A node or a token.
pub type SyntaxElement = rowan::SyntaxElement<Mcl>;
