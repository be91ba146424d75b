//! Time, logs and values in memory.

use super::SimHost;
use crate::host::{Candidacy, Clock, Exchange, Journal, Local, Priority};
use crate::{BoxFuture, Key, Result};
use value::Value;

/// Something that was written to a log or shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// In the journal, with further fields.
    Journal(Priority, String, Vec<(String, String)>),
    /// In syslog.
    Syslog(Priority, String),
    /// Shown to whoever runs the program: by whom, and what.
    Shown(String, String),
}

impl Clock for SimHost {
    fn now(&self) -> u64 {
        self.world().now
    }
}

impl Journal for SimHost {
    fn journal<'a>(
        &'a self,
        priority: Priority,
        message: &'a str,
        fields: &'a [(String, String)],
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change("journal")?;
            world.log.push(Entry::Journal(priority, message.to_owned(), fields.to_vec()));
            Ok(())
        })
    }

    fn syslog<'a>(&'a self, priority: Priority, message: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change("syslog")?;
            world.log.push(Entry::Syslog(priority, message.to_owned()));
            Ok(())
        })
    }

    fn show(&self, source: &str, message: &str) {
        self.world().log.push(Entry::Shown(source.to_owned(), message.to_owned()));
    }
}

impl Local for SimHost {
    fn value(&self, key: &str) -> Result<Option<Value>> {
        Ok(self.world().local.get(key).cloned())
    }

    fn set_value(&self, key: &str, value: Option<Value>) -> Result<()> {
        let mut world = self.world();
        world.change(format!("set value {key}"))?;
        match value {
            Some(value) => _ = world.local.insert(key.to_owned(), value),
            None => _ = world.local.remove(key),
        }
        Ok(())
    }

    /// The same bytes each time: a test must be repeatable.
    fn random(&self, count: usize) -> Result<Vec<u8>> {
        Ok((0..=u8::MAX).cycle().take(count).collect())
    }

    fn exit(&self, code: i32) {
        let mut world = self.world();
        // It cannot fail, so there is nobody to tell.
        if world.change(format!("exit {code}")).is_ok() {
            world.exit = Some(code);
        }
    }
}

impl Exchange for SimHost {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(async move { Ok(self.world().exchange.get(key).cloned()) })
    }

    fn set<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("set key {key}"))?;
            match value {
                Some(value) => _ = world.exchange.insert(key.to_owned(), value.to_owned()),
                None => _ = world.exchange.remove(key),
            }
            Ok(())
        })
    }

    fn get_mapped<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(async move { Ok(self.world().mapped.get(key).cloned()) })
    }

    fn set_mapped<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("set mapped key {key}"))?;
            match value {
                Some(value) => _ = world.mapped.insert(key.to_owned(), value.to_owned()),
                None => _ = world.mapped.remove(key),
            }
            Ok(())
        })
    }

    fn candidacy<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Result<Option<Candidacy>>> {
        Box::pin(async move { Ok(self.world().candidacies.get(namespace).cloned()) })
    }

    fn stand<'a>(&'a self, _of: Key, namespace: &'a str, candidacy: &'a Candidacy) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("stand in {namespace}"))?;
            world.candidacies.insert(namespace.to_owned(), candidacy.clone());
            Ok(())
        })
    }

    fn withdraw<'a>(&'a self, _of: Key, namespace: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut world = self.world();
            world.change(format!("withdraw from {namespace}"))?;
            world.candidacies.remove(namespace);
            Ok(())
        })
    }
}
