//! What every store must do, run against each of them.

use std::sync::Arc;
use store::{Compare, Error, Event, Local, Memory, Revision, Store, Write};

type Anything = Result<(), Box<dyn std::error::Error>>;

fn put(key: &str, value: &str) -> Write {
    Write::Put(key.to_owned(), value.as_bytes().to_vec())
}

fn delete(key: &str) -> Write {
    Write::Delete(key.to_owned())
}

/// Runs a check against every store.
async fn everywhere<F: Future<Output = Anything>>(check: impl Fn(Arc<dyn Store>) -> F) -> Anything {
    check(Arc::new(Memory::default())).await?;
    let folder = tempfile::tempdir()?;
    check(Arc::new(Local::open(&folder.path().join("store"))?)).await
}

#[tokio::test]
async fn what_was_put_is_there_until_it_is_deleted() -> Anything {
    everywhere(|store| async move {
        store.commit(vec![], vec![put("/a/1", "x"), put("/a/2", "y"), put("/b", "z")]).await?;
        let (_, found) = store.range("/a/").await?;
        assert_eq!(found.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["/a/1", "/a/2"]);
        store.commit(vec![], vec![delete("/a/1"), delete("/none")]).await?;
        assert_eq!(store.get("/a/1").await?, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_commit_that_changes_nothing_has_no_revision() -> Anything {
    everywhere(|store| async move {
        let first = store.commit(vec![], vec![put("/a", "x")]).await?;
        let second = store.commit(vec![], vec![put("/a", "x"), delete("/none")]).await?;
        assert_eq!((first.revision, second.revision, second.succeeded), (Revision(1), Revision(1), true));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_transaction_is_made_whole_or_not_at_all() -> Anything {
    everywhere(|store| async move {
        let made = store.commit(vec![Compare::Missing("/a".into())], vec![put("/a", "1"), put("/b", "1")]).await?;
        assert!(made.succeeded);
        let again = store.commit(vec![Compare::Missing("/a".into())], vec![put("/a", "2"), put("/c", "2")]).await?;
        assert!(!again.succeeded && store.get("/c").await?.is_none());
        let at = Compare::ModifiedAt("/a".into(), made.revision);
        assert!(store.commit(vec![at.clone()], vec![put("/a", "3")]).await?.succeeded);
        assert!(!store.commit(vec![at], vec![put("/a", "4")]).await?.succeeded);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_watch_sees_every_change_after_its_revision_once_and_in_order() -> Anything {
    everywhere(|store| async move {
        let seen = store.commit(vec![], vec![put("/a", "1")]).await?.revision;
        store.commit(vec![], vec![put("/a", "2")]).await?;
        let mut watch = store.watch("/a", seen).await?;
        store.commit(vec![], vec![put("/b", "1")]).await?;
        store.commit(vec![], vec![delete("/a")]).await?;
        assert!(matches!(watch.next().await, Some(Event::Put(entry)) if *entry.value == *b"2"));
        assert_eq!(watch.next().await, Some(Event::Delete { key: "/a".into(), revision: Revision(4) }));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_watch_from_long_ago_is_told_that_it_is_too_late() -> Anything {
    let store = Memory::default();
    for at in 0..10_002 {
        store.commit(vec![], vec![put("/a", &at.to_string())]).await?;
    }
    assert!(matches!(store.watch("/a", Revision(0)).await, Err(Error::Compacted(Revision(2)))));
    assert!(store.watch("/a", Revision(2)).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_local_store_keeps_everything_and_belongs_to_one_process() -> Anything {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    let store = Local::open(&path)?;
    store.commit(vec![], vec![put("/a", "1"), put("/b", "1")]).await?;
    store.commit(vec![], vec![put("/a", "2"), delete("/b")]).await?;
    assert!(matches!(Local::open(&path), Err(Error::InUse(_))));
    drop(store);
    let store = Local::open(&path)?;
    let entry = store.get("/a").await?.ok_or("the key was kept")?;
    assert_eq!((&*entry.value, entry.created, entry.modified), (&b"2"[..], Revision(1), Revision(2)));
    assert_eq!(store.range("").await?.1.len(), 1);
    // What happened before the restart is not remembered change by change.
    assert!(matches!(store.watch("/a", Revision(1)).await, Err(Error::Compacted(Revision(2)))));
    Ok(())
}

#[tokio::test]
async fn a_lock_is_kept_until_the_store_is_closed() -> Anything {
    let folder = tempfile::tempdir()?;
    let lock = Arc::new(());
    let store = Local::open_locked(&folder.path().join("store"), Arc::clone(&lock))?;
    store.commit(vec![], vec![put("/a", "1")]).await?;
    assert_eq!(Arc::strong_count(&lock), 2);
    drop(store);
    assert_eq!(Arc::strong_count(&lock), 1);
    Ok(())
}

#[tokio::test]
async fn what_happens_to_a_copy_leaves_the_store_as_it_is() -> Anything {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    Local::open(&path)?.commit(vec![], vec![put("/a", "1")]).await?;
    let before = std::fs::read(&path)?;
    let copy = Local::copy(&path)?;
    assert_eq!(copy.get("/a").await?.map(|it| it.value.to_vec()), Some(b"1".to_vec()));
    copy.commit(vec![], vec![put("/a", "2")]).await?;
    assert_eq!(std::fs::read(&path)?, before);
    Ok(())
}

#[tokio::test]
async fn a_local_store_that_could_not_be_made_whole_is_in_nobodys_way() -> Anything {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store");
    std::fs::write(path.with_extension("new"), "the beginning of a store")?;
    Local::open(&path)?.commit(vec![], vec![put("/a", "1")]).await?;
    assert!(Local::open(&path)?.get("/a").await?.is_some());
    assert!(!path.with_extension("new").exists());

    std::fs::write(&path, "no store at all")?;
    let Err(error) = Local::open(&path) else { return Err("it is no store".into()) };
    assert!(matches!(&error, Error::Unusable { path: named, .. } if *named == path), "{error:?}");
    assert_eq!(std::fs::read(&path)?, b"no store at all", "it is left as it is");
    Ok(())
}
