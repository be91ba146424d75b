//! Users and groups of a real system.

use crate::machine;
use resource::host::{AccountChange, Expiry, GroupChange};
use value::Secret;

#[tokio::test]
#[ignore = "runs inside a host of the lab"]
async fn a_user_and_a_group_are_made_changed_and_removed() {
    let accounts = std::sync::Arc::clone(&machine().host.accounts);
    let numbered = |gid| GroupChange { gid: Some(gid), ..GroupChange::default() };
    accounts.add_group("staff2", &numbered(4321)).await.expect("added");
    accounts.change_group("staff2", &numbered(4322)).await.expect("changed");
    assert_eq!(accounts.group("staff2").expect("readable").map(|group| group.gid), Some(4322));
    let wanted = AccountChange {
        uid: Some(4000),
        group: Some("staff2".to_owned()),
        groups: Some(vec!["audio".to_owned(), "adm".to_owned()]),
        home: Some("/srv/alice".into()),
        shell: Some("/bin/sh".to_owned()),
        ..AccountChange::default()
    };
    accounts.add_user("alice", &wanted).await.expect("added");
    let alice = accounts.user("alice").expect("readable").expect("known");
    assert_eq!((alice.uid, alice.gid, alice.group.as_deref()), (4000, 4322, Some("staff2")));
    assert_eq!(alice.groups, ["adm", "audio"]);
    assert_eq!((alice.home.to_str(), alice.shell.as_str()), (Some("/srv/alice"), "/bin/sh"));
    assert!(!alice.home.exists(), "folders are the business of other resources");

    let error = accounts.add_user("alice", &wanted).await.expect_err("she exists").chain();
    assert!(error.contains("`useradd` failed for `alice`"), "{error}");
    let twin = AccountChange { uid: Some(4000), duplicate_uid: true, ..AccountChange::default() };
    accounts.add_user("twin", &twin).await.expect("a shared number is allowed");
    let none = AccountChange { groups: Some(Vec::new()), ..AccountChange::default() };
    accounts.change_user("alice", &none).await.expect("changed");
    accounts.change_user("alice", &AccountChange::default()).await.expect("nothing to do");
    assert_eq!(accounts.user("alice").expect("readable").expect("known").groups, [""; 0]);
    assert_eq!(accounts.user_of(4000).expect("readable").expect("known").name, "alice");
    for name in ["twin", "alice"] {
        accounts.remove_user(name).await.expect("removed");
        assert_eq!(accounts.user(name).expect("readable"), None);
    }
    accounts.remove_group("staff2").await.expect("removed");
    let error = accounts.add_user("-x", &AccountChange::default()).await.expect_err("no name").chain();
    assert!(error.contains("invalid user name"), "{error}");
}

#[tokio::test]
#[ignore = "runs inside a host of the lab"]
async fn a_password_and_an_expiry_are_set_and_read_back() {
    let accounts = std::sync::Arc::clone(&machine().host.accounts);
    let hash = |text: &str| Some(Secret::new(text.to_owned()));
    let wanted = AccountChange {
        password: hash("$6$a$b"),
        expiry: Some(Expiry::Day(22279)),
        system: true,
        ..AccountChange::default()
    };
    accounts.add_user("keeper", &wanted).await.expect("added");
    let shadow = accounts.shadow("keeper").expect("readable").expect("known");
    assert_eq!((shadow.password.reveal().as_str(), shadow.expiry), ("$6$a$b", Expiry::Day(22279)));
    let changed = AccountChange { password: hash("!"), expiry: Some(Expiry::Never), ..AccountChange::default() };
    accounts.change_user("keeper", &changed).await.expect("changed");
    let shadow = accounts.shadow("keeper").expect("readable").expect("known");
    assert_eq!((shadow.password.reveal().as_str(), shadow.expiry), ("!", Expiry::Never));
    accounts.remove_user("keeper").await.expect("removed");
    assert_eq!(accounts.shadow("keeper").expect("readable"), None);

    let system = GroupChange { system: true, ..GroupChange::default() };
    accounts.add_group("services", &system).await.expect("added");
    assert!(accounts.group("services").expect("readable").expect("known").gid < 1000);
    accounts.remove_group("services").await.expect("removed");
    let error = accounts.remove_user("root").await.expect_err("it runs").chain();
    assert!(error.contains("; end what runs as it first: `loginctl terminate-user root`"), "{error}");
}
