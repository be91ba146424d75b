//! The metaparameters that every resource has.

use value::Type;

/// Describes one metaparameter.
#[derive(Debug)]
pub struct MetaSchema {
    /// The name users write after `Meta:`.
    pub name: &'static str,
    /// What it does. The first line stands on its own.
    pub docs: &'static str,
    /// The type.
    pub ty: fn() -> Type,
}

/// A row of [`META`].
const fn meta(name: &'static str, ty: fn() -> Type, docs: &'static str) -> MetaSchema {
    MetaSchema { name, docs, ty }
}

fn boolean() -> Type {
    Type::Bool
}

fn int() -> Type {
    Type::Int
}

fn float() -> Type {
    Type::Float
}

fn strings() -> Type {
    Type::list(Type::Str)
}

/// All metaparameters, in the order in which `Meta => struct{…}` lists them.
pub const META: &[MetaSchema] = &[
    meta("noop", boolean, "Only checks, never changes the machine."),
    meta(
        "retry",
        int,
        "How often a failed resource is tried again; -1 for ever, which in `apply` means until nothing has been new for a minute.",
    ),
    meta("retryreset", boolean, "A success makes all retries available again."),
    meta("delay", int, "Milliseconds to wait before each retry."),
    meta("timeout", int, "Milliseconds that one check with its changes may take; 0 for no limit."),
    meta("poll", int, "Seconds between checks instead of watching events; 0 watches, -1 checks once."),
    meta("limit", float, "How many events a second may make the resource be checked; without it, all."),
    meta("burst", int, "How many events may come at once where there is a `limit`."),
    meta("reset", boolean, "Forgets used retries when the program changes."),
    meta("sema", strings, "Semaphores to hold while working, each as `name:count`."),
    meta("rewatch", boolean, "A resource that has failed for good is tried again when the program changes."),
    meta("realize", boolean, "Applies the resource at least once before it leaves the program."),
    meta("dollar", boolean, "Allows a name that begins with `$`."),
    meta("hidden", boolean, "Does nothing here; used with `export`."),
    meta("export", strings, "Hosts that can collect this resource; `*` for all."),
    meta("reverse", boolean, "Undoes the resource when it leaves the program."),
    meta("autoedge", boolean, "Takes part in automatic edges; true unless said otherwise."),
    meta("autogroup", boolean, "Takes part in automatic groups; true unless said otherwise."),
];
