//! Sources that are time.

use super::{Outlet, Surroundings, fatal};
use jiff::{Timestamp, Zoned};
use std::time::Duration;
use tokio::time::sleep;
use value::Value;

fn seconds(around: &Surroundings) -> Value {
    Value::Int(i64::try_from(around.host.clock.now()).unwrap_or(i64::MAX))
}

/// Every clock of a period tells the same moments, so that a program with several of them computes once for each.
pub(super) async fn clock(around: &Surroundings, every: u64, outlet: &Outlet) {
    loop {
        outlet.value(seconds(around));
        sleep(until_next(every, Timestamp::now().as_millisecond())).await;
    }
}

/// How long it is until the next full period since 1970, and a moment more, so that a timer that is early is not before it.
fn until_next(every: u64, now: i64) -> Duration {
    let every = i64::try_from(every.max(1)).unwrap_or(i64::MAX);
    let left = every - now.rem_euclid(every);
    Duration::from_millis(u64::try_from(left).unwrap_or(0) + 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_a_period_meet_at_its_full_moments() {
        for (every, now, wait) in
            [(1000, 5_000, 1001), (1000, 5_999, 2), (1000, -1, 2), (60_000, 61_500, 58_501), (0, 7, 2)]
        {
            assert_eq!(until_next(every, now), Duration::from_millis(wait), "{every} ms at {now}");
        }
    }
}
