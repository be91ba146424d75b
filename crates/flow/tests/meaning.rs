//! Runs the graphs of `cases/meaning` once, by the most direct reading of the data, and compares what they state.
//!
//! The evaluator knows regions only as a chain of values: nothing of heights, events or sharing. What it finds out is whether
//! slots lead where the program means. Functions that follow the world have the values that a case's `world` section says,
//! one `name value` a line.

use diag::Style;
use flow::{Body, BodyId, Graph, Op, Slot, Template};
use hir::Memory;
use schema::{Body as Computes, CallSite, Combinator};
use span::SourceMap;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;
use testkit::Case;
use value::{Closure, Name, Type, Value};

const WORLD: &str = "world";
const STATED: &str = "stated";

/// A region: its body, what was handed in, the region around it, and the values known so far.
struct Region {
    body: BodyId,
    given: Vec<Value>,
    around: Option<Rc<Region>>,
    values: RefCell<Vec<Option<Result<Value, String>>>>,
}

/// What a function value keeps. Regions are not to be sent anywhere, so closures hold their number.
struct Kept(usize);

struct Evaluator<'g> {
    graph: &'g Graph,
    world: Vec<(String, Value)>,
    closures: RefCell<Vec<(BodyId, Rc<Region>)>>,
}

impl Evaluator<'_> {
    fn region(&self, body: BodyId, given: Vec<Value>, around: Option<Rc<Region>>) -> Rc<Region> {
        let data = &self.graph.bodies[body];
        assert_eq!(data.parent, around.as_ref().map(|it| it.body), "a region is made within one of the body's parent");
        let values = RefCell::new(vec![None; data.nodes.len()]);
        Rc::new(Region { body, given, around, values })
    }

    fn body(&self, region: &Region) -> &Body {
        &self.graph.bodies[region.body]
    }

    fn get(&self, region: &Rc<Region>, slot: Slot) -> Result<Value, String> {
        let mut at = region.clone();
        for _ in 0..slot.up {
            at = at.around.clone().expect("a slot leads to a region around");
        }
        let known = at.values.borrow()[slot.node as usize].clone();
        known.unwrap_or_else(|| {
            let value = self.compute(&at, slot.node as usize);
            at.values.borrow_mut()[slot.node as usize] = Some(value.clone());
            value
        })
    }

    fn all(&self, region: &Rc<Region>, slots: &[Slot]) -> Result<Vec<Value>, String> {
        slots.iter().map(|slot| self.get(region, *slot)).collect()
    }

    fn value_of(&self, region: &Rc<Region>) -> Result<Value, String> {
        self.get(region, self.body(region).result.expect("it has a value"))
    }

    fn call(&self, function: &Value, args: Vec<Value>) -> Result<Value, String> {
        let closure = function.as_func().expect("types were checked");
        let kept: &Kept = closure.payload().downcast_ref().expect("this evaluator made it");
        let (body, around) = self.closures.borrow()[kept.0].clone();
        self.value_of(&self.region(body, args, Some(around)))
    }

    fn compute(&self, region: &Rc<Region>, node: usize) -> Result<Value, String> {
        let around = |body: BodyId| {
            let parent = self.graph.bodies[body].parent;
            let mut at = region.clone();
            while Some(at.body) != parent {
                at = at.around.clone().expect("the parent of a called body is around the call");
            }
            at
        };
        match &self.body(region).nodes[node].op {
            Op::Constant(value) => Ok(value.clone()),
            Op::Param(number) => Ok(region.given[*number].clone()),
            Op::Hostname => Ok(Value::str("host")),
            Op::List(parts) => Ok(Value::list(self.all(region, parts)?)),
            Op::Map(entries) => {
                let entries = entries.iter().map(|(k, v)| Ok((self.get(region, *k)?, self.get(region, *v)?)));
                Ok(Value::map(entries.collect::<Result<Vec<_>, String>>()?))
            }
            Op::Struct(fields) => {
                let fields = fields.iter().map(|(name, it)| Ok((name.clone(), self.get(region, *it)?)));
                Ok(Value::structure(fields.collect::<Result<Vec<(Name, Value)>, String>>()?))
            }
            Op::Builtin(builtin) => {
                let args = self.all(region, &builtin.args)?;
                match &builtin.function.body {
                    Computes::Pure(function) => function(&CallSite { ty: &builtin.ty, base: &builtin.base }, &args)
                        .map_err(|failure| failure.message().to_owned()),
                    Computes::Stream { .. } => {
                        let name = builtin.function.schema.full_name();
                        let found = self.world.iter().find(|(known, _)| *known == name);
                        found.map(|(_, value)| value.clone()).ok_or(format!("the world has no {name}"))
                    }
                    Computes::Asking(function) => {
                        let site = CallSite { ty: &builtin.ty, base: &builtin.base };
                        match function(&site, &args, &mut |_| None) {
                            Ok(value) => value.ok_or_else(|| "the world does not answer".to_owned()),
                            Err(failure) => Err(failure.message().to_owned()),
                        }
                    }
                    Computes::Combinator(combinator) => self.combine(*combinator, &args),
                }
            }
            Op::Closure { body, ty } => {
                assert!(matches!(ty, Type::Func(_)));
                assert_eq!(self.graph.bodies[*body].parent, Some(region.body), "a function is within what makes it");
                self.closures.borrow_mut().push((*body, region.clone()));
                let number = self.closures.borrow().len() - 1;
                Ok(Value::Func(Closure::new(number as u64, ty.clone(), Arc::new(Kept(number)))))
            }
            Op::Apply { body, args } => {
                let args = self.all(region, args)?;
                self.value_of(&self.region(*body, args, Some(around(*body))))
            }
            Op::Call { callee, args } => self.call(&self.get(region, *callee)?, self.all(region, args)?),
            Op::If { condition, then, otherwise } => {
                let holds = self.get(region, *condition)?.as_bool().expect("types were checked");
                self.value_of(&self.region(if holds { *then } else { *otherwise }, Vec::new(), Some(region.clone())))
            }
            Op::Except { primary, fallback } => match self.get(region, *primary) {
                Ok(value) => Ok(value),
                Err(_) => self.value_of(&self.region(*fallback, Vec::new(), Some(region.clone()))),
            },
        }
    }

    fn combine(&self, combinator: Combinator, args: &[Value]) -> Result<Value, String> {
        let function = args.last().expect("the function comes last");
        let list = |at: usize| args[at].as_list().expect("types were checked").iter().cloned();
        match combinator {
            Combinator::Map => {
                Ok(Value::list(list(0).map(|it| self.call(function, vec![it])).collect::<Result<Vec<_>, _>>()?))
            }
            Combinator::Filter => {
                let mut kept = Vec::new();
                for it in list(0) {
                    if self.call(function, vec![it.clone()])?.as_bool().expect("types were checked") {
                        kept.push(it);
                    }
                }
                Ok(Value::list(kept))
            }
            Combinator::Reduce => {
                let mut values = list(args.len() - 2);
                let first = if args.len() == 3 { args[0].clone() } else { values.next().ok_or("an empty list")? };
                values.try_fold(first, |sum, it| self.call(function, vec![sum, it]))
            }
            Combinator::Zip => {
                let pairs = list(0).zip(list(1)).map(|(a, b)| self.call(function, vec![a, b]));
                Ok(Value::list(pairs.collect::<Result<Vec<_>, _>>()?))
            }
        }
    }

    /// What the templates of a region state, one resource or edge a line.
    fn state(&self, region: &Rc<Region>, out: &mut String) -> Result<(), String> {
        for template in &self.body(region).templates {
            match template {
                Template::Resource(resource) => {
                    _ = write!(out, "{}[{}]", resource.kind, self.get(region, resource.name)?);
                    for line in resource.fields.iter().chain(&resource.meta) {
                        let holds = line.condition.map(|it| self.get(region, it)).transpose()?;
                        if holds != Some(Value::Bool(false)) {
                            _ = write!(out, " {}={}", line.name, self.get(region, line.value)?);
                        }
                    }
                    for line in &resource.edges {
                        _ = write!(out, " {:?}={}[{}]", line.relation, line.kind, self.get(region, line.name)?);
                    }
                    out.push('\n');
                }
                Template::Edge(edge) => {
                    let (from, to) = (self.get(region, edge.from.1)?, self.get(region, edge.to.1)?);
                    _ = writeln!(out, "{}[{from}] -> {}[{to}]", edge.from.0, edge.to.0);
                }
                Template::If { condition, then, otherwise, .. } => {
                    let holds = self.get(region, *condition)?.as_bool().expect("types were checked");
                    if let Some(body) = if holds { Some(*then) } else { *otherwise } {
                        self.state(&self.region(body, Vec::new(), Some(region.clone())), out)?;
                    }
                }
                Template::Loop { over, body, .. } => {
                    let elements: Vec<(Value, Value)> = match self.get(region, *over)? {
                        Value::List(list) => (0..).map(Value::Int).zip(list.iter().cloned()).collect(),
                        Value::Map(map) => map.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
                        other => unreachable!("types were checked: {other}"),
                    };
                    for (first, second) in elements {
                        self.state(&self.region(*body, vec![first, second], Some(region.clone())), out)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn stated(graph: &Graph, world: Vec<(String, Value)>) -> String {
    let evaluator = Evaluator { graph, world, closures: RefCell::default() };
    let root = evaluator.region(graph.root.expect("a program has a main body"), Vec::new(), None);
    let mut out = String::new();
    match evaluator.state(&root, &mut out) {
        Ok(()) => out,
        Err(message) => out + "failed: " + &message + "\n",
    }
}

fn check(case: &mut Case) -> Result<(), String> {
    let files = case.sections.iter().filter(|section| ![WORLD, STATED].contains(&&*section.name));
    let mut memory = Memory::new(files.map(|section| (section.name.clone(), section.text.clone())));
    let mut sources = SourceMap::default();
    let main = memory.open(&mut sources, "main.mcl").ok_or("a case has a main.mcl")?;
    let catalog = builtins::catalog(kinds::ALL);
    let lowered = hir::lower(&mut memory, &catalog, &mut sources, &main);
    let typed = infer::infer(&lowered.program, &catalog);
    let (graph, more) = flow::lower(&lowered.program, &typed, &catalog);
    if let Some(diagnostic) = lowered.diagnostics.iter().chain(&typed.diagnostics).chain(&more).next() {
        return Err(format!("{}: {}", case.path.display(), diag::render(diagnostic, &sources, Style::Plain)));
    }
    let world = case.section(WORLD).lines().filter_map(|line| {
        let (name, value) = line.split_once(' ')?;
        let value = value.parse().map_or_else(|_| Value::str(value), Value::Int);
        Some((name.to_owned(), value))
    });
    let stated = stated(&graph, world.collect());
    case.expect(STATED, &stated)
}

#[test]
fn graphs_mean_what_programs_say() {
    testkit::cases("meaning", check);
}
