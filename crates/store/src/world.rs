//! What hosts share, written once on the interface of a store: values, values for each host, exported resources.

use crate::{Entry, Result, Revision, Store, Watching, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every key begins with this, so that a store can hold other things too.
pub(crate) const ROOT: &str = "/stead";

/// What hosts share.
#[derive(Clone)]
pub struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hostname: Arc<str>,
}

/// A resource that a host exported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exported {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The host that exported it.
    pub host: String,
    /// The stored form.
    pub data: String,
}

impl World {
    /// What hosts share through a store, as one host sees it.
    pub fn new(store: Arc<dyn Store>, hostname: &str) -> World {
        World { store, hostname: hostname.into() }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn value(&self, key: &str) -> Result<Option<String>> {
        Ok(self.store.get(&value_key(key)).await?.map(|entry| text(&entry)))
    }

    /// Sets or removes the value of a key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn set_value(&self, key: &str, value: Option<&str>) -> Result<()> {
        self.write(value_key(key), value).await
    }

    /// The values that hosts have in a namespace, by host.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn host_values(&self, namespace: &str) -> Result<BTreeMap<String, String>> {
        let prefix = host_prefix(namespace);
        let (_, entries) = self.store.range(&prefix).await?;
        Ok(entries.iter().map(|entry| (unescape(&entry.key[prefix.len()..]), text(entry))).collect())
    }

    /// Sets or removes the value of this host in a namespace.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn set_host_value(&self, namespace: &str, value: Option<&str>) -> Result<()> {
        self.write(host_prefix(namespace) + &escape(&self.hostname), value).await
    }

    /// The resources of a kind that are addressed to this host, sorted by name and host.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn exports(&self, kind: &str) -> Result<Vec<Exported>> {
        let prefix = export_prefix(kind);
        let (_, entries) = self.store.range(&prefix).await?;
        let mut found: Vec<Exported> = Vec::new();
        for entry in &entries {
            let parts: Vec<String> = entry.key[prefix.len()..].split('/').map(unescape).collect();
            let [to, host, name] = parts.as_slice() else { continue };
            if to == "*" || **to == *self.hostname {
                let (kind, name, host) = (kind.to_owned(), name.clone(), host.clone());
                found.push(Exported { kind, name, host, data: text(entry) });
            }
        }
        found.sort_by(|a, b| (&a.name, &a.host, &a.data).cmp(&(&b.name, &b.host, &b.data)));
        // Exported to all and to this host by name is one export.
        found.dedup_by(|a, b| (&a.name, &a.host) == (&b.name, &b.host));
        Ok(found)
    }

    /// Exports a resource of this host: to each host its data, and to no others any more. What is so already is not
    /// written: whoever follows it is not woken.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn export(&self, kind: &str, name: &str, to: &BTreeMap<String, String>) -> Result<()> {
        let mut wanted: BTreeMap<String, &str> =
            to.iter().map(|(to, data)| (self.export_key(kind, to, name), data.as_str())).collect();
        let mut writes = Vec::new();
        for entry in self.own_exports(kind, name).await? {
            match wanted.get(&entry.key) {
                Some(data) if data.as_bytes() == &*entry.value => _ = wanted.remove(&entry.key),
                Some(_) => {}
                None => writes.push(Write::Delete(entry.key)),
            }
        }
        writes.extend(wanted.into_iter().map(|(key, data)| Write::Put(key, data.as_bytes().to_vec())));
        if writes.is_empty() { Ok(()) } else { self.store.commit(Vec::new(), writes).await.map(|_| ()) }
    }

    /// The resources that this host exports: kind and name.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn exported(&self) -> Result<BTreeSet<(String, String)>> {
        let prefix = format!("{ROOT}/exports/");
        let (_, entries) = self.store.range(&prefix).await?;
        let parts = entries.iter().map(|entry| entry.key[prefix.len()..].split('/').map(unescape).collect::<Vec<_>>());
        let own = parts.filter_map(|parts| match parts.as_slice() {
            [kind, _, host, name] if **host == *self.hostname => Some((kind.clone(), name.clone())),
            _ => None,
        });
        Ok(own.collect())
    }

    /// Changes to the value of a key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn watch_value(&self, key: &str) -> Result<Watching> {
        self.watch(&value_key(key)).await
    }

    /// Changes to the values in a namespace.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn watch_host_values(&self, namespace: &str) -> Result<Watching> {
        self.watch(&host_prefix(namespace)).await
    }

    /// Changes to the exported resources of a kind.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn watch_exports(&self, kind: &str) -> Result<Watching> {
        self.watch(&export_prefix(kind)).await
    }

    /// Changes from now on: whoever reads after this misses nothing.
    pub(crate) async fn watch(&self, prefix: &str) -> Result<Watching> {
        let (now, _): (Revision, _) = self.store.range(prefix).await?;
        self.store.watch(prefix, now).await
    }

    async fn write(&self, key: String, value: Option<&str>) -> Result<()> {
        let write = match value {
            Some(value) => Write::Put(key, value.as_bytes().to_vec()),
            None => Write::Delete(key),
        };
        self.store.commit(Vec::new(), vec![write]).await.map(|_| ())
    }

    async fn own_exports(&self, kind: &str, name: &str) -> Result<Vec<Entry>> {
        let (_, entries) = self.store.range(&export_prefix(kind)).await?;
        let end = format!("/{}/{}", escape(&self.hostname), escape(name));
        Ok(entries.into_iter().filter(|entry| entry.key.ends_with(&end)).collect())
    }

    fn export_key(&self, kind: &str, to: &str, name: &str) -> String {
        format!("{}{}/{}/{}", export_prefix(kind), escape(to), escape(&self.hostname), escape(name))
    }
}

fn value_key(key: &str) -> String {
    format!("{ROOT}/values/{}", escape(key))
}

fn host_prefix(namespace: &str) -> String {
    format!("{ROOT}/host-values/{}/", escape(namespace))
}

fn export_prefix(kind: &str) -> String {
    format!("{ROOT}/exports/{}/", escape(kind))
}

fn text(entry: &Entry) -> String {
    String::from_utf8_lossy(&entry.value).into_owned()
}

/// A part of a key: without slashes, and every text has one of its own.
pub(crate) fn escape(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2f")
}

pub(crate) fn unescape(part: &str) -> String {
    part.replace("%2f", "/").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Memory;

    #[tokio::test]
    async fn an_export_reaches_the_hosts_that_it_names_and_no_others() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let host = |name: &str| World::new(Arc::clone(&store), name);
        let (a, b, c) = (host("a"), host("b"), host("c"));
        let to = |hosts: &[&str], data: &str| hosts.iter().map(|host| ((*host).to_owned(), data.to_owned())).collect();
        a.export("file", "/etc/x", &to(&["b"], "1")).await?;
        assert_eq!(b.exports("file").await?.len(), 1);
        assert_eq!(c.exports("file").await?, []);
        a.export("file", "/etc/x", &to(&["*", "c"], "2")).await?;
        let seen: Vec<_> = c.exports("file").await?.into_iter().map(|it| (it.name, it.host, it.data)).collect();
        assert_eq!(seen, [("/etc/x".to_owned(), "a".to_owned(), "2".to_owned())]);
        let revision = store.range("").await?.0;
        a.export("file", "/etc/x", &to(&["*", "c"], "2")).await?;
        assert_eq!(store.range("").await?.0, revision, "what is exported already is not written");
        assert_eq!(a.exported().await?.into_iter().collect::<Vec<_>>(), [("file".to_owned(), "/etc/x".to_owned())]);
        assert!(b.exported().await?.is_empty());
        a.export("file", "/etc/x", &BTreeMap::new()).await?;
        assert_eq!((b.exports("file").await?, c.exports("file").await?), (vec![], vec![]));
        Ok(())
    }

    #[tokio::test]
    async fn each_host_has_its_own_value_in_a_namespace() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let (a, b) = (World::new(Arc::clone(&store), "a"), World::new(store, "b/%2f"));
        a.set_host_value("ns", Some("1")).await?;
        b.set_host_value("ns", Some("2")).await?;
        let values = a.host_values("ns").await?;
        assert_eq!(values.into_iter().collect::<Vec<_>>(), [("a".into(), "1".into()), ("b/%2f".into(), "2".into())]);
        Ok(())
    }
}
