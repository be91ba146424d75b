//! Lists of pairs that stand for small maps.

/// Sorts pairs by key. Of those with one key, the last one stays.
pub fn sort_keeping_last<K: Ord, V>(pairs: &mut Vec<(K, V)>) {
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_pairs_with_one_key_the_last_one_stays() {
        let mut pairs = vec![("b", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 5), ("c", 6)];
        sort_keeping_last(&mut pairs);
        assert_eq!(pairs, [("a", 4), ("b", 5), ("c", 6)]);
    }
}
