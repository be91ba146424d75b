//! The typed view of the tree: one type per construct, each a thin wrapper of a tree node.
//!
//! The tree exists for broken text too, so every accessor of a part answers with an `Option`. Where a part is
//! `None`, the parser has reported it: whoever reads the view need not.

mod expressions;
mod names;
mod resources;
mod statements;
mod strings;
mod types;

pub use expressions::*;
pub use names::*;
pub use resources::*;
pub use statements::*;
pub use strings::*;
pub use types::*;

use rowan::NodeOrToken;
use span::{FileId, Span};

use crate::kind::{SyntaxKind, SyntaxNode, SyntaxToken};

/// The range of a node or token as a span of `file`.
pub(crate) fn span_of(file: FileId, range: rowan::TextRange) -> Span {
    Span::new(file, range.start().into(), range.end().into())
}

/// A typed node.
pub trait AstNode: Sized {
    /// The typed view of `syntax`, if it is a node of this type.
    fn cast(syntax: SyntaxNode, file: FileId) -> Option<Self>;

    /// The tree node.
    fn syntax(&self) -> &SyntaxNode;

    /// The file in which it stands.
    fn file(&self) -> FileId;

    /// Where it stands, from its first to its last token; spaces and comments around it do not count.
    fn span(&self) -> Span {
        span_of(self.file(), self.syntax().text_range())
    }
}

/// The first child of type `N`.
fn child<N: AstNode>(of: &impl AstNode) -> Option<N> {
    children(of).next()
}

/// All children of type `N`, in order.
fn children<N: AstNode, P: AstNode>(of: &P) -> impl Iterator<Item = N> + use<N, P> {
    let file = of.file();
    of.syntax().children().filter_map(move |node| N::cast(node, file))
}

/// The first token of a kind, directly below.
fn token(of: &impl AstNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    find_token(of, |found| found == kind)
}

/// The first token whose kind is accepted, directly below.
fn find_token(of: &impl AstNode, accept: impl Fn(SyntaxKind) -> bool) -> Option<SyntaxToken> {
    of.syntax().children_with_tokens().filter_map(NodeOrToken::into_token).find(|token| accept(token.kind()))
}

/// The first child of type `N` that stands before the first token of a kind.
fn child_before<N: AstNode>(of: &impl AstNode, kind: SyntaxKind) -> Option<N> {
    let before = of.syntax().children_with_tokens().take_while(|element| element.kind() != kind);
    before.filter_map(NodeOrToken::into_node).find_map(|node| N::cast(node, of.file()))
}

/// The first child of type `N` that stands after the first token whose kind is accepted.
fn child_after<N: AstNode>(of: &impl AstNode, accept: impl Fn(SyntaxKind) -> bool) -> Option<N> {
    let after = of
        .syntax()
        .children_with_tokens()
        .skip_while(|element| element.as_token().is_none_or(|token| !accept(token.kind())));
    after.filter_map(NodeOrToken::into_node).find_map(|node| N::cast(node, of.file()))
}

/// Declares node types: `Type = KIND;`.
macro_rules! nodes {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            syntax: $crate::kind::SyntaxNode,
            file: span::FileId,
        }

        impl $crate::ast::AstNode for $name {
            fn cast(syntax: $crate::kind::SyntaxNode, file: span::FileId) -> Option<$name> {
                (syntax.kind() == $crate::kind::SyntaxKind::$kind).then(|| $name { syntax, file })
            }

            fn syntax(&self) -> &$crate::kind::SyntaxNode {
                &self.syntax
            }

            fn file(&self) -> span::FileId {
                self.file
            }
        }
    )+};
}

/// Declares a choice of node types.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident($node:ident),)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[doc = $variant_doc])+ $variant($node),)+
        }

        impl $crate::ast::AstNode for $name {
            fn cast(syntax: $crate::kind::SyntaxNode, file: span::FileId) -> Option<$name> {
                $(if let Some(node) = $node::cast(syntax.clone(), file) {
                    return Some($name::$variant(node));
                })+
                None
            }

            fn syntax(&self) -> &$crate::kind::SyntaxNode {
                match self {
                    $($name::$variant(node) => node.syntax(),)+
                }
            }

            fn file(&self) -> span::FileId {
                match self {
                    $($name::$variant(node) => node.file(),)+
                }
            }
        }

        $(impl From<$node> for $name {
            fn from(node: $node) -> $name {
                $name::$variant(node)
            }
        })+
    };
}

use {choice, nodes};
