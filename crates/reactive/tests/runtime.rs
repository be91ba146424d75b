//! The runtime on graphs that are written by hand: what is published, when, and what is followed.

use flow::{Body, BodyId, Builtin, FieldTemplate, Graph, Node, Op, ResourceTemplate, Slot, Template};
use reactive::{Runtime, Status, StreamId, Subscription, Tick};
use resource::Change;
use schema::{Ask, Body as Code, CallSite, Combinator, Function, FunctionSchema, Signature, Source};
use span::{FileId, Span};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use value::{Failure, FuncType, Type, Value};

const SPAN: Span = Span::new(FileId(0), 0, 1);

fn int_type() -> FuncType {
    FuncType { params: Vec::new(), result: Type::Int }
}

const fn function(name: &'static str, body: Code) -> Function {
    let schema = FunctionSchema {
        module: "test",
        name,
        since: "0.1",
        docs: "",
        file: "",
        params: &[],
        signature: Signature::Fixed(int_type),
        refuse: None,
        folds: false,
        points: false,
    };
    Function { schema, body }
}

/// The sum of its arguments.
static ADD: Function = function("add", Code::Pure(add));
/// Ten by its argument; fails catchably for zero.
static INVERT: Function = function("invert", Code::Pure(invert));
/// Whether its argument is positive.
static POSITIVE: Function = function("positive", Code::Pure(positive));
/// The list of numbers below its argument.
static RANGE: Function = function("range", Code::Pure(range));
/// What comes from a file named by its argument.
static FOLLOW: Function = function("follow", Code::Stream { source: follow, read: |_, _, value| Ok(value) });
/// The sum of the files `a` to `c`, as far as each is positive.
static SUM: Function = function("sum", Code::Asking(sum));
/// Two numbers that are drawn, as one.
static DRAWN: Function = function("drawn", Code::Asking(drawn));
/// Ten by its argument, without looking whether that can be computed.
static CARELESS: Function = function("careless", Code::Pure(|_, values| Ok(Value::Int(10 / int(&values[0])))));
static MAP: Function = function("map", Code::Combinator(Combinator::Map));
static FILTER: Function = function("filter", Code::Combinator(Combinator::Filter));
static REDUCE: Function = function("reduce", Code::Combinator(Combinator::Reduce));

fn int(value: &Value) -> i64 {
    value.as_int().unwrap_or_default()
}

fn add(_: &CallSite<'_>, values: &[Value]) -> Result<Value, Failure> {
    Ok(Value::Int(values.iter().map(int).sum()))
}

fn invert(_: &CallSite<'_>, values: &[Value]) -> Result<Value, Failure> {
    match int(&values[0]) {
        0 => Err(Failure::catchable("can't divide by zero")),
        value => Ok(Value::Int(10 / value)),
    }
}

fn positive(_: &CallSite<'_>, values: &[Value]) -> Result<Value, Failure> {
    Ok(Value::Bool(int(&values[0]) > 0))
}

fn range(_: &CallSite<'_>, values: &[Value]) -> Result<Value, Failure> {
    Ok(Value::list((0..int(&values[0])).map(Value::Int)))
}

fn follow(_: &CallSite<'_>, values: &[Value]) -> Result<Source, Failure> {
    Ok(Source::File(values[0].to_text().into()))
}

fn sum(_: &CallSite<'_>, _: &[Value], ask: Ask<'_>) -> Result<Option<Value>, Failure> {
    let mut sum = 0;
    for name in ["a", "b", "c"] {
        let Some(value) = ask(Source::File(name.into())).transpose()? else { return Ok(None) };
        sum += int(&value);
        if int(&value) <= 0 {
            break;
        }
    }
    Ok(Some(Value::Int(sum)))
}

fn drawn(_: &CallSite<'_>, _: &[Value], ask: Ask<'_>) -> Result<Option<Value>, Failure> {
    let mut draw = || ask(Source::RandomBits).transpose();
    match (draw()?, draw()?) {
        (Some(tens), Some(ones)) => Ok(Some(Value::Int(10 * int(&tens) + int(&ones)))),
        _ => Ok(None),
    }
}

/// Writes bodies.
struct Writer(Graph);

impl Writer {
    fn new() -> Writer {
        let mut graph = Graph::default();
        graph.root = Some(graph.bodies.alloc(Body::default()));
        Writer(graph)
    }

    fn root(&self) -> BodyId {
        self.0.root.expect("a writer starts with a root")
    }

    fn body(&mut self, parent: BodyId, params: usize) -> BodyId {
        self.0.bodies.alloc(Body { parent: Some(parent), params, ..Body::default() })
    }

    fn op(&mut self, body: BodyId, op: Op) -> Slot {
        let nodes = &mut self.0.bodies[body].nodes;
        nodes.push(Node { op, span: SPAN });
        Slot { up: 0, node: u32::try_from(nodes.len() - 1).expect("few nodes") }
    }

    fn constant(&mut self, body: BodyId, value: Value) -> Slot {
        self.op(body, Op::Constant(value))
    }

    fn call(&mut self, body: BodyId, function: &'static Function, args: &[Slot]) -> Slot {
        let builtin =
            Builtin { function, ty: Arc::new(int_type()), base: "/".into(), args: args.to_vec(), texts: [].into() };
        self.op(body, Op::Builtin(Box::new(builtin)))
    }

    fn follow(&mut self, body: BodyId, name: &str) -> Slot {
        let name = self.constant(body, Value::str(name));
        self.call(body, &FOLLOW, &[name])
    }

    fn result(&mut self, body: BodyId, slot: Slot) {
        self.0.bodies[body].result = Some(slot);
    }

    fn template(&mut self, body: BodyId, template: Template) {
        self.0.bodies[body].templates.push(template);
    }

    fn resource(&mut self, body: BodyId, name: Slot, value: Slot) {
        let field = FieldTemplate { name: "int".into(), condition: None, value, span: SPAN };
        let template = ResourceTemplate {
            kind: "test".into(),
            name,
            fields: [field].into(),
            meta: Box::default(),
            edges: Box::default(),
            collect: None,
            span: SPAN,
        };
        self.template(body, Template::Resource(Box::new(template)));
    }

    fn named(&mut self, body: BodyId, name: &str, value: Slot) {
        let name = self.constant(body, Value::str(name));
        self.resource(body, name, value);
    }
}

fn up(slot: Slot) -> Slot {
    Slot { up: slot.up + 1, ..slot }
}

/// A runtime, the streams it follows by file name, and the set of resources that it has published.
struct World {
    runtime: Runtime,
    streams: BTreeMap<String, StreamId>,
    resources: BTreeMap<String, String>,
    names: BTreeMap<resource::StatementId, String>,
}

impl World {
    fn start(writer: Writer) -> (World, String) {
        let runtime = Runtime::new(Arc::new(writer.0), "h1".into());
        let (streams, resources, names) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut world = World { runtime, streams, resources, names };
        let tick = world.runtime.start();
        let shown = world.take(tick);
        (world, shown)
    }

    fn send(&mut self, events: &[(&str, i64)]) -> String {
        let events: Vec<_> = events.iter().map(|(name, value)| (self.streams[*name], Ok(Value::Int(*value)))).collect();
        let tick = self.runtime.update(events);
        self.take(tick)
    }

    /// One line: what is followed (+) and not any more (-), what changed, and the status where it is not settled.
    fn take(&mut self, tick: Tick) -> String {
        let mut shown = String::new();
        for Subscription { id, source, .. } in tick.subscribe {
            let Source::File(name) = source else { continue };
            _ = write!(shown, "+{name} ");
            self.streams.insert(name.to_string(), id);
        }
        for id in tick.unsubscribe {
            // A subscription that was replaced by another to the same file is not the one that is known now.
            let name = self.streams.iter().find(|(_, known)| **known == id).map(|(name, _)| name.clone());
            if let Some(name) = name {
                self.streams.remove(&name);
                _ = write!(shown, "-{name} ");
            }
        }
        for change in tick.changes {
            match change {
                Change::Set(desired) => {
                    let fields: Vec<_> = desired.fields.iter().map(|(_, value)| value.to_string()).collect();
                    let (name, value) = (desired.key.name.to_string(), fields.join(","));
                    _ = write!(shown, "{name}={value} ");
                    self.names.insert(desired.id, name.clone());
                    self.resources.insert(name, value);
                }
                Change::Removed(id) => {
                    let name = self.names.remove(&id).unwrap_or_default();
                    _ = write!(shown, "{name} gone ");
                    self.resources.remove(&name);
                }
                Change::EdgeAdded(_) | Change::EdgeRemoved(_) => {}
            }
        }
        match tick.status {
            Status::Settled => {}
            Status::Waiting => shown.push_str("waiting"),
            Status::Failed(problems) => {
                let texts: Vec<_> = problems.iter().map(|it| it.failure.message().to_owned()).collect();
                _ = write!(shown, "failed: {}", texts.join("; "));
            }
        }
        shown.trim_end().to_owned()
    }
}

#[test]
fn a_program_of_constants_is_published_at_once() {
    let mut writer = Writer::new();
    let root = writer.root();
    let one = writer.constant(root, Value::Int(1));
    writer.named(root, "a", one);
    assert_eq!(World::start(writer).1, "a=1");
}

#[test]
fn nothing_is_published_before_every_value_is_there() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let one = writer.constant(root, Value::Int(1));
    writer.named(root, "a", one);
    writer.named(root, "b", x);
    let (mut world, shown) = World::start(writer);
    assert_eq!(shown, "+x waiting");
    assert_eq!(world.send(&[("x", 2)]), "a=1 b=2");
}

#[test]
fn what_nothing_needs_is_not_followed() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    writer.call(root, &ADD, &[x]);
    assert_eq!(World::start(writer).1, "");
}

#[test]
fn a_value_that_is_used_twice_is_never_seen_half_old() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let next = writer.call(root, &ADD, &[x, x]);
    let sum = writer.call(root, &ADD, &[x, next]);
    writer.named(root, "a", sum);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 1)]), "a=3");
    assert_eq!(world.send(&[("x", 2)]), "a=6");
}

#[test]
fn an_equal_value_changes_nothing() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let sign = writer.call(root, &POSITIVE, &[x]);
    writer.named(root, "a", sign);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 1)]), "a=true");
    assert_eq!(world.send(&[("x", 2)]), "");
    assert_eq!(world.send(&[("x", 0)]), "a=false");
}

/// `if follow("c") > 0 { a = follow("x") } else { b = follow("y") }`
#[test]
fn only_the_branch_that_is_taken_is_running() {
    let mut writer = Writer::new();
    let root = writer.root();
    let c = writer.follow(root, "c");
    let condition = writer.call(root, &POSITIVE, &[c]);
    let (then, otherwise) = (writer.body(root, 0), writer.body(root, 0));
    let x = writer.follow(then, "x");
    writer.named(then, "a", x);
    let y = writer.follow(otherwise, "y");
    writer.named(otherwise, "b", y);
    writer.template(root, Template::If { condition, then, otherwise: Some(otherwise), span: SPAN });
    let (mut world, shown) = World::start(writer);
    assert_eq!(shown, "+c waiting");
    assert_eq!(world.send(&[("c", 1)]), "+x waiting");
    assert_eq!(world.send(&[("x", 5)]), "a=5");
    assert_eq!(world.send(&[("c", 0)]), "+y -x waiting");
    assert_eq!(world.send(&[("y", 6)]), "a gone b=6");
    assert_eq!(world.send(&[("c", 2)]), "+x -y waiting");
    assert_eq!(world.send(&[("x", 7)]), "b gone a=7");
}

/// `if follow("c") > 0 { a = 1 } else { b = 1 }`
#[test]
fn what_follows_nothing_needs_no_node_and_goes_with_its_block() {
    let mut writer = Writer::new();
    let root = writer.root();
    let c = writer.follow(root, "c");
    let condition = writer.call(root, &POSITIVE, &[c]);
    let blocks = ["a", "b"].map(|name| {
        let block = writer.body(root, 0);
        let one = writer.constant(block, Value::Int(1));
        writer.named(block, name, one);
        block
    });
    let [then, otherwise] = blocks;
    writer.template(root, Template::If { condition, then, otherwise: Some(otherwise), span: SPAN });
    let y = writer.follow(root, "y");
    writer.named(root, "late", y);
    let (mut world, _) = World::start(writer);
    let nodes = world.runtime.node_count();
    assert_eq!(world.send(&[("c", 1)]), "waiting");
    assert_eq!(world.send(&[("c", 0)]), "waiting", "what was not published and is gone is never told");
    assert_eq!(world.send(&[("y", 5)]), "late=5 b=1");
    assert_eq!(world.send(&[("c", 1)]), "b gone a=1");
    assert_eq!(world.runtime.node_count(), nodes);
}

/// A value of the program that both branches use goes on when the branch changes.
#[test]
fn what_both_branches_use_goes_on() {
    let mut writer = Writer::new();
    let root = writer.root();
    let c = writer.follow(root, "c");
    let x = writer.follow(root, "x");
    let condition = writer.call(root, &POSITIVE, &[c]);
    let (then, otherwise) = (writer.body(root, 0), writer.body(root, 0));
    writer.named(then, "a", up(x));
    writer.named(otherwise, "b", up(x));
    writer.template(root, Template::If { condition, then, otherwise: Some(otherwise), span: SPAN });
    let (mut world, shown) = World::start(writer);
    assert_eq!(shown, "+c waiting");
    assert_eq!(world.send(&[("c", 1)]), "+x waiting");
    assert_eq!(world.send(&[("x", 5)]), "a=5");
    assert_eq!(world.send(&[("c", 0)]), "a gone b=5");
}

/// `10 / follow("x") <|> follow("y")`
#[test]
fn a_fallback_runs_only_while_the_value_fails() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let primary = writer.call(root, &INVERT, &[x]);
    let fallback = writer.body(root, 0);
    let y = writer.follow(fallback, "y");
    writer.result(fallback, y);
    let value = writer.op(root, Op::Except { primary, fallback });
    writer.named(root, "a", value);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 2)]), "a=5");
    assert_eq!(world.send(&[("x", 0)]), "+y waiting");
    assert_eq!(world.send(&[("y", 9)]), "a=9");
    assert_eq!(world.send(&[("x", 5)]), "-y a=2");
}

#[test]
fn a_failure_that_nothing_catches_keeps_the_last_good_set_until_the_value_recovers() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let y = writer.follow(root, "y");
    let inverse = writer.call(root, &INVERT, &[x]);
    writer.named(root, "a", inverse);
    writer.named(root, "b", y);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 1), ("y", 1)]), "a=10 b=1");
    assert_eq!(world.send(&[("x", 0), ("y", 2)]), "failed: can't divide by zero");
    assert_eq!(world.send(&[("x", 2)]), "a=5 b=2");
}

#[test]
fn a_panic_in_a_function_is_a_failure_and_the_program_goes_on() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let inverse = writer.call(root, &CARELESS, &[x]);
    writer.named(root, "a", inverse);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 5)]), "a=2");
    assert_eq!(world.send(&[("x", 0)]), "failed: panic in process: attempt to divide by zero");
    assert_eq!(world.send(&[("x", 2)]), "a=5");
}

/// `for $i, $v in range(follow("n")) { [$i] = $v + follow("x") }`: one more element makes one more region.
#[test]
fn a_loop_makes_and_drops_only_what_differs() {
    let mut writer = Writer::new();
    let root = writer.root();
    let n = writer.follow(root, "n");
    let over = writer.call(root, &RANGE, &[n]);
    let body = writer.body(root, 2);
    let index = writer.op(body, Op::Param(0));
    let value = writer.op(body, Op::Param(1));
    let x = writer.follow(body, "x");
    let sum = writer.call(body, &ADD, &[value, x]);
    writer.resource(body, index, sum);
    writer.template(root, Template::Loop { over, over_map: false, body, span: SPAN });
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("n", 0)]), "");
    assert_eq!(world.send(&[("n", 1)]), "+x waiting");
    assert_eq!(world.send(&[("x", 10)]), "0=10");
    assert_eq!(world.send(&[("n", 2)]), "+x waiting");
    assert_eq!(world.send(&[("x", 20)]), "1=21");
    assert_eq!(world.send(&[("n", 1)]), "-x 1 gone");
}

/// `for $i, $v in range(follow("n")) { for $j, $w in range(follow("n")) { [$j] = $w } }`
#[test]
fn loops_that_would_take_all_memory_fail_and_recover() {
    let mut writer = Writer::new();
    let root = writer.root();
    let n = writer.follow(root, "n");
    let over = writer.call(root, &RANGE, &[n]);
    let outer = writer.body(root, 2);
    let inner = writer.body(outer, 2);
    let index = writer.op(inner, Op::Param(0));
    let value = writer.op(inner, Op::Param(1));
    writer.resource(inner, index, value);
    writer.template(outer, Template::Loop { over: up(over), over_map: false, body: inner, span: SPAN });
    writer.template(root, Template::Loop { over, over_map: false, body: outer, span: SPAN });
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("n", 1)]), "0=0");
    let failed = "failed: the loops of the program have more than 1000000 turns in all";
    assert_eq!(world.send(&[("n", 2_000_000)]), failed);
    assert_eq!(world.send(&[("n", 0)]), "0 gone");
}

/// `map(range(follow("n")), func($e) { $e + follow("x") })`, with the follower outside of the function.
#[test]
fn a_function_goes_through_a_list_and_follows_what_it_captures() {
    let mut writer = Writer::new();
    let root = writer.root();
    let n = writer.follow(root, "n");
    let x = writer.follow(root, "x");
    let list = writer.call(root, &RANGE, &[n]);
    let code = writer.body(root, 1);
    let element = writer.op(code, Op::Param(0));
    let sum = writer.call(code, &ADD, &[element, up(x)]);
    writer.result(code, sum);
    let closure = writer.op(root, Op::Closure { body: code, ty: Type::Func(Arc::new(int_type())) });
    let mapped = writer.call(root, &MAP, &[list, closure]);
    let total = writer.call(root, &REDUCE, &[list, closure]);
    writer.named(root, "a", mapped);
    let (mut world, _) = World::start(writer);
    let _ = total;
    assert_eq!(world.send(&[("n", 2)]), "+x waiting");
    assert_eq!(world.send(&[("x", 10)]), "a=[10, 11]");
    assert_eq!(world.send(&[("n", 3)]), "a=[10, 11, 12]");
    assert_eq!(world.send(&[("n", 1), ("x", 5)]), "a=[5]");
    assert_eq!(world.send(&[("n", 0)]), "-x a=[]");
}

#[test]
fn filter_and_reduce_follow_a_list_that_grows_and_shrinks() {
    let mut writer = Writer::new();
    let root = writer.root();
    let n = writer.follow(root, "n");
    let list = writer.call(root, &RANGE, &[n]);
    let keep = writer.body(root, 1);
    let element = writer.op(keep, Op::Param(0));
    let kept = writer.call(keep, &POSITIVE, &[element]);
    writer.result(keep, kept);
    let fold = writer.body(root, 2);
    let (before, next) = (writer.op(fold, Op::Param(0)), writer.op(fold, Op::Param(1)));
    let sum = writer.call(fold, &ADD, &[before, next]);
    writer.result(fold, sum);
    let ty = Type::Func(Arc::new(int_type()));
    let keep = writer.op(root, Op::Closure { body: keep, ty: ty.clone() });
    let fold = writer.op(root, Op::Closure { body: fold, ty });
    let filtered = writer.call(root, &FILTER, &[list, keep]);
    let hundred = writer.constant(root, Value::Int(100));
    let total = writer.call(root, &REDUCE, &[hundred, filtered, fold]);
    writer.named(root, "kept", filtered);
    writer.named(root, "total", total);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("n", 4)]), "kept=[1, 2, 3] total=106");
    for n in [60, 7, 61, 0, 1, 33] {
        world.send(&[("n", n)]);
        let expected: i64 = 100 + (0..n).sum::<i64>();
        assert_eq!(world.resources["total"], expected.to_string(), "n = {n}");
    }
}

/// A function that returns a function: the inner one sees the argument of the outer one.
#[test]
fn a_function_value_keeps_what_it_captured() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let outer = writer.body(root, 1);
    let given = writer.op(outer, Op::Param(0));
    let inner = writer.body(outer, 1);
    let own = writer.op(inner, Op::Param(0));
    let sum = writer.call(inner, &ADD, &[up(given), own]);
    writer.result(inner, sum);
    let closure = writer.op(outer, Op::Closure { body: inner, ty: Type::Func(Arc::new(int_type())) });
    writer.result(outer, closure);
    let made = writer.op(root, Op::Apply { body: outer, args: vec![x] });
    let one = writer.constant(root, Value::Int(1));
    let value = writer.op(root, Op::Call { callee: made, args: vec![one] });
    writer.named(root, "a", value);
    let (mut world, shown) = World::start(writer);
    assert_eq!(shown, "+x waiting");
    assert_eq!(world.send(&[("x", 1)]), "a=2");
    assert_eq!(world.send(&[("x", 41)]), "a=42");
}

#[test]
fn a_late_value_of_an_ended_subscription_is_ignored() {
    let mut writer = Writer::new();
    let root = writer.root();
    let c = writer.follow(root, "c");
    let condition = writer.call(root, &POSITIVE, &[c]);
    let then = writer.body(root, 0);
    let x = writer.follow(then, "x");
    writer.named(then, "a", x);
    writer.template(root, Template::If { condition, then, otherwise: None, span: SPAN });
    let (mut world, _) = World::start(writer);
    world.send(&[("c", 1)]);
    let late = world.streams["x"];
    assert_eq!(world.send(&[("c", 0)]), "-x");
    let tick = world.runtime.update([(late, Ok(Value::Int(1)))]);
    assert_eq!(world.take(tick), "");
}

#[test]
fn what_a_value_asks_for_on_the_way_is_followed_as_long_as_it_asks() {
    let mut writer = Writer::new();
    let root = writer.root();
    let sum = writer.call(root, &SUM, &[]);
    writer.named(root, "r", sum);
    let (mut world, shown) = World::start(writer);
    assert_eq!(shown, "+a waiting");
    assert_eq!(world.send(&[("a", 1)]), "+b waiting");
    assert_eq!(world.send(&[("b", 0)]), "r=1");
    assert_eq!(world.send(&[("b", 2)]), "+c waiting");
    assert_eq!(world.send(&[("c", 4)]), "r=7");
    assert_eq!(world.send(&[("a", 2), ("c", 3)]), "");
    assert_eq!(world.send(&[("b", 0)]), "-c r=2");
    assert_eq!(world.send(&[("a", 0)]), "-b r=0");
    assert_eq!(world.send(&[("a", 5)]), "+b waiting");
    let tick = world.runtime.update([(world.streams["b"], Err(Failure::catchable("no b")))]);
    assert_eq!(world.take(tick), "failed: no b");
    assert_eq!(world.send(&[("b", -1)]), "r=4");
}

#[test]
fn each_draw_of_a_value_is_one_of_its_own_and_stays() {
    let mut writer = Writer::new();
    let root = writer.root();
    let drawn = writer.call(root, &DRAWN, &[]);
    writer.named(root, "r", drawn);
    let mut runtime = Runtime::new(Arc::new(writer.0), "h1".into());
    let tick = runtime.start();
    assert_eq!(tick.subscribe.iter().map(|it| &it.source).collect::<Vec<_>>(), [&Source::RandomBits; 2]);
    let (first, second) = (tick.subscribe[0].id, tick.subscribe[1].id);
    let tick = runtime.update([(first, Ok(Value::Int(4))), (second, Ok(Value::Int(2)))]);
    let [Change::Set(desired)] = tick.changes.as_slice() else { panic!("{:?}", tick.changes) };
    assert_eq!(desired.fields[0].1, Value::Int(42));
    assert!(tick.subscribe.is_empty() && tick.unsubscribe.is_empty());
}

#[test]
fn a_program_that_shrinks_to_nothing_leaves_no_node_behind() {
    let mut writer = Writer::new();
    let root = writer.root();
    let n = writer.follow(root, "n");
    let over = writer.call(root, &RANGE, &[n]);
    let body = writer.body(root, 2);
    let value = writer.op(body, Op::Param(1));
    let code = writer.body(body, 1);
    let own = writer.op(code, Op::Param(0));
    let sum = writer.call(code, &ADD, &[own, up(value)]);
    writer.result(code, sum);
    let closure = writer.op(body, Op::Closure { body: code, ty: Type::Func(Arc::new(int_type())) });
    let called = writer.op(body, Op::Call { callee: closure, args: vec![value] });
    writer.resource(body, value, called);
    writer.template(root, Template::Loop { over, over_map: false, body, span: SPAN });
    let (mut world, _) = World::start(writer);
    world.send(&[("n", 0)]);
    let empty = world.runtime.node_count();
    world.send(&[("n", 50)]);
    assert_eq!(world.resources.len(), 50);
    assert_eq!(world.resources["7"], "14");
    world.send(&[("n", 0)]);
    assert_eq!((world.resources.len(), world.runtime.node_count()), (0, empty));
}

/// A sum of very many terms, each the sum of the one before and the value that changes.
#[test]
fn a_very_long_chain_neither_overflows_nor_skips() {
    let mut writer = Writer::new();
    let root = writer.root();
    let x = writer.follow(root, "x");
    let zero = writer.constant(root, Value::Int(0));
    let mut sum = zero;
    for _ in 0..50_000 {
        sum = writer.call(root, &ADD, &[sum, x]);
    }
    writer.named(root, "a", sum);
    let (mut world, _) = World::start(writer);
    assert_eq!(world.send(&[("x", 2)]), "a=100000");
    assert_eq!(world.send(&[("x", 3)]), "a=150000");
}
