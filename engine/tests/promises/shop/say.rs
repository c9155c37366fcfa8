//! Effects in words short enough for a story.

use super::{Shop, voucher};
use engine::{
    Effect,
    effect::{LedgerEntry, Record},
};
use protocol::screen::ScreenAction;

impl Shop {
    pub(super) fn say(&mut self, effect: &Effect) {
        let Some(words) = self.words(effect) else {
            return;
        };
        let second = self.mono / 1_000;
        self.said.push(format!("{second:>4}s {words}"));
    }

    fn words(&self, effect: &Effect) -> Option<String> {
        Some(match effect {
            Effect::Commit { entry, .. } => format!("commit {}", self.entry(entry)),
            Effect::Command(command) => {
                let revision = command.revision & 0xffff_ffff;
                match &command.action {
                    ScreenAction::Show {
                        offer,
                        shown_for_ms,
                        ..
                    } => {
                        format!("SHOW {offer} for {shown_for_ms} ms (revision {revision})")
                    }
                    ScreenAction::Clear => format!("CLEAR (revision {revision})"),
                }
            }
            Effect::Fetch { shopper } => format!("fetch the profile of {}", self.name(shopper.0)),
            Effect::Keep { shopper, .. } => format!("keep the profile of {}", self.name(shopper.0)),
            Effect::Erase { shopper } => format!("erase {}", self.name(shopper.0)),
            Effect::KeepRadio(_) => return None,
            Effect::Answer { outcome, .. } => format!("answer {outcome:?}"),
            Effect::Record(record) => return self.record(record),
        })
    }

    fn entry(&self, entry: &LedgerEntry) -> String {
        match entry {
            LedgerEntry::Enrolled(e) => {
                let purposes = e.consent.purposes.0.count_ones();
                format!(
                    "enrolled {} v{} for {purposes} purposes",
                    self.name(e.shopper.0),
                    e.version
                )
            }
            LedgerEntry::Withdrawn { shopper, purposes } => {
                let purposes = purposes.0.count_ones();
                format!(
                    "withdrawn {} from {purposes} purposes",
                    self.name(shopper.0)
                )
            }
            LedgerEntry::Forgotten { shopper, version } => {
                format!("forgotten {} v{version}", self.name(shopper.0))
            }
            LedgerEntry::Reserved(r) => {
                format!(
                    "reserved {} for {}",
                    r.offer,
                    self.names_of(r.shoppers.iter().map(|s| s.0))
                )
            }
            LedgerEntry::Released { .. } => "released".to_owned(),
            LedgerEntry::Exposed(x) => {
                let seen = x
                    .seen_by
                    .iter()
                    .map(|(s, ms)| format!("{} {ms} ms", self.name(s.0)));
                let seen: Vec<String> = seen.collect();
                format!(
                    "exposed {} painted {} ms, seen by [{}]",
                    x.offer,
                    x.painted_ms,
                    seen.join(", ")
                )
            }
            LedgerEntry::Sold(sale) => {
                let by = if sale.is_known { "somebody" } else { "nobody" };
                let joined = sale.joined.iter();
                let joined =
                    joined.map(|j| format!("{} as {:?}: {} pieces", j.offer, j.arm, j.pieces));
                let codes = sale.codes.iter();
                let codes = codes.map(|c| {
                    let again = if c.again { " again" } else { "" };
                    format!("the code of {} on {}{again}", c.offer, c.showing.screen)
                });
                let what: Vec<String> = joined.chain(codes).collect();
                format!("sold by {by} known: {}", what.join(", "))
            }
            LedgerEntry::Voided { receipt } => format!("voided {receipt}"),
            LedgerEntry::Paused(what) => format!("paused {what:?}"),
            LedgerEntry::Resumed(what) => format!("resumed {what:?}"),
            LedgerEntry::Money(entry) => voucher::words(entry),
            LedgerEntry::Coded(code) => format!("coded {}", code.offer),
            other => self.of_trial(other).unwrap_or_else(|| format!("{other:?}")),
        }
    }

    fn record(&self, record: &Record) -> Option<String> {
        let plan = self.sorted_plan();
        Some(match record {
            Record::Arrived { visit } => format!("visit {visit} begins"),
            Record::Doubled { visit } => format!("visit {visit} is doubled"),
            Record::Left { visit } => format!("visit {visit} ends"),
            Record::Moved { visit, zone, .. } => {
                let zone = zone.map_or("no zone for sure", |z| plan.zones[z.at()].id.as_str());
                format!("visit {visit} is in {zone}")
            }
            Record::Decided(decision) => {
                format!("decided: {}", engine::decide::why(&plan, decision))
            }
            Record::Painted { offer: Some(_), .. } => "painted".to_owned(),
            Record::Painted { offer: None, .. } => "cleared".to_owned(),
            Record::ScreenSilent { .. } => "the screen does not answer".to_owned(),
            // Its commit says the same.
            Record::Exposed { .. } => return None,
            Record::Dropped(what) => format!("dropped a {what:?}"),
            Record::RampMoved { offer, moved } => format!("the ramp of {offer}: {}", moved.words()),
            Record::Incident { what, screen } => {
                let screen = &plan.screens[screen.at()].id;
                format!("{} at {screen}", what.words())
            }
        })
    }

    pub(super) fn name(&self, id: u64) -> &str {
        &self.names[id as usize - 1]
    }

    fn names_of(&self, ids: impl Iterator<Item = u64>) -> String {
        let names: Vec<&str> = ids.map(|id| self.name(id)).collect();
        if names.is_empty() {
            "nobody in particular".to_owned()
        } else {
            names.join(", ")
        }
    }
}
