//! Elements between brackets: on one line, or each on a line of its own.

use super::{Parser, brackets};
use crate::diag as report;
use crate::kind::SyntaxKind;

/// A kind of sequence.
pub(super) struct Sequence {
    /// What an element is called in messages.
    pub(super) element: &'static str,
    /// Parses an element. Answers `false` where there is none, after a report.
    pub(super) parse: fn(&mut Parser<'_>) -> bool,
    /// Whether an element may begin with a token.
    pub(super) begins: fn(SyntaxKind) -> bool,
}

impl Parser<'_> {
    /// Parses a sequence with its brackets; the current token is the opening one.
    ///
    /// Whether the opening bracket ends its line decides which form the sequence has, and with it which commas are
    /// missing and which are too many.
    pub(super) fn sequence(&mut self, sequence: &Sequence) {
        let open = self.at;
        let close = brackets::closing(self.kind(0));
        self.bump();
        let multi_line = self.at(SyntaxKind::NEWLINE);
        let mut mixed = false;
        loop {
            if self.at(SyntaxKind::NEWLINE) {
                if !multi_line && self.partner(open).is_none() {
                    return self.unclosed(open);
                }
                if !multi_line && !mixed {
                    mixed = true;
                    self.error(report::mixed_layout(self.here(), self.span_of(open), multi_line));
                }
                self.eat_newlines();
            }
            if self.at(close) || self.partner(open) == Some(self.at) {
                self.close(open);
                return;
            }
            let forgotten = self.partner(open).is_none() && self.begins_line(self.at) && self.is_statement();
            if forgotten || self.ends_unclosed(open) {
                return self.unclosed(open);
            }
            if self.at(SyntaxKind::COMMA) {
                self.error(report::comma_without_element(self.here(), sequence.element));
                self.bump_error();
                continue;
            }
            let before = self.at;
            if !(sequence.parse)(self) {
                self.skip(|kind| kind == SyntaxKind::COMMA);
                if self.at == before {
                    self.bump_error();
                }
            }
            let end = self.after_previous();
            match self.kind(0) {
                SyntaxKind::COMMA => {
                    let comma = self.here();
                    self.bump();
                    if multi_line && !mixed && !self.at(SyntaxKind::NEWLINE) && !self.ends_unclosed(open) {
                        mixed = true;
                        self.error(report::mixed_layout(self.here(), self.span_of(open), multi_line));
                    } else if !multi_line && !mixed && self.at(close) {
                        self.error(report::trailing_comma(comma));
                    }
                }
                _ if self.partner(open) == Some(self.at) && (!multi_line || mixed) => {}
                kind if (kind == close || kind == SyntaxKind::NEWLINE) && (!multi_line || mixed) => {}
                kind if kind == close || kind == SyntaxKind::NEWLINE => {
                    self.missing_comma(sequence.element);
                }
                _ if self.ends_unclosed(open) => {}
                SyntaxKind::SEMICOLON => {
                    self.error(report::semicolon_for_comma(self.here()));
                    self.bump_error();
                }
                // `[1, 2 {`: the brace of a block.
                SyntaxKind::L_CURLY if self.partner(open).is_none() => return self.unclosed(open),
                kind if (sequence.begins)(kind) && self.at > before => {
                    self.error(report::missing_comma_between(end, sequence.element));
                }
                _ => {
                    self.error(report::expected_in_sequence(self.here(), close, &self.found()));
                    self.skip(|kind| kind == SyntaxKind::COMMA);
                }
            }
        }
    }

    /// Whether a sequence cannot go on at the current token, though its bracket is still open: at the end of the text,
    /// or at a bracket that closes something around.
    fn ends_unclosed(&self, open: usize) -> bool {
        match self.kind(0) {
            SyntaxKind::EOF => true,
            SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => {
                self.kind(0) != brackets::closing(self.kind_of(open))
                    && self.partner(self.at).is_some_and(|partner| partner < open)
            }
            _ => false,
        }
    }
}
