//! Values that hosts share, for kinds: [`resource::host::Exchange`] on a store.

use crate::candidacies::Candidacies;
use resource::host::{Candidacy, Exchange};
use resource::{BoxFuture, Error, Key, Result};
use store::World;

/// Values that hosts share.
pub(crate) struct StoreExchange {
    world: World,
    hostname: String,
    candidacies: Candidacies,
}

impl StoreExchange {
    pub(crate) fn new(world: World, hostname: String, candidacies: Candidacies) -> StoreExchange {
        StoreExchange { world, hostname, candidacies }
    }
}

fn failed(action: &'static str) -> impl FnOnce(store::Error) -> Error {
    move |error| Error::caused(action, error)
}

impl Exchange for StoreExchange {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(async move { self.world.value(key).await.map_err(failed("cannot read the shared value")) })
    }

    fn set<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.world.set_value(key, value).await.map_err(failed("cannot set the shared value")) })
    }

    fn get_mapped<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(async move {
            let values = self.world.host_values(key).await.map_err(failed("cannot read the shared value"))?;
            Ok(values.get(&self.hostname).cloned())
        })
    }

    fn set_mapped<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> BoxFuture<'a, Result<()>> {
        Box::pin(
            async move { self.world.set_host_value(key, value).await.map_err(failed("cannot set the shared value")) },
        )
    }

    fn candidacy<'a>(&'a self, namespace: &'a str) -> BoxFuture<'a, Result<Option<Candidacy>>> {
        Box::pin(async move {
            let said = self.candidacies.current(namespace).await;
            said.map_err(failed("cannot read whether this host is a candidate"))
        })
    }

    fn stand<'a>(&'a self, of: Key, namespace: &'a str, says: &'a Candidacy) -> BoxFuture<'a, Result<()>> {
        let (candidacies, namespace, says) = (self.candidacies.clone(), namespace.to_owned(), says.clone());
        to_its_end("cannot become a candidate", async move { candidacies.stand(of, &namespace, &says).await })
    }

    fn withdraw<'a>(&'a self, of: Key, namespace: &'a str) -> BoxFuture<'a, Result<()>> {
        let (candidacies, namespace) = (self.candidacies.clone(), namespace.to_owned());
        to_its_end("cannot be no candidate any more", async move {
            candidacies.withdraw(of, &namespace).await.map(|()| true)
        })
    }
}

/// Work that is done as a whole, also where the run that asked for it is dropped meanwhile: what the store is told next must
/// not come before it. Without success where it is too late for it.
fn to_its_end(
    action: &'static str,
    work: impl Future<Output = store::Result<bool>> + Send + 'static,
) -> BoxFuture<'static, Result<()>> {
    let work = tokio::spawn(work);
    Box::pin(async move {
        match work.await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(failed(action)(error)),
            // The runtime is about to end.
            Ok(Ok(false)) | Err(_) => Err(Error::Interrupted),
        }
    })
}
