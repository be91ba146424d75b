//! Resources, their lines, and edges.

use super::Parser;
use super::expressions::{begins_expression, is_arrow_like};
use crate::diag as report;
use crate::kind::SyntaxKind;
use ::diag::codes::syntax as codes;

impl Parser<'_> {
    /// `kind name { … }`, with or without `collect`.
    pub(super) fn resource(&mut self) {
        self.start(SyntaxKind::RES);
        self.eat(SyntaxKind::COLLECT_KW);
        let kind = self.here();
        if !self.kind_name("the kind of a resource") {
            self.finish();
            return;
        }
        let kind = kind.to(self.after_previous());
        let kind = &self.text[kind.range()];
        if self.at(SyntaxKind::L_CURLY) && self.is_nameless_body() {
            self.nameless_body(kind);
        } else {
            self.resource_name(kind);
            self.move_to_brace();
            if self.at(SyntaxKind::L_CURLY) {
                self.resource_body();
            } else if self.is_body_without_brace() {
                self.error(report::missing_brace(self.after_previous()));
                self.start(SyntaxKind::RES_BODY);
                self.resource_lines(None);
                self.eat(SyntaxKind::R_CURLY);
                self.finish();
            } else {
                self.error(report::missing_body(self.after_previous(), kind));
                self.skip_line();
            }
        }
        self.finish();
    }

    fn resource_name(&mut self, kind: &str) {
        match self.kind(0) {
            SyntaxKind::NEWLINE | SyntaxKind::EOF => {
                self.error(report::missing_name(self.after_previous(), kind));
            }
            found if begins_expression(found) && !self.is_bare_text() => {
                self.expression();
                if self.at(SyntaxKind::STRING) {
                    // `resource "kind" "name" {`
                    self.error(report::second_name(self.here()));
                    self.skip(|kind| kind == SyntaxKind::L_CURLY);
                }
            }
            _ => self.unquoted("the name of a resource", |kind| kind == SyntaxKind::L_CURLY),
        }
    }

    /// Whether the name of a resource is text without quotes: `/tmp/a`, `nginx`.
    fn is_bare_text(&self) -> bool {
        match self.kind(0) {
            SyntaxKind::IDENT => !matches!(self.kind(1), SyntaxKind::L_PAREN | SyntaxKind::DOT),
            _ => false,
        }
    }

    /// Whether the brace after the kind begins the body, and not a map that is the name.
    fn is_nameless_body(&self) -> bool {
        let first = self.past_newlines(self.at + 1);
        match self.kind_of(first) {
            SyntaxKind::R_CURLY => {
                matches!(self.kind_of(first + 1), SyntaxKind::NEWLINE | SyntaxKind::R_CURLY | SyntaxKind::EOF)
            }
            SyntaxKind::IDENT | SyntaxKind::CAP_IDENT => is_arrow_like(self.kind_of(first + 1)),
            _ => self.name_in_braces().is_some(),
        }
    }

    /// The name and the colon after it, where they stand within the brace at hand: `{ "name": …`.
    fn name_in_braces(&self) -> Option<(usize, usize)> {
        let first = self.past_newlines(self.at + 1);
        let last = match self.kind_of(first) {
            SyntaxKind::STRING => first,
            SyntaxKind::DOLLAR => first + 1,
            SyntaxKind::L_BRACK => self.partner(first)?,
            _ => return None,
        };
        (self.kind_of(last + 1) == SyntaxKind::COLON).then_some((first, last + 1))
    }

    /// A body without a name before it: `kind { "name": … }` or `kind { … }`.
    fn nameless_body(&mut self, kind: &str) {
        let Some((first, colon)) = self.name_in_braces() else {
            self.error(report::missing_name(self.after_previous(), kind));
            return self.resource_body();
        };
        let name = self.span_of(first).to(self.span_of(colon - 1));
        let span = self.here().to(self.span_of(colon));
        self.error(report::name_in_braces(span, kind, &self.text[name.range()]));
        self.resource_body_after(colon + 1);
    }

    fn resource_body(&mut self) {
        self.resource_body_after(self.at + 1);
    }

    /// The lines between braces from the token `first` on; what stands before it has been reported.
    fn resource_body_after(&mut self, first: usize) {
        self.start(SyntaxKind::RES_BODY);
        let open = self.at;
        self.bump();
        self.skip_to(first);
        self.resource_lines(Some(open));
        self.close(open);
        self.finish();
    }

    /// The lines of a resource up to the closing brace. Where that was forgotten, a statement that is not indented more
    /// than the resource ends them.
    fn resource_lines(&mut self, open: Option<usize>) {
        let indentation = self.indentation(open.unwrap_or(self.at - 1));
        let mut assigned = false;
        loop {
            match self.kind(0) {
                SyntaxKind::NEWLINE => self.bump(),
                SyntaxKind::R_CURLY | SyntaxKind::EOF => return,
                SyntaxKind::COMMA => {
                    self.error(report::comma_without_element(self.here(), "a field"));
                    self.bump_error();
                }
                _ if self.begins_line(self.at) && self.indentation(self.at) <= indentation && self.is_statement() => {
                    return;
                }
                SyntaxKind::IDENT if self.kind(1) == SyntaxKind::EQUALS => {
                    self.assigned_field(assigned);
                    assigned = true;
                }
                _ => self.resource_line(),
            }
        }
    }

    /// `name = value`, as other languages have it, and mostly without commas: a habit, which is one mistake and not two in
    /// each line.
    fn assigned_field(&mut self, known: bool) {
        let (field, reported) = (self.at, self.diagnostics.len());
        let arrow = self.span_of(field + 1);
        self.resource_line();
        let habits = [codes::MISSING_ARROW, codes::MISSING_COMMA];
        let mut others = self.diagnostics.split_off(reported);
        others.retain(|it| !habits.contains(&it.code));
        if !known {
            self.diagnostics.push(report::assigned_field(arrow, self.text_of(field)));
        }
        self.diagnostics.append(&mut others);
    }

    fn resource_line(&mut self) {
        let before = self.at;
        match (self.kind(0), self.kind(1)) {
            (SyntaxKind::CAP_IDENT, SyntaxKind::COLON | SyntaxKind::IDENT) => self.meta_line(),
            (SyntaxKind::IDENT, SyntaxKind::COLON) if self.word() == "meta" && self.kind(3) == SyntaxKind::ROCKET => {
                self.error(report::lower_case_property(self.here(), self.word()));
                self.meta_line();
            }
            (SyntaxKind::CAP_IDENT, _) => self.property_line(),
            (SyntaxKind::IDENT, second) if is_arrow_like(second) || !self.is_statement() => self.field(),
            (kind, second) if kind.is_keyword() && is_arrow_like(second) => self.field(),
            (SyntaxKind::STRING, second) if is_arrow_like(second) => self.field(),
            _ if self.is_statement() || self.at(SyntaxKind::IF_KW) || self.at(SyntaxKind::DOLLAR) => {
                return self.statement_in_resource();
            }
            _ => {
                let diagnostic = report::expected_field(self.here(), &self.found());
                self.error(diagnostic);
            }
        }
        self.end_of_resource_line(before);
    }

    /// What follows a line of a resource that began at `start`: anything after a comma, otherwise the end of the line.
    fn end_of_resource_line(&mut self, start: usize) {
        let moved = self.at > start;
        let has_comma = moved && self.kind_of(self.at - 1) == SyntaxKind::COMMA;
        match self.kind(0) {
            _ if has_comma || (moved && self.begins_line(self.at)) => {}
            SyntaxKind::NEWLINE | SyntaxKind::R_CURLY | SyntaxKind::EOF => {}
            SyntaxKind::SEMICOLON => {
                self.error(report::semicolon_for_comma(self.here()));
                self.bump_error();
            }
            SyntaxKind::IDENT if moved && is_arrow_like(self.kind(1)) => {
                self.error(report::missing_comma_between(self.after_previous(), report::FIELD));
            }
            _ => {
                self.error(report::expected_after_field(self.here(), &self.found()));
                self.skip(|kind| kind == SyntaxKind::COMMA);
                self.eat(SyntaxKind::COMMA);
                if self.at == start {
                    self.bump_error();
                }
            }
        }
    }

    /// The comma that ends a line of a resource; it belongs to the line.
    fn line_comma(&mut self) {
        if matches!(self.kind(0), SyntaxKind::NEWLINE | SyntaxKind::R_CURLY) {
            self.missing_comma(report::FIELD);
        } else {
            self.eat(SyntaxKind::COMMA);
        }
    }

    /// `name => value,` or `name => condition ?: value,`
    fn field(&mut self) {
        self.start(SyntaxKind::FIELD);
        let token = self.at;
        let word = self.word();
        if self.at(SyntaxKind::STRING) {
            self.error(report::quoted_name(self.here(), word, "a field of a resource"));
            self.bump_error();
        } else {
            self.name("the name of a field", false);
        }
        if self.arrow("a field") {
            if self.at(SyntaxKind::CAP_IDENT) && matches!(self.kind(1), SyntaxKind::L_BRACK | SyntaxKind::COLON) {
                self.error(report::reference_as_field(self.span_of(token).to(self.here()), word));
                self.start(SyntaxKind::ERROR);
                self.foreign_value();
                self.finish();
            } else if !self.conditional_value() && self.is_body_without_brace() {
                // The lines that follow most likely are what is missing.
                self.skip_indented(self.indentation(token));
            }
        }
        self.line_comma();
        self.finish();
    }

    /// Passes over the lines that are indented more than `least`, and over the bracket that closes them.
    fn skip_indented(&mut self, least: usize) {
        self.start(SyntaxKind::ERROR);
        let mut next = self.past_newlines(self.at);
        while self.kind_of(next) != SyntaxKind::EOF && self.indentation(next) > least {
            self.eat_newlines();
            while !matches!(self.kind(0), SyntaxKind::NEWLINE | SyntaxKind::EOF) {
                self.bump();
            }
            next = self.past_newlines(self.at);
        }
        let closes = matches!(self.kind_of(next), SyntaxKind::R_CURLY | SyntaxKind::R_PAREN | SyntaxKind::R_BRACK);
        if closes && self.indentation(next) == least {
            self.eat_newlines();
            self.bump();
        }
        self.finish();
        self.reported = Some(self.at);
    }

    /// `value`, or `condition ?: value`. Answers whether there is something.
    fn conditional_value(&mut self) -> bool {
        let checkpoint = self.checkpoint();
        if !self.expression() {
            return false;
        }
        if self.at(SyntaxKind::ELVIS) {
            self.wrap(checkpoint, SyntaxKind::CONDITION);
            self.bump();
            self.finish();
            return self.expression();
        }
        true
    }

    /// `Before => …,` and `Meta => …,`
    fn property_line(&mut self) {
        let checkpoint = self.checkpoint();
        let property = self.word();
        if property == "Meta" && self.kind(1) == SyntaxKind::DOT {
            return self.meta_line();
        }
        if property == "Meta" {
            self.start(SyntaxKind::META_STRUCT);
            self.bump();
            if self.arrow("a property") {
                self.conditional_value();
            }
            self.line_comma();
            return self.finish();
        }
        let here = self.here();
        self.bump();
        if is_arrow_like(self.kind(0)) {
            self.arrow("a property");
        } else {
            self.expected("`=>`");
        }
        let is_edge = self.edge_target(here, property);
        self.line_comma();
        self.wrap(checkpoint, if is_edge { SyntaxKind::EDGE_LINE } else { SyntaxKind::ERROR });
        self.finish();
    }

    /// The resource that an edge within a resource leads to, and its condition. Answers `false` where the line is
    /// something else, after a report.
    fn edge_target(&mut self, property: ::span::Span, word: &str) -> bool {
        if self.at(SyntaxKind::CAP_IDENT) {
            self.edge_half();
            return true;
        }
        let checkpoint = self.checkpoint();
        let start = self.at;
        let list = self.at(SyntaxKind::L_BRACK) && self.kind_of(self.past_newlines(start + 1)) == SyntaxKind::CAP_IDENT;
        if list {
            self.error(report::list_of_edges(self.here(), word));
            self.skip_to(self.partner(start).map_or(start + 1, |close| close + 1));
            return false;
        }
        if !begins_expression(self.kind(0)) {
            self.expected("a resource such as `File[\"/tmp/a\"]`");
            return false;
        }
        if self.is_lower_case_half(self.at) {
            self.edge_half();
            return true;
        }
        self.expression();
        if self.at(SyntaxKind::ELVIS) {
            self.wrap(checkpoint, SyntaxKind::CONDITION);
            self.bump();
            self.finish();
            self.edge_half();
            return true;
        }
        let value = self.span_of(start).to(self.after_previous());
        self.error_at(start, report::not_an_edge(value, property, word));
        false
    }

    /// `Meta:noop => …,`
    fn meta_line(&mut self) {
        self.start(SyntaxKind::META_LINE);
        self.bump_as(SyntaxKind::CAP_IDENT);
        if self.at(SyntaxKind::DOT) {
            self.error(report::meta_dot(self.here(), self.text_of(self.at + 1)));
            self.bump_as(SyntaxKind::COLON);
        } else {
            self.expect(SyntaxKind::COLON);
        }
        if self.name("the name of a meta parameter", false) && self.arrow("a meta parameter") {
            self.conditional_value();
        }
        self.line_comma();
        self.finish();
    }

    /// A statement between the lines of a resource.
    fn statement_in_resource(&mut self) {
        self.error(report::statement_in_resource(self.here(), self.word()));
        self.skip_line();
    }

    /// `File["/a"] -> File["/b"]`
    pub(super) fn edge(&mut self) {
        self.start(SyntaxKind::EDGE);
        let start = self.at;
        let mut halves = 0usize;
        let mut fields = 0usize;
        loop {
            let before = self.at;
            let field = self.edge_half();
            halves += 1;
            fields += usize::from(field);
            if self.at(SyntaxKind::ROCKET) && self.kind(1) == SyntaxKind::CAP_IDENT {
                self.error(report::edge_arrow(self.here()));
                self.bump_as(SyntaxKind::ARROW);
                continue;
            }
            if self.at == before || !self.eat(SyntaxKind::ARROW) {
                break;
            }
        }
        let span = self.span_of(start).to(self.after_previous());
        if fields > 0 && (fields < halves || halves != 2) {
            self.error_at(start, report::edge_form(span, halves, fields));
        }
        self.finish();
    }

    /// `File["/a"]` or `File["/a"].content`. Answers whether a field is named.
    pub(super) fn edge_half(&mut self) -> bool {
        self.start(SyntaxKind::EDGE_HALF);
        if self.edge_kind() {
            let open = self.at;
            if self.expect(SyntaxKind::L_BRACK) {
                self.inner(open);
            }
        }
        let field = self.eat(SyntaxKind::DOT);
        if field {
            self.name("the name of a field", false);
        }
        self.finish();
        field
    }

    /// `File` or `Http:Server`
    fn edge_kind(&mut self) -> bool {
        self.start(SyntaxKind::KIND_NAME);
        let start = self.at;
        let mut lower_case = false;
        let mut found = self.edge_kind_part(&mut lower_case);
        while found && self.at(SyntaxKind::COLON) {
            self.bump();
            found = self.edge_kind_part(&mut lower_case);
        }
        if found && lower_case {
            let span = self.span_of(start).to(self.after_previous());
            self.error_at(start, report::lower_case_kind(span, &self.text[span.range()]));
        }
        self.finish();
        found
    }

    fn edge_kind_part(&mut self, lower_case: &mut bool) -> bool {
        match self.kind(0) {
            SyntaxKind::CAP_IDENT => self.bump(),
            SyntaxKind::IDENT => {
                *lower_case = true;
                self.bump_as(SyntaxKind::CAP_IDENT);
            }
            _ => {
                self.expected("a resource such as `File[\"/tmp/a\"]`");
                return false;
            }
        }
        true
    }

    /// Whether an end of an edge stands at a token, though with its kind in lower case: `file["/a"] -> …`.
    pub(super) fn is_lower_case_half(&self, token: usize) -> bool {
        let mut next = token;
        while self.kind_of(next) == SyntaxKind::IDENT && self.kind_of(next + 1) == SyntaxKind::COLON {
            next += 2;
        }
        self.kind_of(next) == SyntaxKind::IDENT && self.kind_of(next + 1) == SyntaxKind::L_BRACK
    }
}
