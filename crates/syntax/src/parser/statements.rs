//! Statements.

use super::Parser;
use super::expressions::Else;
use crate::diag as report;
use crate::kind::SyntaxKind;

impl Parser<'_> {
    /// Parses statements up to the end of the text, or, within a block, up to its closing brace.
    pub(super) fn statements(&mut self, in_block: bool) {
        loop {
            match self.kind(0) {
                SyntaxKind::EOF => return,
                SyntaxKind::NEWLINE => self.bump(),
                SyntaxKind::R_CURLY if in_block => return,
                SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => {
                    self.error(report::unmatched_bracket(self.here(), self.word()));
                    self.bump_error();
                    self.skip_line();
                }
                SyntaxKind::SEMICOLON => {
                    self.error(report::semicolon(self.here()));
                    self.bump_error();
                }
                _ => {
                    let before = self.at;
                    self.statement();
                    if self.at == before {
                        self.bump_error();
                        self.skip_line();
                    }
                    self.end_of_statement();
                }
            }
        }
    }

    /// What follows a statement: the end of the line.
    fn end_of_statement(&mut self) {
        match self.kind(0) {
            SyntaxKind::NEWLINE | SyntaxKind::EOF | SyntaxKind::SEMICOLON => {}
            // A construct that is broken may have passed over the end of the line.
            _ if self.begins_line(self.at) => {}
            SyntaxKind::R_CURLY if self.partner(self.at).is_some() => {
                self.error(report::missing_newline(self.after_previous()));
            }
            SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => {
                self.error(report::unmatched_bracket(self.here(), self.word()));
                self.skip_line();
            }
            _ if self.is_statement() => self.error(report::missing_newline(self.after_previous())),
            _ => {
                self.error(report::expected_end_of_line(self.here(), &self.found()));
                self.skip_line();
            }
        }
    }

    /// Whether the current token, most likely, begins a statement that is no expression.
    pub(super) fn is_statement(&self) -> bool {
        self.is_statement_at(self.at)
    }

    /// Whether a token, most likely, begins a statement that is no expression.
    pub(super) fn is_statement_at(&self, token: usize) -> bool {
        match self.kind_of(token) {
            SyntaxKind::FOR_KW
            | SyntaxKind::FORKV_KW
            | SyntaxKind::CLASS_KW
            | SyntaxKind::INCLUDE_KW
            | SyntaxKind::IMPORT_KW
            | SyntaxKind::PANIC_KW => true,
            SyntaxKind::FUNC_KW => self.kind_of(token + 1) == SyntaxKind::IDENT,
            SyntaxKind::DOLLAR => self.kind_of(token + 2) == SyntaxKind::EQUALS,
            SyntaxKind::CAP_IDENT => {
                matches!(self.kind_of(token + 1), SyntaxKind::L_BRACK | SyntaxKind::STRING)
            }
            SyntaxKind::COLLECT_KW => self.kind_of(token + 1) == SyntaxKind::IDENT,
            SyntaxKind::IDENT => {
                let mut next = token + 1;
                while self.kind_of(next) == SyntaxKind::COLON && self.kind_of(next + 1) == SyntaxKind::IDENT {
                    next += 2;
                }
                matches!(self.kind_of(next), SyntaxKind::STRING | SyntaxKind::DOLLAR | SyntaxKind::L_BRACK)
                    && self.has_brace(next)
            }
            _ => false,
        }
    }

    /// Whether a brace opens in the line, not far from a token.
    fn has_brace(&self, token: usize) -> bool {
        let ends = |kind| matches!(kind, SyntaxKind::NEWLINE | SyntaxKind::COMMA | SyntaxKind::EOF);
        let line = (token..token + 16).map(|token| self.kind_of(token)).take_while(|kind| !ends(*kind));
        line.into_iter().any(|kind| kind == SyntaxKind::L_CURLY)
    }

    fn statement(&mut self) {
        if !self.enter() {
            return;
        }
        match self.kind(0) {
            SyntaxKind::DOLLAR => self.bind(),
            SyntaxKind::PANIC_KW => self.panic(),
            SyntaxKind::COLLECT_KW if self.kind(1) != SyntaxKind::DOT => self.resource(),
            SyntaxKind::IF_KW | SyntaxKind::FOR_KW if self.shell_block() => {}
            SyntaxKind::IF_KW => self.if_statement(),
            SyntaxKind::FOR_KW => self.for_loop(SyntaxKind::FOR, "for $index, $value in …"),
            SyntaxKind::FORKV_KW => self.for_loop(SyntaxKind::FORKV, "forkv $key, $value in …"),
            SyntaxKind::FUNC_KW if self.kind(1) != SyntaxKind::L_PAREN => self.function(),
            SyntaxKind::CLASS_KW => self.class(),
            SyntaxKind::INCLUDE_KW => self.include(),
            SyntaxKind::IMPORT_KW => self.import(),
            SyntaxKind::ELSE_KW => self.stray_else(),
            SyntaxKind::IDENT => {
                if !self.foreign_statement() {
                    self.resource();
                }
            }
            SyntaxKind::CAP_IDENT => {
                if !self.foreign_reference() {
                    self.edge();
                }
            }
            _ => self.lone_expression(),
        }
        self.leave();
    }

    /// `$x = …`, `$x type = …`
    fn bind(&mut self) {
        if self.kind(2) != SyntaxKind::EQUALS {
            if let Some(equals) = self.partial_assignment() {
                let span = self.here().to(self.span_of(equals - 1));
                self.error(report::partial_assignment(span));
                return self.skip_line();
            }
            if self.is_lone_variable() {
                return self.lone_expression();
            }
            if let Some(bars) = self.block_parameters() {
                // The lexer has reported the bars.
                self.start(SyntaxKind::ERROR);
                while self.at <= bars {
                    self.bump();
                }
                if self.at(SyntaxKind::L_CURLY) {
                    self.block();
                }
                return self.finish();
            }
        }
        self.start(SyntaxKind::BIND);
        let start = self.at;
        self.binder();
        self.annotation();
        match self.kind(0) {
            SyntaxKind::EQUALS => self.bump(),
            SyntaxKind::EQ => {
                self.error(report::double_equals(self.here()));
                self.bump_as(SyntaxKind::EQUALS);
            }
            SyntaxKind::ROCKET | SyntaxKind::COLON | SyntaxKind::PLUS | SyntaxKind::MINUS => {
                let name = &self.text[self.span_of(start).to(self.after_previous()).range()];
                let joined = self.kind(1) == SyntaxKind::EQUALS;
                let operator = if joined { self.here().to(self.span_of(self.at + 1)) } else { self.here() };
                self.error(report::assignment(operator, &self.text[operator.range()], name));
                self.bump_error();
                self.eat(SyntaxKind::EQUALS);
            }
            SyntaxKind::COMMA if self.kind(1) == SyntaxKind::DOLLAR => {
                self.error(report::several_variables(self.here()));
                self.skip_line();
                return self.finish();
            }
            _ => {
                self.expected("`=`");
                self.finish();
                return;
            }
        }
        self.expression();
        self.finish();
    }

    /// Whether the variable at the beginning of a statement is not defined, but used: `$f(1)`, `$x + 1`.
    fn is_lone_variable(&self) -> bool {
        let mut token = self.at + 2;
        while self.kind_of(token) == SyntaxKind::DOT {
            token += 2;
        }
        match self.kind_of(token) {
            SyntaxKind::NEWLINE | SyntaxKind::EOF | SyntaxKind::L_PAREN | SyntaxKind::ARROW => true,
            SyntaxKind::PLUS | SyntaxKind::MINUS => {
                // `$x += 1`, and names with dashes, are definitions.
                while self.kind_of(token) == SyntaxKind::MINUS && self.kind_of(token + 1) == SyntaxKind::IDENT {
                    token += 2;
                }
                self.kind_of(token) != SyntaxKind::EQUALS && self.kind_of(token + 1) != SyntaxKind::EQUALS
            }
            SyntaxKind::STAR | SyntaxKind::SLASH | SyntaxKind::EXCEPT => true,
            SyntaxKind::L_BRACK => !super::types::begins_type(self.kind_of(token + 1)) && !self.is_list_type(token),
            _ => false,
        }
    }

    /// The parameters in `$list.each |$x| { … }`.
    fn block_parameters(&self) -> Option<usize> {
        let mut token = self.at + 2;
        while self.kind_of(token) == SyntaxKind::DOT {
            token += 2;
        }
        (token > self.at + 2 && self.is_broken(token) && self.text_of(token).starts_with('|')).then_some(token)
    }

    fn is_list_type(&self, token: usize) -> bool {
        self.kind_of(token + 1) == SyntaxKind::R_BRACK
    }

    /// Where a part of a variable is to be defined, the token of the `=`: `$a.b = 1`, `$a["b"] = 1`, `$a->b = 1`.
    fn partial_assignment(&self) -> Option<usize> {
        let mut token = self.at + 2;
        loop {
            token = match self.kind_of(token) {
                SyntaxKind::DOT | SyntaxKind::ARROW => token + 2,
                SyntaxKind::L_BRACK if !super::types::begins_type(self.kind_of(token + 1)) => {
                    match self.partner(token) {
                        Some(close) if close > token + 1 => close + 1,
                        _ => return None,
                    }
                }
                SyntaxKind::EQUALS if token > self.at + 2 => return Some(token),
                _ => return None,
            };
        }
    }

    /// An expression where a statement should be.
    fn lone_expression(&mut self) {
        let start = self.at;
        if self.kind(0).is_keyword() && !super::expressions::begins_expression(self.kind(0)) {
            return self.expected("a statement");
        }
        let reported = self.diagnostics.len();
        self.start(SyntaxKind::ERROR);
        let found = self.statement_expression();
        self.finish();
        // An expression that is broken is one mistake, not two.
        if found && self.diagnostics.len() == reported && !self.is_broken(start) {
            let span = self.span_of(start).to(self.after_previous());
            self.error_at(start, report::lone_expression(span, self.kind_of(start), self.text_of(start)));
            // What follows in the line says nothing new.
            self.skip_line();
        }
    }

    fn statement_expression(&mut self) -> bool {
        if super::expressions::begins_expression(self.kind(0)) && !self.at(SyntaxKind::L_CURLY) {
            return self.expression();
        }
        if self.at(SyntaxKind::MINUS) && matches!(self.kind(1), SyntaxKind::MINUS | SyntaxKind::IDENT) {
            self.yaml_lines();
            return false;
        }
        let diagnostic = report::expected_statement(self.here(), self.kind(0), &self.found());
        self.error(diagnostic);
        self.skip_line();
        false
    }

    /// `panic(…)`
    fn panic(&mut self) {
        self.start(SyntaxKind::PANIC);
        self.bump();
        self.arguments();
        self.finish();
    }

    /// `if … { … } else { … }`
    fn if_statement(&mut self) {
        self.start(SyntaxKind::IF);
        self.bump();
        self.condition();
        self.block();
        self.move_to_else();
        match self.eat_else() {
            Some(Else::If) => {
                self.start(SyntaxKind::BLOCK);
                if self.enter() {
                    self.if_statement();
                    self.leave();
                }
                self.finish();
            }
            Some(Else::Block) => self.block(),
            None => {}
        }
        self.finish();
    }

    /// An `else` that follows nothing.
    fn stray_else(&mut self) {
        self.error(report::stray_else(self.here()));
        self.start(SyntaxKind::ERROR);
        self.bump();
        if self.at(SyntaxKind::IF_KW) {
            self.if_statement();
        } else if self.at(SyntaxKind::L_CURLY) {
            self.block();
        }
        self.finish();
    }

    /// `for $a, $b in … { … }`
    fn for_loop(&mut self, kind: SyntaxKind, form: &str) {
        self.start(kind);
        self.bump();
        if self.at(SyntaxKind::L_PAREN) {
            self.error(report::loop_parentheses(self.here(), form));
        }
        let header = self.binder() && self.loop_comma(form) && self.binder();
        if !header {
            self.skip(|kind| matches!(kind, SyntaxKind::IN_KW | SyntaxKind::L_CURLY));
            // What is between is one mistake.
            self.reported = Some(self.at);
        }
        if self.at(SyntaxKind::IDENT) && self.kind(1) != SyntaxKind::L_PAREN {
            // `for $i, $x of …`
            self.error(report::loop_word(self.here(), &self.found()));
            self.bump_error();
            self.condition();
        } else if self.expect(SyntaxKind::IN_KW) || (header && !self.at(SyntaxKind::L_CURLY)) {
            self.condition();
        }
        self.block();
        self.finish();
    }

    fn loop_comma(&mut self, form: &str) -> bool {
        if !self.at(SyntaxKind::COMMA) {
            self.error(report::one_loop_variable(self.here(), &self.found(), form));
            return false;
        }
        self.bump();
        true
    }

    /// `func f(…) type { … }`
    fn function(&mut self) {
        self.start(SyntaxKind::FUNC);
        self.bump();
        self.name("the name of a function", false);
        self.signature();
        self.expression_block("a function");
        self.finish();
    }

    /// `class c(…) { … }`
    fn class(&mut self) {
        self.start(SyntaxKind::CLASS);
        self.bump();
        if self.at(SyntaxKind::L_CURLY) && self.kind_of(self.past_newlines(self.at + 1)) == SyntaxKind::STRING {
            let open = self.at;
            let name = self.text_of(self.past_newlines(open + 1));
            self.error(report::class_as_resource(self.span_of(open - 1), name));
            self.skip_to(self.partner(open).map_or(open + 1, |close| close + 1));
            return self.finish();
        }
        self.kind_name("the name of a class");
        if self.at(SyntaxKind::L_PAREN) {
            self.parameters();
        }
        if self.at(SyntaxKind::IDENT) && self.word() == "inherits" {
            self.error(report::inherits(self.here(), self.text_of(self.at + 1)));
            self.skip(|kind| kind == SyntaxKind::L_CURLY);
        }
        self.block();
        self.finish();
    }

    /// `include a.b(…) as c`
    fn include(&mut self) {
        self.start(SyntaxKind::INCLUDE);
        self.bump();
        let start = self.at;
        self.path("the name of a class");
        if self.at(SyntaxKind::COLON) && self.at > start {
            let outer = self.text_of(self.at - 1);
            self.error(report::colon_in_include(self.here(), outer));
            self.skip_line();
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.arguments();
        } else if self.at(SyntaxKind::L_CURLY) {
            self.error(report::include_in_braces(self.here(), self.text_of(self.at - 1)));
            self.skip_to(self.partner(self.at).map_or(self.at + 1, |close| close + 1));
        } else if self.at(SyntaxKind::COMMA) {
            self.error(report::include_list(self.here(), self.text_of(self.at + 1)));
            self.skip_line();
        }
        self.alias(false);
        self.finish();
    }

    /// `import "fmt" as f`
    fn import(&mut self) {
        self.start(SyntaxKind::IMPORT);
        self.bump();
        if self.at(SyntaxKind::STRING) {
            self.start(SyntaxKind::STR_EXPR);
            self.bump();
            self.finish();
        } else if self.at(SyntaxKind::NEWLINE) || self.at(SyntaxKind::EOF) {
            self.expected("the path of a module");
        } else if self.at(SyntaxKind::L_PAREN) {
            self.error(report::import_list(self.here()));
            self.skip_to(self.partner(self.at).map_or(self.at + 1, |close| close + 1));
        } else {
            self.unquoted("the path of a module", |kind| kind == SyntaxKind::AS_KW);
        }
        self.alias(true);
        self.finish();
    }

    /// Text that lacks its quotes, up to a token that `stop` accepts.
    pub(super) fn unquoted(&mut self, what: &str, stop: impl Fn(SyntaxKind) -> bool) {
        let start = self.at;
        let reported = self.reported == Some(start) || self.is_broken(start);
        self.skip(stop);
        if !reported && self.at > start {
            let span = self.span_of(start).to(self.after_previous());
            self.error_at(start, report::missing_quotes(span, &self.text[span.range()], what));
        }
    }

    /// `as x`, and `as *` where `star` allows it.
    fn alias(&mut self, star: bool) {
        if self.at(SyntaxKind::AS_KW) {
            self.start(SyntaxKind::ALIAS);
            self.bump();
            if !(star && self.eat(SyntaxKind::STAR)) {
                self.name("an alias", false);
            }
            self.finish();
        }
    }

    /// `{ … }` with statements.
    pub(super) fn block(&mut self) {
        self.move_to_brace();
        self.start(SyntaxKind::BLOCK);
        if self.at(SyntaxKind::L_CURLY) {
            let open = self.at;
            self.bump();
            self.statements(true);
            self.close(open);
        } else if self.is_body_without_brace() {
            self.error(report::missing_brace(self.after_previous()));
            self.statements(true);
            self.eat(SyntaxKind::R_CURLY);
        } else {
            self.expected("`{`");
        }
        self.finish();
    }

    /// Whether the next line is indented more than the one at hand, which has ended where a brace should open.
    pub(super) fn is_body_without_brace(&self) -> bool {
        let next = self.past_newlines(self.at);
        self.at(SyntaxKind::NEWLINE)
            && self.at > 0
            && self.kind_of(next) != SyntaxKind::EOF
            && self.indentation(next) > self.indentation(self.at - 1)
    }

    /// `a:b` or `A:B`
    pub(super) fn kind_name(&mut self, what: &str) -> bool {
        self.start(SyntaxKind::KIND_NAME);
        let capital = self.at(SyntaxKind::CAP_IDENT);
        let mut found = self.name(what, false);
        while found && self.at(SyntaxKind::COLON) {
            if self.kind(1) == SyntaxKind::COLON {
                self.error(report::double_colon(self.here().to(self.span_of(self.at + 1))));
                self.bump_error();
            }
            self.bump();
            if capital && self.at(SyntaxKind::CAP_IDENT) {
                // Capitals in one name are one mistake.
                self.reported = Some(self.at);
            }
            found = self.name("a name after the colon", false);
        }
        self.finish();
        found
    }
}
