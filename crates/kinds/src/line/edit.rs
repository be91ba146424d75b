//! Lines of a text, put in or taken out.

use regex::bytes::Regex;

/// What is wanted of a text.
#[derive(Debug)]
pub(super) struct Edit {
    /// Whether the lines are to be there.
    pub(super) is_wanted: bool,
    /// The lines.
    pub(super) content: Vec<u8>,
    /// The line whose place they take.
    pub(super) matching: Option<Regex>,
    /// The line after which they are put.
    pub(super) after: Option<Regex>,
    /// The line before which they are put.
    pub(super) before: Option<Regex>,
}

impl Edit {
    /// The text as it is wanted. A text that is right comes back as it is, to the last byte.
    ///
    /// Where all lines of a text end as on Windows, new ones do too, and the returns are no part of the lines.
    pub(super) fn apply(&self, text: &[u8]) -> Vec<u8> {
        if !has_returns(text) {
            return self.apply_to(text, &self.content);
        }
        let plain = without_returns(text);
        let edited = self.apply_to(&plain, &without_returns(&self.content));
        if edited == plain { text.to_vec() } else { with_returns(&edited) }
    }

    fn apply_to(&self, text: &[u8], content: &[u8]) -> Vec<u8> {
        let (old, block) = (lines(text), lines(content));
        let new = if self.is_wanted { self.put(&old, &block) } else { self.take(&old, &block) };
        if new == old { text.to_vec() } else { join(&new, &old, text.ends_with(b"\n")) }
    }

    fn put<'a>(&self, lines: &[&'a [u8]], block: &[&'a [u8]]) -> Vec<&'a [u8]> {
        let mut edited = lines.to_vec();
        if block.is_empty() || lines.windows(block.len()).any(|window| window == block) {
            return edited;
        }
        let last =
            |pattern: &Option<Regex>| pattern.as_ref().and_then(|it| lines.iter().rposition(|line| it.is_match(line)));
        let place = match last(&self.matching) {
            Some(at) => at..at + 1,
            None => {
                let after = last(&self.after).map(|at| at + 1);
                let before = self.before.as_ref().and_then(|it| lines.iter().position(|line| it.is_match(line)));
                let at = after.or(before).unwrap_or(lines.len());
                at..at
            }
        };
        edited.splice(place, block.iter().copied());
        edited
    }

    fn take<'a>(&self, lines: &[&'a [u8]], block: &[&'a [u8]]) -> Vec<&'a [u8]> {
        let mut kept = Vec::new();
        let mut rest = lines;
        while let Some((line, others)) = rest.split_first() {
            if !block.is_empty() && rest.starts_with(block) {
                rest = &rest[block.len()..];
                continue;
            }
            if !self.matching.as_ref().is_some_and(|it| it.is_match(line)) {
                kept.push(*line);
            }
            rest = others;
        }
        kept
    }
}

/// Whether every newline of a text comes after a carriage return.
fn has_returns(text: &[u8]) -> bool {
    let newlines = text.iter().filter(|byte| **byte == b'\n').count();
    newlines > 0 && text.windows(2).filter(|pair| pair == b"\r\n").count() == newlines
}

fn without_returns(text: &[u8]) -> Vec<u8> {
    let is_return = |at: &usize| text[*at] == b'\r' && text.get(at + 1) == Some(&b'\n');
    (0..text.len()).filter(|at| !is_return(at)).map(|at| text[at]).collect()
}

fn with_returns(text: &[u8]) -> Vec<u8> {
    text.iter()
        .flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { std::slice::from_ref(byte) })
        .copied()
        .collect()
}

/// The lines of a text. An empty text has none; one that is a newline has one that is empty.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    if text.is_empty() {
        return Vec::new();
    }
    text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n').collect()
}

/// Puts lines together. Each ends in a newline, but for a last one that had none before.
fn join(new: &[&[u8]], old: &[&[u8]], had_newline: bool) -> Vec<u8> {
    let is_same_line = |a: &[u8], b: &[u8]| std::ptr::eq(a, b);
    let is_last = new.last().zip(old.last()).is_some_and(|(new, old)| is_same_line(new, old));
    let mut text = new.join(&b'\n');
    if !new.is_empty() && (had_newline || !is_last) {
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(is_wanted: bool, content: &str, [matching, after, before]: [&str; 3], text: &str) -> String {
        let pattern = |text: &str| (!text.is_empty()).then(|| Regex::new(text).expect("the test's pattern is fine"));
        let edit = Edit {
            is_wanted,
            content: content.into(),
            matching: pattern(matching),
            after: pattern(after),
            before: pattern(before),
        };
        let edited = edit.apply(text.as_bytes());
        assert_eq!(edit.apply(&edited), edited, "a second edit changes nothing");
        String::from_utf8(edited).expect("texts of tests are UTF-8")
    }

    const ANYWHERE: [&str; 3] = ["", "", ""];

    #[test]
    fn missing_lines_are_put_at_the_end_on_a_line_of_their_own() {
        assert_eq!(edit(true, "c", ANYWHERE, "a\nb\n"), "a\nb\nc\n");
        assert_eq!(edit(true, "c", ANYWHERE, "a\nb"), "a\nb\nc\n");
        assert_eq!(edit(true, "c\nd\n", ANYWHERE, ""), "c\nd\n");
    }

    #[test]
    fn lines_count_only_as_a_block_and_whole() {
        assert_eq!(edit(true, "a\nb", ANYWHERE, "x\na\nb"), "x\na\nb");
        assert_eq!(edit(true, "a\nb", ANYWHERE, "b\na\n"), "b\na\na\nb\n");
        assert_eq!(edit(true, "a", ANYWHERE, "ab\n"), "ab\na\n");
    }

    #[test]
    fn the_last_line_that_matches_gives_its_place() {
        assert_eq!(edit(true, "key=2", ["^key=", "", ""], "key=0\nkey=1\nz\n"), "key=0\nkey=2\nz\n");
        assert_eq!(edit(true, "key=2", ["^key=", "", ""], "key=2\nkey=1\n"), "key=2\nkey=1\n");
        assert_eq!(edit(true, "key=2", ["^key=", "", ""], "z"), "z\nkey=2\n");
    }

    #[test]
    fn new_lines_have_their_place_and_others_keep_theirs() {
        assert_eq!(edit(true, "n", ["", "^a", ""], "a1\na2\nb"), "a1\na2\nn\nb");
        assert_eq!(edit(true, "n", ["", "", "^b"], "a\nb1\nb2\n"), "a\nn\nb1\nb2\n");
        assert_eq!(edit(true, "n", ["", "", "^x"], "a\n"), "a\nn\n");
        assert_eq!(edit(true, "a", ["", "", "^z"], "z\na\n"), "z\na\n");
    }

    #[test]
    fn every_block_is_taken_out_and_the_rest_keeps_its_newlines() {
        assert_eq!(edit(false, "a\nb", ANYWHERE, "a\nb\nc\na\nb\n"), "c\n");
        assert_eq!(edit(false, "b", ANYWHERE, "a\nb"), "a\n");
        assert_eq!(edit(false, "a", ANYWHERE, "a\nb"), "b");
        assert_eq!(edit(false, "a", ANYWHERE, "a"), "");
        assert_eq!(edit(false, "", ["^#", "", ""], "#x\na\n#y\n"), "a\n");
    }

    #[test]
    fn lines_that_end_as_on_windows_go_on_to() {
        assert_eq!(edit(true, "b", ANYWHERE, "a\r\nb\r\n"), "a\r\nb\r\n");
        assert_eq!(edit(true, "b=2", ["^b=1$", "", ""], "a\r\nb=1\r\n"), "a\r\nb=2\r\n");
        assert_eq!(edit(true, "c\r\nd", ANYWHERE, "a\r\nb"), "a\r\nb\r\nc\r\nd\r\n");
        assert_eq!(edit(false, "a", ANYWHERE, "a\r\nb"), "b");
        assert_eq!(edit(true, "c", ANYWHERE, "a\r\nb\n"), "a\r\nb\nc\n", "mixed ends are left to whoever mixed them");
    }

    #[test]
    fn empty_content_is_no_line_and_a_newline_is_an_empty_one() {
        assert_eq!(edit(true, "", ANYWHERE, "a"), "a");
        assert_eq!(edit(true, "\n", ANYWHERE, "a\n"), "a\n\n");
    }
}
