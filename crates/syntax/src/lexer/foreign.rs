//! Texts over several lines as other languages write them: here-documents, three quotes, raw strings, blocks of YAML.
//!
//! Such a text is one token, so that its lines are not taken for statements: it is one mistake.

use super::{BROKEN_STRINGS, ErrorKind, Lexer, is_word};
use crate::kind::SyntaxKind;

/// How another language writes a text over several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `<<END`, `<<-END`, `<<~END` as in shells, Terraform and Ruby, `@(END)` as in Puppet.
    HereDocument,
    /// `"""` or `'''`, as in Python.
    ThreeQuotes,
    /// `|` or `>`, as in YAML.
    Block,
}

impl Lexer<'_> {
    /// Passes over a text of another language, if one begins here.
    pub(super) fn foreign_text(&mut self) -> Option<SyntaxKind> {
        let (form, opening, length) = match self.peek()? {
            b'<' | b'@' => {
                let (opening, word) = here_document(self.rest())?;
                let text = self.search(|rest| end_of_here_document(rest, opening, word));
                // Without an end, the text cannot be told from what follows.
                (Form::HereDocument, opening, text.unwrap_or_else(|| line_length(self.rest())))
            }
            b'"' | b'\'' => {
                let quotes = self.rest().get(..3).filter(|quotes| matches!(*quotes, "\"\"\"" | "'''"))?.to_owned();
                let length = self.search(|rest| rest[3..].find(&quotes).map(|length| length + 6))?;
                (Form::ThreeQuotes, 3, length)
            }
            b'|' | b'>' => (Form::Block, 1, self.block()?),
            _ => return None,
        };
        let start = self.at;
        self.at += opening;
        self.error(ErrorKind::ForeignText(form), start);
        self.at = start + length;
        Some(SyntaxKind::STRING)
    }

    /// Passes over what other languages write between bars: collectors, `<| … |>`, and parameters of a block, `|$x|`.
    pub(super) fn foreign_bars(&mut self) -> Option<SyntaxKind> {
        if !matches!(self.peek()?, b'<' | b'|') {
            return None;
        }
        let rest = self.rest();
        let collector = (rest.starts_with("<|") && !rest.starts_with("<|>")) || rest.starts_with("<<|");
        let parameters = rest.starts_with("|$") || rest.starts_with("| $");
        let length = if collector {
            let end = self.search(|rest| rest[..line_length(rest)].find("|>"))? + 2;
            end + rest[end..].bytes().take_while(|byte| *byte == b'>').count()
        } else if parameters {
            self.search(|rest| rest[1..line_length(rest)].find('|'))? + 2
        } else {
            return None;
        };
        let start = self.at;
        self.at += length;
        self.error(ErrorKind::Unknown, start);
        Some(SyntaxKind::UNKNOWN)
    }

    /// Passes over a string between `quote`s that began on an earlier line, if its end is found. Only where a value is
    /// expected: elsewhere it is an apostrophe.
    pub(super) fn foreign_string(&mut self, quote: char) -> bool {
        let start = self.at;
        if !self.after(&[SyntaxKind::EQUALS, SyntaxKind::ROCKET, SyntaxKind::L_PAREN, SyntaxKind::COLON]) {
            return false;
        }
        if let Some(length) = self.search(|rest| rest[1..].find(quote)) {
            self.at += 1 + length + 1;
            if !self.is_text_next() {
                return true;
            }
        }
        self.at = start;
        false
    }

    /// Looks for the end of a text. Too many searches to the end of the file are not made.
    fn search(&mut self, find: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        if self.broken_strings >= BROKEN_STRINGS {
            return None;
        }
        let found = find(self.rest());
        self.broken_strings += usize::from(found.is_none());
        found
    }

    /// Whether the token before is one of `kinds`.
    fn after(&self, kinds: &[SyntaxKind]) -> bool {
        self.tokens.iter().rev().find(|token| !token.kind.is_trivia()).is_some_and(|token| kinds.contains(&token.kind))
    }

    /// The length of a block as YAML writes it: `|` or `>` at the end of the line, and the lines below that are
    /// indented more.
    fn block(&self) -> Option<usize> {
        let folded = self.peek() == Some(b'>');
        let value = if folded {
            self.after(&[SyntaxKind::COLON])
        } else {
            self.after(&[SyntaxKind::COLON, SyntaxKind::ROCKET])
        };
        let rest = self.rest();
        let blank = rest[1..].trim_start_matches(['-', '+']).trim_start_matches([' ', '\t', '\r']);
        if !value || !(blank.is_empty() || blank.starts_with('\n')) {
            return None;
        }
        let first = rest.len() - blank.len();
        let line = self.text[..self.at].rfind('\n').map_or(0, |end| end + 1);
        let outer = indentation(&self.text[line..]);
        let mut length = None;
        let mut end = first;
        for line in rest[first..].split_inclusive('\n').skip(1) {
            let text = line.trim_end();
            if !text.is_empty() && indentation(line) <= outer {
                break;
            }
            if !text.is_empty() {
                length = Some(end + 1 + text.len());
            }
            end += line.len();
        }
        length
    }
}

/// The length of what opens a here-document, and the word that ends it.
fn here_document(rest: &str) -> Option<(usize, &str)> {
    let (mark, after) = match rest.strip_prefix("<<") {
        Some(after) => (2, after),
        None => (2, rest.strip_prefix("@(")?),
    };
    let word = after.trim_start_matches(['-', '~', '"', '\'', ' ']);
    let before = after.len() - word.len();
    let word = &word[..word.find(|letter| !is_word(letter)).unwrap_or(word.len())];
    if !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let mut length = mark + before + word.len();
    if rest.starts_with('@') {
        // What stands between the word and the parenthesis are a few letters.
        length += rest[length..].bytes().take(32).take_while(|byte| *byte != b'\n').position(|byte| byte == b')')? + 1;
    } else if rest[length..].starts_with(['"', '\'']) {
        length += 1;
    }
    Some((length, word))
}

/// The length of a here-document up to the word that ends it: the first on its line, perhaps behind a bar or a dash,
/// with nothing behind it but what goes on with the statement.
fn end_of_here_document(rest: &str, opening: usize, word: &str) -> Option<usize> {
    let mut at = opening + line_length(&rest[opening..]);
    while let Some(line) = rest[at..].strip_prefix('\n') {
        let mark = line.trim_start_matches([' ', '\t', '|', '-']);
        if let Some(after) = mark.strip_prefix(word)
            && !after.starts_with(is_word)
            && after[..line_length(after)].trim_matches([' ', '\t', '\r', ',', ';', ')', ']', '}']).is_empty()
        {
            return Some(rest.len() - after.len());
        }
        at += 1 + line_length(line);
    }
    None
}

fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn indentation(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}
