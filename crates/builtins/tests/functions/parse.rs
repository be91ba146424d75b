//! Reads expressions, and finds their types as it goes.

use crate::evaluate::{Expr, Program, Typed, fold};
use schema::{Argument, Signature};
use value::{Name, Type, Value};

/// A text and how far it has been read.
pub(crate) struct Parser<'a> {
    pub(crate) program: &'a mut Program,
    rest: &'a str,
    /// Parameters of functions around the place that is read.
    locals: Vec<(String, Type)>,
}

type Parsed = Result<Typed, String>;

/// Operators by how loosely they bind.
const LEVELS: &[&[&str]] = &[&["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">", "in"], &["+", "-"], &["*", "/"]];

impl<'a> Parser<'a> {
    pub(crate) fn new(program: &'a mut Program, text: &'a str) -> Parser<'a> {
        Parser { program, rest: text, locals: Vec::new() }
    }

    /// What has not been read.
    pub(crate) fn rest(&mut self) -> &'a str {
        self.blanks();
        self.rest
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(crate) fn eat(&mut self, token: &str) -> bool {
        self.blanks();
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        let is_word = token.ends_with(|c: char| c.is_ascii_alphanumeric());
        if is_word && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return false;
        }
        self.rest = rest;
        true
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("expected `{token}` before `{}`", self.rest)) }
    }

    pub(crate) fn name(&mut self) -> &'a str {
        self.blanks();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name
    }

    pub(crate) fn expression(&mut self) -> Parsed {
        let mut left = self.binary(0)?;
        while self.eat("<|>") {
            let right = self.binary(0)?;
            left = match left.expr {
                Expr::Call { function, mut arguments, .. } if function.schema.name == "_struct_lookup" => {
                    arguments.push(right);
                    self.call("", "_struct_lookup_optional", arguments)?
                }
                expr => {
                    self.program.solver.unify(&left.ty, &right.ty)?;
                    let ty = left.ty.clone();
                    Typed { expr: Expr::Fallback(Box::new(Typed { expr, ..left }), Box::new(right)), ty }
                }
            };
        }
        Ok(left)
    }

    fn binary(&mut self, level: usize) -> Parsed {
        let Some(symbols) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        'next: loop {
            // What follows an expression in a case file, and the fallback.
            if ["<|>", "<-", "=>"].iter().any(|it| self.rest().starts_with(it)) {
                return Ok(left);
            }
            for symbol in *symbols {
                if self.eat(symbol) {
                    let right = self.binary(level + 1)?;
                    left = if *symbol == "in" {
                        self.call("", "contains", vec![left, right])?
                    } else {
                        self.operator(symbol, vec![left, right])?
                    };
                    continue 'next;
                }
            }
            return Ok(left);
        }
    }

    fn unary(&mut self) -> Parsed {
        if self.eat("not") {
            let operand = self.unary()?;
            return self.operator("not", vec![operand]);
        }
        let mut subject = self.primary()?;
        loop {
            if self.eat("[") {
                let key = self.expression()?;
                self.expect("]")?;
                subject = self.call("", "_lookup", vec![subject, key])?;
            } else if self.eat("->") {
                let field = constant(Value::str(self.name()), Type::Str);
                subject = match self.call("", "_struct_lookup", vec![subject, field]) {
                    Ok(found) => found,
                    // Perhaps a default follows, which allows that the field is not there.
                    Err(error) if self.rest().starts_with("<|>") => self.field_or_default(error)?,
                    Err(error) => return Err(error),
                };
            } else {
                return Ok(subject);
            }
        }
    }

    /// `s->f <|> d` where `s` has no `f`: its arguments are kept by the call that failed.
    fn field_or_default(&mut self, error: String) -> Parsed {
        let Some(mut arguments) = self.program.refused.take() else { return Err(error) };
        self.expect("<|>")?;
        arguments.push(self.binary(0)?);
        self.call("", "_struct_lookup_optional", arguments)
    }

    fn operator(&mut self, symbol: &str, mut operands: Vec<Typed>) -> Parsed {
        operands.insert(0, constant(Value::str(symbol), Type::Str));
        self.call("", "_operator", operands)
    }

    fn primary(&mut self) -> Parsed {
        let rest = self.rest();
        let mut characters = rest.chars();
        match characters.next() {
            Some('(') => {
                self.expect("(")?;
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Some('[') => self.list(),
            Some('{') => self.map(),
            Some('"') => self.string(),
            Some('$') => self.variable(),
            Some('0'..='9') => self.number(),
            Some('-') if characters.next().is_some_and(|c| c.is_ascii_digit()) => self.number(),
            _ => self.word(),
        }
    }

    fn list(&mut self) -> Parsed {
        self.expect("[")?;
        let (mut elements, ty) = (Vec::new(), self.program.solver.fresh());
        while !self.eat("]") {
            let element = self.expression()?;
            self.program.solver.unify(&ty, &element.ty)?;
            elements.push(element);
            if !self.eat(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(Typed { expr: Expr::List(elements), ty: Type::list(ty) })
    }

    fn map(&mut self) -> Parsed {
        self.expect("{")?;
        let (mut entries, key_ty, value_ty) = (Vec::new(), self.program.solver.fresh(), self.program.solver.fresh());
        while !self.eat("}") {
            let key = self.expression()?;
            self.expect("=>")?;
            let value = self.expression()?;
            self.program.solver.unify(&key_ty, &key.ty)?;
            self.program.solver.unify(&value_ty, &value.ty)?;
            entries.push((key, value));
            if !self.eat(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Typed { expr: Expr::Map(entries), ty: Type::map(key_ty, value_ty) })
    }

    fn structure(&mut self) -> Parsed {
        self.expect("{")?;
        let (mut fields, mut types) = (Vec::new(), Vec::new());
        while !self.eat("}") {
            let name = Name::from(self.name());
            self.expect("=>")?;
            let value = self.expression()?;
            types.push((name.clone(), value.ty.clone()));
            fields.push((name, value));
            if !self.eat(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Typed { expr: Expr::Struct(fields), ty: Type::structure(types) })
    }

    fn string(&mut self) -> Parsed {
        self.expect("\"")?;
        let (mut bytes, mut characters) = (Vec::new(), self.rest.char_indices());
        loop {
            let (at, c) = characters.next().ok_or("a string has no end")?;
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(constant(Value::str(bytes), Type::Str));
                }
                '\\' => match characters.next().ok_or("a string has no end")?.1 {
                    'n' => bytes.push(b'\n'),
                    't' => bytes.push(b'\t'),
                    'r' => bytes.push(b'\r'),
                    'x' => {
                        let digits: String = characters.by_ref().take(2).map(|(_, digit)| digit).collect();
                        bytes.push(u8::from_str_radix(&digits, 16).map_err(|error| error.to_string())?);
                    }
                    other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
                },
                other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    fn number(&mut self) -> Parsed {
        let digits = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
        let end = self.rest.find(|c: char| !digits(c)).unwrap_or(self.rest.len());
        // `->` and a minus sign end a number.
        let end = self.rest[1..end].find('-').map_or(end, |at| at + 1);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        if text.contains('.') {
            let value: f64 = text.parse().map_err(|_| format!("no float: {text}"))?;
            return Ok(constant(Value::Float(value), Type::Float));
        }
        let value: i64 = text.parse().map_err(|_| format!("no int: {text}"))?;
        Ok(constant(Value::Int(value), Type::Int))
    }

    fn variable(&mut self) -> Parsed {
        self.expect("$")?;
        let name = self.name().to_owned();
        let local = self.locals.iter().rev().find(|(it, _)| *it == name).map(|(_, ty)| ty.clone());
        let ty = local.or_else(|| self.program.variables.get(&name).map(|it| it.ty.clone()));
        let ty = ty.ok_or_else(|| format!("there is no `${name}`"))?;
        Ok(Typed { expr: Expr::Variable(name), ty })
    }

    /// A constant, a lambda or a call.
    fn word(&mut self) -> Parsed {
        let mut name = self.name().to_owned();
        match name.as_str() {
            "true" | "false" => return Ok(constant(Value::Bool(name == "true"), Type::Bool)),
            "struct" => return self.structure(),
            "func" => return self.lambda(),
            "" => return Err(format!("expected an expression before `{}`", self.rest)),
            _ => {}
        }
        let mut module = String::new();
        while let Some(rest) = self.rest.strip_prefix(['.', '/']) {
            let separator = if self.rest.starts_with('/') { "/" } else { "" };
            if !module.is_empty() && !module.ends_with('/') {
                return Err(format!("expected a function before `{}`", self.rest));
            }
            module = format!("{module}{name}{separator}");
            self.rest = rest;
            name = self.name().to_owned();
        }
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.eat(")") {
            arguments.push(self.expression()?);
            if !self.eat(",") {
                self.expect(")")?;
                break;
            }
        }
        self.call(&module, &name, arguments)
    }

    fn lambda(&mut self) -> Parsed {
        self.expect("(")?;
        let outer = self.locals.len();
        while !self.eat(")") {
            self.expect("$")?;
            let name = self.name().to_owned();
            let ty = self.program.solver.fresh();
            self.locals.push((name, ty));
            self.eat(",");
        }
        self.expect("{")?;
        let body = self.expression()?;
        self.expect("}")?;
        let params: Vec<(String, Type)> = self.locals.drain(outer..).collect();
        let ty = Type::func(params.iter().map(|(name, ty)| (name.as_str(), ty.clone())), body.ty.clone());
        let names = params.into_iter().map(|(name, _)| name).collect();
        Ok(Typed { expr: Expr::Lambda(names, Box::new(body)), ty })
    }

    fn call(&mut self, module: &str, name: &str, arguments: Vec<Typed>) -> Parsed {
        let function = self.program.function(module, name)?;
        let solver = &mut self.program.solver;
        let known: Vec<Argument> = arguments
            .iter()
            .map(|it| Argument { ty: Some(solver.resolve(&it.ty)).filter(Type::is_concrete), value: fold(it) })
            .collect();
        let signature = match &function.schema.signature {
            Signature::Fixed(ty) => ty(),
            Signature::Inferred { hook, .. } => match hook(&known) {
                Ok(signature) => signature,
                Err(error) => {
                    self.program.refused = Some(arguments);
                    return Err(error.message);
                }
            },
        };
        let signature = solver.instantiate(&signature);
        if signature.params.len() != arguments.len() {
            return Err(format!("takes {} arguments, not {}", signature.params.len(), arguments.len()));
        }
        for (param, argument) in signature.params.iter().zip(&arguments) {
            solver.unify(&param.ty, &argument.ty)?;
        }
        let ty = signature.result.clone();
        Ok(Typed { expr: Expr::Call { function, arguments, signature, known }, ty })
    }
}

pub(crate) fn constant(value: Value, ty: Type) -> Typed {
    Typed { expr: Expr::Constant(value), ty }
}
