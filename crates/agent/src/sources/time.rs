//! Sources that are time.

use super::{Outlet, Surroundings, fatal};
use jiff::Zoned;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
use value::Value;

fn seconds(around: &Surroundings) -> Value {
    Value::Int(i64::try_from(around.host.clock.now()).unwrap_or(i64::MAX))
}

pub(super) async fn clock(around: &Surroundings, every: u64, outlet: &Outlet) {
    let period = Duration::from_millis(every.max(1));
    let mut ticks = interval_at(Instant::now() + period, period);
    // After a pause of the machine there is one tick, not one for each that was missed.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        outlet.value(seconds(around));
        ticks.tick().await;
    }
}

pub(super) async fn midnight(around: &Surroundings, outlet: &Outlet) {
    loop {
        outlet.value(seconds(around));
        let now = Zoned::now();
        let next = now.tomorrow().and_then(|it| it.start_of_day());
        let Ok(next) = next else {
            outlet.send(fatal("the local time zone has no next midnight"));
            return;
        };
        // A change of the clock makes this wait too long or too short: look again every hour.
        let left = u64::try_from(now.duration_until(&next).as_secs()).unwrap_or(0) + 1;
        sleep(Duration::from_secs(left.min(3600))).await;
    }
}

pub(super) async fn later(after: u64, value: Value, outlet: &Outlet) {
    sleep(Duration::from_millis(after)).await;
    outlet.value(value);
}

pub(super) async fn cycle(every: u64, values: &[Value], outlet: &Outlet) {
    if values.is_empty() {
        return;
    }
    for value in values.iter().cycle() {
        outlet.value(value.clone());
        pause(every).await;
    }
}

pub(super) async fn sequence(every: u64, values: Vec<Value>, outlet: &Outlet) {
    for value in values {
        outlet.value(value);
        pause(every).await;
    }
}

pub(super) async fn count(outlet: &Outlet) {
    for number in 0.. {
        outlet.value(Value::Int(number));
        pause(0).await;
    }
}

/// "As fast as they are taken" still leaves room for everything else.
async fn pause(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds.max(1))).await;
}
