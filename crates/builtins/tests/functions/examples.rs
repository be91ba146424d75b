//! The documentation of every function has an example, and what an example says of a result is true.

use crate::evaluate::Program;
use crate::{found, kinds};
use std::fmt::Write as _;

/// The lines of the examples in a documentation text.
fn examples(docs: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in docs.lines() {
        match line {
            "```mcl" => inside = true,
            "```" => inside = false,
            line if inside => lines.push(line),
            _ => {}
        }
    }
    lines
}

#[test]
fn every_function_has_a_summary_and_an_example() {
    for function in builtins::functions() {
        let (name, docs) = (function.schema.full_name(), function.schema.docs);
        let mut lines = docs.lines();
        let summary = lines.next().unwrap_or_default();
        assert!(summary.ends_with(['.', '?']), "{name}: the first line is no sentence: {summary}");
        assert_eq!(lines.next().unwrap_or_default(), "", "{name}: the first line does not stand alone");
        assert!(!examples(docs).is_empty(), "{name}: no example");
        for param in function.schema.params {
            assert!(!param.docs.is_empty(), "{name}: `{}` has no documentation", param.name);
        }
    }
}

#[test]
fn every_result_in_an_example_is_true() {
    let (mut failures, mut results) = (String::new(), 0);
    for function in builtins::functions() {
        let mut program = Program { base: "/".to_owned(), ..Program::default() };
        for line in examples(function.schema.docs) {
            if let Some(module) = line.strip_prefix("import ") {
                program.imports.push(module.trim_matches('"').to_owned());
                continue;
            }
            let want = ["# => ", "# !> "].into_iter().find_map(|marker| {
                line.split_once(marker).map(|(expression, want)| (expression, format!("{}{want}", &marker[2..])))
            });
            let Some((expression, want)) = want else { continue };
            results += 1;
            let found = match program.line(expression) {
                Ok((outcome, "")) => found(&outcome),
                Ok((_, rest)) => format!("`{rest}` was not read"),
                Err(error) => error,
            };
            if found != want {
                _ = writeln!(failures, "{}: {line}\n    found {found}", function.schema.full_name());
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(results > 100, "only {results} results");
}

#[test]
fn every_example_is_a_program() {
    let catalog = builtins::catalog(kinds::KINDS);
    let mut failures = String::new();
    for function in builtins::functions() {
        let program = program(function.schema.module, &examples(function.schema.docs));
        let mut sources = span::SourceMap::default();
        let mut world = hir::Memory::new([("main.mcl", program.as_str())]);
        let main = world.open(&mut sources, "main.mcl").expect("the file that is there");
        let lowered = hir::lower(&mut world, &catalog, &mut sources, &main);
        let mut diagnostics = lowered.diagnostics;
        if diagnostics.is_empty() {
            diagnostics = infer::infer(&lowered.program, &catalog).diagnostics;
        }
        for diagnostic in diagnostics {
            _ = writeln!(failures, "{}: {diagnostic:?}\n{program}", function.schema.full_name());
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// An example as a program. Lines with results stand for themselves, so they get the import, a name and a use.
fn program(module: &str, lines: &[&str]) -> String {
    let mut program = String::new();
    let imports = lines.iter().any(|line| line.starts_with("import "));
    if !imports && !module.is_empty() {
        _ = writeln!(program, "import \"{module}\"");
    }
    for (at, line) in lines.iter().enumerate() {
        let has_result = line.contains("# => ") || line.contains("# !> ");
        let rest = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let is_call = rest.len() < line.len() && rest.starts_with('.');
        // `panic` is a statement, everything else with a result an expression.
        let is_expression = (has_result || is_call) && !line.starts_with('$') && !line.starts_with("panic(");
        if is_expression {
            _ = writeln!(program, "$line{at} = {line}\nsink \"{at}\" {{\n\tvalue => $line{at},\n}}");
            continue;
        }
        _ = writeln!(program, "{line}");
        // What has no effect is not checked.
        if let Some((name, _)) = line.strip_prefix('$').and_then(|it| it.split_once([' ', '='])) {
            let last = lines[at..].iter().position(|it| it.is_empty()).unwrap_or(lines.len() - at) == 1;
            let whole = last || !line.ends_with(['{', '(', '[']);
            if whole {
                _ = writeln!(program, "sink \"{name}\" {{\n\tvalue => ${name},\n}}");
            }
        }
    }
    program
}
