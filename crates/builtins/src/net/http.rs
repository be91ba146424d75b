//! `net/http.response`: what an `http:client` got.

use macros::builtin;
use schema::Source;
use value::{Failure, Str};

/// The answer that the `http:client` resource of a name got last.
///
/// The status is 0 until there is an answer, and -1 where there is none to be had.
///
/// ```mcl
/// import "net/http"
///
/// if http.response("https://example.com/")->status == 200 {
/// 	print "it works" {}
/// }
/// ```
#[builtin(module = "net/http", since = "0.1", signature = "func(uid str) struct{status int; output str}")]
fn response(
    /// The name of the resource.
    uid: &Str,
) -> Result<Source, Failure> {
    if uid.is_empty() {
        return Err(Failure::fatal("can't use an empty uid"));
    }
    Ok(Source::Response(uid.clone()))
}
