//! `value.get`, `value.get_str` and its like.
//!
//! The types differ, the rest does not: what is stored must be of the type that the call has.

use crate::shape::{is_of, zero};
use macros::builtin;
use schema::{Argument, CallSite, Source};
use value::{Failure, FuncType, Mismatch, Str, Type, Value};

/// What the `value` resource of a name received last, of whatever type is needed.
///
/// Until it received something, `ready` is false and the value is zero or empty.
///
/// ```mcl
/// import "value"
///
/// $ports []int = value.get("ports")->value
/// ```
#[builtin(
    module = "value",
    since = "0.1",
    signature = "func(key str) struct{value ?1; ready bool}",
    read = last,
    refuse = no_functions
)]
fn get(
    /// The name of the resource.
    key: &Str,
) -> Result<Source, Failure> {
    of_resource(key)
}

macro_rules! of_one_type {
    ($function:ident, $signature:tt, $summary:tt, $example:tt) => {
        #[doc = $summary]
        ///
        /// Until it received something, `ready` is false and the value is zero or empty.
        ///
        /// ```mcl
        /// import "value"
        ///
        #[doc = $example]
        /// ```
        #[builtin(module = "value", since = "0.1", signature = $signature, read = last)]
        fn $function(
            /// The name of the resource.
            key: &Str,
        ) -> Result<Source, Failure> {
            of_resource(key)
        }
    };
}

of_one_type!(
    get_bool,
    "func(key str) struct{value bool; ready bool}",
    "The bool that the `value` resource of a name received last.",
    "$enabled = value.get_bool(\"enabled\")->value"
);
of_one_type!(
    get_str,
    "func(key str) struct{value str; ready bool}",
    "The text that the `value` resource of a name received last.",
    "$token = value.get_str(\"token\")->value"
);
of_one_type!(
    get_int,
    "func(key str) struct{value int; ready bool}",
    "The int that the `value` resource of a name received last.",
    "$port = value.get_int(\"port\")->value"
);
of_one_type!(
    get_float,
    "func(key str) struct{value float; ready bool}",
    "The float that the `value` resource of a name received last.",
    "$ratio = value.get_float(\"ratio\")->value"
);

fn of_resource(key: &Str) -> Result<Source, Failure> {
    if key.is_empty() {
        return Err(Failure::fatal("can't use an empty key"));
    }
    Ok(Source::Local { key: key.clone() })
}

/// The value as the type of the call has it, or its zero while there is none.
fn last(site: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let Some(ty) = value_type(site.ty) else {
        return Err(Mismatch::kind("struct", &sent).into());
    };
    let fields = sent.as_struct().ok_or_else(|| Mismatch::kind("struct", &sent))?;
    let ready = fields.get("ready").and_then(Value::as_bool).unwrap_or(false);
    let value = match fields.get("value").filter(|_| ready) {
        Some(value) if is_of(value, ty) => value.clone(),
        Some(value) => {
            let key = arguments.first().map(Value::to_text).unwrap_or_default();
            let (want, found) = (ty, value.kind());
            return Err(Failure::fatal(format!(
                "`Value[\"{key}\"]` has received `{found}`, but is used as `{want}` here"
            )));
        }
        None => zero(ty).ok_or_else(|| Failure::fatal(no_value(ty)))?,
    };
    Ok(Value::structure([("value", value), ("ready", Value::Bool(ready))]))
}

/// The type of the field `value` in the result.
fn value_type(ty: &FuncType) -> Option<&Type> {
    let Type::Struct(fields) = &ty.result else { return None };
    fields.first().map(|field| &field.ty)
}

fn no_functions(ty: &FuncType, _: &[Argument]) -> Result<(), String> {
    match value_type(ty) {
        Some(value) if !value.is_comparable() => Err(no_value(value)),
        _ => Ok(()),
    }
}

fn no_value(ty: &Type) -> String {
    format!("a `value` resource holds no `{ty}`")
}
