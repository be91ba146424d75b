//! A program is edited while it runs.

use crate::program::{Place, Running};
use std::fs;

fn file(name: &str, content: &str) -> String {
    format!("file \"@/{name}\" {{\n\tstate => \"exists\",\n\tcontent => \"{content}\",\n}}\n")
}

#[test]
fn an_edited_program_is_taken_up_and_one_in_error_is_not() {
    let place = Place::new();
    let main = place.write("main.mcl", &file("one", "1")).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    let is = |name: &str, content: &str| place.read(name).as_deref() == Some(content);
    running.until("the first file is there", |_| is("one", "1"));

    place.write("main.mcl", &(file("one", "1") + &file("two", "2")));
    running.until("the new file is there", |_| is("two", "2"));

    // As an editor does it: a new file takes the place of the old.
    place.write("main.mcl~", &(file("one", "uno") + &file("two", "2").replace("state", "stat")));
    fs::rename(place.path("main.mcl~"), place.path("main.mcl")).expect("it can be renamed");
    running.until_errors("the edited program is in error: going on with the one before it");
    fs::remove_file(place.path("one")).expect("it is there");
    running.until("the old program still repairs", |_| is("one", "1"));

    place.write("main.mcl~", &(file("one", "uno") + &file("two", "2")));
    fs::rename(place.path("main.mcl~"), place.path("main.mcl")).expect("it can be renamed");
    running.until("the mended program is taken up", |_| is("one", "uno"));
    running.until_errors("the edited program is taken up");

    // What is no longer stated is let alone.
    place.write("main.mcl", &(file("one", "eins")));
    running.until("the last program is taken up", |_| is("one", "eins"));
    let ran = running.stop();
    assert!(is("two", "2"), "{ran:#?}");
    assert!(ran.errors.contains("did you mean `state`?"), "{ran:#?}");
}

#[test]
fn a_program_that_is_removed_and_comes_back_is_taken_up() {
    let place = Place::new();
    let main = place.write("main.mcl", &file("one", "1")).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    running.until("the file is there", |_| place.read("one").as_deref() == Some("1"));
    fs::remove_file(place.path("main.mcl")).expect("it is there");
    running.until_errors("the edited program is in error");
    place.write("main.mcl", &file("one", "2"));
    running.until("it is taken up", |_| place.read("one").as_deref() == Some("2"));
    running.stop();
}

#[test]
fn a_program_that_is_being_written_is_not_taken_for_an_empty_one() {
    let place = Place::new();
    let reversed = file("one", "1").replace("content", "Meta:reverse => true,\n\tcontent");
    let main = place.write("main.mcl", &reversed).display().to_string();
    let mut running = Running::start(place.stead(&["run", &main]));
    running.until_watching();
    // In place, as many editors do it: the file is empty for a moment, and then a part of it is there.
    for round in 0..20 {
        place.write("main.mcl", "");
        place.write("main.mcl", &file("other", "part"));
        place.write("main.mcl", &(reversed.clone() + &file("two", &round.to_string())));
    }
    running.until("the last program is taken up", |_| place.read("two").as_deref() == Some("19"));
    let ran = running.stop();
    assert!(!ran.output.contains("remove"), "what is stated all the time is not undone\n{ran:#?}");
    assert_eq!(place.read("one").as_deref(), Some("1"));
}
