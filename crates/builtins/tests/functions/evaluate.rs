//! Computes expressions: a small, plain stand-in for the compiler and the runtime, for lines of case files and
//! examples.

use crate::parse::Parser;
use crate::unify::Solver;
use schema::{Argument, Body, CallSite, Combinator, Function, Source};
use std::collections::BTreeMap;
use value::{Failure, FuncType, Name, Type, Value};

/// An expression and its type.
pub(crate) struct Typed {
    pub(crate) expr: Expr,
    pub(crate) ty: Type,
}

pub(crate) enum Expr {
    Constant(Value),
    List(Vec<Typed>),
    Map(Vec<(Typed, Typed)>),
    Struct(Vec<(Name, Typed)>),
    Variable(String),
    Lambda(Vec<String>, Box<Typed>),
    Fallback(Box<Typed>, Box<Typed>),
    Call { function: &'static Function, arguments: Vec<Typed>, signature: FuncType, known: Vec<Argument> },
}

/// The lines of one example or one case file so far.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) solver: Solver,
    pub(crate) variables: BTreeMap<String, Variable>,
    /// The folder of the module.
    pub(crate) base: String,
    /// The arguments of the last call that a hook refused.
    pub(crate) refused: Option<Vec<Typed>>,
    /// Modules that lines name by their last part.
    pub(crate) imports: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) ty: Type,
    pub(crate) value: Value,
}

/// What came of an expression.
pub(crate) enum Outcome {
    Value(Value),
    /// When it ran.
    Failed(Failure),
    /// Before it ran.
    Refused(String),
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Outcome {
        Outcome::Failed(failure)
    }
}

impl Program {
    pub(crate) fn function(&self, module: &str, name: &str) -> Result<&'static Function, String> {
        let find = |module: &str| {
            builtins::functions().iter().find(|it| it.schema.module == module && it.schema.name == name).copied()
        };
        let imported = || self.imports.iter().filter(|it| it.ends_with(&format!("/{module}"))).find_map(|it| find(it));
        imported()
            .or_else(|| find(module.trim_end_matches('/')))
            .ok_or_else(|| format!("there is no `{module}.{name}`"))
    }

    /// Computes `EXPR`, `$name = EXPR` or `$name TYPE = EXPR`, and says what stands after it.
    pub(crate) fn line<'a>(&mut self, text: &'a str) -> Result<(Outcome, &'a str), String> {
        match self.parse_line(text) {
            Ok((name, typed, rest)) => {
                let outcome = self.run(&typed);
                if let (Some(name), Outcome::Value(value)) = (name, &outcome) {
                    let variable = Variable { ty: self.solver.resolve(&typed.ty), value: value.clone() };
                    self.variables.insert(name, variable);
                }
                Ok((outcome, rest))
            }
            Err(message) => Ok((Outcome::Refused(message), text.split_once(" !! ").map_or("", |_| rest_of(text)))),
        }
    }

    /// Reads a line without computing it.
    pub(crate) fn parse_line<'a>(&mut self, text: &'a str) -> Result<(Option<String>, Typed, &'a str), String> {
        let (mut name, mut wanted, mut rest) = (None, None, text);
        if let Some(bound) = text.strip_prefix('$')
            && let Some((head, value)) = bound.split_once(" = ")
            && !head.contains(['(', '"', '>'])
        {
            let (variable, ty) = head.split_once(' ').unwrap_or((head, ""));
            name = Some(variable.to_owned());
            if !ty.is_empty() {
                wanted = Some(Type::parse(ty).map_err(|error| error.to_string())?);
            }
            rest = value;
        }
        let (typed, left) = {
            let mut parser = Parser::new(self, rest);
            let typed = parser.expression()?;
            (typed, parser.rest().len())
        };
        if let Some(ty) = wanted {
            self.solver.unify(&ty, &typed.ty)?;
        }
        Ok((name, typed, &text[text.len() - left..]))
    }

    pub(crate) fn run(&self, typed: &Typed) -> Outcome {
        match self.evaluate(typed, &BTreeMap::new()) {
            Ok(value) => Outcome::Value(value),
            Err(outcome) => outcome,
        }
    }

    /// What a call listens to.
    pub(crate) fn source(&self, typed: &Typed) -> Result<Source, Outcome> {
        let Expr::Call { function, arguments, signature, .. } = &typed.expr else {
            return Err(Outcome::Refused("no call".to_owned()));
        };
        let ty = self.solver.resolve_function(signature);
        let arguments = self.all(arguments, &BTreeMap::new())?;
        let site = CallSite { ty: &ty, base: &self.base };
        let source = match &function.body {
            Body::Stream { source, .. } => Some(source(&site, &arguments)?),
            Body::Asking(call) => {
                let mut first = None;
                let ask = |source| {
                    first.get_or_insert(source);
                    None
                };
                call(&site, &arguments, &mut { ask })?;
                first
            }
            Body::Pure(_) | Body::Combinator(_) => None,
        };
        source.ok_or_else(|| Outcome::Refused("it does not follow the world".to_owned()))
    }

    /// The value of a call when its source sends something, or all of its sources the same.
    pub(crate) fn read(&self, typed: &Typed, sent: Value) -> Outcome {
        let Expr::Call { function, arguments, signature, .. } = &typed.expr else {
            return Outcome::Refused("no call".to_owned());
        };
        let ty = self.solver.resolve_function(signature);
        let arguments = match self.all(arguments, &BTreeMap::new()) {
            Ok(arguments) => arguments,
            Err(outcome) => return outcome,
        };
        let site = CallSite { ty: &ty, base: &self.base };
        let value = match &function.body {
            Body::Stream { read, .. } => read(&site, &arguments, sent).map(Some),
            Body::Asking(call) => call(&site, &arguments, &mut |_| Some(Ok(sent.clone()))),
            Body::Pure(_) | Body::Combinator(_) => Ok(None),
        };
        match value {
            Ok(Some(value)) => Outcome::Value(value),
            Ok(None) => Outcome::Refused("it does not follow the world".to_owned()),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    fn all(&self, typed: &[Typed], locals: &BTreeMap<String, Value>) -> Result<Vec<Value>, Outcome> {
        typed.iter().map(|it| self.evaluate(it, locals)).collect()
    }

    fn evaluate(&self, typed: &Typed, locals: &BTreeMap<String, Value>) -> Result<Value, Outcome> {
        match &typed.expr {
            Expr::Constant(value) => Ok(value.clone()),
            Expr::List(elements) => self.all(elements, locals).map(Value::list),
            Expr::Map(entries) => {
                let entries: Result<Vec<_>, Outcome> = entries
                    .iter()
                    .map(|(key, value)| Ok((self.evaluate(key, locals)?, self.evaluate(value, locals)?)))
                    .collect();
                entries.map(Value::map)
            }
            Expr::Struct(fields) => {
                let fields: Result<Vec<_>, Outcome> =
                    fields.iter().map(|(name, value)| Ok((name.clone(), self.evaluate(value, locals)?))).collect();
                fields.map(Value::structure)
            }
            Expr::Variable(name) => {
                let value = locals.get(name).or_else(|| self.variables.get(name).map(|it| &it.value));
                value.cloned().ok_or_else(|| Outcome::Refused(format!("`${name}` has no value")))
            }
            Expr::Lambda(..) => Err(Outcome::Refused("a function is only an argument here".to_owned())),
            Expr::Fallback(first, second) => match self.evaluate(first, locals) {
                Err(Outcome::Failed(failure)) if failure.is_catchable() => self.evaluate(second, locals),
                other => other,
            },
            Expr::Call { function, arguments, signature, known } => {
                let ty = self.solver.resolve_function(signature);
                let known: Vec<Argument> = known
                    .iter()
                    .zip(&ty.params)
                    .map(|(it, param)| Argument { ty: Some(param.ty.clone()), value: it.value.clone() })
                    .collect();
                if let Some(refuse) = function.schema.refuse {
                    refuse(&ty, &known).map_err(Outcome::Refused)?;
                }
                match &function.body {
                    Body::Pure(compute) => {
                        let arguments = self.all(arguments, locals)?;
                        Ok(compute(&CallSite { ty: &ty, base: &self.base }, &arguments)?)
                    }
                    Body::Asking(call) => {
                        let arguments = self.all(arguments, locals)?;
                        let site = CallSite { ty: &ty, base: &self.base };
                        let value = call(&site, &arguments, &mut |_| None)?;
                        value.ok_or_else(|| Outcome::Refused("it follows the world".to_owned()))
                    }
                    Body::Combinator(combinator) => self.combine(*combinator, arguments, locals),
                    Body::Stream { source, .. } => {
                        let arguments = self.all(arguments, locals)?;
                        source(&CallSite { ty: &ty, base: &self.base }, &arguments)?;
                        Err(Outcome::Refused("it follows the world".to_owned()))
                    }
                }
            }
        }
    }

    fn combine(
        &self,
        combinator: Combinator,
        arguments: &[Typed],
        locals: &BTreeMap<String, Value>,
    ) -> Result<Value, Outcome> {
        let Some((Typed { expr: Expr::Lambda(names, body), .. }, inputs)) = arguments.split_last() else {
            return Err(Outcome::Refused("the last argument is a function".to_owned()));
        };
        let inputs = self.all(inputs, locals)?;
        let list = |at: usize| inputs[at].as_list().cloned().unwrap_or_default();
        let call = |values: &[Value]| {
            let mut locals = locals.clone();
            locals.extend(names.iter().cloned().zip(values.iter().cloned()));
            self.evaluate(body, &locals)
        };
        match combinator {
            Combinator::Map => {
                list(0).iter().map(|it| call(std::slice::from_ref(it))).collect::<Result<Vec<_>, _>>().map(Value::list)
            }
            Combinator::Filter => {
                let mut kept = Vec::new();
                for element in list(0) {
                    if call(std::slice::from_ref(&element))? == Value::Bool(true) {
                        kept.push(element);
                    }
                }
                Ok(Value::list(kept))
            }
            Combinator::Zip => {
                let pairs = list(0).into_iter().zip(list(1));
                pairs.map(|(a, b)| call(&[a, b])).collect::<Result<Vec<_>, _>>().map(Value::list)
            }
            Combinator::Reduce => {
                let mut elements = list(inputs.len() - 1).into_iter();
                let first = if inputs.len() == 2 { Some(inputs[0].clone()) } else { elements.next() };
                let first =
                    first.ok_or_else(|| Failure::fatal("cannot reduce an empty list without an initial value"))?;
                elements.try_fold(first, |sum, element| call(&[sum, element]))
            }
        }
    }
}

/// The value of an expression that is known before the program runs: literals and what folds.
pub(crate) fn fold(typed: &Typed) -> Option<Value> {
    fn folds(typed: &Typed) -> bool {
        match &typed.expr {
            Expr::Constant(_) => true,
            Expr::List(elements) => elements.iter().all(folds),
            Expr::Map(entries) => entries.iter().all(|(key, value)| folds(key) && folds(value)),
            Expr::Struct(fields) => fields.iter().all(|(_, value)| folds(value)),
            Expr::Call { function, arguments, .. } => function.schema.folds && arguments.iter().all(folds),
            Expr::Variable(_) | Expr::Lambda(..) | Expr::Fallback(..) => false,
        }
    }
    if !folds(typed) {
        return None;
    }
    match Program::default().run(typed) {
        Outcome::Value(value) => Some(value),
        Outcome::Failed(_) | Outcome::Refused(_) => None,
    }
}

/// What stands after an expression that could not be read: everything from ` !! ` on.
fn rest_of(text: &str) -> &str {
    text.find(" !! ").map_or("", |at| &text[at + 1..])
}
