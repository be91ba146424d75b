//! `#[builtin]`: a Rust function as a function of the language.

use crate::attributes::docs;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericArgument, Ident, ItemFn, LitStr, Pat, PatType, Path, PathArguments, ReturnType, Type};

/// What `#[builtin(…)]` says.
#[derive(Default)]
struct BuiltinAttributes {
    module: Option<LitStr>,
    name: Option<LitStr>,
    since: Option<LitStr>,
    signature: Option<LitStr>,
    hook: Option<Path>,
    refuse: Option<Path>,
    result: Option<Type>,
    read: Option<syn::Expr>,
    folds: bool,
    points: bool,
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
            } else if meta.path.is_ident("hook") {
                res.hook = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("refuse") {
                res.refuse = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("result") {
                res.result = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("read") {
                res.read = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("folds") {
                res.folds = true;
            } else if meta.path.is_ident("points") {
                res.points = true;
            } else {
                return Err(meta.error(
                    "expected `module`, `name`, `since`, `signature`, `hook`, `refuse`, `result`, `read`, `folds` or `points`",
                ));
            }
            Ok(())
        });
        syn::parse::Parser::parse2(parser, args)?;
        Ok(res)
    }
}

/// The parameters of a builtin, as the parts of the generated code that come from them.
#[derive(Default)]
struct Parameters {
    /// Rows of type `ParamSchema`.
    schemas: Vec<TokenStream>,
    names: Vec<String>,
    /// Expressions of type `Type`, where Rust types say it.
    types: Vec<TokenStream>,
    /// Statements that make Rust values of `arguments`.
    bindings: Vec<TokenStream>,
    /// What the Rust function is called with.
    passed: Vec<TokenStream>,
    required: usize,
    variadic: bool,
    /// Whether it asks the world.
    asks: bool,
}

impl Parameters {
    fn of(item: &mut ItemFn) -> syn::Result<Parameters> {
        let mut res = Parameters::default();
        for input in &mut item.sig.inputs {
            let FnArg::Typed(input) = input else {
                return Err(Error::new(input.span(), "a builtin takes no `self`"));
            };
            if is_reference_to(&input.ty, "CallSite") {
                res.passed.push(quote!(site));
            } else if is_named(&input.ty, "Ask") {
                res.passed.push(quote!(ask));
                res.asks = true;
            } else {
                res.add(input)?;
            }
        }
        Ok(res)
    }

    fn add(&mut self, input: &mut PatType) -> syn::Result<()> {
        let Pat::Ident(pat) = &*input.pat else {
            return Err(Error::new(input.pat.span(), "a parameter needs a plain name"));
        };
        if self.variadic {
            return Err(Error::new(input.span(), "nothing can follow the `#[variadic]` parameter"));
        }
        let docs = docs(&input.attrs, &*input.pat)?;
        let variadic = input.attrs.iter().any(|it| it.path().is_ident("variadic"));
        let optional = crate::attributes::is_option(&input.ty);
        input.attrs.retain(|it| !it.path().is_ident("doc") && !it.path().is_ident("variadic"));
        let at = self.schemas.len();
        if !optional && !variadic {
            if self.required < at {
                return Err(Error::new(input.span(), "a required parameter cannot follow an optional one"));
            }
            self.required += 1;
        }
        let name = user_name(&pat.ident);
        self.schemas.push(quote! {
            ::schema::ParamSchema { name: #name, docs: #docs, optional: #optional, variadic: #variadic }
        });
        self.names.push(name);
        self.variadic = variadic;
        let binding = format_ident!("argument_{at}");
        let ty = &input.ty;
        if variadic {
            self.passed.push(quote!(&arguments[#at..]));
        } else if optional {
            self.bindings.push(quote! {
                let #binding: #ty = match arguments.get(#at) {
                    ::core::option::Option::Some(argument) => ::value::FromValue::from_value(argument)?,
                    ::core::option::Option::None => ::core::option::Option::None,
                };
            });
            self.passed.push(quote!(#binding));
        } else if is_reference_to(ty, "Value") {
            self.passed.push(quote!(&arguments[#at]));
            self.types.push(quote!(::value::Type::Variant));
        } else if is_reference_to(ty, "str") {
            self.bindings.push(borrow(&binding, at, "str", &quote!(::value::Value::as_str)));
            self.bindings.push(quote!(let #binding = #binding.to_text();));
            self.passed.push(quote!(&#binding));
            self.types.push(quote!(::value::Type::Str));
        } else if is_reference_to(ty, "Str") {
            self.bindings.push(borrow(&binding, at, "str", &quote!(::value::Value::as_str)));
            self.passed.push(quote!(#binding));
            self.types.push(quote!(::value::Type::Str));
        } else if is_reference_to(ty, "Struct") {
            self.bindings.push(borrow(&binding, at, "struct", &quote!(::value::Value::as_struct)));
            self.passed.push(quote!(#binding));
            self.types.push(quote!(::value::Type::Variant));
        } else if is_slice_of_values(ty) {
            self.bindings.push(borrow(&binding, at, "list", &quote!(::value::Value::as_list)));
            self.passed.push(quote!(#binding));
            self.types.push(quote!(::value::Type::list(::value::Type::Variant)));
        } else if is_map_of_values(ty) {
            self.bindings.push(borrow(&binding, at, "map", &quote!(::value::Value::as_map)));
            self.passed.push(quote!(#binding));
            self.types.push(quote!(::value::Type::map(::value::Type::Variant, ::value::Type::Variant)));
        } else {
            let (inner, passed) = match &**ty {
                Type::Reference(reference) => (&*reference.elem, quote!(&#binding)),
                owned => (owned, quote!(#binding)),
            };
            self.bindings.push(quote!(let #binding: #inner = ::value::FromValue::from_value(&arguments[#at])?;));
            self.passed.push(passed);
            self.types.push(quote!(<#inner as ::value::HasType>::ty()));
        }
        Ok(())
    }
}

pub(crate) fn expand(args: TokenStream, mut item: ItemFn) -> syn::Result<TokenStream> {
    let ident = item.sig.ident.clone();
    let docs_text = docs(&item.attrs, &item.sig)?;
    let attributes = BuiltinAttributes::of(args)?;
    let module = attributes.module.ok_or_else(|| Error::new(ident.span(), "missing `module = \"…\"`"))?;
    let since = attributes.since.ok_or_else(|| Error::new(ident.span(), "missing `since = \"…\"`"))?;
    let name = attributes.name.map_or_else(|| user_name(&ident), |it| it.value());
    let Parameters { schemas, names, types, bindings, passed, required, variadic, asks } = Parameters::of(&mut item)?;

    let ReturnType::Type(_, returned) = &item.sig.output else {
        return Err(Error::new(item.sig.span(), "a builtin returns a value"));
    };
    let stream = is_source(returned);
    let call = quote!(#ident(#(#passed),*));
    let checked = {
        let arity = if variadic {
            quote!(arguments.len() < #required)
        } else {
            let most = schemas.len();
            if required == most {
                quote!(arguments.len() != #required)
            } else {
                quote!(!(#required..=#most).contains(&arguments.len()))
            }
        };
        quote! {
            if #arity {
                return ::core::result::Result::Err(::value::Failure::fatal("wrong number of arguments"));
            }
            #(#bindings)*
        }
    };
    let body = if stream {
        let source = if is_result(returned) { call } else { quote!(::core::result::Result::Ok(#call)) };
        let read = match &attributes.read {
            Some(path) => quote!(#path),
            None => quote!(|_, _, sent| ::core::result::Result::Ok(sent)),
        };
        quote! {
            ::schema::Body::Stream {
                source: |site, arguments| {
                    let _ = site;
                    #checked
                    #source
                },
                read: #read,
            }
        }
    } else if asks {
        quote! {
            ::schema::Body::Asking(|site, arguments, ask| {
                let _ = site;
                #checked
                #call.map(|value| value.as_ref().map(::value::ToValue::to_value))
            })
        }
    } else {
        if let Some(path) = &attributes.read {
            return Err(Error::new(path.span(), "only a function that returns a `Source` reads what is sent"));
        }
        let value = if is_result(returned) {
            quote!(#call.map(|value| ::value::ToValue::to_value(&value)))
        } else {
            quote!(::core::result::Result::Ok(::value::ToValue::to_value(&#call)))
        };
        quote! {
            ::schema::Body::Pure(|site, arguments| {
                let _ = site;
                #checked
                #value
            })
        }
    };
    let signature = match (&attributes.hook, &attributes.signature) {
        (Some(hook), Some(text)) => quote!(::schema::Signature::Inferred { text: #text, hook: #hook }),
        (Some(hook), None) => return Err(Error::new(hook.span(), "a `hook` needs a `signature` for the manual")),
        (None, Some(text)) => quote! {
            ::schema::Signature::Fixed(|| match ::value::Type::parse(#text) {
                ::core::result::Result::Ok(::value::Type::Func(ty)) => (*ty).clone(),
                _ => unreachable!("the signature of a builtin is a function type: {}", #text),
            })
        },
        (None, None) if types.len() != names.len() => {
            return Err(Error::new(ident.span(), "optional parameters need a `hook` and a `signature`"));
        }
        (None, None) => {
            let result = match &attributes.result {
                Some(ty) => quote!(#ty),
                None if stream => {
                    return Err(Error::new(
                        ident.span(),
                        "a function that returns a `Source` needs `result = …` or a `signature`",
                    ));
                }
                None => quote!(#returned),
            };
            quote! {
                ::schema::Signature::Fixed(|| ::value::FuncType {
                    params: ::std::vec![#(::value::Param { name: #names.into(), ty: #types }),*],
                    result: <#result as ::value::HasType>::ty(),
                })
            }
        }
    };
    let refuse = match attributes.refuse {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let (folds, points) = (attributes.folds, attributes.points);
    let static_ident = format_ident!("{}", user_name(&ident).to_uppercase());
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
                params: &[#(#schemas),*],
                signature: #signature,
                refuse: #refuse,
                folds: #folds,
                points: #points,
            },
            body: #body,
        };
    })
}

/// A statement that borrows the inside of an argument.
fn borrow(binding: &Ident, at: usize, kind: &str, inside: &TokenStream) -> TokenStream {
    quote! {
        let ::core::option::Option::Some(#binding) = #inside(&arguments[#at]) else {
            return ::core::result::Result::Err(::value::Mismatch::kind(#kind, &arguments[#at]).into());
        };
    }
}

/// A name as users write it: without what Rust needs for a keyword or for a parameter that only `read` looks at.
fn user_name(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").trim_start_matches('_').to_owned()
}

/// The last part of a path type, with its generic arguments.
fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last()
}

/// The types between `<` and `>`.
fn generic_types(segment: &syn::PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter();
    types.filter_map(|it| if let GenericArgument::Type(ty) = it { Some(ty) } else { None }).collect()
}

fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

fn is_result(ty: &Type) -> bool {
    is_named(ty, "Result")
}

/// Whether a function that returns this type follows the world.
fn is_source(ty: &Type) -> bool {
    is_named(ty, "Source")
        || is_result(ty)
            && last_segment(ty).is_some_and(|it| generic_types(it).first().is_some_and(|it| is_named(it, "Source")))
}

/// Whether a type is `&NAME`.
fn is_reference_to(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Reference(reference) if is_named(&reference.elem, name))
}

/// Whether a type is `&[Value]`.
fn is_slice_of_values(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    matches!(&*reference.elem, Type::Slice(slice) if is_named(&slice.elem, "Value"))
}

/// Whether a type is `&BTreeMap<Value, Value>`.
fn is_map_of_values(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Some(segment) = last_segment(&reference.elem) else { return false };
    let types = generic_types(segment);
    segment.ident == "BTreeMap" && types.len() == 2 && types.iter().all(|ty| is_named(ty, "Value"))
}
