//! Texts within the lines of a dry run.

/// The longest text that is shown whole, in characters.
const LONGEST: usize = 72;

/// A text between backticks on one line: control characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", value::one_line(text))
}

/// A free text between backticks on one line, cut where it is long.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => quoted(text),
        Some((end, _)) => quoted(&format!("{}…", &text[..end])),
    }
}

/// Names between backticks: `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A size: `1 byte`, `12 bytes`.
pub(crate) fn bytes(count: u64) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// Permission bits as one writes them: `0644`.
pub(crate) fn mode(bits: u32) -> String {
    format!("{bits:04o}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_on_one_line_and_is_cut() {
        assert_eq!(quoted("a\nb\u{7}"), "`a\\nb\\u{7}`");
        assert_eq!(excerpt(&"ä".repeat(100)).chars().count(), LONGEST + 3);
    }

    #[test]
    fn names_are_listed_as_one_says_them() {
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(&["a"]), "`a`");
    }
}
