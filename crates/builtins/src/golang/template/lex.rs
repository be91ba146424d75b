//! Splits a template into items, as Go's `text/template/parse` does.
//!
//! Spaces inside of an action are items: they separate arguments, and `.a .b` is not `.a.b`. An error is an item too, the
//! last one; the parser words it, since it knows where the action began.

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    /// A printable ASCII character with no other meaning, such as a comma.
    Char,
    CharConstant,
    Assign,
    Declare,
    End,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Dot,
    Nil,
    Keyword(Keyword),
}

/// A word that begins an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Where it begins, in bytes.
    pub(super) position: usize,
    /// Where it ends.
    pub(super) end: usize,
    pub(super) text: String,
    /// The line on which it begins, from 1.
    pub(super) line: usize,
}

pub(super) const LEFT: &str = "{{";
const RIGHT: &str = "}}";
const LEFT_COMMENT: &str = "/*";
const RIGHT_COMMENT: &str = "*/";

/// Splits a template. The last item is of kind `End` or `Error`.
pub(super) fn items(input: &str) -> Vec<Item> {
    let mut lexer = Lexer { input, start: 0, position: 0, line: 1, parens: 0, items: Vec::new() };
    match lexer.text() {
        Ok(()) => lexer.emit(Kind::End),
        Err(message) => {
            let (position, end) = (lexer.start, lexer.position + lexer.peek().map_or(0, char::len_utf8));
            lexer.items.push(Item { kind: Kind::Error, position, end, text: message, line: lexer.line });
        }
    }
    lexer.items
}

struct Lexer<'a> {
    input: &'a str,
    /// Where the item begins.
    start: usize,
    /// How far the item has been read.
    position: usize,
    /// The line of `start`.
    line: usize,
    parens: usize,
    items: Vec<Item>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.position..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    fn accept(&mut self, set: &str) -> bool {
        let found = self.peek().is_some_and(|c| set.contains(c));
        if found {
            self.position += 1;
        }
        found
    }

    fn accept_run(&mut self, check: impl Fn(char) -> bool) {
        self.position += self.rest().len() - self.rest().trim_start_matches(check).len();
    }

    fn current(&self) -> &'a str {
        &self.input[self.start..self.position]
    }

    fn skip(&mut self) {
        self.line += self.current().matches('\n').count();
        self.start = self.position;
    }

    fn emit(&mut self, kind: Kind) {
        let (position, end) = (self.start, self.position);
        self.items.push(Item { kind, position, end, text: self.current().to_owned(), line: self.line });
        self.skip();
    }

    /// Text and the actions in it, to the end.
    fn text(&mut self) -> Result<(), String> {
        while let Some(length) = self.rest().find(LEFT) {
            let text = &self.rest()[..length];
            let trims = is_left_trim(&self.rest()[length + LEFT.len()..]);
            let kept = if trims { text.trim_end_matches(is_space).len() } else { length };
            self.position += kept;
            if kept > 0 {
                self.emit(Kind::Text);
            }
            self.position += length - kept;
            self.skip();
            self.left_delimiter(trims)?;
        }
        self.position = self.input.len();
        if self.start < self.position {
            self.emit(Kind::Text);
        }
        Ok(())
    }

    /// At `{{`: a comment, or an action with all that is in it.
    fn left_delimiter(&mut self, trims: bool) -> Result<(), String> {
        let marker = if trims { 2 } else { 0 };
        if self.rest()[LEFT.len() + marker..].starts_with(LEFT_COMMENT) {
            self.position += LEFT.len() + marker;
            self.skip();
            return self.comment();
        }
        self.position += LEFT.len();
        self.emit(Kind::LeftDelimiter);
        self.position += marker;
        self.skip();
        self.parens = 0;
        while self.inside_action()? {}
        Ok(())
    }

    fn comment(&mut self) -> Result<(), String> {
        self.position += LEFT_COMMENT.len();
        let length = self.rest().find(RIGHT_COMMENT).ok_or("unclosed comment")?;
        self.position += length + RIGHT_COMMENT.len();
        let trims = match self.at_right_delimiter() {
            Some(trims) => trims,
            None => return Err("comment ends before closing delimiter".to_owned()),
        };
        self.position += RIGHT.len() + if trims { 2 } else { 0 };
        if trims {
            self.accept_run(is_space);
        }
        self.skip();
        Ok(())
    }

    /// Whether the action ends here, and then whether it trims what follows.
    fn at_right_delimiter(&self) -> Option<bool> {
        if is_right_trim(self.rest()) && self.rest()[2..].starts_with(RIGHT) {
            return Some(true);
        }
        self.rest().starts_with(RIGHT).then_some(false)
    }

    /// Reads one item; says whether the action goes on.
    fn inside_action(&mut self) -> Result<bool, String> {
        if let Some(trims) = self.at_right_delimiter() {
            if self.parens > 0 {
                return Err("unclosed left paren".to_owned());
            }
            if trims {
                self.position += 2;
                self.skip();
            }
            self.position += RIGHT.len();
            self.emit(Kind::RightDelimiter);
            if trims {
                self.accept_run(is_space);
                self.skip();
            }
            return Ok(false);
        }
        let Some(c) = self.peek() else { return Err("unclosed action".to_owned()) };
        if is_space(c) {
            self.space();
            return Ok(true);
        }
        if c == '+' || c == '-' || c.is_ascii_digit() || c == '.' && self.dot_begins_number() {
            return self.number().map(|()| true);
        }
        self.next();
        match c {
            '=' => self.emit(Kind::Assign),
            ':' => {
                if !self.accept("=") {
                    return Err("expected :=".to_owned());
                }
                self.emit(Kind::Declare);
            }
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted('"', Kind::String, "unterminated quoted string")?,
            '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant")?,
            '`' => {
                let length = self.rest().find('`').ok_or("unterminated raw quoted string")?;
                self.position += length + 1;
                self.emit(Kind::RawString);
            }
            '$' => self.field(Kind::Variable, Kind::Variable)?,
            '.' => self.field(Kind::Field, Kind::Dot)?,
            '(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen);
            }
            ')' => {
                self.parens = self.parens.checked_sub(1).ok_or("unexpected right paren")?;
                self.emit(Kind::RightParen);
            }
            c if is_alphanumeric(c) => self.identifier()?,
            c if c.is_ascii() && !c.is_ascii_control() => self.emit(Kind::Char),
            c => return Err(format!("unrecognized character in action: {}", unicode(c))),
        }
        Ok(true)
    }

    /// Whether the dot here begins a number such as `.5`.
    fn dot_begins_number(&self) -> bool {
        self.rest()[1..].starts_with(|c: char| c.is_ascii_digit())
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            // The last blank may belong to ` -}}`.
            if self.at_right_delimiter().is_some() {
                break;
            }
            self.position += 1;
        }
        if self.start < self.position {
            self.emit(Kind::Space);
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind, unterminated: &str) -> Result<(), String> {
        loop {
            match self.next() {
                Some('\\') => match self.next() {
                    None | Some('\n') => return Err(unterminated.to_owned()),
                    Some(_) => {}
                },
                None | Some('\n') => return Err(unterminated.to_owned()),
                Some(c) if c == quote => break,
                Some(_) => {}
            }
        }
        self.emit(kind);
        Ok(())
    }

    /// What follows a dot or a dollar sign.
    fn field(&mut self, kind: Kind, alone: Kind) -> Result<(), String> {
        if self.at_terminator() {
            self.emit(alone);
            return Ok(());
        }
        self.accept_run(is_alphanumeric);
        self.end_of_word()?;
        self.emit(kind);
        Ok(())
    }

    fn identifier(&mut self) -> Result<(), String> {
        self.accept_run(is_alphanumeric);
        self.end_of_word()?;
        let kind = match self.current() {
            "true" | "false" => Kind::Bool,
            "nil" => Kind::Nil,
            "block" => Kind::Keyword(Keyword::Block),
            "break" => Kind::Keyword(Keyword::Break),
            "continue" => Kind::Keyword(Keyword::Continue),
            "define" => Kind::Keyword(Keyword::Define),
            "else" => Kind::Keyword(Keyword::Else),
            "end" => Kind::Keyword(Keyword::End),
            "if" => Kind::Keyword(Keyword::If),
            "range" => Kind::Keyword(Keyword::Range),
            "template" => Kind::Keyword(Keyword::Template),
            "with" => Kind::Keyword(Keyword::With),
            _ => Kind::Identifier,
        };
        self.emit(kind);
        Ok(())
    }

    fn end_of_word(&self) -> Result<(), String> {
        if self.at_terminator() {
            return Ok(());
        }
        Err(format!("bad character {}", self.peek().map_or_else(String::new, unicode)))
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(RIGHT),
        }
    }

    fn number(&mut self) -> Result<(), String> {
        self.accept("+-");
        let mut digits = "0123456789_";
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(|c| digits.contains(c));
        if self.accept(".") {
            self.accept_run(|c| digits.contains(c));
        }
        let exponent = match digits.len() {
            11 => "eE",
            23 => "pP",
            _ => "",
        };
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run(|c| c.is_ascii_digit() || c == '_');
        }
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return Err(format!("bad number syntax: {}", value::quote(self.current().as_bytes())));
        }
        self.emit(Kind::Number);
        Ok(())
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether what follows `{{` is `- `.
fn is_left_trim(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('-') && chars.next().is_some_and(is_space)
}

/// Whether this is ` -`.
fn is_right_trim(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_space) && chars.next() == Some('-')
}

/// A character as Go's `%#U` shows it.
fn unicode(c: char) -> String {
    format!("U+{:04X} '{c}'", u32::from(c))
}
