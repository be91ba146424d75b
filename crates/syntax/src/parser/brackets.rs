//! Which bracket belongs to which.

use crate::kind::SyntaxKind;

/// The bracket that closes what `open` opens.
pub(super) fn closing(open: SyntaxKind) -> SyntaxKind {
    match open {
        SyntaxKind::L_CURLY => SyntaxKind::R_CURLY,
        SyntaxKind::L_PAREN => SyntaxKind::R_PAREN,
        _ => SyntaxKind::R_BRACK,
    }
}

/// Pairs the brackets of a text, given the kinds of its tokens: for each bracket, the token that it belongs to.
///
/// Braces are stronger than other brackets, for they hold whole statements: a `}` closes the last open `{` and leaves
/// what was opened since without a partner, while a `)` or `]` never reaches beyond an open `{`. Where a `)` closes
/// nothing but a `[` is open, or the other way round, the two are taken for a pair: one is mistyped.
pub(super) fn pair(kinds: &[SyntaxKind]) -> Vec<Option<u32>> {
    let mut partners = vec![None; kinds.len()];
    let mut pairs = Pairs { open: Vec::new(), partners: &mut partners };
    let mut braces = 0usize;
    // How many parentheses and square brackets are open, for each open brace.
    let mut inner: Vec<[usize; 2]> = vec![[0, 0]];
    for (at, kind) in kinds.iter().enumerate() {
        let slot = usize::from(matches!(kind, SyntaxKind::L_BRACK | SyntaxKind::R_BRACK));
        match kind {
            SyntaxKind::L_CURLY => {
                pairs.open.push((*kind, at));
                inner.push([0, 0]);
                braces += 1;
            }
            SyntaxKind::R_CURLY if braces > 0 => {
                pairs.close(SyntaxKind::L_CURLY, at, |_| {});
                inner.pop();
                braces -= 1;
            }
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACK => {
                pairs.open.push((*kind, at));
                if let Some(counts) = inner.last_mut() {
                    counts[slot] += 1;
                }
            }
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACK => {
                let Some(counts) = inner.last_mut().filter(|counts| **counts != [0, 0]) else { continue };
                let parenthesis = if counts[slot] > 0 { slot == 0 } else { slot == 1 };
                let wanted = if parenthesis { SyntaxKind::L_PAREN } else { SyntaxKind::L_BRACK };
                pairs.close(wanted, at, |removed| counts[usize::from(removed == SyntaxKind::L_BRACK)] -= 1);
            }
            _ => {}
        }
    }
    partners
}

struct Pairs<'a> {
    open: Vec<(SyntaxKind, usize)>,
    partners: &'a mut [Option<u32>],
}

impl Pairs<'_> {
    /// Closes the last open bracket of a kind, and drops those that were opened since.
    fn close(&mut self, wanted: SyntaxKind, at: usize, mut removed: impl FnMut(SyntaxKind)) {
        while let Some((kind, opened)) = self.open.pop() {
            removed(kind);
            if kind == wanted {
                self.partners[opened] = u32::try_from(at).ok();
                self.partners[at] = u32::try_from(opened).ok();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(u32, u32)> {
        let kinds: Vec<SyntaxKind> = crate::lexer::lex(text).tokens.iter().map(|token| token.kind).collect();
        let partners = pair(&kinds);
        (0u32..).zip(partners).filter_map(|(at, partner)| Some((at, partner?))).filter(|(a, b)| a < b).collect()
    }

    #[test]
    fn brackets_nest() {
        assert_eq!(pairs("{([])}"), [(0, 5), (1, 4), (2, 3)]);
    }

    #[test]
    fn a_bracket_closes_over_what_is_open() {
        assert_eq!(pairs("{([}"), [(0, 3)]);
        assert_eq!(pairs("(()[)"), [(0, 4), (1, 2)]);
    }

    #[test]
    fn a_mistyped_bracket_has_a_partner() {
        assert_eq!(pairs("([)"), [(0, 2)]);
        assert_eq!(pairs("[)"), [(0, 1)]);
        assert_eq!(pairs("[)]"), [(0, 1)]);
    }

    #[test]
    fn parentheses_stay_within_their_braces() {
        assert_eq!(pairs("({)}"), [(1, 3)]);
        assert_eq!(pairs("({})"), [(0, 3), (1, 2)]);
    }
}
