//! What stands between two tokens of one row.

use syntax::{SyntaxKind, SyntaxToken};

/// Whether a space stands between two tokens of one row.
pub(crate) fn space_between(before: &SyntaxToken, after: &SyntaxToken) -> bool {
    space_before(after) && space_after(before)
}

fn parent(token: &SyntaxToken) -> SyntaxKind {
    token.parent().map_or(SyntaxKind::ERROR, |node| node.kind())
}

/// Whether a token takes a space before it.
fn space_before(token: &SyntaxToken) -> bool {
    use SyntaxKind::*;
    match token.kind() {
        COMMA | SEMICOLON | COLON | DOT | R_PAREN | R_BRACK => false,
        L_PAREN => !matches!(parent(token), ARG_LIST | PARAM_LIST | FUNC_TYPE),
        L_BRACK => !matches!(parent(token), INDEX_EXPR | EDGE_HALF),
        L_CURLY => !matches!(parent(token), STRUCT_EXPR | STRUCT_TYPE | MAP_TYPE),
        R_CURLY => parent(token) == EXPR_BLOCK,
        ARROW => parent(token) == EDGE,
        _ => true,
    }
}

/// Whether a token takes a space after it.
fn space_after(token: &SyntaxToken) -> bool {
    use SyntaxKind::*;
    match token.kind() {
        DOLLAR | DOT | L_PAREN | L_BRACK => false,
        L_CURLY => parent(token) == EXPR_BLOCK,
        R_BRACK => parent(token) != LIST_TYPE,
        COLON => parent(token) == MAP_TYPE,
        ARROW => parent(token) == EDGE,
        _ => true,
    }
}
