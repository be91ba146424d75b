//! Types while they are being solved: ids in an arena, joined by union-find.
//!
//! A [`Ty`] is a number. What it stands for is unknown, a link to another id, or a shape whose parts are ids. Shapes are
//! interned, so equal types that hold no unknowns have one id, and comparing them is comparing numbers.
//!
//! **Invariant:** links never form a circle, and no type contains itself: [`Types::unify`] refuses to bind an unknown to a
//! type in which it occurs.

use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use value::{FuncType, Name, Param, StructField, Type};

/// A type, as an id in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ty(u32);

/// What a type is built of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Bool,
    Str,
    Int,
    Float,
    Error,
    List(Ty),
    Map(Ty, Ty),
    Struct(Rc<[(Name, Ty)]>),
    Func(Rc<Func>),
}

/// The type of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Func {
    pub(crate) names: Vec<Name>,
    pub(crate) params: Vec<Ty>,
    pub(crate) result: Ty,
}

#[derive(Clone, Debug)]
enum Node {
    Unknown,
    Link(Ty),
    Shape {
        shape: Shape,
        /// How large it is, where it was built without unknowns: then its id stands for it for ever.
        concrete: Option<Extent>,
    },
}

/// How large a type is when it is written out.
#[derive(Clone, Copy, Debug)]
struct Extent {
    size: usize,
    depth: usize,
}

impl Extent {
    fn is_writable(self) -> bool {
        self.size <= MAX_SIZE && self.depth <= MAX_DEPTH
    }
}

/// Why two types cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// They differ.
    Differ,
    /// One would contain itself.
    Infinite,
}

/// Types that are nested more deeply are refused: what walks types may then recurse.
const MAX_DEPTH: usize = 100;

/// Types that are larger when written out are refused: sharing can hide a size that doubles with every line.
const MAX_SIZE: usize = 20_000;

/// Numbers of variables from here on stand for ids of this arena; smaller ones are fresh variables of a signature.
const NUMBERED: u32 = 1 << 30;

/// What an unknown becomes in a [`Type`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknowns {
    /// A blank, for messages.
    Blank,
    /// A variable that [`Types::import`] turns back into the same unknown.
    Numbered,
}

/// All types of one run.
#[derive(Debug)]
pub(crate) struct Types {
    nodes: Vec<Node>,
    interned: FxHashMap<Shape, Ty>,
    exported: FxHashMap<Ty, Type>,
}

impl Types {
    pub(crate) const BOOL: Ty = Ty(0);
    pub(crate) const STR: Ty = Ty(1);
    pub(crate) const INT: Ty = Ty(2);
    pub(crate) const FLOAT: Ty = Ty(3);
    pub(crate) const ERROR: Ty = Ty(4);

    pub(crate) fn new() -> Types {
        let mut types = Types { nodes: Vec::new(), interned: FxHashMap::default(), exported: FxHashMap::default() };
        // In the order of the constants above.
        for shape in [Shape::Bool, Shape::Str, Shape::Int, Shape::Float, Shape::Error] {
            types.shape(shape);
        }
        types
    }

    /// A type of which nothing is known yet.
    pub(crate) fn fresh(&mut self) -> Ty {
        self.push(Node::Unknown)
    }

    pub(crate) fn list(&mut self, element: Ty) -> Ty {
        self.shape(Shape::List(element))
    }

    pub(crate) fn map(&mut self, key: Ty, value: Ty) -> Ty {
        self.shape(Shape::Map(key, value))
    }

    pub(crate) fn structure(&mut self, fields: impl IntoIterator<Item = (Name, Ty)>) -> Ty {
        self.shape(Shape::Struct(fields.into_iter().collect()))
    }

    pub(crate) fn func(&mut self, names: Vec<Name>, params: Vec<Ty>, result: Ty) -> Ty {
        self.shape(Shape::Func(Rc::new(Func { names, params, result })))
    }

    fn push(&mut self, node: Node) -> Ty {
        let id = u32::try_from(self.nodes.len()).ok().filter(|id| *id < NUMBERED);
        self.nodes.push(node);
        Ty(id.expect("the budget of expressions ends long before the ids do"))
    }

    fn shape(&mut self, shape: Shape) -> Ty {
        let shape = self.with_roots(shape);
        if let Some(&ty) = self.interned.get(&shape) {
            return ty;
        }
        let concrete = parts(&shape).try_fold(Extent { size: 1, depth: 0 }, |whole, part| {
            let part = self.extent(part)?;
            Some(Extent { size: whole.size.saturating_add(part.size), depth: whole.depth.max(part.depth + 1) })
        });
        let ty = self.push(Node::Shape { shape: shape.clone(), concrete });
        self.interned.insert(shape, ty);
        ty
    }

    /// Replaces links by what they lead to, so that equal types meet in the table.
    fn with_roots(&mut self, shape: Shape) -> Shape {
        match shape {
            Shape::List(element) => Shape::List(self.find(element)),
            Shape::Map(key, value) => Shape::Map(self.find(key), self.find(value)),
            Shape::Struct(fields) if fields.iter().any(|(_, ty)| self.is_link(*ty)) => {
                Shape::Struct(fields.iter().map(|(name, ty)| (name.clone(), self.find(*ty))).collect())
            }
            Shape::Func(func) if func.params.iter().chain([&func.result]).any(|ty| self.is_link(*ty)) => {
                let params = func.params.iter().map(|ty| self.find(*ty)).collect();
                Shape::Func(Rc::new(Func { names: func.names.clone(), params, result: self.find(func.result) }))
            }
            other => other,
        }
    }

    fn is_link(&self, ty: Ty) -> bool {
        matches!(self.nodes[ty.0 as usize], Node::Link(_))
    }

    fn extent(&self, ty: Ty) -> Option<Extent> {
        match self.nodes[ty.0 as usize] {
            Node::Shape { concrete, .. } => concrete,
            Node::Unknown | Node::Link(_) => None,
        }
    }

    fn is_concrete(&self, ty: Ty) -> bool {
        self.extent(ty).is_some()
    }

    /// Whether nothing is unknown in the type, and it can be written out.
    pub(crate) fn is_settled(&self, ty: Ty) -> bool {
        self.extent(ty).is_some_and(Extent::is_writable)
    }

    /// The id that stands for all ids joined with this one.
    pub(crate) fn find(&mut self, ty: Ty) -> Ty {
        let mut root = ty;
        while let Node::Link(next) = self.nodes[root.0 as usize] {
            root = next;
        }
        let mut at = ty;
        while let Node::Link(next) = self.nodes[at.0 as usize] {
            self.nodes[at.0 as usize] = Node::Link(root);
            at = next;
        }
        root
    }

    /// What is known of the type at its top; nothing where it is unknown.
    pub(crate) fn head(&mut self, ty: Ty) -> Option<Shape> {
        let root = self.find(ty);
        match &self.nodes[root.0 as usize] {
            Node::Shape { shape, .. } => Some(shape.clone()),
            Node::Unknown | Node::Link(_) => None,
        }
    }

    /// Makes two types one.
    ///
    /// What is in error goes with everything, and makes what is unknown on the other side an error too.
    pub(crate) fn unify(&mut self, a: Ty, b: Ty) -> Result<(), Conflict> {
        enum Work {
            Unify(Ty, Ty),
            /// After their parts were unified: the two are the same from now on.
            Join(Ty, Ty),
        }
        if self.find(a) == self.find(b) {
            return Ok(());
        }
        let mut work = vec![Work::Unify(a, b)];
        while let Some(next) = work.pop() {
            let (a, b) = match next {
                Work::Unify(a, b) => (self.find(a), self.find(b)),
                Work::Join(a, b) => {
                    self.join(a, b);
                    continue;
                }
            };
            if a == b {
                continue;
            }
            let (a_shape, b_shape) = match (&self.nodes[a.0 as usize], &self.nodes[b.0 as usize]) {
                (Node::Shape { shape: x, .. }, Node::Shape { shape: y, .. }) => (x.clone(), y.clone()),
                (Node::Unknown, Node::Unknown) => {
                    // The older one stays, so that what a call brings in does not outlive what it was given.
                    self.nodes[a.max(b).0 as usize] = Node::Link(a.min(b));
                    continue;
                }
                (Node::Unknown, _) => {
                    self.bind(a, b)?;
                    continue;
                }
                _ => {
                    self.bind(b, a)?;
                    continue;
                }
            };
            match (&a_shape, &b_shape) {
                (Shape::Error, _) => self.spread_error(b),
                (_, Shape::Error) => self.spread_error(a),
                (Shape::List(x), Shape::List(y)) => work.extend([Work::Join(a, b), Work::Unify(*x, *y)]),
                (Shape::Map(k, v), Shape::Map(l, w)) => {
                    work.extend([Work::Join(a, b), Work::Unify(*v, *w), Work::Unify(*k, *l)]);
                }
                (Shape::Struct(x), Shape::Struct(y)) => {
                    if x.len() != y.len() || x.iter().zip(y.iter()).any(|((m, _), (n, _))| m != n) {
                        return Err(Conflict::Differ);
                    }
                    work.push(Work::Join(a, b));
                    work.extend(x.iter().zip(y.iter()).rev().map(|((_, x), (_, y))| Work::Unify(*x, *y)));
                }
                (Shape::Func(x), Shape::Func(y)) => {
                    if x.params.len() != y.params.len() {
                        return Err(Conflict::Differ);
                    }
                    work.extend([Work::Join(a, b), Work::Unify(x.result, y.result)]);
                    work.extend(x.params.iter().zip(&y.params).rev().map(|(x, y)| Work::Unify(*x, *y)));
                }
                _ => return Err(Conflict::Differ),
            }
        }
        Ok(())
    }

    /// The younger shape becomes a link to the older one, if both are still what they were.
    fn join(&mut self, a: Ty, b: Ty) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            // A concrete type keeps its id: others may know it by that.
            let (from, to) = if self.is_concrete(a) { (b, a) } else { (a, b) };
            if !self.is_concrete(from) {
                self.nodes[from.0 as usize] = Node::Link(to);
            }
        }
    }

    fn spread_error(&mut self, ty: Ty) {
        for unknown in self.unknowns(ty) {
            self.nodes[unknown.0 as usize] = Node::Link(Types::ERROR);
        }
    }

    fn bind(&mut self, unknown: Ty, ty: Ty) -> Result<(), Conflict> {
        let ty = self.tighten(ty);
        if !self.is_concrete(ty) && self.unknowns(ty).contains(&unknown) {
            return Err(Conflict::Infinite);
        }
        self.nodes[unknown.0 as usize] = Node::Link(ty);
        Ok(())
    }

    /// Gives what became concrete since it was built the id of a concrete type, so that nobody looks into it again.
    fn tighten(&mut self, ty: Ty) -> Ty {
        let mut seen = FxHashSet::default();
        let mut work = vec![(ty, false)];
        while let Some((ty, parts_done)) = work.pop() {
            let ty = self.find(ty);
            let Node::Shape { shape, concrete: None } = &self.nodes[ty.0 as usize] else { continue };
            if !parts_done {
                if seen.insert(ty) {
                    work.push((ty, true));
                    work.extend(parts(shape).map(|part| (part, false)));
                }
                continue;
            }
            let shape = shape.clone();
            let parts: Vec<Ty> = parts(&shape).collect();
            if parts.into_iter().all(|part| self.settled(part)) {
                let settled = self.shape(shape);
                debug_assert_ne!(settled, ty, "one of its parts has another id than when it was built");
                self.nodes[ty.0 as usize] = Node::Link(settled);
            }
        }
        self.find(ty)
    }

    fn settled(&mut self, ty: Ty) -> bool {
        let root = self.find(ty);
        self.is_concrete(root)
    }

    /// The unknowns within a type.
    pub(crate) fn unknowns(&mut self, ty: Ty) -> Vec<Ty> {
        let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            let ty = self.find(ty);
            if !self.is_concrete(ty) && seen.insert(ty) {
                match &self.nodes[ty.0 as usize] {
                    Node::Shape { shape, .. } => work.extend(parts(shape)),
                    _ => found.push(ty),
                }
            }
        }
        found
    }

    /// Turns all unknowns within a type into errors, so that nothing more is reported because of them.
    pub(crate) fn poison(&mut self, ty: Ty) {
        self.unify(ty, Types::ERROR).expect("an error goes with everything");
    }

    /// The id under which this type would be interned now that more is known.
    ///
    /// Types too large to write out keep the id they have.
    pub(crate) fn canonical(&mut self, ty: Ty) -> Ty {
        let root = self.find(ty);
        if self.is_concrete(root) {
            return root;
        }
        match self.export(root, Unknowns::Numbered) {
            Some(ty) => self.import(&ty, &mut FxHashMap::default()),
            None => root,
        }
    }

    /// [`Types::canonical`] of each.
    pub(crate) fn canonical_all(&mut self, types: &[Ty]) -> Vec<Ty> {
        types.iter().map(|&ty| self.canonical(ty)).collect()
    }

    /// The type as a tree; nothing where it is nested too deeply or too large.
    pub(crate) fn export(&mut self, ty: Ty, unknowns: Unknowns) -> Option<Type> {
        let mut budget = MAX_SIZE;
        self.export_part(ty, unknowns, MAX_DEPTH, &mut budget)
    }

    /// The type as messages show it.
    pub(crate) fn show(&mut self, ty: Ty) -> Type {
        self.export(ty, Unknowns::Blank).unwrap_or(Type::Error)
    }

    fn export_part(&mut self, ty: Ty, unknowns: Unknowns, depth: usize, budget: &mut usize) -> Option<Type> {
        let root = self.find(ty);
        let (shape, concrete) = match &self.nodes[root.0 as usize] {
            Node::Shape { shape, concrete } => (shape, *concrete),
            _ if unknowns == Unknowns::Numbered => return Some(Type::Var(NUMBERED + root.0)),
            _ => return Some(Type::Error),
        };
        match shape {
            Shape::Bool => return Some(Type::Bool),
            Shape::Str => return Some(Type::Str),
            Shape::Int => return Some(Type::Int),
            Shape::Float => return Some(Type::Float),
            Shape::Error => return Some(Type::Error),
            _ => {}
        }
        let shape = shape.clone();
        if let Some(extent) = concrete {
            // Parts that were written out before are shared, but count as if they were not.
            *budget = budget.checked_sub(extent.size)?;
            if !extent.is_writable() || extent.depth > depth {
                return None;
            }
            if let Some(ty) = self.exported.get(&root) {
                return Some(ty.clone());
            }
            let ty = self.export_shape(&shape, unknowns, MAX_DEPTH, &mut { MAX_SIZE })?;
            self.exported.insert(root, ty.clone());
            return Some(ty);
        }
        *budget = budget.checked_sub(1)?;
        self.export_shape(&shape, unknowns, depth.checked_sub(1)?, budget)
    }

    /// A type from its parts.
    fn export_shape(&mut self, shape: &Shape, unknowns: Unknowns, inner: usize, budget: &mut usize) -> Option<Type> {
        let mut part = |types: &mut Types, ty| types.export_part(ty, unknowns, inner, budget);
        Some(match shape {
            Shape::List(element) => Type::list(part(self, *element)?),
            Shape::Map(key, value) => Type::map(part(self, *key)?, part(self, *value)?),
            Shape::Struct(fields) => {
                let fields =
                    fields.iter().map(|(name, ty)| Some(StructField { name: name.clone(), ty: part(self, *ty)? }));
                Type::Struct(fields.collect::<Option<_>>()?)
            }
            Shape::Func(func) => {
                let params = func.names.iter().zip(&func.params);
                let params = params.map(|(name, ty)| Some(Param { name: name.clone(), ty: part(self, *ty)? }));
                let params = params.collect::<Option<_>>()?;
                Type::Func(FuncType { params, result: part(self, func.result)? }.into())
            }
            Shape::Bool | Shape::Str | Shape::Int | Shape::Float | Shape::Error => return None,
        })
    }

    /// The id of a type. Its variables become fresh unknowns, the same one for the same number in `variables`.
    pub(crate) fn import(&mut self, ty: &Type, variables: &mut FxHashMap<u32, Ty>) -> Ty {
        match ty {
            Type::Bool => Types::BOOL,
            Type::Str => Types::STR,
            Type::Int => Types::INT,
            Type::Float => Types::FLOAT,
            Type::Error => Types::ERROR,
            Type::Variant => self.fresh(),
            Type::Var(number) if *number >= NUMBERED => Ty(*number - NUMBERED),
            Type::Var(number) => *variables.entry(*number).or_insert_with(|| self.fresh()),
            Type::List(element) => {
                let element = self.import(element, variables);
                self.list(element)
            }
            Type::Map(key, value) => {
                let (key, value) = (self.import(key, variables), self.import(value, variables));
                self.map(key, value)
            }
            Type::Struct(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|field| (field.name.clone(), self.import(&field.ty, variables))).collect();
                self.structure(fields)
            }
            Type::Func(func) => {
                let params = func.params.iter().map(|param| self.import(&param.ty, variables)).collect();
                let names = func.params.iter().map(|param| param.name.clone()).collect();
                let result = self.import(&func.result, variables);
                self.func(names, params, result)
            }
        }
    }
}

/// The ids directly within a shape.
fn parts(shape: &Shape) -> impl Iterator<Item = Ty> + '_ {
    let few = match shape {
        Shape::List(element) => [Some(*element), None],
        Shape::Map(key, value) => [Some(*key), Some(*value)],
        _ => [None, None],
    };
    let fields = if let Shape::Struct(fields) = shape { &fields[..] } else { &[] };
    let func = if let Shape::Func(func) = shape { Some(&**func) } else { None };
    let of_func = func.into_iter().flat_map(|func| func.params.iter().copied().chain([func.result]));
    few.into_iter().flatten().chain(fields.iter().map(|(_, ty)| *ty)).chain(of_func)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_concrete_types_have_one_id() {
        let mut types = Types::new();
        let (a, b) = (types.list(Types::INT), types.list(Types::INT));
        assert_eq!(a, b);
    }

    #[test]
    fn an_unknown_takes_the_type_it_meets() {
        let mut types = Types::new();
        let unknown = types.fresh();
        let (list, strings) = (types.list(unknown), types.list(Types::STR));
        assert_eq!(types.unify(list, strings), Ok(()));
        assert_eq!(types.show(unknown), Type::Str);
        assert_eq!(types.canonical(list), strings);
    }

    #[test]
    fn a_type_that_contains_itself_is_refused() {
        let mut types = Types::new();
        let unknown = types.fresh();
        let list = types.list(unknown);
        assert_eq!(types.unify(unknown, list), Err(Conflict::Infinite));
        assert_eq!(types.unify(Types::INT, Types::STR), Err(Conflict::Differ));
    }

    #[test]
    fn an_error_goes_with_everything_and_spreads_to_unknowns() {
        let mut types = Types::new();
        let unknown = types.fresh();
        let map = types.map(Types::STR, unknown);
        assert_eq!(types.unify(map, Types::ERROR), Ok(()));
        assert_eq!(types.show(map), Type::map(Type::Str, Type::Error));
        assert_eq!(types.unify(unknown, Types::INT), Ok(()));
    }

    #[test]
    fn types_that_double_with_every_step_unify_quickly_and_are_never_written_out() {
        let mut types = Types::new();
        let (mut a, mut b) = (types.fresh(), types.fresh());
        for _ in 0..60 {
            a = types.map(a, a);
            b = types.map(b, b);
        }
        assert_eq!(types.unify(a, b), Ok(()));
        assert_eq!(types.export(a, Unknowns::Blank), None);
    }

    #[test]
    fn deep_types_are_not_written_out() {
        let mut types = Types::new();
        let mut ty = Types::INT;
        for _ in 0..100_000 {
            ty = types.list(ty);
        }
        assert_eq!(types.export(ty, Unknowns::Blank), None);
    }
}
