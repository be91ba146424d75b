//! Types as they are written, as types.

use crate::Annotation;
use rustc_hash::FxHashSet;
use syntax::ast::{self, AstNode, Primitive};
use value::{FuncType, Name, Param, StructField, Type};

/// The type that is written; `None` where it has a mistake of syntax.
pub(crate) fn annotation(node: &ast::Type) -> Option<Annotation> {
    Some(Annotation { ty: lower(node)?, span: node.span() })
}

fn lower(node: &ast::Type) -> Option<Type> {
    Some(match node {
        ast::Type::Primitive(node) => match node.primitive()? {
            Primitive::Bool => Type::Bool,
            Primitive::Str => Type::Str,
            Primitive::Int => Type::Int,
            Primitive::Float => Type::Float,
            Primitive::Variant => Type::Variant,
        },
        ast::Type::List(node) => Type::list(lower(&node.element()?)?),
        ast::Type::Map(node) => Type::map(lower(&node.key()?)?, lower(&node.value()?)?),
        ast::Type::Struct(node) => {
            let field = |field: ast::StructTypeField| {
                Some(StructField { name: field.name()?.text().into(), ty: lower(&field.ty()?)? })
            };
            let fields: Vec<StructField> = node.fields().map(field).collect::<Option<_>>()?;
            // Two fields of one name are a mistake of syntax too.
            let mut names = FxHashSet::default();
            if !fields.iter().all(|field| names.insert(&field.name)) {
                return None;
            }
            Type::Struct(fields.into())
        }
        ast::Type::Func(node) => {
            let param = |param: ast::FuncTypeArg| {
                let name = param.name().map_or_else(Name::new, |name| name.text().into());
                Some(Param { name, ty: lower(&param.ty()?)? })
            };
            let params = node.args().map(param).collect::<Option<_>>()?;
            Type::Func(FuncType { params, result: lower(&node.result()?)? }.into())
        }
    })
}
