//! Everything that is kept of one shopper, for the shopper (GDPR, articles 15
//! and 20): as the store has it now, and every entry of the ledger that names them.

use super::receipt::{Receipt, day};
use crate::store::Person;
use engine::{
    effect::{Exposure, LedgerEntry, Redemption, Reservation, ShowingId},
    shopper::{Consent, IdentityKey, Purpose, ShopperId},
    time::UnixMs,
    trial::Reach,
};
use jiff::Timestamp;
use protocol::beacon::Beacon;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// Most entries of the ledger that are shown, the newest: a regular's year.
const TRACES_MAX: usize = 10_000;

/// What is kept of one shopper.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// The keyed hash that receipts name the shopper by.
    pub subject: String,
    /// What was agreed to, and the keys; nothing for somebody not enrolled.
    pub enrolment: Option<Value>,
    /// The profile; nothing where there is none.
    pub profile: Option<Value>,
    /// How consents came to be and ended, as `aislecast privacy consents` has it.
    pub consents: Option<Value>,
    /// If the shopper was forgotten, now or before coming back.
    pub erasure: Option<Receipt>,
    /// What the ledger says, oldest first.
    pub ledger: VecDeque<Value>,
    /// Older entries of the ledger that are not shown.
    pub left_out: u64,
}

impl Kept {
    /// Of what the store has.
    pub fn new(subject: String, person: &Person, erasure: Option<Receipt>) -> Self {
        Self {
            subject,
            enrolment: person.enrolment.as_ref().map(|enrolment| {
                let mut told = agreed(&enrolment.consent);
                told["version"] = json!(enrolment.version);
                told["keys"] = enrolment.keys.iter().map(key).collect();
                told
            }),
            profile: person.profile.as_ref().map(|kept| {
                let profile = &kept.profile;
                json!({
                    "segments": profile.segments,
                    "language": profile.language,
                    "adult": profile.adult,
                    "affinities": profile.affinities.iter().cloned().collect::<BTreeMap<_, _>>(),
                    "visits": profile.visits,
                    "last_visit": profile.last_visit_day.and_then(day),
                    "last_used": kept.used.and_then(day),
                })
            }),
            consents: None,
            erasure,
            ledger: VecDeque::new(),
            left_out: 0,
        }
    }

    /// Adds what an entry of the ledger says of the shopper, if anything.
    pub fn note(&mut self, shopper: ShopperId, entry: &LedgerEntry) {
        let Some(trace) = trace(shopper, entry) else {
            return;
        };
        if self.ledger.len() >= TRACES_MAX {
            self.ledger.pop_front();
            self.left_out += 1;
        }
        self.ledger.push_back(trace);
    }

    /// Whether nothing at all is known of such a shopper.
    pub fn is_nothing(&self) -> bool {
        self.enrolment.is_none()
            && self.profile.is_none()
            && self.erasure.is_none()
            && self.ledger.is_empty()
    }
}

/// What an entry says of one shopper. Nobody else is named.
fn trace(shopper: ShopperId, entry: &LedgerEntry) -> Option<Value> {
    match entry {
        LedgerEntry::Enrolled(enrolment) if enrolment.shopper == shopper => Some(with(
            agreed(&enrolment.consent),
            "enrolled",
            Some(enrolment.version),
        )),
        LedgerEntry::Sealed(sealed) if sealed.shopper == shopper => Some(with(
            agreed(&sealed.consent),
            "enrolled",
            Some(sealed.version),
        )),
        LedgerEntry::Withdrawn {
            shopper: who,
            purposes,
        } if *who == shopper => {
            let names = Purpose::ALL.into_iter().filter(|p| purposes.has(*p));
            let names: Vec<_> = names.map(Purpose::name).collect();
            Some(with(json!({ "purposes": names }), "withdrawn", None))
        }
        LedgerEntry::Forgotten {
            shopper: who,
            version,
        } if *who == shopper => Some(with(json!({}), "forgotten", Some(*version))),
        LedgerEntry::Reserved(charge) | LedgerEntry::Open(charge) => charged(shopper, charge),
        LedgerEntry::Exposed(exposure) => exposed(shopper, exposure),
        LedgerEntry::Reached(reach) => reached(shopper, reach),
        LedgerEntry::Redeemed(redeemed) => bought(shopper, redeemed),
        // Sums, and what names nobody: `map::kind_of` has them all.
        _ => None,
    }
}

fn with(mut told: Value, kind: &str, version: Option<u64>) -> Value {
    told["kind"] = json!(kind);
    if let Some(version) = version {
        told["version"] = json!(version);
    }
    told
}

fn agreed(consent: &Consent) -> Value {
    let purposes = Purpose::ALL
        .into_iter()
        .filter(|p| consent.purposes.has(*p));
    json!({
        "purposes": purposes.map(Purpose::name).collect::<Vec<_>>(),
        "notice": consent.notice,
        "until": consent.until.and_then(date),
        "showings_per_day": consent.showings_per_day,
    })
}

/// Beacons as they are; of secret keys only that there is one: whoever reads an
/// export could follow the phone with it.
fn key(key: &IdentityKey) -> Value {
    match key {
        IdentityKey::Fixed(beacon) => json!({ "beacon": beacon_text(beacon) }),
        IdentityKey::Rotating { exponent, .. } => {
            json!({ "rotating": "kept, not shown", "exponent": exponent })
        }
        IdentityKey::Irk(_) => json!({ "irk": "kept, not shown" }),
    }
}

fn beacon_text(beacon: &Beacon) -> Value {
    serde_json::to_value(beacon).unwrap_or(Value::Null)
}

fn charged(shopper: ShopperId, charge: &Reservation) -> Option<Value> {
    let is_named = charge.shoppers.contains(&shopper);
    is_named.then(|| {
        let mut told = shown(&charge.showing);
        told["offer"] = json!(charge.offer);
        told["day"] = json!(day(charge.day));
        with(told, "charge", None)
    })
}

fn exposed(shopper: ShopperId, exposure: &Exposure) -> Option<Value> {
    let seen = exposure.seen_by.iter().find(|(who, _)| *who == shopper);
    seen.map(|(_, ms)| {
        let mut told = shown(&exposure.showing);
        told["offer"] = json!(exposure.offer);
        told["seen_ms"] = json!(ms);
        told["ended"] = json!(exposure.ended.and_then(date));
        with(told, "exposure", None)
    })
}

fn reached(shopper: ShopperId, reach: &Reach) -> Option<Value> {
    (reach.shopper == shopper).then(|| {
        let told = json!({ "offer": reach.offer, "cell": reach.cell, "day": day(reach.day) });
        with(told, "reach", None)
    })
}

fn bought(shopper: ShopperId, redeemed: &Redemption) -> Option<Value> {
    (redeemed.shopper == Some(shopper)).then(|| {
        let told = json!({
            "offer": redeemed.offer,
            "receipt": redeemed.receipt,
            "pieces": redeemed.pieces,
            "amount_minor": redeemed.amount_minor,
        });
        with(told, "purchase", None)
    })
}

fn shown(showing: &ShowingId) -> Value {
    json!({ "screen": showing.screen, "revision": showing.revision })
}

fn date(at: UnixMs) -> Option<String> {
    let date = Timestamp::from_millisecond(at.0).ok()?;
    Some(date.to_string())
}
