//! The lines of a resource.

use span::Span;

use super::names::identifier;
use super::{AstNode, EdgeHalf, Expr, Name, child, children, choice, find_token, nodes};
use crate::kind::SyntaxKind;

nodes! {
    /// The lines between the braces of a resource.
    ResBody = RES_BODY;
    /// A field: `content => "x",`, or with a condition `content => $wanted ?: "x",`.
    Field = FIELD;
    /// An edge from within a resource: `Before => File["/x"],`.
    EdgeLine = EDGE_LINE;
    /// A meta parameter: `Meta:noop => true,`.
    MetaLine = META_LINE;
    /// Several meta parameters at once: `Meta => struct{noop => true},`.
    MetaStruct = META_STRUCT;
    /// The condition of a line: `$wanted ?:`. The line counts only where it is true.
    Condition = CONDITION;
}

choice! {
    /// A line of a resource. Its span includes the comma.
    ResLine {
        /// `content => "x",`
        Field(Field),
        /// `Before => File["/x"],`
        Edge(EdgeLine),
        /// `Meta:noop => true,`
        Meta(MetaLine),
        /// `Meta => struct{noop => true},`
        MetaStruct(MetaStruct),
    }
}

impl ResBody {
    /// The lines in the order of the text.
    pub fn lines(&self) -> impl Iterator<Item = ResLine> + use<> {
        children(self)
    }
}

impl Condition {
    /// The expression before `?:`.
    pub fn expr(&self) -> Option<Expr> {
        child(self)
    }
}

/// The condition of a line.
fn condition(of: &impl AstNode) -> Option<Expr> {
    child::<Condition>(of)?.expr()
}

impl ResLine {
    /// The condition of the line.
    pub fn condition(&self) -> Option<Expr> {
        condition(self)
    }
}

impl Field {
    /// The name of the field.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        condition(self)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(self)
    }
}

impl EdgeLine {
    /// The property in lower case: `before`, `notify`, `depend`, `listen`, or whatever else stands there.
    pub fn property(&self) -> Option<String> {
        find_token(self, |kind| kind == SyntaxKind::CAP_IDENT).map(|token| token.text().to_ascii_lowercase())
    }

    /// Where the property stands.
    pub fn property_span(&self) -> Option<Span> {
        let token = find_token(self, |kind| kind == SyntaxKind::CAP_IDENT)?;
        Some(token.span())
    }

    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        condition(self)
    }

    /// The other resource.
    pub fn target(&self) -> Option<EdgeHalf> {
        child(self)
    }
}

impl MetaLine {
    /// The word before the colon in lower case: `meta` in a correct program.
    pub fn property(&self) -> Option<String> {
        find_token(self, |kind| kind == SyntaxKind::CAP_IDENT).map(|token| token.text().to_ascii_lowercase())
    }

    /// The name of the meta parameter: `noop` in `Meta:noop`.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        condition(self)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(self)
    }
}

impl MetaStruct {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        condition(self)
    }

    /// The value, whose type is a struct.
    pub fn value(&self) -> Option<Expr> {
        child(self)
    }
}
