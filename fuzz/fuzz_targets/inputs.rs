//! What else reads bytes: kept and exported resources and values, types. The first byte says which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plan::{Options, Plan};
use resource::{Change, Desired, StatementId, export};
use value::Type;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match first % 3 {
        0 => text(rest, kept_resource),
        1 => text(rest, kept_value),
        _ => text(rest, types),
    }
});

fn text(bytes: &[u8], read: fn(&str)) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(text);
    }
}

/// What undoes a resource, or was exported by another host.
fn kept_resource(text: &str) {
    let Ok(desired) = export::decode(text) else { return };
    let stored = export::encode(&desired).expect("what was read can be kept");
    assert_eq!(export::decode(&stored).as_ref().ok(), Some(&desired), "it reads back differently");
    let mut plan = Plan::new(kinds::build, Options { autoedge: true, autogroup: true });
    plan.restore_undos(vec![desired.clone()]);
    plan.prepare(Vec::new());
    _ = plan.commit();
    plan.prepare(vec![Change::Set(Desired { id: StatementId(1), ..desired })]);
    _ = plan.commit();
}

fn kept_value(text: &str) {
    let Ok(value) = export::decode_value(text) else { return };
    let stored = export::encode_value(&value).expect("what was read can be kept");
    assert_eq!(export::decode_value(&stored).ok(), Some(value), "it reads back differently");
}

fn types(text: &str) {
    match Type::parse(text) {
        Ok(ty) => assert_eq!(Type::parse(&ty.to_string()), Ok(ty)),
        Err(error) => assert!(text.is_char_boundary(error.at)),
    }
}
