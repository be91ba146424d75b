//! Patterns in Go's dialect (RE2 with the Perl extensions), translated for the `regex` crate.
//!
//! Both match in linear time, but they do not read the same text: Go's `\d`, `\w`, `\s` and `\b` are ASCII, it knows
//! `\Q…\E`, refuses `a**` and counts above 1000, takes `{,2}` literally. The translation parses a pattern as Go does, with
//! Go's errors, and writes one that the `regex` crate reads in the same way.
//!
//! Invariant: every literal character that is neither an ASCII letter or digit nor beyond ASCII is written as `\x{…}`, so
//! that nothing in the output has a meaning that was not meant.
//!
//! The output is for [`regex::bytes`]: `(?-u:\B)` is not allowed in a pattern that must match at character boundaries.

use std::fmt::{self, Write as _};

/// Go's limit for the count of a repetition, and for the product of nested ones.
const MAX_REPEAT: u32 = 1000;
/// Go's limit for nested groups.
const MAX_DEPTH: usize = 1000;

/// Why a text is no pattern, worded as Go words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternError {
    problem: &'static str,
    part: String,
}

impl PatternError {
    fn new(problem: &'static str, part: impl Into<String>) -> PatternError {
        PatternError { problem, part: part.into() }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.problem, self.part)
    }
}

impl std::error::Error for PatternError {}

/// Translates a pattern of Go's dialect for the `regex` crate.
pub(crate) fn translate(pattern: &str) -> Result<String, PatternError> {
    Translator { pattern, rest: pattern, out: String::new(), groups: vec![Group::default()], names: Vec::new() }.run()
}

/// What has been read of a group.
#[derive(Default)]
struct Group {
    /// What a repetition would repeat.
    last: Option<Atom>,
    /// The largest product of nested counts in the group.
    heaviest: u32,
}

/// What a repetition can repeat.
#[derive(Clone, Copy)]
struct Atom {
    /// Where it ends in the output. Flags may follow it, as in `a(?i)*`, and must not come between it and the repetition.
    end: usize,
    /// The product of the nested counts in it, at least 1.
    weight: u32,
}

struct Translator<'a> {
    pattern: &'a str,
    rest: &'a str,
    out: String,
    /// The open groups, the whole pattern first: never empty.
    groups: Vec<Group>,
    names: Vec<&'a str>,
}

impl<'a> Translator<'a> {
    fn run(mut self) -> Result<String, PatternError> {
        // The text that begins with the repetition just read: Go refuses one right behind another.
        let mut last_repeat = None;
        while let Some(c) = self.rest.chars().next() {
            let before = self.rest;
            let mut repeat = None;
            match c {
                '(' => self.open()?,
                '|' => {
                    self.rest = &self.rest[1..];
                    self.out.push('|');
                    self.group().last = None;
                }
                ')' => self.close()?,
                '^' | '$' | '.' => {
                    self.rest = &self.rest[1..];
                    self.out.push(c);
                    self.atom(1);
                }
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    self.rest = &self.rest[1..];
                    self.repeat(before, last_repeat, None)?;
                    repeat = Some(before);
                }
                '{' => match counts(before) {
                    Some((counts, length)) => {
                        self.rest = &self.rest[length..];
                        self.repeat(before, last_repeat, Some(counts))?;
                        repeat = Some(before);
                    }
                    None => self.literal_char(c),
                },
                '\\' => self.escape()?,
                _ => self.literal_char(c),
            }
            last_repeat = repeat;
        }
        if self.groups.len() > 1 { Err(PatternError::new("missing closing )", self.pattern)) } else { Ok(self.out) }
    }

    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("the whole pattern is a group that is never closed")
    }

    /// The output since the last call is something that can be repeated.
    fn atom(&mut self, weight: u32) {
        let end = self.out.len();
        let group = self.group();
        group.last = Some(Atom { end, weight });
        group.heaviest = group.heaviest.max(weight);
    }

    fn literal_char(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
        literal(&mut self.out, c);
        self.atom(1);
    }

    fn repeat(
        &mut self,
        before: &str,
        last_repeat: Option<&str>,
        counts: Option<(Count, Option<Count>)>,
    ) -> Result<(), PatternError> {
        if self.rest.starts_with('?') {
            self.rest = &self.rest[1..];
        }
        let operator = read(before, self.rest);
        if let Some((min, max)) = counts {
            let too_much = |count: Count| count.is_none_or(|it| it > MAX_REPEAT);
            if too_much(min) || max.is_some_and(|max| too_much(max) || max < min) {
                return Err(PatternError::new("invalid repeat count", operator.trim_end_matches('?')));
            }
        }
        if let Some(last) = last_repeat {
            return Err(PatternError::new("invalid nested repetition operator", read(last, self.rest)));
        }
        let Some(atom) = self.group().last else {
            return Err(PatternError::new("missing argument to repetition operator", operator));
        };
        let mut weight = atom.weight;
        if let Some((min, max)) = counts {
            weight *= max.flatten().or(min).unwrap_or(0).max(1);
            if weight > MAX_REPEAT {
                return Err(PatternError::new("invalid repeat count", operator));
            }
        }
        self.out.insert_str(atom.end, operator);
        let end = atom.end + operator.len();
        let group = self.group();
        group.last = Some(Atom { end, weight });
        group.heaviest = group.heaviest.max(weight);
        Ok(())
    }

    fn open(&mut self) -> Result<(), PatternError> {
        let start = self.rest;
        if let Some(body) = start.strip_prefix("(?P<").or_else(|| start.strip_prefix("(?<")) {
            let problem = "invalid named capture";
            let (name, after) = body.split_once('>').ok_or_else(|| PatternError::new(problem, start))?;
            if name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
                return Err(PatternError::new(problem, read(start, after)));
            }
            self.rest = after;
            // Go allows a name twice, and one that begins with a digit; the `regex` crate does not.
            if self.names.contains(&name) || name.as_bytes()[0].is_ascii_digit() {
                self.out.push('(');
            } else {
                self.names.push(name);
                _ = write!(self.out, "(?P<{name}>");
            }
        } else if start.starts_with("(?") {
            if !self.flags()? {
                return Ok(());
            }
        } else {
            self.rest = &start[1..];
            self.out.push('(');
        }
        self.groups.push(Group::default());
        if self.groups.len() > MAX_DEPTH {
            return Err(PatternError::new("expression nests too deeply", self.pattern));
        }
        Ok(())
    }

    /// Reads `(?flags)` or `(?flags:`; says whether a group was opened.
    fn flags(&mut self) -> Result<bool, PatternError> {
        let start = self.rest;
        let (mut on, mut off) = (String::new(), String::new());
        let (mut negative, mut seen) = (false, false);
        let mut chars = start[2..].chars();
        while let Some(c) = chars.next() {
            match c {
                'i' | 'm' | 's' | 'U' => {
                    let flags = if negative { &mut off } else { &mut on };
                    if !flags.contains(c) {
                        flags.push(c);
                    }
                    seen = true;
                }
                '-' if !negative => (negative, seen) = (true, false),
                ':' | ')' if seen || !negative => {
                    on.retain(|flag| !off.contains(flag));
                    let minus = if off.is_empty() { "" } else { "-" };
                    // `(?)` is nothing here and an error there.
                    if c == ':' || !on.is_empty() || !off.is_empty() {
                        _ = write!(self.out, "(?{on}{minus}{off}{c}");
                    }
                    self.rest = chars.as_str();
                    return Ok(c == ':');
                }
                _ => break,
            }
        }
        Err(PatternError::new("invalid or unsupported Perl syntax", read(start, chars.as_str())))
    }

    fn close(&mut self) -> Result<(), PatternError> {
        if self.groups.len() == 1 {
            return Err(PatternError::new("unexpected )", self.pattern));
        }
        let weight = self.groups.pop().map_or(1, |group| group.heaviest.max(1));
        self.rest = &self.rest[1..];
        self.out.push(')');
        self.atom(weight);
        Ok(())
    }

    /// A backslash outside of a class.
    fn escape(&mut self) -> Result<(), PatternError> {
        let start = self.rest;
        if let Some(quoted) = start.strip_prefix("\\Q") {
            let (text, after) = quoted.split_once("\\E").unwrap_or((quoted, ""));
            for c in text.chars() {
                literal(&mut self.out, c);
                self.atom(1);
            }
            self.rest = after;
            return Ok(());
        }
        let assertion = match start.as_bytes().get(1) {
            Some(b'A') => Some("\\A"),
            Some(b'z') => Some("\\z"),
            Some(b'b') => Some("(?-u:\\b)"),
            Some(b'B') => Some("(?-u:\\B)"),
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.rest = &start[2..];
            self.out.push_str(assertion);
        } else if let Some(class) = perl_class(start) {
            self.rest = &start[2..];
            _ = write!(self.out, "[{}{}]", if class.negated { "^" } else { "" }, class.members);
        } else if let Some((class, after)) = unicode_class(start)? {
            self.rest = after;
            self.out.push_str(&class);
        } else {
            let (c, after) = escaped_char(start)?;
            self.rest = after;
            literal(&mut self.out, c);
        }
        self.atom(1);
        Ok(())
    }

    fn class(&mut self) -> Result<(), PatternError> {
        let whole = self.rest;
        let mut rest = &whole[1..];
        self.out.push('[');
        if let Some(after) = rest.strip_prefix('^') {
            self.out.push('^');
            rest = after;
        }
        let mut first = true;
        while first || !rest.starts_with(']') {
            first = false;
            if let Some((name, after)) = named_class(rest)? {
                self.out.push_str(name);
                rest = after;
            } else if let Some((class, after)) = unicode_class(rest)? {
                self.out.push_str(&class);
                rest = after;
            } else if let Some(class) = perl_class(rest) {
                let (open, close) = if class.negated { ("[^", "]") } else { ("", "") };
                _ = write!(self.out, "{open}{}{close}", class.members);
                rest = &rest[2..];
            } else {
                let start = rest;
                let low;
                (low, rest) = class_char(rest, whole)?;
                literal(&mut self.out, low);
                if rest.len() >= 2 && rest.starts_with('-') && !rest.starts_with("-]") {
                    let high;
                    (high, rest) = class_char(&rest[1..], whole)?;
                    if high < low {
                        return Err(PatternError::new("invalid character class range", read(start, rest)));
                    }
                    self.out.push('-');
                    literal(&mut self.out, high);
                }
            }
        }
        self.rest = &rest[1..];
        self.out.push(']');
        self.atom(1);
        Ok(())
    }
}

/// A count of a repetition; `None` where it is too large for any purpose.
type Count = Option<u32>;

/// The counts of `{2}`, `{2,}` or `{2,3}` with the length of that text. Anything else in braces is literal.
fn counts(text: &str) -> Option<((Count, Option<Count>), usize)> {
    let end = text.find('}')?;
    let body = &text[1..end];
    let number = |digits: &str| -> Option<Count> {
        let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        (plain && (digits.len() == 1 || !digits.starts_with('0'))).then(|| digits.parse().ok())
    };
    let counts = match body.split_once(',') {
        None => {
            let count = number(body)?;
            (count, Some(count))
        }
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    Some((counts, end + 1))
}

/// What was read: `before` without what is left of it.
fn read<'a>(before: &'a str, left: &str) -> &'a str {
    &before[..before.len() - left.len()]
}

fn literal(out: &mut String, c: char) {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        _ = write!(out, "\\x{{{:x}}}", c as u32);
    } else {
        out.push(c);
    }
}

/// `\d` and its like.
struct PerlClass {
    negated: bool,
    members: &'static str,
}

fn perl_class(text: &str) -> Option<PerlClass> {
    let letter = *text.strip_prefix('\\')?.as_bytes().first()?;
    let members = match letter.to_ascii_lowercase() {
        b'd' => "0-9",
        b's' => "\\t\\n\\x{c}\\r\\x{20}",
        b'w' => "0-9A-Za-z_",
        _ => return None,
    };
    Some(PerlClass { negated: letter.is_ascii_uppercase(), members })
}

/// `\pL`, `\p{Greek}`, `\P{^Greek}`: as the `regex` crate writes it, with what follows.
fn unicode_class(text: &str) -> Result<Option<(String, &str)>, PatternError> {
    let Some(body) = text.strip_prefix("\\p").or_else(|| text.strip_prefix("\\P")) else { return Ok(None) };
    let problem = "invalid character class range";
    let (name, after) = match body.strip_prefix('{') {
        Some(braced) => braced.split_once('}').ok_or_else(|| PatternError::new(problem, text))?,
        None => body.split_at(body.chars().next().map_or(0, char::len_utf8)),
    };
    let mut negated = text.starts_with("\\P");
    let name = match name.strip_prefix('^') {
        Some(name) => {
            negated = !negated;
            name
        }
        None => name,
    };
    // What else braces may hold in the `regex` crate, such as `script=Greek`, Go does not know.
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ')) {
        return Err(PatternError::new(problem, read(text, after)));
    }
    let class = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
    if regex::bytes::Regex::new(&class).is_err() {
        return Err(PatternError::new(problem, read(text, after)));
    }
    Ok(Some((class, after)))
}

/// `[:alpha:]` within a class. Both sides mean ASCII.
fn named_class(text: &str) -> Result<Option<(&str, &str)>, PatternError> {
    const NAMES: [&str; 14] = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
        "word", "xdigit",
    ];
    let Some(body) = text.strip_prefix("[:") else { return Ok(None) };
    let Some((name, after)) = body.split_once(":]") else { return Ok(None) };
    let whole = read(text, after);
    if NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
        Ok(Some((whole, after)))
    } else {
        Err(PatternError::new("invalid character class range", whole))
    }
}

fn class_char<'a>(text: &'a str, whole: &str) -> Result<(char, &'a str), PatternError> {
    let mut chars = text.chars();
    match chars.next() {
        None => Err(PatternError::new("missing closing ]", whole)),
        Some('\\') => escaped_char(text),
        Some(c) => Ok((c, chars.as_str())),
    }
}

/// The one character that an escape stands for, with what follows.
fn escaped_char(text: &str) -> Result<(char, &str), PatternError> {
    let mut chars = text[1..].chars();
    let Some(c) = chars.next() else {
        return Err(PatternError::new("trailing backslash at end of expression", ""));
    };
    let octal = |chars: &std::str::Chars<'_>| chars.as_str().starts_with(|c: char| ('0'..='7').contains(&c));
    let simple = match c {
        '0'..='7' if c == '0' || octal(&chars) => {
            let mut code = u32::from(c) - u32::from('0');
            for _ in 0..2 {
                if octal(&chars) {
                    code = code * 8 + chars.next().and_then(|it| it.to_digit(8)).unwrap_or(0);
                }
            }
            char::from_u32(code)
        }
        'x' => hexadecimal(&mut chars),
        'a' => Some('\x07'),
        'f' => Some('\x0c'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\x0b'),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    let after = chars.as_str();
    simple.map(|c| (c, after)).ok_or_else(|| PatternError::new("invalid escape sequence", read(text, after)))
}

/// What follows `\x`: two digits, or any number of them in braces.
fn hexadecimal(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let first = chars.next()?;
    if first != '{' {
        let high = first.to_digit(16);
        let low = chars.next()?.to_digit(16)?;
        return char::from_u32(high? * 16 + low);
    }
    let mut code = None;
    loop {
        match chars.next()? {
            '}' => return char::from_u32(code?),
            digit => code = Some(code.unwrap_or(0u32) * 16 + digit.to_digit(16)?),
        }
        if code > Some(u32::from(char::MAX)) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::Regex;

    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        Regex::new(&translated).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text.as_bytes())
    }

    fn error(pattern: &str) -> String {
        translate(pattern).map_or_else(|error| error.to_string(), |out| format!("accepted as {out}"))
    }

    #[test]
    fn classes_and_boundaries_are_ascii() {
        for (pattern, text, expected) in [
            (r"^\d$", "7", true),
            (r"^\d$", "٣", false),
            (r"^[\d]$", "٣", false),
            (r"^\w+$", "größe", false),
            (r"^[^\W_]+$", "a_b", false),
            (r"^\s$", "\u{b}", false),
            (r"^\s$", "\u{a0}", false),
            (r"^[[:space:]]$", "\u{b}", true),
            (r"é\b", "é", false),
            (r"a\bé", "aé", true),
            (r"a\Bb", "ab", true),
            (r"(?i)^\w$", "\u{17f}", true),
            (r"^\pL+$", "größe", true),
            (r"^\p{^Greek}$", "α", false),
            (r"^\P{^Greek}$", "α", true),
            (r"^[\pN-]$", "-", true),
            (r"(?i)^straße$", "STRAßE", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn go_syntax_that_the_regex_crate_lacks_is_translated() {
        for (pattern, text, expected) in [
            (r"^\Qa.b*\E+$", "a.b***", true),
            (r"^\Qa.b", "a.b", true),
            (r"^\Qa.b", "axb", false),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{01}$", "a{01}", true),
            (r"^a{2$", "a{2", true),
            (r"^{$", "{", true),
            (r"^\_\-\<\%$", "_-<%", true),
            (r"^\101\x42\x{43}$", "ABC", true),
            (r"^\07$", "\u{7}", true),
            (r"^a(?i)*b$", "aaB", true),
            (r"^a(?)b$", "ab", true),
            (r"^(?ii-i:a)$", "A", false),
            (r"^(?P<n>a)(?P<n>b)$", "ab", true),
            (r"^(?<1>a)$", "a", true),
            (r"^[]a]+$", "a]", true),
            (r"^[^]a]+$", "b", true),
            (r"^[a-b-c]+$", "a-c", true),
            (r"^[[a]+$", "[a", true),
            (r"^[a&&b~~c-]+$", "a&~-bc", true),
            (r"(?U)^a+?$", "aa", true),
            (r"(?s)^a.b$", "a\nb", true),
            (r"^a.b$", "a\nb", false),
            (r"a$", "a\n", false),
            (r"(?m)a$", "a\nb", true),
            (r"^(|a)*$", "aa", true),
            (r"(mgmt){2}", "mgmtmgmt", true),
            (r"^db\d+\.example\.com$", "db12.example.com", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn what_is_accepted_compiles() {
        let parts = [
            "a",
            "é",
            "(",
            "(?:",
            "(?i)",
            "(?P<n>",
            "(?i:",
            "(?-s)",
            "(?)",
            ")",
            "|",
            "[",
            "]",
            "[^",
            "-",
            "^",
            "$",
            ".",
            "*",
            "+?",
            "{2}",
            "{2,}",
            "{,3}",
            "{0}",
            "\\d",
            "\\D",
            "\\w",
            "\\b",
            "\\B",
            "\\Q",
            "\\E",
            "\\pL",
            "\\x41",
            "\\",
            "[:alpha:]",
            "[[:^alpha:]]",
            "&&",
            "~~",
            "--",
            "#",
            " ",
            "}",
            "\\z",
            "a-z",
        ];
        for first in parts {
            for second in parts {
                let pattern = format!("{first}{second}a)*]");
                for pattern in [pattern.as_str(), pattern.trim_end_matches("a)*]"), pattern.trim_end_matches(")*]")] {
                    if let Ok(translated) = translate(pattern) {
                        assert!(Regex::new(&translated).is_ok(), "{pattern} became {translated}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_go_refuses_is_refused_in_its_words() {
        for (pattern, expected) in [
            ("*", "missing argument to repetition operator: `*`"),
            ("a|+?", "missing argument to repetition operator: `+?`"),
            ("(?i)(?s)*", "missing argument to repetition operator: `*`"),
            (r"\Q\E*", "missing argument to repetition operator: `*`"),
            ("(abc", "missing closing ): `(abc`"),
            ("abc)", "unexpected ): `abc)`"),
            ("x[a-z", "missing closing ]: `[a-z`"),
            ("[", "missing closing ]: `[`"),
            ("[a-Z]", "invalid character class range: `a-Z`"),
            ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
            (r"\pX", r"invalid character class range: `\pX`"),
            (r"\p{script=Greek}", r"invalid character class range: `\p{script=Greek}`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("a*+", "invalid nested repetition operator: `*+`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a{2,1}?", "invalid repeat count: `{2,1}`"),
            ("a{9876543210}", "invalid repeat count: `{9876543210}`"),
            ("((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})", "invalid repeat count: `{2}`"),
            (r"\x", r"invalid escape sequence: `\x`"),
            (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
            (r"\C", r"invalid escape sequence: `\C`"),
            (r"\Z", r"invalid escape sequence: `\Z`"),
            (r"\8", r"invalid escape sequence: `\8`"),
            (r"a\1", r"invalid escape sequence: `\1`"),
            (r"abc\", "trailing backslash at end of expression: ``"),
            ("(?P<x y>a)", "invalid named capture: `(?P<x y>`"),
            ("(?P<n", "invalid named capture: `(?P<n`"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
            ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
            ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ] {
            assert_eq!(error(pattern), format!("error parsing regexp: {expected}"), "{pattern}");
        }
        assert!(error(&"(".repeat(1001)).starts_with("error parsing regexp: expression nests too deeply"));
    }
}
