//! Definitions that need themselves, and modules that import each other.
//!
//! Lowering notes which definition refers to which. A class needs all that its body needs, and what is reached through an
//! include needs the include: so whatever leads back to itself in the running program is a cycle here.
//!
//! After this, nothing leads back to itself: references within a cycle are errors, classes in one are empty.

use crate::lookup::{Namespace, Target};
use crate::lower::{Lowering, index};
use crate::{BindId, Block, ClassId, ExprId, ExprKind, FunctionId, IncludeId, ModuleId, ScopeId, diag};
use rustc_hash::{FxHashMap, FxHashSet};
use span::Span;
use std::collections::VecDeque;
use syntax::SyntaxKind;
use syntax::ast::{self, AstNode};

/// Something that can need others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Definition {
    /// A bind.
    Bind(BindId),
    /// A named function.
    Function(FunctionId),
    /// A class, with all that its body needs.
    Class(ClassId),
    /// An include, with its class and its arguments.
    Include(IncludeId),
}

/// One definition needs another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dependency {
    pub(crate) from: Definition,
    pub(crate) to: Definition,
    /// Where the program says so.
    pub(crate) span: Span,
    /// The reference, where it is one of an expression.
    pub(crate) expr: Option<ExprId>,
}

/// Reports definitions that need themselves, and breaks the cycles.
pub(crate) fn of_definitions(lowering: &mut Lowering<'_>) {
    includes_of_closed_classes(lowering);
    let dependencies = std::mem::take(&mut lowering.dependencies);
    let mut numbers: FxHashMap<Definition, usize> = FxHashMap::default();
    let mut definitions = Vec::new();
    let mut edges: Vec<Vec<(usize, usize)>> = Vec::new();
    for (at, dependency) in dependencies.iter().enumerate() {
        let [from, to] = [dependency.from, dependency.to].map(|definition| {
            *numbers.entry(definition).or_insert_with(|| {
                definitions.push(definition);
                edges.push(Vec::new());
                definitions.len() - 1
            })
        });
        edges[from].push((to, at));
    }
    for component in components(&edges) {
        let Some(start) = component.iter().copied().min() else { continue };
        let members: FxHashSet<usize> = component.iter().copied().collect();
        if let Some(cycle) = shortest_cycle(&edges, &members, start) {
            let steps: Vec<&Dependency> = cycle.iter().map(|at| &dependencies[*at]).collect();
            // A circle through several modules is one of their imports, which is reported as such.
            if steps.iter().all(|step| step.span.file == steps[0].span.file) {
                let diagnostic = describe(lowering, &steps);
                lowering.report(diagnostic);
            }
        }
        for number in component {
            if let Definition::Class(class) = definitions[number] {
                lowering.program.classes[class].block = Block::default();
            }
            for (to, at) in &edges[number] {
                if let (true, Some(expr)) = (members.contains(to), dependencies[*at].expr) {
                    lowering.program.exprs[expr].kind = ExprKind::Error;
                }
            }
        }
    }
}

/// Reports modules that import each other.
pub(crate) fn of_imports(lowering: &mut Lowering<'_>, main: ModuleId) {
    let mut edges: Vec<Vec<(usize, usize)>> = vec![Vec::new(); lowering.program.modules.len()];
    for (at, (from, to, _)) in lowering.imports.iter().enumerate() {
        edges[index(*from)].push((index(*to), at));
    }
    debug_assert_eq!(index(main), 0, "the main program is the first module");
    for component in components(&edges) {
        let Some(start) = component.iter().copied().min() else { continue };
        let members = component.into_iter().collect();
        if let Some(cycle) = shortest_cycle(&edges, &members, start) {
            let spans: Vec<Span> = cycle.iter().map(|at| lowering.imports[*at].2).collect();
            lowering.report(diag::import_cycle(&spans));
        }
    }
}

/// Notes which classes include which, for classes that nobody includes: their bodies are not resolved, but a class that
/// includes itself is wrong even so.
fn includes_of_closed_classes(lowering: &mut Lowering<'_>) {
    let mut closed: Vec<(ClassId, ast::Class)> = lowering
        .classes
        .iter()
        .filter(|(_, text)| !text.opened)
        .map(|(class, text)| (*class, text.node.clone()))
        .collect();
    closed.sort_by_key(|(class, _)| index(*class));
    for (class, node) in closed {
        let scope: ScopeId = lowering.program.classes[class].defined_in;
        let Some(body) = node.body() else { continue };
        let mut includes = Vec::new();
        let mut own: FxHashSet<String> = FxHashSet::default();
        for inner in body.node().descendants() {
            match inner.kind() {
                SyntaxKind::INCLUDE => includes.extend(ast::Include::cast(inner)),
                SyntaxKind::CLASS => {
                    own.extend(ast::Class::cast(inner).and_then(|it| it.name()).map(|name| name.text()));
                }
                _ => {}
            }
        }
        for include in includes {
            let Some(path) = include.path() else { continue };
            let name = path.text();
            // Names with dots, and those that may be defined within, are only known once the class is used.
            if name.contains('.') || own.contains(&name) {
                continue;
            }
            if let Some(Target::Class(target)) = lowering.visible(scope, Namespace::Class, &name) {
                lowering.dependencies.push(Dependency {
                    from: Definition::Class(class),
                    to: Definition::Class(target),
                    span: include.span(),
                    expr: None,
                });
            }
        }
    }
}

fn describe(lowering: &Lowering<'_>, cycle: &[&Dependency]) -> ::diag::Diagnostic {
    let program = &lowering.program;
    let name = |definition: Definition| match definition {
        Definition::Bind(id) => format!("${}", program.binds[id].name),
        Definition::Function(id) => format!("{}()", program.functions[id].name.as_deref().unwrap_or_default()),
        Definition::Class(id) => format!("class {}", program.classes[id].name),
        Definition::Include(id) => {
            let class = program.includes[id].class.target;
            format!("include {}", program.classes[class].name)
        }
    };
    let mut steps = Vec::new();
    for (at, step) in cycle.iter().enumerate() {
        let next = cycle[(at + 1) % cycle.len()];
        match (step.from, step.to, next.to) {
            // A class that includes another one: the include itself is not worth a word.
            (from @ Definition::Class(_), Definition::Include(_), to @ Definition::Class(_)) => {
                steps.push((name(from), name(to), step.span));
            }
            // That a class needs what stands in it, and an include its class, goes without saying.
            (Definition::Class(_), Definition::Bind(_) | Definition::Function(_), _) => {}
            (Definition::Class(class), Definition::Class(_), _)
                if lowering.classes.get(&class).is_some_and(|text| text.opened) => {}
            (Definition::Include(_), Definition::Class(_), _) => {}
            (from, to, _) => steps.push((name(from), name(to), step.span)),
        }
    }
    diag::recursion(&steps)
}

/// The strongly connected components that have a cycle, in the order of their smallest members (Tarjan, without recursion).
fn components(edges: &[Vec<(usize, usize)>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut low = vec![UNSEEN; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..edges.len() {
        if order[root] != UNSEEN {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            if *edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some((to, _)) = edges[node].get(*edge) {
                *edge += 1;
                if order[*to] == UNSEEN {
                    path.push((*to, 0));
                } else if on_stack[*to] {
                    low[node] = low[node].min(order[*to]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == order[node] {
                let at = stack
                    .iter()
                    .rposition(|it| *it == node)
                    .expect("a node stays on the stack until its component is found");
                let component = stack.split_off(at);
                for member in &component {
                    on_stack[*member] = false;
                }
                if component.len() > 1 || edges[node].iter().any(|(to, _)| *to == node) {
                    found.push(component);
                }
            }
        }
    }
    found.sort_by_key(|component| component.iter().min().copied());
    found
}

/// The edges of a shortest way from `start` back to itself within a component.
fn shortest_cycle(edges: &[Vec<(usize, usize)>], members: &FxHashSet<usize>, start: usize) -> Option<Vec<usize>> {
    let mut came_by: FxHashMap<usize, (usize, usize)> = FxHashMap::default();
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        for (to, edge) in edges[node].iter().filter(|(to, _)| members.contains(to)) {
            if *to == start {
                let mut cycle = vec![*edge];
                let mut at = node;
                while at != start {
                    let (before, edge) = came_by[&at];
                    cycle.push(edge);
                    at = before;
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !came_by.contains_key(to) {
                came_by.insert(*to, (node, *edge));
                waiting.push_back(*to);
            }
        }
    }
    None
}
