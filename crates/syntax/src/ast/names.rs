//! Names: single ones, dotted paths, kinds of resources.

use rowan::NodeOrToken;
use span::{FileId, Span};

use super::{AstNode, find_token, nodes, span_of};
use crate::kind::{SyntaxKind, SyntaxToken};

/// One name, in lower case: of a field, a parameter, an alias, a part of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    token: SyntaxToken,
    file: FileId,
}

impl Name {
    fn new(token: SyntaxToken, file: FileId) -> Name {
        Name { token, file }
    }

    /// The name as it is written.
    pub fn text(&self) -> &str {
        self.token.text()
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        span_of(self.file, self.token.text_range())
    }
}

/// Whether a token may serve as a name: an identifier, or one of the two words that are reserved elsewhere only.
pub(crate) fn is_name(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::IDENT | SyntaxKind::MAP_KW | SyntaxKind::COLLECT_KW)
}

/// The first name directly below a node.
pub(super) fn name(of: &impl AstNode) -> Option<Name> {
    find_token(of, is_name).map(|token| Name::new(token, of.file()))
}

/// The first plain identifier directly below a node: `map` and `collect` do not count, since they are keywords there.
pub(super) fn identifier(of: &impl AstNode) -> Option<Name> {
    find_token(of, |kind| kind == SyntaxKind::IDENT).map(|token| Name::new(token, of.file()))
}

/// All names directly below a node.
fn names<P: AstNode>(of: &P) -> impl Iterator<Item = Name> + use<P> {
    let file = of.file();
    let tokens = of.syntax().children_with_tokens().filter_map(NodeOrToken::into_token);
    tokens.filter(|token| is_name(token.kind())).map(move |token| Name::new(token, file))
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
        let tokens = self.syntax.children_with_tokens().filter_map(NodeOrToken::into_token);
        tokens
            .filter(|token| is_name(token.kind()) || token.kind() == SyntaxKind::CAP_IDENT)
            .map(|token| token.text().to_ascii_lowercase())
            .collect()
    }
}

impl Binder {
    /// The name without the dollar sign. The span of the binder includes the dollar sign.
    pub fn name(&self) -> Option<Name> {
        name(self)
    }
}
