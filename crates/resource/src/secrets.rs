//! Texts that must not be shown, although a step or an error may tell of them.

use crate::Report;
use std::collections::BTreeSet;
use value::{Secret, Value};

/// What is shown instead of a secret.
const MASK: &str = "(secret)";

/// The sign that follows a text which was cut.
const CUT: char = '…';

/// The shortest line of a secret that is masked by itself: others would make every message unreadable and tell nothing.
const SHORTEST_LINE: usize = 4;

/// The texts of secrets that a resource has received: they are masked in all that is shown of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Longest first, so that a part of a secret never uncovers the rest.
    texts: Vec<Secret<String>>,
}

impl Secrets {
    /// The secrets in these values.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Secrets {
        let mut texts = BTreeSet::new();
        values.into_iter().for_each(|value| gather(value, &mut texts));
        let mut texts: Vec<_> = texts.into_iter().collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Secrets { texts: texts.into_iter().map(Secret::new).collect() }
    }

    /// A text without the secrets, whole or cut.
    pub fn mask(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match self.texts.iter().find_map(|secret| begins_with(rest, secret.reveal())) {
                Some(end) => {
                    shown.push_str(MASK);
                    rest = &rest[end..];
                }
                None => {
                    shown.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        shown
    }

    /// A step as it may be shown: what changes in a text is not, as the text may be the secret.
    pub fn mask_report(&self, report: Report) -> Report {
        if self.texts.is_empty() {
            return report;
        }
        Report { text: self.mask(&report.text), diff: None, ..report }
    }
}

/// Where a secret at the beginning of a text ends: the whole secret, or what was left when the text was cut.
fn begins_with(text: &str, secret: &str) -> Option<usize> {
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let common = text.chars().zip(secret.chars()).take_while(|(a, b)| a == b);
    let end = common.map(|(character, _)| character.len_utf8()).sum::<usize>();
    (end > 0 && text[end..].starts_with(CUT)).then_some(end)
}

/// The texts by which a value could be shown.
fn gather(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::Str(text) => {
            let text = String::from_utf8_lossy(text.as_bytes());
            let lines = text.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE);
            for form in lines.chain([&*text]).filter(|it| !it.is_empty()) {
                let quoted = value::quote(form.as_bytes());
                texts.insert(quoted[1..quoted.len() - 1].to_owned());
                texts.insert(value::one_line(form));
                texts.insert(form.to_owned());
            }
        }
        Value::List(values) => values.iter().for_each(|it| gather(it, texts)),
        Value::Map(entries) => entries.iter().for_each(|(key, it)| {
            gather(key, texts);
            gather(it, texts);
        }),
        Value::Struct(fields) => fields.iter().for_each(|(_, it)| gather(it, texts)),
        Value::Int(_) | Value::Float(_) => _ = texts.insert(value.to_string()),
        // What has two values cannot be hidden by its text.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(texts: &[&str]) -> Secrets {
        let values: Vec<Value> = texts.iter().map(|text| Value::str(*text)).collect();
        Secrets::of(&values)
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        let masked = secrets(&["hunter2"]).mask("run `login hunter2`: hunter2 is none");
        assert_eq!(masked, "run `login (secret)`: (secret) is none");
    }

    #[test]
    fn what_is_left_of_a_secret_that_was_cut_is_masked() {
        let secrets = secrets(&["hunter2"]);
        assert_eq!(secrets.mask("run `login hun…`"), "run `login (secret)…`");
        assert_eq!(secrets.mask("the hunt is on"), "the hunt is on");
    }

    #[test]
    fn a_secret_within_another_uncovers_nothing() {
        assert_eq!(secrets(&["abc", "abcdef"]).mask("abcdef abc"), "(secret) (secret)");
    }

    #[test]
    fn a_secret_is_masked_however_it_is_written() {
        let secrets = secrets(&["first line\nsay \"a\"\u{7}"]);
        for shown in ["first line\nsay \"a\"\u{7}", "first line\\nsay \"a\"\\u{7}", r#"first line\nsay \"a\"\a"#] {
            assert_eq!(secrets.mask(shown), "(secret)", "{shown}");
        }
        assert_eq!(secrets.mask("it wrote: first line"), "it wrote: (secret)");
    }

    #[test]
    fn secrets_within_values_are_masked() {
        let value = Value::structure([("user", Value::list([Value::str("alice"), Value::Int(42)]))]);
        assert_eq!(Secrets::of([&value]).mask("alice has 42 and 7"), "(secret) has (secret) and 7");
    }

    #[test]
    fn without_secrets_everything_is_shown() {
        assert_eq!(secrets(&[""]).mask("a…"), "a…");
    }
}
