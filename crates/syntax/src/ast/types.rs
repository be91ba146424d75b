//! Types.

use super::names::{identifier, name};
use super::{Binder, Name, child, children, choice, find_token, nodes};
use crate::kind::SyntaxKind;

nodes! {
    /// `bool`, `str`, `int`, `float` or `variant`.
    PrimitiveType = PRIMITIVE_TYPE;
    /// `[]int`
    ListType = LIST_TYPE;
    /// `map{str: int}`
    MapType = MAP_TYPE;
    /// `struct{a int; b str}`
    StructType = STRUCT_TYPE;
    /// A field of a struct type: `a int`.
    StructTypeField = STRUCT_TYPE_FIELD;
    /// `func(int, $b str) bool`
    FuncType = FUNC_TYPE;
    /// An argument of a function type: `int` or `$b str`.
    FuncTypeArg = FUNC_TYPE_ARG;
}

choice! {
    /// A type.
    Type {
        /// `int`
        Primitive(PrimitiveType),
        /// `[]int`
        List(ListType),
        /// `map{str: int}`
        Map(MapType),
        /// `struct{a int; b str}`
        Struct(StructType),
        /// `func(int, $b str) bool`
        Func(FuncType),
    }
}

/// The types that are a single word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Primitive {
    /// `bool`
    Bool,
    /// `str`
    Str,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `variant`
    Variant,
}

impl Primitive {
    fn from_kind(kind: SyntaxKind) -> Option<Primitive> {
        match kind {
            SyntaxKind::BOOL_KW => Some(Primitive::Bool),
            SyntaxKind::STR_KW => Some(Primitive::Str),
            SyntaxKind::INT_KW => Some(Primitive::Int),
            SyntaxKind::FLOAT_KW => Some(Primitive::Float),
            SyntaxKind::VARIANT_KW => Some(Primitive::Variant),
            _ => None,
        }
    }
}

impl PrimitiveType {
    /// Which one.
    pub fn primitive(&self) -> Option<Primitive> {
        Primitive::from_kind(find_token(self, |kind| Primitive::from_kind(kind).is_some())?.kind())
    }
}

impl ListType {
    /// The type of the elements.
    pub fn element(&self) -> Option<Type> {
        child(self)
    }
}

impl MapType {
    /// The type of the keys.
    pub fn key(&self) -> Option<Type> {
        super::child_before(self, SyntaxKind::COLON)
    }

    /// The type of the values.
    pub fn value(&self) -> Option<Type> {
        super::child_after(self, |kind| kind == SyntaxKind::COLON)
    }
}

impl StructType {
    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = StructTypeField> + use<> {
        children(self)
    }
}

impl StructTypeField {
    /// The name of the field.
    pub fn name(&self) -> Option<Name> {
        identifier(self)
    }

    /// Its type.
    pub fn ty(&self) -> Option<Type> {
        child(self)
    }
}

impl FuncType {
    /// The arguments in order.
    pub fn args(&self) -> impl Iterator<Item = FuncTypeArg> + use<> {
        children(self)
    }

    /// The type of the result.
    pub fn result(&self) -> Option<Type> {
        child(self)
    }
}

impl FuncTypeArg {
    /// The name of the argument: `b` in `$b str`.
    pub fn name(&self) -> Option<Name> {
        child::<Binder>(self).and_then(|binder| name(&binder))
    }

    /// Its type.
    pub fn ty(&self) -> Option<Type> {
        child(self)
    }
}
