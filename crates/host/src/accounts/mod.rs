//! Users and groups: read by ourselves ([`database`]), written by the system's own tools, which know about locks, shadow
//! files, subordinate ids and caches.

mod database;

pub use database::AccountDatabase;

use crate::processes::LinuxProcesses;
use jiff::civil::Date;
use resource::host::{
    Account, AccountChange, Accounts, Cancellation, Command, Expiry, Group, GroupChange, Processes, Shadow,
};
use resource::{BoxFuture, Error, Result};
use std::sync::Arc;
use std::time::Duration;
use value::Secret;

/// How often and how long after each other a tool is tried while another one holds the lock on the database.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// Users and groups on Linux.
pub struct LinuxAccounts {
    database: Arc<AccountDatabase>,
    processes: Arc<LinuxProcesses>,
}

impl LinuxAccounts {
    /// Users and groups of this database, written by programs.
    pub fn new(database: Arc<AccountDatabase>, processes: Arc<LinuxProcesses>) -> LinuxAccounts {
        LinuxAccounts { database, processes }
    }

    async fn run(&self, tool: &str, arguments: Vec<String>, name: &str) -> Result<()> {
        let mut argv = vec![tool.to_owned()];
        argv.extend(arguments);
        // A name must not be taken for an option.
        argv.extend(["--".to_owned(), name.to_owned()]);
        self.run_with_input(argv, Vec::new(), name).await
    }

    /// Handed over by a pipe: everybody can read the arguments of a program.
    async fn set_password(&self, name: &str, hash: &Secret<String>) -> Result<()> {
        let input = format!("{name}:{}\n", hash.reveal()).into_bytes();
        self.run_with_input(vec!["chpasswd".to_owned(), "--encrypted".to_owned()], input, name).await
    }

    async fn run_with_input(&self, argv: Vec<String>, input: Vec<u8>, name: &str) -> Result<()> {
        crate::system::check_root(resource::OnlyRoot::ChangeAccounts)?;
        let tool = argv.first().cloned().unwrap_or_default();
        let mut environment: std::collections::BTreeMap<_, _> = std::env::vars().collect();
        environment.insert("LC_ALL".to_owned(), "C".to_owned());
        let path = environment.entry("PATH".to_owned()).or_default();
        path.push_str(":/usr/sbin:/sbin:/usr/bin:/bin");
        let command = Command { environment: Some(environment), input, ..Command::new(argv) };
        let mut tries = 0;
        loop {
            // Not cancelled: stopping a tool in the middle could leave its lock behind.
            let captured = self.processes.run(&command, &Cancellation::never()).await?;
            if captured.code == 0 {
                return Ok(());
            }
            let said = String::from_utf8_lossy(&captured.stderr.unwrap_or_default()).trim().to_owned();
            tries += 1;
            if said.contains("cannot lock") && tries < TRIES {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let said = said.strip_prefix(&format!("{tool}: ")).unwrap_or(&said);
            let advice = if said.contains("is currently used by process") {
                format!("; end what runs as it first: `loginctl terminate-user {name}`, or stop its service")
            } else {
                String::new()
            };
            return Err(Error::failed(format!("`{tool}` failed for `{name}`: {said}{advice}")));
        }
    }
}

impl Accounts for LinuxAccounts {
    fn user(&self, name: &str) -> Result<Option<Account>> {
        self.database.user(name)
    }

    fn user_of(&self, uid: u32) -> Result<Option<Account>> {
        self.database.user_of(uid)
    }

    fn own(&self) -> Result<Option<Account>> {
        self.database.user_of(rustix::process::geteuid().as_raw())
    }

    fn shadow(&self, name: &str) -> Result<Option<Shadow>> {
        self.database.shadow(name)
    }

    fn group(&self, name: &str) -> Result<Option<Group>> {
        self.database.group(name)
    }

    fn group_of(&self, gid: u32) -> Result<Option<Group>> {
        self.database.group_of(gid)
    }

    fn users_of_group(&self, gid: u32) -> Result<Vec<String>> {
        self.database.users_of_group(gid)
    }

    fn add_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            // `useradd` forgets the expiry of an account of the system.
            let later = AccountChange { expiry: change.expiry.filter(|_| change.system), ..AccountChange::default() };
            let mut arguments = account_arguments(&AccountChange {
                expiry: change.expiry.filter(|_| !change.system),
                ..change.clone()
            });
            // Whatever the system's default is: only what is asked for.
            arguments.push(if change.create_home { "--create-home" } else { "--no-create-home" }.to_owned());
            if change.system {
                arguments.push("--system".to_owned());
            }
            self.run("useradd", arguments, name).await?;
            self.change_user(name, &AccountChange { password: change.password.clone(), ..later }).await
        })
    }

    fn change_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let arguments = account_arguments(change);
            if !arguments.is_empty() {
                self.run("usermod", arguments, name).await?;
            }
            match &change.password {
                Some(hash) => self.set_password(name, hash).await,
                None => Ok(()),
            }
        })
    }

    fn remove_user<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.run("userdel", Vec::new(), name))
    }

    fn add_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>> {
        let mut arguments = group_arguments(change);
        if change.system {
            arguments.push("--system".to_owned());
        }
        Box::pin(self.run("groupadd", arguments, name))
    }

    fn change_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let arguments = group_arguments(change);
            if arguments.is_empty() { Ok(()) } else { self.run("groupmod", arguments, name).await }
        })
    }

    fn remove_group<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.run("groupdel", Vec::new(), name))
    }
}

/// What `useradd` and `usermod` have in common.
fn account_arguments(change: &AccountChange) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
    if let Some(uid) = change.uid {
        option("--uid", uid.to_string());
    }
    if let Some(gid) = change.gid {
        option("--gid", gid.to_string());
    }
    if let Some(group) = &change.group {
        option("--gid", group.clone());
    }
    if let Some(groups) = &change.groups {
        option("--groups", groups.join(","));
    }
    if let Some(home) = &change.home {
        option("--home", home.display().to_string());
    }
    if let Some(shell) = &change.shell {
        option("--shell", shell.clone());
    }
    if let Some(comment) = &change.comment {
        option("--comment", comment.clone());
    }
    if let Some(expiry) = change.expiry {
        option("--expiredate", expiry_text(expiry));
    }
    // Refused without a number to go with.
    if change.duplicate_uid && change.uid.is_some() {
        arguments.push("--non-unique".to_owned());
    }
    arguments
}

/// A day as the tools take it; nothing for never.
fn expiry_text(expiry: Expiry) -> String {
    let Expiry::Day(day) = expiry else { return String::new() };
    let days = jiff::Span::new().try_days(day);
    let date = days.and_then(|days| Date::constant(1970, 1, 1).checked_add(days));
    date.map_or_else(|_| day.to_string(), |date| date.to_string())
}

fn group_arguments(change: &GroupChange) -> Vec<String> {
    change.gid.map(|gid| vec!["--gid".to_owned(), gid.to_string()]).unwrap_or_default()
}
