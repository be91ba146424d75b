//! Functions of the language as data.

use crate::Source;
use std::fmt;
use std::ops::Range;
use value::{Failure, FuncType, Type, Value};

/// A function of the language: what users see of it, and what computes it.
#[derive(Debug)]
pub struct Function {
    /// What users see.
    pub schema: FunctionSchema,
    /// What computes it.
    pub body: Body,
}

/// Describes one function.
#[derive(Debug)]
pub struct FunctionSchema {
    /// The module users import, for instance `net/http`; empty for functions that need no import.
    pub module: &'static str,
    /// The name within the module. A name that begins with `_` cannot be written by users.
    pub name: &'static str,
    /// The version that introduced the function.
    pub since: &'static str,
    /// The doc comment in Markdown. The first line stands on its own.
    pub docs: &'static str,
    /// The source file that declares the function.
    pub file: &'static str,
    /// The parameters in order. Where the last is variadic, it may be given any number of times.
    pub params: &'static [ParamSchema],
    /// The type.
    pub signature: Signature,
    /// What only a solved type can tell: refuses types that the signature allows and the function does not support.
    pub refuse: Option<Refuse>,
    /// Whether the compiler may use the value before the program runs, for instance a format that decides types.
    pub folds: bool,
    /// Whether its failures say which part of an argument's text is to blame.
    pub points: bool,
}

/// Describes one parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamSchema {
    /// The name.
    pub name: &'static str,
    /// The doc comment.
    pub docs: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may be given any number of times, also never; only the last one.
    pub variadic: bool,
}

/// The type of a function.
#[derive(Debug)]
pub enum Signature {
    /// One type, perhaps with variables `?1`.
    Fixed(fn() -> FuncType),
    /// A type that depends on what is known about the arguments.
    Inferred {
        /// How the manual writes it.
        text: &'static str,
        /// Computes it.
        hook: Hook,
    },
}

/// Computes the type of a function from what is known about its arguments. Variables `?1` in the result are fresh ones.
pub type Hook = fn(&[Argument]) -> Result<FuncType, HookError>;

/// Says why a function does not support a solved type, or nothing. The arguments are those that the hook saw, with
/// their types as solved: some functions depend on a value, such as the name of a field.
pub type Refuse = fn(&FuncType, &[Argument]) -> Result<(), String>;

/// What is known about an argument before types are solved.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The type, where it is known without solving.
    pub ty: Option<Type>,
    /// The value, where it can be computed before the program runs.
    pub value: Option<Value>,
}

/// Why arguments do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookError {
    /// One phrase.
    pub message: String,
    /// The argument it is about, where it is about one.
    pub argument: Option<usize>,
    /// The part of that argument's text that it is about, in bytes, where it is about a part.
    pub part: Option<Range<usize>>,
    /// What to do.
    pub hint: Option<String>,
}

impl HookError {
    /// About the call as a whole.
    pub fn new(message: impl Into<String>) -> HookError {
        HookError { message: message.into(), argument: None, part: None, hint: None }
    }

    /// About one argument.
    pub fn at(argument: usize, message: impl Into<String>) -> HookError {
        HookError { message: message.into(), argument: Some(argument), part: None, hint: None }
    }

    /// The same about a part of the argument's text only, in bytes.
    pub fn within(self, part: Range<usize>) -> HookError {
        HookError { part: Some(part), ..self }
    }

    /// The same with what to do.
    pub fn hint(self, hint: impl Into<String>) -> HookError {
        HookError { hint: Some(hint.into()), ..self }
    }
}

/// Where a function is called.
#[derive(Clone, Copy, Debug)]
pub struct CallSite<'a> {
    /// The solved type of this call.
    pub ty: &'a FuncType,
    /// The folder of the module that contains the call, within the program's files; ends in `/`.
    pub base: &'a str,
}

/// What computes a function.
pub enum Body {
    /// A value from the arguments, nothing else.
    Pure(fn(&CallSite<'_>, &[Value]) -> Result<Value, Failure>),
    /// A value that follows something in the world.
    Stream {
        /// What to listen to for these arguments. Asked again when an argument changes; an equal source goes on.
        source: fn(&CallSite<'_>, &[Value]) -> Result<Source, Failure>,
        /// Makes the function's value of what the source sent.
        read: fn(&CallSite<'_>, &[Value], Value) -> Result<Value, Failure>,
    },
    /// A value from the arguments and from whatever in the world it asks for on the way. It asks again each time it is
    /// computed, and is computed again when an answer changes; what it does not ask for any more is not followed any more.
    /// Without a value it awaits an answer.
    Asking(Asking),
    /// Calls a function that it is given, once per element: known to the runtime, which keeps a part of the graph for
    /// each.
    Combinator(Combinator),
}

/// Asks the world: what a source sent last, or nothing where it has sent nothing yet. Whoever gets nothing ends, and is
/// computed again once there is an answer.
pub type Ask<'a> = &'a mut dyn FnMut(Source) -> Option<Result<Value, Failure>>;

/// Computes a value from what it is given and what it asks for; nothing while it awaits an answer.
pub type Asking = fn(&CallSite<'_>, &[Value], Ask<'_>) -> Result<Option<Value>, Failure>;

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Body::Pure(_) => "Pure",
            Body::Stream { .. } => "Stream",
            Body::Asking(_) => "Asking",
            Body::Combinator(_) => "Combinator",
        })
    }
}

/// The functions that call another one for each element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combinator {
    /// `iter.map(inputs, function)`
    Map,
    /// `iter.filter(inputs, function)`
    Filter,
    /// `iter.reduce([initial,] inputs, function)`
    Reduce,
    /// `iter.zip(inputs1, inputs2, function)`
    Zip,
}

impl FunctionSchema {
    /// How many arguments a call may have: at least, and at most where there is a limit.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let required = self.params.iter().filter(|param| !param.optional && !param.variadic).count();
        let unlimited = self.params.last().is_some_and(|param| param.variadic);
        (required, (!unlimited).then_some(self.params.len()))
    }

    /// The name with its module: `strings.split`, or `len`.
    pub fn full_name(&self) -> String {
        if self.module.is_empty() { self.name.to_owned() } else { format!("{}.{}", self.module, self.name) }
    }

    /// The type as the manual writes it.
    pub fn signature_text(&self) -> String {
        match &self.signature {
            Signature::Fixed(ty) => ty().to_string(),
            Signature::Inferred { text, .. } => (*text).to_owned(),
        }
    }
}
