//! `stead plan`: what would change, exactly, with nothing changed.

use crate::cli::{Global, Plan, TextOrJson};
use crate::commands::look::look;
use crate::failure::{Exit, Failure};
use crate::terminal::{Terminal, printable, printable_lines};
use agent::Preview;
use anstyle::AnsiColor;
use plan::{Certainty, PlannedStep};
use resource::{Diff, Key, OnlyRoot};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

pub(crate) fn plan(command: &Plan, global: &Global, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(preview) = look(&command.program, global, terminal, agent::preview)? else { return Ok(Exit::ERROR) };
    let Preview { steps, resources, refused } = preview;
    let counts = Counts::of(&steps, resources);
    let notes: Vec<String> = refused.iter().map(|(why, count)| note(*why, *count)).collect();
    let text = match command.format {
        TextOrJson::Text => text(&steps, &counts, &notes, terminal),
        TextOrJson::Json => format!("{}\n", json_of(&steps, &counts, &notes)),
    };
    terminal.print(&text)?;
    Ok(counts.exit())
}

/// What is planned all the same: who looks is often not who applies.
fn note(why: OnlyRoot, count: usize) -> String {
    format!("as this user, `apply` would fail for {}: {why}", crate::live::counted(count))
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
fn text(steps: &[PlannedStep], counts: &Counts, notes: &[String], terminal: &Terminal) -> String {
    let mut text = String::new();
    for planned in steps {
        let key = terminal.paint(AnsiColor::Cyan, &printable(&planned.key.to_string()));
        if let Some(problem) = &planned.problem {
            let mark = terminal.paint(AnsiColor::Red, "!");
            text.push_str(&format!("{mark} {key}: would fail: {}\n", printable_lines(problem)));
            continue;
        }
        let (mark, colour, note) = match &planned.certainty {
            Certainty::Certain => ("~", AnsiColor::Green, String::new()),
            Certainty::Assumed(on) => ("~", AnsiColor::Yellow, format!("(assuming {})", keys(on))),
            Certainty::Unknown(after) if after.is_empty() => {
                ("?", AnsiColor::Yellow, "(unknown until applied)".to_owned())
            }
            Certainty::Unknown(after) => {
                ("?", AnsiColor::Yellow, format!("(unknown until {} applied)", applied(after)))
            }
        };
        let mark = terminal.paint(colour, mark);
        if planned.steps.is_empty() {
            text.push_str(&format!("{mark} {key}: {note}\n"));
        }
        let note = if note.is_empty() { note } else { format!("  {note}") };
        for step in &planned.steps {
            text.push_str(&format!("{mark} {key}: {}{note}\n", printable(&step.text)));
            if let Some(diff) = &step.diff {
                text.push_str(&diff_text(diff, terminal));
            }
        }
    }
    text.push_str(&counts.summary());
    text.push('\n');
    text.extend(notes.iter().map(|note| format!("note: {note}\n")));
    text
}

fn keys(keys: &[Key]) -> String {
    keys.iter().map(|key| printable(&key.to_string()).into_owned()).collect::<Vec<_>>().join(", ")
}

fn applied(after: &[Key]) -> String {
    let verb = if after.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", keys(after))
}

/// A text as one side of a diff: nothing where it is no text.
fn side(bytes: Option<&Vec<u8>>) -> Option<&str> {
    bytes.map_or(Some(""), |bytes| std::str::from_utf8(bytes).ok())
}

/// A unified diff, indented. What is not text is only said to differ.
fn diff_text(diff: &Diff, terminal: &Terminal) -> String {
    let (Some(old), Some(new)) = (side(diff.old.as_ref()), side(diff.new.as_ref())) else {
        return "    (the content is not text)\n".to_owned();
    };
    let compared = TextDiff::from_lines(old, new);
    let mut text = String::new();
    let mut line = |colour: Option<AnsiColor>, line: &str| {
        let line = printable(line);
        let line = colour.map_or_else(|| line.to_string(), |colour| terminal.paint(colour, &line));
        text.push_str(&format!("    {line}\n"));
    };
    for hunk in compared.unified_diff().context_radius(3).iter_hunks() {
        line(Some(AnsiColor::Cyan), &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let colour = match change.tag() {
                ChangeTag::Delete => Some(AnsiColor::Red),
                ChangeTag::Insert => Some(AnsiColor::Green),
                ChangeTag::Equal => None,
            };
            // The end of the line is its last character; other ones that look like it belong to the content.
            let content = change.value();
            line(colour, &format!("{}{}", change.tag(), content.strip_suffix('\n').unwrap_or(content)));
            if change.missing_newline() {
                line(None, "\\ no newline at the end");
            }
        }
    }
    text
}

/// The object that `plan --format json` prints. A stored format: members are only added.
fn json_of(steps: &[PlannedStep], counts: &Counts, notes: &[String]) -> Value {
    let names = |keys: &[Key]| keys.iter().map(Key::to_string).collect::<Vec<_>>();
    let shown = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|it| String::from_utf8_lossy(it).into_owned());
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
                    let diff = step.diff.as_ref().map(|diff| {
                        let is_text = side(diff.old.as_ref()).is_some() && side(diff.new.as_ref()).is_some();
                        json!({ "title": diff.title, "old": shown(&diff.old), "new": shown(&diff.new), "text": is_text })
                    });
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
    json!({ "changes": resources, "summary": summary, "notes": notes })
}
