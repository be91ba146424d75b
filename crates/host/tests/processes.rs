//! Programs, with real ones.
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use host::{AccountDatabase, Canceller, Line, LinuxProcesses};
use resource::host::{Cancellation, Captured, Command, ProcessError, ProcessIdentity, Processes, Urgency};
use resource::{Error, Result};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn processes() -> LinuxProcesses {
    LinuxProcesses::new(Arc::new(AccountDatabase::default())).expect("a thread can be started")
}

async fn run(command: &Command) -> Result<Captured> {
    let limit = Duration::from_secs(30);
    let processes = processes();
    let never = Cancellation::never();
    tokio::time::timeout(limit, processes.run(command, &never)).await.expect("it ends")
}

fn shell(text: &str) -> Command {
    Command::shell("/bin/sh", text)
}

fn text(bytes: Option<&Vec<u8>>) -> Option<&str> {
    bytes.map(|bytes| std::str::from_utf8(bytes).expect("text"))
}

fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}

#[tokio::test]
async fn output_is_captured_by_stream_and_in_order() {
    let captured = run(&shell("echo one; echo two >&2; sleep 0.05; echo three; exit 3")).await.expect("it ran");
    assert_eq!(captured.code, 3);
    assert_eq!(text(captured.stdout.as_ref()), Some("one\nthree\n"));
    assert_eq!(text(captured.stderr.as_ref()), Some("two\n"));
    assert!(text(captured.output.as_ref()).expect("some").ends_with("three\n"));
    assert!(!captured.truncated);
}

#[tokio::test]
async fn a_stream_that_nobody_wrote_to_is_none() {
    let captured = run(&Command::new(["true"])).await.expect("it ran");
    assert_eq!(captured, Captured::default());
}

#[tokio::test]
async fn output_is_bounded_and_the_program_is_not_held_up() {
    let captured = run(&shell("head -c 5000000 /dev/zero; echo end >&2")).await.expect("it ran");
    assert_eq!(captured.stdout.map(|bytes| bytes.len()), Some(1 << 20));
    assert_eq!(text(captured.stderr.as_ref()), Some("end\n"));
    assert!(captured.truncated);
}

#[tokio::test]
async fn a_large_input_and_a_large_output_do_not_block_each_other() {
    let input = vec![b'x'; 900_000];
    let captured = run(&Command { input: input.clone(), ..Command::new(["cat"]) }).await.expect("it ran");
    assert!(captured.stdout.as_ref() == Some(&input));
    // Who does not read its input is no error.
    let captured = run(&Command { input, ..Command::new(["true"]) }).await.expect("it ran");
    assert_eq!(captured.code, 0);
}

#[tokio::test]
async fn a_program_left_behind_does_not_hold_up_the_run() {
    let start = Instant::now();
    let captured = run(&shell("setsid sleep 100 & echo started")).await.expect("it ran");
    assert_eq!(text(captured.stdout.as_ref()), Some("started\n"));
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn environment_folder_mask_and_first_argument_are_as_wanted() {
    let folder = tempfile::tempdir().expect("made");
    let command = Command {
        folder: Some(folder.path().to_owned()),
        environment: Some([("ONLY".to_owned(), "this".to_owned())].into()),
        umask: Some(0o027),
        ..shell("pwd; umask; echo $ONLY; echo ${HOME-none}")
    };
    let captured = run(&command).await.expect("it ran");
    let expected = format!("{}\n0027\nthis\nnone\n", folder.path().display());
    assert_eq!(text(captured.stdout.as_ref()), Some(expected.as_str()));
}

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let reason = async |command: Command| match run(&command).await {
        Err(Error::Process(ProcessError::Start { reason, .. })) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(Command::new(["stead-no-such-program"])).await, "not found in `PATH`");
    assert_eq!(reason(Command::new(["/no/such/program"])).await, "no such file");
    assert_eq!(reason(Command::new([""])).await, "no program is given");
    let folder = Command { folder: Some("/no/folder".into()), ..Command::new(["true"]) };
    assert_eq!(reason(folder).await, "there is no folder `/no/folder`");
    let file = Command { folder: Some("/etc/passwd".into()), ..Command::new(["true"]) };
    assert_eq!(reason(file).await, "`/etc/passwd`, in which it is to run, is not a folder");
    assert_eq!(reason(Command::new(["/etc/passwd"])).await, "the file is not executable");
    assert_eq!(reason(Command::new(["/etc"])).await, "it is a folder");
    let own = tempfile::tempdir().expect("a temporary folder can be made");
    let script = own.path().join("script");
    std::fs::write(&script, "#!/no/such/interpreter\n").expect("written");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("changed");
    let script = script.to_str().expect("text");
    assert!(reason(Command::new([script])).await.contains("`#!` line"), "the interpreter is missing");
    if is_root() {
        std::fs::set_permissions(own.path(), std::fs::Permissions::from_mode(0o700)).expect("changed");
        let identity = ProcessIdentity { user: Some("daemon".to_owned()), group: None };
        let told = reason(Command { identity: identity.clone(), ..Command::new([script]) }).await;
        assert_eq!(told, "the program, or a folder above it, is closed to the user `daemon`");
        let command = Command { identity, folder: Some(own.path().into()), ..Command::new(["true"]) };
        assert_eq!(run(&command).await.expect("it ran").code, 0, "the folder is entered by us");
    }
    let signal = Command { signal: Some("TERM".to_owned()), ..Command::new(["true"]) };
    assert_eq!(reason(signal).await, "there is no signal `TERM`");
}

#[tokio::test]
async fn death_by_a_foreign_signal_is_an_error_with_its_name() {
    let error = run(&shell("kill -SEGV $$")).await.expect_err("it was killed");
    assert_eq!(error.to_string(), "`/bin/sh` was killed by signal SIGSEGV");
}

#[tokio::test]
async fn another_user_gets_all_of_its_groups_and_none_of_ours() {
    if !is_root() {
        return;
    }
    let identity = |user: Option<&str>, group: Option<&str>| ProcessIdentity {
        user: user.map(str::to_owned),
        group: group.map(str::to_owned),
    };
    let id = async |identity| {
        let command = Command { identity, ..shell("id -u; id -g; id -G") };
        let output = run(&command).await.expect("it ran").stdout.expect("some");
        String::from_utf8(output).expect("text").replace('\n', " ")
    };
    assert_eq!(id(identity(Some("daemon"), None)).await, "1 1 1 ");
    assert_eq!(id(identity(Some("1"), Some("mail"))).await, "1 8 8 ");
    assert_eq!(id(identity(None, Some("8"))).await, "0 8 8 ");
    let processes = processes();
    processes.check_identity(&identity(Some("daemon"), None)).expect("root can be anybody");
    let error = processes.check_identity(&identity(Some("nobody-knows-me"), None)).expect_err("there is none").chain();
    assert_eq!(error, "there is no user `nobody-knows-me`");
}

/// Starts a run, cancels it once it says that it is ready, and returns what came of it.
async fn cancelled(script: &str, urgencies: &[Urgency]) -> Result<Captured> {
    let folder = tempfile::tempdir().expect("made");
    let canceller = Canceller::new();
    let processes = processes();
    let command = Command { folder: Some(folder.path().to_owned()), ..shell(script) };
    let cancellation = canceller.cancellation();
    let running = processes.run(&command, &cancellation);
    let cancel = async {
        for (count, urgency) in urgencies.iter().enumerate() {
            let ready = folder.path().join(format!("ready{count}"));
            while !ready.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            canceller.cancel(*urgency);
        }
    };
    let both = async { tokio::join!(running, cancel) };
    tokio::time::timeout(Duration::from_secs(30), both).await.expect("it ends").0
}

fn is_interrupted(result: Result<Captured>) -> bool {
    matches!(result, Err(Error::Process(ProcessError::Interrupted { .. })))
}

#[tokio::test]
async fn a_program_that_we_stopped_is_an_error_even_if_it_exits_zero() {
    let script = "trap 'exit 0' TERM; touch ready0; while :; do sleep 0.01; done";
    assert!(is_interrupted(cancelled(script, &[Urgency::Soon]).await));
}

#[tokio::test]
async fn a_program_that_does_not_stop_is_killed_when_it_is_urgent() {
    let script = "trap 'touch ready1' TERM; touch ready0; while :; do sleep 0.01; done";
    assert!(is_interrupted(cancelled(script, &[Urgency::Soon, Urgency::Now]).await));
}

#[tokio::test]
async fn nothing_is_started_once_the_run_is_to_stop() {
    let canceller = Canceller::new();
    canceller.cancel(Urgency::Soon);
    let result = processes().run(&Command::new(["true"]), &canceller.cancellation()).await;
    assert!(is_interrupted(result));
}

#[tokio::test]
async fn dropping_a_run_kills_the_whole_group() {
    let folder = tempfile::tempdir().expect("made");
    let command =
        Command { folder: Some(folder.path().to_owned()), ..shell("sleep 1000 & echo $! > pid; mv pid done; wait") };
    let processes = processes();
    let never = Cancellation::never();
    let file = folder.path().join("done");
    let started = async {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        result = processes.run(&command, &never) => panic!("{result:?}"),
        () = started => {}
    }
    let pid = std::fs::read_to_string(&file).expect("readable");
    wait_for_death(&pid).await;
}

#[tokio::test]
async fn lines_come_as_they_are_written_and_end_with_the_exit_code() {
    let processes = processes();
    let mut lines = processes.lines(&shell("echo one; echo; printf two; exit 4")).await.expect("started");
    let mut seen = Vec::new();
    while let Some(line) = lines.next().await {
        seen.push(line);
    }
    let out = |text: &str| Line::Stdout(text.to_owned());
    assert_eq!(seen, [out("one"), out(""), out("two"), Line::Ended(Ok(4))]);
}

#[tokio::test]
async fn dropping_lines_asks_the_program_to_stop() {
    let folder = tempfile::tempdir().expect("made");
    let script = "trap 'touch stopped; exit' TERM; echo ready; while :; do sleep 0.01; done";
    let command = Command { folder: Some(folder.path().to_owned()), ..shell(script) };
    let processes = processes();
    let mut lines = processes.lines(&command).await.expect("started");
    assert_eq!(lines.next().await, Some(Line::Stdout("ready".to_owned())));
    drop(lines);
    let limit = Instant::now() + Duration::from_secs(20);
    while !folder.path().join("stopped").exists() {
        assert!(Instant::now() < limit, "it was not asked");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until a process is gone, or dead and only not reaped by whoever has inherited it.
async fn wait_for_death(pid: &str) {
    let state = format!("/proc/{}/stat", pid.trim());
    let limit = Instant::now() + Duration::from_secs(20);
    while std::fs::read_to_string(&state).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(Instant::now() < limit, "process {pid} lives on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

const PID_FILE: &str = "STEAD_TEST_PID_FILE";

#[tokio::test]
#[ignore = "the agent of the test below"]
async fn an_agent_that_will_be_killed() {
    let Ok(file) = std::env::var(PID_FILE) else { return };
    _ = run(&shell(&format!("echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000"))).await;
}

#[tokio::test]
async fn a_program_dies_with_the_agent() {
    let folder = tempfile::tempdir().expect("made");
    let file = folder.path().join("pid");
    let mut agent = std::process::Command::new(std::env::current_exe().expect("we are a program"))
        .args(["--ignored", "--exact", "an_agent_that_will_be_killed"])
        .env(PID_FILE, &file)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it can be started");
    let limit = Instant::now() + Duration::from_secs(20);
    while !file.exists() {
        assert!(Instant::now() < limit, "the agent did not start its program");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let pid = std::fs::read_to_string(&file).expect("readable");
    assert!(std::fs::exists(format!("/proc/{}", pid.trim())).expect("readable"), "it runs as long as the agent does");
    agent.kill().expect("SIGKILL");
    agent.wait().expect("reaped");
    wait_for_death(&pid).await;
}
