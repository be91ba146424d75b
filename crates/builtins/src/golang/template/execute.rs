//! Runs a template, as Go's `text/template/exec.go` does, with its errors.
//!
//! The executor remembers what it looked at last: an error names that, with its place.

use super::datum::{Datum, field};
use super::functions::{Callee, CatalogFunction, find};
use super::parse::Templates;
use super::tree::{Branch, Call, Command, Node, Number, Pipe, Word, WordKind};
use crate::bound;
use schema::{Ask, Body, CallSite};
use value::{Failure, TextPart, Type, Value};

/// How deep blocks, parentheses and uses of templates may nest while running.
const MAX_DEPTH: usize = 200;
/// How many iterations all loops of one run may have together, uses of templates included: a loop over a number has no other
/// limit, and templates that each use the next one twice are soon more than anybody can wait for.
const MAX_ITERATIONS: u64 = 10_000_000;

/// Runs the template of a name, which is used in a module with that folder. Nothing where it awaits the world.
pub(super) fn execute(
    templates: &Templates,
    name: &str,
    source: &str,
    data: Datum,
    base: &str,
    ask: Ask<'_>,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut executor = Executor {
        templates,
        base,
        ask,
        name,
        source,
        template: name,
        variables: vec![("$", data.clone())],
        at: At::Start,
        depth: 0,
        iterations: 0,
        out: Vec::new(),
    };
    let Some(root) = templates.get(name) else { return Ok(Some(Vec::new())) };
    match executor.walk(&data, root) {
        Ok(()) => Ok(Some(executor.out)),
        Err(Stop::Failure(failure)) => Err(failure),
        Err(Stop::Awaits) => Ok(None),
        Err(Stop::Break | Stop::Continue) => Err(Failure::fatal("a loop was left outside of a loop")),
    }
}

/// Why the execution of a list of nodes ends early.
enum Stop {
    Break,
    Continue,
    /// A function asked the world, which has not answered yet.
    Awaits,
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}

type Step<T> = Result<T, Stop>;

/// What was looked at last.
#[derive(Clone, Copy)]
enum At<'a> {
    Start,
    Word(&'a Word),
    Command(&'a Command),
    Pipe(&'a Pipe),
    Template(&'a Call),
}

struct Executor<'a> {
    templates: &'a Templates,
    base: &'a str,
    ask: Ask<'a>,
    name: &'a str,
    source: &'a str,
    /// The name of the template that runs.
    template: &'a str,
    /// The variables in scope; of two of one name the last counts.
    variables: Vec<(&'a str, Datum)>,
    at: At<'a>,
    depth: usize,
    iterations: u64,
    out: Vec<u8>,
}

impl<'a> Executor<'a> {
    fn error<T>(&self, message: impl AsRef<str>) -> Step<T> {
        Err(Stop::Failure(self.located(Failure::fatal(message.as_ref()))))
    }

    /// A failure with the place of what was looked at last.
    fn located(&self, failure: Failure) -> Failure {
        let message = failure.message();
        let (place, shown) = match self.at {
            At::Start => {
                let message = format!("template: {}: {message}", self.name);
                return failure.reworded(message);
            }
            At::Word(word) => (&word.place, word.to_string()),
            At::Command(command) => (&command.place, command.to_string()),
            At::Pipe(pipe) => (&pipe.place, pipe.to_string()),
            At::Template(call) => {
                let pipe = call.pipe.as_ref().map_or_else(String::new, |pipe| format!(" {pipe}"));
                (&call.place, format!("{{{{template {}{pipe}}}}}", value::quote(call.name.as_bytes())))
            }
        };
        let before = &self.source[..place.position];
        let line = before.matches('\n').count() + 1;
        let column = place.position - before.rfind('\n').map_or(0, |at| at + 1);
        let template = value::quote(self.template.as_bytes());
        let message = format!("template: {}:{line}:{column}: executing {template} at <{shown}>: {message}", self.name);
        failure.reworded(message).within(TextPart { argument: 0, bytes: place.part.clone() })
    }

    fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        if self.depth == MAX_DEPTH {
            return self.error(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    fn walk(&mut self, dot: &Datum, nodes: &'a [Node]) -> Step<()> {
        self.nested(|executor| nodes.iter().try_for_each(|node| executor.node(dot, node)))
    }

    fn node(&mut self, dot: &Datum, node: &'a Node) -> Step<()> {
        match node {
            Node::Text(text) => {
                self.out.extend_from_slice(text.as_bytes());
                self.bounded()?;
            }
            Node::Action(pipe) => {
                let value = self.pipeline(dot, pipe)?;
                if pipe.variables.is_empty() {
                    match value {
                        Datum::Nothing => self.out.extend_from_slice(b"<no value>"),
                        value => value.print(&mut self.out),
                    }
                    self.at = At::Pipe(pipe);
                    self.bounded()?;
                }
            }
            Node::If(branch) | Node::With(branch) => {
                let scope = self.variables.len();
                let value = self.pipeline(dot, &branch.pipe)?;
                if value.is_true() {
                    let dot = if matches!(node, Node::With(_)) { &value } else { dot };
                    self.walk(dot, &branch.body)?;
                } else if let Some(otherwise) = &branch.otherwise {
                    self.walk(dot, otherwise)?;
                }
                self.variables.truncate(scope);
            }
            Node::Range(branch) => {
                let scope = self.variables.len();
                self.range(dot, branch)?;
                self.variables.truncate(scope);
            }
            Node::Template(call) => self.call_template(dot, call)?,
            Node::Break => return Err(Stop::Break),
            Node::Continue => return Err(Stop::Continue),
        }
        Ok(())
    }

    fn range(&mut self, dot: &Datum, branch: &'a Branch) -> Step<()> {
        let value = self.pipeline(dot, &branch.pipe)?;
        let number = |at: usize| Datum::Int(i64::try_from(at).unwrap_or(i64::MAX));
        let empty = match &value {
            Datum::Nothing => true,
            Datum::Value(Value::List(values)) => {
                let elements = values.iter().enumerate();
                self.iterate(branch, elements.map(|(at, value)| (number(at), Datum::Value(value.clone()))))?
            }
            Datum::Value(Value::Map(entries)) => {
                let elements = entries.iter();
                self.iterate(branch, elements.map(|(key, value)| (Datum::key(key), Datum::Value(value.clone()))))?
            }
            Datum::Value(Value::Struct(fields)) => {
                let mut fields: Vec<_> =
                    fields.iter().map(|(name, value)| (super::datum::title(name), value.clone())).collect();
                fields.sort();
                let elements = fields.into_iter();
                self.iterate(branch, elements.map(|(name, value)| (Datum::text(name), Datum::Value(value))))?
            }
            Datum::Int(limit) | Datum::Value(Value::Int(limit)) => {
                if branch.pipe.variables.len() > 1 {
                    return self.error(format!("can't use {limit} to iterate over more than one variable"));
                }
                let is_plain = matches!(value, Datum::Int(_));
                let element = |at| if is_plain { Datum::Int(at) } else { Datum::Value(Value::Int(at)) };
                self.iterate(branch, (0..*limit).map(|at| (element(at), element(at))))?
            }
            other => {
                let mut shown = Vec::new();
                other.print(&mut shown);
                return self.error(format!("range can't iterate over {}", String::from_utf8_lossy(&shown)));
            }
        };
        match &branch.otherwise {
            Some(otherwise) if empty => self.walk(dot, otherwise),
            _ => Ok(()),
        }
    }

    /// Runs the body for each element; says whether there was none.
    fn iterate(&mut self, branch: &'a Branch, elements: impl Iterator<Item = (Datum, Datum)>) -> Step<bool> {
        let scope = self.variables.len();
        let mut empty = true;
        for (index, element) in elements {
            empty = false;
            self.count()?;
            match branch.pipe.variables.as_slice() {
                [] => {}
                [one] => self.bind(&branch.pipe, scope, &[(one, &element)])?,
                [key, value, ..] => self.bind(&branch.pipe, scope, &[(key, &index), (value, &element)])?,
            }
            let result = self.walk(&element, &branch.body);
            self.variables.truncate(scope);
            match result {
                Err(Stop::Break) => break,
                Ok(()) | Err(Stop::Continue) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(empty)
    }

    /// Refuses a result that has become too long.
    fn bounded(&self) -> Step<()> {
        bound::text(Some(self.out.len())).or_else(|failure| self.error(failure.message()))
    }

    /// Counts an iteration.
    fn count(&mut self) -> Step<()> {
        self.iterations += 1;
        if self.iterations > MAX_ITERATIONS {
            return self.error(format!("more than {MAX_ITERATIONS} iterations"));
        }
        Ok(())
    }

    /// Gives the variables of a loop their values. The pipeline has declared them already.
    fn bind(&mut self, pipe: &'a Pipe, scope: usize, values: &[(&'a String, &Datum)]) -> Step<()> {
        if pipe.assigns {
            for (name, value) in values {
                self.assign(name, (*value).clone())?;
            }
        } else {
            let first = scope - values.len();
            for (slot, (_, value)) in self.variables[first..scope].iter_mut().zip(values) {
                slot.1 = (*value).clone();
            }
        }
        Ok(())
    }

    fn assign(&mut self, name: &str, value: Datum) -> Step<()> {
        match self.variables.iter_mut().rev().find(|(variable, _)| *variable == name) {
            Some(slot) => slot.1 = value,
            None => return self.error(format!("undefined variable: {name}")),
        }
        Ok(())
    }

    fn call_template(&mut self, dot: &Datum, call: &'a Call) -> Step<()> {
        self.at = At::Template(call);
        let Some(body) = self.templates.get(&call.name) else {
            return self.error(format!("template {} not defined", value::quote(call.name.as_bytes())));
        };
        let dot = match &call.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Datum::Nothing,
        };
        self.at = At::Template(call);
        self.count()?;
        // A template sees no variable of its caller.
        let variables = std::mem::replace(&mut self.variables, vec![("$", dot.clone())]);
        let template = std::mem::replace(&mut self.template, &call.name);
        let result = self.walk(&dot, body);
        if result.is_ok() {
            self.variables = variables;
            self.template = template;
        }
        result
    }

    fn pipeline(&mut self, dot: &Datum, pipe: &'a Pipe) -> Step<Datum> {
        self.nested(|executor| {
            executor.at = At::Pipe(pipe);
            let mut value = None;
            for command in &pipe.commands {
                value = Some(executor.command(dot, command, value)?);
            }
            let value = value.unwrap_or(Datum::Nothing);
            for name in &pipe.variables {
                if pipe.assigns {
                    executor.assign(name, value.clone())?;
                } else {
                    executor.variables.push((name, value.clone()));
                }
            }
            Ok(value)
        })
    }

    /// `piped` is the value of the command before, where there is one.
    fn command(&mut self, dot: &Datum, command: &'a Command, piped: Option<Datum>) -> Step<Datum> {
        let (first, arguments) = command.words.split_first().expect("the parser refuses an empty command");
        let has_arguments = !arguments.is_empty() || piped.is_some();
        match &first.kind {
            WordKind::Identifier(name) => {
                self.at = At::Word(first);
                return self.call(dot, At::Command(command), name, arguments, piped);
            }
            WordKind::Field(_) | WordKind::Chain(..) => return self.access(dot, first, has_arguments),
            WordKind::Variable(_, fields) if !fields.is_empty() => return self.access(dot, first, has_arguments),
            WordKind::Variable(..) | WordKind::Pipe(_) => {}
            _ => self.at = At::Word(first),
        }
        if has_arguments {
            return self.error(format!("can't give argument to non-function {first}"));
        }
        match &first.kind {
            WordKind::Nil => self.error("nil is not a command"),
            _ => self.operand(dot, first),
        }
    }

    /// The value of an operand that is no command.
    fn operand(&mut self, dot: &Datum, word: &'a Word) -> Step<Datum> {
        match &word.kind {
            WordKind::Dot => Ok(dot.clone()),
            WordKind::Nil => Ok(Datum::Nothing),
            WordKind::Bool(value) => Ok(Datum::bool(*value)),
            WordKind::String { text, .. } => Ok(Datum::text(text.as_slice())),
            WordKind::Number(number) => self.ideal(number),
            WordKind::Pipe(pipe) => self.pipeline(dot, pipe),
            WordKind::Identifier(name) => self.call(dot, At::Word(word), name, &[], None),
            WordKind::Field(_) | WordKind::Variable(..) | WordKind::Chain(..) => self.access(dot, word, false),
        }
    }

    /// What a number is where nothing says which type is wanted.
    fn ideal(&self, number: &Number) -> Step<Datum> {
        match (number.int, number.float) {
            (Some(int), _) if !number.looks_float => Ok(Datum::Int(int)),
            (_, Some(float)) => Ok(Datum::Value(Value::Float(float))),
            _ => self.error(format!("{} overflows int", number.written)),
        }
    }

    /// A field of dot, a variable or a field of one, or a field of a pipeline's value.
    fn access(&mut self, dot: &Datum, word: &'a Word, has_arguments: bool) -> Step<Datum> {
        self.at = At::Word(word);
        let (mut value, names) = match &word.kind {
            WordKind::Field(names) => (dot.clone(), names),
            WordKind::Variable(name, names) => {
                let found = self.variables.iter().rev().find(|(variable, _)| *variable == name);
                let Some((_, value)) = found else { return self.error(format!("undefined variable: {name}")) };
                (value.clone(), names)
            }
            WordKind::Chain(inner, names) => {
                let value = self.operand(dot, inner)?;
                self.at = At::Word(word);
                (value, names)
            }
            _ => return self.operand(dot, word),
        };
        for (at, name) in names.iter().enumerate() {
            value = self.field(&value, name, has_arguments && at + 1 == names.len())?;
        }
        Ok(value)
    }

    fn field(&self, receiver: &Datum, name: &str, has_arguments: bool) -> Step<Datum> {
        let found = match receiver {
            Datum::Nothing => {
                return self.error(format!("nil data; no entry for key {}", value::quote(name.as_bytes())));
            }
            Datum::Value(Value::Struct(fields)) => Some(field(fields, name).cloned()),
            Datum::Value(Value::Map(entries)) => match entries.first_key_value() {
                None | Some((Value::Str(_), _)) => Some(entries.get(&Value::str(name)).cloned()),
                Some(_) => None,
            },
            Datum::Key(fields) => match field(fields, name) {
                Some(Value::Struct(inner)) => return Ok(Datum::Key(inner.clone())),
                found => found.cloned().map(Some),
            },
            _ => None,
        };
        match found {
            Some(_) if has_arguments => self.error(format!("{name} is not a method but has arguments")),
            Some(Some(value)) => Ok(Datum::Value(value)),
            Some(None) => self.error(format!("map has no entry for key {}", value::quote(name.as_bytes()))),
            None => self.error(format!("can't evaluate field {name} in type {}", receiver.type_name())),
        }
    }

    /// Calls a function. `whole` is what an error of the function itself names.
    fn call(
        &mut self,
        dot: &Datum,
        whole: At<'a>,
        name: &'a str,
        arguments: &'a [Word],
        piped: Option<Datum>,
    ) -> Step<Datum> {
        let Some(callee) = find(name) else {
            return self.error(format!("{} is not a defined function", value::quote(name.as_bytes())));
        };
        let given = arguments.len() + usize::from(piped.is_some());
        let (wanted, variadic) = match callee {
            Callee::Logic(_) => (1, true),
            Callee::Builtin(builtin) => (builtin.arity, builtin.variadic),
            Callee::Catalog(function) => (function.ty.params.len(), false),
        };
        if variadic && given < wanted {
            return self.error(format!("wrong number of args for {name}: want at least {wanted} got {given}"));
        }
        if !variadic && given != wanted {
            return self.error(format!("wrong number of args for {name}: want {wanted} got {given}"));
        }
        let result = match callee {
            Callee::Logic(is_or) => return self.logic(dot, is_or, arguments, piped),
            Callee::Builtin(builtin) => {
                let mut values = Vec::with_capacity(given);
                for argument in arguments {
                    self.at = At::Word(argument);
                    values.push(self.operand(dot, argument)?);
                }
                values.extend(piped);
                match (builtin.call)(&values) {
                    Ok(value) => bound::text(Some(value.as_text().map_or(0, |it| it.len()))).map(|()| value),
                    Err(message) => Err(Failure::fatal(message)),
                }
                .map_err(Stop::Failure)
            }
            Callee::Catalog(function) => {
                let mut values = Vec::with_capacity(given);
                for (argument, param) in arguments.iter().zip(&function.ty.params) {
                    self.at = At::Word(argument);
                    values.push(self.argument(dot, argument, &param.ty)?);
                }
                if let (Some(piped), Some(param)) = (piped, function.ty.params.last()) {
                    values.push(self.fit(piped, &param.ty)?);
                }
                self.run(function, name, &values)
            }
        };
        result.map_err(|stop| match stop {
            Stop::Failure(failure) => {
                self.at = whole;
                let message = format!("error calling {name}: {}", failure.message());
                Stop::Failure(self.located(failure.reworded(message)))
            }
            other => other,
        })
    }

    /// Calls a function of the language. What it follows in the world, the template follows.
    fn run(&mut self, function: &CatalogFunction, name: &str, arguments: &[Value]) -> Step<Datum> {
        let site = CallSite { ty: &function.ty, base: self.base };
        let value = match function.function.body {
            Body::Pure(compute) => compute(&site, arguments),
            Body::Stream { source, read } => match source(&site, arguments) {
                Ok(source) => match (self.ask)(source) {
                    Some(sent) => sent.and_then(|it| read(&site, arguments, it)),
                    None => return Err(Stop::Awaits),
                },
                Err(failure) => Err(failure),
            },
            Body::Asking(_) | Body::Combinator(_) => Err(Failure::fatal("it cannot be called in a template")),
        };
        Ok(Datum::Value(value.map_err(|failure| {
            let message = format!("function `{name}` errored: {}", failure.message());
            failure.without_part().reworded(message)
        })?))
    }

    /// `and`, `or`: the first value that decides, or else the last.
    fn logic(&mut self, dot: &Datum, is_or: bool, arguments: &'a [Word], piped: Option<Datum>) -> Step<Datum> {
        let mut last = Datum::Nothing;
        for argument in arguments {
            self.at = At::Word(argument);
            last = self.operand(dot, argument)?;
            if last.is_true() == is_or {
                return Ok(last);
            }
        }
        Ok(piped.unwrap_or(last))
    }

    /// An argument where a type is wanted: a literal takes that type.
    fn argument(&mut self, dot: &Datum, word: &'a Word, ty: &Type) -> Step<Value> {
        match (&word.kind, ty) {
            (WordKind::Number(Number { int: Some(int), .. }), Type::Int) => Ok(Value::Int(*int)),
            (WordKind::Number(Number { float: Some(float), .. }), Type::Float) => Ok(Value::Float(*float)),
            (WordKind::Number(_) | WordKind::Bool(_) | WordKind::String { .. }, _) => {
                let value = self.operand(dot, word)?;
                let expected = match ty {
                    Type::Bool => "bool",
                    Type::Str => "string",
                    Type::Int => "integer",
                    Type::Float => "float",
                    other => {
                        return self.error(format!("can't handle {word} for arg of type {}", go_type(other)));
                    }
                };
                match (&value, ty) {
                    (Datum::Value(Value::Bool(_)), Type::Bool) | (Datum::Value(Value::Str(_)), Type::Str) => {
                        self.fit(value, ty)
                    }
                    _ => self.error(format!("expected {expected}; found {word}")),
                }
            }
            (WordKind::Nil, _) => self.error(format!("cannot assign nil to {}", go_type(ty))),
            _ => {
                let value = self.operand(dot, word)?;
                self.fit(value, ty)
            }
        }
    }

    /// A value as an argument of a type. Go tells `int` from `int64` here; this takes either.
    fn fit(&self, value: Datum, ty: &Type) -> Step<Value> {
        let given = value.type_name();
        let value = match value {
            Datum::Nothing => return self.error(format!("invalid value; expected {}", go_type(ty))),
            Datum::Int(number) => Value::Int(number),
            Datum::Value(value) => value,
            Datum::Key(fields) => Value::Struct(fields),
        };
        if fits(&value, ty) {
            Ok(value)
        } else {
            self.error(format!("wrong type for value; expected {}; got {given}", go_type(ty)))
        }
    }
}

fn fits(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Bool(_), Type::Bool)
        | (Value::Str(_), Type::Str)
        | (Value::Int(_), Type::Int)
        | (Value::Float(_), Type::Float) => true,
        (Value::List(values), Type::List(element)) => values.iter().all(|it| fits(it, element)),
        (Value::Map(entries), Type::Map(key, value)) => entries.iter().all(|(k, v)| fits(k, key) && fits(v, value)),
        (Value::Struct(fields), Type::Struct(wanted)) => {
            fields.len() == wanted.len()
                && fields.iter().zip(wanted.iter()).all(|((name, value), it)| *name == it.name && fits(value, &it.ty))
        }
        _ => false,
    }
}

/// A type as Go names it.
fn go_type(ty: &Type) -> String {
    match ty {
        Type::Str => "string".to_owned(),
        Type::Int => "int64".to_owned(),
        Type::Float => "float64".to_owned(),
        Type::List(element) => format!("[]{}", go_type(element)),
        Type::Map(key, value) => format!("map[{}]{}", go_type(key), go_type(value)),
        Type::Struct(_) => "map[string]interface {}".to_owned(),
        other => other.to_string(),
    }
}
