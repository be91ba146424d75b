//! Tokens to tree: recursive descent for statements, precedence climbing for expressions.
//!
//! The parser never stops. Where something does not fit it reports once, keeps what it passes over in an
//! [`SyntaxKind::ERROR`] node and goes on at the next element or statement. Three rules keep it quiet and bounded:
//!
//! - At one token at most one mistake is reported, and none where the lexer has reported one already.
//! - Brackets are paired before parsing ([`brackets`]), so that a bracket that was forgotten is known as such, and
//!   what is passed over is passed over as a whole.
//! - No path from the root is longer than [`MAX_DEPTH`] constructs. That holds for chains of operators too, which nest
//!   to the left, so that whoever walks the tree may recurse.

mod brackets;
mod expressions;
mod habits;
mod resources;
mod sequences;
mod statements;
mod types;

pub use habits::foreign_function;

use ::diag::Diagnostic;
use rowan::{Checkpoint, GreenNode, GreenNodeBuilder, Language};
use span::{FileId, LineIndex, Span};

use crate::diag as report;
use crate::kind::{Mcl, SyntaxKind};
use crate::lexer::{Lexed, Token};

/// So many constructs may be nested in each other.
const MAX_DEPTH: u32 = 256;

/// More mistakes than are told need not be collected.
const MAX_DIAGNOSTICS: usize = ::diag::MAX_ERRORS;

/// Parses the tokens of a text to the tree of a program.
pub(crate) fn program(file: FileId, text: &str, lexed: &Lexed) -> (GreenNode, Vec<Diagnostic>) {
    let mut parser = Parser::new(file, text, lexed);
    parser.builder.start_node(Mcl::kind_to_raw(SyntaxKind::PROGRAM));
    parser.statements(false);
    parser.flush_trivia();
    parser.builder.finish_node();
    let mut diagnostics = parser.diagnostics;
    diagnostics.extend(lexed.errors.iter().take(MAX_DIAGNOSTICS + 1).map(|error| report::lexical(file, text, error)));
    ::diag::sort(&mut diagnostics);
    ::diag::limit(&mut diagnostics);
    (parser.builder.finish(), diagnostics)
}

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    lines: LineIndex,
    tokens: &'a [Token],
    /// Where the tokens with lexical errors begin, in order.
    broken: Vec<u32>,
    /// The tokens that are not trivia, as indexes into `tokens`. The last one is the end of the text.
    significant: Vec<u32>,
    /// For each significant token that is a bracket, the one that it is paired with.
    partners: Vec<Option<u32>>,
    /// The current token, as an index into `significant`.
    at: usize,
    /// The next token to go into the tree, as an index into `tokens`.
    next: usize,
    builder: GreenNodeBuilder<'static>,
    diagnostics: Vec<Diagnostic>,
    /// The token at which the last mistake was reported.
    reported: Option<usize>,
    /// How many constructs enclose the current token.
    depth: u32,
    /// How deep the deepest part of the expression at hand is.
    deepest: u32,
    /// Keywords that were taken for names of variables and reported as such: their uses say nothing new.
    keyword_variables: Vec<&'a str>,
    /// Whether an expression is read that is followed by `=>`.
    in_key: bool,
    /// The first pair of braces on lines of different indentation: a brace is missing between them, most likely.
    crooked: Option<(Span, Span)>,
}

/// Looking at tokens.
impl<'a> Parser<'a> {
    fn new(file: FileId, text: &'a str, lexed: &'a Lexed) -> Parser<'a> {
        let tokens = lexed.tokens.as_slice();
        let indexes = (0u32..).zip(tokens);
        let significant: Vec<u32> = indexes.filter(|(_, token)| !token.kind.is_trivia()).map(|(at, _)| at).collect();
        let kinds: Vec<SyntaxKind> = significant.iter().map(|at| tokens[*at as usize].kind).collect();
        Parser {
            file,
            text,
            lines: LineIndex::new(text),
            tokens,
            broken: lexed.errors.iter().map(|error| error.start).collect(),
            partners: brackets::pair(&kinds),
            significant,
            at: 0,
            next: 0,
            builder: GreenNodeBuilder::new(),
            diagnostics: Vec::new(),
            reported: None,
            depth: 0,
            deepest: 0,
            keyword_variables: Vec::new(),
            in_key: false,
            crooked: None,
        }
    }

    /// The kind of the token that stands `ahead` tokens after the current one.
    fn kind(&self, ahead: usize) -> SyntaxKind {
        self.kind_of(self.at + ahead)
    }

    fn at(&self, kind: SyntaxKind) -> bool {
        self.kind(0) == kind
    }

    fn position(&self, token: usize) -> usize {
        self.significant[token.min(self.significant.len() - 1)] as usize
    }

    fn kind_of(&self, token: usize) -> SyntaxKind {
        self.tokens[self.position(token)].kind
    }

    fn span_of(&self, token: usize) -> Span {
        let index = self.position(token);
        let start = self.tokens[index].start;
        let end = self.tokens.get(index + 1).map_or(start, |next| next.start);
        Span::new(self.file, start, end)
    }

    fn text_of(&self, token: usize) -> &'a str {
        &self.text[self.span_of(token).range()]
    }

    /// The place of the current token. The end of a line is a place without length.
    fn here(&self) -> Span {
        let span = self.span_of(self.at);
        if self.at(SyntaxKind::NEWLINE) { span.at_start() } else { span }
    }

    /// The text of the current token.
    fn word(&self) -> &'a str {
        self.text_of(self.at)
    }

    /// The current token as messages name it.
    fn found(&self) -> String {
        report::found(self.kind(0), self.word())
    }

    /// The place right after the token before the current one.
    fn after_previous(&self) -> Span {
        match self.at.checked_sub(1) {
            Some(previous) => self.span_of(previous).at_end(),
            None => self.here().at_start(),
        }
    }

    /// The partner of a bracket.
    fn partner(&self, token: usize) -> Option<usize> {
        self.partners.get(token).copied().flatten().map(|partner| partner as usize)
    }

    /// The first token from `token` on that is not the end of a line.
    fn past_newlines(&self, mut token: usize) -> usize {
        while self.kind_of(token) == SyntaxKind::NEWLINE {
            token += 1;
        }
        token
    }

    fn line(&self, token: usize) -> usize {
        self.lines.line(self.span_of(token).start)
    }

    /// How far the line of a token is indented, in bytes, up to a limit.
    fn indentation(&self, token: usize) -> usize {
        let start = self.lines.line_start(self.line(token)) as usize;
        self.text.as_bytes()[start..].iter().take(200).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Whether a token is the first of its line.
    fn begins_line(&self, token: usize) -> bool {
        token.checked_sub(1).is_none_or(|before| self.kind_of(before) == SyntaxKind::NEWLINE)
    }
}

/// Building the tree.
impl Parser<'_> {
    fn flush_trivia(&mut self) {
        let end = self.position(self.at);
        while self.next < end {
            self.push(self.tokens[self.next].kind);
        }
    }

    /// Puts the next token into the tree, as one of `kind`.
    fn push(&mut self, kind: SyntaxKind) {
        let start = self.tokens[self.next].start as usize;
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |next| next.start as usize);
        self.builder.token(Mcl::kind_to_raw(kind), &self.text[start..end]);
        self.next += 1;
    }

    /// Takes the current token into the tree, as one of another kind. At the end of the text nothing happens.
    fn bump_as(&mut self, kind: SyntaxKind) {
        if !self.at(SyntaxKind::EOF) {
            self.flush_trivia();
            self.push(kind);
            self.at += 1;
        }
    }

    /// Takes the current token into the tree.
    fn bump(&mut self) {
        self.bump_as(self.kind(0));
    }

    /// Takes the current token into the tree if it is one of `kind`.
    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn eat_newlines(&mut self) {
        while self.eat(SyntaxKind::NEWLINE) {}
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.flush_trivia();
        self.builder.start_node(Mcl::kind_to_raw(kind));
    }

    fn checkpoint(&mut self) -> Checkpoint {
        self.flush_trivia();
        self.builder.checkpoint()
    }

    /// Begins a node that holds what was built since the checkpoint, which thereby moves one level down.
    fn wrap(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.deepest += 1;
        self.builder.start_node_at(checkpoint, Mcl::kind_to_raw(kind));
    }

    fn finish(&mut self) {
        self.builder.finish_node();
    }

    /// Puts the current token into an error node of its own.
    fn bump_error(&mut self) {
        self.start(SyntaxKind::ERROR);
        self.bump();
        self.finish();
    }
}

/// Reporting mistakes.
impl Parser<'_> {
    /// Reports a mistake that shows at the current token, unless one was reported there already.
    fn error(&mut self, diagnostic: Diagnostic) {
        self.error_at(self.at, diagnostic);
    }

    /// Reports a mistake that shows at a token, unless one was reported there already.
    fn error_at(&mut self, token: usize, diagnostic: Diagnostic) {
        let known = self.reported == Some(token) || self.is_broken(token);
        self.reported = Some(token);
        if !known && self.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether the lexer has reported the token.
    fn is_broken(&self, token: usize) -> bool {
        let span = self.span_of(token);
        span.start < span.end && self.broken.binary_search(&span.start).is_ok()
    }

    /// Reports that something else was expected at the current token.
    fn expected(&mut self, what: &str) {
        let diagnostic = report::expected(self.here(), what, &self.found());
        self.error(diagnostic);
    }

    /// Takes a token of `kind` into the tree, or reports that it is missing.
    fn expect(&mut self, kind: SyntaxKind) -> bool {
        let found = self.eat(kind);
        if !found {
            self.expected(report::name_of(kind));
        }
        found
    }

    /// Takes a closing bracket into the tree, or reports that it is missing; `open` is the token that opened.
    fn close(&mut self, open: usize) -> bool {
        let kind = brackets::closing(self.kind_of(open));
        if self.at(kind) {
            if kind == SyntaxKind::R_CURLY {
                self.note_crooked(open);
            }
            self.bump();
            return true;
        }
        if self.partner(open) == Some(self.at) {
            let diagnostic = report::wrong_bracket(self.here(), &self.found(), self.span_of(open), self.kind_of(open));
            self.error(diagnostic);
            self.bump_error();
            return true;
        }
        self.unclosed(open);
        false
    }

    /// Reports that there is no comma after the token before the current one.
    fn missing_comma(&mut self, element: &str) {
        if self.at.checked_sub(1).is_some_and(|previous| self.is_broken(previous)) {
            // The comma may well be there, within a string that does not end.
            self.reported = Some(self.at);
        }
        self.error(report::missing_comma(self.after_previous(), element));
    }

    /// Reports that a bracket is not closed.
    fn unclosed(&mut self, open: usize) {
        let bracket = self.kind_of(open);
        let crooked = self.crooked.filter(|_| self.at(SyntaxKind::EOF) && bracket == SyntaxKind::L_CURLY);
        let diagnostic = report::unclosed_bracket(self.span_of(open), bracket, self.here(), &self.found(), crooked);
        self.error(diagnostic);
    }

    /// Remembers the first pair of braces that do not stand on lines of the same indentation.
    fn note_crooked(&mut self, open: usize) {
        let lines_differ = self.line(open) != self.line(self.at);
        let crooked = || self.begins_line(self.at) && self.indentation(open) != self.indentation(self.at);
        if self.crooked.is_none() && lines_differ && crooked() {
            self.crooked = Some((self.span_of(open), self.span_of(self.at)));
        }
    }
}

/// Passing over what cannot be understood, and bounding what is nested.
impl Parser<'_> {
    /// Passes over tokens up to one that `stop` accepts, the end of the line, or a bracket that closes something
    /// around. Brackets that are closed are passed over as a whole.
    fn skip(&mut self, stop: impl Fn(SyntaxKind) -> bool) {
        let ends = |parser: &Parser<'_>| match parser.kind(0) {
            SyntaxKind::EOF | SyntaxKind::NEWLINE => true,
            SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK if parser.partner(parser.at).is_some() => {
                true
            }
            kind => stop(kind),
        };
        if ends(self) {
            return;
        }
        self.start(SyntaxKind::ERROR);
        while !ends(self) {
            let last = self.partner(self.at).unwrap_or(self.at);
            while self.at <= last && !self.at(SyntaxKind::EOF) {
                self.bump();
            }
        }
        self.finish();
    }

    /// Passes over the rest of the line.
    fn skip_line(&mut self) {
        self.skip(|_| false);
    }

    /// Passes over everything up to a token.
    fn skip_to(&mut self, token: usize) {
        if self.at < token {
            self.start(SyntaxKind::ERROR);
            while self.at < token && !self.at(SyntaxKind::EOF) {
                self.bump();
            }
            self.finish();
        }
    }

    /// Enters a construct. Where the nesting becomes too deep, reports it, passes over the construct and answers
    /// `false`; otherwise [`Parser::leave`] must follow.
    fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return false;
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        true
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Reports that the nesting is too deep, and passes over the rest of the construct.
    fn too_deep(&mut self) {
        let diagnostic = report::nesting_too_deep(self.here(), MAX_DEPTH);
        self.error(diagnostic);
        self.skip(|kind| kind == SyntaxKind::COMMA);
        // Whatever is missing now was passed over.
        self.reported = Some(self.at);
    }
}

/// Names.
impl Parser<'_> {
    /// Takes a name into the tree: an identifier, or, where `soft` says so, one of the keywords that may be names.
    /// `what` is what the name is for, in messages.
    fn name(&mut self, what: &str, soft: bool) -> bool {
        let kind = self.kind(0);
        if kind == SyntaxKind::IDENT || (soft && crate::ast::is_name(kind)) {
            let token = self.at;
            self.bump();
            self.dashes(token);
            return true;
        }
        let (here, word) = (self.here(), self.word());
        match kind {
            SyntaxKind::CAP_IDENT => self.error(report::capital_name(here, word, what)),
            kind if kind.is_keyword() => {
                let variable = self.at > 0 && self.kind_of(self.at - 1) == SyntaxKind::DOLLAR;
                if !variable || !self.keyword_variables.contains(&word) {
                    self.error(report::keyword_as_name(here, word, what));
                    self.keyword_variables.extend(variable.then_some(word));
                }
            }
            SyntaxKind::STRING => {
                self.error(report::quoted_name(here, word, what));
                self.bump_error();
                return true;
            }
            SyntaxKind::INTEGER if what == "a name after the dot" => {
                self.error(report::dot_index(here, word));
                self.bump_error();
                return false;
            }
            SyntaxKind::DOLLAR if self.kind(1) == SyntaxKind::IDENT => {
                let span = here.to(self.span_of(self.at + 1));
                self.error(report::dollar_in_name(span, self.text_of(self.at + 1), what));
                self.bump_error();
            }
            _ => {
                self.expected(what);
                return false;
            }
        }
        self.bump_as(SyntaxKind::IDENT);
        true
    }

    /// Passes over what follows a name with dashes: `my-name`. A dash between spaces is a minus sign, and so is one
    /// before a call.
    fn dashes(&mut self, first: usize) {
        let joined = |token: usize| self.span_of(token - 1).end == self.span_of(token).start;
        let mut end = self.at;
        while self.kind_of(end) == SyntaxKind::MINUS && joined(end) {
            let is_name = self.kind_of(end + 1) == SyntaxKind::IDENT && joined(end + 1);
            if !is_name || matches!(self.kind_of(end + 2), SyntaxKind::L_PAREN | SyntaxKind::DOT) {
                break;
            }
            end += 2;
        }
        if end > self.at {
            let span = self.span_of(first).to(self.span_of(end - 1));
            self.error_at(first, report::dashed_name(span, &self.text[span.range()]));
            self.skip_to(end);
        }
    }

    /// A variable where it is defined: `$x`.
    fn binder(&mut self) -> bool {
        self.start(SyntaxKind::BINDER);
        let found = match self.kind(0) {
            SyntaxKind::DOLLAR => {
                self.bump();
                self.name("the name of a variable", true)
            }
            SyntaxKind::IDENT => {
                self.error(report::missing_dollar_binder(self.here(), self.word()));
                self.bump();
                true
            }
            _ => {
                self.expected("a variable");
                false
            }
        };
        self.finish();
        found
    }

    /// `a.b.c`
    fn path(&mut self, what: &str) -> bool {
        self.start(SyntaxKind::PATH);
        if self.at(SyntaxKind::COLON) && self.kind(1) == SyntaxKind::COLON {
            self.error(report::leading_colons(self.here().to(self.span_of(self.at + 1))));
            self.bump_error();
            self.bump_error();
        }
        let mut found = self.name(what, true);
        // `$a . "text"` is no path.
        while found && self.at(SyntaxKind::DOT) && !matches!(self.kind(1), SyntaxKind::STRING | SyntaxKind::DOLLAR) {
            self.bump();
            // The words of types mean nothing else in a call: `rand.int()`.
            let word = matches!(
                self.kind(0),
                SyntaxKind::BOOL_KW | SyntaxKind::STR_KW | SyntaxKind::INT_KW | SyntaxKind::FLOAT_KW
            );
            if word && self.kind(1) == SyntaxKind::L_PAREN {
                self.bump_as(SyntaxKind::IDENT);
            } else {
                found = self.name("a name after the dot", true);
            }
        }
        while !found && matches!(self.kind(0), SyntaxKind::DOT | SyntaxKind::IDENT) {
            // The rest of a broken path.
            self.bump_error();
        }
        self.finish();
        found
    }
}
