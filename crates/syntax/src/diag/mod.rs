//! The messages of the lexer and the parser.
//!
//! One function per message, so that the words can be read side by side.

mod resources;
mod tokens;
mod types;

pub(crate) use resources::*;
pub(crate) use tokens::*;
pub(crate) use types::*;

use diag::Diagnostic;
use diag::codes::syntax as codes;
use span::Span;

use crate::kind::SyntaxKind;

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

/// A text beyond what places can tell.
pub(crate) fn file_size(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FILE_SIZE, span, "the file is larger than 4 GiB")
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
    let arrow = found == "`=>`";
    expected(span, "the end of the line", found)
        .hint_opt(arrow.then_some("a function without a name is written `func($x) { … }`, a map `{key => value}`"))
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

/// `func $f()`
pub(crate) fn dollar_in_name(span: Span, word: &str, what: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("{} is written without `$`", what_of(what)))
        .hint(format!("write `{word}`"))
}

/// `$list.0`
pub(crate) fn dot_index(span: Span, index: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected a name after the dot, found `{index}`"))
        .hint(format!("an element of a list is written `[{index}]`"))
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
        "lambda" => diagnostic.hint("a function without a name is written `func($x) { … }`"),
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

/// `"text".method(…)`
pub(crate) fn method(span: Span, method: &str, here: Option<&str>) -> Diagnostic {
    let pass = || format!("pass the value to a function of a module: `module.{method}(…)`");
    Diagnostic::error(codes::CALLED_EXPRESSION, span, "values have no functions of their own")
        .hint(here.map_or_else(pass, str::to_owned))
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

/// A value that nobody uses.
pub(crate) fn lone_expression(span: Span, first: SyntaxKind, word: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::LONE_EXPRESSION, span, "an expression stands alone").here("expected a statement");
    let stops = matches!(word, "fail" | "die" | "error" | "raise" | "throw" | "abort" | "exit");
    match first {
        SyntaxKind::IDENT if stops => diagnostic.hint("to stop the program, write `panic(condition, \"message\")`"),
        SyntaxKind::IDENT | SyntaxKind::MAP_KW | SyntaxKind::COLLECT_KW => diagnostic
            .hint("functions only compute; give the result a name: `$result = …`")
            .hint_opt(quotable(word).map(|word| {
                format!("a class is used by `include {word}(…)`, a resource is written `{word} \"name\" {{ … }}`")
            })),
        _ => diagnostic.hint("give the value a name: `$name = …`"),
    }
}

/// A loop with a single variable.
pub(crate) fn one_loop_variable(span: Span, found: &str, form: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected `,`, found {found}"))
        .here("a loop has two variables")
        .hint(format!("write `{form}`"))
}

/// `for ($a, $b in …)`
pub(crate) fn loop_parentheses(span: Span, form: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a loop has no parentheses").hint(format!("write `{form} {{ … }}`"))
}

/// `for $a, $b of …`
pub(crate) fn loop_word(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected `in`, found {found}")).hint("write `in`")
}

/// `class { "web": … }`
pub(crate) fn class_as_resource(span: Span, name: &str) -> Diagnostic {
    let name = name.trim_matches('"');
    let diagnostic = Diagnostic::error(codes::FOREIGN_STATEMENT, span, "a class is not used like a resource")
        .here("in the manner of Puppet");
    diagnostic.hint(format!("write `include {}(…)`", quotable(name).unwrap_or("name")))
}

/// `class a inherits b`
pub(crate) fn inherits(span: Span, base: &str) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, "there is no `inherits`")
        .hint(format!("include the other class in the body: `include {}`", quotable(base).unwrap_or("base")))
}

/// `include a:b`, `include a::b`
pub(crate) fn colon_in_include(span: Span, outer: &str) -> Diagnostic {
    let outer = quotable(outer).unwrap_or("base");
    Diagnostic::error(codes::SYNTAX, span, "`:` in the name of a class that is included")
        .hint(format!("include the outer class under an alias, `include {outer} as {outer}`, then `include {outer}.…`"))
}

/// `import ("a"; "b")`
pub(crate) fn import_list(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a list of imports")
        .here("expected the path of a module")
        .hint("write a line for each: `import \"fmt\"`")
}

/// `f(name = value)`
pub(crate) fn named_argument(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "arguments have no names").hint("write the values alone, in their order")
}

/// `(1, 2)`
pub(crate) fn list_in_parentheses(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "a list between parentheses").hint("lists stand between brackets: `[…, …]`")
}

/// `return $x` in a body.
pub(crate) fn return_in_body(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "there is no `return`")
        .hint("remove it: the body of a function is an expression, which is its result")
}

/// `$x++`
pub(crate) fn increment(span: Span, sign: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("there is no operator `{sign}{sign}`"))
        .hint(format!("a value never changes; write `… {sign} 1`"))
}

/// `a ** b`
pub(crate) fn power(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "there is no operator `**`").hint("`import \"math\"` and call `math.pow`")
}

/// `$a . "b"`
pub(crate) fn dot_joins(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`.` between values").hint("texts are joined by `+`")
}

/// `::name`
pub(crate) fn leading_colons(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`::` before a name")
        .hint("write the name alone; names are looked up from the inside out")
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

/// A body without its brace.
pub(crate) fn missing_brace(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNCLOSED_BRACKET, span, "missing `{` at the end of the line").here("expected `{`")
}

/// Statements in braces after a name.
pub(crate) fn headless_block(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("`{word}` begins no block of statements"))
        .hint(format!("a class is defined by `class {word} {{ … }}`"))
}

/// `$a, $b = …`
pub(crate) fn several_variables(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "several variables on one line")
        .here("expected `=`")
        .hint("define each on a line of its own")
}

/// `include web { … }`
pub(crate) fn include_in_braces(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "the arguments of a class stand in parentheses")
        .hint(format!("write the values alone, in their order: `include {}(…)`", quotable(name).unwrap_or("name")))
}

/// `include a, b`
pub(crate) fn include_list(span: Span, next: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "one class is included at a time")
        .hint(format!("write another line: `include {}`", quotable(next).unwrap_or("name")))
}

/// `File { owner => … }`
pub(crate) fn defaults_of_kind(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, "there are no defaults for the fields of a kind")
        .here("in the manner of Puppet")
        .hint("give the value a name, `$owner = \"root\"`, and write the field in each resource")
}

/// `class web($port = 80)`
pub(crate) fn default_argument(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "parameters have no default values")
        .here("expected `,` or `)`")
        .hint("whoever includes or calls it gives every value; a constant may be a variable outside: `$port = 80`")
}

/// `class web(String $name)`
pub(crate) fn type_before_name(span: Span, ty: &str, name: &str) -> Diagnostic {
    let known = match ty.to_ascii_lowercase().as_str() {
        "string" | "str" => Some("str"),
        "integer" | "int" | "number" => Some("int"),
        "boolean" | "bool" => Some("bool"),
        "float" | "double" => Some("float"),
        _ => None,
    };
    Diagnostic::error(codes::TYPE_FORM, span, "a type stands after the name").hint(match known {
        Some(known) => format!("write `${name} {known}`, or `${name}` alone"),
        None => format!("write `${name}` alone: the type is found out"),
    })
}

/// `{{ name }}`
pub(crate) fn double_braces(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`{{ … }}` is no value")
        .here("in the manner of Jinja")
        .hint(format!("write `${name}`; in a string, `${{{name}}}`"))
}

/// `[]string{…}`, `map[string]int{…}`
pub(crate) fn typed_literal(span: Span, map: bool) -> Diagnostic {
    let (what, form) = if map { ("map", "{\"a\" => 1}") } else { ("list", "[1, 2]") };
    Diagnostic::error(codes::SYNTAX, span, format!("a {what} is written without its type"))
        .here("in the manner of Go")
        .hint(format!("write `{form}`"))
}

/// `[x for x in …]`
pub(crate) fn comprehension(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "`for` is a statement")
        .here("expected an expression")
        .hint("to make a list of a list, `import \"iter\"` and call `iter.map($list, func($x) { … })`")
}

/// `str(…)`, `int(…)`, `Integer(…)`
pub(crate) fn type_as_function(span: Span, word: &str) -> Diagnostic {
    let hint = match word.to_ascii_lowercase().as_str() {
        "int" | "integer" => "`import \"convert\"` and call `convert.str_to_int`, or `convert.to_int` for a float",
        "float" => "`import \"convert\"` and call `convert.str_to_float`, or `convert.to_float` for an int",
        "bool" | "boolean" => "`import \"convert\"` and call `convert.parse_bool`",
        _ => "`import \"fmt\"` and call `fmt.printf(\"%d\", …)` for an int, `fmt.printf(\"%v\", …)` for anything",
    };
    Diagnostic::error(codes::SYNTAX, span, format!("`{word}` is a type, which cannot be called")).hint(hint)
}

/// `$a not in $b`
pub(crate) fn not_in(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "there is no operator `not in`").hint("write `not ($value in $list)`")
}

/// `$a is $b`
pub(crate) fn is_operator(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "there is no operator `is`").hint("to compare, write `==`")
}

/// `$list[0:2]`
pub(crate) fn slice(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, "there are no slices")
        .here("expected the closing bracket")
        .hint("an element is `$list[0]`; a part of a text is `strings.substr`, after `import \"strings\"`")
}

/// `$1`, `$(…)`
pub(crate) fn shell_variable(span: Span, command: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::SYNTAX, span, "a variable has a name");
    if command {
        return diagnostic.here("in the manner of a shell").hint(
            "what a command prints is `os.system(\"command\")`, after `import \"os\"`; a fact has a function of its own",
        );
    }
    diagnostic.here("a number").hint("the arguments of the program are `os.args()`, after `import \"os\"`")
}

/// `if $x:`, `if $x; then`
pub(crate) fn block_in_braces(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, span, format!("expected `{{`, found {found}"))
        .here("expected `{`")
        .hint("a block stands between braces: `{` at the end of this line, `}` on a line of its own")
}

/// `file: …`
pub(crate) fn yaml(span: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, "a statement in the form of another language")
        .here("as in YAML or Python")
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

/// `for x in a b; do … done`
pub(crate) fn shell_block(span: Span, word: &str, begin: &str) -> Diagnostic {
    let form = match (begin, word) {
        ("then", _) => "a block stands between braces: `if … { … } else { … }`",
        (_, "for") => "a loop over a list is `for $index, $value in [\"a\", \"b\"] { … }`",
        _ => "there are no such loops; `for` and `forkv` go over lists and maps",
    };
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, format!("`{word} … {begin}` is written otherwise"))
        .hint(form)
        .hint("commands of a shell belong into the `cmd` of an `exec`, with `shell => \"/bin/sh\"`")
}

/// `greet() {`
pub(crate) fn shell_function(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_STATEMENT, span, "a function is defined by `func`")
        .hint(format!("write `func {name}() {{ … }}`; its body is a single expression, which is its result"))
        .hint("commands of a shell belong into the `cmd` of an `exec`, with `shell => \"/bin/sh\"`")
}
