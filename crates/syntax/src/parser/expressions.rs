//! Expressions.

use rowan::Checkpoint;

use super::habits::foreign_function;
use super::sequences::Sequence;
use super::{MAX_DEPTH, Parser};
use crate::ast::{BinaryOp, is_name};
use crate::diag as report;
use crate::kind::SyntaxKind;

/// How tightly operators bind, from the loosest to the tightest.
mod level {
    use crate::ast::BinaryOp;

    pub(super) const EXCEPT: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const COMPARISON: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const POSTFIX: u8 = 8;

    pub(super) const fn of(op: BinaryOp) -> u8 {
        match op {
            BinaryOp::Or => OR,
            BinaryOp::And => AND,
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Gt | BinaryOp::Le | BinaryOp::Ge | BinaryOp::In => {
                COMPARISON
            }
            BinaryOp::Add | BinaryOp::Sub => SUM,
            BinaryOp::Mul | BinaryOp::Div => PRODUCT,
        }
    }
}

const ELEMENTS: Sequence =
    Sequence { element: "an element", parse: |parser| parser.expression(), begins: begins_expression };
const ENTRIES: Sequence =
    Sequence { element: "an entry", parse: |parser| parser.map_entry(), begins: begins_expression };
const STRUCT_ENTRIES: Sequence =
    Sequence { element: "a field", parse: |parser| parser.struct_entry(), begins: is_name };
const ARGUMENTS: Sequence =
    Sequence { element: "an argument", parse: |parser| parser.argument(), begins: begins_expression };

/// Whether an expression may begin with a token.
pub(super) fn begins_expression(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::IDENT
            | SyntaxKind::MAP_KW
            | SyntaxKind::COLLECT_KW
            | SyntaxKind::DOLLAR
            | SyntaxKind::INTEGER
            | SyntaxKind::FLOAT
            | SyntaxKind::STRING
            | SyntaxKind::TRUE_KW
            | SyntaxKind::FALSE_KW
            | SyntaxKind::L_BRACK
            | SyntaxKind::L_CURLY
            | SyntaxKind::L_PAREN
            | SyntaxKind::STRUCT_KW
            | SyntaxKind::IF_KW
            | SyntaxKind::FUNC_KW
            | SyntaxKind::NOT_KW
    )
}

/// What follows an `else`.
pub(super) enum Else {
    /// A block.
    Block,
    /// Another conditional, whose first word is the current token.
    If,
}

impl Parser<'_> {
    /// Parses an expression. Answers `false` where none begins, after a report.
    pub(super) fn expression(&mut self) -> bool {
        let in_key = std::mem::replace(&mut self.in_key, false);
        let found = self.operators(level::EXCEPT);
        self.in_key = in_key;
        found
    }

    /// Parses an expression after which `=>` is expected, so that a `=` there is no comparison.
    fn key(&mut self) -> bool {
        let in_key = std::mem::replace(&mut self.in_key, true);
        let found = self.operators(level::EXCEPT);
        self.in_key = in_key;
        found
    }

    /// Parses an operand and the operators after it that bind at least as tightly as `least`.
    fn operators(&mut self, least: u8) -> bool {
        if !self.enter() {
            return true;
        }
        let around = std::mem::replace(&mut self.deepest, self.depth);
        let found = self.operators_within(least);
        self.deepest = self.deepest.max(around);
        self.leave();
        found
    }

    fn operators_within(&mut self, least: u8) -> bool {
        let checkpoint = self.checkpoint();
        if !self.operand() {
            return false;
        }
        let mut compared = false;
        loop {
            if self.deepest >= MAX_DEPTH && self.is_operator() {
                self.too_deep();
                return true;
            }
            let kind = self.kind(0);
            match kind {
                SyntaxKind::NOT_KW if self.kind(1) == SyntaxKind::IN_KW && least <= level::COMPARISON => {
                    self.error(report::not_in(self.here().to(self.span_of(self.at + 1))));
                    self.bump_error();
                }
                SyntaxKind::IDENT
                    if self.word() == "is" && begins_expression(self.kind(1)) && least <= level::COMPARISON =>
                {
                    self.error(report::is_operator(self.here()));
                    self.bump_error();
                    self.eat(SyntaxKind::NOT_KW);
                    self.wrap(checkpoint, SyntaxKind::BINARY_EXPR);
                    self.operators(level::COMPARISON + 1);
                    self.finish();
                }
                SyntaxKind::L_BRACK => self.index(checkpoint),
                SyntaxKind::ARROW => self.field_access(checkpoint),
                SyntaxKind::DOT if matches!(self.kind(1), SyntaxKind::STRING | SyntaxKind::DOLLAR) => {
                    self.error(report::dot_joins(self.here()));
                    self.binary(checkpoint, SyntaxKind::BINARY_EXPR, level::PRODUCT);
                }
                SyntaxKind::DOT => self.foreign_field_access(checkpoint),
                SyntaxKind::L_PAREN => self.called_expression(checkpoint),
                SyntaxKind::EXCEPT if least <= level::EXCEPT => {
                    self.binary(checkpoint, SyntaxKind::EXCEPT_EXPR, level::EXCEPT + 1);
                }
                SyntaxKind::EQUALS if least <= level::COMPARISON && !self.in_key => {
                    self.error(report::equals_in_expression(self.here()));
                    self.binary(checkpoint, SyntaxKind::BINARY_EXPR, level::COMPARISON + 1);
                }
                SyntaxKind::INTEGER | SyntaxKind::FLOAT if least <= level::SUM && self.word().starts_with('-') => {
                    self.joined_minus(checkpoint);
                }
                _ => {
                    let Some(op) = BinaryOp::from_kind(kind).filter(|op| level::of(*op) >= least) else {
                        return true;
                    };
                    let comparison = level::of(op) == level::COMPARISON;
                    if comparison && compared {
                        self.error(report::comparison_chain(self.here(), self.word()));
                    }
                    compared = comparison;
                    self.binary(checkpoint, SyntaxKind::BINARY_EXPR, level::of(op) + 1);
                }
            }
        }
    }

    /// Whether the current token joins the expression before it with something.
    fn is_operator(&self) -> bool {
        let kind = self.kind(0);
        BinaryOp::from_kind(kind).is_some()
            || matches!(kind, SyntaxKind::L_BRACK | SyntaxKind::ARROW | SyntaxKind::EXCEPT | SyntaxKind::DOT)
            || matches!(kind, SyntaxKind::L_PAREN | SyntaxKind::INTEGER | SyntaxKind::FLOAT)
    }

    /// The operator and its right operand.
    fn binary(&mut self, checkpoint: Checkpoint, kind: SyntaxKind, least: u8) {
        self.wrap(checkpoint, kind);
        self.bump();
        self.right_operand(least);
        self.finish();
    }

    /// The operand after an operator. Where the line ends at the operator, the operand most likely stands in the next
    /// line.
    fn right_operand(&mut self, least: u8) {
        if self.at(SyntaxKind::NEWLINE) {
            let next = self.past_newlines(self.at);
            if begins_expression(self.kind_of(next)) && !self.is_statement_at(next) {
                self.error(report::broken_line(self.here()));
                self.eat_newlines();
            }
        }
        self.operators(least);
    }

    /// `a -1`: a subtraction without the space after the sign.
    fn joined_minus(&mut self, checkpoint: Checkpoint) {
        self.error(report::minus_spacing(self.here(), self.word()));
        self.wrap(checkpoint, SyntaxKind::BINARY_EXPR);
        self.operators(level::PRODUCT);
        self.finish();
    }

    /// `a[b]`
    fn index(&mut self, checkpoint: Checkpoint) {
        self.wrap(checkpoint, SyntaxKind::INDEX_EXPR);
        let open = self.at;
        self.bump();
        self.inner(open);
        self.finish();
    }

    /// The expression between brackets that hold exactly one, and the closing bracket.
    pub(super) fn inner(&mut self, open: usize) {
        let broken = self.skip_broken_line(open);
        self.expression();
        if broken {
            self.eat_newlines();
        } else {
            self.skip_broken_line(open);
        }
        match self.partner(open) {
            // Whatever stands before the closing bracket is one mistake.
            Some(close) if self.at < close => {
                if self.at(SyntaxKind::COMMA) && self.kind_of(open) == SyntaxKind::L_PAREN {
                    self.error(report::list_in_parentheses(self.span_of(open).to(self.span_of(close))));
                } else if self.at(SyntaxKind::COLON) && self.kind_of(open) == SyntaxKind::L_BRACK {
                    self.error(report::slice(self.here()));
                } else {
                    self.expected("an operator or the closing bracket");
                }
                self.skip_to(close);
                self.bump();
            }
            _ => _ = self.close(open),
        }
    }

    /// Passes over line ends between brackets that hold a single expression, after a report.
    fn skip_broken_line(&mut self, open: usize) -> bool {
        let broken = self.at(SyntaxKind::NEWLINE) && self.partner(open).is_some();
        if broken {
            self.error(report::broken_line(self.here()));
            self.eat_newlines();
        }
        broken
    }

    /// `a->b`, or `a->b <|> c`, which belongs together whatever stands around.
    fn field_access(&mut self, checkpoint: Checkpoint) {
        if self.kind(1) == SyntaxKind::IDENT && self.kind(2) == SyntaxKind::EXCEPT {
            self.wrap(checkpoint, SyntaxKind::OPTIONAL_FIELD_EXPR);
            self.bump();
            self.bump();
            self.bump();
            self.right_operand(level::OR);
            self.finish();
            return;
        }
        self.wrap(checkpoint, SyntaxKind::FIELD_EXPR);
        self.bump();
        self.name("the name of a field", false);
        self.finish();
    }

    /// `a.b` where `a` is not a name: a field in the manner of other languages.
    fn foreign_field_access(&mut self, checkpoint: Checkpoint) {
        if self.kind(2) == SyntaxKind::L_PAREN && self.kind(1) == SyntaxKind::IDENT {
            let method = self.text_of(self.at + 1);
            self.error(report::method(self.here().to(self.span_of(self.at + 1)), method, foreign_function(method)));
            self.wrap(checkpoint, SyntaxKind::ERROR);
            self.skip_to(self.partner(self.at + 2).map_or(self.at + 3, |close| close + 1));
            return self.finish();
        }
        self.error(report::dot_for_field(self.here(), self.text_of(self.at + 1)));
        self.wrap(checkpoint, SyntaxKind::FIELD_EXPR);
        while self.eat(SyntaxKind::DOT) && self.name("the name of a field", false) {}
        self.finish();
    }

    /// `a(b)` where `a` is none of what can be called.
    fn called_expression(&mut self, checkpoint: Checkpoint) {
        self.error(report::called_expression(self.here()));
        self.wrap(checkpoint, SyntaxKind::CALL_EXPR);
        self.arguments();
        self.finish();
    }

    /// An expression without operators after it.
    fn operand(&mut self) -> bool {
        match self.kind(0) {
            SyntaxKind::TRUE_KW | SyntaxKind::FALSE_KW => self.literal(SyntaxKind::BOOL_EXPR),
            SyntaxKind::INTEGER => self.literal(SyntaxKind::INT_EXPR),
            SyntaxKind::FLOAT => self.literal(SyntaxKind::FLOAT_EXPR),
            SyntaxKind::STRING => self.literal(SyntaxKind::STR_EXPR),
            SyntaxKind::L_BRACK if self.is_typed_literal(self.at + 1) => self.typed_literal(false),
            SyntaxKind::MAP_KW if self.kind(1) == SyntaxKind::L_BRACK && self.is_typed_literal(self.at + 2) => {
                self.typed_literal(true);
            }
            SyntaxKind::L_BRACK => self.container(SyntaxKind::LIST_EXPR, &ELEMENTS),
            SyntaxKind::L_CURLY if self.is_double_brace() => {
                let close = self.partner(self.at).unwrap_or(self.at);
                self.error(report::double_braces(self.here().to(self.span_of(close)), self.text_of(self.at + 2)));
                self.skip_to(close + 1);
            }
            SyntaxKind::L_CURLY => self.container(SyntaxKind::MAP_EXPR, &ENTRIES),
            SyntaxKind::FOR_KW => {
                self.error(report::comprehension(self.here()));
                return false;
            }
            kind if super::types::is_primitive(kind) && self.kind(1) == SyntaxKind::L_PAREN => {
                self.error(report::type_as_function(self.here(), self.word()));
                self.start(SyntaxKind::ERROR);
                self.bump();
                self.arguments();
                self.finish();
            }
            SyntaxKind::STRUCT_KW => self.structure(),
            SyntaxKind::IF_KW => self.conditional(),
            SyntaxKind::FUNC_KW => self.lambda(),
            SyntaxKind::DOLLAR => self.variable(),
            kind if is_name(kind) => self.function_call(),
            SyntaxKind::L_PAREN => self.parentheses(),
            SyntaxKind::NOT_KW => self.negation(),
            SyntaxKind::MINUS | SyntaxKind::PLUS => return self.signed(),
            SyntaxKind::CAP_IDENT => self.capital_operand(),
            SyntaxKind::PANIC_KW => self.panic_operand(),
            SyntaxKind::STAR if self.at > 0 && self.kind_of(self.at - 1) == SyntaxKind::STAR => {
                self.error(report::power(self.span_of(self.at - 1).to(self.here())));
                self.bump_error();
                return self.operators(level::POSTFIX);
            }
            _ => {
                self.expected("an expression");
                return false;
            }
        }
        true
    }

    /// Whether `{{ name }}` stands here.
    fn is_double_brace(&self) -> bool {
        let adjacent = self.kind(1) == SyntaxKind::L_CURLY && self.here().end == self.span_of(self.at + 1).start;
        adjacent && self.kind(2) == SyntaxKind::IDENT && self.partner(self.at + 1) == Some(self.at + 3)
    }

    /// Whether what follows `[` or `map[` is the rest of a type and the brace of a literal: `]string{`, `string]int{`.
    fn is_typed_literal(&self, inner: usize) -> bool {
        let is_type =
            |token: usize| self.kind_of(token) == SyntaxKind::IDENT || super::types::is_primitive(self.kind_of(token));
        let close = if is_type(inner) { inner + 1 } else { inner };
        self.kind_of(close) == SyntaxKind::R_BRACK
            && is_type(close + 1)
            && self.kind_of(close + 2) == SyntaxKind::L_CURLY
    }

    /// A list or a map with its type before it, as in Go.
    fn typed_literal(&mut self, map: bool) {
        let mut brace = self.at;
        while self.kind_of(brace) != SyntaxKind::L_CURLY {
            brace += 1;
        }
        self.error(report::typed_literal(self.here().to(self.span_of(brace - 1)), map));
        self.skip_to(self.partner(brace).map_or(brace + 1, |close| close + 1));
    }

    fn literal(&mut self, kind: SyntaxKind) {
        self.start(kind);
        self.bump();
        self.finish();
    }

    fn container(&mut self, kind: SyntaxKind, sequence: &Sequence) {
        self.start(kind);
        self.sequence(sequence);
        self.finish();
    }

    fn structure(&mut self) {
        self.start(SyntaxKind::STRUCT_EXPR);
        self.bump();
        if self.at(SyntaxKind::L_CURLY) {
            self.sequence(&STRUCT_ENTRIES);
        } else {
            self.expected("`{`");
        }
        self.finish();
    }

    fn map_entry(&mut self) -> bool {
        self.start(SyntaxKind::MAP_ENTRY);
        let found = if is_name(self.kind(0)) && is_arrow_like(self.kind(1)) {
            // `{name => …}`, as in other languages.
            self.error(report::unquoted_key(self.here(), self.word()));
            self.bump_error();
            true
        } else {
            self.key()
        };
        if found {
            self.arrow_and_value("a key");
        }
        self.finish();
        found
    }

    fn struct_entry(&mut self) -> bool {
        self.start(SyntaxKind::STRUCT_ENTRY);
        let found = if self.at(SyntaxKind::STRING) {
            self.error(report::quoted_name(self.here(), self.word(), "a field of a struct"));
            self.bump_error();
            true
        } else {
            self.name("the name of a field", false)
        };
        if found {
            self.arrow_and_value("a field");
        }
        self.finish();
        found
    }

    /// `=> value`
    fn arrow_and_value(&mut self, what: &str) {
        if self.arrow(what) {
            self.expression();
        }
    }

    /// `=>`, or what other languages have in its place. Answers whether a value may follow.
    pub(super) fn arrow(&mut self, what: &str) -> bool {
        match self.kind(0) {
            SyntaxKind::ROCKET => self.bump(),
            kind if is_arrow_like(kind) => {
                self.error(report::missing_arrow(self.here(), self.word(), what));
                self.bump_as(SyntaxKind::ROCKET);
            }
            kind if begins_expression(kind) => {
                self.error(report::no_arrow(self.after_previous(), what));
            }
            _ => {
                self.expected("`=>`");
                return false;
            }
        }
        true
    }

    /// `$a.b`, or `$a.b(…)`
    fn variable(&mut self) {
        let checkpoint = self.checkpoint();
        self.start(SyntaxKind::VAR_EXPR);
        self.bump();
        if self.at(SyntaxKind::L_CURLY) {
            self.error(report::braces_outside_string(self.here(), self.text_of(self.at + 1)));
            self.skip_to(self.partner(self.at).map_or(self.at + 1, |close| close + 1));
        } else if matches!(self.kind(0), SyntaxKind::INTEGER | SyntaxKind::L_PAREN) {
            let command = self.at(SyntaxKind::L_PAREN);
            self.error(report::shell_variable(self.here(), command));
            self.skip_to(self.partner(self.at).unwrap_or(self.at) + 1);
        } else {
            self.path("the name of a variable");
        }
        self.finish();
        if self.at(SyntaxKind::L_PAREN) {
            self.call(checkpoint);
        }
    }

    /// `f(…)`. A name alone is reported, and kept as the variable that may have been meant.
    fn function_call(&mut self) {
        if self.at(SyntaxKind::MAP_KW) && self.kind(1) == SyntaxKind::L_CURLY {
            self.error(report::map_keyword(self.here()));
            self.bump_error();
            return self.container(SyntaxKind::MAP_EXPR, &ENTRIES);
        }
        let checkpoint = self.checkpoint();
        let (token, word) = (self.at, self.word());
        let found = self.path("a name");
        if self.at(SyntaxKind::L_PAREN) {
            return self.call(checkpoint);
        }
        if found {
            let span = self.span_of(token).to(self.after_previous());
            self.error_at(token, report::bare_name(span, word, &self.text[span.range()]));
            if begins_expression(self.kind(0)) {
                // Several words in a row are one mistake.
                self.reported = Some(self.at);
            }
        }
        self.wrap(checkpoint, SyntaxKind::VAR_EXPR);
        self.finish();
    }

    fn call(&mut self, checkpoint: Checkpoint) {
        self.wrap(checkpoint, SyntaxKind::CALL_EXPR);
        self.arguments();
        self.finish();
    }

    /// `(…)` with expressions.
    pub(super) fn arguments(&mut self) {
        self.start(SyntaxKind::ARG_LIST);
        if self.at(SyntaxKind::L_PAREN) {
            self.sequence(&ARGUMENTS);
        } else {
            self.expected("`(`");
        }
        self.finish();
    }

    /// An argument of a call: an expression, without a name before it.
    fn argument(&mut self) -> bool {
        let named = is_name(self.kind(0)) && matches!(self.kind(1), SyntaxKind::EQUALS | SyntaxKind::COLON);
        if named {
            let span = self.here().to(self.span_of(self.at + 1));
            self.error(report::named_argument(span));
            self.bump_error();
            self.bump_error();
        }
        self.expression()
    }

    /// `func(…) type { … }`, or a call of it.
    fn lambda(&mut self) {
        let checkpoint = self.checkpoint();
        self.start(SyntaxKind::LAMBDA);
        self.bump();
        if self.at(SyntaxKind::IDENT) {
            self.error(report::named_lambda(self.here(), self.word()));
            self.bump_error();
        }
        self.signature();
        self.expression_block("a function");
        self.finish();
        if self.at(SyntaxKind::L_PAREN) {
            self.call(checkpoint);
        }
    }

    /// `if … { … } else { … }`
    fn conditional(&mut self) {
        self.start(SyntaxKind::IF_EXPR);
        let word = self.here();
        self.bump();
        self.condition();
        self.expression_block("a conditional");
        self.move_to_else();
        match self.eat_else() {
            Some(Else::If) => {
                self.start(SyntaxKind::EXPR_BLOCK);
                if self.enter() {
                    self.conditional();
                    self.leave();
                }
                self.finish();
            }
            Some(Else::Block) => self.expression_block("a conditional"),
            None => self.error(report::missing_else(self.after_previous(), word)),
        }
        self.finish();
    }

    /// The condition between `if` and `{`.
    pub(super) fn condition(&mut self) {
        self.expression();
        if !self.at(SyntaxKind::L_CURLY) && !self.at(SyntaxKind::NEWLINE) {
            let foreign = matches!(self.kind(0), SyntaxKind::COLON | SyntaxKind::SEMICOLON) || self.word() == "then";
            if foreign {
                let diagnostic = report::block_in_braces(self.here(), &self.found());
                self.error(diagnostic);
            } else {
                self.expected("`{`");
            }
            self.skip(|kind| kind == SyntaxKind::L_CURLY);
        }
    }

    /// Where `else` stands on the next line, reports it and moves there.
    pub(super) fn move_to_else(&mut self) {
        if self.at(SyntaxKind::NEWLINE) {
            let next = self.past_newlines(self.at);
            if self.kind_of(next) == SyntaxKind::ELSE_KW {
                self.error(report::else_line(self.span_of(next)));
                self.eat_newlines();
            }
        }
    }

    /// `else`, and what follows it. An `else if` is reported, whatever word another language has for it.
    pub(super) fn eat_else(&mut self) -> Option<Else> {
        if self.eat(SyntaxKind::ELSE_KW) {
            if !self.at(SyntaxKind::IF_KW) {
                return Some(Else::Block);
            }
            self.error(report::else_if(self.span_of(self.at - 1).to(self.here()), "else if"));
            return Some(Else::If);
        }
        if self.at(SyntaxKind::IDENT) && matches!(self.word(), "elif" | "elsif" | "elseif") {
            self.error(report::else_if(self.here(), self.word()));
            return Some(Else::If);
        }
        None
    }

    /// `{ expr }`
    pub(super) fn expression_block(&mut self, what: &str) {
        self.move_to_brace();
        self.start(SyntaxKind::EXPR_BLOCK);
        if self.at(SyntaxKind::L_CURLY) {
            let open = self.at;
            self.bump();
            self.eat_newlines();
            let definition = self.at(SyntaxKind::DOLLAR) && self.kind(2) == SyntaxKind::EQUALS;
            if definition {
                self.error(report::statement_in_expression(self.here(), what));
            } else if self.at(SyntaxKind::R_CURLY) {
                self.error(report::empty_block(self.here(), what));
            } else {
                if self.at(SyntaxKind::IDENT) && self.word() == "return" && begins_expression(self.kind(1)) {
                    self.error(report::return_in_body(self.here()));
                    self.bump_error();
                }
                self.expression();
            }
            self.eat_newlines();
            match self.partner(open) {
                Some(close) if self.at < close => {
                    self.error(report::second_expression(self.here(), &self.found(), what));
                    self.skip_to(close);
                    self.close(open);
                }
                _ => _ = self.close(open),
            }
        } else if self.is_body_without_brace() {
            self.error(report::missing_brace(self.after_previous()));
            self.eat_newlines();
            self.expression();
            self.eat_newlines();
            self.eat(SyntaxKind::R_CURLY);
        } else {
            self.expected("`{`");
        }
        self.finish();
    }

    /// Where an opening brace stands on the next line, reports it and moves there.
    pub(super) fn move_to_brace(&mut self) {
        if self.at(SyntaxKind::NEWLINE) {
            let next = self.past_newlines(self.at);
            if self.kind_of(next) == SyntaxKind::L_CURLY {
                self.error(report::brace_line(self.span_of(next)));
                self.eat_newlines();
            }
        }
    }

    fn parentheses(&mut self) {
        self.start(SyntaxKind::PAREN_EXPR);
        let open = self.at;
        self.bump();
        self.inner(open);
        self.finish();
    }

    fn negation(&mut self) {
        self.start(SyntaxKind::NOT_EXPR);
        self.bump();
        self.right_operand(level::POSTFIX);
        self.finish();
    }

    /// `-$x`: there is no sign before an expression.
    fn signed(&mut self) -> bool {
        let twice = self.at > 0 && self.kind_of(self.at - 1) == self.kind(0);
        if twice && self.span_of(self.at - 1).end == self.here().start {
            let operator = self.span_of(self.at - 1).to(self.here());
            self.error(report::increment(operator, self.word()));
            self.bump_error();
            return true;
        }
        self.error(report::negation(self.here(), self.word(), self.kind(1), self.text_of(self.at + 1)));
        self.bump_error();
        self.operators(level::POSTFIX)
    }

    /// `panic(…)`, which is a statement and no value.
    fn panic_operand(&mut self) {
        self.error(report::panic_value(self.here()));
        self.start(SyntaxKind::ERROR);
        self.bump();
        if self.at(SyntaxKind::L_PAREN) {
            self.arguments();
        }
        self.finish();
    }

    /// A capitalised word where a value should be: a resource, or a word of another language.
    fn capital_operand(&mut self) {
        if matches!(self.kind(1), SyntaxKind::L_BRACK | SyntaxKind::COLON) {
            self.error(report::edge_as_value(self.here()));
            self.start(SyntaxKind::ERROR);
            self.edge_half();
            self.finish();
        } else if self.kind(1) == SyntaxKind::L_PAREN {
            self.error(report::type_as_function(self.here(), self.word()));
            self.start(SyntaxKind::ERROR);
            self.bump();
            self.arguments();
            self.finish();
        } else {
            self.error(report::capital_value(self.here(), self.word()));
            self.bump_error();
        }
    }
}

/// Whether a token is what other languages write instead of `=>`.
pub(super) fn is_arrow_like(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::ROCKET | SyntaxKind::EQUALS | SyntaxKind::COLON | SyntaxKind::EQ | SyntaxKind::ARROW)
}
