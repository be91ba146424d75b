//! `history`: a value as it was.

use macros::builtin;
use schema::Source;
use value::{Failure, Value};

/// A value as it was some time ago.
///
/// Until it is known for so long, the oldest value that is known. The result follows by itself when its time has come.
/// After a restart of the agent, history begins anew.
///
/// ```mcl
/// import "datetime"
///
/// $before = history(datetime.now(), 3000) # the time three seconds ago
/// ```
#[builtin(module = "", since = "0.1", signature = "func(value ?1, index int) ?1")]
fn history(
    /// The value.
    value: &Value,
    /// How long ago, in milliseconds.
    index: i64,
) -> Result<Source, Failure> {
    let by = u64::try_from(index).map_err(|_| Failure::fatal(format!("can't use a negative interval of {index}")))?;
    Ok(Source::Delayed { by, value: value.clone() })
}
