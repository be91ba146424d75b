//! Programs without a mistake, made of bytes.
//!
//! Every expression is written for a type that is wanted, so that what comes out gets past the compiler and says something:
//! binds, functions and lambdas, classes with members, conditions, loops, resources and edges, and calls of every function
//! of a type without unknowns.

use crate::compile::catalog;
use crate::values;
use arbitrary::{Result, Unstructured};
use schema::{Body, Function, Signature};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use value::{FuncType, Type};

/// How deep expressions and blocks nest.
const DEEPEST: usize = 4;
/// How long a program becomes.
const LONGEST: usize = 6000;

/// The functions that have a type without unknowns and functions, by the text of their result.
static BY_RESULT: LazyLock<BTreeMap<String, Vec<(&'static Function, FuncType)>>> = LazyLock::new(|| {
    let mut table: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for &function in catalog().functions {
        let schema = &function.schema;
        let Signature::Fixed(ty) = &schema.signature else { continue };
        let ty = ty();
        let plain = |ty: &Type| ty.is_concrete() && !ty.any(&mut |it| matches!(it, Type::Func(_)));
        // It is a statement.
        let is_word = schema.name == "panic";
        let is_callable = !is_word && !schema.name.starts_with('_') && schema.refuse.is_none();
        let runs = !matches!(function.body, Body::Combinator(_));
        if is_callable && runs && plain(&ty.result) && ty.params.iter().all(|param| plain(&param.ty)) {
            table.entry(ty.result.to_string()).or_default().push((function, ty));
        }
    }
    table
});

/// A program.
pub fn program(u: &mut Unstructured<'_>) -> Result<String> {
    let mut writer = Writer { u, imports: Vec::new(), scope: Scope::default(), counter: 0, length: 0 };
    let mut body = String::new();
    let count = writer.u.int_in_range(2..=14)?;
    for _ in 0..count {
        // Where bytes run out, the program ends.
        if writer.u.is_empty() || writer.length > LONGEST {
            break;
        }
        body += &writer.statement(0)?;
    }
    let mut text = String::new();
    for (at, module) in writer.imports.iter().enumerate() {
        _ = writeln!(text, "import \"{module}\" as m{at}");
    }
    Ok(text + &body)
}

/// What can be named.
#[derive(Clone, Default)]
struct Scope {
    variables: Vec<(String, Type)>,
    functions: Vec<(String, FuncType)>,
    /// Classes and the types of their parameters and members.
    classes: Vec<(String, Vec<Type>, Vec<(String, Type)>)>,
    resources: Vec<(&'static str, String)>,
}

struct Writer<'a, 'b> {
    u: &'a mut Unstructured<'b>,
    imports: Vec<&'static str>,
    scope: Scope,
    counter: usize,
    length: usize,
}

impl Writer<'_, '_> {
    fn fresh(&mut self, word: &str) -> String {
        self.counter += 1;
        format!("{word}{}", self.counter)
    }

    fn indent(depth: usize) -> String {
        "\t".repeat(depth)
    }

    fn statement(&mut self, depth: usize) -> Result<String> {
        let tabs = Self::indent(depth);
        let choice = self.u.int_in_range(0..=if depth < 3 { 19 } else { 9 })?;
        let text = match choice {
            0..=3 => {
                let ty = values::ty(self.u, 1)?;
                let value = self.expression(&ty, 0)?;
                let name = self.fresh("v");
                let annotation = if self.u.arbitrary()? { format!(" {ty}") } else { String::new() };
                self.scope.variables.push((name.clone(), ty));
                format!("{tabs}${name}{annotation} = {value}\n")
            }
            4..=7 => self.resource(depth)?,
            8 if self.scope.resources.len() > 1 => {
                // Later resources come after earlier ones, so that there is no cycle.
                let last = self.scope.resources.len() - 1;
                let to = self.u.int_in_range(1..=last)?;
                let from = self.u.int_in_range(0..=to - 1)?;
                let shown = |(kind, name): &(&'static str, String)| {
                    let (first, rest) = kind.split_at(1);
                    format!("{}{rest}[\"{name}\"]", first.to_uppercase())
                };
                format!("{tabs}{} -> {}\n", shown(&self.scope.resources[from]), shown(&self.scope.resources[to]))
            }
            8 | 9 => {
                let (class, params, members) = match self.scope.classes.len() {
                    0 => return self.resource(depth),
                    count => self.scope.classes[self.u.choose_index(count)?].clone(),
                };
                let arguments = params.iter().map(|ty| self.expression(ty, 1)).collect::<Result<Vec<_>>>()?;
                let alias = self.fresh("c");
                for (member, ty) in members {
                    self.scope.variables.push((format!("{alias}.{member}"), ty));
                }
                let arguments =
                    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
                format!("{tabs}include {class}{arguments} as {alias}\n")
            }
            10..=12 => {
                let condition = self.expression(&Type::Bool, 1)?;
                let then = self.block(depth, Vec::new())?;
                let otherwise = self.block(depth, Vec::new())?;
                format!("{tabs}if {condition} {{\n{then}{tabs}}} else {{\n{otherwise}{tabs}}}\n")
            }
            13 | 14 => {
                let element = values::ty(self.u, 2)?;
                let list = self.expression(&Type::list(element.clone()), 1)?;
                let (index, name) = (self.fresh("i"), self.fresh("x"));
                let block = self.block(depth, vec![(index.clone(), Type::Int), (name.clone(), element)])?;
                format!("{tabs}for ${index}, ${name} in {list} {{\n{block}{tabs}}}\n")
            }
            15 => {
                let (key, element) = (values::key(self.u)?, values::ty(self.u, 2)?);
                let map = self.expression(&Type::map(key.clone(), element.clone()), 1)?;
                let (name, of) = (self.fresh("k"), self.fresh("x"));
                let block = self.block(depth, vec![(name.clone(), key), (of.clone(), element)])?;
                format!("{tabs}forkv ${name}, ${of} in {map} {{\n{block}{tabs}}}\n")
            }
            16 | 17 => {
                let (params, shown) = self.parameters()?;
                let result = values::ty(self.u, 1)?;
                let outside = self.scope.clone();
                self.scope.variables.extend(params.clone());
                let body = self.expression(&result, 1)?;
                self.scope = outside;
                let name = self.fresh("f");
                let ty = FuncType::new(params, result);
                let result = format!(" {}", ty.result);
                self.scope.functions.push((name.clone(), ty));
                format!("{tabs}func {name}({shown}){result} {{\n{tabs}\t{body}\n{tabs}}}\n")
            }
            _ => {
                let (params, shown) = self.parameters()?;
                let name = self.fresh("k");
                let outside = self.scope.clone();
                self.scope.variables.extend(params.clone());
                self.scope.resources.clear();
                let before = self.scope.variables.len();
                let mut block = String::new();
                for _ in 0..self.u.int_in_range(0..=3)? {
                    block += &self.statement(depth + 1)?;
                }
                let members = self.scope.variables[before..].iter().filter(|(name, _)| !name.contains('.'));
                let members = members.cloned().collect();
                self.scope = outside;
                let types = params.into_iter().map(|(_, ty)| ty).collect();
                self.scope.classes.push((name.clone(), types, members));
                format!("{tabs}class {name}({shown}) {{\n{block}{tabs}}}\n")
            }
        };
        self.length += text.len();
        Ok(text)
    }

    fn parameters(&mut self) -> Result<(Vec<(String, Type)>, String)> {
        let count = self.u.int_in_range(0..=3)?;
        let params: Result<Vec<_>> = (0..count).map(|_| Ok((self.fresh("p"), values::ty(self.u, 1)?))).collect();
        let params = params?;
        let shown: Vec<_> = params.iter().map(|(name, ty)| format!("${name} {ty}")).collect();
        Ok((params, shown.join(", ")))
    }

    fn block(&mut self, depth: usize, given: Vec<(String, Type)>) -> Result<String> {
        let outside = self.scope.clone();
        self.scope.variables.extend(given);
        let mut text = String::new();
        for _ in 0..self.u.int_in_range(0..=3)? {
            text += &self.statement(depth + 1)?;
        }
        self.scope = outside;
        Ok(text)
    }

    fn resource(&mut self, depth: usize) -> Result<String> {
        let tabs = Self::indent(depth);
        let name = self.fresh("r");
        if self.u.ratio(1, 4)? {
            let value = self.expression(&Type::Str, 1)?;
            self.scope.resources.push(("test", name.clone()));
            return Ok(format!("{tabs}test \"{name}\" {{\n{tabs}\tcomment => {value},\n{tabs}}}\n"));
        }
        const FIELDS: [(&str, &str); 8] = [
            ("int64", "int"),
            ("float64", "float"),
            ("anotherstr", "str"),
            ("boolptr", "bool"),
            ("slicestring", "[]str"),
            ("mapintfloat", "map{int: float}"),
            ("mixedstruct", "struct{somebool bool; somestr str; someint int; somefloat float}"),
            ("int64ptr", "int"),
        ];
        let mut text = format!("{tabs}test \"{name}\" {{\n");
        let first = self.u.int_in_range(0..=FIELDS.len() - 1)?;
        for (field, ty) in FIELDS.iter().skip(first).take(1 + self.u.int_in_range(0..=2)?) {
            let ty = Type::parse(ty).expect("the types of fields are types");
            let value = self.expression(&ty, 1)?;
            let condition =
                if self.u.ratio(1, 6)? { format!("{} ?: ", self.expression(&Type::Bool, 2)?) } else { String::new() };
            _ = writeln!(text, "{tabs}\t{field} => {condition}{value},");
        }
        self.scope.resources.push(("test", name));
        Ok(text + &tabs + "}\n")
    }

    /// An expression that can stand anywhere.
    fn expression(&mut self, ty: &Type, depth: usize) -> Result<String> {
        if depth >= DEEPEST || self.u.is_empty() || self.length > LONGEST || self.u.ratio(1, 5)? {
            return self.simple(ty, depth);
        }
        let text = match self.u.int_in_range(0..=17)? {
            0 | 1 => self.simple(ty, depth)?,
            2 | 3 => {
                let condition = self.expression(&Type::Bool, depth + 1)?;
                let (then, otherwise) = (self.expression(ty, depth + 1)?, self.expression(ty, depth + 1)?);
                format!("if {condition} {{ {then} }} else {{ {otherwise} }}")
            }
            4 => {
                let (primary, fallback) = (self.expression(ty, depth + 1)?, self.expression(ty, depth + 1)?);
                format!("{primary} <|> {fallback}")
            }
            5 => {
                let list = self.expression(&Type::list(ty.clone()), depth + 1)?;
                let at = self.expression(&Type::Int, depth + 1)?;
                let fallback = self.expression(ty, depth + 1)?;
                format!("({list})[{at}] <|> {fallback}")
            }
            6 => {
                let key = values::key(self.u)?;
                let map = self.expression(&Type::map(key.clone(), ty.clone()), depth + 1)?;
                let at = self.expression(&key, depth + 1)?;
                format!("({map})[{at}] <|> {}", self.expression(ty, depth + 1)?)
            }
            7 => {
                let other = values::ty(self.u, 2)?;
                let holder = Type::structure([("a", other), ("wanted", ty.clone())]);
                format!("({})->wanted", self.expression(&holder, depth + 1)?)
            }
            8 => {
                let from = values::ty(self.u, 2)?;
                let lambda = self.lambda(std::slice::from_ref(&from), ty, depth)?;
                format!("{lambda}({})", self.expression(&from, depth + 1)?)
            }
            9 | 10 => {
                let fitting = self.scope.functions.iter().filter(|(_, it)| it.result == *ty).cloned();
                let fitting: Vec<_> = fitting.collect();
                if fitting.is_empty() {
                    return self.operation(ty, depth);
                }
                let (name, func) = self.u.choose(&fitting)?.clone();
                let arguments = func.params.iter().map(|it| self.expression(&it.ty, depth + 1));
                format!("{name}({})", arguments.collect::<Result<Vec<_>>>()?.join(", "))
            }
            11..=13 => {
                let Some(functions) = BY_RESULT.get(&ty.to_string()) else { return self.operation(ty, depth) };
                let (function, func) = self.u.choose(functions)?;
                let arguments = func.params.iter().map(|it| self.expression(&it.ty, depth + 1));
                let arguments = arguments.collect::<Result<Vec<_>>>()?.join(", ");
                format!("{}({arguments})", self.path(function))
            }
            14 => {
                let list = match ty {
                    Type::List(element) => element.clone(),
                    _ => return self.reduce(ty, depth),
                };
                let from = values::ty(self.u, 2)?;
                let inputs = self.expression(&Type::list(from.clone()), depth + 1)?;
                if from == *list && self.u.arbitrary()? {
                    let lambda = self.lambda(&[from], &Type::Bool, depth)?;
                    format!("{}.filter({inputs}, {lambda})", self.module("iter"))
                } else {
                    let lambda = self.lambda(&[from], &list, depth)?;
                    format!("{}.map({inputs}, {lambda})", self.module("iter"))
                }
            }
            _ => return self.operation(ty, depth),
        };
        Ok(format!("({text})"))
    }

    fn reduce(&mut self, ty: &Type, depth: usize) -> Result<String> {
        let inputs = self.expression(&Type::list(ty.clone()), depth + 1)?;
        let first = self.expression(ty, depth + 1)?;
        let lambda = self.lambda(&[ty.clone(), ty.clone()], ty, depth)?;
        Ok(format!("{}.reduce({first}, {inputs}, {lambda})", self.module("iter")))
    }

    fn lambda(&mut self, params: &[Type], result: &Type, depth: usize) -> Result<String> {
        let outside = self.scope.clone();
        let mut shown = Vec::new();
        for ty in params {
            let name = self.fresh("l");
            shown.push(format!("${name} {ty}"));
            self.scope.variables.push((name, ty.clone()));
        }
        let body = self.expression(result, depth + 1)?;
        self.scope = outside;
        Ok(format!("func({}) {result} {{ {body} }}", shown.join(", ")))
    }

    fn operation(&mut self, ty: &Type, depth: usize) -> Result<String> {
        let next = depth + 1;
        Ok(match ty {
            Type::Float if self.u.ratio(1, 4)? => {
                // The quotient of two ints is a float.
                let of = if self.u.arbitrary()? { Type::Int } else { Type::Float };
                format!("({} / {})", self.expression(&of, next)?, self.expression(&of, next)?)
            }
            Type::Int | Type::Float => {
                let operator = *self.u.choose(&["+", "-", "*"])?;
                format!("({} {operator} {})", self.expression(ty, next)?, self.expression(ty, next)?)
            }
            Type::Str => {
                if self.u.arbitrary()? {
                    let variables = self.scope.variables.iter().filter(|(_, ty)| *ty == Type::Str);
                    let variables: Vec<_> = variables.map(|(name, _)| name.clone()).collect();
                    if !variables.is_empty() {
                        return Ok(format!("\"a${{{}}}b\"", self.u.choose(&variables)?));
                    }
                }
                format!("({} + {})", self.expression(ty, next)?, self.expression(ty, next)?)
            }
            Type::Bool => {
                let of = values::ty(self.u, 2)?;
                match self.u.int_in_range(0..=4)? {
                    0 => format!("(not ({}))", self.expression(ty, next)?),
                    1 => format!("({} and {})", self.expression(ty, next)?, self.expression(ty, next)?),
                    2 => {
                        let list = Type::list(of.clone());
                        format!("({} in {})", self.expression(&of, next)?, self.expression(&list, next)?)
                    }
                    3 => {
                        let number = if self.u.arbitrary()? { Type::Int } else { Type::Float };
                        let operator = *self.u.choose(&["<", ">", "<=", ">="])?;
                        format!("({} {operator} {})", self.expression(&number, next)?, self.expression(&number, next)?)
                    }
                    _ => {
                        let operator = *self.u.choose(&["==", "!="])?;
                        format!("({} {operator} {})", self.expression(&of, next)?, self.expression(&of, next)?)
                    }
                }
            }
            _ => self.simple(ty, depth)?,
        })
    }

    /// A variable or a literal.
    fn simple(&mut self, ty: &Type, depth: usize) -> Result<String> {
        if !self.u.is_empty() && self.u.ratio(2, 3)? {
            let fitting = self.scope.variables.iter().filter(|(_, it)| it == ty);
            let fitting: Vec<_> = fitting.map(|(name, _)| name.clone()).collect();
            if !fitting.is_empty() {
                return Ok(format!("${}", self.u.choose(&fitting)?));
            }
        }
        let next = depth + 1;
        let count: u8 = if depth < DEEPEST && !self.u.is_empty() { self.u.int_in_range(1..=3)? } else { 1 };
        Ok(match ty {
            Type::Bool => bool::to_string(&self.u.arbitrary()?),
            Type::Int => {
                let number = values::int(self.u)?;
                // What could be a size or a count stays small.
                (number % 100).to_string()
            }
            Type::Float => {
                let number = f64::from(self.u.arbitrary::<i16>()?) / 8.0;
                format!("{number:.3}")
            }
            Type::List(element) => {
                let elements = (0..count).map(|_| self.expression(element, next));
                format!("[{}]", elements.collect::<Result<Vec<_>>>()?.join(", "))
            }
            Type::Map(key, element) => {
                let entries = (0..count).map(|at| {
                    let key = match **key {
                        Type::Str => format!("\"k{at}\""),
                        Type::Int => at.to_string(),
                        Type::Float => format!("{at}.5"),
                        _ => return Ok(format!("true => {}", self.expression(element, next)?)),
                    };
                    Ok(format!("{key} => {}", self.expression(element, next)?))
                });
                let mut entries = entries.collect::<Result<Vec<_>>>()?;
                if **key == Type::Bool {
                    entries.truncate(1);
                }
                format!("{{{}}}", entries.join(", "))
            }
            Type::Struct(fields) => {
                let fields =
                    fields.iter().map(|field| Ok(format!("{} => {}", field.name, self.expression(&field.ty, next)?)));
                format!("struct{{{}}}", fields.collect::<Result<Vec<_>>>()?.join(", "))
            }
            _ => {
                let texts = [
                    "",
                    "a",
                    "a,b",
                    "1",
                    "-7",
                    "1.5",
                    "true",
                    "/tmp/a/../b",
                    "192.0.2.1/24",
                    "%d %s",
                    "[a-z]+",
                    "{\\\"a\\\": 1}",
                    "äß",
                    "2006-01-02",
                    "a b\\n",
                ];
                format!("\"{}\"", self.u.choose(&texts)?)
            }
        })
    }

    fn path(&mut self, function: &Function) -> String {
        let schema = &function.schema;
        if schema.module.is_empty() { schema.name.to_owned() } else { self.module(schema.module) + "." + schema.name }
    }

    fn module(&mut self, module: &'static str) -> String {
        let at = self.imports.iter().position(|it| *it == module).unwrap_or_else(|| {
            self.imports.push(module);
            self.imports.len() - 1
        });
        format!("m{at}")
    }
}
