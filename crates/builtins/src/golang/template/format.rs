//! `printf`: Go's `fmt.Sprintf` for what templates can hold.
//!
//! It never fails. What does not fit is written as Go writes it: `%!d(string=x)`, `%!s(MISSING)`, `%!(EXTRA int=1)`.

use super::datum::Datum;
use crate::golang::float::format_float;
use crate::golang::quote;
use std::borrow::Cow;
use value::{Struct, Value};

/// Go's limit for widths and precisions.
const MAX_WIDTH: i64 = 1_000_000;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
struct Spec {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%#v`: as Go's source text would have it.
    source: bool,
    /// `%+v`: structs with the names of their fields.
    named: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Formats arguments.
pub(super) fn sprintf(format: &[u8], arguments: &[Datum]) -> Vec<u8> {
    let mut printer = Printer { rest: format, arguments, next: 0, reordered: false, good_index: true, out: Vec::new() };
    printer.run();
    printer.out
}

/// `fmt.Sprint`: a space between two neighbours of which neither is a string.
pub(super) fn sprint(arguments: &[Datum]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut after_text = true;
    for argument in arguments {
        let is_text = argument.as_text().is_some();
        if !after_text && !is_text {
            out.push(b' ');
        }
        argument.print(&mut out);
        after_text = is_text;
    }
    out
}

struct Printer<'a> {
    rest: &'a [u8],
    arguments: &'a [Datum],
    /// The argument that comes next.
    next: usize,
    /// Whether an index such as `%[1]d` was used: surplus arguments are then no mistake.
    reordered: bool,
    good_index: bool,
    out: Vec<u8>,
}

impl Printer<'_> {
    fn run(&mut self) {
        while let Some(at) = self.rest.iter().position(|it| *it == b'%') {
            self.out.extend_from_slice(&self.rest[..at]);
            self.rest = &self.rest[at + 1..];
            self.directive();
        }
        self.out.extend_from_slice(self.rest);
        if !self.reordered && self.next < self.arguments.len() {
            self.out.extend_from_slice(b"%!(EXTRA ");
            for (at, argument) in self.arguments[self.next..].iter().enumerate() {
                if at > 0 {
                    self.out.extend_from_slice(b", ");
                }
                self.typed(Spec::default(), argument);
            }
            self.out.push(b')');
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn directive(&mut self) {
        let mut spec = Spec::default();
        self.good_index = true;
        let mut after_index = false;
        loop {
            match self.rest.first() {
                Some(b'#') => spec.sharp = true,
                Some(b'0') => spec.zero = true,
                Some(b'+') => spec.plus = true,
                Some(b'-') => spec.minus = true,
                Some(b' ') => spec.space = true,
                _ => break,
            }
            self.rest = &self.rest[1..];
        }
        after_index |= self.index();
        if self.eat(b'*') {
            match self.star() {
                Some(width) => {
                    spec.minus |= width < 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            spec.width = self.number();
            if after_index && spec.width.is_some() {
                self.good_index = false;
            }
        }
        if self.eat(b'.') {
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            if self.eat(b'*') {
                spec.precision = match self.star() {
                    // A negative precision is none at all.
                    Some(precision) if precision < 0 => None,
                    Some(precision) => usize::try_from(precision).ok(),
                    None => {
                        self.out.extend_from_slice(b"%!(BADPREC)");
                        None
                    }
                };
                after_index = false;
            } else {
                spec.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        let Some(verb) = self.verb() else {
            self.out.extend_from_slice(b"%!(NOVERB)");
            return;
        };
        if verb == '%' {
            self.out.push(b'%');
        } else if !self.good_index {
            self.out.extend_from_slice(format!("%!{verb}(BADINDEX)").as_bytes());
        } else if let Some(argument) = self.arguments.get(self.next) {
            self.next += 1;
            if verb == 'v' {
                spec = Spec { sharp: false, plus: false, source: spec.sharp, named: spec.plus, ..spec };
            }
            self.argument(spec, verb, argument);
        } else {
            self.out.extend_from_slice(format!("%!{verb}(MISSING)").as_bytes());
        }
    }

    fn verb(&mut self) -> Option<char> {
        let chunk = self.rest[..self.rest.len().min(4)].utf8_chunks().next()?;
        let verb = chunk.valid().chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        self.rest = &self.rest[chunk.valid().chars().next().map_or(1, char::len_utf8)..];
        Some(verb)
    }

    fn number(&mut self) -> Option<usize> {
        let length = self.rest.iter().take_while(|it| it.is_ascii_digit()).count();
        let digits = std::str::from_utf8(&self.rest[..length]).ok()?;
        let number = digits.parse::<i64>().ok().filter(|it| *it <= MAX_WIDTH);
        self.rest = &self.rest[length..];
        usize::try_from(number?).ok()
    }

    /// `[2]`: the argument that comes next, counted from 1.
    fn index(&mut self) -> bool {
        if self.rest.first() != Some(&b'[') {
            return false;
        }
        self.reordered = true;
        let Some(end) = self.rest.iter().position(|it| *it == b']') else {
            self.good_index = false;
            self.rest = &self.rest[1..];
            return false;
        };
        let index = std::str::from_utf8(&self.rest[1..end]).ok().and_then(|it| it.parse::<usize>().ok());
        self.rest = &self.rest[end + 1..];
        match index.and_then(|it| it.checked_sub(1)).filter(|it| *it < self.arguments.len()) {
            Some(index) => {
                self.next = index;
                true
            }
            None => {
                self.good_index = false;
                true
            }
        }
    }

    /// A width or precision that is an argument.
    fn star(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        argument.as_int().filter(|it| (-MAX_WIDTH..=MAX_WIDTH).contains(it))
    }

    /// `int=1`: an argument that was not expected.
    fn typed(&mut self, spec: Spec, argument: &Datum) {
        if matches!(argument, Datum::Nothing) {
            self.out.extend_from_slice(b"<nil>");
            return;
        }
        self.out.extend_from_slice(argument.type_name().as_bytes());
        self.out.push(b'=');
        self.argument(spec, 'v', argument);
    }

    fn bad_verb(&mut self, spec: Spec, verb: char, argument: &Datum) {
        self.out.extend_from_slice(format!("%!{verb}(").as_bytes());
        self.typed(spec, argument);
        self.out.push(b')');
    }

    fn argument(&mut self, spec: Spec, verb: char, argument: &Datum) {
        match (verb, argument) {
            ('T', _) => {
                let name = argument.type_name();
                self.pad(spec, if name == "nil" { b"<nil>" } else { name.as_bytes() });
            }
            ('v', Datum::Nothing) => self.pad(spec, b"<nil>"),
            (_, Datum::Int(number) | Datum::Value(Value::Int(number))) => self.int(spec, verb, *number, argument),
            (_, Datum::Value(Value::Float(number))) => self.float(spec, verb, *number, argument),
            (_, Datum::Value(Value::Str(text))) => self.text(spec, verb, text, argument),
            ('v' | 't', Datum::Value(Value::Bool(value))) => self.pad(spec, value.to_string().as_bytes()),
            (_, Datum::Value(Value::List(values))) => {
                let elements: Vec<_> = values.iter().map(|it| (None, Datum::Value(it.clone()))).collect();
                let around = if spec.source { (argument.type_name(), "{", "}") } else { ("".into(), "[", "]") };
                self.composite(spec, verb, around, &elements);
            }
            (_, Datum::Value(Value::Map(entries))) => {
                let entries = entries.iter().map(|(key, value)| (Some(Datum::key(key)), Datum::Value(value.clone())));
                let entries: Vec<_> = entries.collect();
                self.composite(spec, verb, around_map(spec, argument), &entries);
            }
            (_, Datum::Value(Value::Struct(fields))) => {
                let mut fields: Vec<_> =
                    fields.iter().map(|(name, value)| (super::datum::title(name), value.clone())).collect();
                fields.sort();
                let fields = fields.into_iter().map(|(name, value)| (Some(Datum::text(name)), Datum::Value(value)));
                let fields: Vec<_> = fields.collect();
                self.composite(spec, verb, around_map(spec, argument), &fields);
            }
            (_, Datum::Key(fields)) => self.key(spec, verb, argument, fields),
            ('v', _) => {
                let mut text = Vec::new();
                argument.print(&mut text);
                self.pad(spec, &text);
            }
            _ => self.bad_verb(spec, verb, argument),
        }
    }

    /// Elements with or without keys, between a type with a bracket and another bracket.
    fn composite(
        &mut self,
        spec: Spec,
        verb: char,
        (type_name, open, close): (Cow<'static, str>, &str, &str),
        elements: &[(Option<Datum>, Datum)],
    ) {
        self.out.extend_from_slice(type_name.as_bytes());
        self.out.extend_from_slice(open.as_bytes());
        for (at, (key, value)) in elements.iter().enumerate() {
            if at > 0 {
                self.separate(spec);
            }
            if let Some(key) = key {
                self.argument(spec, verb, key);
                self.out.push(b':');
            }
            self.argument(spec, verb, value);
        }
        self.out.extend_from_slice(close.as_bytes());
    }

    /// A struct that is the key of a map: its fields have names where asked for.
    fn key(&mut self, spec: Spec, verb: char, argument: &Datum, fields: &Struct) {
        if spec.source {
            self.out.extend_from_slice(argument.type_name().as_bytes());
        }
        self.out.push(b'{');
        for (at, (name, value)) in fields.iter().enumerate() {
            if at > 0 {
                self.separate(spec);
            }
            if spec.source || spec.named {
                self.out.extend_from_slice(super::datum::title(name).as_bytes());
                self.out.push(b':');
            }
            self.argument(spec, verb, &Datum::key(value));
        }
        self.out.push(b'}');
    }

    fn separate(&mut self, spec: Spec) {
        self.out.extend_from_slice(if spec.source { b", " } else { b" " });
    }

    fn text(&mut self, spec: Spec, verb: char, text: &[u8], argument: &Datum) {
        let cut = |text: &[u8]| match spec.precision {
            Some(precision) => truncated(text, precision).to_vec(),
            None => text.to_vec(),
        };
        match verb {
            'v' if spec.source => self.pad(spec, value::quote(&cut(text)).as_bytes()),
            'v' | 's' => self.pad(spec, &cut(text)),
            'q' => {
                let text = cut(text);
                let quoted = match std::str::from_utf8(&text) {
                    Ok(plain) if spec.sharp && quote::can_backquote(text.as_slice()) => format!("`{plain}`"),
                    _ if spec.plus => quote::quote_to_ascii(&text),
                    _ => value::quote(&text),
                };
                self.pad(spec, quoted.as_bytes());
            }
            'x' | 'X' => {
                let shown = &text[..spec.precision.unwrap_or(text.len()).min(text.len())];
                let separator = if spec.space { " " } else { "" };
                let prefix = if spec.sharp { "0x" } else { "" };
                let bytes: Vec<String> = shown.iter().map(|byte| format!("{byte:02x}")).collect();
                let text = match (spec.sharp, spec.space) {
                    (true, true) => bytes.iter().map(|byte| format!("0x{byte}")).collect::<Vec<_>>().join(separator),
                    _ if bytes.is_empty() => String::new(),
                    _ => format!("{prefix}{}", bytes.join(separator)),
                };
                let text = if verb == 'X' { text.to_ascii_uppercase() } else { text };
                self.pad(spec, text.as_bytes());
            }
            _ => self.bad_verb(spec, verb, argument),
        }
    }

    fn int(&mut self, spec: Spec, verb: char, number: i64, argument: &Datum) {
        let magnitude = number.unsigned_abs();
        let (digits, prefix) = match verb {
            'v' | 'd' => (magnitude.to_string(), ""),
            'b' => (format!("{magnitude:b}"), "0b"),
            'o' => (format!("{magnitude:o}"), "0"),
            'O' => (format!("{magnitude:o}"), "0o"),
            'x' => (format!("{magnitude:x}"), "0x"),
            'X' => (format!("{magnitude:X}"), "0X"),
            'c' | 'q' | 'U' => {
                let c = u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                let text = match verb {
                    'c' => c.to_string(),
                    'q' => quote::quote_rune(c, spec.plus),
                    _ if spec.sharp && value::quote(c.to_string().as_bytes()).len() == c.len_utf8() + 2 => {
                        format!("U+{number:04X} '{c}'")
                    }
                    _ => format!("U+{number:04X}"),
                };
                return self.pad(Spec { zero: false, ..spec }, text.as_bytes());
            }
            _ => return self.bad_verb(spec, verb, argument),
        };
        // A precision is the least number of digits; with it, zeros do not fill the width.
        let digits = match spec.precision {
            Some(0) if number == 0 => String::new(),
            Some(precision) => filled(&digits, precision),
            None => digits,
        };
        // An octal number that begins with a zero needs no other one.
        let has_prefix = spec.sharp && (verb != 'o' || !digits.starts_with('0')) || verb == 'O';
        let prefix = if has_prefix { prefix } else { "" };
        self.numeric(Spec { zero: spec.zero && spec.precision.is_none(), ..spec }, number < 0, prefix, &digits);
    }

    fn float(&mut self, spec: Spec, verb: char, number: f64, argument: &Datum) {
        let text = match verb {
            'v' => format_float(number, 'g', spec.precision),
            'e' | 'E' | 'f' => format_float(number, verb, Some(spec.precision.unwrap_or(6))),
            'F' => format_float(number, 'f', Some(spec.precision.unwrap_or(6))),
            'g' | 'G' | 'x' | 'X' | 'b' => format_float(number, verb, spec.precision),
            _ => return self.bad_verb(spec, verb, argument),
        };
        let text =
            if spec.sharp && verb != 'b' && number.is_finite() { sharp(&text, verb, spec.precision) } else { text };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        // Infinities keep their plus sign, and neither they nor NaN are filled with zeros.
        let spec = if number.is_finite() {
            spec
        } else {
            Spec { zero: false, plus: spec.plus || number == f64::INFINITY && !spec.space, ..spec }
        };
        if number.is_nan() && !spec.plus {
            return self.pad(spec, digits.as_bytes());
        }
        self.numeric(spec, negative, "", digits);
    }

    /// Sign, prefix and digits, filled with zeros behind the sign where asked for.
    fn numeric(&mut self, spec: Spec, negative: bool, prefix: &str, digits: &str) {
        let sign = match (negative, spec.plus, spec.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        // Go fills up the digits: a prefix comes on top.
        let width = spec.width.unwrap_or(0).saturating_sub(sign.len());
        let text = if spec.zero && !spec.minus {
            format!("{sign}{prefix}{}", filled(digits, width))
        } else {
            format!("{sign}{prefix}{digits}")
        };
        self.pad(Spec { zero: false, ..spec }, text.as_bytes());
    }

    /// Appends text, filled up to the width.
    fn pad(&mut self, spec: Spec, text: &[u8]) {
        let length: usize = text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum();
        let fill = spec.width.unwrap_or(0).saturating_sub(length);
        let filler = if spec.zero && !spec.minus { b'0' } else { b' ' };
        if !spec.minus {
            self.out.extend(std::iter::repeat_n(filler, fill));
        }
        self.out.extend_from_slice(text);
        if spec.minus {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
    }
}

/// What stands around the entries of a map.
fn around_map(spec: Spec, map: &Datum) -> (Cow<'static, str>, &'static str, &'static str) {
    if spec.source { (map.type_name(), "{", "}") } else { ("map".into(), "[", "]") }
}

/// A float with a decimal point and, in the general formats, the zeros that they leave out: six digits, or the precision.
fn sharp(text: &str, verb: char, precision: Option<usize>) -> String {
    let (sign, text) = text.split_at(text.len() - text.trim_start_matches('-').len());
    let exponent = if matches!(verb, 'x' | 'X') { ['p', 'P'] } else { ['e', 'E'] };
    let (number, tail) = text.split_at(text.find(exponent).unwrap_or(text.len()));
    let wanted = if matches!(verb, 'v' | 'g' | 'G' | 'x') { precision.unwrap_or(6) } else { 0 };
    let significant = number.trim_start_matches(['0', '.']).bytes().filter(|it| *it != b'.').count();
    let significant = if number == "0" { 1 } else { significant };
    let point = if number.contains('.') { "" } else { "." };
    format!("{sign}{number}{point}{}{tail}", "0".repeat(wanted.saturating_sub(significant)))
}

/// Digits with zeros before them, up to a width. Rust's own widths end at 65,535.
fn filled(digits: &str, width: usize) -> String {
    "0".repeat(width.saturating_sub(digits.len())) + digits
}

/// The first characters of a text.
fn truncated(text: &[u8], characters: usize) -> &[u8] {
    let mut length = 0;
    let mut left = characters;
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            if left == 0 {
                return &text[..length];
            }
            left -= 1;
            length += c.len_utf8();
        }
        let invalid = chunk.invalid().len().min(left);
        left -= invalid;
        length += invalid;
        if invalid < chunk.invalid().len() {
            return &text[..length];
        }
    }
    text
}
