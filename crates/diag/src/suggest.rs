//! "Did you mean": the closest of a set of names.

/// The candidate that is most like `name`, where one is like it enough to be meant.
///
/// Ties go to the first in the order of `candidates`, so the answer does not depend on chance.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(64).collect();
    let limit = match name.len() {
        0..=2 => 1,
        3..=5 => 2,
        _ => name.len() / 3,
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = distance(&name, candidate);
        if distance <= limit && distance < name.len() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The number of single-character edits (insert, remove, replace, swap of neighbours) between two names.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(closest("contnet", ["state", "content", "mode"]), Some("content"));
        assert_eq!(closest("prnit", ["print", "printf"]), Some("print"));
    }

    #[test]
    fn says_nothing_where_nothing_is_close() {
        assert_eq!(closest("zebra", ["state", "content"]), None);
        assert_eq!(closest("x", ["y"]), None);
        assert_eq!(closest("", ["y"]), None);
    }
}
