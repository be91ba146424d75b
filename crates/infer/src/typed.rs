//! What inference knows in the end.

use crate::checker::Checker;
use crate::frame::{Frame, FrameId, Owner, Owners};
use crate::table::Table;
use crate::types::{Ty, Types, Unknowns};
use ::diag::Diagnostic;
use hir::{BindId, ExprId, IncludeId, Program, ScopeId, ScopeKind};
use rustc_hash::FxHashMap;
use span::{FileId, Span};
use std::sync::Arc;
use value::{FuncType, Type};

/// A program's types, and what is wrong with them.
#[derive(Debug)]
pub struct Typed {
    /// What is wrong, in the order in which it is shown.
    pub diagnostics: Vec<Diagnostic>,
    owners: Owners,
    bases: Bases,
    frames: Vec<Frame>,
    /// The distinct types; the tables below hold indices.
    types: Vec<Type>,
    exprs: Table<u32>,
    binds: FxHashMap<(FrameId, BindId), u32>,
    /// The distinct types of calls.
    call_types: Vec<Arc<FuncType>>,
    builtin_calls: Table<u32>,
    calls: FxHashMap<(FrameId, ExprId), FrameId>,
    includes: FxHashMap<(FrameId, IncludeId), FrameId>,
}

impl Typed {
    pub(crate) fn of(mut checker: Checker<'_>) -> Typed {
        let mut solved = Solved { types: Vec::new(), indices: FxHashMap::default() };
        let count = checker.program.exprs.len();
        let exprs = std::mem::replace(&mut checker.exprs, Table::new(0));
        let exprs = exprs.map(|ty| solved.index(&mut checker.types, ty));
        let binds = std::mem::take(&mut checker.binds);
        let binds =
            binds.into_iter().filter_map(|(key, ty)| Some((key, solved.index(&mut checker.types, ty?)))).collect();
        let calls = std::mem::take(&mut checker.builtin_calls);
        let mut builtin_calls = Table::new(count);
        let call_types = checker.types_of_calls(&calls, |call, ty| builtin_calls.insert(call.frame, call.expr, ty));
        Typed {
            diagnostics: checker.diagnostics,
            owners: checker.owners,
            bases: checker.bases,
            frames: checker.frames,
            types: solved.types,
            exprs,
            binds,
            call_types,
            builtin_calls,
            calls: checker.calls,
            includes: checker.includes.into_iter().filter_map(|(key, frame)| Some((key, frame?))).collect(),
        }
    }

    /// Whether the program has no mistake.
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The type of an expression in a frame; nothing where the frame never needed it.
    pub fn expr(&self, frame: FrameId, expr: ExprId) -> Option<&Type> {
        self.exprs.get(frame, expr).map(|at| &self.types[at as usize])
    }

    /// The types of an expression in all frames that need it, in the order of the frames.
    pub fn exprs(&self, expr: ExprId) -> impl Iterator<Item = (FrameId, &Type)> {
        self.frames().filter_map(move |frame| Some((frame, self.expr(frame, expr)?)))
    }

    /// The type of a bind in a frame; nothing where it is never used.
    pub fn bind(&self, frame: FrameId, bind: BindId) -> Option<&Type> {
        self.binds.get(&(frame, bind)).map(|&at| &self.types[at as usize])
    }

    /// The types of a bind in all frames that need it, in the order of the frames.
    pub fn binds(&self, bind: BindId) -> impl Iterator<Item = (FrameId, &Type)> {
        self.frames().filter_map(move |frame| Some((frame, self.bind(frame, bind)?)))
    }

    /// The solved type of a call of a function of the catalog.
    pub fn builtin_call(&self, frame: FrameId, call: ExprId) -> Option<&Arc<FuncType>> {
        self.builtin_calls.get(frame, call).map(|at| &self.call_types[at as usize])
    }

    /// The frame of the function that a call calls by its name.
    pub fn call(&self, frame: FrameId, call: ExprId) -> Option<FrameId> {
        self.calls.get(&(frame, call)).copied()
    }

    /// The frame of the class that an include makes an instance of.
    pub fn include(&self, frame: FrameId, include: IncludeId) -> Option<FrameId> {
        self.includes.get(&(frame, include)).copied()
    }

    /// All frames: the program itself first, then in the order in which they were met.
    pub fn frames(&self) -> impl Iterator<Item = FrameId> {
        (0..).zip(&self.frames).map(|(number, _)| FrameId(number))
    }

    /// What a frame is an instance of.
    pub fn owner(&self, frame: FrameId) -> Owner {
        self.frames[frame.0 as usize].owner
    }

    /// The frame in which the class or function of a frame is defined.
    pub fn outer(&self, frame: FrameId) -> FrameId {
        self.frames[frame.0 as usize].outer
    }

    /// Whose instances hold what is defined in a scope.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// The folder of the module that holds a place.
    pub fn base(&self, span: Span) -> Arc<str> {
        self.bases.of(span)
    }
}

/// Types as trees, each distinct one once.
struct Solved {
    types: Vec<Type>,
    indices: FxHashMap<Ty, u32>,
}

impl Solved {
    fn index(&mut self, types: &mut Types, ty: Ty) -> u32 {
        let root = types.find(ty);
        *self.indices.entry(root).or_insert_with(|| {
            self.types.push(types.export(root, Unknowns::Blank).unwrap_or(Type::Error));
            u32::try_from(self.types.len() - 1).expect("there are fewer types than ids")
        })
    }
}

/// The folder of each module, by its file.
#[derive(Debug)]
pub struct Bases {
    of: FxHashMap<FileId, Arc<str>>,
    main: Arc<str>,
}

impl Bases {
    /// Finds the files of all modules.
    pub fn new(program: &Program) -> Bases {
        let main = program.modules.iter().next().map_or_else(|| "/".into(), |(_, module)| module.base.clone());
        let mut bases = Bases { of: FxHashMap::default(), main };
        let base_of = |mut scope: ScopeId| loop {
            match program.scopes[scope].kind {
                ScopeKind::Module(module) => break Some(program.modules[module].base.clone()),
                _ => scope = program.scopes[scope].parent?,
            }
        };
        let binds = program.binds.iter().map(|(_, it)| (it.name_span, it.scope));
        let functions = program.functions.iter().map(|(_, it)| (it.span, it.defined_in));
        let classes = program.classes.iter().map(|(_, it)| (it.span, it.defined_in));
        for (span, scope) in binds.chain(functions).chain(classes) {
            if !bases.of.contains_key(&span.file)
                && let Some(base) = base_of(scope)
            {
                bases.of.insert(span.file, base);
            }
        }
        bases
    }

    /// The folder of the module that holds a place; that of the main program where the place is in none.
    pub fn of(&self, span: Span) -> Arc<str> {
        self.of.get(&span.file).unwrap_or(&self.main).clone()
    }
}
