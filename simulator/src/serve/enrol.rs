//! Everybody's profile and consent, sent to the desk before the doors open.
//! Versions are fixed, so a second start changes nothing: the gateway answers
//! that it already knows.

use super::{Session, wire};
use crate::world::population::Population;
use anyhow::Result;
use engine::{event::Outcome, plan::StorePlan};
use link::Delivery;
use protocol::topic::{Desk, Topic};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// Most profiles without an answer at once: two of the gateway's own windows.
const OPEN_MAX: usize = 512;
/// Without an answer for this long a profile is sent again: the gateway may
/// just have started.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often progress is said.
const PROGRESS: Duration = Duration::from_secs(2);
/// Without any answer for this long the operator is told whom we wait for.
const COMPLAIN_AFTER: Duration = Duration::from_secs(6);
/// The one version there is.
const VERSION: u64 = 1;

/// An answer of the gateway.
#[derive(Debug, Deserialize)]
struct Answer {
    id: Option<String>,
    outcome: Option<Outcome>,
    error: Option<String>,
}

/// What became of everybody.
#[derive(Debug, Default)]
struct Tally {
    done: u32,
    known: u32,
    refused: u32,
    first_refusal: Option<String>,
}

/// Sends everybody and waits. False when asked to stop before all are answered.
pub(super) async fn everybody(
    session: &mut Session<'_>,
    plan: &StorePlan,
    population: &Population,
) -> Result<bool> {
    let topic = Topic::In(Desk::Profile).text(&plan.store).to_string();
    let mut waiting: VecDeque<u32> = (0..population.len() as u32).collect();
    let mut open: BTreeMap<u32, Instant> = BTreeMap::new();
    let mut tally = Tally::default();
    let (begun, mut told, mut heard) = (Instant::now(), Instant::now(), Instant::now());
    while !(waiting.is_empty() && open.is_empty()) {
        if session.is_over() {
            return Ok(false);
        }
        send(session, &topic, population, &mut waiting, &mut open);
        tokio::select! {
            () = session.stop.requested() => return Ok(false),
            batch = session.inbox.batch() => {
                let Some(batch) = batch else { return Ok(false) };
                for message in batch {
                    if let Some(customer) = tally.take(&message.payload) {
                        heard = Instant::now();
                        open.remove(&customer);
                    }
                }
            }
            () = sleep(Duration::from_millis(200)) => {}
        }
        open.retain(|customer, since| {
            let keep = since.elapsed() < PATIENCE;
            if !keep {
                waiting.push_back(*customer);
            }
            keep
        });
        if told.elapsed() >= PROGRESS {
            told = Instant::now();
            let sum = tally.done + tally.known + tally.refused;
            writeln!(
                session.out,
                "{sum} of {} profiles answered",
                population.len()
            )?;
            if heard.elapsed() >= COMPLAIN_AFTER {
                writeln!(session.out, "waiting for the gateway to answer at {topic}")?;
            }
        }
    }
    writeln!(session.out, "{}", tally.sentence(begun.elapsed()))?;
    Ok(true)
}

fn send(
    session: &Session<'_>,
    topic: &str,
    population: &Population,
    waiting: &mut VecDeque<u32>,
    open: &mut BTreeMap<u32, Instant>,
) {
    while open.len() < OPEN_MAX {
        let Some(customer) = waiting.pop_front() else {
            return;
        };
        let id = format!("profile-{customer}");
        let delivery = Delivery {
            topic: topic.to_owned(),
            payload: wire::profile(population.get(customer), &id, VERSION),
            retain: false,
            expires_after: Some(PATIENCE),
        };
        if session.link.deliver(delivery).is_err() {
            // No room just now: later.
            waiting.push_front(customer);
            return;
        }
        open.insert(customer, Instant::now());
    }
}

impl Tally {
    /// Which customer an answer is about, if it is about one of ours.
    fn take(&mut self, payload: &[u8]) -> Option<u32> {
        let answer: Answer = serde_json::from_slice(payload).ok()?;
        let customer = answer.id?.strip_prefix("profile-")?.parse().ok()?;
        match answer.outcome {
            Some(Outcome::Done) => self.done += 1,
            Some(Outcome::Stale) => self.known += 1,
            // No room just now: the patience for it ends, and it is sent again.
            Some(Outcome::Full | Outcome::NoRoom) => return None,
            Some(
                outcome @ (Outcome::Unknown
                | Outcome::Forgotten
                | Outcome::KeyTaken
                | Outcome::Offered(_)
                | Outcome::Code(_)),
            ) => {
                self.refuse(format!("{outcome:?}"));
            }
            None => self.refuse(answer.error.unwrap_or_default()),
        }
        Some(customer)
    }

    fn refuse(&mut self, why: String) {
        self.refused += 1;
        self.first_refusal.get_or_insert(why);
    }

    fn sentence(&self, took: Duration) -> String {
        let mut text = format!(
            "{} customers signed up, {} were known already, in {:.1} s",
            self.done,
            self.known,
            took.as_secs_f64()
        );
        if let Some(why) = &self.first_refusal {
            let _ = write!(text, "; {} were not taken ({why})", self.refused);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_what_became_of_the_customer() {
        let mut tally = Tally::default();
        for (payload, customer) in [
            (r#"{"id":"profile-7","outcome":"done"}"#, Some(7)),
            (r#"{"id":"profile-8","outcome":"stale"}"#, Some(8)),
            (r#"{"id":"profile-9","outcome":"forgotten"}"#, Some(9)),
            (r#"{"id":"profile-9","outcome":"full"}"#, None),
            (
                r#"{"id":"profile-3","error":"consent: is missing"}"#,
                Some(3),
            ),
            (r#"{"id":"other","outcome":"done"}"#, None),
            (r#"{"outcome":"done"}"#, None),
            ("nonsense", None),
        ] {
            assert_eq!(tally.take(payload.as_bytes()), customer, "{payload}");
        }
        assert_eq!((tally.done, tally.known, tally.refused), (1, 1, 2));
        let said = tally.sentence(Duration::from_secs(1));
        assert!(said.contains("2 were not taken (Forgotten)"), "{said}");
    }
}
