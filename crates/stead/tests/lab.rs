//! The demonstration: one program takes a bare machine to one that serves, keeps it so against every kind of damage, and
//! stops when it is told to.
//!
//! It needs a host of the lab (see `lab/README.md`); without `STEAD_LAB` in the environment it says that it is skipped.
//! Times are printed and not judged: a busy machine is no reason to fail. That a repair was made is read from the host,
//! that it was stead who made it from what stead says.

#![expect(clippy::print_stderr, reason = "the times that it measures are for whoever runs it")]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use testkit::lab::{self, LabHost, Package, Repository};
use testkit::trace::traced;

const PROGRAM: &str = include_str!("lab/site.mcl");
const SERVER: &str = include_str!("lab/server.pl");
const UNIT: &str = "\
[Unit]
Description=the server of the demonstration
[Service]
ExecStart=/usr/lib/site-server
[Install]
WantedBy=multi-user.target
";

/// Where the program is in the host.
const SITE: &str = "/srv/site.mcl";
const CONFIGURATION: &str = "/etc/site-server/site.conf";
const ENABLED: &str = "/etc/systemd/system/multi-user.target.wants/site-server.service";

/// How long anything may take before it counts as never.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_bare_machine_serves_after_one_apply_and_every_damage_is_repaired() {
    let Some(lab) = lab::folder() else { return };
    let site = Site::new(&lab);

    let graph = site.stead(&["graph", SITE]);
    for (resource, earlier) in [
        ("svc[site-server]", "pkg[site-server]"),
        ("svc[site-server]", "file[/etc/systemd/system/site-server.service.d/user.conf]"),
        ("file[/etc/site-server/site.conf]", "pkg[site-server]"),
        ("file[/etc/site-server/site.conf]", "group[site]"),
        ("file[/srv/site/]", "user[site]"),
        ("file[/srv/site/index]", "user[alice]"),
        ("file[/srv/site/index]", "file[/srv/site/]"),
        ("user[alice]", "group[editors]"),
        ("line[what alice writes is for her group too]", "user[alice]"),
        ("exec[seal the site]", "user[site]"),
    ] {
        let line = graph.lines().find(|line| line.starts_with(&format!("{resource}  ")));
        assert!(line.is_some_and(|line| line.contains(earlier)), "{resource} does not come after {earlier}:\n{graph}");
    }

    assert_eq!(site.writes(&["plan", SITE], 4), Vec::<String>::new());
    let began = Instant::now();
    let said = site.stead(&["apply", SITE]);
    eprintln!("{said}from bare to serving: {:?}", began.elapsed());
    // The service is running; that its server listens is another matter.
    site.eventually("the server answers", Site::serves);
    site.check();

    let began = Instant::now();
    let said = site.stead(&["apply", SITE]);
    assert!(said.contains("nothing to change"), "{said}");
    eprintln!("applied again: {:?}", began.elapsed());
    assert_eq!(site.writes(&["plan", SITE], 0), Vec::<String>::new());
    assert_ne!(site.writes(&["apply", SITE], 0), Vec::<String>::new(), "its own state: what looks here can see");

    let mut agent = Agent::start(&site);
    for damage in DAMAGES {
        agent.repairs(damage);
    }
    agent.stop();
    site.check();
}

#[test]
fn what_goes_for_a_package_is_told_and_is_never_what_the_program_wants() {
    let Some(lab) = lab::folder() else { return };
    let host = LabHost::up(&lab, "packages");
    host.install(std::path::Path::new(env!("CARGO_BIN_EXE_stead")), "stead");
    let repository = Repository::create(&host.path("/srv/repository"));
    fs::write(host.path("/etc/apt/sources.list"), "deb [trusted=yes] copy:/srv/repository ./\n").expect("it is ours");
    for package in [
        Package::new("ground", "1.0"),
        Package::new("needy", "1.0").field("Depends", "ground"),
        Package::new("rival", "1.0").field("Conflicts", "ground"),
    ] {
        repository.add(&package);
    }
    host.run(&["apt-get", "--quiet", "update"]);
    let stead = |command: &str, code: &str| {
        let command = host.command(&["/usr/local/bin/stead", command, "-e", code]);
        let notes = tempfile::tempdir().expect("a temporary folder can be made");
        let traced = traced(&command, notes.path());
        let said = format!("{}{}", text_of(&traced.output.stdout), text_of(&traced.output.stderr));
        let writes: Vec<_> = traced.writes.iter().filter(|it| !it.is_harmless()).map(ToString::to_string).collect();
        (traced.output.status.code(), said, writes)
    };
    let looks = |code: &str, exit: i32, says: &str| {
        let (ended, said, writes) = stead("plan", code);
        assert_eq!(writes, Vec::<String>::new(), "{code}");
        assert!(ended == Some(exit) && said.contains(says), "{code}: {ended:?}\n{said}");
    };
    let works = |code: &str, exit: i32, says: &str| {
        let (ended, said, _) = stead("apply", code);
        assert!(ended == Some(exit) && said.contains(says), "{code}: {ended:?}\n{said}");
    };
    let is_there = |name: &str| host.path(&format!("/var/lib/dpkg/info/{name}.list")).exists();

    works("pkg \"needy\" {}", 0, "install `needy`");
    assert!(is_there("needy") && is_there("ground"));
    let both = "pkg \"needy\" {}\npkg \"rival\" {}";
    let refused = "that would remove `needy`, which this program wants installed";
    looks(both, 2, refused);
    works(both, 2, refused);
    let without = "pkg \"needy\" {}\npkg \"ground\" { state => \"uninstalled\", }";
    looks(without, 2, refused);
    works(without, 2, refused);
    assert!(is_there("needy") && is_there("ground"));

    looks("pkg \"rival\" {}", 4, "install `rival`, which removes `ground` and `needy`");
    looks("pkg \"ground\" { state => \"purged\", }", 4, "purge `ground`, which removes `needy`");
    works("pkg \"rival\" {}", 0, "install `rival`, which removes `ground` and `needy`");
    assert!(is_there("rival") && !is_there("needy") && !is_there("ground"));

    // What a package brings about can be known only with newer lists.
    repository.add(&Package::new("novel", "1.0").field("Conflicts", "rival"));
    looks("pkg \"novel\" {}", 4, "install `novel`, if newer package lists have it");
    works("pkg \"novel\" {}", 0, "install `novel`, which removes `rival`");
    assert!(is_there("novel") && !is_there("rival"));
}

fn text_of(output: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(output)
}

/// A kind of damage, and how it is seen that it is gone.
struct Damage {
    name: &'static str,
    /// What says that it is repaired.
    resource: &'static str,
    make: fn(&Site),
    is_good: fn(&Site) -> bool,
}

const DAMAGES: &[Damage] = &[
    Damage {
        name: "a file is edited",
        resource: "file[/etc/site-server/site.conf]",
        make: |site| fs::write(site.path(CONFIGURATION), "greeting = good bye\n").expect("it can be edited"),
        is_good: |site| site.reads(CONFIGURATION, "greeting = hello from stead\n") && site.serves(),
    },
    Damage {
        name: "a file is deleted",
        resource: "file[/srv/site/index]",
        make: |site| fs::remove_file(site.path("/srv/site/index")).expect("it can be deleted"),
        is_good: |site| site.reads("/srv/site/index", "welcome\n") && site.has("/srv/site/index", 0o664, 2101, 2101),
    },
    Damage {
        name: "a mode is changed",
        resource: "file[/srv/site/index]",
        make: |site| {
            let mode = fs::Permissions::from_mode(0o666);
            fs::set_permissions(site.path("/srv/site/index"), mode).expect("it can be changed");
        },
        is_good: |site| site.has("/srv/site/index", 0o664, 2101, 2101),
    },
    Damage {
        name: "an owner is changed",
        resource: "file[/srv/site/index]",
        make: |site| {
            std::os::unix::fs::chown(site.path("/srv/site/index"), Some(0), Some(0)).expect("it can be changed");
        },
        is_good: |site| site.has("/srv/site/index", 0o664, 2101, 2101),
    },
    Damage {
        name: "a folder is moved away",
        resource: "file[/srv/site/]",
        make: |site| fs::rename(site.path("/srv/site"), site.path("/srv/gone")).expect("it can be moved"),
        is_good: |site| {
            site.has("/srv/site", 0o2775, 2100, 2101)
                && site.reads("/srv/site/index", "welcome\n")
                && site.reads("/srv/site/sealed", "welcome\n")
        },
    },
    Damage {
        name: "a line in a home folder is deleted",
        resource: "line[what alice writes is for her group too]",
        make: |site| fs::write(site.path("/srv/alice/.profile"), "true\n").expect("it can be edited"),
        is_good: |site| site.reads("/srv/alice/.profile", "true\numask 002\n"),
    },
    Damage {
        name: "a unit is stopped",
        resource: "svc[site-server]",
        make: |site| _ = site.host.run(&["systemctl", "stop", "site-server"]),
        is_good: Site::serves,
    },
    Damage {
        name: "a unit is killed",
        resource: "svc[site-server]",
        make: |site| _ = site.host.run(&["systemctl", "kill", "--signal=KILL", "site-server"]),
        is_good: Site::serves,
    },
    Damage {
        name: "a unit is disabled",
        resource: "svc[site-server]",
        make: |site| _ = site.host.run(&["systemctl", "disable", "--quiet", "site-server"]),
        is_good: |site| site.is_enabled(),
    },
    Damage {
        name: "a drop-in of a unit is deleted",
        resource: "file[/etc/systemd/system/site-server.service.d/user.conf]",
        make: |site| {
            let file = "/etc/systemd/system/site-server.service.d/user.conf";
            fs::remove_file(site.path(file)).expect("it can be deleted");
        },
        is_good: |site| site.path("/etc/systemd/system/site-server.service.d/user.conf").exists() && site.serves(),
    },
    Damage {
        name: "a user is deleted",
        resource: "user[alice]",
        make: |site| _ = site.host.run(&["userdel", "alice"]),
        is_good: Site::has_alice,
    },
    Damage {
        name: "a group is deleted",
        resource: "group[editors]",
        make: |site| _ = site.host.run(&["groupdel", "editors"]),
        is_good: Site::has_alice,
    },
    Damage {
        name: "a package is removed",
        resource: "pkg[site-themes]",
        make: |site| _ = site.host.run(&["dpkg", "--purge", "site-themes"]),
        is_good: |site| site.path("/usr/share/site-themes").exists(),
    },
    Damage {
        name: "the package of the service is removed",
        resource: "pkg[site-server]",
        make: |site| _ = site.host.run(&["apt-get", "remove", "--quiet", "--yes", "site-server"]),
        is_good: |site| site.serves() && site.is_enabled(),
    },
];

/// The host, as a visitor and its administrator see it.
struct Site {
    host: LabHost,
}

impl Site {
    /// A bare host with stead, the program, and a repository that has the packages.
    fn new(lab: &std::path::Path) -> Site {
        let host = LabHost::up(lab, "site");
        host.install(std::path::Path::new(env!("CARGO_BIN_EXE_stead")), "stead");
        fs::write(host.path(SITE), PROGRAM).expect("the host's files are ours");
        let repository = Repository::create(&host.path("/srv/repository"));
        let server = Package::new("site-server", "1.0")
            .file("/usr/lib/site-server", SERVER)
            .file("/lib/systemd/system/site-server.service", UNIT)
            .configuration(CONFIGURATION, "greeting = the package says hello\n")
            .script("prerm", "systemctl stop site-server.service")
            .script("postrm", "systemctl daemon-reload");
        repository.add(&server);
        for name in ["site-themes", "site-manual"] {
            repository.add(&Package::new(name, "1.0").file(&format!("/usr/share/{name}"), name));
        }
        Site { host }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.host.path(inside)
    }

    fn stead(&self, arguments: &[&str]) -> String {
        self.host.run(&[&["/usr/local/bin/stead"], arguments].concat())
    }

    /// The calls of stead and its children that could change something.
    fn writes(&self, arguments: &[&str], code: i32) -> Vec<String> {
        let command = self.host.command(&[&["/usr/local/bin/stead"], arguments].concat());
        let notes = tempfile::tempdir().expect("a temporary folder can be made");
        let traced = traced(&command, notes.path());
        assert_eq!(traced.output.status.code(), Some(code), "{:?}", traced.output);
        traced.writes.iter().filter(|write| !write.is_harmless()).map(ToString::to_string).collect()
    }

    /// Whether the server is there, with the configuration that is stated.
    fn serves(&self) -> bool {
        let Ok(mut stream) = UnixStream::connect(self.path("/run/site-server/socket")) else { return false };
        let mut answer = String::new();
        stream.read_to_string(&mut answer).is_ok() && answer == "hello from stead\nwelcome\n"
    }

    fn is_enabled(&self) -> bool {
        fs::metadata(self.path("/lib/systemd/system/site-server.service")).is_ok()
            && fs::symlink_metadata(self.path(ENABLED)).is_ok()
    }

    fn reads(&self, path: &str, content: &str) -> bool {
        fs::read_to_string(self.path(path)).is_ok_and(|text| text == content)
    }

    fn has(&self, path: &str, mode: u32, owner: u32, group: u32) -> bool {
        fs::metadata(self.path(path))
            .is_ok_and(|facts| (facts.mode() & 0o7777, facts.uid(), facts.gid()) == (mode, owner, group))
    }

    fn has_alice(&self) -> bool {
        let has = |file: &str, start: &str, end: &str| {
            let text = fs::read_to_string(self.path(file)).unwrap_or_default();
            text.lines().any(|line| line.starts_with(start) && line.ends_with(end))
        };
        has("/etc/passwd", "alice:x:2101:2100:", ":/bin/sh") && has("/etc/group", "editors:x:2101:", "alice")
    }

    /// Everything that the program states, as the host's own tools see it.
    fn check(&self) {
        assert!(self.serves() && self.is_enabled() && self.has_alice());
        assert!(self.has(CONFIGURATION, 0o640, 0, 2100) && self.has("/srv/site", 0o2775, 2100, 2101));
        assert!(self.has("/srv/site/index", 0o664, 2101, 2101) && self.has("/srv/site/sealed", 0o644, 2100, 2101));
        let states = ["dpkg-query", "--show", "--showformat=${db:Status-Status}\n"];
        let packages = ["site-server", "site-themes", "site-manual"];
        assert_eq!(self.host.run(&[&states[..], &packages].concat()), "installed\n".repeat(3));
        let show = ["systemctl", "show", "--value", "--property=ActiveState,User,NeedDaemonReload", "site-server"];
        let mut shown: Vec<String> = self.host.run(&show).lines().map(str::to_owned).collect();
        shown.sort();
        assert_eq!(shown, ["active", "no", "site"]);
    }

    fn eventually(&self, what: &str, is_so: impl Fn(&Site) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "not so after {PATIENCE:?}: {what}");
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

/// `stead run` in the host.
struct Agent<'a> {
    site: &'a Site,
    process: Child,
}

impl<'a> Agent<'a> {
    const OUTPUT: &'static str = "/run/stead.output";
    const PROCESS: &'static str = "/run/stead.process";

    fn start(site: &'a Site) -> Agent<'a> {
        let output = fs::File::create(site.path(Agent::OUTPUT)).expect("the host's files are ours");
        let error = output.try_clone().expect("a file can be shared");
        // A signal to `nsenter` is not passed on, so the process says its number.
        let script = format!("echo $$ >{}; exec /usr/local/bin/stead --log-level info run {SITE}", Agent::PROCESS);
        let mut command = site.host.command(&["/bin/sh", "-c", &script]);
        let process =
            command.stdin(Stdio::null()).stdout(output).stderr(error).spawn().expect("nsenter can be started");
        let agent = Agent { site, process };
        agent.eventually("looked at everything", |agent| agent.said().contains("watching "));
        agent
    }

    fn eventually(&self, what: &str, is_so: impl Fn(&Agent) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "it has not {what}; it says:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.site.path(Agent::OUTPUT)).expect("the file is there since the start")
    }

    /// How often it has said that it has changed a resource.
    fn changes(&self, resource: &str) -> usize {
        // The leader of a group speaks for its members.
        let kind = resource.split_inclusive('[').next().expect("a text has a first part");
        let start = if kind == "pkg[" { kind } else { resource };
        self.said().lines().filter(|line| line.starts_with(start)).count()
    }

    fn repairs(&mut self, damage: &Damage) {
        // Damage right after a repair is taken for a repair that had no effect, and is tried again after a second.
        std::thread::sleep(Duration::from_millis(500));
        let before = self.changes(damage.resource);
        let (began, ended) = std::thread::scope(|scope| {
            let made = scope.spawn(|| {
                (damage.make)(self.site);
                Instant::now()
            });
            // Repaired can be seen before the tool that does the damage has ended.
            let start = Instant::now();
            let (mut began, mut good_since) = (None, None);
            loop {
                let is_good = (damage.is_good)(self.site);
                let now = Instant::now();
                if is_good {
                    good_since.get_or_insert(now);
                } else {
                    began.get_or_insert(now);
                    good_since = None;
                }
                if made.is_finished()
                    && self.changes(damage.resource) > before
                    && let Some(ended) = good_since
                {
                    break (began, ended);
                }
                let said = self.said();
                assert!(start.elapsed() < PATIENCE, "{} is not repaired; stead says:\n{said}", damage.name);
                std::thread::sleep(Duration::from_micros(100));
            }
        });
        match began {
            Some(began) => eprintln!("{}: repaired {:?} after it was seen", damage.name, ended - began),
            None => eprintln!("{}: repaired before it was seen", damage.name),
        }
    }

    fn stop(mut self) {
        let process = fs::read_to_string(self.site.path(Agent::PROCESS)).expect("it was written at the start");
        let began = Instant::now();
        // The minimal host has no program `kill`; every shell has one built in.
        self.site.host.run(&["sh", "-c", &format!("kill -TERM {}", process.trim())]);
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("it is our child") {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not stop; it says:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(1));
        };
        eprintln!("stopped: {:?}", began.elapsed());
        assert!(status.success(), "{status}; it says:\n{}", self.said());
    }
}

impl Drop for Agent<'_> {
    fn drop(&mut self) {
        // It holds up the end of its host otherwise.
        if let Ok(process) = fs::read_to_string(self.site.path(Agent::PROCESS)) {
            let kill = format!("kill -KILL {}", process.trim());
            _ = self.site.host.command(&["sh", "-c", &kill]).stderr(Stdio::null()).status();
        }
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
