//! `stead plan`: what would change, exactly, with nothing changed.

use crate::cli::{Global, Plan, TextOrJson};
use crate::commands::runtime;
use crate::failure::{Exit, Failure};
use crate::settings::settings;
use crate::terminal::Terminal;
use agent::Preview;
use anstyle::{AnsiColor, Style as Colour};
use diag::Style;
use engine::Mode;
use plan::{Certainty, PlannedStep};
use resource::{Diff, Key};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

pub(crate) fn plan(command: &Plan, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let settings = settings(&command.program, global, Mode::Apply)?;
    let compiled = agent::compile(&settings, agent::catalog());
    terminal.diagnostics(&compiled.diagnostics, &compiled.texts)?;
    if !compiled.is_ok() {
        return Ok(Exit::ERROR);
    }
    let (steps, resources) = match runtime()?.block_on(agent::preview(&compiled, &settings))? {
        Preview::Steps(steps, resources) => (steps, resources),
        Preview::Failing(diagnostics) => {
            terminal.diagnostics(&diagnostics, &compiled.texts)?;
            return Ok(Exit::ERROR);
        }
        Preview::Waiting => return Err(Failure::user("not all values of the program came in time")),
    };
    let counts = Counts::of(&steps, resources);
    let text = match command.format {
        TextOrJson::Text => text(&steps, &counts, terminal.style),
        TextOrJson::Json => format!("{}\n", json_of(&steps, &counts)),
    };
    terminal.print(&text)?;
    Ok(counts.exit())
}

/// How many resources of each kind of outcome there are.
struct Counts {
    resources: usize,
    certain: usize,
    assumed: usize,
    unknown: usize,
    failing: usize,
}

impl Counts {
    fn of(steps: &[PlannedStep], resources: usize) -> Counts {
        let mut counts = Counts { resources, certain: 0, assumed: 0, unknown: 0, failing: 0 };
        for step in steps {
            match &step.certainty {
                _ if step.problem.is_some() => counts.failing += 1,
                Certainty::Certain => counts.certain += 1,
                Certainty::Assumed(_) => counts.assumed += 1,
                Certainty::Unknown(_) => counts.unknown += 1,
            }
        }
        counts
    }

    fn exit(&self) -> Exit {
        match self {
            Counts { failing: 1.., .. } => Exit::FAILED,
            Counts { certain: 0, assumed: 0, unknown: 0, .. } => Exit::GOOD,
            _ => Exit::DIFFERS,
        }
    }

    fn summary(&self) -> String {
        let mut parts = vec![crate::live::counted(self.resources)];
        let mut part = |count: usize, what: &str| {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        };
        part(self.certain, "to change");
        part(self.assumed, "to change if the ones before bring what they should");
        part(self.unknown, "unknown until applied");
        part(self.failing, "would fail");
        if self.exit() == Exit::GOOD {
            parts.push("nothing to change".to_owned());
        }
        parts.join(", ")
    }
}

/// For people: a line for each step, with its diff, and a summary.
fn text(steps: &[PlannedStep], counts: &Counts, style: Style) -> String {
    let mut text = String::new();
    for planned in steps {
        let key = paint(style, AnsiColor::Cyan, &planned.key.to_string());
        if let Some(problem) = &planned.problem {
            text.push_str(&format!("{} {key}: would fail: {problem}\n", paint(style, AnsiColor::Red, "!")));
            continue;
        }
        let (mark, colour, note) = match &planned.certainty {
            Certainty::Certain => ("~", AnsiColor::Green, String::new()),
            Certainty::Assumed(on) => ("~", AnsiColor::Yellow, format!("  (assuming {})", keys(on))),
            Certainty::Unknown(after) if after.is_empty() => {
                ("?", AnsiColor::Yellow, "  (unknown until applied)".to_owned())
            }
            Certainty::Unknown(after) => {
                ("?", AnsiColor::Yellow, format!("  (unknown until {} applied)", applied(after)))
            }
        };
        let mark = paint(style, colour, mark);
        if planned.steps.is_empty() {
            text.push_str(&format!("{mark} {key}:{}\n", note.trim_start_matches(' ').replacen('(', " (", 1)));
        }
        for step in &planned.steps {
            text.push_str(&format!("{mark} {key}: {}{note}\n", step.text));
            if let Some(diff) = &step.diff {
                text.push_str(&diff_text(diff, style));
            }
        }
    }
    text.push_str(&counts.summary());
    text.push('\n');
    text
}

fn keys(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ")
}

fn applied(after: &[Key]) -> String {
    let verb = if after.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", keys(after))
}

fn paint(style: Style, colour: AnsiColor, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Colour => {
            let style = Colour::new().fg_color(Some(colour.into()));
            format!("{style}{text}{style:#}")
        }
    }
}

/// A unified diff, indented. What is not text is only said to differ.
fn diff_text(diff: &Diff, style: Style) -> String {
    let side = |bytes: &Option<Vec<u8>>| match bytes {
        Some(bytes) => std::str::from_utf8(bytes).ok().map(str::to_owned),
        None => Some(String::new()),
    };
    let (Some(old), Some(new)) = (side(&diff.old), side(&diff.new)) else {
        return "    the content is not text\n".to_owned();
    };
    let compared = TextDiff::from_lines(&old, &new);
    let mut text = String::new();
    for group in compared.grouped_ops(3) {
        for change in group.iter().flat_map(|op| compared.iter_changes(op)) {
            let (sign, colour) = match change.tag() {
                ChangeTag::Delete => ("-", Some(AnsiColor::Red)),
                ChangeTag::Insert => ("+", Some(AnsiColor::Green)),
                ChangeTag::Equal => (" ", None),
            };
            let line = format!("{sign}{}", change.value().trim_end_matches('\n'));
            let line = colour.map_or_else(|| line.clone(), |colour| paint(style, colour, &line));
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// The object that `plan --format json` prints. A stored format: members are only added.
fn json_of(steps: &[PlannedStep], counts: &Counts) -> Value {
    let names = |keys: &[Key]| keys.iter().map(Key::to_string).collect::<Vec<_>>();
    let side = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|it| String::from_utf8_lossy(it).into_owned());
    let resources: Vec<Value> = steps
        .iter()
        .map(|planned| {
            let (certainty, because) = match &planned.certainty {
                Certainty::Certain => ("certain", Vec::new()),
                Certainty::Assumed(on) => ("assumed", names(on)),
                Certainty::Unknown(after) => ("unknown", names(after)),
            };
            let steps: Vec<Value> = planned
                .steps
                .iter()
                .map(|step| {
                    let diff = step
                        .diff
                        .as_ref()
                        .map(|diff| json!({ "title": diff.title, "old": side(&diff.old), "new": side(&diff.new) }));
                    json!({ "text": step.text, "diff": diff })
                })
                .collect();
            json!({
                "resource": planned.key.to_string(),
                "certainty": certainty,
                "because": because,
                "steps": steps,
                "problem": planned.problem,
            })
        })
        .collect();
    let summary = json!({
        "resources": counts.resources,
        "certain": counts.certain,
        "assumed": counts.assumed,
        "unknown": counts.unknown,
        "failing": counts.failing,
    });
    json!({ "changes": resources, "summary": summary })
}
