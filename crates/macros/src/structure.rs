//! `#[derive(Structure)]`: a Rust struct as a struct of the language.

use crate::attributes::{FieldAttributes, field_schema, is_option};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct};

pub(crate) fn expand(item: &ItemStruct) -> syn::Result<TokenStream> {
    let ident = &item.ident;
    let Fields::Named(fields) = &item.fields else {
        return Err(Error::new(ident.span(), "a struct of the language needs named fields"));
    };
    let (mut schemas, mut names, mut members, mut types, mut to_values) = (vec![], vec![], vec![], vec![], vec![]);
    for field in &fields.named {
        let attributes = FieldAttributes::of(field)?;
        schemas.push(field_schema(field, &attributes)?);
        let name = attributes.user_name(field);
        let member = &field.ident;
        // A field that is not there is not in the value, so that a receiver can tell.
        to_values.push(if is_option(&field.ty) {
            quote!(if let ::core::option::Option::Some(value) = &self.#member {
                fields.push((#name, ::value::ToValue::to_value(value)));
            })
        } else {
            quote!(fields.push((#name, ::value::ToValue::to_value(&self.#member)));)
        });
        names.push(name);
        members.push(member);
        types.push(&field.ty);
    }
    let missing = names.iter().zip(&types).map(|(name, ty)| {
        if is_option(ty) {
            quote!(::core::option::Option::None)
        } else {
            quote!(
                return ::core::result::Result::Err(::value::Mismatch(
                    ::std::format!("field {} was not found in struct", #name)
                ))
            )
        }
    });
    Ok(quote! {
        impl #ident {
            /// The fields as schemas, in the order of their declaration.
            pub const FIELDS: &'static [::schema::FieldSchema] = &[#(#schemas),*];
        }

        impl ::value::HasType for #ident {
            fn ty() -> ::value::Type {
                ::value::Type::structure([#((#names, <#types as ::value::HasType>::ty())),*])
            }
        }

        impl ::value::FromValue for #ident {
            fn from_value(value: &::value::Value) -> ::core::result::Result<Self, ::value::Mismatch> {
                let fields = value.as_struct().ok_or_else(|| ::value::Mismatch::kind("struct", value))?;
                ::core::result::Result::Ok(#ident {
                    #(#members: match fields.get(#names) {
                        ::core::option::Option::Some(value) => ::value::FromValue::from_value(value)?,
                        ::core::option::Option::None => #missing,
                    }),*
                })
            }
        }

        impl ::value::ToValue for #ident {
            fn to_value(&self) -> ::value::Value {
                let mut fields: ::std::vec::Vec<(&'static str, ::value::Value)> = ::std::vec::Vec::new();
                #(#to_values)*
                ::value::Value::structure(fields)
            }
        }
    })
}
