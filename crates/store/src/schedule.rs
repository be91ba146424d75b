//! Schedules: hosts stand as candidates, and every host finds out by itself, from the same candidacies, who is chosen.
//!
//! Nobody is elected to decide and no decision is kept, so there is nothing that could be out of date, and no host whose
//! loss stops the others. A candidacy is one key; when it was made is when its host joined.

use crate::world::{ROOT, escape, unescape};
use crate::{Compare, Entry, Error, Result, Revision, Store, Watching, World, Write};
use resource::host::{Candidacy, Lasts};
use schema::Strategy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// A host that stands in a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The host.
    pub host: String,
    /// What it says.
    pub says: Candidacy,
    /// When it became a candidate.
    pub since: Revision,
    /// When it said so last.
    pub said: Revision,
}

/// The candidates of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Who stands, sorted by name.
    pub standing: Vec<Candidate>,
    /// When the next of them is none any more, in seconds since 1970, if nothing happens until then.
    pub until: Option<u64>,
}

/// What is chosen by, in place of what the candidates say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// How hosts are chosen.
    pub strategy: Option<Strategy>,
    /// How many at most.
    pub max: Option<i64>,
}

/// Who is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The hosts, sorted.
    pub hosts: Vec<String>,
    /// The candidate whose word counts, where others say something else.
    pub disputed: Option<String>,
}

/// A candidate whose word counts asks for a strategy that is not known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("host `{host}` asks to choose by `{strategy}`, which is not known here; there are `rr` and `alpha`")]
pub struct UnknownStrategy {
    /// The candidate.
    pub host: String,
    /// What it asks for.
    pub strategy: String,
}

/// Chooses hosts. What the rules leave open is as the candidate says who has said something last: whoever edits a program
/// sees that it counts, before all hosts have the new one.
///
/// # Errors
/// Where that one asks for a strategy that is not known here.
pub fn choose(candidates: &[Candidate], rules: Rules) -> std::result::Result<Choice, UnknownStrategy> {
    let Some(last) = candidates.iter().max_by_key(|it| (it.said, &it.host)) else { return Ok(Choice::default()) };
    let strategy = match rules.strategy {
        Some(strategy) => strategy,
        None => Strategy::named(&last.says.strategy)
            .ok_or_else(|| UnknownStrategy { host: last.host.clone(), strategy: last.says.strategy.clone() })?,
    };
    let max = usize::try_from(rules.max.unwrap_or(last.says.max)).unwrap_or(0);
    let differs = |it: &Candidate| {
        (rules.strategy.is_none() && Strategy::named(&it.says.strategy) != Some(strategy))
            || (rules.max.is_none() && it.says.max != last.says.max)
    };
    let disputed = candidates.iter().any(differs).then(|| last.host.clone());
    let mut order: Vec<&Candidate> = candidates.iter().collect();
    match strategy {
        Strategy::FirstCome => order.sort_by_key(|it| (it.since, &it.host)),
        Strategy::ByName => order.sort_by_key(|it| &it.host),
    }
    let mut hosts: Vec<String> = order.into_iter().take(max).map(|it| it.host.clone()).collect();
    hosts.sort();
    Ok(Choice { hosts, disputed })
}

impl World {
    /// What this host has said as a candidate since its agent began, or for ever.
    ///
    /// # Errors
    /// Those of the store, and where it cannot be read.
    pub async fn candidacy(&self, namespace: &str) -> Result<Option<Candidacy>> {
        let place = Place::own(self, namespace);
        match (self.store.get(&place.says()).await?, self.store.get(&place.until()).await?) {
            (Some(says), None) => read(&says).map(Some),
            _ => Ok(None),
        }
    }

    /// Makes this host a candidate, or a candidate who says something else: it keeps its place then.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn stand(&self, namespace: &str, says: &Candidacy, now: u64) -> Result<()> {
        let place = Place::own(self, namespace);
        if let Some(until) = self.store.get(&place.until()).await?
            && read::<u64>(&until).is_ok_and(|until| until <= now)
        {
            // Its place went to others meanwhile.
            self.withdraw(namespace).await?;
        }
        let writes = vec![put(place.says(), says), Write::Delete(place.until())];
        self.store.commit(Vec::new(), writes).await.map(|_| ())
    }

    /// Makes this host no candidate.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn withdraw(&self, namespace: &str) -> Result<()> {
        Place::own(self, namespace).clear(&*self.store).await
    }

    /// The agent of this host ends: its candidacy goes on for as long as it is to outlive that.
    ///
    /// # Errors
    /// Those of the store, and where it cannot be read.
    pub async fn abandon(&self, namespace: &str, now: u64) -> Result<()> {
        let place = Place::own(self, namespace);
        match self.store.get(&place.says()).await? {
            Some(says) => place.abandon(&*self.store, read::<Candidacy>(&says)?.lasts, now).await,
            None => Ok(()),
        }
    }

    /// Who stands in a schedule.
    ///
    /// # Errors
    /// Those of the store, and where a candidacy cannot be read.
    pub async fn candidates(&self, namespace: &str, now: u64) -> Result<Candidates> {
        let (_, entries) = self.store.range(&prefix(namespace)).await?;
        let mut found: BTreeMap<Place, (Option<Entry>, Option<u64>)> = BTreeMap::new();
        for entry in entries {
            match Place::of(&entry.key) {
                Some((place, Part::Says)) => found.entry(place).or_default().0 = Some(entry),
                Some((place, Part::Until)) => found.entry(place).or_default().1 = Some(read(&entry)?),
                None => {}
            }
        }
        let mut candidates = Candidates::default();
        for (Place { host, .. }, (says, until)) in found {
            let Some(entry) = says else { continue };
            if until.is_none_or(|until| until > now) {
                let (since, said, says) = (entry.created, entry.modified, read(&entry)?);
                candidates.standing.push(Candidate { host, says, since, said });
                candidates.until = [candidates.until, until].into_iter().flatten().min();
            }
        }
        Ok(candidates)
    }

    /// Changes to who stands in a schedule.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn watch_candidates(&self, namespace: &str) -> Result<Watching> {
        self.watch(&prefix(namespace)).await
    }

    /// Changes to what this host says as a candidate, and to what hosts say whose names begin with the name of this one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn watch_candidacy(&self, namespace: &str) -> Result<Watching> {
        self.watch(&Place::own(self, namespace).says()).await
    }
}

/// Ends the candidacies of agents that were killed, in a store that one process at a time works with: who has it open knows
/// that all others have ended.
///
/// # Errors
/// Those of the store.
pub async fn abandon_all(store: &dyn Store, now: u64) -> Result<()> {
    let (_, entries) = store.range(&format!("{ROOT}/candidates/")).await?;
    for entry in entries {
        let Some((place, part)) = Place::of(&entry.key) else { continue };
        match part {
            Part::Says => {
                // What cannot be read is left to whoever needs it.
                if let Ok(says) = read::<Candidacy>(&entry) {
                    place.abandon(store, says.lasts, now).await?;
                }
            }
            Part::Until if read(&entry).is_ok_and(|until: u64| until <= now) => place.clear(store).await?,
            Part::Until => {}
        }
    }
    Ok(())
}

/// A host in a schedule. What it says is under one key. Where its agent has ended and it is a candidate for some time more,
/// it is under another one until when: so it goes on to be said when it was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    namespace: String,
    host: String,
}

enum Part {
    Says,
    Until,
}

impl Place {
    fn own(world: &World, namespace: &str) -> Place {
        Place { namespace: namespace.to_owned(), host: world.hostname.to_string() }
    }

    fn of(key: &str) -> Option<(Place, Part)> {
        let parts: Vec<String> =
            key.strip_prefix(ROOT)?.strip_prefix("/candidates/")?.split('/').map(unescape).collect();
        match parts.as_slice() {
            [namespace, host, rest @ ..] => {
                let place = Place { namespace: namespace.clone(), host: host.clone() };
                match rest {
                    [] => Some((place, Part::Says)),
                    [until] if until == "until" => Some((place, Part::Until)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn says(&self) -> String {
        prefix(&self.namespace) + &escape(&self.host)
    }

    fn until(&self) -> String {
        self.says() + "/until"
    }

    async fn clear(&self, store: &dyn Store) -> Result<()> {
        let writes = vec![Write::Delete(self.says()), Write::Delete(self.until())];
        store.commit(Vec::new(), writes).await.map(|_| ())
    }

    async fn abandon(&self, store: &dyn Store, lasts: Lasts, now: u64) -> Result<()> {
        match lasts {
            Lasts::Forever => Ok(()),
            Lasts::Seconds(0) => self.clear(store).await,
            Lasts::Seconds(seconds) => {
                // It may have been abandoned before.
                let new = Compare::Missing(self.until());
                let write = put(self.until(), &now.saturating_add(seconds.into()));
                store.commit(vec![new], vec![write]).await.map(|_| ())
            }
        }
    }
}

fn prefix(namespace: &str) -> String {
    format!("{ROOT}/candidates/{}/", escape(namespace))
}

fn read<T: DeserializeOwned>(entry: &Entry) -> Result<T> {
    serde_json::from_slice(&entry.value).map_err(|_| Error::Garbled { key: entry.key.clone() })
}

fn put(key: String, value: &impl Serialize) -> Write {
    Write::Put(key, serde_json::to_vec(value).expect("texts and numbers can be written as JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Memory;
    use std::sync::Arc;

    fn says(strategy: &str, max: i64) -> Candidacy {
        Candidacy { strategy: strategy.to_owned(), max, lasts: Lasts::Seconds(0) }
    }

    /// Candidates from lines: a host, since when it stands, when it said so last, its strategy, how many.
    fn standing(lines: &[(&str, u64, u64, &str, i64)]) -> Vec<Candidate> {
        let line = |&(host, since, said, strategy, max): &(&str, u64, u64, &str, i64)| Candidate {
            host: host.to_owned(),
            says: says(strategy, max),
            since: Revision(since),
            said: Revision(said),
        };
        lines.iter().map(line).collect()
    }

    fn chosen(lines: &[(&str, u64, u64, &str, i64)]) -> Vec<String> {
        choose(&standing(lines), Rules::default()).expect("the strategies are known").hosts
    }

    #[test]
    fn who_came_first_is_chosen_and_the_chosen_are_sorted_by_name() {
        assert_eq!(chosen(&[("a", 3, 3, "rr", 2), ("b", 2, 2, "rr", 2), ("c", 1, 1, "rr", 2)]), ["b", "c"]);
        assert_eq!(chosen(&[("a", 3, 3, "", 1), ("b", 2, 2, "", 1)]), ["b"], "without a name it is this strategy");
        assert_eq!(chosen(&[("b", 1, 1, "rr", 1), ("a", 1, 1, "rr", 1)]), ["a"], "who came together goes by name");
    }

    #[test]
    fn the_first_by_name_are_chosen_whenever_they_came() {
        assert_eq!(chosen(&[("c", 1, 1, "alpha", 2), ("b", 2, 2, "alpha", 2), ("a", 3, 3, "alpha", 2)]), ["a", "b"]);
    }

    #[test]
    fn no_more_than_there_are_and_nobody_where_none_are_wanted() {
        assert_eq!(chosen(&[]), Vec::<String>::new());
        for (max, count) in [(i64::MIN, 0), (-1, 0), (0, 0), (1, 1), (2, 2), (3, 2), (i64::MAX, 2)] {
            for strategy in Strategy::ALL {
                let hosts = chosen(&[("a", 1, 1, strategy.name(), max), ("b", 2, 2, strategy.name(), max)]);
                assert_eq!(hosts.len(), count, "{strategy} of {max}");
            }
        }
    }

    #[test]
    fn the_last_word_counts_and_that_there_are_others_is_told() {
        let lines = [("a", 1, 9, "alpha", 1), ("b", 2, 2, "rr", 3), ("c", 3, 3, "rr", 3)];
        let choice = choose(&standing(&lines), Rules::default()).expect("the strategies are known");
        assert_eq!(choice, Choice { hosts: vec!["a".into()], disputed: Some("a".into()) });
        let agreed = choose(&standing(&lines[1..]), Rules::default()).expect("the strategies are known");
        assert_eq!(agreed.disputed, None);
        let rules = Rules { strategy: None, max: Some(2) };
        let alike = standing(&[("a", 1, 1, "rr", 1), ("b", 2, 2, "", 5)]);
        let choice = choose(&alike, rules).expect("the strategies are known");
        assert_eq!((choice.hosts.len(), choice.disputed), (2, None), "what nobody asks for is not disputed");
    }

    #[test]
    fn what_the_one_who_asks_says_goes_before_what_candidates_say() {
        let lines = standing(&[("a", 2, 2, "rr", 1), ("b", 1, 1, "rr", 1)]);
        let asked = |strategy, max| choose(&lines, Rules { strategy, max }).expect("they are known").hosts;
        assert_eq!(asked(None, None), ["b"]);
        assert_eq!(asked(Some(Strategy::ByName), None), ["a"]);
        assert_eq!(asked(None, Some(2)), ["a", "b"]);
    }

    #[test]
    fn an_unknown_strategy_is_an_error_only_where_it_counts() {
        let lines = standing(&[("a", 1, 1, "rr", 1), ("b", 2, 2, "by-load", 1)]);
        let error = choose(&lines, Rules::default()).expect_err("nobody knows it");
        assert_eq!((error.host.as_str(), error.strategy.as_str()), ("b", "by-load"));
        assert!(choose(&lines, Rules { strategy: Some(Strategy::ByName), max: None }).is_ok());
        assert!(choose(&standing(&[("a", 1, 3, "rr", 1), ("b", 2, 2, "by-load", 1)]), Rules::default()).is_ok());
    }

    async fn names(world: &World, namespace: &str, now: u64) -> Result<Vec<String>> {
        Ok(world.candidates(namespace, now).await?.standing.into_iter().map(|it| it.host).collect())
    }

    async fn first(world: &World) -> Result<Vec<String>> {
        let candidates = world.candidates("ns", 0).await?;
        Ok(choose(&candidates.standing, Rules::default()).expect("the strategies are known").hosts)
    }

    #[tokio::test]
    async fn hosts_come_and_go_and_everybody_sees_the_same() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let [a, b, c] = ["a", "b/%2f", "c"].map(|host| World::new(Arc::clone(&store), host));
        for host in [&c, &b, &a] {
            host.stand("ns", &says("rr", 2), 0).await?;
        }
        a.stand("other", &says("rr", 2), 0).await?;
        for host in [&a, &b, &c] {
            assert_eq!(first(host).await?, ["b/%2f", "c"]);
        }
        c.withdraw("ns").await?;
        assert_eq!(first(&a).await?, ["a", "b/%2f"]);
        c.stand("ns", &says("rr", 2), 0).await?;
        assert_eq!(first(&a).await?, ["a", "b/%2f"], "who comes back stands at the end");
        b.stand("ns", &says("rr", 1), 0).await?;
        assert_eq!(first(&a).await?, ["b/%2f"], "who says something else keeps its place");
        assert_eq!(a.candidacy("ns").await?, Some(says("rr", 2)));
        assert_eq!((names(&a, "other", 0).await?, c.candidacy("other").await?), (vec!["a".to_owned()], None));
        Ok(())
    }

    #[tokio::test]
    async fn an_agent_that_ends_leaves_what_is_to_outlive_it() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let lasting = |lasts| Candidacy { lasts, ..says("rr", 9) };
        let host = |name: &str| World::new(Arc::clone(&store), name);
        let all = [("a", Lasts::Seconds(0)), ("b", Lasts::Seconds(10)), ("c", Lasts::Forever)];
        for (name, lasts) in all {
            host(name).stand("ns", &lasting(lasts), 100).await?;
        }
        let revision = store.range("").await?.0;
        for (name, _) in all {
            host(name).abandon("ns", 100).await?;
        }
        let b = host("b");
        assert_eq!(names(&b, "ns", 109).await?, ["b", "c"]);
        let left = b.candidates("ns", 109).await?;
        assert_eq!(left.until, Some(110));
        assert!(left.standing.iter().all(|it| it.said <= revision), "nobody has said anything");
        assert_eq!(names(&b, "ns", 110).await?, ["c"]);
        assert_eq!(b.candidacy("ns").await?, None, "it is to be said again");
        assert_eq!(host("c").candidacy("ns").await?, Some(lasting(Lasts::Forever)));
        Ok(())
    }

    #[tokio::test]
    async fn who_comes_back_in_time_has_its_place_and_who_is_late_has_not() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let [a, b] = ["a", "b"].map(|host| World::new(Arc::clone(&store), host));
        let lasting = Candidacy { lasts: Lasts::Seconds(10), ..says("rr", 1) };
        a.stand("ns", &lasting, 0).await?;
        b.stand("ns", &lasting, 0).await?;
        for (back, chosen) in [(9, "a"), (10, "b")] {
            a.abandon("ns", 0).await?;
            a.stand("ns", &lasting, back).await?;
            assert_eq!(first(&b).await?, [chosen], "back after {back} s");
            assert_eq!(names(&b, "ns", 1000).await?, ["a", "b"]);
        }
        Ok(())
    }

    #[tokio::test]
    async fn candidacies_of_killed_agents_end_as_if_they_had_ended_now() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let host = |name: &str| World::new(Arc::clone(&store), name);
        for (name, lasts) in [("a", Lasts::Seconds(0)), ("b", Lasts::Seconds(10)), ("c", Lasts::Forever)] {
            host(name).stand("ns", &Candidacy { lasts, ..says("rr", 9) }, 0).await?;
        }
        store.commit(Vec::new(), vec![Write::Put(Place::own(&host("d"), "ns").says(), b"?".to_vec())]).await?;
        assert!(matches!(names(&host("a"), "ns", 0).await, Err(Error::Garbled { .. })));
        host("d").stand("ns", &says("rr", 9), 0).await?;
        for (now, standing) in [(100, &["b", "c"][..]), (109, &["b", "c"]), (110, &["c"])] {
            abandon_all(&*store, now).await?;
            assert_eq!(names(&host("a"), "ns", now).await?, standing, "after {now} s");
        }
        assert_eq!(store.range("").await?.1.len(), 1, "nothing else is left");
        Ok(())
    }

    #[tokio::test]
    async fn a_watch_tells_of_every_candidate_of_its_schedule_and_no_other() -> Result<()> {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let [a, b] = ["a", "b"].map(|host| World::new(Arc::clone(&store), host));
        let (mut all, mut own) = (a.watch_candidates("ns").await?, a.watch_candidacy("ns").await?);
        b.stand("n", &says("rr", 1), 0).await?;
        b.stand("ns", &says("rr", 1), 0).await?;
        a.stand("ns", &says("rr", 1), 0).await?;
        let key = |event: Option<crate::Event>| event.map(|it| it.key().to_owned());
        assert_eq!(key(all.next().await), Some(Place::own(&b, "ns").says()));
        assert_eq!(key(all.next().await), Some(Place::own(&a, "ns").says()));
        assert_eq!(key(own.next().await), Some(Place::own(&a, "ns").says()));
        Ok(())
    }
}
