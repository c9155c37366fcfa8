//! What people, tills and CRM systems send in: JSON, the same over MQTT
//! (`.../in/<desk>`) and HTTP (`POST /api/...`).
//!
//! Every message may carry an `id` of the sender's choice, which comes back
//! with the answer. A customer reference is turned into a pseudonym here and
//! goes no further; a refusal names the field and what would be right, never
//! what was sent.
//!
//! ```json
//! {"id": "m-1", "customer": "C-100", "version": 7,
//!  "consent": {"purposes": ["in_store_offers"], "notice": 3,
//!              "until": "2027-01-01T00:00:00+07:00", "showings_per_day": 10},
//!  "keys": [{"ibeacon": {"uuid": "1de4b189-115e-45f6-b44e-509352269977", "major": 1, "minor": 2}},
//!           {"eddystone_uid": {"namespace": "00112233445566778899", "instance": "0a0b0c0d0e0f"}},
//!           {"rotating": {"key": "0102030405060708090a111213141516", "exponent": 10}},
//!           {"irk": "ec0234a357c8ad05341010a60a397d9b"}],
//!  "segments": ["family"], "language": "vi", "adult": true,
//!  "affinities": {"dairy": 80}, "visits": 12, "last_visit": "2026-11-14"}
//! ```
//!
//! A consent may say how it was given, and a withdrawal how it was taken back:
//! `"given": {"channel": "till", "at": "2026-11-22T09:30:00+07:00", "language": "vi",
//! "by": "shopper", "evidence": "form 4711"}`. It is kept as proof, sealed.
//!
//! A key may also be an `AltBeacon`'s: `{"altbeacon": {"id": "2f23..."}}`, 40 digits.
//!
//! | desk | fields |
//! |---|---|
//! | `profile` | above; `customer`, `version` and `consent` are required |
//! | `withdraw` | `customer`, and `purposes` unless all are withdrawn, and `given` |
//! | `forget` | `customer` |
//! | `basket` | `receipt`, `lines` of `sku`, `pieces`, `amount_minor`, and `customer` if a card was shown |
//! | `complaint` | `screen`, and `kind`: `complaint` unless it is a call for `help` |
//! | `reading` | `sensor`, and `value` in the sensor's natural unit (°C, %, lx, true/false, g, pieces, people, or `{"inward", "outward"}` for a door) or one quantity by its name in the wire protocol, and `at` if it is older than the message |

mod field;
mod keys;
mod reading;

pub use field::Refusal;

use crate::{
    privacy::given::{By, Channel, Given},
    pseudonym::Pseudonymiser,
};
use engine::{
    event::{Basket, BasketLine, Malformed, Reading},
    plan::{ScreenIx, StorePlan},
    shopper::{Consent, Enrolment, MAX_KEYS, Profile, Purpose, Purposes, ShopperId},
    trial::Incident,
};
use field::{Object, day, flag, list, moment, text, whole};
use protocol::topic::Desk;
use serde_json::Value;

/// Longest id of a message, bytes.
const ID_BYTES_MAX: usize = 64;
/// Longest customer reference, receipt or product number, bytes.
const REFERENCE_BYTES_MAX: usize = 128;
/// Longest name of a segment or department, bytes.
const NAME_BYTES_MAX: usize = 48;
/// Longest text about what proves a consent, bytes: a number, no document.
const EVIDENCE_BYTES_MAX: usize = 64;
/// Most segments, and most affinities, of one shopper: a profile must fit a
/// value of the store, 4 KiB.
const NAMES_MAX: usize = 32;
/// Most lines of a basket.
const LINES_MAX: usize = 500;

/// One message, read.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskMessage {
    /// The sender's own id, if it gave one.
    pub id: Option<String>,
    /// What it wants, or why that is refused.
    pub request: Result<Request, Refusal>,
}

/// What a message wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Keep this enrolment and profile.
    Upsert(Box<Enrolment>, Box<Profile>, Given),
    /// Take consent back.
    Withdraw(ShopperId, Purposes, Given),
    /// Forget a shopper.
    Forget(ShopperId),
    /// A till closed a basket.
    Basket(Basket),
    /// A sensor said something.
    Reading(Reading),
    /// Somebody complained about a screen, or called for help near it.
    Incident(ScreenIx, Incident),
}

impl Refusal {
    /// How the engine counts it.
    pub fn malformed(&self) -> Malformed {
        if self.is_unknown_device() {
            Malformed::UnknownDevice
        } else {
            Malformed::Desk
        }
    }
}

/// Reads one message. Total: whatever the bytes, there is an answer.
pub fn read(
    desk: Desk,
    payload: &[u8],
    pseudonym: &Pseudonymiser,
    plan: &StorePlan,
) -> DeskMessage {
    let value = match parse(payload) {
        Ok(value) => value,
        Err(refusal) => {
            return DeskMessage {
                id: None,
                request: Err(refusal),
            };
        }
    };
    let (id, bad_id) = match value
        .get("id")
        .filter(|id| !id.is_null())
        .map(text(ID_BYTES_MAX))
    {
        None => (None, None),
        Some(Ok(id)) => (Some(id), None),
        Some(Err(refusal)) => (None, Some(refusal.within("id"))),
    };
    let request = match desk {
        Desk::Profile => upsert(&value, pseudonym),
        Desk::Withdraw => withdraw(&value, pseudonym),
        Desk::Forget => forget(&value, pseudonym),
        Desk::Basket => basket(&value, pseudonym),
        Desk::Reading => reading::read(&value, plan).map(Request::Reading),
        Desk::Complaint => complaint(&value, plan),
    };
    DeskMessage {
        id,
        request: bad_id.map_or(request, Err),
    }
}

fn parse(payload: &[u8]) -> Result<Value, Refusal> {
    if payload.len() > super::MAX_PAYLOAD {
        return Err(Refusal::new("the message is larger than 64 KiB: split it"));
    }
    // The parser itself stops at 128 levels. Its words may quote the message,
    // so only the place is passed on.
    serde_json::from_slice(payload).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::new(format!(
            "the message is not JSON: look at line {line}, column {column}"
        ))
    })
}

fn upsert(value: &Value, pseudonym: &Pseudonymiser) -> Result<Request, Refusal> {
    let message = Object::of(
        value,
        &[
            "id",
            "customer",
            "version",
            "consent",
            "keys",
            "segments",
            "language",
            "adult",
            "affinities",
            "visits",
            "last_visit",
        ],
    )?;
    let enrolment = Enrolment {
        shopper: customer(&message, pseudonym)?,
        version: message.required("version", whole)?,
        keys: message
            .optional("keys", list(MAX_KEYS, keys::read))?
            .unwrap_or_default(),
        consent: message.required("consent", consent)?,
    };
    let names = list(NAMES_MAX, text(NAME_BYTES_MAX));
    let profile = Profile {
        segments: message.optional("segments", names)?.unwrap_or_default(),
        language: message.optional("language", text(35))?,
        adult: message.optional("adult", flag)?,
        affinities: message
            .optional("affinities", affinities)?
            .unwrap_or_default(),
        visits: message.optional("visits", whole)?.unwrap_or_default(),
        last_visit_day: message.optional("last_visit", day)?,
    };
    let given = message.required("consent", given_of_consent)?;
    Ok(Request::Upsert(
        Box::new(enrolment),
        Box::new(profile),
        given,
    ))
}

fn withdraw(value: &Value, pseudonym: &Pseudonymiser) -> Result<Request, Refusal> {
    let message = Object::of(value, &["id", "customer", "purposes", "given"])?;
    let shopper = customer(&message, pseudonym)?;
    let some = message.optional("purposes", purposes)?;
    let given = message.optional("given", given)?.unwrap_or_default();
    let purposes = some.unwrap_or(Purposes::ALL);
    Ok(Request::Withdraw(shopper, purposes, given))
}

fn forget(value: &Value, pseudonym: &Pseudonymiser) -> Result<Request, Refusal> {
    let message = Object::of(value, &["id", "customer"])?;
    customer(&message, pseudonym).map(Request::Forget)
}

fn basket(value: &Value, pseudonym: &Pseudonymiser) -> Result<Request, Refusal> {
    let message = Object::of(value, &["id", "receipt", "customer", "lines"])?;
    let reference = message.optional("customer", text(REFERENCE_BYTES_MAX))?;
    Ok(Request::Basket(Basket {
        receipt: message.required("receipt", text(REFERENCE_BYTES_MAX))?,
        shopper: reference.map(|reference| pseudonym.shopper(&reference)),
        lines: message.required("lines", list(LINES_MAX, line))?,
    }))
}

fn complaint(value: &Value, plan: &StorePlan) -> Result<Request, Refusal> {
    let message = Object::of(value, &["id", "screen", "kind"])?;
    let name = message.required("screen", text(protocol::id::MAX_LEN))?;
    let screen = name.parse().ok().and_then(|id| plan.screen(&id));
    let screen = screen.ok_or_else(|| {
        Refusal::unknown_device("the plan has no screen of this name: look into store.toml")
            .within("screen")
    })?;
    let kind = message.optional("kind", kind)?;
    Ok(Request::Incident(
        screen,
        kind.unwrap_or(Incident::Complaint),
    ))
}

fn kind(value: &Value) -> Result<Incident, Refusal> {
    match value.as_str() {
        Some("complaint") => Ok(Incident::Complaint),
        Some("help") => Ok(Incident::Help),
        _ => Err(Refusal::new("must be complaint or help")),
    }
}

fn line(value: &Value) -> Result<BasketLine, Refusal> {
    let line = Object::of(value, &["sku", "pieces", "amount_minor"])?;
    Ok(BasketLine {
        sku: line.required("sku", text(REFERENCE_BYTES_MAX))?,
        pieces: line.required("pieces", whole)?,
        amount_minor: line.required("amount_minor", whole)?,
    })
}

fn customer(message: &Object<'_>, pseudonym: &Pseudonymiser) -> Result<ShopperId, Refusal> {
    let reference = message.required("customer", text(REFERENCE_BYTES_MAX))?;
    Ok(pseudonym.shopper(&reference))
}

fn consent(value: &Value) -> Result<Consent, Refusal> {
    let consent = Object::of(
        value,
        &["purposes", "notice", "until", "showings_per_day", "given"],
    )?;
    Ok(Consent {
        purposes: consent.required("purposes", purposes)?,
        notice: consent.required("notice", whole)?,
        until: consent.optional("until", moment)?,
        showings_per_day: consent.optional("showings_per_day", whole)?,
    })
}

fn given_of_consent(value: &Value) -> Result<Given, Refusal> {
    match value.get("given") {
        None | Some(Value::Null) => Ok(Given::default()),
        Some(value) => given(value).map_err(|refusal| refusal.within("given")),
    }
}

/// How a consent came to be, or ended.
fn given(value: &Value) -> Result<Given, Refusal> {
    let given = Object::of(value, &["channel", "at", "language", "by", "evidence"])?;
    let channel = |value: &Value| {
        let name = value.as_str();
        let known = name.and_then(|name| Channel::ALL.into_iter().find(|c| c.name() == name));
        known.ok_or_else(|| Refusal::new("must be desk, till, app, web, paper, door or console"))
    };
    let by = |value: &Value| match value.as_str() {
        Some("shopper") => Ok(By::Shopper),
        Some("guardian") => Ok(By::Guardian),
        _ => Err(Refusal::new("must be shopper or guardian")),
    };
    Ok(Given {
        channel: given.optional("channel", channel)?,
        at: given.optional("at", moment)?,
        language: given.optional("language", text(35))?,
        by: given.optional("by", by)?.unwrap_or_default(),
        evidence: given.optional("evidence", text(EVIDENCE_BYTES_MAX))?,
    })
}

fn purposes(value: &Value) -> Result<Purposes, Refusal> {
    let named = list(Purpose::ALL.len(), purpose)(value)?;
    Ok(named.into_iter().fold(Purposes::NONE, Purposes::with))
}

fn purpose(value: &Value) -> Result<Purpose, Refusal> {
    let known = value
        .as_str()
        .and_then(|name| Purpose::ALL.into_iter().find(|p| p.name() == name));
    known.ok_or(Refusal::new(
        "must be in_store_offers, personalisation, measurement or cross_store",
    ))
}

fn affinities(value: &Value) -> Result<Vec<(String, u8)>, Refusal> {
    const WANTED: &str = "must be an object of at most 32 departments, each from 0 to 100";
    let departments = value.as_object().ok_or(Refusal::new(WANTED))?;
    if departments.len() > NAMES_MAX {
        return Err(Refusal::new(WANTED));
    }
    departments
        .iter()
        .map(|(name, liked)| match whole::<u8>(liked) {
            Ok(liked @ 0..=100) if (1..=NAME_BYTES_MAX).contains(&name.len()) => {
                Ok((name.clone(), liked))
            }
            _ => Err(Refusal::new(WANTED)),
        })
        .collect()
}

#[cfg(test)]
mod tests;
