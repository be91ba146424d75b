//! `iter.map`, `iter.filter`, `iter.reduce`, `iter.zip`: what calls a function for each element.
//!
//! The runtime keeps a part of the graph for each element, so there is nothing to compute here: these are only
//! declarations, and written out because no Rust function stands behind them.

use schema::{Argument, Body, Combinator, Function, FunctionSchema, HookError, ParamSchema, Signature};
use value::{FuncType, Type};

/// `iter.map`
pub(crate) static MAP: Function = combinator(
    "map",
    "Applies a function to each element of a list.\n\n\
     The function can follow the world; each element has its own.\n\n\
     ```mcl\n\
     iter.map([1, 2, 3], func($x) { $x * 10 }) # => [10, 20, 30]\n\
     ```",
    &[param("inputs", "The list."), param("function", "What to apply to each element.")],
    Signature::Fixed(|| parse("func(inputs []?1, function func(?1) ?2) []?2")),
    Combinator::Map,
);

/// `iter.filter`
pub(crate) static FILTER: Function = combinator(
    "filter",
    "The elements of a list for which a function is true, in their order.\n\n\
     ```mcl\n\
     iter.filter([1, 2, 3], func($x) { $x > 1 }) # => [2, 3]\n\
     ```",
    &[param("inputs", "The list."), param("function", "What says whether to keep an element.")],
    Signature::Fixed(|| parse("func(inputs []?1, function func(?1) bool) []?1")),
    Combinator::Filter,
);

/// `iter.zip`
pub(crate) static ZIP: Function = combinator(
    "zip",
    "Applies a function to the elements of two lists at the same place; the longer list's rest is left out.\n\n\
     ```mcl\n\
     import \"fmt\"\n\
     import \"iter\"\n\
     iter.zip([1, 2], [\"a\", \"b\", \"c\"], func($n, $s) { fmt.printf(\"%d%s\", $n, $s) }) # => [\"1a\", \"2b\"]\n\
     ```",
    &[
        param("inputs1", "The first list."),
        param("inputs2", "The second list."),
        param("function", "What to apply to an element of each."),
    ],
    Signature::Fixed(|| parse("func(inputs1 []?1, inputs2 []?2, function func(?1, ?2) ?3) []?3")),
    Combinator::Zip,
);

/// `iter.reduce`
pub(crate) static REDUCE: Function = combinator(
    "reduce",
    "Combines the elements of a list, from the first to the last, with a function of two.\n\n\
     With an initial value, that comes first, and is the result for an empty list. Without one, an empty list fails.\n\n\
     ```mcl\n\
     iter.reduce([1, 2, 3], func($sum, $x) { $sum + $x }) # => 6\n\
     iter.reduce(100, [1, 2, 3], func($sum, $x) { $sum + $x }) # => 106\n\
     ```",
    &[
        ParamSchema { name: "initval", docs: "What comes first; it can be left out.", optional: true, variadic: false },
        param("inputs", "The list."),
        param("function", "What combines the result so far with an element."),
    ],
    Signature::Inferred {
        text: "func([initval ?1,] inputs []?1, function func(?1, ?1) ?1) ?1",
        hook: with_or_without_initial_value,
    },
    Combinator::Reduce,
);

const fn combinator(
    name: &'static str,
    docs: &'static str,
    params: &'static [ParamSchema],
    signature: Signature,
    combinator: Combinator,
) -> Function {
    Function {
        schema: FunctionSchema {
            module: "iter",
            name,
            since: "0.1",
            docs,
            file: file!(),
            params,
            signature,
            refuse: None,
            folds: false,
            points: false,
        },
        body: Body::Combinator(combinator),
    }
}

const fn param(name: &'static str, docs: &'static str) -> ParamSchema {
    ParamSchema { name, docs, optional: false, variadic: false }
}

fn with_or_without_initial_value(arguments: &[Argument]) -> Result<FuncType, HookError> {
    match arguments.len() {
        2 => Ok(parse("func(inputs []?1, function func(?1, ?1) ?1) ?1")),
        3 => Ok(parse("func(initval ?1, inputs []?1, function func(?1, ?1) ?1) ?1")),
        _ => Err(HookError::new("must have either two or three args")),
    }
}

/// The type that a literal of this file stands for.
fn parse(text: &str) -> FuncType {
    match Type::parse(text) {
        Ok(Type::Func(ty)) => (*ty).clone(),
        _ => unreachable!("a signature is a function type: {text}"),
    }
}
