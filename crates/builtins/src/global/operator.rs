//! `_operator`: what `a + b` and its like mean.
//!
//! All operators are one function whose first argument is the symbol. Its type follows from the symbol alone; which
//! operands an operator has, for instance that `+` is not for bool, is checked when types are solved.

use super::concat::joined;
use macros::builtin;
use schema::{Argument, HookError};
use value::{Failure, FuncType, Type, Value};

/// Computes with operands: `+ - * /`, `== != < > <= >=`, `and or not`.
///
/// Operands are of the same type. Ints wrap around; a division is always a float, and `<|>` catches one by zero. What
/// stands on both sides of `and` and `or` is always computed.
///
/// ```mcl
/// 1 + 2 # => 3
/// "a" + "b" # => "ab"
/// 7 / 2 # => 3.5
/// [1, 2] == [1, 2] # => true
/// not true # => false
/// 1 / 0 <|> 0.0 # => 0
/// ```
#[builtin(
    module = "",
    name = "_operator",
    since = "0.1",
    signature = "func(op str, a ?1, b ?1) ?1",
    hook = type_of_operator,
    refuse = other_operands,
    folds
)]
fn operator(
    /// The symbol, known before the program runs.
    op: &str,
    /// The operands: one for `not`, two for the others.
    #[variadic]
    operands: &[Value],
) -> Result<Value, Failure> {
    let operator = find(op, operands.len()).map_err(Failure::fatal)?;
    (operator.apply)(operands)
}

/// One operator.
struct Operator {
    symbol: &'static str,
    operands: usize,
    /// The type of the operands where it is only one, and of the result: `None` stands for that of the operands.
    operand: Option<Type>,
    result: Option<Type>,
    supports: fn(&Type) -> bool,
    apply: Apply,
}

/// Computes with operands. Fails fatally on types that are not supported, which the compiler has refused before.
type Apply = fn(&[Value]) -> Result<Value, Failure>;

static OPERATORS: &[Operator] = &[
    same("+", |ty| matches!(ty, Type::Str | Type::Int | Type::Float), add),
    same("-", is_number, |it| arithmetic(it, i64::wrapping_sub, |a, b| a - b)),
    same("*", is_number, |it| arithmetic(it, i64::wrapping_mul, |a, b| a * b)),
    Operator { symbol: "/", operands: 2, operand: None, result: Some(Type::Float), supports: is_number, apply: divide },
    comparison("==", Type::is_comparable, |it| equal(it).map(Value::Bool)),
    comparison("!=", Type::is_comparable, |it| equal(it).map(|equal| Value::Bool(!equal))),
    comparison("<", is_number, |it| compare(it, |a, b| a < b, |a, b| a < b)),
    comparison(">", is_number, |it| compare(it, |a, b| a > b, |a, b| a > b)),
    comparison("<=", is_number, |it| compare(it, |a, b| a <= b, |a, b| a <= b)),
    comparison(">=", is_number, |it| compare(it, |a, b| a >= b, |a, b| a >= b)),
    logic("and", 2, |it| match it {
        [Value::Bool(a), Value::Bool(b)] => Ok(Value::Bool(*a && *b)),
        _ => Err(unsupported(it)),
    }),
    logic("or", 2, |it| match it {
        [Value::Bool(a), Value::Bool(b)] => Ok(Value::Bool(*a || *b)),
        _ => Err(unsupported(it)),
    }),
    logic("not", 1, |it| match it {
        [Value::Bool(a)] => Ok(Value::Bool(!a)),
        _ => Err(unsupported(it)),
    }),
];

const fn same(symbol: &'static str, supports: fn(&Type) -> bool, apply: Apply) -> Operator {
    Operator { symbol, operands: 2, operand: None, result: None, supports, apply }
}

const fn comparison(symbol: &'static str, supports: fn(&Type) -> bool, apply: Apply) -> Operator {
    Operator { symbol, operands: 2, operand: None, result: Some(Type::Bool), supports, apply }
}

const fn logic(symbol: &'static str, operands: usize, apply: Apply) -> Operator {
    Operator { symbol, operands, operand: Some(Type::Bool), result: Some(Type::Bool), supports: is_bool, apply }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float)
}

fn is_bool(ty: &Type) -> bool {
    *ty == Type::Bool
}

fn find(symbol: &str, operands: usize) -> Result<&'static Operator, String> {
    let found =
        OPERATORS.iter().find(|it| it.symbol == symbol).ok_or_else(|| format!("there is no operator `{symbol}`"))?;
    if found.operands == operands {
        return Ok(found);
    }
    Err(format!("`{symbol}` has {} operands, not {operands}", found.operands))
}

fn add(operands: &[Value]) -> Result<Value, Failure> {
    match operands {
        [Value::Str(a), Value::Str(b)] => joined(a, b).map(Value::Str),
        _ => arithmetic(operands, i64::wrapping_add, |a, b| a + b),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a division of ints is one of floats")]
fn divide(operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = match *operands {
        [Value::Int(a), Value::Int(b)] => (a as f64, b as f64),
        [Value::Float(a), Value::Float(b)] => (a, b),
        _ => return Err(unsupported(operands)),
    };
    if b == 0.0 { Err(Failure::catchable("can't divide by zero")) } else { Ok(Value::Float(a / b)) }
}

fn arithmetic(operands: &[Value], ints: fn(i64, i64) -> i64, floats: fn(f64, f64) -> f64) -> Result<Value, Failure> {
    match *operands {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Int(ints(a, b))),
        [Value::Float(a), Value::Float(b)] => Ok(Value::Float(floats(a, b))),
        _ => Err(unsupported(operands)),
    }
}

fn compare(operands: &[Value], ints: fn(i64, i64) -> bool, floats: fn(f64, f64) -> bool) -> Result<Value, Failure> {
    match *operands {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Bool(ints(a, b))),
        [Value::Float(a), Value::Float(b)] => Ok(Value::Bool(floats(a, b))),
        _ => Err(unsupported(operands)),
    }
}

fn equal(operands: &[Value]) -> Result<bool, Failure> {
    match operands {
        [Value::Func(_), _] | [_, Value::Func(_)] => Err(unsupported(operands)),
        [a, b] => Ok(a.equals(b)),
        _ => Err(unsupported(operands)),
    }
}

fn unsupported(operands: &[Value]) -> Failure {
    Failure::fatal(format!("unsupported kind: {}", operands.first().map_or("none", Value::kind)))
}

fn type_of_operator(arguments: &[Argument]) -> Result<FuncType, HookError> {
    let operator = of_arguments(arguments)?;
    let operand = operator.operand.clone().unwrap_or(Type::Var(1));
    let operands = ["a", "b"].into_iter().take(operator.operands).map(|name| (name, operand.clone()));
    let result = operator.result.clone().unwrap_or_else(|| operand.clone());
    Ok(FuncType::new(std::iter::once(("op", Type::Str)).chain(operands), result))
}

fn of_arguments(arguments: &[Argument]) -> Result<&'static Operator, HookError> {
    let Some((Argument { value: Some(Value::Str(symbol)), .. }, operands)) = arguments.split_first() else {
        return Err(HookError::at(0, "an operator must be known before the program runs"));
    };
    find(&symbol.to_text(), operands.len()).map_err(HookError::new)
}

fn other_operands(ty: &FuncType, arguments: &[Argument]) -> Result<(), String> {
    let (Ok(operator), Some(operand)) = (of_arguments(arguments), ty.params.get(1)) else { return Ok(()) };
    if operand.ty == Type::Error || (operator.supports)(&operand.ty) {
        return Ok(());
    }
    let instead = match (operator.symbol, &operand.ty) {
        ("+", Type::List(_)) => "; `list.concat` joins lists",
        _ => "",
    };
    Err(format!("`{}` does not work on `{}`{instead}", operator.symbol, operand.ty))
}
