//! Parts of the tree as the typed view holds them.

use rowan::{GreenNode, GreenToken, Language, NodeOrToken};
use span::{FileId, Span};

use crate::kind::{Mcl, SyntaxKind, SyntaxNode};

/// A node of the tree and where it stands.
///
/// Unlike a [`SyntaxNode`] it knows what is below it and nothing around it, so that it costs a reference count and no
/// allocation: whoever reads a whole program makes one for each of its nodes.
#[derive(Clone)]
pub struct Node {
    green: GreenNode,
    start: u32,
    file: FileId,
}

/// A token of the tree and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    green: GreenToken,
    start: u32,
    file: FileId,
}

impl Node {
    /// A node of a tree of `file`.
    pub fn new(syntax: &SyntaxNode, file: FileId) -> Node {
        Node { green: syntax.green().to_owned(), start: syntax.text_range().start().into(), file }
    }

    /// The root of a tree.
    pub(crate) fn root(green: &GreenNode, file: FileId) -> Node {
        Node { green: green.clone(), start: 0, file }
    }

    /// What it is.
    pub fn kind(&self) -> SyntaxKind {
        Mcl::kind_from_raw(self.green.kind())
    }

    /// The file in which it stands.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        Span::new(self.file, self.start, self.start + u32::from(self.green.text_len()))
    }

    /// The kinds of what stands directly below, tokens included.
    pub fn kinds(&self) -> impl Iterator<Item = SyntaxKind> {
        self.green.children().map(|child| Mcl::kind_from_raw(child.kind()))
    }

    /// The node itself and all nodes below it, in the order of the text.
    pub fn descendants(&self) -> impl Iterator<Item = Node> + use<> {
        let mut waiting = vec![self.clone()];
        std::iter::from_fn(move || {
            let node = waiting.pop()?;
            let first = waiting.len();
            waiting.extend(node.parts(|_| true).filter_map(NodeOrToken::into_node));
            waiting[first..].reverse();
            Some(node)
        })
    }

    /// What stands directly below and has a kind that is accepted. Only that is made an owner of its part of the tree.
    pub(super) fn parts<F: Fn(SyntaxKind) -> bool>(&self, accept: F) -> Parts<&GreenNode, F> {
        Parts { of: &self.green, accept, file: self.file, index: 0, offset: self.start }
    }

    /// The same, for as long as the iterator lives.
    pub(super) fn into_parts<F: Fn(SyntaxKind) -> bool>(self, accept: F) -> Parts<GreenNode, F> {
        Parts { of: self.green, accept, file: self.file, index: 0, offset: self.start }
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} at {:?}", self.kind(), self.span())
    }
}

impl Token {
    /// What it is.
    pub(super) fn kind(&self) -> SyntaxKind {
        Mcl::kind_from_raw(self.green.kind())
    }

    /// How it is written.
    pub(super) fn text(&self) -> &str {
        self.green.text()
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        Span::new(self.file, self.start, self.start + u32::from(self.green.text_len()))
    }
}

/// What stands directly below a node and is accepted.
pub(super) struct Parts<G, F> {
    of: G,
    accept: F,
    file: FileId,
    /// The next child, and where it begins.
    index: usize,
    offset: u32,
}

impl<G: std::borrow::Borrow<GreenNode>, F: Fn(SyntaxKind) -> bool> Iterator for Parts<G, F> {
    type Item = NodeOrToken<Node, Token>;

    fn next(&mut self) -> Option<NodeOrToken<Node, Token>> {
        let file = self.file;
        for child in self.of.borrow().children().skip(self.index) {
            let start = self.offset;
            self.index += 1;
            self.offset += u32::from(child.text_len());
            if (self.accept)(Mcl::kind_from_raw(child.kind())) {
                return Some(match child {
                    NodeOrToken::Node(node) => NodeOrToken::Node(Node { green: node.to_owned(), start, file }),
                    NodeOrToken::Token(token) => NodeOrToken::Token(Token { green: token.to_owned(), start, file }),
                });
            }
        }
        None
    }
}
