//! What is told of values that failed with nothing to catch it.

use crate::node::Input;
use crate::runtime::Runtime;
use diag::{Diagnostic, codes};
use span::Span;
use value::Failure;

/// A value that failed, where nothing catches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub failure: Failure,
    /// The expression that failed first.
    pub span: Span,
    /// The part of a text in the program that is to blame, where one is.
    pub part: Option<Span>,
}

impl Problem {
    /// What the user is told.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(codes::values::FAILED_VALUE, self.place(), self.failure.message())
            .label_opt(self.part.map(|_| self.span.at_start()), "in this call");
        if self.failure.is_catchable() {
            diagnostic.hint("`… <|> …` gives a value to use in its place")
        } else {
            diagnostic
        }
    }

    fn place(&self) -> Span {
        self.part.unwrap_or(self.span)
    }
}

impl Runtime {
    /// What has failed of what the program states now, sorted by place, each once.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, failed) in self.failures.iter().filter(|(key, _)| self.counts(**key)) {
            // The effect has failed with the first of them; whoever mends that should not find the next one only then.
            let inputs = self.node(*key).into_iter().flat_map(|node| &node.inputs).filter_map(|it| match it {
                Input::Node(input) => self.node(*input)?.value.as_ref()?.as_ref().err(),
                Input::Constant(_) => None,
            });
            let all = inputs.chain([failed]);
            problems.extend(all.map(|it| Problem { failure: it.failure.clone(), span: it.span, part: it.part }));
        }
        let order = |it: &Problem| (it.place(), it.span);
        problems.sort_by(|a, b| (order(a), a.failure.message()).cmp(&(order(b), b.failure.message())));
        problems.dedup();
        problems
    }
}
