//! Searching in strings that need not be UTF-8.

use memchr::memmem;

/// Where a part stands for the first time. An empty one stands at the beginning.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memmem::find(text, part)
}

/// Where a part stands, without overlaps. An empty one stands before the first character and behind each.
pub(crate) fn places<'a>(text: &'a [u8], part: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let behind = characters(text).scan(0, |at, (_, bytes)| {
        *at += bytes.len();
        Some(*at)
    });
    let between = part.is_empty().then(|| std::iter::once(0).chain(behind));
    let found = (!part.is_empty()).then(|| memmem::find_iter(text, part));
    between.into_iter().flatten().chain(found.into_iter().flatten())
}

/// The pieces between the occurrences of a separator, which is not empty.
pub(crate) fn split<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    for at in memmem::find_iter(text, separator) {
        pieces.push(&text[start..at]);
        start = at + separator.len();
    }
    pieces.push(&text[start..]);
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
