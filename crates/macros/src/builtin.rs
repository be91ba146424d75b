//! `#[builtin]`: a Rust function as a function of the language.

use crate::attributes::docs;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Error, FnArg, ItemFn, LitStr, Pat, Path, ReturnType, Type};

/// What `#[builtin(…)]` says.
#[derive(Default)]
struct BuiltinAttributes {
    module: Option<LitStr>,
    name: Option<LitStr>,
    since: Option<LitStr>,
    signature: Option<LitStr>,
    refuse: Option<Path>,
    folds: bool,
}

impl BuiltinAttributes {
    fn of(args: TokenStream) -> syn::Result<BuiltinAttributes> {
        let mut res = BuiltinAttributes::default();
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("module") {
                res.module = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("name") {
                res.name = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("since") {
                res.since = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("signature") {
                res.signature = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("refuse") {
                res.refuse = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("folds") {
                res.folds = true;
            } else {
                return Err(meta.error("expected `module`, `name`, `since`, `signature`, `refuse` or `folds`"));
            }
            Ok(())
        });
        syn::parse::Parser::parse2(parser, args)?;
        Ok(res)
    }
}

pub(crate) fn expand(args: TokenStream, mut item: ItemFn) -> syn::Result<TokenStream> {
    let ident = item.sig.ident.clone();
    let docs_text = docs(&item.attrs, &item.sig)?;
    let attributes = BuiltinAttributes::of(args)?;
    let module = attributes.module.ok_or_else(|| Error::new(ident.span(), "missing `module = \"…\"`"))?;
    let since = attributes.since.ok_or_else(|| Error::new(ident.span(), "missing `since = \"…\"`"))?;
    let name = attributes.name.map_or_else(|| ident.to_string().trim_start_matches("r#").to_owned(), |it| it.value());

    let (mut params, mut types, mut names, mut bindings, mut passed) = (vec![], vec![], vec![], vec![], vec![]);
    for input in &mut item.sig.inputs {
        let FnArg::Typed(input) = input else {
            return Err(Error::new(input.span(), "a builtin takes no `self`"));
        };
        let Pat::Ident(pat) = &*input.pat else {
            return Err(Error::new(input.pat.span(), "a parameter needs a plain name"));
        };
        if is_reference_to(&input.ty, "CallSite") {
            passed.push(quote!(site));
            continue;
        }
        let param_docs = docs(&input.attrs, &*input.pat)?;
        input.attrs.retain(|it| !it.path().is_ident("doc"));
        let at = params.len();
        let binding = format_ident!("argument_{at}");
        let param = pat.ident.to_string().trim_start_matches("r#").to_owned();
        let ty = &input.ty;
        if is_reference_to(ty, "Value") {
            passed.push(quote!(&arguments[#at]));
            types.push(quote!(::value::Type::Variant));
        } else if is_reference_to(ty, "str") {
            bindings.push(quote! {
                let #binding = match &arguments[#at] {
                    ::value::Value::Str(text) => text.to_text(),
                    other => return ::core::result::Result::Err(::value::Failure::fatal(::value::Mismatch::kind("str", other).0)),
                };
            });
            passed.push(quote!(&#binding));
            types.push(quote!(::value::Type::Str));
        } else if let Type::Reference(reference) = &**ty {
            let inner = &reference.elem;
            bindings.push(quote!(let #binding: #inner = ::value::FromValue::from_value(&arguments[#at]).map_err(|error| ::value::Failure::fatal(error.0))?;));
            passed.push(quote!(&#binding));
            types.push(quote!(<#inner as ::value::HasType>::ty()));
        } else {
            bindings.push(quote!(let #binding: #ty = ::value::FromValue::from_value(&arguments[#at]).map_err(|error| ::value::Failure::fatal(error.0))?;));
            passed.push(quote!(#binding));
            types.push(quote!(<#ty as ::value::HasType>::ty()));
        }
        params.push(quote!(::schema::ParamSchema { name: #param, docs: #param_docs, variadic: false }));
        names.push(param);
    }
    let ReturnType::Type(_, result) = &item.sig.output else {
        return Err(Error::new(item.sig.span(), "a builtin returns a value"));
    };
    let count = params.len();
    let call = quote!(#ident(#(#passed),*));
    let value = if is_result(result) {
        quote!(#call.map(|value| ::value::ToValue::to_value(&value)))
    } else {
        quote!(::core::result::Result::Ok(::value::ToValue::to_value(&#call)))
    };
    let signature = match &attributes.signature {
        Some(text) => quote! {
            match ::value::Type::parse(#text) {
                ::core::result::Result::Ok(::value::Type::Func(ty)) => (*ty).clone(),
                _ => unreachable!("the signature of a builtin is a function type: {}", #text),
            }
        },
        None => quote! {
            ::value::FuncType {
                params: ::std::vec![#(::value::Param { name: #names.into(), ty: #types }),*],
                result: <#result as ::value::HasType>::ty(),
            }
        },
    };
    let refuse = match attributes.refuse {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let folds = attributes.folds;
    let static_ident = format_ident!("{}", ident.to_string().trim_start_matches("r#").to_uppercase());
    let static_docs = format!("The function `{name}` as data.");
    Ok(quote! {
        #item

        #[doc = #static_docs]
        pub(crate) static #static_ident: ::schema::Function = ::schema::Function {
            schema: ::schema::FunctionSchema {
                module: #module,
                name: #name,
                since: #since,
                docs: #docs_text,
                file: ::core::file!(),
                params: &[#(#params),*],
                signature: ::schema::Signature::Fixed(|| #signature),
                refuse: #refuse,
                folds: #folds,
            },
            body: ::schema::Body::Pure(|site, arguments| {
                let _ = site;
                if arguments.len() != #count {
                    return ::core::result::Result::Err(::value::Failure::fatal("wrong number of arguments"));
                }
                #(#bindings)*
                #value
            }),
        };
    })
}

fn is_result(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Result")
}

/// Whether a type is `&NAME`.
fn is_reference_to(ty: &Type, name: &str) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == name)
}
