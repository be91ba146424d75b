//! Types, and what is annotated with them: the parameters of functions and classes.

use super::Parser;
use super::sequences::Sequence;
use crate::diag as report;
use crate::kind::SyntaxKind;

const PARAMETERS: Sequence =
    Sequence { element: "a parameter", parse: |parser| parser.parameter(), begins: |kind| kind == SyntaxKind::DOLLAR };
const FUNC_TYPE_ARGS: Sequence = Sequence {
    element: "a type",
    parse: |parser| parser.func_type_arg(),
    begins: |kind| kind == SyntaxKind::DOLLAR || begins_type(kind),
};

/// Whether a type may begin with a token. A name is none, but stands where a type is meant.
pub(super) fn begins_type(kind: SyntaxKind) -> bool {
    is_primitive(kind)
        || matches!(
            kind,
            SyntaxKind::L_BRACK
                | SyntaxKind::MAP_KW
                | SyntaxKind::STRUCT_KW
                | SyntaxKind::FUNC_KW
                | SyntaxKind::IDENT
                | SyntaxKind::CAP_IDENT
        )
}

pub(super) fn is_primitive(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::BOOL_KW | SyntaxKind::STR_KW | SyntaxKind::INT_KW | SyntaxKind::FLOAT_KW | SyntaxKind::VARIANT_KW
    )
}

impl Parser<'_> {
    /// `(…) type`: the parameters and the type of the result.
    pub(super) fn signature(&mut self) {
        self.parameters();
        if matches!(self.kind(0), SyntaxKind::ARROW | SyntaxKind::COLON) {
            self.error(report::result_arrow(self.here(), self.word()));
            self.bump_error();
        }
        let start = self.at;
        let several = self.at(SyntaxKind::L_PAREN);
        if !several && begins_type(self.kind(0)) {
            self.ty();
        }
        if several || self.at(SyntaxKind::COMMA) {
            // What is within braces there is no body: `(int, struct{…})`.
            let end = self.partner(self.at).filter(|_| several).map_or(self.at + 1, |close| close + 1);
            self.error(report::several_results(self.span_of(start).to(self.span_of(end - 1))));
            self.skip_to(end);
            self.skip(|kind| kind == SyntaxKind::L_CURLY);
        }
    }

    /// `($a int, $b)`
    pub(super) fn parameters(&mut self) {
        self.start(SyntaxKind::PARAM_LIST);
        if self.at(SyntaxKind::L_PAREN) {
            self.sequence(&PARAMETERS);
        } else {
            self.expected("`(`");
        }
        self.finish();
    }

    /// `$a int`
    fn parameter(&mut self) -> bool {
        self.start(SyntaxKind::PARAM);
        let foreign = self.at(SyntaxKind::CAP_IDENT) || is_primitive(self.kind(0));
        if foreign && self.kind(1) == SyntaxKind::DOLLAR {
            self.error(report::type_before_name(self.here(), self.word(), self.text_of(self.at + 2)));
            self.bump_error();
        }
        self.dots();
        let found = self.binder();
        if found {
            self.dots();
            self.annotation();
            if self.at(SyntaxKind::EQUALS) {
                self.error(report::default_argument(self.here()));
                self.skip(|kind| kind == SyntaxKind::COMMA);
            }
        }
        self.finish();
        found
    }

    /// `...`, where other languages have any number of arguments.
    fn dots(&mut self) {
        if self.at(SyntaxKind::DOT) && self.kind(1) == SyntaxKind::DOT {
            self.error(report::variadic(self.here().to(self.span_of(self.at + 2))));
            let mut end = self.at;
            while self.kind_of(end) == SyntaxKind::DOT {
                end += 1;
            }
            self.skip_to(end);
        }
    }

    /// The type after a variable, if there is one.
    pub(super) fn annotation(&mut self) {
        if self.at(SyntaxKind::COLON) && begins_type(self.kind(1)) {
            self.error(report::colon_before_type(self.here()));
            self.bump_error();
        }
        if begins_type(self.kind(0)) {
            let token = self.at;
            self.ty();
            if self.at(SyntaxKind::L_BRACK) && self.kind(1) == SyntaxKind::R_BRACK {
                let span = self.span_of(token).to(self.after_previous());
                let brackets = self.here().to(self.span_of(self.at + 1));
                self.error(report::brackets_after_type(brackets, &self.text[span.range()]));
                self.bump_error();
                self.bump_error();
            }
        }
    }

    /// A type. Answers `false` where none begins, after a report.
    pub(super) fn ty(&mut self) -> bool {
        if !self.enter() {
            return true;
        }
        let found = self.ty_within();
        self.leave();
        found
    }

    fn ty_within(&mut self) -> bool {
        match self.kind(0) {
            kind if is_primitive(kind) => {
                self.start(SyntaxKind::PRIMITIVE_TYPE);
                self.bump();
                self.finish();
            }
            SyntaxKind::L_BRACK => self.list_type(),
            SyntaxKind::MAP_KW => self.map_type(),
            SyntaxKind::STRUCT_KW => self.struct_type(),
            SyntaxKind::FUNC_KW => self.func_type(),
            SyntaxKind::IDENT | SyntaxKind::CAP_IDENT => {
                self.error(report::unknown_type(self.here(), self.word()));
                self.bump_error();
            }
            _ => {
                self.expected("a type");
                return false;
            }
        }
        true
    }

    /// `[]int`
    fn list_type(&mut self) {
        self.start(SyntaxKind::LIST_TYPE);
        let open = self.at;
        self.bump();
        if !self.at(SyntaxKind::R_BRACK) && begins_type(self.kind(0)) {
            // `[int]`
            self.error(report::list_type(self.here(), self.word()));
            self.ty();
            self.close(open);
        } else if self.close(open) {
            self.ty();
        }
        self.finish();
    }

    /// `map{str: int}`
    fn map_type(&mut self) {
        self.start(SyntaxKind::MAP_TYPE);
        self.bump();
        let open = self.at;
        if matches!(self.kind(0), SyntaxKind::L_BRACK | SyntaxKind::L_PAREN) {
            self.error(report::map_type(self.here()));
            self.skip_to(self.partner(open).map_or(open, |close| close + 1));
            if begins_type(self.kind(0)) {
                self.ty();
            }
        } else if self.expect(SyntaxKind::L_CURLY) {
            if self.ty() {
                if self.at(SyntaxKind::ROCKET) || self.at(SyntaxKind::COMMA) {
                    self.error(report::map_type(self.here()));
                    self.bump_as(SyntaxKind::COLON);
                    self.ty();
                } else if self.expect(SyntaxKind::COLON) {
                    self.ty();
                }
            }
            self.close_type(open);
        }
        self.finish();
    }

    /// The brace that closes a type; what stands before it is one mistake.
    fn close_type(&mut self, open: usize) {
        match self.partner(open) {
            Some(close) if self.at < close => {
                self.expected("`}`");
                self.skip_to(close);
                self.bump();
            }
            _ => _ = self.close(open),
        }
    }

    /// `struct{a int; b str}`
    fn struct_type(&mut self) {
        self.start(SyntaxKind::STRUCT_TYPE);
        self.bump();
        let open = self.at;
        if self.expect(SyntaxKind::L_CURLY) {
            let mut names: Vec<(&str, usize)> = Vec::new();
            while !self.at(SyntaxKind::R_CURLY) {
                names.push((self.word(), self.at));
                if !self.struct_type_field() {
                    break;
                }
                match self.kind(0) {
                    SyntaxKind::SEMICOLON => {
                        self.bump();
                        if self.at(SyntaxKind::R_CURLY) {
                            self.error(report::trailing_semicolon(self.after_previous()));
                        }
                    }
                    SyntaxKind::COMMA => {
                        self.error(report::comma_in_struct_type(self.here()));
                        self.bump_as(SyntaxKind::SEMICOLON);
                    }
                    _ => break,
                }
            }
            self.repeated_names(names, report::duplicate_type_field);
            self.close_type(open);
        }
        self.finish();
    }

    fn struct_type_field(&mut self) -> bool {
        self.start(SyntaxKind::STRUCT_TYPE_FIELD);
        let found = self.name("the name of a field", false);
        if found {
            if self.at(SyntaxKind::COLON) {
                self.error(report::colon_before_type(self.here()));
                self.bump_error();
            }
            self.ty();
        }
        self.finish();
        found
    }

    /// `func(int, $b str) bool`
    fn func_type(&mut self) {
        self.start(SyntaxKind::FUNC_TYPE);
        self.bump();
        let open = self.at;
        if self.at(SyntaxKind::L_PAREN) {
            self.sequence(&FUNC_TYPE_ARGS);
            self.repeated_arguments(open);
            if self.at(SyntaxKind::ARROW) {
                self.error(report::result_arrow(self.here(), self.word()));
                self.bump_error();
            }
            if begins_type(self.kind(0)) {
                self.ty();
            } else {
                self.error(report::missing_result(self.here()));
            }
        } else {
            self.expected("`(`");
        }
        self.finish();
    }

    fn func_type_arg(&mut self) -> bool {
        self.start(SyntaxKind::FUNC_TYPE_ARG);
        if self.at(SyntaxKind::DOLLAR) {
            self.binder();
        }
        let found = self.ty();
        self.finish();
        found
    }

    /// Reports arguments of a function type that have the same name; `open` is its parenthesis.
    fn repeated_arguments(&mut self, open: usize) {
        let mut names = Vec::new();
        let mut token = open + 1;
        while token < self.at {
            if self.kind_of(token) == SyntaxKind::DOLLAR {
                names.push((self.text_of(token + 1), token + 1));
            }
            // The arguments of a type within have names of their own.
            let inner = self.partner(token).filter(|close| *close > token);
            token = inner.unwrap_or(token) + 1;
        }
        self.repeated_names(names, report::duplicate_type_argument);
    }

    /// Reports every name that another one repeats.
    fn repeated_names(
        &mut self,
        mut names: Vec<(&str, usize)>,
        message: fn(span::Span, &str, span::Span) -> ::diag::Diagnostic,
    ) {
        // A stable sort: of equal names the first one comes first.
        names.sort_by_key(|(name, _)| *name);
        for pair in names.windows(2) {
            let ((name, first), (again, token)) = (pair[0], pair[1]);
            if name == again && self.diagnostics.len() <= super::MAX_DIAGNOSTICS {
                self.diagnostics.push(message(self.span_of(token), name, self.span_of(first)));
            }
        }
    }
}
