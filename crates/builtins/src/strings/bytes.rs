//! Searching in strings that need not be UTF-8.

/// Where a part stands for the first time. An empty one stands at the beginning.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some((&first, rest)) = part.split_first() else { return Some(0) };
    let last = text.len().checked_sub(part.len())?;
    (0..=last).find(|&at| text[at] == first && &text[at + 1..at + part.len()] == rest)
}

/// The pieces between the occurrences of a separator, which is not empty.
pub(crate) fn split<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = find(rest, separator).filter(|_| !separator.is_empty()) {
        pieces.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    pieces.push(rest);
    pieces
}

/// The characters, each with its bytes. A byte that is not part of one counts as one of its own.
pub(crate) fn characters(text: &[u8]) -> impl Iterator<Item = (Option<char>, &[u8])> {
    text.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid();
        let characters = valid.char_indices().map(|(at, it)| (Some(it), &valid.as_bytes()[at..at + it.len_utf8()]));
        characters.chain(chunk.invalid().chunks(1).map(|byte| (None, byte)))
    })
}
