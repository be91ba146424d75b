//! Names: single ones, dotted paths, kinds of resources.

use rowan::NodeOrToken;
use span::Span;

use super::node::Token;
use super::{AstNode, find_token, nodes};
use crate::kind::SyntaxKind;

/// One name, in lower case: of a field, a parameter, an alias, a part of a path.
#[derive(Clone, Debug)]
pub struct Name(Token);

impl Name {
    /// The name as it is written.
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.0.span()
    }
}

/// Whether a token may serve as a name: an identifier, or one of the two words that are reserved elsewhere only.
pub(crate) fn is_name(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::IDENT | SyntaxKind::MAP_KW | SyntaxKind::COLLECT_KW)
}

/// The first name directly below a node.
pub(super) fn name(of: &impl AstNode) -> Option<Name> {
    find_token(of, is_name).map(Name)
}

/// The first plain identifier directly below a node: `map` and `collect` do not count, since they are keywords there.
pub(super) fn identifier(of: &impl AstNode) -> Option<Name> {
    find_token(of, |kind| kind == SyntaxKind::IDENT).map(Name)
}

/// All names directly below a node.
fn names<P: AstNode>(of: &P) -> impl Iterator<Item = Name> + use<P> {
    of.node().clone().into_parts(is_name).filter_map(NodeOrToken::into_token).map(Name)
}

nodes! {
    /// A dotted path of names, without the dollar sign: `fmt.printf`.
    Path = PATH;
    /// The kind of a resource: `http:server`, in edges `Http:Server`.
    KindName = KIND_NAME;
    /// A variable where it is defined: `$x` in a bind, a loop or a parameter.
    Binder = BINDER;
}

impl Path {
    /// The path without spaces: `fmt.printf`.
    pub fn text(&self) -> String {
        self.segments().map(|name| name.text().to_owned()).collect::<Vec<_>>().join(".")
    }

    /// The names between the dots.
    pub fn segments(&self) -> impl Iterator<Item = Name> + use<> {
        names(self)
    }
}

impl KindName {
    /// The kind in lower case: `http:server`, also where it is written `Http:Server`.
    pub fn text(&self) -> String {
        self.segments().join(":")
    }

    /// The parts between the colons, in lower case.
    pub fn segments(&self) -> Vec<String> {
        let tokens = self.0.parts(|kind| is_name(kind) || kind == SyntaxKind::CAP_IDENT);
        tokens.filter_map(NodeOrToken::into_token).map(|token| token.text().to_ascii_lowercase()).collect()
    }
}

impl Binder {
    /// The name without the dollar sign. The span of the binder includes the dollar sign.
    pub fn name(&self) -> Option<Name> {
        name(self)
    }
}
