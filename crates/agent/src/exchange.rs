//! Values that hosts share, for kinds: [`resource::host::Exchange`] on a store.

use resource::host::Exchange;
use resource::{BoxFuture, Error, Result};
use store::World;

/// Values that hosts share.
pub(crate) struct StoreExchange {
    world: World,
    hostname: String,
}

impl StoreExchange {
    pub(crate) fn new(world: World, hostname: String) -> StoreExchange {
        StoreExchange { world, hostname }
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
}
