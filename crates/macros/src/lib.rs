//! Derives a kind's or a builtin's schema from its declaration.
//!
//! The macros only *describe*: they read names, doc comments and types, and write a schema with the conversions that
//! follow from the types. They generate no behaviour that a reader could not guess from the annotated item, and they
//! refuse what has no documentation.

mod attributes;
mod builtin;
mod kind;
mod structure;

use proc_macro::TokenStream;
use syn::Error;

/// Declares a resource kind: a struct whose fields are the fields users write.
///
/// On the struct: `#[kind(name = "svc", since = "0.1", refreshes, receives, reverses, sends = SvcSends)]`.
///
/// On a field:
/// - `#[field(identity)]`: holds the name of the resource; users do not write it as a field. Exactly one, a `String`.
/// - `#[field(default = EXPR)]`: the value where the field is left out. Without it, `Default::default()`, or `None` for
///   an `Option`.
/// - `#[field(values("exists", "absent"))]`: the only texts that are allowed beside the default.
/// - `#[field(name = "bool")]`: the name users write, where Rust does not allow it.
/// - `#[field(secret)]`: the value is never shown.
/// - `#[field(private)]`: no field for users; it begins with its default and is no part of comparisons. For what a
///   leader of a group keeps of its members.
#[proc_macro_derive(Kind, attributes(kind, field))]
pub fn kind(input: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(input as syn::ItemStruct);
    kind::expand(&item).unwrap_or_else(Error::into_compile_error).into()
}

/// Makes a Rust struct a struct of the language: `HasType`, `FromValue`, `ToValue` and `FIELDS`, its fields as schemas.
#[proc_macro_derive(Structure, attributes(field))]
pub fn structure(input: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(input as syn::ItemStruct);
    structure::expand(&item).unwrap_or_else(Error::into_compile_error).into()
}

/// Declares a function of the language: a Rust function, its parameters and their doc comments.
///
/// `#[builtin(module = "strings", since = "0.1")]`, further:
/// - `name = "…"`: the name users write, where Rust does not allow it.
/// - `signature = "func(needle ?1, haystack []?1) bool"`: the type, where Rust types cannot say it. Such parameters
///   are `&Value`, `&[Value]`, `&BTreeMap<Value, Value>` or `&Struct`, which borrow the argument.
/// - `hook = path`: a `schema::Hook` that computes the type; the `signature` is then only what the manual shows.
/// - `refuse = path`: a `schema::Refuse`, which sees the solved type.
/// - `folds`: the compiler may use the value before the program runs.
/// - `points`: its failures say which part of an argument's text is to blame (`Failure::within`).
///
/// Parameters are `&str`, `&Str`, one of those above, or any type that is `FromValue`. An `Option` may be left out; a
/// last parameter under `#[variadic]`, a `&[Value]`, takes all further arguments. A first parameter
/// `site: &CallSite<'_>` gets the place of the call. The result is a type that is `ToValue`, or a `Result` of one with
/// a `Failure`.
///
/// A function that follows the world returns a `Source`, or a `Result` of one. Its value is what the source sends, or
/// what `read = …` makes of that, a function or closure as in `schema::Body::Stream`. As Rust does not say its type,
/// `result = TYPE` (a type that is `HasType`) or the `signature` does.
///
/// The macro keeps the function and adds a `pub(crate) static` of type `schema::Function`, in upper case, beside it.
#[proc_macro_attribute]
pub fn builtin(args: TokenStream, input: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(input as syn::ItemFn);
    builtin::expand(args.into(), item).unwrap_or_else(Error::into_compile_error).into()
}
