//! Sources that are values of this host, or shared by hosts.

use super::{Again, Outlet, Surroundings, fatal};
use resource::Watch;
use std::time::Duration;
use store::Exported;
use store::schedule::{Candidate, Rules};
use tokio::time::timeout;
use value::{Failure, Str, Value};

pub(super) async fn local(around: &Surroundings, key: &Str, again: &mut Again, outlet: &Outlet) {
    let key = key.to_text().into_owned();
    let signal = around.signals.watch(vec![Watch::Local(key.clone())]).await;
    loop {
        outlet.send(match around.host.local.value(&key) {
            Ok(Some(value)) => Ok(Value::structure([("value", value), ("ready", Value::Bool(true))])),
            Ok(None) => Ok(Value::structure([("ready", Value::Bool(false))])),
            Err(error) => fatal(error.chain()),
        });
        again.or(signal.changed()).await;
    }
}

/// Responses are kept as values of this host, under names that no `value` resource has.
pub(super) async fn response(around: &Surroundings, name: &Str, again: &mut Again, outlet: &Outlet) {
    let key = format!("http:client/{name}");
    let signal = around.signals.watch(vec![Watch::Local(key.clone())]).await;
    loop {
        outlet.send(match around.host.local.value(&key) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Ok(Value::structure([("status", Value::Int(0)), ("output", Value::str(""))])),
            Err(error) => fatal(error.chain()),
        });
        again.or(signal.changed()).await;
    }
}

pub(super) async fn store_value(around: &Surroundings, key: &Str, again: &mut Again, outlet: &Outlet) {
    let key = key.to_text();
    let mut changes = match around.world.watch_value(&key).await {
        Ok(changes) => changes,
        Err(error) => return outlet.send(fatal(error.to_string())),
    };
    loop {
        let found = around.world.value(&key).await.map_err(|error| Failure::fatal(error.to_string()));
        outlet.send(found.map(|value| {
            let exists = Value::Bool(value.is_some());
            Value::structure([("value", Value::str(value.unwrap_or_default())), ("exists", exists)])
        }));
        if matches!(again.or(changes.next()).await, Some(None)) {
            return;
        }
    }
}

pub(super) async fn store_map(around: &Surroundings, namespace: &Str, again: &mut Again, outlet: &Outlet) {
    let namespace = namespace.to_text();
    let mut changes = match around.world.watch_host_values(&namespace).await {
        Ok(changes) => changes,
        Err(error) => return outlet.send(fatal(error.to_string())),
    };
    loop {
        let found = around.world.host_values(&namespace).await.map_err(|error| Failure::fatal(error.to_string()));
        outlet.send(
            found.map(|values| {
                Value::map(values.into_iter().map(|(host, value)| (Value::str(host), Value::str(value))))
            }),
        );
        if matches!(again.or(changes.next()).await, Some(None)) {
            return;
        }
    }
}

pub(super) async fn schedule(around: &Surroundings, namespace: &Str, rules: Rules, again: &mut Again, outlet: &Outlet) {
    let namespace = namespace.to_text();
    let mut changes = match around.world.watch_candidates(&namespace).await {
        Ok(changes) => changes,
        Err(error) => return outlet.send(fatal(error.to_string())),
    };
    let mut told = None;
    loop {
        let now = around.host.clock.now();
        let mut until = None;
        outlet.send(match around.world.candidates(&namespace, now).await {
            Ok(candidates) => {
                until = candidates.until;
                chosen(&candidates.standing, rules, &namespace, &mut told)
            }
            Err(error) => fatal(error.to_string()),
        });
        let happens = async {
            match until {
                // The clock may be set meanwhile: then it is looked once more than needed, or after a while.
                Some(until) => timeout(Duration::from_secs(until.saturating_sub(now).min(60)), changes.next()).await,
                None => Ok(changes.next().await),
            }
        };
        if matches!(again.or(happens).await, Some(Ok(None))) {
            return;
        }
    }
}

/// Who is chosen in a schedule. That its candidates do not agree is told once for each whose word counts.
fn chosen(
    candidates: &[Candidate],
    rules: Rules,
    namespace: &str,
    told: &mut Option<String>,
) -> Result<Value, Failure> {
    let choice = match store::schedule::choose(candidates, rules) {
        Ok(choice) => choice,
        Err(error) => return fatal(format!("nobody is chosen in the schedule `{namespace}`: {error}")),
    };
    if let Some(host) = &choice.disputed
        && *told != choice.disputed
    {
        tracing::warn!(
            namespace,
            "Candidates of a schedule ask for different choices: the last word is that of `{host}`"
        );
    }
    *told = choice.disputed;
    Ok(Value::list(choice.hosts.into_iter().map(Value::str)))
}

pub(super) async fn exports(
    around: &Surroundings,
    kind: &Str,
    filter: Option<Vec<(Str, Str)>>,
    again: &mut Again,
    outlet: &Outlet,
) {
    let kind = kind.to_text();
    let mut changes = match around.world.watch_exports(&kind).await {
        Ok(changes) => changes,
        Err(error) => return outlet.send(fatal(error.to_string())),
    };
    let wanted = |it: &Exported| match &filter {
        None => true,
        Some(pairs) => pairs
            .iter()
            .any(|(name, host)| (name.is_empty() || *name == *it.name) && (host.is_empty() || *host == *it.host)),
    };
    loop {
        let found = around.world.exports(&kind).await.map_err(|error| Failure::fatal(error.to_string()));
        outlet.send(found.map(|exports| {
            Value::list(exports.into_iter().filter(wanted).map(|it| {
                let (name, host, data) = (Value::str(it.name), Value::str(it.host), Value::str(it.data));
                Value::structure([("name", name), ("host", host), ("data", data)])
            }))
        }));
        if matches!(again.or(changes.next()).await, Some(None)) {
            return;
        }
    }
}
