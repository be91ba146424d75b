//! The messages of the lexer and the parser.
//!
//! One function per message, so that the words can be read side by side.

use diag::codes::syntax as codes;
use diag::{Diagnostic, closest};
use span::{FileId, Span};

use crate::kind::SyntaxKind;
use crate::lexer::{Error, ErrorKind};

/// A token as messages name it.
pub(crate) fn found(kind: SyntaxKind, text: &str) -> String {
    match kind {
        SyntaxKind::EOF => "the end of the file".to_owned(),
        SyntaxKind::NEWLINE => "the end of the line".to_owned(),
        _ if text.len() > 32 || text.contains('\n') => match kind {
            SyntaxKind::STRING => "a string".to_owned(),
            SyntaxKind::INTEGER | SyntaxKind::FLOAT => "a number".to_owned(),
            _ => "a name".to_owned(),
        },
        _ => format!("`{text}`"),
    }
}

/// A kind of token as messages name it.
pub(crate) fn name_of(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::L_CURLY => "`{`",
        SyntaxKind::L_BRACK => "`[`",
        SyntaxKind::COLON => "`:`",
        SyntaxKind::IN_KW => "`in`",
        _ => "something else",
    }
}

fn bracket_text(kind: SyntaxKind) -> (&'static str, &'static str) {
    match kind {
        SyntaxKind::L_CURLY | SyntaxKind::R_CURLY => ("{", "}"),
        SyntaxKind::L_PAREN | SyntaxKind::R_PAREN => ("(", ")"),
        _ => ("[", "]"),
    }
}

/// Text of the program that a hint repeats: only where it is short and on one line.
fn quotable(text: &str) -> Option<&str> {
    (text.len() <= 40 && !text.contains('\n')).then_some(text)
}

/// The name that most likely is meant by a misspelled one.
fn respell(word: &str) -> String {
    let mut name = String::new();
    let mut before = '_';
    for letter in word.trim_matches('_').chars() {
        if letter.is_ascii_uppercase() {
            if before.is_ascii_lowercase() || before.is_ascii_digit() {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_' {
            name.push(letter);
        } else {
            name.push('x');
        }
        before = letter;
    }
    name
}

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
            let inner = word.trim_matches('\'');
            let plain = quotable(inner).filter(|inner| !inner.contains(['"', '\\', '$']));
            Diagnostic::error(codes::SINGLE_QUOTES, span, "a string between single quotes").hint(match plain {
                Some(inner) => format!("use double quotes: `\"{inner}\"`"),
                None => {
                    "use double quotes; within them, write `\\\"`, `\\\\` and `\\$` for `\"`, `\\` and `$`".to_owned()
                }
            })
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
    } else {
        "numbers are decimal, without an exponent".to_owned()
    };
    Diagnostic::error(codes::NUMBER_FORM, span, format!("`{word}` is not a number")).hint(hint)
}

/// A text beyond what places can tell.
pub(crate) fn file_size(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FILE_SIZE, span, "the file is larger than 4 GiB")
}

/// More mistakes than are told.
pub(crate) fn too_many_errors(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TOO_MANY_ERRORS, span, "too many mistakes").here("those after this place are not shown")
}

/// Something else should be here.
pub(crate) fn expected(span: Span, what: &str, found: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected {what}, found {found}")).here(format!("expected {what}"))
}

/// No statement begins here.
pub(crate) fn expected_statement(span: Span, kind: SyntaxKind, found: &str) -> Diagnostic {
    let operator = crate::ast::BinaryOp::from_kind(kind).is_some()
        || matches!(kind, SyntaxKind::ARROW | SyntaxKind::EXCEPT | SyntaxKind::ELVIS);
    if operator {
        return Diagnostic::error(codes::BROKEN_LINE, span, format!("a line begins with {found}"))
            .hint("keep an operator and its operands on one line, or give the parts names");
    }
    expected(span, "a statement", found)
}

/// The statement is complete, but its line goes on.
pub(crate) fn expected_end_of_line(span: Span, found: &str) -> Diagnostic {
    expected(span, "the end of the line", found)
}

/// A closing bracket that closes nothing.
pub(crate) fn unmatched_bracket(span: Span, bracket: &str) -> Diagnostic {
    Diagnostic::error(codes::UNMATCHED_BRACKET, span, format!("unmatched `{bracket}`")).here("closes nothing")
}

/// A bracket that nothing closes.
pub(crate) fn unclosed_bracket(
    open: Span,
    bracket: SyntaxKind,
    here: Span,
    found: &str,
    crooked: Option<(Span, Span)>,
) -> Diagnostic {
    let (opening, closing) = bracket_text(bracket);
    let diagnostic = Diagnostic::error(codes::UNCLOSED_BRACKET, open, format!("unclosed `{opening}`"))
        .here("opened here")
        .label(here, format!("expected `{closing}`, found {found}"));
    match crooked {
        Some((open, close)) => diagnostic
            .label(open, "this brace is closed…")
            .label(close, "…here, at another indentation")
            .hint("check whether a closing brace is missing between these two"),
        None => diagnostic,
    }
}

/// Too many constructs in each other.
pub(crate) fn nesting_too_deep(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(codes::NESTING_TOO_DEEP, span, "nested too deep")
        .here(format!("more than {limit} levels of brackets, blocks and operators"))
        .hint("give the inner parts names: `$part = …`")
}

/// A name that begins with a capital.
pub(crate) fn capital_name(span: Span, word: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::NAME_FORM, span, format!("{} begins with a capital", what_of(what)))
        .hint(format!("names are in lower case: `{}`", respell(word)))
}

/// A reserved word where a name is needed.
pub(crate) fn keyword_as_name(span: Span, word: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::KEYWORD_AS_NAME, span, format!("`{word}` is a reserved word"))
        .here(format!("expected {what}"))
        .hint("take another name")
}

/// A name with dashes.
pub(crate) fn dashed_name(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` is not a name"))
        .here("a dash in a name")
        .hint(format!("write `{}`; to subtract, put spaces around the `-`", word.replace('-', "_")))
}

/// A name between quotes.
pub(crate) fn quoted_name(span: Span, word: &str, what: &str) -> Diagnostic {
    let inner = word.trim_matches('"');
    let is_name = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let diagnostic = Diagnostic::error(codes::SYNTAX, span, format!("{} is written without quotes", what_of(what)));
    diagnostic.hint_opt(is_name.then(|| format!("write `{inner}`")))
}

/// "the name of a field", where a message begins with it.
fn what_of(what: &str) -> &str {
    match what {
        "a name after the dot" | "a name after the colon" => "a name",
        what => what,
    }
}

/// A variable without its `$` where it is defined.
pub(crate) fn missing_dollar_binder(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_DOLLAR, span, format!("the variable `{word}` lacks its `$`"))
        .hint(format!("write `${word}`"))
}

/// A name alone where a value should be.
pub(crate) fn bare_name(span: Span, word: &str, text: &str) -> Diagnostic {
    let nothing = matches!(word, "null" | "nil" | "none" | "undef" | "undefined");
    let diagnostic = Diagnostic::error(codes::BARE_WORD, span, format!("`{text}` is not a value"));
    match word {
        "yes" | "on" => diagnostic.hint(format!("write `true`, or `\"{word}\"` for text")),
        "no" | "off" => diagnostic.hint(format!("write `false`, or `\"{word}\"` for text")),
        _ if nothing => diagnostic.hint("there is no such value; leave the field out instead"),
        _ => diagnostic.hint(format!("write `\"{text}\"` for text, `${text}` for a variable, `{text}(…)` for a call")),
    }
}

/// `panic(…)` as a value.
pub(crate) fn panic_value(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`panic` is a statement")
        .here("expected an expression")
        .hint("put `panic(…)` on a line of its own, with the condition in its parentheses")
}

/// Brackets that hold a sequence partly on one line, partly on several.
pub(crate) fn mixed_layout(here: Span, open: Span, multi_line: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::MIXED_LAYOUT, here, "elements partly on one line, partly on several");
    if multi_line {
        diagnostic
            .here("expected the end of the line")
            .label(open, "the line ends after this bracket, so each element stands on a line of its own")
            .hint("put each element on a line of its own and a comma after each, or all on the line of the brackets")
    } else {
        diagnostic
            .here("the line ends between the brackets")
            .label(open, "the elements begin on the line of this bracket")
            .hint("end the line after the opening bracket and after the comma of each element, or not at all")
    }
}

/// A comma with nothing before it.
pub(crate) fn comma_without_element(span: Span, element: &str) -> Diagnostic {
    Diagnostic::error(codes::EXTRA_COMMA, span, format!("expected {element}, found `,`"))
        .here(format!("no {} before this comma", element.trim_start_matches("an ").trim_start_matches("a ")))
        .hint("remove the comma")
}

/// A comma after the last element on a line.
pub(crate) fn trailing_comma(span: Span) -> Diagnostic {
    Diagnostic::error(codes::EXTRA_COMMA, span, "a comma after the last element")
        .hint("remove it; only where each element stands on a line of its own, the last one has a comma too")
}

/// What a line of a resource is called.
pub(crate) const FIELD: &str = "a field of the resource";

/// The end of a line where a comma should be.
pub(crate) fn missing_comma(span: Span, element: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::MISSING_COMMA, span, format!("missing comma after {element}")).here("expected `,`");
    match element {
        FIELD => diagnostic.hint("every line of a resource ends in a comma, the last one too"),
        _ => diagnostic.hint("where each stands on a line of its own, every line ends in a comma, the last one too"),
    }
}

/// Another element where a comma should be.
pub(crate) fn missing_comma_between(span: Span, element: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_COMMA, span, format!("missing comma after {element}")).here("expected `,`")
}

/// An element is complete, but something follows.
pub(crate) fn expected_in_sequence(span: Span, close: SyntaxKind, found: &str) -> Diagnostic {
    expected(span, &format!("`,` or `{}`", bracket_text(close).1), found)
}

/// An expression that goes on in the next line.
pub(crate) fn broken_line(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BROKEN_LINE, span, "an expression goes on in the next line")
        .here("the line ends here")
        .hint("keep the expression on one line, or give its parts names")
}

/// A minus sign that sticks to the number after it.
pub(crate) fn minus_spacing(span: Span, number: &str) -> Diagnostic {
    let digits = number.trim_start_matches('-');
    Diagnostic::error(codes::MINUS_SPACING, span, format!("`{number}` is a number, not a subtraction"))
        .here("the sign belongs to the number")
        .hint(format!("to subtract, write `- {digits}` with a space"))
}

/// A sign before an expression.
pub(crate) fn negation(span: Span, sign: &str, next: SyntaxKind, text: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::NEGATION, span, format!("there is no sign `{sign}` before an expression"));
    match next {
        SyntaxKind::INTEGER | SyntaxKind::FLOAT if sign == "-" => {
            diagnostic.hint(format!("write `-{text}` without the space"))
        }
        _ if sign == "-" => diagnostic.hint("subtract from zero: `0 - …`"),
        _ => diagnostic.hint("remove it"),
    }
}

/// Comparisons in a row.
pub(crate) fn comparison_chain(span: Span, operator: &str) -> Diagnostic {
    Diagnostic::error(codes::COMPARISON_CHAIN, span, "comparisons cannot be chained")
        .here(format!("`{operator}` after another comparison"))
        .hint("compare twice: `$a < $b and $b < $c`, or use parentheses")
}

/// `=` within an expression.
pub(crate) fn equals_in_expression(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`=` in an expression").here("`=` defines").hint("to compare, write `==`")
}

/// `==` where a variable is defined.
pub(crate) fn double_equals(span: Span) -> Diagnostic {
    Diagnostic::error(codes::DOUBLE_EQUALS, span, "a variable is defined with `=`")
        .here("`==` compares")
        .hint("write `=`")
}

/// An operator of assignment.
pub(crate) fn assignment(span: Span, operator: &str, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::ASSIGNMENT, span, format!("there is no `{operator}`"));
    match operator {
        "+=" | "-=" => diagnostic.hint(format!("a variable never changes; define a new one from `{name}`")),
        _ => diagnostic.hint(format!("a variable is defined with `=`: `{name} = …`")),
    }
}

/// `a.b` where a struct is meant.
pub(crate) fn dot_for_field(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`.` after an expression")
        .hint(format!("a field of a struct is written `->{}`", quotable(field).unwrap_or("…")))
}

/// `$a.b = …`, `$a["b"] = …`
pub(crate) fn partial_assignment(span: Span) -> Diagnostic {
    Diagnostic::error(codes::ASSIGNMENT, span, "only whole variables are defined")
        .hint("a value never changes; define a new variable with the value that is meant")
}

/// A call of something that cannot be called.
pub(crate) fn called_expression(span: Span) -> Diagnostic {
    Diagnostic::error(codes::CALLED_EXPRESSION, span, "this cannot be called")
        .hint("give the function a name first: `$f = …`, then call `$f(…)`")
}

/// Something other than `=>` after a key.
pub(crate) fn missing_arrow(span: Span, found: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_ARROW, span, format!("expected `=>` after {what}, found `{found}`"))
        .hint("write `=>`")
}

/// Nothing between a key and its value.
pub(crate) fn no_arrow(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_ARROW, span, format!("missing `=>` after {what}")).here("expected `=>`")
}

/// A name as the key of a map.
pub(crate) fn unquoted_key(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_QUOTES, span, format!("the key `{word}` lacks its quotes")).hint(format!(
        "write `\"{word}\"` for a key that is text, `${word}` for a variable; a struct is written `struct{{{word} => …}}`"
    ))
}

/// `${x}` outside of a string.
pub(crate) fn braces_outside_string(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`${…}` outside of a string")
        .hint(format!("write `${}`", quotable(name).filter(|name| !name.trim().is_empty()).unwrap_or("name")))
}

/// `map{…}` as a value.
pub(crate) fn map_keyword(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`map` before a map")
        .here("a map has no word before its braces")
        .hint("write `{…}`")
}

/// A function on the spot that has a name.
pub(crate) fn named_lambda(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a function within an expression has no name")
        .hint(format!("write `func(…) {{ … }}`, or define `func {word}(…) {{ … }}` as a statement"))
}

/// A conditional expression without `else`.
pub(crate) fn missing_else(span: Span, word: Span) -> Diagnostic {
    Diagnostic::error(codes::MISSING_ELSE, span, "a conditional that is a value needs an `else`")
        .here("expected `else { … }`")
        .label(word, "this conditional is a value")
}

/// `else if`, in whatever words.
pub(crate) fn else_if(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::ELSE_IF, span, format!("there is no `{word}`"))
        .hint("put another `if` into the block: `else { if … { … } }`")
}

/// `else` on the line after the brace.
pub(crate) fn else_line(span: Span) -> Diagnostic {
    Diagnostic::error(codes::ELSE_LINE, span, "`else` on a line of its own")
        .hint("put it on the line of the closing brace: `} else {`")
}

/// `else` without `if`.
pub(crate) fn stray_else(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`else` without `if`")
}

/// An opening brace on the next line.
pub(crate) fn brace_line(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BROKEN_LINE, span, "an opening brace on a line of its own")
        .hint("put it at the end of the line before")
}

/// A definition where an expression should be.
pub(crate) fn statement_in_expression(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("a definition in the body of {what}"))
        .here("the body is a single expression")
        .hint("define the variable outside, or use a function: `func($x) { … }(…)`")
}

/// Nothing where an expression should be.
pub(crate) fn empty_block(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("the body of {what} is empty")).here("expected an expression")
}

/// More than one expression.
pub(crate) fn second_expression(span: Span, found: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected `}}`, found {found}"))
        .here(format!("the body of {what} is a single expression"))
}

/// A resource where a value should be.
pub(crate) fn edge_as_value(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a reference to a resource is no value").hint(
        "references stand in edges: `File[\"/a\"] -> File[\"/b\"]`, and after `Before`, `Notify`, `Depend`, `Listen`",
    )
}

/// A capitalised word where a value should be.
pub(crate) fn capital_value(span: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::SYNTAX, span, format!("`{word}` is not a value"));
    match word {
        "True" | "False" => diagnostic.hint(format!("write `{}`", word.to_ascii_lowercase())),
        "None" | "Null" | "Nil" => diagnostic.hint("there is no such value; leave the field out instead"),
        _ => diagnostic.hint(format!("write `\"{word}\"` for text, `${}` for a variable", respell(word))),
    }
}

/// Two statements on one line, or one on the line of the brace that closes the block.
pub(crate) fn missing_newline(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MISSING_NEWLINE, span, "a statement ends with its line")
        .here("expected the end of the line")
        .hint("put what follows on a line of its own")
}

/// `;` between statements.
pub(crate) fn semicolon(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a statement ends without `;`")
        .hint("remove it; a statement ends with its line")
}

/// `;` after a field.
pub(crate) fn semicolon_for_comma(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "expected `,`, found `;`").hint("write `,`")
}

/// A value that nobody uses.
pub(crate) fn lone_expression(span: Span, first: SyntaxKind) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::LONE_EXPRESSION, span, "an expression stands alone").here("expected a statement");
    match first {
        SyntaxKind::IDENT | SyntaxKind::MAP_KW | SyntaxKind::COLLECT_KW => {
            diagnostic.hint("functions only compute; give the result a name: `$result = …`")
        }
        _ => diagnostic.hint("give the value a name: `$name = …`"),
    }
}

/// A loop with a single variable.
pub(crate) fn one_loop_variable(span: Span, found: &str, form: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected `,`, found {found}"))
        .here("a loop has two variables")
        .hint(format!("write `{form}`"))
}

/// Text without quotes.
pub(crate) fn missing_quotes(span: Span, text: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSING_QUOTES, span, format!("{what} lacks its quotes"))
        .hint_opt(quotable(text).filter(|text| !text.contains('"')).map(|text| format!("write `\"{text}\"`")))
}

/// `a::b`
pub(crate) fn double_colon(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`::` in a name")
        .hint("the parts of a kind are joined by `:`, those of other names by `.`")
}

/// A resource without a name.
pub(crate) fn missing_name(span: Span, kind: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "the resource has no name")
        .here("expected the name")
        .hint(format!("write `{kind} \"name\" {{ … }}`"))
}

/// A resource without a body.
pub(crate) fn missing_body(span: Span, kind: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "the resource has no body")
        .here("expected `{ … }`")
        .hint(format!("write `{kind} \"name\" {{}}` where it has no fields"))
}

/// A body without its brace.
pub(crate) fn missing_brace(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNCLOSED_BRACKET, span, "missing `{` at the end of the line").here("expected `{`")
}

/// Statements in braces after a name.
pub(crate) fn headless_block(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("`{word}` begins no block of statements"))
        .hint(format!("a class is defined by `class {word} {{ … }}`"))
}

/// A field where a statement should be.
pub(crate) fn stray_field(span: Span) -> Diagnostic {
    Diagnostic::error(codes::INCOMPLETE_RESOURCE, span, "a field outside of a resource")
        .here("expected a statement")
        .hint("fields stand in the braces of a resource: `kind \"name\" { field => value, }`")
}

/// A resource in the manner of Puppet.
pub(crate) fn name_in_braces(span: Span, kind: &str, name: &str) -> Diagnostic {
    let kind = quotable(kind).unwrap_or("kind");
    let name = quotable(name).map_or_else(|| "\"name\"".to_owned(), |name| name.replace('\'', "\""));
    Diagnostic::error(codes::FOREIGN_RESOURCE, span, "the name of a resource stands before its braces")
        .here("in the manner of Puppet")
        .hint(format!("write `{kind} {name} {{`"))
}

/// A resource with two names.
pub(crate) fn second_name(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_RESOURCE, span, "a resource has one name")
        .here("a second name")
        .hint("a resource is written `kind \"name\" { … }`")
}

/// A line of a resource cannot begin so.
pub(crate) fn expected_field(span: Span, found: &str) -> Diagnostic {
    expected(span, "a field", found)
}

/// A line of a resource is complete, but something follows.
pub(crate) fn expected_after_field(span: Span, found: &str) -> Diagnostic {
    expected(span, "`,`", found)
}

/// `meta:noop`
pub(crate) fn lower_case_property(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::NAME_FORM, span, format!("`{word}` lacks its capital")).hint("write `Meta`")
}

/// `require => File["/a"]`
pub(crate) fn reference_as_field(span: Span, word: &str, next: SyntaxKind) -> Diagnostic {
    if !matches!(next, SyntaxKind::L_BRACK | SyntaxKind::COLON) {
        return Diagnostic::error(codes::SYNTAX, span, "a capitalised word is no value")
            .hint("write `\"…\"` for text, `$…` for a variable");
    }
    let property = match word {
        "require" | "depends" | "depends_on" | "after" => "Depend",
        "subscribe" | "listen" => "Listen",
        "before" => "Before",
        "notify" | "notifies" => "Notify",
        "depend" => "Depend",
        _ => {
            return edge_as_value(span);
        }
    };
    Diagnostic::error(codes::EDGE_FORM, span, format!("an edge begins with a capital: `{property}`"))
        .hint(format!("write `{property} => …`"))
}

/// `Before => [File["/a"], …]`
pub(crate) fn list_of_edges(span: Span, property: &str) -> Diagnostic {
    Diagnostic::error(codes::EDGE_FORM, span, "an edge leads to one resource here").hint(format!(
        "write a line `{property} => …,` for each, or a list of names: `{property} => File[[\"/a\", \"/b\"]],`"
    ))
}

/// `Before => "x"`
pub(crate) fn not_an_edge(span: Span, property: Span, word: &str) -> Diagnostic {
    let lower = respell(word);
    if matches!(word, "Before" | "Notify" | "Depend" | "Listen") {
        return Diagnostic::error(codes::EDGE_FORM, span, "an edge leads to a resource")
            .label(property, "this begins an edge")
            .hint(format!("write `{word} => File[\"/tmp/a\"],` or the like"));
    }
    Diagnostic::error(codes::NAME_FORM, property, "a field begins with a lower-case letter")
        .hint(format!("write `{lower}`"))
}

/// A statement between the fields of a resource.
pub(crate) fn statement_in_resource(span: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::STATEMENT_IN_RESOURCE, span, "a statement within a resource")
        .here("expected a field, an edge or `Meta`");
    match word {
        "if" => diagnostic.hint("give the field a condition: `field => $condition ?: value,`"),
        _ => diagnostic.hint("put it outside"),
    }
}

/// `File "/a" -> File "/b"`
pub(crate) fn edge_brackets(span: Span, kind: &str, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::EDGE_FORM, span, "the name of a resource in an edge stands in brackets");
    match (quotable(kind), quotable(name)) {
        (Some(kind), Some(name)) => diagnostic.hint(format!("write `{kind}[{name}]`")),
        _ => diagnostic,
    }
}

/// An edge that mixes its forms.
pub(crate) fn edge_form(span: Span, halves: usize, fields: usize) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::EDGE_FORM, span, "an edge that sends a value joins two fields");
    match (halves, fields) {
        (1, _) => diagnostic.here("expected `-> …`"),
        (2, _) => diagnostic.here("only one end names a field"),
        _ => diagnostic.here("more than two ends"),
    }
    .hint("write `Exec[\"a\"].output -> File[\"/b\"].content`, or leave the fields out to order only")
}

/// `file["/a"] -> …`
pub(crate) fn lower_case_kind(span: Span, word: &str) -> Diagnostic {
    let capitalised = |part: &str| match part.get(..1) {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), &part[1..]),
        None => String::new(),
    };
    let capital = word.split(':').map(|part| capitalised(part.trim())).collect::<Vec<_>>().join(":");
    Diagnostic::error(codes::KIND_CASE, span, "a reference to a resource begins with a capital")
        .hint(format!("write `{capital}`"))
}

/// `File "/a" {}`
pub(crate) fn capital_kind(span: Span, kind: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::KIND_CASE, span, "the kind of a resource is in lower case");
    diagnostic.hint_opt(quotable(kind).map(|kind| format!("write `{}`", kind.to_ascii_lowercase())))
}

/// `file: …`
pub(crate) fn yaml(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, "a colon after the first word of a statement")
        .here("in the manner of YAML")
        .hint("a resource is written `kind \"name\" { field => value, }`, a definition `$name = …`")
}

/// Another bracket than the one that was opened.
pub(crate) fn wrong_bracket(here: Span, found: &str, open: Span, bracket: SyntaxKind) -> Diagnostic {
    let (opening, closing) = bracket_text(bracket);
    Diagnostic::error(codes::UNMATCHED_BRACKET, here, format!("expected `{closing}`, found {found}"))
        .here("another bracket")
        .label(open, format!("`{opening}` was opened here"))
}

/// A statement of another language.
pub(crate) fn foreign_statement(span: Span, word: &str, hint: &str) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, format!("there is no `{word}`")).hint(hint)
}

/// `-> int` or `: int` after parameters.
pub(crate) fn result_arrow(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, format!("`{found}` before the type of the result"))
        .hint("the type follows the parentheses at once: `func f($x int) int { … }`")
}

/// `$x: int`
pub(crate) fn colon_before_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "`:` before a type").hint("the type follows the name at once: `$x int`")
}

/// A name where a type should be.
pub(crate) fn unknown_type(span: Span, word: &str) -> Diagnostic {
    let lower = word.to_ascii_lowercase();
    let known = match lower.as_str() {
        "string" | "text" => Some("str"),
        "integer" | "number" | "int64" | "uint" | "int32" => Some("int"),
        "boolean" => Some("bool"),
        "double" | "float64" | "real" => Some("float"),
        "list" | "array" => Some("[]str"),
        "dict" | "hash" | "object" => Some("map{str: str}"),
        "any" => Some("variant"),
        other => similar_type(other),
    };
    let diagnostic = Diagnostic::error(codes::TYPE_FORM, span, format!("there is no type `{word}`"));
    match known {
        Some(known) => diagnostic.hint(format!("did you mean `{known}`?")),
        None => {
            diagnostic.hint("the types are `bool`, `str`, `int`, `float`, `[]…`, `map{…: …}`, `struct{…}`, `func(…) …`")
        }
    }
}

/// The type whose name is like a word and begins with the same letter.
fn similar_type(word: &str) -> Option<&'static str> {
    let types = ["bool", "str", "int", "float", "map", "struct", "func", "variant"];
    closest(word, types.into_iter().filter(|name| name.as_bytes().first() == word.as_bytes().first()))
}

/// `[int]`
pub(crate) fn list_type(span: Span, element: &str) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the type of the elements stands after the brackets")
        .hint(format!("write `[]{}`", quotable(element).unwrap_or("…")))
}

/// `map[str]int`
pub(crate) fn map_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the types of a map stand in braces, with a colon between")
        .hint("write `map{str: int}`")
}

/// `struct{a int, b str}`
pub(crate) fn comma_in_struct_type(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the fields of a struct type are separated by `;`").hint("write `;`")
}

/// `struct{a int;}`
pub(crate) fn trailing_semicolon(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "expected a field after `;`").hint("remove the last `;`")
}

/// `func(int)` without a result.
pub(crate) fn missing_result(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_FORM, span, "the type of the function has no result")
        .here("expected a type")
        .hint("write the type of the result after the parentheses: `func(int) str`")
}

/// The same field twice in a struct type.
pub(crate) fn duplicate_type_field(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_TYPE_FIELD, span, format!("the type has two fields `{name}`"))
        .here("the second one")
        .label(first, "the first one")
}

/// The same argument twice in a function type.
pub(crate) fn duplicate_type_argument(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_TYPE_ARGUMENT, span, format!("the type has two arguments `${name}`"))
        .here("the second one")
        .label(first, "the first one")
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
