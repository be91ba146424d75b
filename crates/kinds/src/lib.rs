//! The resource kinds, one file each.
//!
//! A kind is the struct that declares its fields and the functions of [`resource::Resource`] on it. To add one: write the
//! file, its `mod` line, its row in [`TABLE`], and cases for it below `cases/kinds/`. Tests tell what else they want.
//!
//! **Invariant:** kinds are pure but for the [`resource::host::Host`] they are handed; `observe` and `plan` change nothing.

mod exec;
mod exit;
mod file;
mod group;
mod kv;
mod line;
mod msg;
mod noop;
mod owner;
mod panic;
mod password;
mod pkg;
mod print;
mod schedule;
mod svc;
mod test;
mod text;
mod timer;
mod unit;
mod user;
mod value;

use resource::{Build, erase};
use schema::KindSchema;

/// Every kind with the way to build its resources, sorted by name.
const TABLE: &[(&KindSchema, Build)] = &[
    erase::<panic::Panic>(),
    erase::<exec::Exec>(),
    erase::<exit::Exit>(),
    erase::<file::File>(),
    erase::<group::Group>(),
    erase::<kv::Kv>(),
    erase::<line::Line>(),
    erase::<msg::Msg>(),
    erase::<noop::Noop>(),
    erase::<password::Password>(),
    erase::<pkg::Pkg>(),
    erase::<print::Print>(),
    erase::<schedule::Schedule>(),
    erase::<svc::Svc>(),
    erase::<test::Test>(),
    erase::<timer::Timer>(),
    erase::<user::User>(),
    erase::<value::Value>(),
];

/// The schema of every kind, sorted by name.
pub static ALL: &[&KindSchema] = &{
    let mut all = [TABLE[0].0; TABLE.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = TABLE[at].0;
        at += 1;
    }
    all
};

/// How the resources of a kind are built; `None` where there is no such kind.
pub fn build(kind: &str) -> Option<Build> {
    let at = TABLE.binary_search_by(|(schema, _)| schema.name.cmp(kind)).ok()?;
    Some(TABLE[at].1)
}
