//! `#[derive(Kind)]`: a struct as a resource kind.

use crate::attributes::{FieldAttributes, default_value, docs, field_schema, is_option};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, LitStr, Path};

/// What `#[kind(…)]` says.
#[derive(Default)]
struct KindAttributes {
    name: Option<LitStr>,
    since: Option<LitStr>,
    sends: Option<Path>,
    receives: bool,
    refreshes: bool,
    reverses: bool,
}

impl KindAttributes {
    fn of(item: &ItemStruct) -> syn::Result<KindAttributes> {
        let mut res = KindAttributes::default();
        for attribute in item.attrs.iter().filter(|it| it.path().is_ident("kind")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    res.name = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("since") {
                    res.since = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("sends") {
                    res.sends = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("receives") {
                    res.receives = true;
                } else if meta.path.is_ident("refreshes") {
                    res.refreshes = true;
                } else if meta.path.is_ident("reverses") {
                    res.reverses = true;
                } else {
                    return Err(meta.error("expected `name`, `since`, `sends`, `receives`, `refreshes` or `reverses`"));
                }
                Ok(())
            })?;
        }
        Ok(res)
    }
}

pub(crate) fn expand(item: &ItemStruct) -> syn::Result<TokenStream> {
    let ident = &item.ident;
    let docs = docs(&item.attrs, item)?;
    let KindAttributes { name, since, sends, receives, refreshes, reverses } = KindAttributes::of(item)?;
    let name = name.ok_or_else(|| Error::new(ident.span(), "missing `#[kind(name = \"…\")]`"))?;
    let since = since.ok_or_else(|| Error::new(ident.span(), "missing `#[kind(since = \"…\")]`"))?;
    let Fields::Named(fields) = &item.fields else {
        return Err(Error::new(ident.span(), "a kind needs named fields"));
    };

    let mut identity = None;
    let (mut schemas, mut builds, mut values, mut sets, mut changes) = (vec![], vec![], vec![], vec![], vec![]);
    for field in &fields.named {
        let attributes = FieldAttributes::of(field)?;
        let member = &field.ident;
        if attributes.identity {
            if identity.replace(member).is_some() {
                return Err(Error::new(ident.span(), "only one field can be the identity"));
            }
            continue;
        }
        if attributes.private {
            let default = default_value(field, &attributes);
            builds.push(quote!(#member: #default));
            continue;
        }
        schemas.push(field_schema(field, &attributes)?);
        let user_name = attributes.user_name(field);
        let default = default_value(field, &attributes);
        let check = if attributes.values.is_empty() {
            quote!()
        } else {
            quote!(::resource::check_field(<Self as ::resource::Kind>::SCHEMA, #user_name, &value)?;)
        };
        builds.push(quote! {
            #member: match fields.take(#user_name) {
                ::core::option::Option::Some(value) => {
                    #check
                    ::value::FromValue::from_value(&value).map_err(|error| ::resource::FieldError::new(#user_name, error))?
                }
                ::core::option::Option::None => #default,
            }
        });
        if !attributes.secret {
            values.push(if is_option(&field.ty) {
                quote!(if let ::core::option::Option::Some(value) = &self.#member {
                    res.push((#user_name, ::value::ToValue::to_value(value)));
                })
            } else {
                quote!(res.push((#user_name, ::value::ToValue::to_value(&self.#member)));)
            });
        }
        sets.push(quote! {
            (#user_name, ::core::option::Option::Some(value)) => {
                #check
                self.#member = ::value::FromValue::from_value(&value).map_err(|error| ::resource::FieldError::new(#user_name, error))?;
                ::core::result::Result::Ok(())
            }
            (#user_name, ::core::option::Option::None) => {
                self.#member = #default;
                ::core::result::Result::Ok(())
            }
        });
        changes.push(quote!(if self.#member != other.#member { res.push(#user_name); }));
    }
    let identity = identity.ok_or_else(|| Error::new(ident.span(), "one field needs `#[field(identity)]`"))?;
    let sends = match sends {
        Some(path) => quote!(#path::FIELDS),
        None => quote!(&[]),
    };

    Ok(quote! {
        impl ::resource::Kind for #ident {
            const SCHEMA: &'static ::schema::KindSchema = &::schema::KindSchema {
                name: #name,
                since: #since,
                docs: #docs,
                file: ::core::file!(),
                fields: &[#(#schemas),*],
                sends: #sends,
                receives: #receives,
                refreshes: #refreshes,
                reverses: #reverses,
            };

            fn build(name: &::value::Name, fields: &mut ::resource::Fields) -> ::core::result::Result<Self, ::resource::FieldError> {
                ::core::result::Result::Ok(#ident {
                    #identity: ::core::convert::Into::into(::core::clone::Clone::clone(name)),
                    #(#builds),*
                })
            }

            fn name(&self) -> &str {
                &self.#identity
            }

            fn fields(&self) -> ::std::vec::Vec<(&'static str, ::value::Value)> {
                let mut res: ::std::vec::Vec<(&'static str, ::value::Value)> = ::std::vec::Vec::new();
                #(#values)*
                res
            }

            fn set(&mut self, field: &str, value: ::core::option::Option<::value::Value>) -> ::core::result::Result<(), ::resource::FieldError> {
                match (field, value) {
                    #(#sets)*
                    _ => ::core::result::Result::Err(::resource::FieldError::unknown(field)),
                }
            }

            fn changed_fields(&self, other: &Self) -> ::std::vec::Vec<&'static str> {
                let mut res = ::std::vec::Vec::new();
                #(#changes)*
                res
            }
        }
    })
}
