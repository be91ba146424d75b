//! Users and groups in memory.

use super::{SimHost, World};
use crate::host::{Account, AccountChange, Accounts, Group, GroupChange, Shadow};
use crate::{BoxFuture, Error, Result};
use std::path::PathBuf;

/// The first number that is given to a user or group without one.
const FIRST_NUMBER: u32 = 1000;

/// The first number that is given to a user of the system without one.
const FIRST_SYSTEM_NUMBER: u32 = 100;

impl World {
    /// Puts a user there. Not noted as a change.
    pub fn put_user(&mut self, name: &str, uid: u32, gid: u32) -> &mut Account {
        let account = Account {
            name: name.to_owned(),
            uid,
            gid,
            home: PathBuf::from("/home").join(name),
            shell: "/bin/sh".to_owned(),
            ..Account::default()
        };
        self.users.entry(name.to_owned()).insert_entry(account).into_mut()
    }

    /// Puts a group there. Not noted as a change.
    pub fn put_group(&mut self, name: &str, gid: u32) -> &mut Group {
        let group = Group { name: name.to_owned(), gid, members: Vec::new() };
        self.groups.entry(name.to_owned()).insert_entry(group).into_mut()
    }

    /// The user as the databases tell it: with the name of the group, and the other groups by who lists it.
    fn account(&self, account: &Account) -> Account {
        let group = self.groups.values().find(|group| group.gid == account.gid).map(|group| group.name.clone());
        let listed = self.groups.values().filter(|group| group.members.contains(&account.name));
        Account { group, groups: listed.map(|group| group.name.clone()).collect(), ..account.clone() }
    }

    fn set_user(&mut self, mut account: Account, change: &AccountChange) -> Result<()> {
        let gid_of = |world: &World, name: &String| {
            let group = world.groups.get(name);
            group.map(|group| group.gid).ok_or_else(|| Error::failed(format!("group `{name}` does not exist")))
        };
        if let Some(uid) = change.uid {
            let is_taken = self.users.values().any(|it| it.uid == uid && it.name != account.name);
            if is_taken && !change.duplicate_uid {
                return Err(Error::failed(format!("the number {uid} is taken")));
            }
            account.uid = uid;
        }
        account.gid = change.gid.unwrap_or(account.gid);
        if let Some(name) = &change.group {
            account.gid = gid_of(self, name)?;
        }
        if let Some(home) = &change.home {
            account.home.clone_from(home);
        }
        if let Some(shell) = &change.shell {
            account.shell.clone_from(shell);
        }
        if let Some(comment) = &change.comment {
            account.comment.clone_from(comment);
        }
        let shadow = self.shadows.entry(account.name.clone()).or_default();
        if let Some(password) = &change.password {
            shadow.password = password.clone();
        }
        shadow.expiry = change.expiry.unwrap_or(shadow.expiry);
        if let Some(groups) = &change.groups {
            for name in groups {
                gid_of(self, name)?;
            }
            for group in self.groups.values_mut() {
                group.members.retain(|member| *member != account.name);
                if groups.contains(&group.name) {
                    group.members.push(account.name.clone());
                    group.members.sort();
                }
            }
        }
        self.users.insert(account.name.clone(), account);
        Ok(())
    }

    fn free_number(&self, system: bool) -> u32 {
        let taken = |number: &u32| {
            self.users.values().any(|it| it.uid == *number) || self.groups.values().any(|it| it.gid == *number)
        };
        let first = if system { FIRST_SYSTEM_NUMBER } else { FIRST_NUMBER };
        (first..).find(|number| !taken(number)).unwrap_or(first)
    }
}

impl Accounts for SimHost {
    fn user(&self, name: &str) -> Result<Option<Account>> {
        let world = self.world();
        Ok(world.users.get(name).map(|account| world.account(account)))
    }

    fn user_of(&self, uid: u32) -> Result<Option<Account>> {
        let world = self.world();
        Ok(world.users.values().find(|it| it.uid == uid).map(|account| world.account(account)))
    }

    fn shadow(&self, name: &str) -> Result<Option<Shadow>> {
        let world = self.world();
        Ok(world.users.get(name).map(|_| world.shadows.get(name).cloned().unwrap_or_default()))
    }

    fn group(&self, name: &str) -> Result<Option<Group>> {
        Ok(self.world().groups.get(name).cloned())
    }

    fn group_of(&self, gid: u32) -> Result<Option<Group>> {
        Ok(self.world().groups.values().find(|it| it.gid == gid).cloned())
    }

    fn users_of_group(&self, gid: u32) -> Result<Vec<String>> {
        Ok(self.world().users.values().filter(|user| user.gid == gid).map(|user| user.name.clone()).collect())
    }

    fn add_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("add user {name}"))?;
            let number = world.free_number(change.system);
            let has_group = change.gid.is_some() || change.group.is_some();
            if !has_group && world.groups.contains_key(name) {
                return Err(Error::failed(format!("group `{name}` exists")));
            }
            let account = Account {
                name: name.to_owned(),
                uid: number,
                gid: number,
                home: PathBuf::from("/home").join(name),
                shell: "/bin/sh".to_owned(),
                ..Account::default()
            };
            world.set_user(account, change)?;
            if change.create_home {
                let home = world.users.get(name).map(|account| account.home.display().to_string());
                let owner = world.users.get(name).map_or(0, |account| account.uid);
                world.put_folder(&home.unwrap_or_default(), 0o700).owner = owner;
            }
            if !has_group {
                world.put_group(name, number);
            }
            Ok(())
        })
    }

    fn change_user<'a>(&'a self, name: &'a str, change: &'a AccountChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            let account = world.users.get(name).cloned();
            let account = account.ok_or_else(|| Error::failed(format!("user `{name}` does not exist")))?;
            world.change(format!("change user {name}"))?;
            world.set_user(account, change)?;
            Ok(())
        })
    }

    fn remove_user<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("remove user {name}"))?;
            world.users.remove(name);
            world.shadows.remove(name);
            world.groups.values_mut().for_each(|group| group.members.retain(|member| member != name));
            Ok(())
        })
    }

    fn add_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("add group {name}"))?;
            let gid = change.gid.unwrap_or_else(|| world.free_number(change.system));
            world.put_group(name, gid);
            Ok(())
        })
    }

    fn change_group<'a>(&'a self, name: &'a str, change: &'a GroupChange) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            if !world.groups.contains_key(name) {
                return Err(Error::failed(format!("group `{name}` does not exist")));
            }
            world.change(format!("change group {name}"))?;
            if let Some(group) = world.groups.get_mut(name) {
                group.gid = change.gid.unwrap_or(group.gid);
            }
            Ok(())
        })
    }

    fn remove_group<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("remove group {name}"))?;
            world.groups.remove(name);
            Ok(())
        })
    }
}
