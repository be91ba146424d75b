//! Whatever the spaces, rows and comments of a program: formatting keeps it and does not change it twice.

use fmt::format;
use proptest::collection::vec;
use proptest::prelude::*;
use span::FileId;

/// White space within a row.
fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(" "), Just("  "), Just("\t")]
}

/// White space that may be nothing.
fn optional_gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just(" "), Just(" \t ")]
}

/// The end of a row: with or without a comment, and rows after it that hold at most a comment.
fn end_of_row() -> impl Strategy<Value = String> {
    let row = prop_oneof![4 => Just("\n"), 1 => Just("\n\n"), 1 => Just(" # a\n"), 1 => Just("#b \n\t# c\n"), 1 => Just("\n\n\n#\n")];
    (optional_gap(), row).prop_map(|(gap, row)| format!("{gap}{row}"))
}

/// Elements between brackets in one of the two forms.
fn sequence(open: &'static str, close: &'static str, element: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let single = (vec(element.clone(), 0..3), optional_gap(), optional_gap())
        .prop_map(move |(elements, a, b)| format!("{open}{a}{}{b}{close}", elements.join(&format!("{a},{b}"))));
    let rows = (end_of_row(), vec((element, end_of_row()), 0..3)).prop_map(move |(first, elements)| {
        let elements: String = elements.iter().map(|(element, end)| format!("{element},{end}")).collect();
        format!("{open}{first}{elements}{close}")
    });
    prop_oneof![single, rows].boxed()
}

/// An expression between braces in one of the two forms.
fn block(inner: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let single = (optional_gap(), inner.clone()).prop_map(|(gap, inner)| format!("{{{gap}{inner}{gap}}}"));
    let rows = (end_of_row(), inner, end_of_row()).prop_map(|(a, inner, b)| format!("{{{a}{inner}{b}}}"));
    prop_oneof![single, rows].boxed()
}

fn expression() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("true"),
        Just("42"),
        Just("-007"),
        Just("1.50"),
        Just("\"a\\\"b${c}\""),
        Just("\"x\n\t# y\""),
        Just("$x"),
        Just("$a.b"),
        Just("f()"),
    ];
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let inner = inner.boxed();
        let entry =
            (inner.clone(), gap(), inner.clone()).prop_map(|(key, gap, value)| format!("{key}{gap}=>{gap}{value}"));
        let field = (gap(), inner.clone()).prop_map(|(gap, value)| format!("name{gap}=>{gap}{value}"));
        let call = sequence("f(", ")", inner.clone());
        let method = (sequence("$f(", ")", inner.clone()), gap()).prop_map(|(call, gap)| format!("not{gap}{call}"));
        let operator = prop_oneof![Just("+"), Just("*"), Just("and"), Just("or"), Just("<|>")];
        prop_oneof![
            sequence("[", "]", inner.clone()),
            sequence("{", "}", entry.boxed()),
            sequence("struct{", "}", field.boxed()),
            call,
            method,
            (inner.clone(), gap(), operator, inner.clone()).prop_map(|(a, gap, op, b)| format!("{a}{gap}{op}{gap}{b}")),
            (inner.clone(), optional_gap()).prop_map(|(inner, gap)| format!("({gap}{inner}{gap})")),
            (inner.clone(), optional_gap(), inner.clone())
                .prop_map(|(a, gap, b)| format!("({a}){gap}[{gap}{b}]{gap}->c")),
            (sequence("func(", ")", Just("$x  int".to_owned()).boxed()), block(inner.clone()))
                .prop_map(|(params, body)| format!("{params} str{body}")),
            (inner.clone(), block(inner.clone()), block(inner))
                .prop_map(|(condition, a, b)| format!("if {condition} {a}else{b}")),
        ]
        .boxed()
    })
    .boxed()
}

fn statement() -> BoxedStrategy<String> {
    let field = (optional_gap(), expression(), end_of_row());
    let field = field.prop_map(|(gap, value, end)| format!("field{gap}=>{gap}$c{gap}?:{gap}{value}{gap},{end}"));
    let leaf = prop_oneof![
        (optional_gap(), expression()).prop_map(|(gap, value)| format!("$x{gap}={gap}{value}")),
        (gap(), expression()).prop_map(|(gap, value)| format!("$x{gap}map{{str:int}}{gap}={gap}{value}")),
        (expression(), end_of_row(), vec(field, 0..3))
            .prop_map(|(name, end, fields)| format!("a:b {name} {{{end}{}}}", fields.concat())),
        sequence("include c (", ")", expression()).prop_map(|include| format!("{include} as d")),
        expression().prop_map(|name| format!("A : B [ {name} ]->C[\"d\"]")),
        sequence("func f(", ")", Just("$a".to_owned()).boxed()).prop_map(|head| format!("{head}{{1}}")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let rows = vec((inner, end_of_row()), 0..3);
        let rows =
            rows.prop_map(|rows| rows.iter().map(|(statement, end)| format!("{statement}{end}")).collect::<String>());
        let body = (end_of_row(), rows).prop_map(|(end, rows)| format!("{{{end}{rows}}}")).boxed();
        prop_oneof![
            (expression(), body.clone(), body.clone())
                .prop_map(|(condition, a, b)| format!("if {condition} {a} else {b}")),
            (expression(), body.clone()).prop_map(|(list, body)| format!("for $i,$v in {list}{body}")),
            body.prop_map(|body| format!("class a:b{body}")),
        ]
        .boxed()
    })
    .boxed()
}

fn program() -> impl Strategy<Value = String> {
    let rows = vec((statement(), end_of_row()), 0..4);
    rows.prop_map(|rows| rows.iter().map(|(statement, end)| format!("{statement}{end}")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_formatted_program_is_the_same_and_stays_as_it_is(text in program()) {
        // `format` compares the meaning and the comments itself.
        let formatted = format(FileId(0), &text).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let again = format(FileId(0), &formatted.text).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        prop_assert!(!again.changed, "{}", again.text);
        prop_assert!(formatted.text.lines().filter(|line| line.starts_with(' ')).count() == 0, "{}", formatted.text);
    }
}
