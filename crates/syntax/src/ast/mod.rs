//! The typed view of the tree: one type per construct, each a thin wrapper of a tree node.
//!
//! The tree exists for broken text too, so every accessor of a part answers with an `Option`. Where a part is
//! `None`, the parser has reported it: whoever reads the view need not.

mod expressions;
mod names;
mod node;
mod resources;
mod statements;
mod strings;
mod types;

pub use expressions::*;
pub use names::*;
pub use node::Node;
pub use resources::*;
pub use statements::*;
pub use strings::*;
pub use types::*;

use rowan::NodeOrToken;
use span::{FileId, Span};

use crate::kind::SyntaxKind;
use node::Token;

/// A typed node.
pub trait AstNode: Sized {
    /// Whether nodes of a kind are nodes of this type.
    fn can_cast(kind: SyntaxKind) -> bool;

    /// The typed view of a node, if it is one of this type.
    fn cast(node: Node) -> Option<Self>;

    /// The node of the tree.
    fn node(&self) -> &Node;

    /// The file in which it stands.
    fn file(&self) -> FileId {
        self.node().file()
    }

    /// Where it stands, from its first to its last token; spaces and comments around it do not count.
    fn span(&self) -> Span {
        self.node().span()
    }
}

/// The first child of type `N`.
fn child<N: AstNode>(of: &impl AstNode) -> Option<N> {
    of.node().parts(N::can_cast).find_map(typed)
}

/// All children of type `N`, in order.
fn children<N: AstNode, P: AstNode>(of: &P) -> impl Iterator<Item = N> + use<N, P> {
    of.node().clone().into_parts(N::can_cast).filter_map(typed)
}

fn typed<N: AstNode>(part: NodeOrToken<Node, Token>) -> Option<N> {
    part.into_node().and_then(N::cast)
}

/// The first token of a kind, directly below.
fn token(of: &impl AstNode, kind: SyntaxKind) -> Option<Token> {
    find_token(of, |found| found == kind)
}

/// The first token whose kind is accepted, directly below.
fn find_token(of: &impl AstNode, accept: impl Fn(SyntaxKind) -> bool) -> Option<Token> {
    of.node().parts(accept).find_map(NodeOrToken::into_token)
}

/// The first child of type `N` that stands before the first token of a kind.
fn child_before<N: AstNode>(of: &impl AstNode, kind: SyntaxKind) -> Option<N> {
    let mut parts = of.node().parts(|found| found == kind || N::can_cast(found));
    parts.next().and_then(typed)
}

/// The first child of type `N` that stands after the first token whose kind is accepted.
fn child_after<N: AstNode>(of: &impl AstNode, accept: impl Fn(SyntaxKind) -> bool) -> Option<N> {
    let parts = of.node().parts(|found| accept(found) || N::can_cast(found));
    parts.skip_while(|part| part.as_node().is_some()).find_map(typed)
}

/// Declares node types: `Type = KIND;`.
macro_rules! nodes {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub struct $name($crate::ast::Node);

        impl $crate::ast::AstNode for $name {
            fn can_cast(kind: $crate::kind::SyntaxKind) -> bool {
                kind == $crate::kind::SyntaxKind::$kind
            }

            fn cast(node: $crate::ast::Node) -> Option<$name> {
                Self::can_cast(node.kind()).then_some($name(node))
            }

            fn node(&self) -> &$crate::ast::Node {
                &self.0
            }
        }
    )+};
}

/// Declares a choice of node types.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident($node:ident),)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub enum $name {
            $($(#[doc = $variant_doc])+ $variant($node),)+
        }

        impl $crate::ast::AstNode for $name {
            fn can_cast(kind: $crate::kind::SyntaxKind) -> bool {
                $($node::can_cast(kind))||+
            }

            fn cast(node: $crate::ast::Node) -> Option<$name> {
                let kind = node.kind();
                $(if $node::can_cast(kind) {
                    return $node::cast(node).map($name::$variant);
                })+
                None
            }

            fn node(&self) -> &$crate::ast::Node {
                match self {
                    $($name::$variant(node) => node.node(),)+
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
