//! Reads users and groups.
//!
//! `/etc/passwd` and `/etc/group` are parsed by ourselves and kept until they change: a check of 10,000 owners reads them
//! once. What is not in them is asked of `getent` where the system has other sources too (it loads the modules for those,
//! which a static program cannot), and kept for a moment.

use resource::host::{Account, Expiry, Group, Shadow, by_name_or_number};
use resource::{Error, Result};
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use value::Secret;

/// How long an answer of a foreign source is believed.
const FOREIGN_AGE: Duration = Duration::from_secs(10);

/// The users and groups of the system.
pub struct AccountDatabase {
    users: Cached<Table<User>>,
    groups: Cached<Table<Group>>,
    shadows: Cached<FxHashMap<String, Shadow>>,
    sources: Cached<Sources>,
    foreign: Mutex<FxHashMap<(&'static str, String), Answer>>,
}

/// When a foreign source was asked, and the line that it knew.
type Answer = (Instant, Option<String>);

/// A line of `/etc/passwd`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct User {
    name: String,
    uid: u32,
    gid: u32,
    comment: String,
    home: PathBuf,
    shell: String,
}

/// Lines by name and by number; of two with one number the first counts, as everywhere.
struct Table<T> {
    rows: Vec<T>,
    by_name: FxHashMap<String, usize>,
    by_number: FxHashMap<u32, usize>,
}

/// Which databases have other sources than the files.
#[derive(Default)]
struct Sources {
    foreign: Vec<String>,
}

impl Default for AccountDatabase {
    fn default() -> Self {
        AccountDatabase::below(Path::new("/"))
    }
}

impl AccountDatabase {
    /// The database of a system that is below this folder.
    pub fn below(root: &Path) -> AccountDatabase {
        AccountDatabase {
            users: Cached::new(root.join("etc/passwd"), |text| Table::new(text.lines().filter_map(parse_user))),
            groups: Cached::new(root.join("etc/group"), |text| Table::new(text.lines().filter_map(parse_group))),
            shadows: Cached::new(root.join("etc/shadow"), |text| text.lines().filter_map(parse_shadow).collect()),
            sources: Cached::new(root.join("etc/nsswitch.conf"), Sources::parse),
            foreign: Mutex::default(),
        }
    }

    /// A user by name.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn user(&self, name: &str) -> Result<Option<Account>> {
        let users = self.users.get()?;
        let user = match users.named(name) {
            Some(user) => Some(user.clone()),
            None => self.foreign_line("passwd", name)?.as_deref().and_then(parse_user).filter(|user| user.name == name),
        };
        user.map(|user| self.complete(user)).transpose()
    }

    /// A user by number.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn user_of(&self, uid: u32) -> Result<Option<Account>> {
        let users = self.users.get()?;
        let user = match users.numbered(uid) {
            Some(user) => Some(user.clone()),
            None => self.foreign_line("passwd", &uid.to_string())?.as_deref().and_then(parse_user),
        };
        user.filter(|user| user.uid == uid).map(|user| self.complete(user)).transpose()
    }

    /// The password and the expiry of a user of the local database.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn shadow(&self, name: &str) -> Result<Option<Shadow>> {
        Ok(self.shadows.get()?.get(name).cloned())
    }

    /// A group by name.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn group(&self, name: &str) -> Result<Option<Group>> {
        Ok(match self.groups.get()?.named(name) {
            Some(group) => Some(group.clone()),
            None => {
                self.foreign_line("group", name)?.as_deref().and_then(parse_group).filter(|group| group.name == name)
            }
        })
    }

    /// A group by number.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn group_of(&self, gid: u32) -> Result<Option<Group>> {
        Ok(match self.groups.get()?.numbered(gid) {
            Some(group) => Some(group.clone()),
            None => self.foreign_line("group", &gid.to_string())?.as_deref().and_then(parse_group),
        }
        .filter(|group| group.gid == gid))
    }

    /// The names of the users of the local database whose primary group has this number, sorted.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn users_of_group(&self, gid: u32) -> Result<Vec<String>> {
        let users = self.users.get()?;
        let of_group = users.rows.iter().filter(|user| user.gid == gid);
        let mut names: Vec<String> = of_group.map(|user| user.name.clone()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// A user by name or number, for running programs as.
    pub(crate) fn find_user(&self, text: &str) -> Result<Account, String> {
        let found = by_name_or_number(text, |name| self.user(name), |uid| self.user_of(uid));
        found.map_err(|error| error.chain())?.ok_or_else(|| format!("there is no user `{text}`"))
    }

    /// The number of a group by name or number, as for users.
    pub(crate) fn find_group(&self, text: &str) -> Result<u32, String> {
        let found = by_name_or_number(text, |name| self.group(name), |gid| self.group_of(gid));
        found
            .map_err(|error| error.chain())?
            .map(|group| group.gid)
            .ok_or_else(|| format!("there is no group `{text}`"))
    }

    /// The numbers of all groups of a user, the given one first.
    pub(crate) fn groups_of(&self, user: &str, primary: u32) -> Result<Vec<u32>, String> {
        let mut numbers = vec![primary];
        let others = self.other_groups(user).map_err(|error| error.chain())?;
        numbers.extend(others.into_iter().filter(|gid| *gid != primary));
        Ok(numbers)
    }

    fn complete(&self, user: User) -> Result<Account> {
        let mut groups = Vec::new();
        for gid in self.other_groups(&user.name)? {
            if gid != user.gid
                && let Some(group) = self.group_of(gid)?
            {
                groups.push(group.name);
            }
        }
        groups.sort_unstable();
        groups.dedup();
        let group = self.group_of(user.gid)?.map(|group| group.name);
        let User { name, uid, gid, comment, home, shell } = user;
        Ok(Account { name, uid, gid, group, groups, home, shell, comment })
    }

    fn other_groups(&self, user: &str) -> Result<Vec<u32>> {
        let groups = self.groups.get()?;
        let is_member = |group: &&Group| group.members.iter().any(|member| member == user);
        let mut numbers: Vec<u32> = groups.rows.iter().filter(is_member).map(|group| group.gid).collect();
        if self.sources.get()?.has_foreign("group") {
            // `name  4 24 27`
            let line = self.foreign_line("initgroups", user)?.unwrap_or_default();
            numbers.extend(line.split_whitespace().skip(1).filter_map(|gid| gid.parse::<u32>().ok()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Asks the other sources of the system.
    fn foreign_line(&self, database: &'static str, key: &str) -> Result<Option<String>> {
        let sources = if database == "initgroups" { "group" } else { database };
        if !self.sources.get()?.has_foreign(sources) || key.starts_with('-') || key.is_empty() {
            return Ok(None);
        }
        let cache_key = (database, key.to_owned());
        let lock = || self.foreign.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((time, line)) = lock().get(&cache_key)
            && time.elapsed() < FOREIGN_AGE
        {
            return Ok(line.clone());
        }
        let failed = |error: io::Error| Error::caused(format!("cannot ask `getent` for `{key}`"), error);
        let output = std::process::Command::new("getent").arg(database).arg(key).output();
        let line = match output {
            Ok(output) => String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned),
            // A system without it has no other sources either.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        let mut foreign = lock();
        foreign.retain(|_, (time, _)| time.elapsed() < FOREIGN_AGE);
        foreign.insert(cache_key, (Instant::now(), line.clone()));
        Ok(line)
    }
}

impl<T: Row> Table<T> {
    fn new(rows: impl Iterator<Item = T>) -> Table<T> {
        let mut table = Table { rows: rows.collect(), by_name: FxHashMap::default(), by_number: FxHashMap::default() };
        for (index, row) in table.rows.iter().enumerate() {
            table.by_name.entry(row.name().to_owned()).or_insert(index);
            table.by_number.entry(row.number()).or_insert(index);
        }
        table
    }

    fn named(&self, name: &str) -> Option<&T> {
        self.by_name.get(name).map(|index| &self.rows[*index])
    }

    fn numbered(&self, number: u32) -> Option<&T> {
        self.by_number.get(&number).map(|index| &self.rows[*index])
    }
}

trait Row {
    fn name(&self) -> &str;
    fn number(&self) -> u32;
}

impl Row for User {
    fn name(&self) -> &str {
        &self.name
    }

    fn number(&self) -> u32 {
        self.uid
    }
}

impl Row for Group {
    fn name(&self) -> &str {
        &self.name
    }

    fn number(&self) -> u32 {
        self.gid
    }
}

impl Sources {
    fn parse(text: &str) -> Sources {
        let foreign = text.lines().filter_map(|line| {
            let (database, sources) = line.split('#').next()?.split_once(':')?;
            let mut words = sources.split_whitespace().filter(|word| !word.starts_with('['));
            words.any(|word| word != "files" && word != "compat").then(|| database.trim().to_owned())
        });
        Sources { foreign: foreign.collect() }
    }

    fn has_foreign(&self, database: &str) -> bool {
        self.foreign.iter().any(|known| known == database)
    }
}

/// `name:password:uid:gid:comment:home:shell`
fn parse_user(line: &str) -> Option<User> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(['#', '+', '-']))?;
    let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
    let mut next = || fields.next().unwrap_or_default();
    let (comment, home, shell) = (next(), next(), next());
    let (comment, home, shell) = (comment.to_owned(), PathBuf::from(home), shell.to_owned());
    Some(User { name: name.to_owned(), uid, gid, comment, home, shell })
}

/// `name:password:changed:minimum:maximum:warning:inactive:expiry:`
fn parse_shadow(line: &str) -> Option<(String, Shadow)> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(['#', '+', '-']))?;
    let password = Secret::new(fields.next()?.to_owned());
    let expiry = fields.nth(5).and_then(|day| day.parse().ok()).map_or(Expiry::Never, Expiry::Day);
    Some((name.to_owned(), Shadow { password, expiry }))
}

/// `name:password:gid:member,member`
fn parse_group(line: &str) -> Option<Group> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(['#', '+', '-']))?;
    let gid = fields.nth(1)?.parse().ok()?;
    let members = fields.next().unwrap_or_default();
    let mut members: Vec<String> = members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
    members.sort_unstable();
    members.dedup();
    Some(Group { name: name.to_owned(), gid, members })
}

/// What a file means, read again when the file has changed.
struct Cached<T> {
    path: PathBuf,
    parse: fn(&str) -> T,
    last: Mutex<Option<(Version, Arc<T>)>>,
}

/// Device, number, size, and both times of a file: the same as long as nobody wrote to it.
type Version = (u64, u64, i64, i64, u64, i64, u64);

impl<T> Cached<T> {
    fn new(path: PathBuf, parse: fn(&str) -> T) -> Cached<T> {
        Cached { path, parse, last: Mutex::new(None) }
    }

    fn get(&self) -> Result<Arc<T>> {
        let version = self.version();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, value)) = &*last
            && *known == version
        {
            return Ok(Arc::clone(value));
        }
        let mut bytes = Vec::new();
        match File::open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(resource::host::file_error("read", &self.path)(error));
            }
            // A system without the file has no users, and no other sources.
            _ => {}
        }
        // Comments may be in any encoding; names are not.
        let value = Arc::new((self.parse)(&String::from_utf8_lossy(&bytes)));
        *last = Some((version, Arc::clone(&value)));
        Ok(value)
    }

    fn version(&self) -> Version {
        rustix::fs::stat(&self.path).map_or_else(
            |_| Version::default(),
            |stat| {
                let (modified, changed) = ((stat.st_mtime, stat.st_mtime_nsec), (stat.st_ctime, stat.st_ctime_nsec));
                (stat.st_dev, stat.st_ino, stat.st_size, modified.0, modified.1, changed.0, changed.1)
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn system(passwd: &str, group: &str) -> (tempfile::TempDir, AccountDatabase) {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(root.path().join("etc")).expect("made");
        fs::write(root.path().join("etc/passwd"), passwd).expect("written");
        fs::write(root.path().join("etc/group"), group).expect("written");
        let database = AccountDatabase::below(root.path());
        (root, database)
    }

    #[test]
    fn an_account_has_its_groups_by_name_and_without_the_primary_one() {
        let (_root, database) = system(
            "# comment\n+::::::\nalice:x:1000:100:Alice,,,:/home/alice:/bin/sh\nbroken\n",
            "users:x:100:alice\nwheel:x:10:bob,alice\naudio:x:11:alice\n11:x:12:\n",
        );
        let alice = database.user("alice").expect("readable").expect("known");
        assert_eq!(alice.group.as_deref(), Some("users"));
        assert_eq!(alice.groups, ["audio", "wheel"]);
        assert_eq!((alice.uid, alice.comment.as_str(), alice.shell.as_str()), (1000, "Alice,,,", "/bin/sh"));
        assert_eq!(database.user_of(1000).expect("readable"), Some(alice));
        assert_eq!(database.user("+").expect("readable"), None);
        assert_eq!(database.group("wheel").expect("readable").expect("known").members, ["alice", "bob"]);
        assert_eq!(database.groups_of("alice", 100).expect("readable"), [100, 10, 11]);
        assert_eq!(database.find_user("1000").expect("by number").name, "alice");
        assert_eq!(database.find_group("11").expect("a name that is a number comes first"), 12);
        assert_eq!(database.find_group("nobody"), Err("there is no group `nobody`".to_owned()));
    }

    #[test]
    fn a_password_and_an_expiry_are_those_of_the_shadow_file() {
        let (root, database) = system("", "");
        assert_eq!(database.shadow("alice").expect("no file is no error"), None);
        let text = "alice:$6$x$y:19000:0:99999:7::21914:\nbob:!:19000::::::\nbroken\n";
        fs::write(root.path().join("etc/shadow"), text).expect("written");
        let alice = database.shadow("alice").expect("readable").expect("known");
        assert_eq!((alice.password.reveal().as_str(), alice.expiry), ("$6$x$y", Expiry::Day(21914)));
        assert_eq!(database.shadow("bob").expect("readable").map(|bob| bob.expiry), Some(Expiry::Never));
        assert!(!format!("{alice:?}").contains("$6$"), "it is secret");
    }

    #[test]
    fn a_changed_file_is_read_again() {
        let (root, database) = system("", "");
        assert_eq!(database.user("bob").expect("readable"), None);
        let file = root.path().join("etc/passwd");
        fs::write(root.path().join("etc/new"), "bob:x:1:2::/:\n").expect("written");
        fs::rename(root.path().join("etc/new"), file).expect("renamed");
        assert_eq!(database.user("bob").expect("readable").map(|user| user.uid), Some(1));
    }

    #[test]
    fn other_sources_are_asked_only_where_there_are_some() {
        let sources = Sources::parse("passwd: files systemd # x\ngroup: files [NOTFOUND=return]\n#shadow: ldap\n");
        assert!(sources.has_foreign("passwd") && !sources.has_foreign("group") && !sources.has_foreign("shadow"));
    }
}
