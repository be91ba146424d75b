//! The tree as text in its one form.
//!
//! A text is a sequence of rows. Most nodes are parts of a row; the nodes that hold rows of their own are the program, the
//! blocks, the bodies of resources, and those sequences and expression blocks that have the multi-row form in the
//! source. A comment goes to the end of the row at hand, or has a row of its own where it had one.

use std::borrow::Cow;

use syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use crate::spacing::space_between;

/// Prints a tree without syntax errors.
pub(crate) fn print(root: &SyntaxNode) -> String {
    let mut printer = Printer::default();
    printer.rows(root.children_with_tokens());
    printer.end_row();
    printer.text
}

/// A token in its one spelling: numbers are decimal without needless zeros, all else is as it is written.
pub(crate) fn canonical(token: &SyntaxToken) -> Cow<'_, str> {
    let text = token.text();
    match token.kind() {
        SyntaxKind::INTEGER => text.parse::<i64>().map_or(text.into(), |value| value.to_string().into()),
        SyntaxKind::FLOAT => match text.parse::<f64>() {
            // The shortest digits that mean the same value, never with an exponent.
            Ok(value) if value.fract() == 0.0 => format!("{value}.0").into(),
            Ok(value) => value.to_string().into(),
            Err(_) => text.into(),
        },
        _ => text.into(),
    }
}

/// How the inside of a pair of brackets is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// All on the row of the brackets.
    Single,
    /// On rows of their own.
    Rows,
}

/// The bracket before what a kind of node holds, for the nodes that may have rows.
fn bracket(kind: SyntaxKind) -> Option<SyntaxKind> {
    use SyntaxKind::*;
    match kind {
        BLOCK | RES_BODY | EXPR_BLOCK | MAP_EXPR | STRUCT_EXPR => Some(L_CURLY),
        ARG_LIST | PARAM_LIST | FUNC_TYPE => Some(L_PAREN),
        LIST_EXPR => Some(L_BRACK),
        _ => None,
    }
}

fn closing(open: SyntaxKind) -> SyntaxKind {
    match open {
        SyntaxKind::L_CURLY => SyntaxKind::R_CURLY,
        SyntaxKind::L_PAREN => SyntaxKind::R_PAREN,
        _ => SyntaxKind::R_BRACK,
    }
}

/// The layout of a node with brackets: statements and fields have rows always; anything else has where its first element
/// stands on a later row than the bracket, or, but for calls, where a comment stands between the brackets.
fn layout(node: &SyntaxNode, open: SyntaxKind) -> Layout {
    let always = matches!(node.kind(), SyntaxKind::BLOCK | SyntaxKind::RES_BODY);
    let (mut newline, mut element, mut rows) = (false, false, false);
    let inside = node.children_with_tokens().skip_while(|element| element.kind() != open).skip(1);
    for kind in inside.map(|element| element.kind()).take_while(|kind| *kind != closing(open)) {
        match kind {
            SyntaxKind::WHITESPACE => {}
            SyntaxKind::NEWLINE => newline = true,
            SyntaxKind::COMMENT => rows |= node.kind() != SyntaxKind::ARG_LIST,
            _ => {
                rows |= always || (newline && !element);
                element = true;
            }
        }
    }
    if rows { Layout::Rows } else { Layout::Single }
}

#[derive(Default)]
struct Printer {
    text: String,
    indent: usize,
    /// The last token of the row at hand; `None` at the beginning of a row.
    last: Option<SyntaxToken>,
    /// Whether a blank row comes before the next one.
    blank: bool,
    /// Comments that go to the end of the row at hand.
    comments: Vec<SyntaxToken>,
}

impl Printer {
    /// Prints elements that have rows of their own.
    fn rows(&mut self, elements: impl Iterator<Item = SyntaxElement>) {
        // How many line ends stand between the last thing printed and the next.
        let mut newlines = 0;
        for element in elements {
            match element.kind() {
                SyntaxKind::WHITESPACE => {}
                SyntaxKind::NEWLINE => newlines += 1,
                SyntaxKind::COMMENT if newlines == 0 && self.last.is_some() => {
                    self.comments.extend(element.into_token());
                }
                kind => {
                    if kind != SyntaxKind::COMMA {
                        self.start_row(newlines > 1);
                    }
                    newlines = 0;
                    self.element(element);
                }
            }
        }
        self.start_row(newlines > 1);
    }

    fn element(&mut self, element: SyntaxElement) {
        match element {
            SyntaxElement::Node(node) => self.node(&node),
            SyntaxElement::Token(token) => self.token(token),
        }
    }

    /// Prints a node within a row.
    fn node(&mut self, node: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::IF_EXPR => self.conditional(node),
            kind => match bracket(kind) {
                Some(open) => self.brackets(node, open, layout(node, open)),
                None => node.children_with_tokens().for_each(|element| self.element(element)),
            },
        }
    }

    /// A conditional has the form of its first branch.
    fn conditional(&mut self, node: &SyntaxNode) {
        let then = node.children().find(|child| child.kind() == SyntaxKind::EXPR_BLOCK);
        let layout = then.map_or(Layout::Single, |block| layout(&block, SyntaxKind::L_CURLY));
        for element in node.children_with_tokens() {
            match element {
                SyntaxElement::Node(block) if block.kind() == SyntaxKind::EXPR_BLOCK => {
                    self.brackets(&block, SyntaxKind::L_CURLY, layout);
                }
                element => self.element(element),
            }
        }
    }

    /// Prints a node that has a pair of brackets, with what stands before and after these.
    fn brackets(&mut self, node: &SyntaxNode, open: SyntaxKind, layout: Layout) {
        if layout == Layout::Single {
            return node.children_with_tokens().for_each(|element| self.element(element));
        }
        let close = closing(open);
        let mut elements = node.children_with_tokens().peekable();
        while let Some(element) = elements.next_if(|element| element.kind() != open) {
            self.element(element);
        }
        elements.next().into_iter().for_each(|bracket| self.element(bracket));
        self.indent += 1;
        let inside: Vec<SyntaxElement> =
            std::iter::from_fn(|| elements.next_if(|element| element.kind() != close)).collect();
        self.rows(inside.into_iter());
        self.indent -= 1;
        elements.for_each(|element| self.element(element));
    }

    fn token(&mut self, token: SyntaxToken) {
        match token.kind() {
            // Within a row, what ends lines has no say.
            SyntaxKind::WHITESPACE | SyntaxKind::NEWLINE => return,
            SyntaxKind::COMMENT if self.last.is_some() => return self.comments.push(token),
            _ => {}
        }
        match &self.last {
            None => {
                if std::mem::take(&mut self.blank) {
                    self.text.push('\n');
                }
                self.text.extend(std::iter::repeat_n('\t', self.indent));
            }
            Some(last) if space_between(last, &token) => self.text.push(' '),
            Some(_) => {}
        }
        self.text.push_str(&canonical(&token));
        self.last = Some(token);
    }

    /// Ends the row at hand, if there is one, and leaves a blank row where `blank` says so.
    fn start_row(&mut self, blank: bool) {
        self.end_row();
        self.blank = blank && !self.text.is_empty();
    }

    /// Ends the row at hand with its comments. A row has room for one; further ones follow on rows of their own.
    fn end_row(&mut self) {
        if self.last.take().is_none() {
            return;
        }
        let mut comments = std::mem::take(&mut self.comments).into_iter();
        if let Some(comment) = comments.next() {
            self.text.push(' ');
            self.text.push_str(comment.text());
        }
        self.text.push('\n');
        for comment in comments {
            self.token(comment);
            self.end_row();
        }
    }
}
