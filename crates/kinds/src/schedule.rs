//! `schedule`: this host as a candidate among others.

use crate::text::quoted;
use resource::host::{Candidacy, Host, Lasts};
use resource::{Identity, Invalid, Key, Kind, PlanContext, Resource, Result, Watch};
use std::fmt;

/// Makes this host a candidate in a schedule, out of whose candidates some hosts are chosen.
///
/// `world.schedule` says which: each host follows that, and does what the chosen ones do where it is one of them. A host is a
/// candidate once everything that this resource depends on is in shape, so a host that is broken is not chosen. It is one as
/// long as the program states it and the agent runs; `ttl` and `persist` make it last longer.
///
/// All hosts of a schedule should say the same about how to choose. Where they do not, the word of the one that has said
/// something last counts, and a warning names it.
///
/// ```mcl
/// import "world"
///
/// schedule "web" {
///     max => 2,
///     ttl => 60, # a short restart costs no host its place
/// }
///
/// if $hostname in world.schedule("web") {
///     svc "nginx" {
///         state => "running",
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Kind)]
#[kind(name = "schedule", since = "0.1", receives)]
pub(crate) struct Schedule {
    /// The name of the resource.
    #[field(identity)]
    name: String,
    /// The schedule, where it is not the name of the resource: without `/`.
    namespace: String,
    /// How hosts are chosen; by `rr` where it is left out.
    ///
    /// `rr` keeps who has been a candidate for longest, `alpha` takes the first by name.
    #[field(values("rr", "alpha"))]
    strategy: String,
    /// How many hosts are chosen at most; 1 where it is left out. Of 0 or fewer, nobody is.
    max: Option<i64>,
    /// Whether this host stays a candidate for ever, also when it is off, until `withdraw` takes it back.
    persist: bool,
    /// For how many seconds this host stays a candidate after its agent has ended; 0 where it is left out.
    ///
    /// If the agent is back by then, the host has kept its place.
    ttl: Option<u32>,
    /// Whether this host is to be no candidate, also where it was to stay one for ever.
    withdraw: bool,
}

/// Makes the host a candidate, one that says something else, or none.
#[derive(Debug)]
pub(crate) struct Step {
    namespace: String,
    is_new: bool,
    says: Option<Candidacy>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = quoted(&self.namespace);
        let Some(Candidacy { strategy, max, lasts }) = &self.says else {
            return write!(f, "be no candidate in the schedule {namespace}");
        };
        let become_ = if self.is_new { "become" } else { "stay" };
        write!(f, "{become_} a candidate in the schedule {namespace}: at most {max} by `{strategy}`")?;
        match lasts {
            Lasts::Seconds(0) => Ok(()),
            Lasts::Seconds(seconds) => write!(f, ", until {seconds} s after the agent ends"),
            Lasts::Forever => write!(f, ", for ever"),
        }
    }
}

impl resource::Step for Step {}

impl Schedule {
    fn namespace(&self) -> &str {
        if self.namespace.is_empty() { &self.name } else { &self.namespace }
    }

    fn says(&self) -> Option<Candidacy> {
        let strategy = schema::Strategy::named(&self.strategy).unwrap_or_default();
        let lasts = if self.persist { Lasts::Forever } else { Lasts::Seconds(self.ttl.unwrap_or(0)) };
        (!self.withdraw).then(|| Candidacy { strategy: strategy.to_string(), max: self.max.unwrap_or(1), lasts })
    }
}

impl Resource for Schedule {
    /// What the host says as a candidate.
    type State = Option<Candidacy>;
    type Step = Step;

    fn validate(&self) -> Result<(), Invalid> {
        if self.namespace().contains('/') {
            return Err(Invalid::field(
                "namespace",
                format!("a schedule has no `/` in its name: `{}`", self.namespace()),
            ));
        }
        if self.persist && self.ttl.is_some_and(|ttl| ttl > 0) {
            return Err(Invalid::field("ttl", "what stays for ever has no time to live")
                .hint("leave `ttl` out, or set `persist => false`"));
        }
        let others = [
            ("strategy", !self.strategy.is_empty()),
            ("max", self.max.is_some()),
            ("persist", self.persist),
            ("ttl", self.ttl.is_some()),
        ];
        match others.into_iter().find(|(_, is_given)| self.withdraw && *is_given) {
            Some((field, _)) => Err(Invalid::field(field, format!("who withdraws has no use for `{field}`"))
                .hint(format!("leave `{field}` out, or set `withdraw => false`"))),
            None => Ok(()),
        }
    }

    fn watches(&self) -> Vec<Watch> {
        vec![Watch::Candidacy(self.namespace().to_owned())]
    }

    async fn observe(&self, host: &Host) -> Result<Option<Candidacy>> {
        host.exchange.candidacy(self.namespace()).await
    }

    fn plan(&self, now: &Option<Candidacy>, _cx: &PlanContext<'_>) -> Result<Vec<Step>> {
        let says = self.says();
        if says == *now {
            return Ok(Vec::new());
        }
        Ok(vec![Step { namespace: self.namespace().to_owned(), is_new: now.is_none(), says }])
    }

    async fn apply(&self, host: &Host, step: &Step) -> Result<()> {
        let of = Key::new("schedule", self.name.as_str());
        match &step.says {
            Some(says) => host.exchange.stand(of, &step.namespace, says).await,
            None => host.exchange.withdraw(of, &step.namespace).await,
        }
    }

    fn claims(&self) -> Option<Identity> {
        Some(Identity::Other("schedule", self.namespace().to_owned()))
    }
}
