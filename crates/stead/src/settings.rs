//! From the command line to what the agent is told.

use crate::cli::{Global, Program, Working};
use crate::failure::Failure;
use agent::{Input, Settings};
use engine::{Mode, Options};
use std::io::Read as _;
use std::path::PathBuf;

/// What the agent is told, before the command says more.
pub(crate) fn settings(program: &Program, global: &Global, mode: Mode) -> Result<Settings, Failure> {
    let input = input(program)?;
    let hostname = match &program.hostname {
        Some(name) => name.clone(),
        None => host::hostname().map_err(Failure::from)?,
    };
    let name = program.program.as_ref().map_or_else(|| "stead".to_owned(), |path| path.display().to_string());
    Ok(Settings {
        follow_edits: mode == Mode::Run && input.path().is_some(),
        wants_graph: false,
        input,
        module_path: program.module_path.clone(),
        download: program.download,
        update: program.update,
        arguments: [name].into_iter().chain(program.args.iter().cloned()).collect(),
        hostname,
        state: state_directory(global)?,
        autoedge: true,
        autogroup: true,
        engine: Options::new(mode),
        max_runtime: None,
    })
}

/// Takes up how resources are worked on.
pub(crate) fn working(settings: &mut Settings, working: &Working) {
    settings.engine.noop = working.noop;
    settings.engine.sema = working.sema;
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (settings.engine.jobs, settings.engine.doing) = match working.jobs {
        Some(jobs) => (jobs as usize, None),
        None => (processors * 16, u32::try_from(processors * 4).ok()),
    };
    settings.autoedge = !working.no_autoedges;
    settings.autogroup = !working.no_autogroup;
    settings.max_runtime = working.max_runtime;
}

fn input(program: &Program) -> Result<Input, Failure> {
    if let Some(text) = &program.code {
        return Ok(Input::code(text.as_str()));
    }
    match program.program.as_deref() {
        Some(path) if path.as_os_str() == "-" => Ok(Input::stdin(standard_input()?)),
        Some(path) => Ok(Input::of_path(path)),
        None => Err(Failure::user("there is no program")),
    }
}

/// The text on standard input.
pub(crate) fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    match std::io::stdin().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::user(format!("cannot read standard input: {}", project::reason(&error)))),
    }
}

/// Where everything is kept that must be remembered.
fn state_directory(global: &Global) -> Result<PathBuf, Failure> {
    let from = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    if let Some(folder) = &global.state_dir {
        // Kept paths must not depend on where stead is started.
        return std::path::absolute(folder).map_err(Failure::from);
    }
    // systemd makes a directory for a service and names it so.
    if let Some(folder) = from("STATE_DIRECTORY") {
        return Ok(folder);
    }
    if host::effective_user() == 0 {
        return Ok(PathBuf::from("/var/lib/stead"));
    }
    from("XDG_STATE_HOME")
        .or_else(|| from("HOME").map(|it| it.join(".local/state")))
        .map(|it| it.join("stead"))
        .ok_or_else(|| {
            Failure::hint("there is no home folder to keep the state in", "name a folder with `--state-dir FOLDER`")
        })
}
