//! Statements as other languages have them: recognised by their first words, so that the hint can say how they are
//! written here.

use super::Parser;
use crate::diag as report;
use crate::kind::SyntaxKind;

/// Words that begin a statement elsewhere, and what is written here.
const FOREIGN_WORDS: &[(&[&str], &str)] = &[
    (&["let", "var", "const", "local", "set", "my"], "a variable is defined by `$name = …`"),
    (&["def", "fn", "function", "fun", "sub", "proc"], "a function is defined by `func name($x) { … }`"),
    (
        &["foreach", "each"],
        "a loop over a list is `for $index, $value in $list { … }`, over a map `forkv $key, $value in $map { … }`",
    ),
    (&["while", "loop", "repeat", "until"], "there are no such loops; `for` and `forkv` go over lists and maps"),
    (&["unless"], "write `if not … { … }`"),
    (&["elif", "elsif", "elseif"], "put another `if` into the `else` block"),
    (
        &["case", "switch", "match", "when", "selector"],
        "write `if … { … } else { … }`, or look the value up in a map: `$map[$key]`",
    ),
    (&["fi", "done", "esac", "then", "do", "end", "endif"], "a block stands between braces: `if … { … }`"),
    (&["pass", "continue", "break"], "leave the line out: a block may be empty"),
    (&["package", "namespace"], "leave the line out: a file needs no name of its own"),
    (&["export"], "commands get variables by the field `env` of `exec`"),
    (&["locals"], "a variable is defined by `$name = …`, on a line of its own"),
    (&["return", "yield"], "the body of a function is a single expression, which is its result"),
    (&["define", "type", "role", "profile"], "a class with parameters is defined by `class name($x) { … }`"),
    (&["node"], "compare the host name: `if $hostname == \"…\" { … }`"),
    (
        &["require", "use", "from", "contain", "inherits"],
        "a module is imported by `import \"name\"`, a class used by `include name`",
    ),
    (
        &["resource", "data", "provider", "module", "variable", "output"],
        "a resource is written `kind \"name\" { field => value, }`",
    ),
];

/// Functions that go by another name elsewhere, or are not needed here.
const FOREIGN_FUNCTIONS: &[(&[&str], &str)] = &[
    (&["append", "merge", "push"], "`import \"list\"` and call `list.concat($list, [$value])`"),
    (&["enumerate"], "leave it out: `for $index, $value in $list` counts already"),
    (&["format", "sprintf"], "`import \"fmt\"` and call `fmt.printf(\"…\", …)`"),
    (&["join"], "`import \"strings\"` and call `strings.join_nonempty($list, \",\")`"),
    (&["hiera", "lookup"], "look it up in a map, `$map[$key]`, or in the store: `world.getval(\"key\")`"),
    (&["env", "getenv"], "`import \"sys\"` and call `sys.getenv(\"NAME\")`"),
    (&["length", "size", "count"], "call `len(…)`"),
    (&["defined"], "a value for when another fails is written `… <|> …`"),
];

/// What is written here in place of a function of another language.
pub fn foreign_function(name: &str) -> Option<&'static str> {
    FOREIGN_FUNCTIONS.iter().find(|(names, _)| names.contains(&name)).map(|(_, hint)| *hint)
}

impl Parser<'_> {
    /// Recognises a statement of another language that begins with a name. Answers `false` where it is none.
    pub(super) fn foreign_statement(&mut self) -> bool {
        match self.kind(1) {
            SyntaxKind::EQUALS | SyntaxKind::EQ => {
                self.start(SyntaxKind::BIND);
                self.binder();
                self.bump_as(SyntaxKind::EQUALS);
                self.expression();
                self.finish();
                return true;
            }
            SyntaxKind::L_PAREN if self.is_shell_function() => {
                self.error(report::shell_function(self.here(), self.word()));
                self.skip_to(self.partner(self.at + 3).map_or(self.at + 4, |close| close + 1));
                return true;
            }
            SyntaxKind::NEWLINE | SyntaxKind::EOF if !self.is_foreign_word() => {
                self.error(report::lone_word(self.here(), self.word()));
                self.bump_error();
                return true;
            }
            SyntaxKind::L_PAREN | SyntaxKind::DOT => {
                let mut token = self.at + 1;
                while self.kind_of(token) == SyntaxKind::DOT {
                    token += 2;
                }
                // `test ($name) {}` is a resource.
                let after = self.partner(token).map(|close| close + 1);
                let resource = token == self.at + 1 && after.is_some_and(|after| self.has_body(after));
                if self.kind_of(token) == SyntaxKind::L_PAREN && !resource {
                    self.lone_call();
                    return true;
                }
            }
            SyntaxKind::ROCKET => {
                self.stray_fields();
                return true;
            }
            SyntaxKind::L_CURLY if self.is_statement_at(self.past_newlines(self.at + 2)) => {
                self.error(report::headless_block(self.here(), self.word()));
                self.start(SyntaxKind::ERROR);
                self.bump();
                self.block();
                self.finish();
                return true;
            }
            SyntaxKind::COLON if self.kind(2) != SyntaxKind::IDENT && self.kind(2) != SyntaxKind::COLON => {
                self.yaml_lines();
                return true;
            }
            _ if self.is_lower_case_edge() => {
                self.edge();
                return true;
            }
            _ => {}
        }
        self.foreign_word()
    }

    /// Fields outside of a resource: whatever was their head has gone wrong, so all of them are one mistake.
    fn stray_fields(&mut self) {
        self.error(report::stray_field(self.here()));
        self.skip_line();
        loop {
            let next = self.past_newlines(self.at);
            if self.kind_of(next) != SyntaxKind::IDENT || self.kind_of(next + 1) != SyntaxKind::ROCKET {
                return;
            }
            self.eat_newlines();
            self.skip_line();
        }
    }

    /// Lines in the manner of YAML: all in a row are one mistake.
    pub(super) fn yaml_lines(&mut self) {
        self.error(report::yaml(self.here().to(self.span_of(self.at + 1))));
        loop {
            self.skip_line();
            let next = self.past_newlines(self.at);
            let (first, second) = (self.kind_of(next), self.kind_of(next + 1));
            let item = first == SyntaxKind::MINUS && matches!(second, SyntaxKind::MINUS | SyntaxKind::IDENT);
            if !item && (first != SyntaxKind::IDENT || second != SyntaxKind::COLON) {
                return;
            }
            self.eat_newlines();
        }
    }

    /// Whether a brace opens between a token and the end of its line, not counting what stands between brackets.
    fn has_body(&self, mut token: usize) -> bool {
        loop {
            match self.kind_of(token) {
                SyntaxKind::L_CURLY => return true,
                SyntaxKind::NEWLINE | SyntaxKind::EOF => return false,
                SyntaxKind::L_PAREN | SyntaxKind::L_BRACK => token = self.partner(token).unwrap_or(token) + 1,
                _ => token += 1,
            }
        }
    }

    /// A call alone.
    fn lone_call(&mut self) {
        let start = self.at;
        let reported = self.diagnostics.len();
        self.start(SyntaxKind::ERROR);
        self.expression();
        self.finish();
        if self.diagnostics.len() == reported {
            let span = self.span_of(start).to(self.after_previous());
            self.error_at(start, report::lone_expression(span, SyntaxKind::IDENT, self.text_of(start)));
        }
    }

    /// Whether the statement is an edge whose kinds are in lower case: `file["/a"] -> file["/b"]`.
    fn is_lower_case_edge(&self) -> bool {
        let mut token = self.at;
        while self.kind_of(token + 1) == SyntaxKind::COLON {
            token += 2;
        }
        let Some(close) = self.partner(token + 1).filter(|_| self.is_lower_case_half(self.at)) else { return false };
        match self.kind_of(close + 1) {
            // `test ["a"]->b["c"] {}` is a resource, if a strange one.
            _ if self.has_body(close + 1) => false,
            SyntaxKind::DOT => true,
            SyntaxKind::ARROW => self.kind_of(close + 2) == SyntaxKind::CAP_IDENT || self.is_lower_case_half(close + 2),
            _ => false,
        }
    }

    /// `name() {`, with the body on lines of its own.
    fn is_shell_function(&self) -> bool {
        self.kind(2) == SyntaxKind::R_PAREN
            && self.kind(3) == SyntaxKind::L_CURLY
            && self.kind(4) == SyntaxKind::NEWLINE
            && self.kind_of(self.past_newlines(self.at + 4) + 1) != SyntaxKind::ROCKET
    }

    /// A block of a shell that begins with the current token: `for x in a b; do … done`. It is one mistake, with all that
    /// it holds. Answers `false` where it is none.
    pub(super) fn shell_block(&mut self) -> bool {
        // What begins the body is in the line of the head, or the first word of the next one.
        let head = |parser: &Parser<'_>, token: usize| match parser.text_of(token) {
            "do" => Some("done"),
            "then" => Some("fi"),
            _ => None,
        };
        let mut token = self.at + 1;
        while !matches!(self.kind_of(token), SyntaxKind::NEWLINE | SyntaxKind::EOF | SyntaxKind::L_CURLY)
            && head(self, token).is_none()
        {
            token += 1;
        }
        token = self.past_newlines(token);
        let Some(end) = head(self, token).filter(|_| self.kind_of(token) == SyntaxKind::IDENT) else { return false };
        let begin = self.text_of(token);
        let close = self.end_of_shell_block(token, begin, end);
        if close.is_none() && !matches!(self.kind_of(token + 1), SyntaxKind::NEWLINE | SyntaxKind::EOF) {
            return false;
        }
        self.error(report::shell_block(self.here(), self.word(), begin));
        // Where its end is not to be seen, what follows is taken for what it is.
        self.skip_to(close.unwrap_or(token) + 1);
        true
    }

    /// The word that ends a block of a shell, blocks within not counted.
    fn end_of_shell_block(&self, begin: usize, opening: &str, closing: &str) -> Option<usize> {
        /// Blocks of shells are short: more tokens are not looked at for the end of one.
        const LONGEST: usize = 512;
        let mut depth = 0usize;
        for token in begin..begin + LONGEST {
            if self.kind_of(token) == SyntaxKind::EOF {
                return None;
            }
            if self.kind_of(token) == SyntaxKind::IDENT {
                let word = self.text_of(token);
                if word == opening {
                    depth += 1;
                } else if word == closing {
                    depth -= 1;
                    if depth == 0 {
                        return Some(token);
                    }
                }
            }
        }
        None
    }

    fn is_foreign_word(&self) -> bool {
        FOREIGN_WORDS.iter().any(|(words, _)| words.contains(&self.word()))
    }

    /// A statement that begins with a word that other languages have. Kinds of resources may have such names too, so
    /// what looks like a resource is one.
    fn foreign_word(&mut self) -> bool {
        let word = self.word();
        let Some((_, hint)) = FOREIGN_WORDS.iter().find(|(words, _)| words.contains(&word)) else { return false };
        if self.shell_block() {
            return true;
        }
        if word == "package" && self.kind(1) != SyntaxKind::IDENT {
            // A resource of Puppet.
            return false;
        }
        if word == "locals" && self.kind(1) == SyntaxKind::L_CURLY {
            self.error(report::foreign_statement(self.here(), word, hint));
            self.skip_to(self.partner(self.at + 1).map_or(self.at + 2, |close| close + 1));
            return true;
        }
        let mut name = self.at + 1;
        if matches!(self.kind_of(name), SyntaxKind::STRING | SyntaxKind::L_BRACK) {
            name = self.partner(name).unwrap_or(name) + 1;
            if self.kind_of(name) == SyntaxKind::L_CURLY {
                return false;
            }
        }
        self.error(report::foreign_statement(self.here(), word, hint));
        self.skip_line();
        true
    }

    /// A capitalised word at the beginning of a statement that is no edge: a resource whose kind is capitalised.
    /// Answers `false` where it is an edge.
    pub(super) fn foreign_reference(&mut self) -> bool {
        let mut token = self.at + 1;
        while self.kind_of(token) == SyntaxKind::COLON {
            token += 2;
        }
        if self.kind_of(token) == SyntaxKind::STRING && self.kind_of(token + 1) == SyntaxKind::ARROW {
            let kind = self.span_of(self.at).to(self.span_of(token - 1));
            let span = kind.to(self.span_of(token));
            self.error(report::edge_brackets(span, &self.text[kind.range()], self.text_of(token)));
            self.skip_line();
            return true;
        }
        if self.kind_of(token) == SyntaxKind::L_CURLY
            && self.kind_of(self.past_newlines(token + 1)) == SyntaxKind::IDENT
        {
            self.error(report::defaults_of_kind(self.here()));
            self.skip_to(self.partner(token).map_or(token + 1, |close| close + 1));
            return true;
        }
        if matches!(self.kind_of(token), SyntaxKind::STRING | SyntaxKind::DOLLAR | SyntaxKind::L_CURLY) {
            let span = self.span_of(self.at).to(self.span_of(token - 1));
            self.error(report::capital_kind(span, &self.text[span.range()]));
            // The name of the kind is taken as it is; what follows is parsed as in any resource.
            self.resource();
            return true;
        }
        false
    }

    /// The value of a field that is a reference in the manner of Puppet: `File["/a"]`, `[File["/a"], …]`.
    pub(super) fn foreign_value(&mut self) {
        if self.kind(1) == SyntaxKind::L_BRACK || self.kind(1) == SyntaxKind::COLON {
            self.edge_half();
        } else {
            self.bump();
        }
    }
}
