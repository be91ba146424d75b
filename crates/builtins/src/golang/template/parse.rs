//! Parses a template as Go's `text/template/parse` does, with its errors.

use super::lex::{Item, Keyword, Kind, LEFT, items};
use super::tree::{Branch, Call, Command, List, Node, Number, Pipe, Place, Word, WordKind};
use crate::golang::literal;
use std::collections::BTreeMap;
use std::ops::Range;

/// How deep blocks and parentheses may nest: Go has no limit, its stack grows.
const MAX_DEPTH: usize = 100;

/// A template with those it defines, by name.
#[derive(Debug)]
pub(super) struct Templates(BTreeMap<String, List>);

impl Templates {
    /// The template of a name.
    pub(super) fn get(&self, name: &str) -> Option<&List> {
        self.0.get(name)
    }
}

/// What is wrong with a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// As Go words it.
    pub(super) message: String,
    /// The line on which Go sees it, from 1.
    pub(super) line: usize,
    /// The part of the text that is to blame, in bytes.
    pub(super) part: Range<usize>,
    /// What to do, where that is known.
    pub(super) hint: Option<String>,
}

/// Says what is wrong with the name of a function, or nothing where there is such a function. What follows the name, as in
/// `strings.join`, may tell what was meant.
pub(super) type Check<'a> = &'a dyn Fn(&str, Option<&str>) -> Result<(), Option<String>>;

/// Parses a template.
pub(super) fn parse(name: &str, source: &str, check: Check<'_>) -> Result<Templates, Mistake> {
    let mut parser = Parser {
        name,
        check,
        items: items(source),
        at: 0,
        action_line: None,
        action: 0,
        open: Vec::new(),
        variables: vec!["$".to_owned()],
        ranges: 0,
        depth: 0,
        templates: BTreeMap::new(),
    };
    parser.root().and_then(|root| parser.add(name.to_owned(), root)).map_err(|problem| {
        let last = &parser.items[parser.at.saturating_sub(1).min(parser.items.len() - 1)];
        let item = match last.kind {
            // What is found at its end is wrong with the action as a whole.
            Kind::RightDelimiter | Kind::End => parser.action.min(last.position)..last.end,
            Kind::Error if last.position == last.end => parser.action..parser.action + LEFT.len(),
            _ => last.position..last.end,
        };
        Mistake { message: problem.message, line: last.line, part: problem.part.unwrap_or(item), hint: problem.hint }
    })?;
    Ok(Templates(parser.templates))
}

/// What is wrong; the line is added at the end, as that of the last item read.
#[derive(Default)]
struct Problem {
    message: String,
    /// What is to blame, where that is not the last item read.
    part: Option<Range<usize>>,
    hint: Option<String>,
}

type Parsed<T> = Result<T, Problem>;

fn problem<T>(message: impl Into<String>) -> Parsed<T> {
    Err(Problem { message: message.into(), ..Problem::default() })
}

/// How a list of nodes ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Terminator {
    End,
    Else,
}

impl Terminator {
    fn text(self) -> &'static str {
        match self {
            Terminator::End => "{{end}}",
            Terminator::Else => "{{else}}",
        }
    }
}

/// What an action is.
enum Action {
    Node(Node),
    Terminator(Terminator),
}

struct Parser<'a> {
    name: &'a str,
    check: Check<'a>,
    items: Vec<Item>,
    at: usize,
    /// The line on which the action began that is being read.
    action_line: Option<usize>,
    /// Where the action begins that was read last.
    action: usize,
    /// The actions whose `{{end}}` is still to come.
    open: Vec<Range<usize>>,
    /// The variables in scope, with their dollar sign.
    variables: Vec<String>,
    /// How many loops there are around.
    ranges: usize,
    depth: usize,
    templates: BTreeMap<String, List>,
}

impl Parser<'_> {
    fn peek(&self) -> &Item {
        // The last item stays: nothing follows the end, or an error.
        &self.items[self.at.min(self.items.len() - 1)]
    }

    fn next(&mut self) -> Item {
        let item = self.peek().clone();
        self.at += 1;
        item
    }

    /// Where the last item ends that was read.
    fn last_end(&self) -> usize {
        self.items[self.at.saturating_sub(1).min(self.items.len() - 1)].end
    }

    fn skip_spaces(&mut self) {
        while self.peek().kind == Kind::Space {
            self.at += 1;
        }
    }

    fn peek_visible(&mut self) -> &Item {
        self.skip_spaces();
        self.peek()
    }

    fn next_visible(&mut self) -> Item {
        self.skip_spaces();
        self.next()
    }

    fn expect_right_delimiter(&mut self, context: &str) -> Parsed<()> {
        let item = self.next_visible();
        if item.kind == Kind::RightDelimiter { Ok(()) } else { self.unexpected(&item, context) }
    }

    fn unexpected<T>(&self, item: &Item, context: &str) -> Parsed<T> {
        if item.kind != Kind::Error {
            return problem(format!("unexpected {} in {context}", shown(item)));
        }
        let started = match self.action_line {
            Some(line) if line != item.line => {
                let action = if item.text.ends_with(" action") { "" } else { " in action" };
                format!("{action} started at {}:{line}", self.name)
            }
            _ => String::new(),
        };
        problem(format!("{}{started}", item.text))
    }

    /// Runs `parse` one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return problem("template nests too deeply");
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Adds a template. One that holds nothing but blanks gives way.
    fn add(&mut self, name: String, list: List) -> Parsed<()> {
        let is_empty = |list: &List| list.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()));
        match self.templates.get(&name) {
            Some(present) if !is_empty(present) => {
                if is_empty(&list) {
                    return Ok(());
                }
                return problem(format!("template: multiple definition of template {}", value::quote(name.as_bytes())));
            }
            _ => self.templates.insert(name, list),
        };
        Ok(())
    }

    fn root(&mut self) -> Parsed<List> {
        let mut root = List::new();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::LeftDelimiter {
                let before = self.at;
                self.action = self.next().position;
                if self.next_visible().kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.at = before;
            }
            match self.text_or_action()? {
                Action::Node(node) => root.push(node),
                Action::Terminator(terminator) => {
                    let hint =
                        "nothing is open here: each `{{ if }}`, `{{ range }}` and `{{ with }}` has one `{{ end }}`";
                    let message = format!("unexpected {}", terminator.text());
                    return Err(Problem { message, hint: Some(hint.to_owned()), part: None });
                }
            }
        }
        Ok(root)
    }

    /// After `{{define`.
    fn definition(&mut self) -> Parsed<()> {
        let context = "define clause";
        let item = self.next_visible();
        let name = self.template_name(&item, context)?;
        self.expect_right_delimiter(context)?;
        let body = self.named_body(context)?;
        self.add(name, body)
    }

    /// The body of a named template: it sees no variable of the text around.
    fn named_body(&mut self, context: &str) -> Parsed<List> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (list, terminator) = self.closed(|parser| parser.nested(Self::list))?;
        if terminator != Terminator::End {
            return problem(format!("unexpected {} in {context}", terminator.text()));
        }
        self.variables = variables;
        self.ranges = ranges;
        Ok(list)
    }

    fn template_name(&self, item: &Item, context: &str) -> Parsed<String> {
        match item.kind {
            Kind::String | Kind::RawString => Ok(String::from_utf8_lossy(&unquoted(item)?).into_owned()),
            _ => self.unexpected(item, context),
        }
    }

    /// Nodes up to `{{end}}` or `{{else}}`.
    fn list(&mut self) -> Parsed<(List, Terminator)> {
        let mut list = List::new();
        while self.peek_visible().kind != Kind::End {
            match self.text_or_action()? {
                Action::Node(node) => list.push(node),
                Action::Terminator(terminator) => return Ok((list, terminator)),
            }
        }
        Err(Problem {
            message: "unexpected EOF".to_owned(),
            part: self.open.last().cloned(),
            hint: Some("it needs its `{{ end }}`".to_owned()),
        })
    }

    /// Reads what is between an action that was read just now and its `{{end}}`.
    fn closed<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.open.push(self.action..self.last_end());
        let parsed = parse(self)?;
        self.open.pop();
        Ok(parsed)
    }

    fn text_or_action(&mut self) -> Parsed<Action> {
        let item = self.next_visible();
        match item.kind {
            Kind::Text => Ok(Action::Node(Node::Text(item.text))),
            Kind::LeftDelimiter => {
                self.action_line = Some(item.line);
                self.action = item.position;
                let action = self.action()?;
                self.action_line = None;
                Ok(action)
            }
            _ => self.unexpected(&item, "input"),
        }
    }

    fn action(&mut self) -> Parsed<Action> {
        let item = self.next_visible();
        let Kind::Keyword(keyword) = item.kind else {
            self.at -= 1;
            return Ok(Action::Node(Node::Action(self.pipeline("command", Kind::RightDelimiter)?)));
        };
        Ok(Action::Node(match keyword {
            Keyword::If => Node::If(self.branch("if")?),
            Keyword::With => Node::With(self.branch("with")?),
            Keyword::Range => Node::Range(self.branch("range")?),
            Keyword::Block => Node::Template(self.block()?),
            Keyword::Template => Node::Template(self.template()?),
            Keyword::Break => {
                self.loop_control("{{break}}")?;
                Node::Break
            }
            Keyword::Continue => {
                self.loop_control("{{continue}}")?;
                Node::Continue
            }
            Keyword::End => {
                self.expect_right_delimiter("end")?;
                return Ok(Action::Terminator(Terminator::End));
            }
            Keyword::Else => {
                // What follows in `{{else if` and `{{else with` is left to the branch that ends here.
                let next = self.peek_visible().kind;
                if next != Kind::Keyword(Keyword::If) && next != Kind::Keyword(Keyword::With) {
                    self.expect_right_delimiter("else")?;
                }
                return Ok(Action::Terminator(Terminator::Else));
            }
            Keyword::Define => return self.unexpected(&item, "command"),
        }))
    }

    fn loop_control(&mut self, action: &str) -> Parsed<()> {
        self.expect_right_delimiter(action)?;
        if self.ranges == 0 { problem(format!("{action} outside {{{{range}}}}")) } else { Ok(()) }
    }

    fn block(&mut self) -> Parsed<Call> {
        let context = "block clause";
        let item = self.next_visible();
        let name = self.template_name(&item, context)?;
        let pipe = self.pipeline(context, Kind::RightDelimiter)?;
        let body = self.named_body(context)?;
        self.add(name.clone(), body)?;
        let place = Place { position: item.position, part: item.position..pipe.place.part.end };
        Ok(Call { place, name, pipe: Some(pipe) })
    }

    fn template(&mut self) -> Parsed<Call> {
        let context = "template clause";
        let item = self.next_visible();
        let name = self.template_name(&item, context)?;
        let pipe = if self.peek_visible().kind == Kind::RightDelimiter {
            self.next();
            None
        } else {
            Some(self.pipeline(context, Kind::RightDelimiter)?)
        };
        let end = pipe.as_ref().map_or(item.end, |pipe| pipe.place.part.end);
        Ok(Call { place: Place { position: item.position, part: item.position..end }, name, pipe })
    }

    fn branch(&mut self, context: &str) -> Parsed<Branch> {
        self.nested(|parser| {
            let scope = parser.variables.len();
            let pipe = parser.pipeline(context, Kind::RightDelimiter)?;
            let is_range = usize::from(context == "range");
            parser.ranges += is_range;
            let (body, otherwise) = parser.closed(|parser| {
                let (body, terminator) = parser.list()?;
                parser.ranges -= is_range;
                Ok(match terminator {
                    Terminator::End => (body, None),
                    Terminator::Else => (body, Some(parser.otherwise(context)?)),
                })
            })?;
            parser.variables.truncate(scope);
            Ok(Branch { pipe, body, otherwise })
        })
    }

    /// After `{{else}}`, or within `{{else if`.
    fn otherwise(&mut self, context: &str) -> Parsed<List> {
        match (context, self.peek().kind) {
            ("if", Kind::Keyword(Keyword::If)) => {
                self.next();
                Ok(vec![Node::If(self.branch("if")?)])
            }
            ("with", Kind::Keyword(Keyword::With)) => {
                self.next();
                Ok(vec![Node::With(self.branch("with")?)])
            }
            _ => {
                let (list, terminator) = self.list()?;
                if terminator != Terminator::End {
                    return problem(format!("expected end; found {}", terminator.text()));
                }
                Ok(list)
            }
        }
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let position = self.peek_visible().position;
        let place = Place { position, part: position..position };
        let mut pipe = Pipe { place, variables: Vec::new(), assigns: false, commands: Vec::new() };
        self.declarations(context, &mut pipe)?;
        loop {
            let item = self.next_visible();
            match item.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.at -= 1;
                    let command = self.command()?;
                    pipe.place.part.end = command.place.part.end;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&item, context),
            }
        }
        if pipe.commands.is_empty() {
            return problem(format!("missing value for {context}"));
        }
        for (at, command) in pipe.commands.iter().enumerate().skip(1) {
            if let WordKind::Bool(_) | WordKind::Dot | WordKind::Nil | WordKind::Number(_) | WordKind::String { .. } =
                command.words[0].kind
            {
                return problem(format!("non executable command in pipeline stage {}", at + 1));
            }
        }
        Ok(pipe)
    }

    /// `$x :=`, `$x =`, or in a range `$i, $x :=`.
    fn declarations(&mut self, context: &str, pipe: &mut Pipe) -> Parsed<()> {
        while self.peek_visible().kind == Kind::Variable {
            let before = self.at;
            let variable = self.next().text;
            let next = self.peek_visible();
            let is_comma = next.kind == Kind::Char && next.text == ",";
            let kind = next.kind;
            if !is_comma && kind != Kind::Assign && kind != Kind::Declare {
                // No declaration: the variable is an operand.
                self.at = before;
                return Ok(());
            }
            self.next();
            pipe.variables.push(variable.clone());
            self.variables.push(variable);
            if !is_comma {
                pipe.assigns = kind == Kind::Assign;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() > 1 {
                return problem(format!("too many declarations in {context}"));
            }
            if !matches!(self.peek_visible().kind, Kind::Variable | Kind::RightDelimiter | Kind::RightParen) {
                return problem("range can only initialize variables");
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let position = self.peek_visible().position;
        let mut words = Vec::new();
        loop {
            self.skip_spaces();
            if let Some(word) = self.operand()? {
                words.push(word);
            }
            let item = self.next();
            match item.kind {
                Kind::Space => {}
                Kind::RightDelimiter | Kind::RightParen => {
                    self.at -= 1;
                    break;
                }
                Kind::Pipe => break,
                _ => return self.unexpected(&item, "operand"),
            }
        }
        let Some(last) = words.last() else { return problem("empty command") };
        Ok(Command { place: Place { position, part: position..last.place.part.end }, words })
    }

    fn operand(&mut self) -> Parsed<Option<Word>> {
        let Some(mut word) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(word));
        }
        // Go gives a chain of fields the place of its second one.
        let mut place = Place { position: self.peek().position, part: word.place.part.clone() };
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            let field = self.next();
            place.part.end = field.end;
            names.push(field.text[1..].to_owned());
        }
        let kind = match word.kind {
            WordKind::Field(mut fields) => {
                fields.append(&mut names);
                WordKind::Field(fields)
            }
            WordKind::Variable(name, _) => WordKind::Variable(name, names),
            WordKind::Bool(_) | WordKind::String { .. } | WordKind::Number(_) | WordKind::Nil | WordKind::Dot => {
                return problem(format!("unexpected . after term {}", value::quote(word.to_string().as_bytes())));
            }
            kind => {
                word.kind = kind;
                WordKind::Chain(Box::new(word), names)
            }
        };
        Ok(Some(Word { place, kind }))
    }

    fn term(&mut self) -> Parsed<Option<Word>> {
        let item = self.next_visible();
        let kind = match item.kind {
            Kind::Identifier => {
                let field = Some(self.peek()).filter(|it| it.kind == Kind::Field);
                if let Err(hint) = (self.check)(&item.text, field.map(|it| it.text.as_str())) {
                    let message = format!("function {} not defined", value::quote(item.text.as_bytes()));
                    let part = item.position..field.map_or(item.end, |it| it.end);
                    return Err(Problem { message, hint, part: Some(part) });
                }
                WordKind::Identifier(item.text)
            }
            Kind::Dot => WordKind::Dot,
            Kind::Nil => WordKind::Nil,
            Kind::Bool => WordKind::Bool(item.text == "true"),
            Kind::Variable => {
                if !self.variables.contains(&item.text) {
                    return problem(format!("undefined variable {}", value::quote(item.text.as_bytes())));
                }
                WordKind::Variable(item.text, Vec::new())
            }
            Kind::Field => WordKind::Field(vec![item.text[1..].to_owned()]),
            Kind::Number | Kind::CharConstant => WordKind::Number(number(&item)?),
            Kind::String | Kind::RawString => {
                let text = unquoted(&item)?;
                WordKind::String { written: item.text, text }
            }
            Kind::LeftParen => {
                WordKind::Pipe(self.nested(|parser| parser.pipeline("parenthesized pipeline", Kind::RightParen))?)
            }
            _ => {
                self.at -= 1;
                return Ok(None);
            }
        };
        // Of what is in parentheses, the last item read is the closing one.
        let end = if item.kind == Kind::LeftParen { self.last_end() } else { item.end };
        Ok(Some(Word { place: Place { position: item.position, part: item.position..end }, kind }))
    }
}

fn unquoted(item: &Item) -> Parsed<Vec<u8>> {
    literal::unquote(item.text.as_bytes()).map_or_else(|| problem("invalid syntax"), Ok)
}

fn number(item: &Item) -> Parsed<Number> {
    let written = item.text.clone();
    if item.kind == Kind::CharConstant {
        let Some(code) = literal::unquote_char(written.as_bytes()) else {
            return problem(format!("malformed character constant: {written}"));
        };
        let code = i64::from(code);
        return Ok(Number { written, int: Some(code), float: Some(code as f64), looks_float: false });
    }
    let is_hex = written.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
    let looks_float = written.contains(['.', 'p', 'P']) || !is_hex && written.contains(['e', 'E']);
    let mut int = literal::parse_int(&written, 0, 64).ok();
    let mut float = int.map(|it| it as f64);
    if int.is_none() {
        float = literal::parse_float(&written).ok();
        if float.is_some() && !looks_float {
            // All digits, and yet no int.
            return problem(format!("integer overflow: {}", value::quote(written.as_bytes())));
        }
        int = float.filter(|it| it.trunc() == *it && it.abs() < 9.2e18).map(|it| it as i64);
    }
    if float.is_none() {
        return problem(format!("illegal number syntax: {}", value::quote(written.as_bytes())));
    }
    Ok(Number { written, int, float, looks_float })
}

/// An item as an error shows it.
fn shown(item: &Item) -> String {
    match item.kind {
        Kind::End => "EOF".to_owned(),
        Kind::Keyword(_) | Kind::Dot | Kind::Nil => format!("<{}>", item.text),
        _ => {
            let start: String = item.text.chars().take(10).collect();
            let more = if start.len() < item.text.len() { "..." } else { "" };
            format!("{}{more}", value::quote(start.as_bytes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_mistake_names_the_part_of_the_text_that_is_to_blame() {
        for (source, part) in [
            ("a {{ foo }}", "foo"),
            ("a {{ foo.bar 1 }}", "foo.bar"),
            ("a\n{{ if }}x{{ end }}", "{{ if }}"),
            ("{{ if 1 }}{{ range . }}{{ end }}", "{{ if 1 }}"),
            ("{{ if 1 }}{{ else }}", "{{ if 1 }}"),
            ("a {{ end }} b", "{{ end }}"),
            ("a {{ $x }}", "$x"),
            ("{{ .A }} {{ .B", "{{"),
            ("{{ \"abc }}", "\"abc }}"),
            ("{{ 1x }}", "1x "),
            ("{{ a/b }}", "a/"),
            ("{{ define `a` }}x", "{{ define `a` }}"),
            ("{{ break }}", "{{ break }}"),
        ] {
            let check = |name: &str, _: Option<&str>| if name == "foo" { Err(None) } else { Ok(()) };
            let mistake = parse("t", source, &check).expect_err(source);
            assert_eq!(&source[mistake.part], part, "{source}: {}", mistake.message);
        }
    }

    #[test]
    fn what_nests_too_deeply_is_refused_before_the_stack_ends() {
        let deep = 10_000;
        for source in [
            format!("{{{{ {}1{} }}}}", "(".repeat(deep), ")".repeat(deep)),
            format!("{}{}", "{{ if 1 }}".repeat(deep), "{{ end }}".repeat(deep)),
            format!("{{{{ if 1 }}}}{}{{{{ end }}}}", "{{ else if 1 }}".repeat(deep)),
            format!("{}{}", "{{ block `a` 1 }}".repeat(deep), "{{ end }}".repeat(deep)),
        ] {
            let mistake = parse("t", &source, &|_, _| Ok(())).expect_err("it nests too deeply");
            assert_eq!(mistake.message, "template nests too deeply");
        }
    }
}
