//! A machine as text: what a case starts from, and what has become of it.

use super::literal::{value, words};
use resource::host::sim::{Entry, Node, NodeKind, Program, World};
use resource::host::{ActiveState, Candidacy, Expiry, Lasts, Shadow};
use std::path::PathBuf;
use value::Secret;

/// Puts what the lines say onto a machine.
pub(crate) fn read(text: &str, world: &mut World) -> Result<(), String> {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let words = words(line)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        put(&words, world).map_err(|error| format!("{error}: {line}"))?;
    }
    Ok(())
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn octal(text: &str) -> Result<u32, String> {
    u32::from_str_radix(text, 8).map_err(|_| format!("`{text}` is no mode"))
}

fn put(words: &[&str], world: &mut World) -> Result<(), String> {
    match words {
        ["folder", path, mode, rest @ ..] => attributes(world.put_folder(path, octal(mode)?), rest)?,
        ["file", path, mode, content, rest @ ..] => attributes(world.put_file(path, content, octal(mode)?), rest)?,
        ["link", path, target, rest @ ..] => attributes(world.put_link(path, target), rest)?,
        ["other", path] => _ = world.put_other(path),
        ["mount", path] => world.put_mount(path),
        ["time", seconds] => world.now = u64::from(number(seconds)?),
        ["user", name, uid, gid, rest @ ..] => {
            let user = world.put_user(name, number(uid)?, number(gid)?);
            let mut shadow = Shadow::default();
            for word in rest {
                match word.split_once('=') {
                    Some(("home", home)) => user.home = PathBuf::from(home),
                    Some(("shell", shell)) => user.shell = shell.to_owned(),
                    Some(("password", hash)) => shadow.password = Secret::new(hash.to_owned()),
                    Some(("expiry", day)) => shadow.expiry = Expiry::Day(day.parse().map_err(|_| "no day")?),
                    _ => return Err(format!("what is `{word}`?")),
                }
            }
            world.shadows.insert((*name).to_owned(), shadow);
        }
        ["group", name, gid, members @ ..] => {
            world.put_group(name, number(gid)?).members = members.iter().map(|it| (*it).to_owned()).collect();
        }
        ["unit", name, active, startup, rest @ ..] => {
            let unit = world.put_unit(name, startup);
            unit.active = match *active {
                "active" => ActiveState::Active,
                "failed" => ActiveState::Failed,
                _ => ActiveState::Inactive,
            };
            unit.can_reload = !rest.contains(&"no-reload");
            unit.is_broken = rest.contains(&"broken");
            unit.is_masked_by_package = rest.contains(&"by-package");
        }
        ["package", name, versions, rest @ ..] => {
            let versions: Vec<&str> = versions.split(',').filter(|it| !it.is_empty()).collect();
            let pairs = || rest.iter().filter_map(|word| word.split_once('='));
            let files: Vec<(&str, &str)> = pairs().filter(|(path, _)| path.starts_with('/')).collect();
            let others = |what: &str| pairs().filter(|it| it.0 == what).map(|it| it.1.to_owned()).collect();
            let package = world.put_package(name, &versions, &files);
            package.is_untrusted = rest.contains(&"untrusted");
            package.conflicts = others("conflicts");
            package.depends = others("depends");
        }
        ["installed", name, version, rest @ ..] => {
            world.install(name, version);
            if let Some(installed) = world.installed.get_mut(*name) {
                installed.held = rest.contains(&"held");
                installed.broken = rest.contains(&"broken");
            }
        }
        ["unreachable", text] => world.unreachable.push((*text).to_owned()),
        ["program", name, code, stdout] => {
            world.put_program(name, Program::answers(code.parse().map_err(|_| "no code")?, stdout));
        }
        ["local", key, text] => _ = world.local.insert((*key).to_owned(), value(text)?),
        ["key", key, text] => _ = world.exchange.insert((*key).to_owned(), (*text).to_owned()),
        ["mapped", key, text] => _ = world.mapped.insert((*key).to_owned(), (*text).to_owned()),
        ["candidate", namespace, strategy, max, rest @ ..] => {
            let lasts = match rest {
                ["forever"] => Lasts::Forever,
                [seconds] => Lasts::Seconds(number(seconds)?),
                _ => Lasts::Seconds(0),
            };
            let max = max.parse().map_err(|_| "no number")?;
            world
                .candidacies
                .insert((*namespace).to_owned(), Candidacy { strategy: (*strategy).to_owned(), max, lasts });
        }
        ["no", "systemd"] => world.has_systemd = false,
        ["no", "selinux"] => world.heeds_selinux = false,
        _ => return Err("what is this?".to_owned()),
    }
    Ok(())
}

fn attributes(node: &mut Node, words: &[&str]) -> Result<(), String> {
    for word in words {
        match word.split_once('=') {
            Some(("owner", owner)) => node.owner = number(owner)?,
            Some(("group", group)) => node.group = number(group)?,
            Some(("context", context)) => node.selinux = Some(context.to_owned()),
            Some(("modified", seconds)) => node.modified = u64::from(number(seconds)?),
            _ => return Err(format!("what is `{word}`?")),
        }
    }
    Ok(())
}

/// The machine, a line for each thing; what every machine has at the start is left out.
pub(crate) fn lines(world: &World) -> Vec<String> {
    let mut lines: Vec<String> =
        world.files.iter().map(|(path, node)| file(&path.display().to_string(), node)).collect();
    for user in world.users.values() {
        let (home, shell) = (user.home.display(), &user.shell);
        let comment = if user.comment.is_empty() { String::new() } else { format!(" comment={:?}", user.comment) };
        let shadow = world.shadows.get(&user.name).map(shadow).unwrap_or_default();
        lines.push(format!("user {} {} {} home={home} shell={shell}{comment}{shadow}", user.name, user.uid, user.gid));
    }
    for group in world.groups.values() {
        lines.push(format!("group {} {} {}", group.name, group.gid, group.members.join(" ")).trim_end().to_owned());
    }
    for ((name, _), unit) in &world.units {
        let refreshes = if unit.refreshes > 0 { format!(" refreshed={}", unit.refreshes) } else { String::new() };
        lines.push(format!(
            "unit {name} {} {}{refreshes}",
            format!("{:?}", unit.active).to_lowercase(),
            unit.state_of_file()
        ));
    }
    for (name, installed) in &world.installed {
        let held = if installed.held { " held" } else { "" };
        let broken = if installed.broken { " broken" } else { "" };
        lines.push(format!("installed {name} {:?}{held}{broken}", installed.version));
    }
    lines.extend(world.local.iter().map(|(key, value)| format!("local {key} {value}")));
    lines.extend(world.exchange.iter().map(|(key, value)| format!("key {key} {value:?}")));
    lines.extend(world.mapped.iter().map(|(key, value)| format!("mapped {key} {value:?}")));
    lines.extend(world.candidacies.iter().map(|(namespace, Candidacy { strategy, max, lasts })| {
        let lasts = match lasts {
            Lasts::Seconds(0) => String::new(),
            Lasts::Seconds(seconds) => format!(" {seconds}"),
            Lasts::Forever => " forever".to_owned(),
        };
        format!("candidate {namespace} {strategy} {max}{lasts}")
    }));
    lines.extend(world.log.iter().map(|entry| match entry {
        Entry::Shown(source, message) => format!("shown {source} {message:?}"),
        Entry::Journal(priority, message, fields) => format!("journal {priority:?} {message:?} {fields:?}"),
        Entry::Syslog(priority, message) => format!("syslog {priority:?} {message:?}"),
    }));
    // A program can run several times.
    lines.extend(world.runs.iter().enumerate().map(|(at, run)| {
        let code = run.code.map_or("none".to_owned(), |code| code.to_string());
        format!("run {}: {:?} -> {code}{}", at + 1, run.command.argv.join(" "), circumstances(&run.command))
    }));
    lines.extend(
        world
            .backups
            .iter()
            .map(|(path, content)| format!("backup {} {:?}", path.display(), String::from_utf8_lossy(content))),
    );
    lines.extend(world.exit.map(|code| format!("exit {code}")));
    lines
}

fn shadow(shadow: &Shadow) -> String {
    let password = Some(shadow.password.reveal()).filter(|hash| !hash.is_empty());
    let day = if let Expiry::Day(day) = shadow.expiry { Some(day) } else { None };
    let password = password.map(|hash| format!(" password={hash}"));
    let day = day.map(|day| format!(" expiry={day}"));
    [password, day].into_iter().flatten().collect()
}

fn circumstances(command: &resource::host::Command) -> String {
    let mut text = String::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!(" {name}={value}"));
        }
    };
    add("folder", command.folder.as_ref().map(|it| it.display().to_string()));
    add("environment", command.environment.as_ref().map(|it| format!("{it:?}")));
    add("user", command.identity.user.clone());
    add("group", command.identity.group.clone());
    add("umask", command.umask.map(|it| format!("{it:04o}")));
    add("signal", command.signal.clone());
    text
}

fn file(path: &str, node: &Node) -> String {
    let mut text = match &node.kind {
        NodeKind::File(content) => format!("file {path} {:04o} {:?}", node.mode, String::from_utf8_lossy(content)),
        NodeKind::Folder => format!("folder {path} {:04o}", node.mode),
        NodeKind::Symlink(target) => format!("link {path} {}", target.display()),
        NodeKind::Other => format!("other {path}"),
    };
    for (name, number) in [("owner", node.owner), ("group", node.group)] {
        if number != 0 {
            text.push_str(&format!(" {name}={number}"));
        }
    }
    if let Some(context) = &node.selinux {
        text.push_str(&format!(" context={context}"));
    }
    text
}
