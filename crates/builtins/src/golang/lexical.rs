//! Paths as texts, as Go's packages `path` and `path/filepath` handle them on Unix.
//!
//! Nothing looks at the machine. Paths are bytes, as they are to the kernel.

/// The shortest path that means the same, without looking.
pub(super) fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.first() == Some(&b'/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|it| *it == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(&last) if last != b".." => _ = parts.pop(),
                _ if rooted => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// The last element of a path.
pub(super) fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|it| *it != b'/').map_or(0, |at| at + 1);
    let path = &path[..end];
    if path.is_empty() { b"/" } else { &path[path.iter().rposition(|it| *it == b'/').map_or(0, |at| at + 1)..] }
}

/// All but the last element, cleaned.
pub(super) fn dir(path: &[u8]) -> Vec<u8> {
    clean(&path[..path.iter().rposition(|it| *it == b'/').map_or(0, |at| at + 1)])
}

/// What follows the last dot in the last element, with the dot.
pub(super) fn ext(path: &[u8]) -> &[u8] {
    let found = path.iter().rposition(|it| matches!(it, b'.' | b'/'));
    found.filter(|at| path[*at] == b'.').map_or(b"", |at| &path[at..])
}

/// Joins the elements that are not empty, cleaned.
pub(super) fn join(elements: &[&[u8]]) -> Vec<u8> {
    let present: Vec<&[u8]> = elements.iter().copied().filter(|it| !it.is_empty()).collect();
    if present.is_empty() { Vec::new() } else { clean(&present.join(&b'/')) }
}

/// Whether a path cannot lead out of where it begins, as far as its text says.
pub(super) fn is_local(path: &[u8]) -> bool {
    let cleaned = clean(path);
    !path.is_empty() && path[0] != b'/' && cleaned != b".." && !cleaned.starts_with(b"../")
}

/// Whether a path is one of Go's `io/fs`: relative, UTF-8, without empty elements, `.` or `..`.
pub(super) fn is_plain(path: &[u8]) -> bool {
    std::str::from_utf8(path).is_ok_and(|text| {
        text == "." || text.split('/').all(|part| !matches!(part, "" | "." | "..")) && !text.contains('\0')
    })
}

/// The path that leads from one to another; none where that takes knowledge of the machine.
pub(super) fn relative(from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let (from, to) = (clean(from), clean(to));
    if from == to {
        return Some(b".".to_vec());
    }
    if from.first() == Some(&b'/') && to.first() != Some(&b'/')
        || from.first() != Some(&b'/') && to.first() == Some(&b'/')
    {
        return None;
    }
    let parts = |path: &[u8]| -> Vec<Vec<u8>> {
        let kept = path.split(|it| *it == b'/').filter(|it| !it.is_empty() && *it != b".");
        kept.map(<[u8]>::to_vec).collect()
    };
    let (from, to) = (parts(&from), parts(&to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if from[common..].iter().any(|it| it == b"..") {
        return None;
    }
    let up = std::iter::repeat_n(b"..".to_vec(), from.len() - common);
    Some(up.chain(to[common..].iter().cloned()).collect::<Vec<_>>().join(&b'/'))
}

/// A pattern that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadPattern;

/// Whether a shell pattern covers a whole name. `*` and `?` stop at a slash.
pub(super) fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        if let Some(after) = match_chunk(chunk, name)?
            && (after.is_empty() || !pattern.is_empty())
        {
            name = after;
            continue;
        }
        let mut found = None;
        if star {
            let mut at = 0;
            while at < name.len() && name[at] != b'/' {
                if let Some(after) = match_chunk(chunk, &name[at + 1..])?
                    && (after.is_empty() || !pattern.is_empty())
                {
                    found = Some(after);
                    break;
                }
                at += 1;
            }
        }
        match found {
            Some(after) => name = after,
            None => {
                // What is left must still be a pattern.
                while !pattern.is_empty() {
                    let (_, chunk, rest) = scan_chunk(pattern);
                    match_chunk(chunk, b"")?;
                    pattern = rest;
                }
                return Ok(false);
            }
        }
    }
    Ok(name.is_empty())
}

/// Stars at the beginning, what follows up to the next star, and the rest.
fn scan_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|it| **it == b'*').count();
    let pattern = &pattern[stars..];
    let (mut at, mut in_class) = (0, false);
    while at < pattern.len() {
        match pattern[at] {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    (stars > 0, &pattern[..at], &pattern[at..])
}

/// Matches a pattern without stars at the beginning of a text; gives what follows. The pattern is checked to its end also
/// where the text does not match.
fn match_chunk<'a>(chunk: &[u8], text: &'a [u8]) -> Result<Option<&'a [u8]>, BadPattern> {
    let (mut chunk, mut text, mut failed) = (chunk, text, false);
    while let Some(&first) = chunk.first() {
        failed |= text.is_empty();
        match first {
            b'[' => {
                let mut c = None;
                if !failed {
                    let after;
                    (c, after) = first_character(text);
                    text = after;
                }
                chunk = &chunk[1..];
                let negated = chunk.first() == Some(&b'^');
                if negated {
                    chunk = &chunk[1..];
                }
                let (mut found, mut ranges) = (false, 0);
                loop {
                    if chunk.first() == Some(&b']') && ranges > 0 {
                        chunk = &chunk[1..];
                        break;
                    }
                    let low;
                    (low, chunk) = class_character(chunk)?;
                    let mut high = low;
                    if chunk[0] == b'-' {
                        (high, chunk) = class_character(&chunk[1..])?;
                    }
                    found |= c.is_some_and(|c| (low..=high).contains(&c));
                    ranges += 1;
                }
                failed |= found == negated;
            }
            b'?' => {
                if !failed {
                    failed = text[0] == b'/';
                    text = first_character(text).1;
                }
                chunk = &chunk[1..];
            }
            _ => {
                if first == b'\\' {
                    chunk = &chunk[1..];
                }
                let literal = *chunk.first().ok_or(BadPattern)?;
                if !failed {
                    failed = literal != text[0];
                    text = &text[1..];
                }
                chunk = &chunk[1..];
            }
        }
    }
    Ok((!failed).then_some(text))
}

/// The first character of a text that is not empty; U+FFFD for a byte that is none.
fn first_character(text: &[u8]) -> (Option<char>, &[u8]) {
    match crate::strings::bytes::characters(text).next() {
        Some((character, bytes)) => (Some(character.unwrap_or(char::REPLACEMENT_CHARACTER)), &text[bytes.len()..]),
        None => (None, text),
    }
}

/// A character of a class, perhaps escaped; something must follow it.
fn class_character(chunk: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let chunk = match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => &chunk[1..],
        Some(_) => chunk,
    };
    let (character, bytes) = crate::strings::bytes::characters(chunk).next().ok_or(BadPattern)?;
    let after = &chunk[bytes.len()..];
    match character {
        Some(character) if !after.is_empty() => Ok((character, after)),
        _ => Err(BadPattern),
    }
}
