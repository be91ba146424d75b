//! `example.vumeter`: how loud it is.

use macros::builtin;
use schema::{CallSite, Source};
use value::{Failure, FromValue, Str, Value};

/// Records a second of sound again and again, and prints the largest amplitude of each, from 0 to 1.
///
/// The recording is in a file of its own that nobody else can write, and is gone afterwards.
const RECORD: &str = r#"
for program in rec sox; do
	command -v "$program" >/dev/null || { echo "missing $program"; exit; }
done
folder="$(mktemp -d)" || exit
trap 'rm -rf "$folder"' EXIT
while rec -q -t wav "$folder/sound" trim 0 1 2>/dev/null; do
	sox -t wav "$folder/sound" -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p'
done
"#;

/// The widest bar.
const MAX_WIDTH: f64 = 1000.0;

/// How loud it is around the machine, as two bars that change every second.
///
/// It needs the programs `rec` and `sox`, and a microphone.
///
/// ```mcl
/// import "example"
///
/// print "vumeter" {
/// 	msg => example.vumeter("#", 40, 0.9),
/// }
/// ```
#[builtin(module = "example", since = "0.1", result = String, read = bars)]
fn vumeter(
    /// What the bars consist of.
    _symbol: &Str,
    /// How many symbols the loudest sound has.
    _multiplier: i64,
    /// From which amplitude on, between 0 and 1, the text says that it is too loud.
    _peak: f64,
) -> Source {
    Source::Lines(RECORD.into())
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "a bar is short"
)]
fn bars(_: &CallSite<'_>, arguments: &[Value], sent: Value) -> Result<Value, Failure> {
    let [symbol, multiplier, peak] = arguments else { return Err(Failure::fatal("wrong number of arguments")) };
    let symbol = String::from_value(symbol)?;
    let (multiplier, peak) = (i64::from_value(multiplier)?, f64::from_value(peak)?);
    let line = String::from_value(&sent)?;
    let ratio: f64 = line.trim().parse().map_err(|_| Failure::fatal(format!("can't listen: {line}")))?;
    let width = (ratio * multiplier as f64).round().clamp(1.0, MAX_WIDTH);
    let bar = symbol.repeat(width as usize);
    let warning = if ratio > peak { " PEAK!!!" } else { "" };
    Ok(Value::str(format!("({ratio:.6}):\n{bar}{warning}\n{bar}{warning}")))
}
