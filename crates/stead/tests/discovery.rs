//! The files of installed packages make automatic edges, also where nothing but the package itself tells of them.
//!
//! It needs a host of the lab (see `lab/README.md`); without `STEAD_LAB` in the environment it says that it is skipped.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use testkit::lab::{self, LabHost, Package, Repository};

/// Neither the unit nor the configuration is called like the package.
const PROGRAM: &str = r#"
pkg ["odd", "even"] { state => "installed", }
svc "watchful" { state => "running", }
file "/etc/elsewhere/place.conf" { state => "exists", content => "stated\n", }
file "/srv/other" { state => "exists", content => "nobody's\n", }
"#;
const UNIT: &str = "[Unit]\nDescription=not called like its package\n[Service]\nExecStart=/bin/sleep infinity\n";
const OUTPUT: &str = "/run/stead.output";
const MAIN: &str = "/srv/main.mcl";
const EDGES: [&str; 2] =
    ["svc[watchful]  after pkg[odd] (automatic)", "file[/etc/elsewhere/place.conf]  after pkg[odd] (automatic)"];

#[test]
fn files_of_a_package_make_edges_as_soon_as_it_is_installed() {
    let Some(lab) = lab::folder() else { return };
    let host = LabHost::up(&lab, "discovery");
    host.install(std::path::Path::new(env!("CARGO_BIN_EXE_stead")), "stead");
    fs::write(host.path(MAIN), PROGRAM).expect("the host's files are ours");
    let repository = Repository::create(&host.path("/srv/repository"));
    let odd = Package::new("odd", "1.0")
        .file("/lib/systemd/system/watchful.service", UNIT)
        .configuration("/etc/elsewhere/place.conf", "of the package\n");
    repository.add(&odd);
    repository.add(&Package::new("even", "1.0").file("/usr/share/even/text", "even\n"));
    let list = "deb [trusted=yes] file:/srv/repository ./\n";
    fs::write(host.path("/etc/apt/sources.list"), list).expect("the host's files are ours");
    host.run(&["apt-get", "update", "--quiet"]);
    let graph = || host.run(&["/usr/local/bin/stead", "graph", MAIN]);

    let bare = graph();
    assert!(EDGES.iter().all(|edge| !bare.contains(edge)), "{bare}");

    // The package is installed while it runs, and its files are known from then on.
    let agent = Agent::start(&host);
    for edge in ["svc[watchful]", "file[/etc/elsewhere/place.conf]"] {
        agent.says(&format!("automatic edge pkg[odd] -> {edge}"));
    }
    assert!(!agent.said().contains("-> file[/srv/other]"), "{}", agent.said());
    // Edges of what an unrelated change leaves alone are not told again.
    let told = agent.said().matches("automatic edge").count();
    fs::write(host.path("/srv/other"), "damaged").expect("the host's files are ours");
    agent.eventually("the damage is repaired", || {
        fs::read_to_string(host.path("/srv/other")).is_ok_and(|text| text == "nobody's\n")
    });
    assert_eq!(agent.said().matches("automatic edge").count(), told);
    for resource in ["svc[watchful]", "file[/etc/elsewhere/place.conf]"] {
        agent.says(&format!("recovered: {resource}"));
    }
    agent.stop();

    let installed = graph();
    assert!(EDGES.iter().all(|edge| installed.contains(edge)), "{installed}");
    assert_eq!(graph(), installed);
    // Nothing is to be changed, which it says with 0.
    host.run(&["/usr/local/bin/stead", "plan", MAIN]);

    // `apply` knows them before it begins: the package comes first when it has to be installed again.
    fs::write(host.path("/etc/elsewhere/place.conf"), "damaged\n").expect("the host's files are ours");
    host.run(&["systemctl", "stop", "watchful"]);
    let report = host.run(&["/usr/local/bin/stead", "apply", "--report", "json", MAIN]);
    for to in ["svc[watchful]", "file[/etc/elsewhere/place.conf]"] {
        let edge = format!(r#"{{"from":"pkg[odd]","to":"{to}","notify":false,"auto":true}}"#);
        assert!(report.contains(&edge), "{report}");
    }

    host.run(&["dpkg", "--purge", "odd"]);
    assert_eq!(graph(), bare);
}

/// `stead run` in the host.
struct Agent<'a> {
    host: &'a LabHost,
    process: Child,
}

impl<'a> Agent<'a> {
    fn start(host: &'a LabHost) -> Agent<'a> {
        let output = fs::File::create(host.path(OUTPUT)).expect("the host's files are ours");
        let error = output.try_clone().expect("a file can be shared");
        let script =
            format!("echo $$ >/run/stead.process; exec /usr/local/bin/stead --log-level agent=debug run {MAIN}");
        let mut command = host.command(&["/bin/sh", "-c", &script]);
        command.stdin(Stdio::null()).stdout(output).stderr(error);
        Agent { host, process: command.spawn().expect("nsenter can be started") }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.host.path(OUTPUT)).expect("the file is there since the start")
    }

    fn says(&self, text: &str) {
        self.eventually(text, || self.said().contains(text));
    }

    fn eventually(&self, what: &str, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < Duration::from_secs(60), "not so: {what}; it says:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn signal(&self, signal: &str) {
        let process = fs::read_to_string(self.host.path("/run/stead.process")).unwrap_or_default();
        _ = self.host.command(&["sh", "-c", &format!("kill -{signal} {process}")]).stderr(Stdio::null()).status();
    }

    fn stop(mut self) {
        self.signal("TERM");
        let status = self.process.wait().expect("it is our child");
        assert!(status.success(), "{status}; it says:\n{}", self.said());
    }
}

impl Drop for Agent<'_> {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.signal("KILL");
            _ = self.process.wait();
        }
    }
}
