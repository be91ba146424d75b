//! Instances of classes and functions, and which instance a name belongs to.

use crate::types::Ty;
use hir::{ClassId, FunctionId, IncludeId, Program, ScopeId, ScopeKind};
use la_arena::ArenaMap;
use span::Span;

/// An instance of a class or named function, or the program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(pub(crate) u32);

impl FrameId {
    /// The program itself: the top level of all modules.
    pub const ROOT: FrameId = FrameId(0);
}

/// Whose instances hold what is defined in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The program itself.
    Program,
    /// A class: one instance for each include.
    Class(ClassId),
    /// A named function: one instance for each call.
    Function(FunctionId),
}

/// The owner of each scope.
///
/// Branches, loops and functions that are values have no instances of their own as far as types go: they belong to what
/// is around them.
#[derive(Debug)]
pub struct Owners(ArenaMap<ScopeId, Owner>);

impl Owners {
    /// Finds the owners of all scopes.
    pub fn new(program: &Program) -> Owners {
        let mut owners = Owners(ArenaMap::default());
        for (scope, _) in program.scopes.iter() {
            let (mut at, mut pending) = (scope, Vec::new());
            let owner = loop {
                if let Some(owner) = owners.0.get(at) {
                    break *owner;
                }
                pending.push(at);
                let data = &program.scopes[at];
                match (data.kind, data.parent) {
                    (ScopeKind::Class(class), _) => break Owner::Class(class),
                    (ScopeKind::Function(function), _) if program.functions[function].name.is_some() => {
                        break Owner::Function(function);
                    }
                    (_, Some(parent)) => at = parent,
                    (_, None) => break Owner::Program,
                }
            };
            for scope in pending {
                owners.0.insert(scope, owner);
            }
        }
        owners
    }

    /// The owner of a scope.
    pub fn of(&self, scope: ScopeId) -> Owner {
        self.0.get(scope).copied().unwrap_or(Owner::Program)
    }
}

/// What made an instance, for messages and for sharing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Site {
    Root,
    /// The include, in the frame in which it stands.
    Include(IncludeId),
    /// A call at this place.
    Call(Span),
}

#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) owner: Owner,
    /// The instance in which the class or function is defined.
    pub(crate) outer: FrameId,
    /// The types of the parameters.
    pub(crate) params: Vec<Ty>,
    /// For a function: the type of the result, once it is known.
    pub(crate) result: Option<Ty>,
    pub(crate) site: Site,
}
