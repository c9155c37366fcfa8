//! What was asked for, as text: hashed always, written down if wanted.

use engine::{Effect, Event, effect::LedgerEntry};
use serde_json::{Value, json};
use siphasher::sip128::{Hasher128 as _, SipHasher13};
use std::{
    hash::Hasher as _,
    io::{self, Write},
};

/// Hash of everything the engine asked for, and the journal if one is kept.
pub struct Journal<'w> {
    hasher: SipHasher13,
    lines: Option<&'w mut dyn Write>,
    /// The first failure to write, reported at the end.
    failure: Option<io::Error>,
}

impl std::fmt::Debug for Journal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Journal")
    }
}

impl<'w> Journal<'w> {
    /// Begins; `lines` receives one JSON object a line.
    pub fn new(lines: Option<&'w mut dyn Write>) -> Self {
        Self {
            hasher: SipHasher13::new(),
            lines,
            failure: None,
        }
    }

    /// One call of the engine; `texts` are its effects by [`text`].
    pub fn note(&mut self, at_ms: u64, event: &Event, effects: &[Effect], texts: &[String]) {
        for text in texts {
            self.hasher.write_u64(at_ms);
            self.hasher.write(text.as_bytes());
        }
        if self.lines.is_some() {
            self.line(&json!({"t_ms": at_ms, "event": event_line(event)}));
            for effect in effects {
                self.line(&json!({"t_ms": at_ms, "effect": effect_line(effect)}));
            }
        }
    }

    /// Something the outside did.
    pub fn remark(&mut self, at_ms: u64, what: &str) {
        if self.lines.is_some() {
            self.line(&json!({"t_ms": at_ms, "outside": what}));
        }
    }

    /// The hash, and whether everything could be written.
    pub fn close(self) -> (u128, io::Result<()>) {
        let hash = self.hasher.finish128().as_u128();
        (hash, self.failure.map_or(Ok(()), Err))
    }

    fn line(&mut self, value: &Value) {
        if let (Some(lines), None) = (&mut self.lines, &self.failure)
            && let Err(error) = writeln!(lines, "{value}")
        {
            self.failure = Some(error);
        }
    }
}

/// Everything an effect says, for the hash and for the search for strangers.
pub fn text(effect: &Effect) -> String {
    let json = |value: serde_json::Result<String>| value.unwrap_or_else(|e| e.to_string());
    match effect {
        Effect::Commit { id, entry } => {
            format!("commit {} {}", id.0, json(serde_json::to_string(entry)))
        }
        Effect::Command(command) => format!("command {}", json(serde_json::to_string(command))),
        Effect::Fetch { shopper } => format!("fetch {}", shopper.0),
        Effect::Keep { shopper, profile } => {
            format!(
                "keep {} {}",
                shopper.0,
                json(serde_json::to_string(profile))
            )
        }
        Effect::Erase { shopper } => format!("erase {}", shopper.0),
        Effect::KeepRadio(memory) => {
            format!("keep radio {}", json(serde_json::to_string(memory)))
        }
        Effect::Answer { request, outcome } => format!("answer {} {outcome:?}", request.0),
        Effect::Record(record) => format!("record {record:?}"),
    }
}

/// An event without anything personal.
fn event_line(event: &Event) -> Value {
    match event {
        Event::Sighting(s) => json!({"sighting": s.scanner.0, "kind": s.beacon.kind()}),
        Event::Node { scanner, frame } => {
            json!({"node": scanner.0, "boot": frame.boot, "sequence": frame.sequence,
                   "sightings": frame.sightings.len(), "readings": frame.readings.len()})
        }
        Event::Reading(r) => json!({"reading": r.sensor.0, "value": r.value}),
        Event::Malformed(why) => json!({"malformed": why}),
        Event::Upsert { request, .. } => json!({"upsert": request}),
        Event::Withdraw {
            request, purposes, ..
        } => json!({"withdraw": request, "purposes": purposes.0}),
        Event::Forget { request, .. } => json!({"forget": request}),
        Event::Tail { request, .. } => json!({"tail": request}),
        Event::Profile { profile, .. } => json!({"profile": profile.is_some()}),
        Event::Census(counts) => json!({"census": counts}),
        Event::Learned(table) => json!({"learned": table}),
        Event::Pause { what, .. } => json!({"pause": what}),
        Event::Resume { what, .. } => json!({"resume": what}),
        Event::Basket(b) => json!({"basket": b.receipt, "lines": b.lines.len()}),
        Event::Receipt { receipt, .. } => json!({
            "receipt": receipt.basket.receipt,
            "lines": receipt.basket.lines.len(),
            "void": receipt.is_void,
            "codes": receipt.codes.len(),
        }),
        Event::Incident { screen, what, .. } => json!({"incident": what, "screen": screen.0}),
        Event::ResumeRamp { offer, .. } => json!({"resume ramp": offer}),
        Event::Code { request, asks } => {
            json!({"code": request, "action": asks.action, "receipt": asks.receipt})
        }
        Event::Screen(s) => {
            json!({"screen": s.screen.0, "revision": s.revision, "status": s.status})
        }
        Event::Durable(id) => json!({"durable": id.0}),
        Event::Room(is_there) => json!({"room": is_there}),
        Event::PlanChanged(_) => json!("plan changed"),
        Event::Woke => json!("woke"),
    }
}

/// An effect without anything personal: pseudonyms mean nothing outside this run.
fn effect_line(effect: &Effect) -> Value {
    match effect {
        Effect::Commit { id, entry } => match entry {
            LedgerEntry::Enrolled(e) => {
                json!({"commit": id.0, "enrolled": {"version": e.version, "purposes": e.consent.purposes.0}})
            }
            other => json!({"commit": id.0, "entry": other}),
        },
        Effect::Command(command) => json!({"command": command}),
        Effect::Fetch { .. } => json!("fetch"),
        Effect::Keep { .. } => json!("keep"),
        Effect::Erase { .. } => json!("erase"),
        Effect::KeepRadio(memory) => json!({"keep radio": memory}),
        Effect::Answer { request, outcome } => json!({"answer": request, "outcome": outcome}),
        Effect::Record(record) => json!({"record": format!("{record:?}")}),
    }
}
