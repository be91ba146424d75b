//! The table of kinds, and what every kind owes its users.

use kinds::{ALL, build};
use resource::Fields;
use value::Value;

#[test]
fn kinds_are_sorted_and_there_is_one_of_each_name() {
    assert!(ALL.is_sorted_by(|a, b| a.name < b.name), "{:?}", ALL.iter().map(|it| it.name).collect::<Vec<_>>());
    assert!(build("test").is_some() && build("nothing").is_none());
}

#[test]
fn every_kind_and_field_explains_itself() {
    for kind in ALL {
        let summary = schema::summary(kind.docs);
        assert!(summary.ends_with('.'), "{}: the first line is a sentence: {summary}", kind.name);
        let is_hidden = kind.name.starts_with('_');
        assert!(is_hidden || kind.docs.contains("```mcl\n"), "{}: has no example", kind.name);
        let example = format!("{} \"", kind.name);
        assert!(is_hidden || kind.docs.contains(&example), "{}: the example shows another kind", kind.name);
        for field in kind.fields.iter().chain(kind.sends) {
            let summary = schema::summary(field.docs);
            assert!(summary.ends_with('.'), "{}.{}: the first line is a sentence", kind.name, field.name);
            assert_eq!(field.optional || field.secret, field.default.is_none(), "{}.{}", kind.name, field.name);
        }
    }
}

#[test]
fn every_example_is_a_program() {
    for kind in ALL {
        for example in kind.docs.split("```mcl\n").skip(1) {
            let text = example.split("```").next().unwrap_or_default();
            let parse = syntax::parse(span::FileId(0), text);
            assert!(parse.is_ok(), "{}: {:?}\n{text}", kind.name, parse.diagnostics);
        }
    }
}

#[test]
fn every_field_takes_its_default_and_what_is_set_can_be_taken_back() {
    for kind in ALL {
        let build = build(kind.name).expect("the table has every kind");
        let resource = build(&"name".into(), &mut Fields::default()).expect("every field has a default");
        for field in kind.fields {
            let with = |value| resource.with(field.name, value).map_err(|error| error.to_string());
            let cleared = with(None).map(|it| resource.changed_fields(&*it));
            assert_eq!(cleared, Ok(Some(Vec::new())), "{}.{}", kind.name, field.name);
            let Some(default) = field.default else { continue };
            let set = with(Some(default())).map(|it| resource.changed_fields(&*it));
            assert_eq!(set, Ok(Some(Vec::new())), "{}.{}", kind.name, field.name);
        }
        assert!(resource.with("no such field", None).is_err(), "{}", kind.name);
    }
}

#[test]
fn fields_that_can_differ_are_compared() {
    let build = |kind: &str, fields: &[(&str, Value)]| {
        let fields = fields.iter().map(|(name, value)| (*name, value.clone()));
        build(kind).and_then(|it| it(&"name".into(), &mut Fields::from_iter(fields)).ok()).expect("fields fit")
    };
    let plain = build("file", &[("state", Value::str("exists"))]);
    let unset = build("file", &[]);
    let empty = build("file", &[("state", Value::str("exists")), ("content", Value::str(""))]);
    assert_eq!(plain.changed_fields(&*unset), Some(vec!["state"]));
    assert_eq!(plain.changed_fields(&*empty), Some(vec!["content"]), "no content is not an empty one");
    assert_eq!(plain.changed_fields(&*build("noop", &[])), None);
}

#[test]
fn two_packages_of_one_name_go_together_where_they_do_not_contradict() {
    let state = |state: &str| {
        let mut fields = Fields::from_iter([("state", Value::str(state))]);
        build("pkg").and_then(|it| it(&"nginx".into(), &mut fields).ok()).expect("fields fit")
    };
    let one = |a: &str, b: &str| {
        let one = state(a).reconcile(&*state(b))?;
        one.fields().into_iter().find(|(name, _)| *name == "state").map(|(_, value)| value.to_text())
    };
    assert_eq!(one("installed", "newest"), Some("newest".to_owned()));
    assert_eq!(one("newest", "installed"), Some("newest".to_owned()));
    assert_eq!(one("installed", "uninstalled"), None);
    assert_eq!(one("1.0", "newest"), None);
}

#[test]
fn what_errors_tell_to_write_is_a_program() {
    let told = ["user \"alice\" { state => \"exists\", }", "file \"/srv/\" { state => \"exists\", }"];
    assert!(told.iter().all(|text| syntax::parse(span::FileId(0), text).is_ok()));
}
