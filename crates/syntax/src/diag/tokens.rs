//! Mistakes in a single token, and within strings.

use diag::Diagnostic;
use diag::codes::syntax as codes;
use span::{FileId, Span};

use super::{quotable, respell};
use crate::lexer::{Error, ErrorKind, Form};

/// How text is written that other languages quote otherwise.
const DOUBLE_QUOTES: &str = "put the text between double quotes; it may span lines, and in it `\\\"`, `\\\\` and `\\$` stand for `\"`, `\\` and `$`";

/// Something wrong with a single token.
pub(crate) fn lexical(file: FileId, text: &str, error: &Error) -> Diagnostic {
    let span = Span::new(file, error.start, error.end);
    let word = text.get(span.range()).unwrap_or_default();
    match error.kind {
        ErrorKind::Unknown => unknown_character(span, word),
        ErrorKind::CarriageReturn => Diagnostic::error(codes::CARRIAGE_RETURN, span, "lines end in a carriage return")
            .here("written by an editor for Windows")
            .hint("save the file with Unix line ends, or run `sed -i 's/\\r$//'` on it"),
        ErrorKind::UnterminatedString => Diagnostic::error(codes::UNTERMINATED_STRING, span, "unterminated string")
            .here("no closing `\"`")
            .hint("close the string with `\"`; within it, write `\\\"` for a quote"),
        ErrorKind::SingleQuotes => {
            let inner = word.trim_matches(['\'', '`']);
            let quotes = if word.starts_with('`') { "backquotes" } else { "single quotes" };
            let ends = word.len() > 1 && word.ends_with(['\'', '`']);
            let plain = quotable(inner).filter(|inner| ends && !inner.contains(['"', '\\', '$']));
            Diagnostic::error(codes::SINGLE_QUOTES, span, format!("a string between {quotes}")).hint(match plain {
                Some(inner) => format!("use double quotes: `\"{inner}\"`"),
                None => DOUBLE_QUOTES.to_owned(),
            })
        }
        ErrorKind::ForeignText(form) => {
            let what = match form {
                Form::HereDocument => "there are no here-documents",
                Form::ThreeQuotes => "there are no strings between three quotes",
                Form::Block => "there are no blocks of text",
            };
            Diagnostic::error(codes::FOREIGN_STRING, span, what).here("a text begins here").hint(DOUBLE_QUOTES)
        }
        ErrorKind::ForeignComment => {
            Diagnostic::error(codes::FOREIGN_COMMENT, span, "a comment in the form of another language")
                .hint("a comment begins with `#` and ends with the line")
        }
        ErrorKind::Capitals if word.starts_with(|first: char| first.is_ascii_uppercase()) => {
            let capital = format!("{}{}", &word[..1], word[1..].to_ascii_lowercase());
            Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` is not a name"))
                .here("more than one capital")
                .hint(format!("names are in lower case: `{}`; in edges with one capital: `{capital}`", respell(word)))
        }
        ErrorKind::Capitals => Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` is not a name"))
            .here("a capital letter")
            .hint(format!("names are in lower case: `{}`", respell(word))),
        ErrorKind::Letters => Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` is not a name"))
            .here("a letter that names do not have")
            .hint("names consist of a to z, digits and underscores; text stands between double quotes"),
        ErrorKind::Underscore => {
            let end = if word.starts_with('_') { "begins with" } else { "ends in" };
            let name = respell(word);
            Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` is not a name"))
                .here(format!("{end} an underscore"))
                .hint_opt((!name.is_empty()).then(|| format!("name it `{name}`")))
        }
        ErrorKind::WordOperator(operator) => {
            Diagnostic::error(codes::WORD_OPERATOR, span, format!("there is no operator `{word}`"))
                .hint(format!("write `{operator}`"))
        }
        ErrorKind::NumberForm => number_form(span, word),
        ErrorKind::IntegerRange => Diagnostic::error(codes::NUMBER_RANGE, span, "the number does not fit an `int`")
            .here("beyond 64 bits")
            .hint("an `int` is between -9223372036854775808 and 9223372036854775807"),
        ErrorKind::FloatRange => {
            Diagnostic::error(codes::NUMBER_RANGE, span, "the number does not fit a `float`").here("beyond 64 bits")
        }
    }
}

fn unknown_character(span: Span, word: &str) -> Diagnostic {
    let operator = |hint: &str| {
        Diagnostic::error(codes::UNKNOWN_CHARACTER, span, format!("there is no operator `{word}`")).hint(hint)
    };
    match word {
        "=~" | "!~" => return operator("`import \"regexp\"` and call `regexp.match`"),
        "~>" | "<~" => return operator("an edge that notifies is a line of the resource: `Notify => Svc[\"…\"],`"),
        _ => {}
    }
    if word.starts_with('<') {
        return Diagnostic::error(codes::UNKNOWN_CHARACTER, span, "a collector in the manner of Puppet").hint(
            "a resource of other hosts is written `collect kind \"name\" { … }`; there is none for this host's own",
        );
    }
    if word.len() > 1 && word.starts_with('|') && word.ends_with('|') {
        return Diagnostic::error(codes::UNKNOWN_CHARACTER, span, "parameters between bars")
            .hint("a loop is `for $index, $value in $list { … }`, a function `func($value) { … }`");
    }
    let first = word.chars().next().unwrap_or(' ');
    let shown = match quotable(word) {
        Some(word) if !word.contains(is_invisible) => format!("`{word}`"),
        _ => format!("U+{:04X}", u32::from(first)),
    };
    let hint = match first {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '`' | '\'' => {
            Some("text stands between double quotes: `\"…\"`")
        }
        '%' => Some("there is no operator for the remainder; `import \"math\"` and call `math.mod`"),
        '?' => Some("a choice is written `if … { … } else { … }`, a condition of a field `… ?: …`"),
        '&' => Some("the operator is `and`"),
        '|' => Some("the operator is `or`; a value for when another fails is written `… <|> …`"),
        '~' => Some("an edge that notifies is a line of the resource: `Notify => Svc[\"…\"],`"),
        '@' => Some("a resource of other hosts is written `collect kind \"name\" { … }`"),
        '\\' => Some("a statement cannot be spread over lines, except within brackets"),
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => Some("put an ordinary space there"),
        '\u{feff}' => Some("save the file without a byte order mark"),
        '–' | '—' | '−' => Some("the minus sign is `-`"),
        _ => None,
    };
    Diagnostic::error(codes::UNKNOWN_CHARACTER, span, format!("unknown character {shown}")).hint_opt(hint)
}

fn is_invisible(letter: char) -> bool {
    letter.is_control() || letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{ad}')
}

fn number_form(span: Span, word: &str) -> Diagnostic {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = word.trim_start_matches('-');
    let hint = if unsigned.strip_suffix('.').is_some_and(digits) {
        format!("write `{word}0`")
    } else if unsigned.strip_prefix('.').is_some_and(digits) {
        format!("write `0{word}`")
    } else if unsigned.matches('.').count() > 1 || (word.ends_with(char::is_alphabetic) && !word.contains('x')) {
        format!("as text it stands between quotes: `\"{word}\"`")
    } else if let Ok(value) = i64::from_str_radix(unsigned.trim_start_matches("0x").trim_start_matches("0X"), 16)
        && unsigned.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x"))
    {
        format!("numbers are decimal: `{value}`")
    } else if let Some(octal) = unsigned.strip_prefix("0o") {
        format!("numbers are decimal; the mode of a file is text: `\"0{octal}\"`")
    } else if unsigned.contains('_') && unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        format!("write `{}`", word.replace('_', ""))
    } else {
        "numbers are decimal, without an exponent".to_owned()
    };
    Diagnostic::error(codes::NUMBER_FORM, span, format!("`{word}` is not a number")).hint(hint)
}

/// An escape that does not exist.
pub(crate) fn unknown_escape(span: Span, escape: &str) -> Diagnostic {
    if escape.contains(char::is_whitespace) || escape == "\\" {
        return Diagnostic::error(codes::UNKNOWN_ESCAPE, span.at_start(), "a lone backslash in a string")
            .hint("to write a backslash, write two; a string goes on in the next line without any");
    }
    let diagnostic = Diagnostic::error(codes::UNKNOWN_ESCAPE, span, format!("unknown escape `{escape}`"));
    match escape {
        "\\'" => diagnostic.hint("a single quote needs no backslash"),
        _ => diagnostic.hint(format!("to write a backslash, write two: `\\{escape}`")),
    }
}

/// `${…}` that names no variable.
pub(crate) fn bad_interpolation(span: Span, inner: &str) -> Diagnostic {
    let trimmed = inner.trim();
    let diagnostic = Diagnostic::error(codes::INTERPOLATION, span, "expected the name of a variable in `${…}`");
    let name = trimmed.strip_prefix('$').unwrap_or(trimmed);
    if name != inner && crate::interpolation::is_path(name) {
        return diagnostic.hint(format!("write `${{{name}}}`"));
    }
    if inner.is_empty() {
        return diagnostic.here("no name").hint("to write the text `${`, write `\\${`");
    }
    diagnostic
        .here("not a name")
        .hint("give the value a name outside of the string; to write the text `${`, write `\\${`")
}

/// `${` without its `}`.
pub(crate) fn open_interpolation(span: Span) -> Diagnostic {
    Diagnostic::error(codes::INTERPOLATION, span, "`${` without its `}`")
        .hint("close it with `}`; to write the text `${`, write `\\${`")
}
