//! Instances: of the program, of a class for each include, of a function for each of its bodies.
//!
//! A frame of type inference is shared by all instances with equal types; an instance has values of its own.

use crate::BodyId;
use crate::lower::{Lowering, Place};
use hir::{IncludeId, ScopeId, ScopeKind};
use infer::FrameId;

/// So many instances of classes a program may have: classes that include others twice double them at every level.
pub(crate) const MAX_INCLUDES: usize = 500_000;

/// An instance, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct InstanceId(u32);

impl InstanceId {
    /// The program itself.
    pub(crate) const ROOT: InstanceId = InstanceId(0);
}

#[derive(Debug)]
pub(crate) struct Instance {
    /// Its types.
    pub(crate) frame: FrameId,
    /// The instance in which the class or function is defined.
    pub(crate) outer: InstanceId,
    /// Where its definitions are computed.
    pub(crate) body: BodyId,
    pub(crate) given: Given,
}

/// What was handed to an instance.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// Nothing.
    Nothing,
    /// The arguments of an include that stands in this instance; each is lowered when it is first used.
    Include(InstanceId, IncludeId),
    /// Values.
    Values(Vec<Place>),
}

impl Lowering<'_> {
    pub(crate) fn instance(&self, id: InstanceId) -> &Instance {
        &self.instances[id.0 as usize]
    }

    pub(crate) fn add_instance(&mut self, instance: Instance) -> InstanceId {
        let id = u32::try_from(self.instances.len()).expect("inference has bounded the number of instances");
        self.instances.push(instance);
        InstanceId(id)
    }

    /// The instance that holds what is defined in a scope, seen from an instance within.
    pub(crate) fn home(&self, instance: InstanceId, scope: ScopeId) -> InstanceId {
        let owner = self.typed.owners().of(scope);
        let mut at = instance;
        while at != InstanceId::ROOT && self.typed.owner(self.instance(at).frame) != owner {
            at = self.instance(at).outer;
        }
        at
    }

    /// Follows the aliases of includes to the instance in which a name is looked up.
    pub(crate) fn reach(&mut self, instance: InstanceId, through: &[IncludeId]) -> InstanceId {
        let mut at = instance;
        for &include in through {
            let home = self.home(at, self.program.includes[include].scope);
            at = self.include_instance(home, include);
        }
        at
    }

    /// The instance of an include that stands in an instance.
    pub(crate) fn include_instance(&mut self, parent: InstanceId, include: IncludeId) -> InstanceId {
        if let Some(&instance) = self.includes.get(&(parent, include)) {
            return instance;
        }
        let data = &self.program.includes[include];
        let at = self.reach(parent, &data.class.through);
        let class = &self.program.classes[data.class.target];
        debug_assert!(matches!(self.program.scopes[class.scope].kind, ScopeKind::Class(_)), "a class has its scope");
        let instance = Instance {
            frame: self.typed.include(self.instance(parent).frame, include).unwrap_or(FrameId::ROOT),
            outer: self.home(at, class.defined_in),
            body: self.body_of_scope(parent, data.scope),
            given: Given::Include(parent, include),
        };
        let instance = self.add_instance(instance);
        self.includes.insert((parent, include), instance);
        if self.includes.len() > MAX_INCLUDES {
            self.excess.get_or_insert(data.span);
        }
        instance
    }

    /// The body in which the definitions of a scope are computed, in an instance.
    ///
    /// Blocks of conditions and loops have bodies of their own, or that of what is around them where the condition is known.
    pub(crate) fn body_of_scope(&self, instance: InstanceId, scope: ScopeId) -> BodyId {
        let mut at = scope;
        loop {
            if let Some(&body) = self.scopes.get(&(instance, at)) {
                return body;
            }
            let data = &self.program.scopes[at];
            match (data.kind, data.parent) {
                (ScopeKind::Branch | ScopeKind::Loop(_), Some(parent)) => at = parent,
                _ => return self.instance(instance).body,
            }
        }
    }
}
