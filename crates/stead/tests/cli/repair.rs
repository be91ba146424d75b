//! Whatever is done to a thousand files, links and folders, in the end they are as they are stated.

use crate::chance::{Chance, wanted};
use crate::program::{Place, Running};
use rustix::io::Errno;
use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Files, then links, then folders.
const THINGS: u64 = 1000;
const LINKS: u64 = 800;
const FOLDERS: u64 = 900;

const PROGRAM: &str = r#"
import "fmt"
import "iter"

for $index, $number in iter.range(800) {
	file fmt.printf("@/kept/%d", $number) {
		state => "exists",
		content => fmt.printf("this is file %d\n", $number),
		mode => "0640",
		force => true,
	}
}
for $index, $number in iter.range(100) {
	file fmt.printf("@/kept/%d", $number + 800) {
		state => "exists",
		symlink => true,
		source => fmt.printf("of %d", $number + 800),
		force => true,
	}
	file fmt.printf("@/kept/%d/", $number + 900) {
		state => "exists",
		mode => "0750",
		force => true,
	}
}
"#;

#[test]
fn a_thousand_files_links_and_folders_survive_whatever_is_done_to_them() {
    let place = Place::new();
    let kept = place.folder("kept");
    let mut program = Running::start(place.stead(&["run", &place.write("main.mcl", PROGRAM).display().to_string()]));
    program.until("all files are made", |_| wrong(&kept).is_empty());

    let mut chance = Chance::new(1);
    let mut count = 0;
    let end = Instant::now() + Duration::from_secs(wanted("STEAD_TORTURE_SECONDS", 3));
    while Instant::now() < end {
        damage(&kept, &mut chance, count);
        count += 1;
    }
    eprintln!("{count} times something was damaged");
    program.until("everything is as it is stated", |_| wrong(&kept).is_empty());

    program.stop();
    assert_eq!(wrong(&kept), Vec::<PathBuf>::new(), "nothing is touched at the end");
    assert_eq!(temporaries(&kept), Vec::<PathBuf>::new());
}

/// Does something to a file. The agent works on the same file at the same time, so each of these may come too late.
fn damage(kept: &Path, chance: &mut Chance, count: u64) {
    let number = chance.below(THINGS);
    let victim = kept.join(number.to_string());
    // What is in a folder is not removed for a link: nothing with anything in it may come to where a link belongs.
    let is_link = (LINKS..FOLDERS).contains(&number);
    let result = match chance.below(10) {
        0 | 1 if is_folder(&victim) => fs::remove_dir_all(&victim),
        0 | 1 => fs::remove_file(&victim),
        2 => fs::write(&victim, format!("damage {count}")),
        3 => fs::OpenOptions::new().append(true).open(&victim).and_then(|mut file| file.write_all(b"more")),
        4 => fs::set_permissions(&victim, Permissions::from_mode(0o600 | (count % 0o200) as u32)),
        // Onto another one: both are damaged.
        5 if !is_folder(&victim) => fs::rename(&victim, kept.join(chance.below(THINGS).to_string())),
        6 => {
            let new = kept.join("new");
            fs::write(&new, "somebody else's").and_then(|()| fs::rename(new, &victim))
        }
        7 if is_folder(&victim) => fs::remove_dir_all(&victim).and_then(|()| fs::write(&victim, "in the way")),
        7 => fs::remove_file(&victim).and_then(|()| fs::create_dir(&victim)),
        8 if !is_link => fs::remove_file(&victim)
            .and_then(|()| fs::create_dir_all(victim.join("deep")))
            .and_then(|()| fs::write(victim.join("deep/file"), "in the way")),
        _ => {
            let target = kept.join(chance.below(THINGS).to_string());
            fs::remove_file(&victim).and_then(|()| symlink(target, &victim))
        }
    };
    if let Err(error) = result {
        // The last one is what writing through a circle of links gives.
        let lost = [Errno::NOENT, Errno::ISDIR, Errno::NOTDIR, Errno::EXIST, Errno::NOTEMPTY, Errno::LOOP];
        let errno = Errno::from_io_error(&error);
        assert!(errno.is_some_and(|errno| lost.contains(&errno)), "{}: {error}", victim.display());
    }
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// The things that are not as they are stated.
fn wrong(kept: &Path) -> Vec<PathBuf> {
    let is_right = |number: u64, path: &Path| -> io::Result<bool> {
        if number >= FOLDERS {
            // A link to a folder is as good as a folder.
            let meta = fs::metadata(path)?;
            return Ok(meta.is_dir() && meta.permissions().mode() & 0o7777 == 0o750);
        }
        let meta = fs::symlink_metadata(path)?;
        if number >= LINKS {
            return Ok(meta.is_symlink() && fs::read_link(path)?.to_str() == Some(&format!("of {number}")));
        }
        Ok(meta.is_file()
            && meta.permissions().mode() & 0o7777 == 0o640
            && fs::read_to_string(path)? == format!("this is file {number}\n"))
    };
    (0..THINGS)
        .map(|number| (number, kept.join(number.to_string())))
        .filter(|(number, path)| !is_right(*number, path).unwrap_or(false))
        .map(|(_, path)| path)
        .collect()
}

/// What the program has left in a folder.
pub(crate) fn temporaries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it can be listed").map(|entry| entry.expect("it can be listed").path());
    entries.filter(|path| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))).collect()
}

#[test]
fn a_command_that_watches_a_file_has_seen_the_last_of_many_changes() {
    let place = Place::new();
    place.write("watched", "0");
    let program = r#"
exec "copy" { cmd => "cat @/watched >> @/copied; echo >> @/copied", shell => "/bin/sh", watchfiles => ["@/watched"], }
"#;
    let main = place.write("main.mcl", program).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    let last = |place: &Place| place.read("copied").and_then(|it| it.lines().last().map(str::to_owned));
    running.until("it has run", |_| last(&place).as_deref() == Some("0"));
    for round in 1..=3 {
        for change in 0..20 {
            place.write("watched", &format!("{round} {change}"));
        }
        running.until("it has seen the last change", |_| last(&place).as_deref() == Some(&format!("{round} 19")));
    }
    running.stop();
    let runs = place.read("copied").map_or(0, |it| it.lines().count());
    assert!(runs < 60, "changes in a row are one reason to run: {runs}");
}

#[test]
fn nobody_waits_for_an_event_of_what_is_watched_no_more() {
    let place = Place::new();
    place.write("watched", "0");
    let program = r#"
import "os"
$word = os.system("echo first; until test -e @/go; do sleep 0.01; done; echo gone")
exec "true" { watchfiles => if $word == "first" { ["@/watched"] } else { [] }, }
file "@/word" { state => "exists", content => $word, }
"#;
    let main = place.write("main.mcl", program).display().to_string();
    let mut running = Running::start(place.stead(&["run", "--converged-timeout", "1", &main]));
    running.until("it watches", |_| place.read("word").is_some_and(|it| it.starts_with("first")));
    place.write("go", "");
    // There is always an event that is held back, also when the watch ends.
    running.until("it watches no more", |_| {
        place.write("watched", "again");
        place.read("word").is_some_and(|it| it.starts_with("gone"))
    });
    running.finish().exits(0);
}
