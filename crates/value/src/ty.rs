//! Types and their text form.

use crate::Name;
use std::fmt;
use std::sync::Arc;

/// A type of the language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `str`
    Str,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `[]T`
    List(Arc<Type>),
    /// `map{K: V}`
    Map(Arc<Type>, Arc<Type>),
    /// `struct{a T; b U}`: the order of the fields is part of the type.
    Struct(Arc<[StructField]>),
    /// `func(a T) R`
    Func(Arc<FuncType>),
    /// Any type: only in declarations of kinds and functions, never the type of a value.
    Variant,
    /// `?1`: in the signature of a polymorphic function, and in the compiler.
    Var(u32),
    /// The type of what is in error: unifies with everything and reports nothing again.
    Error,
}

/// A field of a struct type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StructField {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: Type,
}

/// The type of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncType {
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The type of the result.
    pub result: Type,
}

/// A parameter of a function type.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name; empty where there is none. It does not take part in comparisons: names of parameters are no part of a type.
    pub name: Name,
    /// The type.
    pub ty: Type,
}

impl PartialEq for Param {
    fn eq(&self, other: &Param) -> bool {
        self.ty == other.ty
    }
}

impl Eq for Param {}

impl PartialOrd for Param {
    fn partial_cmp(&self, other: &Param) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Param {
    fn cmp(&self, other: &Param) -> std::cmp::Ordering {
        self.ty.cmp(&other.ty)
    }
}

impl std::hash::Hash for Param {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.ty.hash(state);
    }
}

impl Type {
    /// `[]element`
    pub fn list(element: Type) -> Type {
        Type::List(Arc::new(element))
    }

    /// `map{key: value}`
    pub fn map(key: Type, value: Type) -> Type {
        Type::Map(Arc::new(key), Arc::new(value))
    }

    /// `struct{…}`
    pub fn structure<N: Into<Name>>(fields: impl IntoIterator<Item = (N, Type)>) -> Type {
        Type::Struct(fields.into_iter().map(|(name, ty)| StructField { name: name.into(), ty }).collect())
    }

    /// `func(…) result`
    pub fn func<N: Into<Name>>(params: impl IntoIterator<Item = (N, Type)>, result: Type) -> Type {
        Type::Func(Arc::new(FuncType::new(params, result)))
    }

    /// The kind of type, as error messages name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Str => "str",
            Type::Int => "int",
            Type::Float => "float",
            Type::List(_) => "list",
            Type::Map(..) => "map",
            Type::Struct(_) => "struct",
            Type::Func(_) => "func",
            Type::Variant => "variant",
            Type::Var(_) => "unknown",
            Type::Error => "error",
        }
    }

    /// Whether `check` holds for this type or one inside of it.
    pub fn any(&self, check: &mut impl FnMut(&Type) -> bool) -> bool {
        check(self)
            || match self {
                Type::List(element) => element.any(check),
                Type::Map(key, value) => key.any(check) || value.any(check),
                Type::Struct(fields) => fields.iter().any(|field| field.ty.any(check)),
                Type::Func(func) => func.params.iter().any(|param| param.ty.any(check)) || func.result.any(check),
                _ => false,
            }
    }

    /// Whether the type has no unknown and no error inside.
    pub fn is_concrete(&self) -> bool {
        !self.any(&mut |ty| matches!(ty, Type::Var(_) | Type::Error | Type::Variant))
    }

    /// Whether values of the type can be keys of a map: bool, str, int, float and structs of those.
    pub fn is_hashable(&self) -> bool {
        match self {
            Type::Bool | Type::Str | Type::Int | Type::Float | Type::Error => true,
            Type::Struct(fields) => fields.iter().all(|field| field.ty.is_hashable()),
            _ => false,
        }
    }

    /// Whether `==` works on values of the type: there is no function inside.
    pub fn is_comparable(&self) -> bool {
        !self.any(&mut |ty| matches!(ty, Type::Func(_)))
    }

    /// Reads the text form: `map{str: []?1}`. Blanks between the parts do not matter, a trailing `;` in a struct neither.
    ///
    /// # Errors
    /// Where the text is no type, with the byte at which that was noticed.
    pub fn parse(text: &str) -> Result<Type, ParseTypeError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let ty = parser.ty()?;
        parser.blanks();
        if parser.at < text.len() { Err(parser.error("end of the type")) } else { Ok(ty) }
    }
}

impl FuncType {
    /// `func(…) result`
    pub fn new<N: Into<Name>>(params: impl IntoIterator<Item = (N, Type)>, result: Type) -> FuncType {
        FuncType { params: params.into_iter().map(|(name, ty)| Param { name: name.into(), ty }).collect(), result }
    }
}

/// Why a text is no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTypeError {
    /// The byte at which it was noticed.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for ParseTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.at)
    }
}

impl std::error::Error for ParseTypeError {}

/// Deeper types are refused, so that no text can exhaust the stack.
const MAX_DEPTH: u32 = 100;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn error(&self, expected: &'static str) -> ParseTypeError {
        ParseTypeError { at: self.at, expected }
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.blanks();
        let found = self.text[self.at..].starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str, expected: &'static str) -> Result<(), ParseTypeError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn word(&mut self) -> &str {
        self.blanks();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn ty(&mut self) -> Result<Type, ParseTypeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("a type that is nested less deeply"));
        }
        let ty = self.ty_inner();
        self.depth -= 1;
        ty
    }

    fn ty_inner(&mut self) -> Result<Type, ParseTypeError> {
        if self.eat("[") {
            self.expect("]", "`]`")?;
            return Ok(Type::list(self.ty()?));
        }
        if self.eat("?") {
            let start = self.at;
            let Ok(number) = self.word().parse() else {
                self.at = start;
                return Err(self.error("a number"));
            };
            return Ok(Type::Var(number));
        }
        self.blanks();
        let start = self.at;
        match self.word() {
            "bool" => Ok(Type::Bool),
            "str" => Ok(Type::Str),
            "int" => Ok(Type::Int),
            "float" => Ok(Type::Float),
            "variant" => Ok(Type::Variant),
            "map" => {
                self.expect("{", "`{`")?;
                let key = self.ty()?;
                self.expect(":", "`:`")?;
                let value = self.ty()?;
                self.expect("}", "`}`")?;
                Ok(Type::map(key, value))
            }
            "struct" => {
                self.expect("{", "`{`")?;
                let mut fields = Vec::new();
                while !self.eat("}") {
                    let name = Name::from(self.word());
                    if name.is_empty() {
                        return Err(self.error("a field name"));
                    }
                    fields.push((name, self.ty()?));
                    if !self.eat(";") {
                        self.expect("}", "`;` or `}`")?;
                        break;
                    }
                }
                Ok(Type::structure(fields))
            }
            "func" => {
                self.expect("(", "`(`")?;
                let mut params = Vec::new();
                while !self.eat(")") {
                    params.push(self.param()?);
                    if !self.eat(",") {
                        self.expect(")", "`,` or `)`")?;
                        break;
                    }
                }
                Ok(Type::func(params, self.ty()?))
            }
            _ => {
                self.at = start;
                Err(self.error("a type"))
            }
        }
    }

    /// `T`, `name T` or `$name T`.
    fn param(&mut self) -> Result<(Name, Type), ParseTypeError> {
        self.eat("$");
        self.blanks();
        let start = self.at;
        let name = Name::from(self.word());
        self.blanks();
        let next = self.text[self.at..].chars().next();
        if name.is_empty() || next.is_none_or(|c| matches!(c, ',' | ')' | '{' | '(')) {
            self.at = start;
            return Ok((Name::new(), self.ty()?));
        }
        Ok((name, self.ty()?))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool | Type::Str | Type::Int | Type::Float | Type::Variant => f.write_str(self.kind()),
            Type::List(element) => write!(f, "[]{element}"),
            Type::Map(key, value) => write!(f, "map{{{key}: {value}}}"),
            Type::Struct(fields) => {
                f.write_str("struct{")?;
                for (at, field) in fields.iter().enumerate() {
                    write!(f, "{}{} {}", if at > 0 { "; " } else { "" }, field.name, field.ty)?;
                }
                f.write_str("}")
            }
            Type::Func(func) => write!(f, "{func}"),
            Type::Var(number) => write!(f, "?{number}"),
            Type::Error => f.write_str("_"),
        }
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("func(")?;
        for (at, param) in self.params.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            if !param.name.is_empty() {
                write!(f, "{} ", param.name)?;
            }
            write!(f, "{}", param.ty)?;
        }
        write!(f, ") {}", self.result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) {
        assert_eq!(Type::parse(text).map(|ty| ty.to_string()), Ok(text.to_owned()));
    }

    #[test]
    fn types_read_back_as_they_are_written() {
        for text in [
            "bool",
            "[][]str",
            "map{str: struct{a int; b []?1}}",
            "func(list []?1, index int) ?2",
            "func(int, func(x str) bool) struct{}",
            "func() map{int: variant}",
        ] {
            round_trip(text);
        }
    }

    #[test]
    fn blanks_and_a_trailing_semicolon_do_not_matter() {
        let ty = Type::parse(" map { str : struct{hello int; goodbye str;} } ").map(|ty| ty.to_string());
        assert_eq!(ty, Ok("map{str: struct{hello int; goodbye str}}".to_owned()));
    }

    #[test]
    fn what_is_no_type_is_refused_where_it_goes_wrong() {
        assert_eq!(Type::parse("[]strr").map_err(|error| error.at), Err(2));
        assert!(Type::parse(&"[]".repeat(10_000)).is_err());
        assert!(Type::parse("").is_err());
    }

    #[test]
    fn parameter_names_do_not_matter_for_equality() {
        assert_eq!(Type::parse("func(a int) str"), Type::parse("func(int) str"));
    }
}
