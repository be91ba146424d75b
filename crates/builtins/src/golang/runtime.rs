//! `golang/runtime`: what of Go's package `runtime` means something without Go.

use macros::builtin;
use schema::{Fact, Function, Source};
use value::Str;

/// The functions of the module.
pub(super) static FUNCTIONS: &[&Function] = &[&GOROOT, &NUM_CGO_CALL, &NUM_CPU, &READ_TRACE, &VERSION];

/// Nothing: there is no installation of Go.
///
/// ```mcl
/// import "golang/runtime"
/// runtime.goroot() # => ""
/// ```
#[builtin(module = "golang/runtime", since = "0.1")]
fn goroot() -> Str {
    Str::new()
}

/// Nothing: there is no Go that calls C.
///
/// ```mcl
/// import "golang/runtime"
/// runtime.num_cgo_call() # => 0
/// ```
#[builtin(module = "golang/runtime", since = "0.1")]
fn num_cgo_call() -> i64 {
    0
}

/// How many processors are online.
///
/// ```mcl
/// import "golang/runtime"
/// runtime.num_cpu()
/// ```
#[builtin(module = "golang/runtime", since = "0.1", result = i64)]
fn num_cpu() -> Source {
    Source::Fact(Fact::CpuCount)
}

/// Nothing: there is no trace.
///
/// ```mcl
/// import "golang/runtime"
/// runtime.read_trace() # => ""
/// ```
#[builtin(module = "golang/runtime", since = "0.1")]
fn read_trace() -> Str {
    Str::new()
}

/// The version of Go whose library these functions follow.
///
/// ```mcl
/// import "golang/runtime"
/// runtime.version() # => "go1.25.7"
/// ```
#[builtin(module = "golang/runtime", since = "0.1")]
fn version() -> Str {
    Str::from("go1.25.7")
}
