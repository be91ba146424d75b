//! A program as text: what is behind each name, and in which scope it stands.
//!
//! Definitions have the number of their place in the program: `$x#1`. What leads through includes is written `i0>$x#1`.

use hir::{
    Block, Callee, ExprId, ExprKind, Half, Line, Parameter, Program, Reference, ScopeId, ScopeKind, Statement, Variable,
};
use la_arena::Idx;
use std::fmt::Write as _;

pub(crate) fn dump(program: &Program) -> String {
    let mut dump = Dump { program, out: String::new() };
    for (id, module) in program.modules.iter() {
        dump.line(0, &format!("module m{} in {}", number(id), module.base));
        dump.block(1, &module.block);
    }
    for (id, class) in program.classes.iter() {
        let head = format!("class {}#{}({})", class.name, number(id), params(&class.params));
        dump.line(0, &format!("{head} in {}", dump.scope(class.defined_in)));
        dump.block(1, &class.block);
    }
    for (id, bind) in program.binds.iter() {
        let annotation = bind.annotation.as_ref().map_or_else(String::new, |it| format!(" {}", it.ty));
        let value = dump.expr(bind.value);
        let scope = dump.scope(bind.scope);
        dump.line(0, &format!("${}#{}{annotation} = {value} in {scope}", bind.name, number(id)));
    }
    for (id, function) in program.functions.iter() {
        let name = function.name.as_deref().unwrap_or("func");
        let result = function.result.as_ref().map_or_else(String::new, |it| format!(" {}", it.ty));
        let body = dump.expr(function.body);
        let scope = dump.scope(function.defined_in);
        dump.line(0, &format!("{name}#{}({}){result} = {body} in {scope}", number(id), params(&function.params)));
    }
    dump.out
}

struct Dump<'a> {
    program: &'a Program,
    out: String,
}

fn number<T>(id: Idx<T>) -> u32 {
    id.into_raw().into_u32()
}

fn params(params: &[Parameter]) -> String {
    let param = |param: &Parameter| {
        let annotation = param.annotation.as_ref().map_or_else(String::new, |it| format!(" {}", it.ty));
        format!("${}{annotation}", param.name)
    };
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}

fn through<T>(reference: &Reference<T>) -> String {
    reference.through.iter().map(|include| format!("i{}>", number(*include))).collect()
}

impl Dump<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(depth));
    }

    /// A scope with those around it, the innermost first.
    fn scope(&self, scope: ScopeId) -> String {
        let mut names = Vec::new();
        let mut scope = Some(scope);
        while let Some(id) = scope {
            names.push(match self.program.scopes[id].kind {
                ScopeKind::Module(module) => format!("m{}", number(module)),
                ScopeKind::Class(class) => format!("class#{}", number(class)),
                ScopeKind::Function(function) => format!("func#{}", number(function)),
                ScopeKind::Loop(repeat) => format!("loop#{}", number(repeat)),
                ScopeKind::Branch => "branch".to_owned(),
            });
            scope = self.program.scopes[id].parent;
        }
        names.join(" < ")
    }

    fn block(&mut self, depth: usize, block: &Block) {
        for statement in &block.statements {
            self.statement(depth, statement);
        }
    }

    fn half(&self, half: &Half) -> String {
        format!("{}[{}]", half.kind, self.expr(half.name))
    }

    fn statement(&mut self, depth: usize, statement: &Statement) {
        match statement {
            Statement::Resource(resource) => {
                let collect = resource.collect.map_or_else(String::new, |it| format!(" from {}", self.expr(it)));
                self.line(depth, &format!("{} {}{collect}", resource.kind, self.expr(resource.name)));
                let condition = |condition: Option<ExprId>| {
                    condition.map_or_else(String::new, |condition| format!("{} ?: ", self.expr(condition)))
                };
                let lines: Vec<String> = resource
                    .lines
                    .iter()
                    .map(|line| match *line {
                        Line::Field(at) => {
                            let line = &resource.fields[at];
                            format!("{} => {}{}", line.name, condition(line.condition), self.expr(line.value))
                        }
                        Line::Meta(at) => {
                            let line = &resource.meta[at];
                            let name = line.name.as_deref().unwrap_or("*");
                            format!("meta {name} => {}{}", condition(line.condition), self.expr(line.value))
                        }
                        Line::Edge(at) => {
                            let line = &resource.edges[at];
                            format!("{:?} => {}{}", line.relation, condition(line.condition), self.half(&line.target))
                        }
                    })
                    .collect();
                for line in lines {
                    self.line(depth + 1, &line);
                }
            }
            Statement::Edges(edges) => {
                let halves: Vec<String> = edges.halves.iter().map(|half| self.half(half)).collect();
                self.line(depth, &halves.join(" -> "));
            }
            Statement::Transfer(it) => {
                let (from, to) = (self.half(&it.from), self.half(&it.to));
                self.line(depth, &format!("{from}.{} -> {to}.{}", it.send, it.receive));
            }
            Statement::If(it) => {
                self.line(depth, &format!("if {}", self.expr(it.condition)));
                self.block(depth + 1, &it.then);
                if let Some((_, block)) = &it.otherwise {
                    self.line(depth, "else");
                    self.block(depth + 1, block);
                }
            }
            Statement::Loop(id) => {
                let it = &self.program.loops[*id];
                let word = if it.over_map { "forkv" } else { "for" };
                let head = format!("{word} ${}, ${} in {}", it.first.name, it.second.name, self.expr(it.over));
                self.line(depth, &head);
                self.block(depth + 1, &it.block);
            }
            Statement::Include(id) => {
                let it = &self.program.includes[*id];
                let class = &self.program.classes[it.class.target].name;
                let name = format!("{}{class}#{}", through(&it.class), number(it.class.target));
                self.line(depth, &format!("i{}: include {name}({})", number(*id), self.list(&it.args)));
            }
        }
    }

    fn list(&self, exprs: &[ExprId]) -> String {
        exprs.iter().map(|expr| self.expr(*expr)).collect::<Vec<_>>().join(", ")
    }

    fn variable(&self, reference: &Reference<Variable>) -> String {
        let name = match reference.target {
            Variable::Bind(id) => format!("${}#{}", self.program.binds[id].name, number(id)),
            Variable::FunctionParam(id, at) => {
                format!("${} of func#{}", self.program.functions[id].params[at].name, number(id))
            }
            Variable::ClassParam(id, at) => {
                format!("${} of class#{}", self.program.classes[id].params[at].name, number(id))
            }
            Variable::LoopFirst(id) => format!("${} of loop#{}", self.program.loops[id].first.name, number(id)),
            Variable::LoopSecond(id) => format!("${} of loop#{}", self.program.loops[id].second.name, number(id)),
            Variable::Constant(constant) => format!("constant {}", constant.value),
            Variable::Hostname => "hostname".to_owned(),
        };
        through(reference) + &name
    }

    fn expr(&self, id: ExprId) -> String {
        match &self.program.exprs[id].kind {
            ExprKind::Literal(value) => value.to_string(),
            ExprKind::List(elements) => format!("[{}]", self.list(elements)),
            ExprKind::Map(entries) => {
                let entry = |(key, value): &(ExprId, ExprId)| format!("{} => {}", self.expr(*key), self.expr(*value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            ExprKind::Struct(entries) => {
                let entries = entries.iter().map(|entry| format!("{} => {}", entry.name, self.expr(entry.value)));
                format!("struct{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            ExprKind::Variable(reference) => self.variable(reference),
            ExprKind::Call { callee, args } => {
                let callee = match callee {
                    Callee::Builtin(function, _) => function.schema.full_name(),
                    Callee::Function(reference) => {
                        let name = self.program.functions[reference.target].name.as_deref().unwrap_or("func");
                        format!("{}{name}#{}", through(reference), number(reference.target))
                    }
                    Callee::Value(value) => self.expr(*value),
                    Callee::Error => "error".to_owned(),
                };
                format!("{callee}({})", self.list(args))
            }
            ExprKind::Function(id) => format!("func#{}", number(*id)),
            ExprKind::If { condition, then, otherwise } => {
                format!("if {} {{ {} }} else {{ {} }}", self.expr(*condition), self.expr(*then), self.expr(*otherwise))
            }
            ExprKind::Except { primary, fallback } => {
                format!("({} <|> {})", self.expr(*primary), self.expr(*fallback))
            }
            ExprKind::Error => "error".to_owned(),
        }
    }
}
