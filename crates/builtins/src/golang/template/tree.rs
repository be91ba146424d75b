//! What the parser makes of a template, and how Go writes it in an error.

use std::fmt;
use std::ops::Range;

/// Actions and texts in order.
pub(super) type List = Vec<Node>;

/// Where something stands in the template, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Where Go says that it is.
    pub(super) position: usize,
    /// The whole of it.
    pub(super) part: Range<usize>,
}

/// A text, or an action.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    /// `{{pipeline}}`
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// `{{template "name" pipeline}}`
    Template(Call),
    Break,
    Continue,
}

/// `{{if pipeline}} body {{else}} otherwise {{end}}`, and its like.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) body: List,
    pub(super) otherwise: Option<List>,
}

/// The use of a named template.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) pipe: Option<Pipe>,
}

/// `$a, $b := command | command`
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) place: Place,
    /// The variables with their dollar sign.
    pub(super) variables: Vec<String>,
    /// Whether the variables exist already.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Command>,
}

/// `word argument argument`; never empty.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) place: Place,
    pub(super) words: Vec<Word>,
}

/// An operand.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) place: Place,
    pub(super) kind: WordKind,
}

/// What an operand is.
#[derive(Debug)]
pub(super) enum WordKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    /// A string with its text as written.
    String {
        written: String,
        text: Vec<u8>,
    },
    /// A function.
    Identifier(String),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a.b`: the name with its dollar sign.
    Variable(String, Vec<String>),
    /// `(pipeline).a.b`
    Chain(Box<Word>, Vec<String>),
    /// `(pipeline)`
    Pipe(Pipe),
}

/// A literal number. Go decides by its use what it is: `1` is a float where one is wanted, `1.0` an int.
#[derive(Debug)]
pub(super) struct Number {
    pub(super) written: String,
    pub(super) int: Option<i64>,
    pub(super) float: Option<f64>,
    /// Whether it is written as a float.
    pub(super) looks_float: bool,
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            write!(f, "{} {} ", self.variables.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (at, command) in self.commands.iter().enumerate() {
            write!(f, "{}{command}", if at > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, word) in self.words.iter().enumerate() {
            write!(f, "{}{word}", if at > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = |f: &mut fmt::Formatter<'_>, names: &[String]| names.iter().try_for_each(|it| write!(f, ".{it}"));
        match &self.kind {
            WordKind::Dot => f.write_str("."),
            WordKind::Nil => f.write_str("nil"),
            WordKind::Bool(value) => write!(f, "{value}"),
            WordKind::Number(number) => f.write_str(&number.written),
            WordKind::String { written, .. } => f.write_str(written),
            WordKind::Identifier(name) => f.write_str(name),
            WordKind::Field(names) => fields(f, names),
            WordKind::Variable(name, names) => {
                f.write_str(name)?;
                fields(f, names)
            }
            WordKind::Chain(word, names) => {
                write!(f, "{word}")?;
                fields(f, names)
            }
            WordKind::Pipe(pipe) => write!(f, "({pipe})"),
        }
    }
}
