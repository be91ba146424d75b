//! What a diagnostic says beside its message: where an expectation comes from, where a name is defined, how to convert.

use crate::agenda::{Uniform, Why};
use crate::checker::Checker;
use crate::diag;
use crate::frame::{FrameId, Site};
use crate::types::{Conflict, Ty};
use ::diag::Diagnostic;
use hir::{Callee, ExprId, ExprKind, IncludeId, Parameter, Variable};
use schema::HookError;
use span::Span;
use value::{Name, Type, Value};

impl<'p> Checker<'p> {
    /// An expression has another type than it must have.
    pub(crate) fn mismatch(
        &mut self,
        frame: FrameId,
        expr: ExprId,
        want: Ty,
        conflict: Conflict,
        why: Why<'p>,
    ) -> Diagnostic {
        let found = self.type_of(frame, expr);
        let (want, found) = (self.types.show(want), self.types.show(found));
        let program = self.program;
        let span = program.exprs[expr].span;
        let named = |it: &Checker<'p>, id: ExprId, part: &str| diag::Earlier {
            span: (id != expr).then(|| it.program.exprs[id].span),
            part: part.to_owned(),
        };
        let diagnostic = if conflict == Conflict::Infinite {
            diag::infinite_type(span)
        } else {
            match why {
                Why::Bind(bind, used) => diag::bind_differs(span, &program.binds[bind], &want, &found, used),
                Why::Result(annotation) => diag::result_is_another(span, annotation.span, &want, &found),
                Why::Condition => diag::condition(span, &found),
                Why::LineCondition => diag::line_condition(span, &found),
                Why::Field(resource, line) => diag::field_type(span, resource, line, &want, &found),
                Why::Meta(resource, name) => diag::meta_value_type(span, resource.kind_span, name, &want, &found),
                Why::Uniform(Uniform { first, parts, .. }) => {
                    diag::not_uniform(span, &named(self, first, parts), &want, &found)
                }
                Why::Argument(call, number) => self.argument(frame, call, number, expr, &want, &found),
                Why::ClassArgument(include, number) => self.class_argument(include, number, span, &want, &found),
                Why::Name(owner) => diag::name_type(span, owner, &found),
                Why::Over(id) => diag::loop_over(span, program.loops[id].over_map, &found),
                Why::Collect => diag::collect_names(span, &found),
            }
        };
        let diagnostic = self.with_definition(frame, expr, diagnostic);
        let diagnostic = self.with_site(frame, diagnostic);
        let mode = matches!(why, Why::Field(_, line) if line.name == "mode") && want == Type::Str;
        let hint = match (self.literal(expr), why) {
            (Some(Value::Int(bits)), _) if mode => Some(format!("write the mode as text: `\"{bits:04}\"`")),
            (_, Why::Condition) => diag::comparison(&found, &self.text(expr)),
            (_, Why::LineCondition) => None,
            (_, Why::Name(_)) => diag::conversion(&Type::Str, &found, &self.text(expr)),
            (_, Why::Argument(call, number)) => self.argument_hint(call, number, &want, &found, expr),
            _ => diag::conversion(&want, &found, &self.text(expr)),
        };
        diagnostic.hint_opt(hint)
    }

    /// An argument has another type than the function takes.
    fn argument(
        &mut self,
        frame: FrameId,
        call: ExprId,
        number: usize,
        argument: ExprId,
        want: &Type,
        found: &Type,
    ) -> Diagnostic {
        let program = self.program;
        let (span, call_span) = (program.exprs[argument].span, program.exprs[call].span);
        let ExprKind::Call { callee, args } = &program.exprs[call].kind else {
            return diag::argument(span, "the argument", "the function", want, found);
        };
        match callee {
            Callee::Builtin(function, name) if function.schema.name == "_operator" => {
                let operator = self.operator(args, name);
                if let Some((_, comparison)) = self.negated(call) {
                    return diag::negated_operand(span, call_span, &comparison, found);
                }
                // What `and` and `or` take is known without the left side.
                let logical = matches!(operator.as_str(), "and" | "or");
                let left = (number == 2 && !logical).then(|| program.exprs[args[1]].span);
                diag::operands(call_span, span, left, &operator, want, found)
            }
            Callee::Builtin(_, name) if name == hir::INTERPOLATION => diag::interpolated(span, found),
            Callee::Builtin(function, _) if function.schema.name == "_struct_lookup_optional" && number == 2 => {
                diag::default_of_field(span, program.exprs[args[0]].span, want, found)
            }
            Callee::Builtin(_, name) if name == "in" && number == 1 => {
                diag::needle(span, program.exprs[args[0]].span, want, found)
            }
            Callee::Builtin(function, name) => {
                let params = function.schema.params;
                let param = params.get(number).or(params.last()).filter(|param| !param.variadic);
                let which =
                    param.map_or_else(|| format!("argument {}", number + 1), |it| format!("argument `{}`", it.name));
                let diagnostic = diag::argument(span, &which, &format!("`{name}`"), want, found);
                diag::in_call(diagnostic, call_span, name)
            }
            Callee::Function(reference) => {
                let data = &program.functions[reference.target];
                let name = data.name.clone().unwrap_or_default();
                let Some(param) = data.params.get(number) else {
                    return diag::argument(span, "the argument", &format!("`{name}`"), want, found);
                };
                let which = format!("argument `${}`", param.name);
                let diagnostic = diag::argument(span, &which, &format!("`{name}`"), want, found);
                diag::in_call(diagnostic, call_span, &name).label(param.span, format!("declared as `{want}`"))
            }
            Callee::Value(function) => {
                let name = self.text(*function);
                let which = format!("argument {}", number + 1);
                let diagnostic = diag::argument(span, &which, &format!("`{name}`"), want, found);
                let diagnostic = self.with_definition(frame, *function, diagnostic);
                diag::one_type_for_all_uses(diagnostic)
            }
            Callee::Error => diag::argument(span, "the argument", "the function", want, found),
        }
    }

    /// How an argument can be made to fit.
    fn argument_hint(&self, call: ExprId, number: usize, want: &Type, found: &Type, expr: ExprId) -> Option<String> {
        match &self.program.exprs[call].kind {
            // A hint about functions in variables was given already.
            ExprKind::Call { callee: Callee::Value(_), .. } => None,
            ExprKind::Call { callee: Callee::Builtin(_, name), .. } if name == "in" && *found == Type::Str => {
                Some("`in` looks in lists and maps; for text, `import \"strings\"` and call `strings.contains`".into())
            }
            ExprKind::Call { callee: Callee::Builtin(function, name), args } if function.schema.name == "_operator" => {
                if let Some((hint, _)) = self.negated(call) {
                    return Some(hint);
                }
                if number == 2 && self.is_negation(args[1]) {
                    return Some("`not` binds tighter than comparisons: `not (… == …)`, or `… != …`".to_owned());
                }
                if number != 2 || matches!(self.operator(args, name).as_str(), "and" | "or") {
                    return match want {
                        Type::Bool => diag::comparison(found, &self.text(expr)),
                        _ => diag::conversion(want, found, &self.text(expr)),
                    };
                }
                diag::common_type(want, found, &self.text(args[1]), &self.text(expr))
            }
            _ => diag::conversion(want, found, &self.text(expr)),
        }
    }

    /// Remembers a comparison that begins with `not`: where the operand is no `bool`, all of the comparison was meant.
    pub(crate) fn note_negation(&mut self, call: ExprId, callee: &Callee, args: &[ExprId]) {
        let left = match callee {
            Callee::Builtin(function, _) if function.schema.name == "_operator" && args.len() == 3 => args[1],
            Callee::Builtin(_, name) if name == "in" && args.len() == 2 => args[0],
            _ => return,
        };
        if self.is_negation(left) {
            self.negations.insert(left, call);
        }
    }

    /// The comparison that a `not` was meant for, as it is written with parentheses, and its operator.
    fn negated(&self, negation: ExprId) -> Option<(String, String)> {
        let &comparison = self.negations.get(&negation)?;
        let ExprKind::Call { callee: Callee::Builtin(_, name), args } = &self.program.exprs[comparison].kind else {
            return None;
        };
        let ExprKind::Call { args: operand, .. } = &self.program.exprs[negation].kind else { return None };
        let operator = if name == "in" { name.to_string() } else { self.operator(args, name) };
        let (left, right) = (self.text(*operand.last()?), self.text(*args.last()?));
        let other = match operator.as_str() {
            "==" => format!(", or `{left} != {right}`"),
            "!=" => format!(", or `{left} == {right}`"),
            _ => String::new(),
        };
        Some((format!("write `not ({left} {operator} {right})`{other}"), operator))
    }

    /// Whether an expression is `not …`.
    fn is_negation(&self, expr: ExprId) -> bool {
        match &self.program.exprs[expr].kind {
            ExprKind::Call { callee: Callee::Builtin(function, name), args } => {
                function.schema.name == "_operator" && self.operator(args, name) == "not"
            }
            _ => false,
        }
    }

    /// The symbol of an operator, as the program writes it.
    fn operator(&self, args: &[ExprId], name: &Name) -> String {
        match args.first().and_then(|&symbol| self.literal(symbol)) {
            Some(symbol) => symbol.to_text(),
            None => name.to_string(),
        }
    }

    fn class_argument(&self, include: IncludeId, number: usize, span: Span, want: &Type, found: &Type) -> Diagnostic {
        let include = &self.program.includes[include];
        let class = &self.program.classes[include.class.target];
        let Some(param) = class.params.get(number) else {
            return diag::argument(span, "the argument", &format!("class `{}`", class.name), want, found);
        };
        let which = format!("argument `${}`", param.name);
        diag::argument(span, &which, &format!("class `{}`", class.name), want, found)
            .label(include.span.at_start(), "in this include")
            .label(param.span, format!("declared as `{want}`"))
    }

    pub(crate) fn hook_error(&self, call: ExprId, name: &Name, args: &[ExprId], error: HookError) -> Diagnostic {
        let span = self.program.exprs[call].span;
        let argument = error.argument.and_then(|number| args.get(number)).map(|&id| {
            let part = error.part.as_ref().and_then(|part| self.program.written_text(id)?.part(part));
            part.unwrap_or(self.program.exprs[id].span)
        });
        diag::wrong_arguments(span, argument, name, error)
    }

    pub(crate) fn argument_count(
        &self,
        frame: FrameId,
        call: ExprId,
        callee: ExprId,
        want: usize,
        found: usize,
    ) -> Diagnostic {
        let diagnostic = diag::argument_count(self.program.exprs[call].span, &self.text(callee), want, found);
        self.with_definition(frame, callee, diagnostic)
    }

    pub(crate) fn no_function(&mut self, frame: FrameId, call: ExprId, callee: ExprId, ty: Ty) -> Diagnostic {
        let ty = self.types.show(ty);
        let diagnostic = diag::no_function(self.program.exprs[call].span, &self.text(callee), &ty);
        self.with_definition(frame, callee, diagnostic)
    }

    pub(crate) fn infinite_call(&self, frame: FrameId, call: ExprId, callee: ExprId) -> Diagnostic {
        let diagnostic = diag::infinite_type(self.program.exprs[call].span);
        self.with_definition(frame, callee, diagnostic)
    }

    /// Adds where a variable is defined.
    fn with_definition(&self, frame: FrameId, expr: ExprId, diagnostic: Diagnostic) -> Diagnostic {
        let program = self.program;
        let of = |diagnostic: Diagnostic, name: &Name, span: Span| {
            if diagnostic.labels.iter().any(|label| label.span == span) {
                return diagnostic;
            }
            diagnostic.label(span, format!("`${name}` is defined here"))
        };
        let of_param = |diagnostic, param: &Parameter| of(diagnostic, &param.name, param.span);
        match &program.exprs[expr].kind {
            ExprKind::Variable(reference) => match reference.target {
                Variable::Bind(bind) => of(diagnostic, &program.binds[bind].name, program.binds[bind].name_span),
                Variable::FunctionParam(function, number) => {
                    of_param(diagnostic, &program.functions[function].params[number])
                }
                Variable::LoopFirst(id) => of_param(diagnostic, &program.loops[id].first),
                Variable::LoopSecond(id) => of_param(diagnostic, &program.loops[id].second),
                Variable::ClassParam(class, number) => {
                    let diagnostic = of_param(diagnostic, &program.classes[class].params[number]);
                    let at = self.reach(frame, &reference.through).unwrap_or(frame);
                    let home = self.home(at, program.classes[class].scope);
                    let given = match self.frames[home.0 as usize].site {
                        Site::Include(include) => program.includes[include].args.get(number),
                        _ => None,
                    };
                    diagnostic.label_opt(given.map(|&id| program.exprs[id].span), "what is passed for it")
                }
                Variable::Constant(_) | Variable::Hostname => diagnostic,
            },
            ExprKind::Function(function) => match program.functions[*function].params.first() {
                Some(param) => of_param(diagnostic, param),
                None => diagnostic,
            },
            _ => diagnostic,
        }
    }

    /// Adds the call or include because of which the body is checked with these types.
    fn with_site(&self, frame: FrameId, diagnostic: Diagnostic) -> Diagnostic {
        match self.frames[frame.0 as usize].site {
            Site::Root => diagnostic,
            Site::Include(include) => diagnostic.label(self.program.includes[include].span, "in this include"),
            Site::Call(span) => diagnostic.label(span, "in this call"),
        }
    }

    /// The expression as a hint can repeat it.
    pub(crate) fn text(&self, expr: ExprId) -> String {
        let program = self.program;
        match &program.exprs[expr].kind {
            ExprKind::Literal(Value::Float(value)) => format!("{value:?}"),
            ExprKind::Literal(value) => value.to_string(),
            ExprKind::Variable(reference) if reference.through.is_empty() => match reference.target {
                Variable::Bind(bind) => format!("${}", program.binds[bind].name),
                Variable::FunctionParam(function, number) => {
                    format!("${}", program.functions[function].params[number].name)
                }
                Variable::ClassParam(class, number) => format!("${}", program.classes[class].params[number].name),
                Variable::LoopFirst(id) => format!("${}", program.loops[id].first.name),
                Variable::LoopSecond(id) => format!("${}", program.loops[id].second.name),
                Variable::Constant(_) | Variable::Hostname => "…".to_owned(),
            },
            ExprKind::Function(_) => "the function".to_owned(),
            _ => "…".to_owned(),
        }
    }
}
