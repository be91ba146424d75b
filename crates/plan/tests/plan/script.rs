//! Scripts of statements.
//!
//! ```text
//! set 1 thing a path=/x brings=p,q Meta:sema=s      states a resource; lists are separated by commas
//! edge 2 a -> b      edge 2 a ~> b      edge 2 a.value -> b.content      names are of kind `thing`, or `kind:name`
//! remove 1           unedge 2           commit
//! undiscovered       who is to be asked what more it brings
//! discovers a p,q    what the machine tells that `thing[a]` brings; counts from the next commit on
//! undo a             keeps how `thing[a]` is undone        undone a      forgets it
//! options autoedge=false autogroup=false
//! ```

use plan::{GraphChange, Options, Plan, Role, VertexId};
use resource::{Change, Desired, Edge, Key, StatementId, Transfer};
use std::collections::BTreeMap;
use testkit::kinds::{build, identity};
use value::{Name, Value};

pub(crate) fn play(script: &str) -> Result<String, String> {
    let mut player = Player {
        plan: Plan::new(build, Options { autoedge: true, autogroup: true }),
        staged: Vec::new(),
        names: BTreeMap::new(),
        log: String::new(),
    };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        player
            .command(&line.split_whitespace().collect::<Vec<_>>())
            .ok_or_else(|| format!("cannot understand `{line}`"))?;
    }
    Ok(player.log)
}

struct Player {
    plan: Plan,
    staged: Vec<Change>,
    names: BTreeMap<VertexId, String>,
    log: String,
}

impl Player {
    fn command(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["options", rest @ ..] => {
                let off = |name: &str| rest.contains(&format!("{name}=false").as_str());
                let options = Options { autoedge: !off("autoedge"), autogroup: !off("autogroup") };
                self.plan = Plan::new(build, options);
            }
            ["set", id, kind, name, rest @ ..] => {
                let (meta, fields): (Vec<&str>, Vec<&str>) =
                    rest.iter().copied().partition(|word| word.starts_with("Meta:"));
                let id = StatementId(id.parse().ok()?);
                let fields = fields.iter().map(|word| field(word)).collect::<Option<_>>()?;
                let meta = meta.iter().map(|word| field(word.strip_prefix("Meta:")?)).collect::<Option<_>>()?;
                self.staged.push(Change::Set(Desired { id, key: Key::new(*kind, *name), fields, meta, span: None }));
            }
            ["edge", id, from, arrow, to] => {
                let id = StatementId(id.parse().ok()?);
                let (from, send) = end(from);
                let (to, receive) = end(to);
                let transfer = send.zip(receive).map(|(send, receive)| Transfer { send, receive });
                let notify = *arrow == "~>";
                self.staged.push(Change::EdgeAdded(Edge { id, from, to, notify, transfer, span: None }));
            }
            ["remove", id] => self.staged.push(Change::Removed(StatementId(id.parse().ok()?))),
            ["unedge", id] => self.staged.push(Change::EdgeRemoved(StatementId(id.parse().ok()?))),
            ["discovers", name, brought] => {
                self.plan.prepare(std::mem::take(&mut self.staged));
                let found = brought.split(',').filter(|it| !it.is_empty()).map(identity).collect();
                let news = self.plan.discovered(&Key::new("thing", *name), found);
                self.log.push_str(&format!("discovered {name}: {}\n", if news { "news" } else { "known" }));
            }
            ["undiscovered"] => {
                self.plan.prepare(std::mem::take(&mut self.staged));
                let asked = self.plan.undiscovered(|_| true).into_iter().map(|(key, _)| key.name.to_string());
                let asked: Vec<String> = asked.collect();
                self.log.push_str(&format!("undiscovered: {}\n", asked.join(" ")));
            }
            ["commit"] => {
                self.log.push_str("commit\n");
                match self.plan.change(std::mem::take(&mut self.staged)) {
                    Ok(update) => {
                        self.show(&update.change);
                        for key in &update.to_stay {
                            self.say(&format!("{key} is to stay"));
                        }
                        for warning in &update.warnings {
                            self.say(&format!("warning: {warning}"));
                        }
                    }
                    Err(problems) => {
                        for problem in &problems {
                            self.say(&format!("{}: {}", problem.code, problem.message));
                            for hint in &problem.hints {
                                self.say(&format!("  hint: {hint}"));
                            }
                        }
                    }
                }
            }
            ["undo", name] => {
                let fields = vec![("content".into(), Value::str("undo"))];
                let (id, key) = (StatementId(0), Key::new("thing", *name));
                let change = self.plan.keep_undo(Desired { id, key, fields, meta: Vec::new(), span: None });
                self.log.push_str(&format!("undo {name}\n"));
                self.show(&change);
            }
            ["undone", name] => {
                self.log.push_str(&format!("undone {name}\n"));
                let change = self.plan.forget_undo(&Key::new("thing", *name));
                self.show(&change);
            }
            _ => return None,
        }
        Some(())
    }

    fn say(&mut self, line: &str) {
        self.log.push_str("  ");
        self.log.push_str(line);
        self.log.push('\n');
    }

    fn show(&mut self, change: &GraphChange) {
        let name = |names: &BTreeMap<VertexId, String>, id: &VertexId| names[id].clone();
        for (from, to) in &change.unlinked {
            self.say(&format!("no {} -> {}", name(&self.names, from), name(&self.names, to)));
        }
        for id in &change.removed {
            self.say(&format!("no {}", name(&self.names, id)));
        }
        for (id, planned) in &change.set {
            let role = match planned.role {
                Role::Managed => "",
                Role::Hidden => " (hidden)",
                Role::Undo => " (undo)",
            };
            self.names.insert(*id, format!("{}{role}", planned.key));
            let members: Vec<_> = planned.members.iter().map(|it| it.key.name.as_str()).collect();
            let members = if members.is_empty() { String::new() } else { format!(" of {}", members.join(" ")) };
            let fields = planned.resource.fields();
            let content = fields.iter().find(|(name, _)| *name == "content").map(|(_, value)| value.to_text());
            let content = content.filter(|it| !it.is_empty()).map(|it| format!(" `{it}`")).unwrap_or_default();
            let sema = if planned.meta.sema.is_empty() {
                String::new()
            } else {
                format!(" sema {}", planned.meta.sema.join(" "))
            };
            self.say(&format!("{}{role}{members}{content}{sema}", planned.key));
        }
        for (from, to, link) in &change.linked {
            let arrow = if link.notify { "~>" } else { "->" };
            let of_group = link.deliveries.iter().any(|it| self.names[to] != it.to.to_string());
            let carried = link.deliveries.iter().map(|delivery| {
                let Transfer { send, receive } = &delivery.transfer;
                let of = if of_group { format!(" of {}", delivery.to.name) } else { String::new() };
                format!(" {send} to {receive}{of}")
            });
            let carried: Vec<String> = carried.collect();
            let automatic = if link.automatic { " (automatic)" } else { "" };
            let (from, to) = (name(&self.names, from), name(&self.names, to));
            self.say(&format!("{from} {arrow} {to}{}{automatic}", carried.concat()));
        }
    }
}

fn end(text: &str) -> (Key, Option<Name>) {
    let (text, part) = text.split_once('.').map_or((text, None), |(text, part)| (text, Some(part.into())));
    let (kind, name) = text.split_once(':').unwrap_or(("thing", text));
    (Key::new(kind, name), part)
}

fn field(word: &str) -> Option<(Name, Value)> {
    let (name, text) = word.split_once('=')?;
    let value = match name {
        "brings" | "needs" | "serves" | "sema" | "export" => Value::list(text.split(',').map(Value::str)),
        "alone" | "invalid" | "hidden" | "autoedge" | "autogroup" | "reverse" | "noop" => Value::Bool(text == "true"),
        "level" | "retry" => Value::Int(text.parse().ok()?),
        _ => Value::str(text),
    };
    Some((name.into(), value))
}
