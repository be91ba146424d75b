//! `test`: a field of every type, for tests of the language and the engine.

use crate::noop::Nothing;
use macros::Structure;
use resource::host::{Command, Host};
use resource::{AnyResource, Error, Invalid, Kind, PlanContext, Resource, Result, Watch};
use std::collections::BTreeMap;
use value::{Func, ToValue, Value};

/// Has a field of every type, and misbehaves on request.
///
/// It changes nothing. It shows the fields that are not at their defaults, and sends `hello` and `answer`.
///
/// ```mcl
/// test "hello" {
///     anotherstr => "bye",
///     int8 => -128,
///     mixedstruct => struct{ somebool => true, somestr => "inside", someint => 42, somefloat => 3.14 },
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "test", since = "0.1", sends = TestSends, receives, refreshes)]
pub(crate) struct Test {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// A bool.
    #[field(name = "bool")]
    bool_field: bool,
    /// A string.
    #[field(name = "str")]
    str_field: String,
    /// An int of 64 bits.
    int: i64,
    /// An int of 8 bits.
    int8: i8,
    /// An int of 16 bits.
    int16: i16,
    /// An int of 32 bits.
    int32: i32,
    /// An int of 64 bits.
    int64: i64,
    /// An int that is not negative.
    uint: u64,
    /// An int of 8 bits that is not negative.
    uint8: u8,
    /// An int of 16 bits that is not negative.
    uint16: u16,
    /// An int of 32 bits that is not negative.
    uint32: u32,
    /// An int that is not negative.
    uint64: u64,
    /// A byte.
    byte: u8,
    /// The number of a character.
    rune: i32,
    /// A float of 32 bits.
    float32: f32,
    /// A float of 64 bits.
    float64: f64,
    /// A bool, or none.
    boolptr: Option<bool>,
    /// A string, or none.
    stringptr: Option<String>,
    /// An int of 64 bits, or none.
    int64ptr: Option<i64>,
    /// An int of 8 bits, or none.
    int8ptr: Option<i8>,
    /// An int of 8 bits that is not negative, or none.
    uint8ptr: Option<u8>,
    /// An int of 8 bits, or none.
    int8ptrptrptr: Option<i8>,
    /// A list of strings.
    slicestring: Vec<String>,
    /// A map from ints to floats.
    mapintfloat: BTreeMap<i64, f64>,
    /// A struct of several types, or none.
    mixedstruct: Option<MixedStruct>,
    /// A value of any type, or none.
    interface: Option<Value>,
    /// Another string.
    anotherstr: String,
    /// A function, or none.
    func1: Option<Func<i64, String>>,
    /// Makes the resource invalid.
    validatebool: bool,
    /// Makes the resource invalid with this text.
    validateerror: String,
    /// Groups with other `test` resources that say so too.
    alwaysgroup: bool,
    /// Accepted and without effect: two resources differ where their fields do.
    comparefail: bool,
    /// What is sent as `hello`; without it, nothing is.
    sendvalue: Option<String>,
    /// The fields that may receive values; any may where it is left out.
    expectrecv: Option<Vec<String>>,
    /// The fields to show; all that differ from their defaults where it is empty.
    onlyshow: Vec<String>,
    /// Milliseconds to wait before every run fails; 0 for runs that do not fail.
    waitforerror: u64,
    /// A remark for whoever reads the program.
    comment: String,
}

/// A struct with fields of several types.
#[derive(Clone, Debug, Default, PartialEq, Structure)]
pub(crate) struct MixedStruct {
    /// A bool.
    somebool: bool,
    /// A string.
    somestr: String,
    /// An int.
    someint: i64,
    /// A float.
    somefloat: f64,
}

/// What a `test` sends.
#[derive(Clone, Debug, Structure)]
pub(crate) struct TestSends {
    /// The text of `sendvalue`.
    hello: Option<String>,
    /// The number 42.
    answer: i64,
}

impl Test {
    /// The lines that show the fields.
    fn lines(&self) -> Vec<String> {
        let is_default = |name: &str, value: &Value| {
            let schema = Test::SCHEMA.field(name);
            schema.and_then(|it| it.default).is_some_and(|default| default() == *value)
        };
        // Programs written for mgmt name the fields in its own spelling, `AnotherStr`.
        let is_asked_for = |name: &str| self.onlyshow.iter().any(|it| it.eq_ignore_ascii_case(name));
        let all = Kind::fields(self).into_iter();
        let shown = all.filter(
            |(name, value)| {
                if self.onlyshow.is_empty() { !is_default(name, value) } else { is_asked_for(name) }
            },
        );
        shown.map(|(name, value)| format!("{name}: {value}")).collect()
    }
}

impl Resource for Test {
    type State = ();
    type Step = Nothing;

    fn validate(&self) -> Result<(), Invalid> {
        if self.validatebool {
            return Err(Invalid::field("validatebool", "the validate bool is set"));
        }
        if !self.validateerror.is_empty() {
            return Err(Invalid::field("validateerror", self.validateerror.clone()));
        }
        Ok(())
    }

    fn watches(&self) -> Vec<Watch> {
        Vec::new()
    }

    async fn observe(&self, host: &Host) -> Result<()> {
        if self.waitforerror > 0 {
            let seconds = format!("{}.{:03}", self.waitforerror / 1000, self.waitforerror % 1000);
            host.processes.run(&Command::new(["sleep".to_owned(), seconds]), &host.cancellation).await?;
            return Err(Error::failed("the wait for the error is over"));
        }
        Ok(())
    }

    fn plan(&self, _now: &(), cx: &PlanContext<'_>) -> Result<Vec<Nothing>> {
        let Some(expected) = &self.expectrecv else { return Ok(Vec::new()) };
        match cx.received.iter().find(|field| !expected.contains(field)) {
            Some(field) => Err(Error::failed(format!("`{field}` received a value that `expectrecv` does not list"))),
            None => Ok(Vec::new()),
        }
    }

    async fn apply(&self, _host: &Host, _step: &Nothing) -> Result<()> {
        Ok(())
    }

    /// Sends, and shows the fields where they are not as they were last shown.
    async fn send(&self, host: &Host) -> Result<Option<Value>> {
        let lines = self.lines();
        let shown = Value::list(lines.iter().map(|line| Value::str(line.as_str())));
        if !host.dry && host.memory.recall("test", &self.name).as_ref() != Some(&shown) {
            for line in &lines {
                host.journal.show(&format!("test[{}]", self.name), line);
            }
            host.memory.remember("test", &self.name, shown);
        }
        Ok(Some(TestSends { hello: self.sendvalue.clone(), answer: 42 }.to_value()))
    }

    fn group_key(&self) -> Option<String> {
        self.alwaysgroup.then(|| "test".to_owned())
    }

    fn absorb(&mut self, _member: &dyn AnyResource) -> Result<(), String> {
        Ok(())
    }
}
