//! Whether two texts are the same program.

use rowan::NodeOrToken;
use rowan::WalkEvent;
use syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use crate::printer::canonical;

/// Whether two trees hold the same comments in the same order.
pub(crate) fn same_comments(a: &SyntaxNode, b: &SyntaxNode) -> bool {
    comments(a).map(|token| token.text().to_owned()).eq(comments(b).map(|token| token.text().to_owned()))
}

fn comments(root: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    let tokens = root.descendants_with_tokens().filter_map(NodeOrToken::into_token);
    tokens.filter(|token| token.kind() == SyntaxKind::COMMENT)
}

/// Whether two trees are equal but for white space, line ends, comments and the spelling of numbers.
pub(crate) fn same_program(a: &SyntaxNode, b: &SyntaxNode) -> bool {
    program(a).eq(program(b))
}

/// What a tree says, flat: where each node begins and ends, and the tokens that mean something.
fn program(root: &SyntaxNode) -> impl Iterator<Item = (bool, SyntaxKind, String)> {
    root.preorder_with_tokens().filter_map(|event| match event {
        WalkEvent::Enter(SyntaxElement::Node(node)) => Some((true, node.kind(), String::new())),
        WalkEvent::Leave(SyntaxElement::Node(node)) => Some((false, node.kind(), String::new())),
        WalkEvent::Enter(SyntaxElement::Token(token)) => {
            let silent = token.kind().is_trivia() || token.kind() == SyntaxKind::NEWLINE;
            (!silent).then(|| (true, token.kind(), canonical(&token).into_owned()))
        }
        WalkEvent::Leave(SyntaxElement::Token(_)) => None,
    })
}
