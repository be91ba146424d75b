//! Every kind on a machine in memory, with any fields: looking changes nothing, and what was made right stays right.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use resource::host::Host;
use resource::host::sim::SimHost;
use resource::{Alone, AnyResource, Fields, PlanContext};
use schema::FieldSchema;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use stead_fuzz::values;
use value::{Type, Value};

/// Texts that mean something to some kind.
const TEXTS: &[&str] = &[
    "/etc/f",
    "/etc/",
    "/etc/d/",
    "/etc/d/f",
    "/etc/link",
    "~/f",
    "~root/f",
    "0644",
    "u=rwx,go+rX",
    "a-x,u+s",
    "=t",
    "+t",
    "root",
    "0",
    "-1",
    "user",
    "hello",
    "1.0-1",
    "newest",
    "running",
    "enabled",
    "a\nb\n",
    "b",
    "^a",
    "(",
    "key=1",
    "true",
    "/bin/sh",
    "a.service",
    "12",
    "FIELD",
    "",
];

/// More polls than any work in memory needs.
const POLLS: usize = 1000;

fuzz_target!(|bytes: &[u8]| {
    // Where bytes run out there is no resource.
    _ = resources(&mut Unstructured::new(bytes));
});

fn resources(u: &mut Unstructured<'_>) -> Result<()> {
    let sim = SimHost::new();
    machine(&sim, u)?;
    for _ in 0..u.int_in_range(1..=3)? {
        let Some(resource) = resource(u)? else { continue };
        let mut host = sim.host();
        host.dry = u.ratio(1, 8)?;
        poll(work(&sim, &host, &*resource, u.arbitrary()?));
    }
    Ok(())
}

fn machine(sim: &SimHost, u: &mut Unstructured<'_>) -> Result<()> {
    let mut world = sim.world();
    world.put_folder("/etc", 0o755);
    world.put_user("user", 1000, 1000);
    if u.arbitrary()? {
        let content = values::text(u)?;
        world.put_file("/etc/f", content.as_bytes(), 0o644);
    }
    if u.arbitrary()? {
        world.put_folder("/etc/d", 0o700);
        let content = values::text(u)?;
        world.put_file("/etc/d/f", content.as_bytes(), 0o4755);
    }
    Ok(())
}

fn resource(u: &mut Unstructured<'_>) -> Result<Option<Arc<dyn AnyResource>>> {
    let schema = *u.choose(kinds::ALL)?;
    let name = value(u, &Type::Str, &[])?.to_text();
    let mut fields = Vec::new();
    for _ in 0..u.int_in_range(0..=6)? {
        if let Ok(field) = u.choose(schema.fields) {
            fields.push((field.name, field_value(u, field)?));
        }
    }
    let mut fields = Fields::from_iter(fields);
    let build = kinds::build(schema.name).expect("it is in the table");
    let Ok(resource) = build(&name, &mut fields) else { return Ok(None) };
    Ok(resource.validate().is_ok().then_some(resource))
}

fn field_value(u: &mut Unstructured<'_>, field: &FieldSchema) -> Result<Value> {
    value(u, &(field.ty)(), field.values)
}

fn value(u: &mut Unstructured<'_>, ty: &Type, allowed: &[&str]) -> Result<Value> {
    Ok(match ty {
        Type::Str if !allowed.is_empty() && u.ratio(7, 8)? => Value::str(*u.choose(allowed)?),
        Type::Str if u.ratio(2, 3)? => Value::str(*u.choose(TEXTS)?),
        Type::List(element) => {
            let count = u.int_in_range(0..=3)?;
            Value::list((0..count).map(|_| value(u, element, allowed)).collect::<Result<Vec<_>>>()?)
        }
        Type::Variant => {
            let ty = values::ty(u, 1)?;
            values::value(u, &ty, 1)?
        }
        _ => values::value(u, ty, 1)?,
    })
}

async fn work(sim: &SimHost, host: &Host, resource: &dyn AnyResource, refresh: bool) {
    let shown = || format!("{} {} {:?}", resource.schema().name, resource.name(), resource.fields());
    let received = BTreeSet::new();
    let cx = PlanContext { refresh, received: &received, now: host.clock.now(), siblings: &Alone };
    let before = sim.world().changes.len();
    _ = (resource.watches(), resource.provides(), resource.wants(), resource.group_key());
    let Ok(now) = resource.observe(host).await else { return };
    let planned = resource.plan(&now, &cx);
    assert_eq!(sim.world().changes.len(), before, "looking changed the machine: {}", shown());
    let Ok(steps) = planned else { return };
    steps.iter().for_each(|step| _ = step.report());
    if host.dry {
        return;
    }
    let undo = resource.reversed(&now).ok().flatten();
    for step in &steps {
        if resource.apply(host, step).await.is_err() {
            return;
        }
    }
    if resource.is_verified() {
        let cx = PlanContext { refresh: false, ..cx };
        let now = resource.observe(host).await.expect("what was seen before is seen again");
        let again = resource.plan(&now, &cx).expect("what was planned before is planned again");
        let again: Vec<_> = again.iter().map(|step| step.report().text).collect();
        assert!(again.is_empty(), "applied, but still differs: {} {again:?}", shown());
    }
    _ = resource.send(host).await;
    let Some(undo) = undo else { return };
    let Ok(now) = undo.observe(host).await else { return };
    for step in undo.plan(&now, &PlanContext { refresh: false, ..cx }).unwrap_or_default() {
        _ = undo.apply(host, &step).await;
    }
}

/// Runs what never waits for anything but itself.
fn poll(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..POLLS {
        if let Poll::Ready(()) = future.as_mut().poll(&mut cx) {
            return;
        }
    }
    panic!("it does not end");
}
