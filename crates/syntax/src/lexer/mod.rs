//! Text to tokens.
//!
//! The lexer never fails and loses nothing: the lengths of the tokens add up to the length of the text. What begins
//! no token becomes [`SyntaxKind::UNKNOWN`], in runs as long as possible, with an [`Error`] that says why.

mod foreign;

pub(crate) use foreign::Form;

use std::sync::LazyLock;

use crate::kind::SyntaxKind;

/// A token: what it is, and where it begins. It ends where the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: SyntaxKind,
    pub(crate) start: u32,
}

/// Something wrong with a single token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) kind: ErrorKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// Characters that begin no token.
    Unknown,
    /// A carriage return outside of a string; reported once per text.
    CarriageReturn,
    /// A string without its closing quote.
    UnterminatedString,
    /// Text between single quotes or backquotes.
    SingleQuotes,
    /// A text over several lines in the form of another language.
    ForeignText(Form),
    /// A comment of another language: `// …`, `/* … */`.
    ForeignComment,
    /// A name with capitals where none may be.
    Capitals,
    /// A name with letters beyond a to z.
    Letters,
    /// A name that begins or ends with an underscore.
    Underscore,
    /// `&&`, `||`, `===`: an operator that is written otherwise here.
    WordOperator(&'static str),
    /// A number in a form that does not exist: `1.`, `.5`, `1e6`, `1.2.3`.
    NumberForm,
    /// An `int` beyond 64 bits.
    IntegerRange,
    /// A `float` beyond its range.
    FloatRange,
}

/// The tokens of a text, closed by one of kind [`SyntaxKind::EOF`], and what is wrong with them.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) errors: Vec<Error>,
}

/// Splits a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer =
        Lexer { text, at: 0, tokens: Vec::new(), errors: Vec::new(), broken_strings: 0, carriage_return: false };
    while lexer.at < text.len() {
        let start = lexer.at;
        let kind = lexer.token();
        debug_assert!(lexer.at > start, "every token has a length");
        lexer.push(kind, start);
    }
    lexer.push(SyntaxKind::EOF, text.len());
    Lexed { tokens: lexer.tokens, errors: lexer.errors }
}

/// The words that are reserved.
const KEYWORDS: &[(&str, SyntaxKind)] = &[
    ("and", SyntaxKind::AND_KW),
    ("as", SyntaxKind::AS_KW),
    ("bool", SyntaxKind::BOOL_KW),
    ("class", SyntaxKind::CLASS_KW),
    ("collect", SyntaxKind::COLLECT_KW),
    ("else", SyntaxKind::ELSE_KW),
    ("false", SyntaxKind::FALSE_KW),
    ("float", SyntaxKind::FLOAT_KW),
    ("for", SyntaxKind::FOR_KW),
    ("forkv", SyntaxKind::FORKV_KW),
    ("func", SyntaxKind::FUNC_KW),
    ("if", SyntaxKind::IF_KW),
    ("import", SyntaxKind::IMPORT_KW),
    ("in", SyntaxKind::IN_KW),
    ("include", SyntaxKind::INCLUDE_KW),
    ("int", SyntaxKind::INT_KW),
    ("map", SyntaxKind::MAP_KW),
    ("not", SyntaxKind::NOT_KW),
    ("or", SyntaxKind::OR_KW),
    ("panic", SyntaxKind::PANIC_KW),
    ("str", SyntaxKind::STR_KW),
    ("struct", SyntaxKind::STRUCT_KW),
    ("true", SyntaxKind::TRUE_KW),
    ("variant", SyntaxKind::VARIANT_KW),
];

/// Brackets and operators; of two with the same beginning, the longer comes first.
const PUNCTUATION: &[(&str, SyntaxKind)] = &[
    ("<|>", SyntaxKind::EXCEPT),
    ("?:", SyntaxKind::ELVIS),
    ("=>", SyntaxKind::ROCKET),
    ("==", SyntaxKind::EQ),
    ("!=", SyntaxKind::NE),
    ("<=", SyntaxKind::LE),
    (">=", SyntaxKind::GE),
    ("->", SyntaxKind::ARROW),
    ("\n", SyntaxKind::NEWLINE),
    ("{", SyntaxKind::L_CURLY),
    ("}", SyntaxKind::R_CURLY),
    ("(", SyntaxKind::L_PAREN),
    (")", SyntaxKind::R_PAREN),
    ("[", SyntaxKind::L_BRACK),
    ("]", SyntaxKind::R_BRACK),
    (",", SyntaxKind::COMMA),
    (":", SyntaxKind::COLON),
    (";", SyntaxKind::SEMICOLON),
    ("=", SyntaxKind::EQUALS),
    ("+", SyntaxKind::PLUS),
    ("-", SyntaxKind::MINUS),
    ("*", SyntaxKind::STAR),
    ("/", SyntaxKind::SLASH),
    ("<", SyntaxKind::LT),
    (">", SyntaxKind::GT),
    (".", SyntaxKind::DOT),
    ("$", SyntaxKind::DOLLAR),
];

/// Operators of other languages, the one that is meant, and what it counts as.
const WORD_OPERATORS: &[(&str, &str, SyntaxKind)] = &[
    ("&&", "and", SyntaxKind::AND_KW),
    ("||", "or", SyntaxKind::OR_KW),
    ("!==", "!=", SyntaxKind::NE),
    ("===", "==", SyntaxKind::EQ),
    ("??", "<|>", SyntaxKind::EXCEPT),
    ("!", "not", SyntaxKind::NOT_KW),
];

/// Operators of other languages that nothing here stands for.
const FOREIGN_OPERATORS: &[&str] = &["=~", "!~", "~>", "<~"];

/// What a byte is that begins one bracket or operator and no other, which is most of those in a program.
static SINGLE: LazyLock<[Option<SyntaxKind>; 128]> = LazyLock::new(|| {
    let known = PUNCTUATION.iter().map(|(text, kind)| (*text, (text.len() == 1).then_some(*kind)));
    let foreign = WORD_OPERATORS.iter().map(|(text, ..)| *text).chain(FOREIGN_OPERATORS.iter().copied());
    let mut single = [None; 128];
    let mut is_known = [false; 128];
    for (text, kind) in known.chain(foreign.map(|text| (text, None))) {
        let first = usize::from(text.as_bytes()[0]);
        single[first] = kind.filter(|_| !is_known[first]);
        is_known[first] = true;
    }
    single
});

/// So many broken strings are looked at closely; after that a string ends with its line. Without such a bound, a text
/// of quotes and backslashes would be scanned to its end again and again.
const BROKEN_STRINGS: usize = 16;

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<Error>,
    broken_strings: usize,
    carriage_return: bool,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.peek_after(0)
    }

    fn peek_after(&self, bytes: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + bytes).copied()
    }

    fn push(&mut self, kind: SyntaxKind, start: usize) {
        self.tokens.push(Token { kind, start: offset(start) });
    }

    fn error(&mut self, kind: ErrorKind, start: usize) {
        self.errors.push(Error { kind, start: offset(start), end: offset(self.at) });
    }

    /// Passes over ASCII bytes.
    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
    }

    /// Passes over characters.
    fn skip_chars(&mut self, accept: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|letter| !accept(letter)).unwrap_or(rest.len());
    }

    /// Passes over one token and says what it is.
    fn token(&mut self) -> SyntaxKind {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return SyntaxKind::EOF };
        if let Some(kind) = self.foreign_text().or_else(|| self.foreign_bars()) {
            return kind;
        }
        match first {
            ' ' | '\t' => {
                self.skip_while(|byte| matches!(byte, b' ' | b'\t'));
                SyntaxKind::WHITESPACE
            }
            '#' => {
                self.skip_line();
                SyntaxKind::COMMENT
            }
            '"' => self.string(),
            quote @ ('\'' | '`') => self.other_quotes(quote),
            '/' if rest.starts_with("//") || rest.starts_with("/*") => self.foreign_comment(),
            '0'..='9' => self.number(),
            '-' if self.peek_after(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            '.' if self.begins_fraction() => self.number(),
            '\r' => self.carriage_return(),
            _ if is_word(first) => self.word(),
            _ => self.punctuation(),
        }
    }

    /// Passes over the rest of the line, without its line feed.
    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// A string ends at the first quote that has no backslash before it.
    fn string(&mut self) -> SyntaxKind {
        let start = self.at;
        if !self.skip_string() {
            self.at = start;
            self.skip_line();
            self.error(ErrorKind::UnterminatedString, start);
            self.broken_strings += 1;
        }
        SyntaxKind::STRING
    }

    /// Passes over a string. Answers `false` where its closing quote is missing, or likely so: where a string that
    /// began on an earlier line is followed at once by text, its end most likely is the beginning of another string.
    fn skip_string(&mut self) -> bool {
        self.at += 1;
        let mut lines = false;
        let means_something = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
        while let Some(length) = self.text.as_bytes()[self.at..].iter().position(means_something) {
            self.at += length;
            let byte = self.peek();
            self.at += 1;
            match byte {
                Some(b'"') => return !(lines && self.is_text_next()),
                // What follows a backslash never ends the string. Of a character of several bytes only the first is
                // passed over, which is fine: none of its further bytes is a quote or a backslash.
                Some(b'\\') if self.peek().is_some() => {
                    lines |= self.peek() == Some(b'\n');
                    self.at += 1;
                }
                Some(b'\n') if self.broken_strings >= BROKEN_STRINGS => return false,
                Some(b'\n') => lines = true,
                _ => {}
            }
        }
        self.at = self.text.len();
        false
    }

    /// Whether what comes next cannot follow a string, but might well be within one.
    fn is_text_next(&self) -> bool {
        let rest = self.rest();
        let word = &rest[..rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())];
        match word {
            "" => rest.starts_with(['"', '/', '$', '%', '\\', '.', '~', '@']),
            _ => keyword(word).is_none(),
        }
    }

    /// A string between quotes that other languages have.
    fn other_quotes(&mut self, quote: char) -> SyntaxKind {
        let start = self.at;
        let rest = &self.rest()[1..];
        match rest.find([quote, '\n']) {
            Some(length) if rest[length..].starts_with(quote) => {
                self.at += 1 + length + 1;
                self.error(ErrorKind::SingleQuotes, start);
                SyntaxKind::STRING
            }
            Some(length) if self.foreign_string(quote) => {
                let end = std::mem::replace(&mut self.at, start + 1 + length);
                self.error(ErrorKind::SingleQuotes, start);
                self.at = end;
                SyntaxKind::STRING
            }
            _ => {
                self.at += 1;
                self.error(ErrorKind::Unknown, start);
                SyntaxKind::UNKNOWN
            }
        }
    }

    fn foreign_comment(&mut self) -> SyntaxKind {
        let start = self.at;
        let rest = self.rest();
        match rest.find("*/") {
            Some(length) if rest.starts_with("/*") && !rest[..length].contains('\n') => self.at += length + 2,
            _ => self.skip_line(),
        }
        self.error(ErrorKind::ForeignComment, start);
        SyntaxKind::COMMENT
    }

    fn carriage_return(&mut self) -> SyntaxKind {
        let start = self.at;
        self.skip_while(|byte| byte == b'\r');
        if !self.carriage_return {
            self.carriage_return = true;
            self.error(ErrorKind::CarriageReturn, start);
        }
        SyntaxKind::WHITESPACE
    }

    /// Whether a number without its whole part stands here, rather than the dot after a name or a bracket.
    fn begins_fraction(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        self.peek_after(1).is_some_and(|byte| byte.is_ascii_digit())
            && !before.is_some_and(|before| is_word(before) || matches!(before, ']' | ')' | '}' | '"'))
    }

    fn number(&mut self) -> SyntaxKind {
        let start = self.at;
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let mut kind = SyntaxKind::INTEGER;
        let mut well_formed = self.peek() != Some(b'.');
        self.at += usize::from(well_formed); // a digit or the sign
        self.skip_while(is_digit);
        if self.peek() == Some(b'.') && self.peek_after(1).is_some_and(is_digit) {
            kind = SyntaxKind::FLOAT;
            self.at += 1;
            self.skip_while(is_digit);
        }
        // Whatever sticks to it: `1.`, `1e6`, `1.2.3`, `0x1f`. A number may be followed at once by a keyword.
        let rest = self.rest();
        let tail = &rest[..rest.find(|letter| !(is_word(letter) || letter == '.')).unwrap_or(rest.len())];
        if !tail.is_empty() && keyword(tail).is_none() {
            self.at += tail.len();
            well_formed = false;
        }
        let text = &self.text[start..self.at];
        if !well_formed {
            self.error(ErrorKind::NumberForm, start);
        } else if kind == SyntaxKind::INTEGER && text.parse::<i64>().is_err() {
            self.error(ErrorKind::IntegerRange, start);
        } else if kind == SyntaxKind::FLOAT && text.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.error(ErrorKind::FloatRange, start);
        }
        kind
    }

    /// Names and keywords. Letters that cannot be in the name at hand are taken along and reported, so that one
    /// misspelled name is one mistake.
    fn word(&mut self) -> SyntaxKind {
        let start = self.at;
        self.skip_chars(is_word);
        let word = &self.text[start..self.at];
        if let Some(kind) = keyword(word) {
            return kind;
        }
        if !word.is_ascii() {
            self.error(ErrorKind::Letters, start);
        } else if word.starts_with('_') || word.ends_with('_') {
            self.error(ErrorKind::Underscore, start);
        } else if word[1..].contains(|letter: char| letter.is_ascii_uppercase()) {
            self.error(ErrorKind::Capitals, start);
        }
        let capital = self.text[start..].starts_with(|first: char| first.is_ascii_uppercase());
        if capital { SyntaxKind::CAP_IDENT } else { SyntaxKind::IDENT }
    }

    fn punctuation(&mut self) -> SyntaxKind {
        let start = self.at;
        if let Some(kind) = self.peek().and_then(|byte| *SINGLE.get(usize::from(byte))?) {
            self.at += 1;
            return kind;
        }
        let first = self.peek();
        let begins = |text: &str| text.as_bytes().first().copied() == first && self.rest().starts_with(text);
        if FOREIGN_OPERATORS.iter().any(|text| begins(text)) {
            self.at += 2;
            self.error(ErrorKind::Unknown, start);
            return SyntaxKind::UNKNOWN;
        }
        let foreign = WORD_OPERATORS.iter().find(|(text, ..)| begins(text));
        let known = PUNCTUATION.iter().find(|(text, _)| begins(text));
        // The longest one counts: `!=` is an operator, `!==` one of another language.
        match (foreign, known) {
            (Some((text, word, kind)), known) if known.is_none_or(|(known, _)| known.len() < text.len()) => {
                self.at += text.len();
                self.error(ErrorKind::WordOperator(word), start);
                return *kind;
            }
            (_, Some((text, kind))) => {
                self.at += text.len();
                return *kind;
            }
            _ => {}
        }
        // One run of such characters is one mistake. What begins something known ends it.
        let known = |letter: char| {
            letter.is_ascii_whitespace() || is_word(letter) || "\"'#{}()[]?=,:;+-*/!<>.$&|".contains(letter)
        };
        let rest = self.rest();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at += rest[first..].find(known).map_or(rest.len(), |length| first + length);
        self.error(ErrorKind::Unknown, start);
        SyntaxKind::UNKNOWN
    }
}

/// Whether a character may be meant as part of a name.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn keyword(word: &str) -> Option<SyntaxKind> {
    let found = KEYWORDS.binary_search_by(|(keyword, _)| (*keyword).cmp(word)).ok()?;
    Some(KEYWORDS[found].1)
}

/// Offsets have 32 bits; [`crate::parse`] refuses longer texts.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<SyntaxKind> {
        let kinds = lex(text).tokens.into_iter().map(|token| token.kind);
        kinds.filter(|kind| !kind.is_trivia() && *kind != SyntaxKind::EOF).collect()
    }

    fn errors(text: &str) -> Vec<(ErrorKind, &str)> {
        lex(text)
            .errors
            .into_iter()
            .map(|error| (error.kind, &text[error.start as usize..error.end as usize]))
            .collect()
    }

    #[test]
    fn the_table_of_keywords_is_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn of_two_operators_with_the_same_beginning_the_longer_one_wins() {
        use SyntaxKind::{ARROW, ELVIS, EQ, EQUALS, EXCEPT, GE, LE, LT, NE, ROCKET};
        assert_eq!(kinds("<|> <<= == = => >= != -> ?:"), [EXCEPT, LT, LE, EQ, EQUALS, ROCKET, GE, NE, ARROW, ELVIS]);
    }

    #[test]
    fn the_sign_belongs_to_the_number() {
        use SyntaxKind::{FLOAT, INTEGER, MINUS};
        assert_eq!(kinds("1-1"), [INTEGER, INTEGER]);
        assert_eq!(kinds("1 - 1"), [INTEGER, MINUS, INTEGER]);
        assert_eq!(kinds("-1.5"), [FLOAT]);
    }

    #[test]
    fn a_number_may_be_followed_at_once_by_a_keyword() {
        assert_eq!(kinds("1in"), [SyntaxKind::INTEGER, SyntaxKind::IN_KW]);
        assert_eq!(errors("1in"), []);
    }

    #[test]
    fn an_escaped_backslash_does_not_escape_the_quote() {
        assert_eq!(kinds(r#""a\\" "b""#), [SyntaxKind::STRING, SyntaxKind::STRING]);
        assert_eq!(kinds(r#""a\" "b"#), [SyntaxKind::STRING, SyntaxKind::IDENT]);
    }

    #[test]
    fn a_string_may_span_lines() {
        assert_eq!(kinds("\"a\nb\" x"), [SyntaxKind::STRING, SyntaxKind::IDENT]);
    }

    #[test]
    fn a_missing_quote_is_found_where_it_is_missing() {
        assert_eq!(errors("a => \"x,\nb => \"y\",\n"), [(ErrorKind::UnterminatedString, "\"x,")]);
        assert_eq!(errors("\"x\\"), [(ErrorKind::UnterminatedString, "\"x\\")]);
    }

    #[test]
    fn one_misspelled_name_is_one_mistake() {
        assert_eq!(errors("fooBar"), [(ErrorKind::Capitals, "fooBar")]);
        assert_eq!(errors("FILE"), [(ErrorKind::Capitals, "FILE")]);
        assert_eq!(errors("x_"), [(ErrorKind::Underscore, "x_")]);
        assert_eq!(errors("naïve"), [(ErrorKind::Letters, "naïve")]);
        assert_eq!(errors("a__b File"), []);
    }

    #[test]
    fn numbers_of_other_languages_are_one_mistake_each() {
        for text in ["1.", ".5", "1e6", "1.2.3", "0x1f", "-5."] {
            assert_eq!(errors(text), [(ErrorKind::NumberForm, text)]);
        }
        assert_eq!(errors("$x.5"), []);
    }

    #[test]
    fn numbers_have_a_range() {
        assert_eq!(errors("9223372036854775807 -9223372036854775808"), []);
        assert_eq!(errors("9223372036854775808"), [(ErrorKind::IntegerRange, "9223372036854775808")]);
        let huge = format!("{}.0", "9".repeat(400));
        assert_eq!(errors(&huge), [(ErrorKind::FloatRange, huge.as_str())]);
    }

    #[test]
    fn a_carriage_return_is_reported_once() {
        assert_eq!(errors("a\r\nb\r\n\"\r\"#\r"), [(ErrorKind::CarriageReturn, "\r")]);
    }
}
