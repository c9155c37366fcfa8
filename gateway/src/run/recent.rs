//! Happenings as sentences, for the console and the log.

use crate::shop::Recent;
use engine::{
    decide::Decision,
    effect::{Dropped, Record},
    plan::{OfferIx, ScreenIx, StorePlan},
    time::Mono,
    trial::RampMove,
};
use std::collections::VecDeque;
use tracing::{debug, info, warn};

/// How many the console shows.
const RECENT_MAX: usize = 50;
/// Between two log lines about the same lack of room, ms.
const DROPPED_EVERY_MS: u64 = 60_000;

/// The last happenings, oldest first.
#[derive(Debug, Default)]
pub(super) struct Happenings {
    recent: VecDeque<Recent>,
    dropped_told: Option<Mono>,
}

impl Happenings {
    pub(super) fn note(&mut self, at: Mono, plan: &StorePlan, record: &Record) {
        let (kind, text) = self.words(at, plan, record);
        self.tell(at, kind, text);
    }

    /// Tells what is no business of the engine's.
    pub(super) fn tell(&mut self, at: Mono, kind: &'static str, text: String) {
        if self.recent.len() >= RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(Recent {
            at_ms: at.0,
            kind,
            text,
        });
    }

    pub(super) fn newest_first(&self) -> Vec<Recent> {
        self.recent.iter().rev().cloned().collect()
    }

    fn words(&mut self, at: Mono, plan: &StorePlan, record: &Record) -> (&'static str, String) {
        match record {
            Record::Arrived { visit } => ("visit", format!("visit {visit} came in")),
            Record::Left { visit } => ("visit", format!("visit {visit} is over")),
            Record::Moved {
                visit,
                zone,
                probability,
            } => {
                let percent = 100.0 * probability;
                let text = match zone.and_then(|zone| plan.zones.get(zone.at())) {
                    Some(zone) => format!("visit {visit} is in {} ({percent:.0} %)", zone.id),
                    None => format!("visit {visit} is between zones"),
                };
                ("visit", text)
            }
            Record::Doubled { visit } => (
                "visit",
                format!("visit {visit} is heard in two places: its beacon was copied"),
            ),
            Record::Decided(decision) => ("decision", decided(plan, decision)),
            Record::Painted {
                screen,
                offer,
                revision,
                after_ms,
            } => {
                let (screen, offer) = (screen_id(plan, *screen), offer_id(plan, *offer));
                debug!(screen, offer, revision, after_ms, "painted");
                (
                    "screen",
                    format!("{screen} painted {offer} after {after_ms} ms"),
                )
            }
            Record::ScreenSilent { screen, since } => {
                let (screen, silent_ms) = (screen_id(plan, *screen), at.since_ms(*since));
                warn!(
                    screen,
                    silent_ms,
                    "a screen does not confirm what it was sent: check its power and network"
                );
                (
                    "screen",
                    format!("{screen} has not confirmed for {} s", silent_ms / 1_000),
                )
            }
            Record::Exposed { offer, painted_ms } => {
                let offer = offer.as_str();
                debug!(offer, painted_ms, "exposed");
                (
                    "exposure",
                    format!("{offer} was on the glass for {} s", painted_ms / 1_000),
                )
            }
            Record::RampMoved { offer, moved } => ("ramp", ramp_moved(offer.as_str(), *moved)),
            Record::Incident { what, screen } => {
                let (screen, incident) = (screen_id(plan, *screen), what.label());
                info!(screen, incident, "somebody spoke up");
                ("incident", format!("{} at {screen}", what.words()))
            }
            Record::Dropped(what) => ("dropped", self.dropped(at, *what).to_owned()),
        }
    }

    fn dropped(&mut self, at: Mono, what: Dropped) -> &'static str {
        let text = match what {
            Dropped::Visit => "a shopper is not followed: too many are in the shop",
            Dropped::Enrolment => "an enrolment was not kept: too many shoppers",
            Dropped::Exposure => "a basket came too late to be matched with an exposure",
        };
        let told = self.dropped_told;
        if told.is_none_or(|told| at.since_ms(told) >= DROPPED_EVERY_MS) {
            self.dropped_told = Some(at);
            warn!(
                ?what,
                "a stated limit is reached; all of it is counted in /metrics"
            );
        }
        text
    }
}

fn ramp_moved(offer: &str, moved: RampMove) -> String {
    match moved {
        RampMove::Advanced(permille) => info!(offer, permille, "an offer is let loose further"),
        RampMove::Reverted(what) => {
            let incident = what.label();
            warn!(
                offer,
                incident,
                "an offer was taken back: look at what happened, then resume it on the console"
            );
        }
        RampMove::Resumed => info!(offer, "an offer is let loose anew"),
    }
    format!("{offer}: {}", moved.words())
}

fn decided(plan: &StorePlan, decision: &Decision) -> String {
    let (screen, offer) = (
        screen_id(plan, decision.screen),
        offer_id(plan, decision.chosen),
    );
    let (shoppers, others) = decision.audience;
    debug!(screen, offer, shoppers, others, "decided");
    format!("{screen} shows {offer} ({shoppers} opted in and {others:.0} others in view)")
}

fn screen_id(plan: &StorePlan, screen: ScreenIx) -> &str {
    plan.screens
        .get(screen.at())
        .map_or("a former screen", |s| s.id.as_str())
}

fn offer_id(plan: &StorePlan, offer: Option<OfferIx>) -> &str {
    offer.map_or("the house loop", |offer| {
        plan.offers
            .get(offer.at())
            .map_or("a former offer", |o| o.id.as_str())
    })
}
