//! Large programs and programs that grow when they run: what they cost. With `--nocapture`, processor times are shown.

#![expect(clippy::print_stderr, reason = "the times are for people who ask for them")]

use flow::Graph;
use hir::Memory;
use infer::Typed;
use span::SourceMap;
use std::time::Duration;

struct Outcome {
    typed: Typed,
    graph: Option<Graph>,
    refused: Vec<String>,
    took: Duration,
}

/// How long this thread has run on a processor: what others do on the machine does not count.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0))
}

fn run(what: &str, text: String) -> Outcome {
    let catalog = builtins::catalog(kinds::ALL);
    let mut world = Memory::new([("main.mcl", text)]);
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").expect("it is there");
    let start = processor_time();
    let lowered = hir::lower(&mut world, &catalog, &mut sources, &main);
    let resolved = processor_time() - start;
    assert!(lowered.is_ok(), "{what}: {:?}", lowered.diagnostics.first());
    let start = processor_time();
    let typed = infer::infer(&lowered.program, &catalog);
    let inferred = processor_time() - start;
    let start = processor_time();
    let (graph, more) = match typed.is_ok() {
        true => {
            let (graph, more) = flow::lower(&lowered.program, &typed, &catalog);
            (Some(graph), more)
        }
        false => (None, Vec::new()),
    };
    let flowed = processor_time() - start;
    eprintln!("{what}: text to names {resolved:?}, types {inferred:?}, graph {flowed:?}");
    let refused = typed.diagnostics.iter().chain(&more).map(|it| it.message.clone()).collect();
    Outcome { typed, graph, refused, took: inferred + flowed }
}

/// Far more than any of this takes, even where it is not optimised and the machine is busy: what grows without bound takes
/// longer.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn ten_thousand_resources_are_checked() {
    let mut text = String::from("import \"fmt\"\n$base = \"/tmp\"\n$mode = \"0644\"\n");
    for number in 0..10_000 {
        text.push_str(&format!(
            "file \"${{base}}/{number}\" {{\n\tstate => $const.res.file.state.exists,\n\tcontent => fmt.printf(\"%d of %s\\n\", {number}, $base),\n\tmode => $mode,\n}}\n"
        ));
    }
    let outcome = run("10,000 resources", text);
    assert_eq!(outcome.refused, Vec::<String>::new());
    let graph = outcome.graph.expect("it is well typed");
    let root = &graph.bodies[graph.root.expect("a program has a main body")];
    assert_eq!(root.templates.len(), 10_000);
    assert!(root.nodes.iter().all(|node| matches!(node.op, flow::Op::Constant(_))), "everything is known");
}

#[test]
fn ten_thousand_includes_of_one_class_have_one_set_of_types() {
    let mut text = String::from(
        "import \"fmt\"\nclass one($number int, $name) {\n\t$path = \"/tmp/${name}\"\n\tfile \"${path}\" {\n\t\tcontent => fmt.printf(\"%d\", $number + 1),\n\t}\n}\n",
    );
    for number in 0..10_000 {
        text.push_str(&format!("include one({number}, \"x{number}\")\n"));
    }
    let outcome = run("10,000 includes", text);
    assert_eq!(outcome.refused, Vec::<String>::new());
    assert_eq!(outcome.typed.frames().count(), 2);
}

/// `f0` to `f30`, each of which calls the one before it twice.
fn doubling(argument: &str, last: &str) -> String {
    let mut text = "func f0($x) { $x + 1 }\n".to_owned();
    for level in 1..=30 {
        text.push_str(&format!("func f{level}($x) {{ f{0}($x) + f{0}({argument}) }}\n", level - 1));
    }
    text + last
}

#[test]
fn calls_that_double_thirty_times_share_what_is_equal() {
    let outcome = run("doubling calls", doubling("$x", "test \"a\" {\n\tint64 => f30(1),\n}\n"));
    assert_eq!(outcome.refused, Vec::<String>::new());
    assert_eq!(outcome.typed.frames().count(), 32);
    assert!(outcome.took < PATIENCE);
}

#[test]
fn calls_with_an_unknown_type_share_instances_too() {
    let outcome =
        run("doubling in a lambda", doubling("$x", "$f = func($y) { f30($y) }\ntest \"a\" {\n\tint64 => $f(1),\n}\n"));
    assert_eq!(outcome.refused, Vec::<String>::new());
    assert!(outcome.took < PATIENCE);
}

#[test]
fn calls_that_really_double_are_refused() {
    let text =
        "import \"datetime\"\n".to_owned() + &doubling("$x + 1", "test \"a\" {\n\tint64 => f30(datetime.now()),\n}\n");
    let outcome = run("truly doubling calls", text);
    assert_eq!(outcome.refused, ["this call expands to more than 10000000 values"]);
    assert!(outcome.took < PATIENCE);
}

#[test]
fn includes_that_double_are_refused() {
    let classes = (1..=30).map(|n| format!("class c{n} {{\n\tinclude c{0}\n\tinclude c{0}\n}}\n", n - 1));
    let text = format!("class c0 {{\n}}\n{}include c30\n", classes.collect::<String>());
    let outcome = run("includes that double", text);
    assert_eq!(outcome.refused, ["the program includes more than 500000 classes"]);
    assert!(outcome.took < PATIENCE);
}

#[test]
fn types_that_really_double_are_refused() {
    let mut text = String::from("$x0 = 1\n");
    for level in 1..60 {
        text.push_str(&format!("$x{level} = struct{{a => $x{0}, b => $x{0}}}\n", level - 1));
    }
    text.push_str("test \"a\" {\n\tinterface => $x59,\n}\n");
    let outcome = run("doubling types", text);
    assert_eq!(outcome.refused, ["the type of this is too large or nested too deeply"]);
}

#[test]
fn lists_that_nest_without_bound_are_refused() {
    let mut text = String::from("import \"fmt\"\n$x0 = 1\n");
    for level in 1..5_000 {
        text.push_str(&format!("$x{level} = [$x{}]\n", level - 1));
    }
    text.push_str("test \"a\" {\n\tanotherstr => fmt.printf(\"%v\", $x4999),\n}\n");
    let outcome = run("nested lists", text);
    assert_eq!(outcome.refused, ["the type of this is too large or nested too deeply"]);
    assert!(outcome.took < PATIENCE);
}

#[test]
fn a_chain_of_ten_thousand_binds_is_no_deeper_than_one() {
    let mut text = String::from("$x0 = 1\n");
    for level in 1..10_000 {
        text.push_str(&format!("$x{level} = $x{} + 1\n", level - 1));
    }
    text.push_str("test \"a\" {\n\tint64 => $x9999,\n}\n");
    let outcome = run("10,000 binds", text);
    assert_eq!(outcome.refused, Vec::<String>::new());
}

#[test]
fn a_chain_of_two_thousand_functions_is_no_deeper_than_one() {
    let mut text = String::from("func f0($x) { $x + 1 }\n");
    for level in 1..2_000 {
        text.push_str(&format!(
            "func f{level}($x) {{ if $x > 0 {{ f{0}($x) }} else {{ f{0}($x + 1) }} }}\n",
            level - 1
        ));
    }
    text.push_str("import \"datetime\"\ntest \"a\" {\n\tint64 => f1999(datetime.now()),\n}\n");
    let outcome = run("2,000 functions", text);
    // Each has two calls of the next one, but only one of them at a time.
    assert_eq!(outcome.refused, Vec::<String>::new());
}
