//! Programs that are large, deep or in a circle: lowering neither crashes nor takes long, and its result leads nowhere twice.

use hir::{ExprKind, Lowered, Memory, Program, Statement, Variable};
use span::SourceMap;
use std::fmt::Write as _;

fn lower<P: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Lowered {
    let mut world = Memory::new(files.into_iter().map(|(path, text)| (path, text.into())));
    let mut sources = SourceMap::default();
    let main = world.open(&mut sources, "main.mcl").expect("a program has a main.mcl");
    hir::lower(&mut world, &builtins::catalog(&[]), &mut sources, &main)
}

fn lower_main(text: impl Into<String>) -> Lowered {
    lower([("main.mcl", text)])
}

fn messages(lowered: &Lowered) -> Vec<&str> {
    lowered.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect()
}

fn depth(program: &Program, id: hir::ExprId) -> usize {
    let mut deepest = 0;
    let mut waiting = vec![(id, 1)];
    while let Some((id, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        if let ExprKind::Call { args, .. } = &program.exprs[id].kind {
            waiting.extend(args.iter().map(|arg| (*arg, depth + 1)));
        }
    }
    deepest
}

#[test]
fn what_the_parser_lets_through_is_never_too_deep() {
    for depth in [10, 250, 256, 1000, 10_000] {
        lower_main(format!("$x = {}1{}\n", "[".repeat(depth), "]".repeat(depth)));
        lower_main(format!("$x = {}1{}\n", "(".repeat(depth), ")".repeat(depth)));
        lower_main(format!("$x = 1{}\n", " + 1".repeat(depth)));
        lower_main(format!("$x = {}true\n", "not ".repeat(depth)));
        lower_main(format!("$x = {}1{}\n", "func() { ".repeat(depth), " }".repeat(depth)));
        lower_main(format!("{}{}", "if true {\n".repeat(depth), "}\n".repeat(depth)));
        lower_main(format!("{}{}", "for $i, $x in [1] {\n".repeat(depth), "}\n".repeat(depth)));
        lower_main(format!("{}{}include c as c\n", "class c {\n".repeat(depth), "include c\n}\n".repeat(depth)));
        lower_main(format!("$x {}int = 1\n", "[]".repeat(depth)));
    }
}

#[test]
fn a_string_of_many_pieces_is_not_nested_deeply() {
    let lowered = lower_main(format!("$a = \"a\"\n$x = \"{}\"\n", "${a} ".repeat(50_000)));
    assert_eq!(messages(&lowered), [""; 0]);
    let (_, bind) = lowered.program.binds.iter().find(|(_, bind)| bind.name == "x").expect("is defined");
    assert!(depth(&lowered.program, bind.value) < 20);
}

#[test]
fn long_circles_are_found() {
    let count = 10_000;
    let mut text = String::new();
    for at in 0..count {
        let _ = writeln!(text, "$x{at} = [$x{}]", (at + 1) % count);
    }
    let lowered = lower_main(text);
    assert_eq!(messages(&lowered), ["`$x0` needs itself"]);
}

#[test]
fn after_lowering_nothing_leads_back_to_itself() {
    let lowered = lower_main(
        "$a = $b\n$b = $c.y\nclass c($p) {\n\t$y = $p\n\tinclude c($y)\n}\ninclude c($a) as c\nfunc f() { f() }\n",
    );
    assert!(lowered.diagnostics.len() >= 2, "{:?}", messages(&lowered));
    let program = &lowered.program;
    for (_, class) in program.classes.iter() {
        assert!(!class.block.statements.iter().any(|statement| matches!(statement, Statement::Include(_))));
    }
    let [a, b] = ["a", "b"].map(|name| {
        let (id, _) = program.binds.iter().find(|(_, bind)| bind.name == name).expect("is defined");
        id
    });
    let refers = |from: hir::BindId, to: hir::BindId| match &program.exprs[program.binds[from].value].kind {
        ExprKind::Variable(reference) => matches!(reference.target, Variable::Bind(bind) if bind == to),
        _ => false,
    };
    assert!(!refers(a, b) || !refers(b, a));
    assert!(matches!(program.exprs[program.functions.values().next().expect("f").body].kind, ExprKind::Error));
}

#[test]
fn aliases_that_lead_through_each_other_are_followed_to_a_limit() {
    let mut text = String::from("class c {\n\tclass c {}\n\tinclude c as i\n}\ninclude c as i0\n");
    for at in 1..300 {
        let _ = writeln!(text, "class c{at} {{\n\tinclude i{}.i as i\n}}\ninclude c{at} as i{at}", at - 1);
    }
    lower_main(text);
    let mut text = String::from("include i0.c as last\n");
    for at in 0..10_000 {
        let _ = writeln!(text, "include i{}.c as i{at}", at + 1);
    }
    let lowered = lower_main(text);
    assert!(messages(&lowered).contains(&"too many includes lead through each other"));
}

#[test]
fn modules_in_long_chains_and_circles_are_read_once() {
    let count = 2_000;
    let module = |at: usize| (format!("m{at}.mcl"), format!("import \"m{}.mcl\" as *\n$x{at} = 1\n", (at + 1) % count));
    let main = |text: &str| ("main.mcl".to_owned(), text.to_owned());
    let files = (0..count).map(module).chain([main("import \"m0.mcl\"\ntest \"x\" {\n\tint64 => $m0.x7,\n}\n")]);
    let lowered = lower(files);
    assert_eq!(messages(&lowered), ["modules import each other in a circle"]);
    assert_eq!(lowered.program.modules.len(), count + 1);
    let lowered = lower([main("import \"main.mcl\"\n")]);
    assert_eq!(messages(&lowered), ["a module imports itself"]);
}

#[test]
fn modules_that_are_merged_on_many_ways_are_asked_once() {
    let layers = 40;
    let mut files = vec![("main.mcl".to_owned(), "import \"a0.mcl\" as *\nprint $missing {}\n".to_owned())];
    for at in 0..layers {
        for side in ["a", "b"] {
            let next = at + 1;
            let text = format!("import \"a{next}.mcl\" as *\nimport \"b{next}.mcl\" as *\n");
            files.push((format!("{side}{at}.mcl"), text));
        }
    }
    files.extend(["a", "b"].map(|side| (format!("{side}{layers}.mcl"), "$x = 1\n".to_owned())));
    assert_eq!(messages(&lower(files)), ["no variable `$missing` here"]);
}

#[test]
fn many_unknown_names_are_told_in_little_time() {
    let mut text = String::new();
    for at in 0..1_000 {
        let _ = writeln!(text, "$known{at} = $unknown{at}");
    }
    assert_eq!(lower_main(text).diagnostics.len(), 1_000);
}

#[test]
fn broken_text_is_lowered_as_far_as_it_can_be_read() {
    for text in [
        "",
        "\n",
        "$",
        "$x",
        "$x =",
        "$x = $",
        "file",
        "file \"x\"",
        "file \"x\" {",
        "file \"x\" { a",
        "if",
        "if true {",
        "for",
        "for $i, in [] {}\n",
        "func",
        "func f(",
        "func f($) {}\n",
        "class",
        "class c:",
        "include",
        "include c.",
        "include c as",
        "import",
        "import \"\"",
        "import \"fmt\" as",
        "A -> B\n",
        "A[\"x\"] ->\n",
        "panic\n",
        "panic()\n",
        "$x = struct{a => }\n",
        "$x = {=> 1}\n",
        "$x = f(,)\n",
        "$x = \"${\"\n",
        "\u{0}\u{ffff}",
        "$x struct{a } = 1\n",
    ] {
        let lowered = lower_main(text);
        assert!(lowered.program.modules.len() == 1, "{text:?}");
    }
}
