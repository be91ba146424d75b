//! Doc comments and the `#[field(…)]` attribute.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Field, Lit, LitStr, Meta};

/// Collects a doc comment, and refuses an item that has none.
pub(crate) fn docs(attributes: &[Attribute], item: impl Spanned) -> syn::Result<String> {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    if lines.is_empty() {
        return Err(Error::new(item.span(), "this is user-facing and needs a doc comment"));
    }
    Ok(lines.join("\n"))
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { return None };
    if !pair.path.is_ident("doc") {
        return None;
    }
    // `/// text` arrives as ` text`; deeper indentation belongs to the author.
    let line = line.value();
    Some(line.strip_prefix(' ').unwrap_or(&line).to_owned())
}

/// What `#[field(…)]` says.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) identity: bool,
    pub(crate) secret: bool,
    pub(crate) private: bool,
    pub(crate) name: Option<String>,
    pub(crate) default: Option<Expr>,
    pub(crate) values: Vec<LitStr>,
}

impl FieldAttributes {
    pub(crate) fn of(field: &Field) -> syn::Result<FieldAttributes> {
        let mut res = FieldAttributes::default();
        for attribute in field.attrs.iter().filter(|it| it.path().is_ident("field")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("identity") {
                    res.identity = true;
                } else if meta.path.is_ident("secret") {
                    res.secret = true;
                } else if meta.path.is_ident("private") {
                    res.private = true;
                } else if meta.path.is_ident("name") {
                    res.name = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("default") {
                    res.default = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("values") {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    res.values = content
                        .parse_terminated(<LitStr as syn::parse::Parse>::parse, syn::Token![,])?
                        .into_iter()
                        .collect();
                } else {
                    return Err(meta.error("expected `identity`, `private`, `secret`, `name`, `default` or `values`"));
                }
                Ok(())
            })?;
        }
        Ok(res)
    }

    /// The name users write.
    pub(crate) fn user_name(&self, field: &Field) -> String {
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        self.name.clone().unwrap_or_else(|| ident.trim_start_matches("r#").to_owned())
    }
}

/// The schema of a field.
pub(crate) fn field_schema(field: &Field, attributes: &FieldAttributes) -> syn::Result<TokenStream> {
    let docs = docs(&field.attrs, field)?;
    let name = attributes.user_name(field);
    let ty = &field.ty;
    let values = &attributes.values;
    let secret = attributes.secret;
    let default = if is_option(ty) {
        quote!(::core::option::Option::None)
    } else if secret {
        // A secret is not shown, so its default is not either.
        quote!(::core::option::Option::None)
    } else {
        let value = default_value(field, attributes);
        quote!(::core::option::Option::Some(|| ::value::ToValue::to_value(&(#value))))
    };
    Ok(quote! {
        ::schema::FieldSchema {
            name: #name,
            docs: #docs,
            ty: <#ty as ::value::HasType>::ty,
            optional: <#ty as ::value::HasType>::OPTIONAL,
            default: #default,
            values: &[#(#values),*],
            secret: #secret,
            fits: |value| <#ty as ::value::FromValue>::from_value(value).map(|_| ()),
        }
    })
}

/// The expression for the field where it is left out.
pub(crate) fn default_value(field: &Field, attributes: &FieldAttributes) -> TokenStream {
    let ty = &field.ty;
    match &attributes.default {
        Some(default) => quote!({ let default: #ty = ::core::convert::Into::into(#default); default }),
        None => quote!(<#ty as ::core::default::Default>::default()),
    }
}

/// Whether a type is written `Option<…>`.
pub(crate) fn is_option(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Option")
}
