//! Asks resources what more they bring than they say, for automatic edges: the files of packages, for instance.

use futures_util::future::join_all;
use plan::{Plan, Planned};
use resource::{AnyResource, BoxFuture, Host, Identity, Key};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a resource has to answer: without an answer it has fewer edges.
const PATIENCE: Duration = Duration::from_secs(10);

/// What resources answered, in the order in which they were asked.
pub(crate) type Discovered = Vec<Answer>;

/// What a resource brings.
type Answer = (Key, Vec<Identity>);

/// Who is to be asked.
pub(crate) type Asked = Vec<(Key, Arc<dyn AnyResource>)>;

/// Who of the resources that are new in a plan has anything to say.
pub(crate) fn new_in(plan: &mut Plan, host: &Host) -> Asked {
    plan.undiscovered(|resource| resource.discover(host).is_some())
}

/// Who of a vertex has anything to say: the resource, or members of a group.
pub(crate) fn of_vertex(planned: &Planned, host: &Host) -> Asked {
    if planned.resource.discover(host).is_none() {
        return Vec::new();
    }
    match planned.members.as_slice() {
        [] => vec![(planned.key.clone(), Arc::clone(&planned.resource))],
        members => members.iter().map(|it| (it.key.clone(), Arc::clone(&it.resource))).collect(),
    }
}

/// Asks. Who cannot answer is left out: what it brought before stays known.
pub(crate) async fn ask(asked: Asked, host: Host) -> Discovered {
    let mut answers: Vec<BoxFuture<'static, Option<Answer>>> = Vec::with_capacity(asked.len());
    for (key, resource) in asked {
        answers.push(Box::pin(answer(key, resource, host.clone())));
    }
    join_all(answers).await.into_iter().flatten().collect()
}

async fn answer(key: Key, resource: Arc<dyn AnyResource>, host: Host) -> Option<Answer> {
    match timeout(PATIENCE, resource.discover(&host)?).await {
        Ok(Ok(found)) => Some((key, found)),
        Ok(Err(error)) => {
            tracing::warn!(%key, error = error.chain(), "What it brings cannot be told: edges may be missing");
            None
        }
        Err(_) => {
            tracing::warn!(%key, "What it brings is not told in time: edges may be missing");
            None
        }
    }
}
