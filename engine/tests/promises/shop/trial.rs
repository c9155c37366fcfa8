//! Complaints, calls for help, and what came of a trial.

use super::Shop;
use engine::{
    Event,
    effect::LedgerEntry,
    plan::ScreenIx,
    trial::{Incident, Lift, TrialTally},
};
use protocol::{frame::Quantity, id::OfferId};

impl Shop {
    pub(super) fn try_out(&mut self, words: &[&str]) {
        match words {
            ["complaint"] => self.incident(Incident::Complaint),
            ["help"] => self.incident(Incident::Help),
            ["bell"] => self.reading(3, Quantity::Occupied(true)),
            ["resume", offer] => {
                let (request, offer) = (self.request(), offer.parse().unwrap());
                self.event(Event::ResumeRamp { request, offer });
            }
            ["results", offer] => self.results(&offer.parse().unwrap()),
            _ => panic!("no trial knows {words:?}"),
        }
    }

    fn incident(&mut self, what: Incident) {
        let request = self.request();
        self.event(Event::Incident {
            request,
            screen: ScreenIx(0),
            what,
        });
    }

    /// What a restart would find.
    pub(crate) fn lift(&self, id: &OfferId) -> Lift {
        let empty = TrialTally::default();
        let plan = self.sorted_plan();
        let offer = &plan.offers[plan.offer(id).unwrap().at()];
        Lift::of(offer, self.ledger.trials.of(id).unwrap_or(&empty))
    }

    fn results(&mut self, id: &OfferId) {
        let lift = self.lift(id);
        for compared in lift.comparisons {
            let side = |b: engine::trial::Bucket| {
                format!("{} reached, {} saw, {} bought", b.reached, b.saw, b.buyers)
            };
            let (with, without) = (side(compared.with_did), side(compared.without_did));
            self.tell(format!("{}: {with}", compared.with));
            self.tell(format!("{}: {without}", compared.without));
            self.tell(compared.words);
        }
        for screen in lift.switchback {
            self.tell(format!("{}: {}", screen.screen, screen.words));
        }
        self.said
            .extend(lift.ramp.map(|ramp| format!("      {}", ramp.words)));
    }

    /// What an entry about a trial says.
    pub(super) fn of_trial(&self, entry: &LedgerEntry) -> Option<String> {
        Some(match entry {
            LedgerEntry::Reached(r) => {
                let ramping = if r.counts { "" } else { ", while it ramps" };
                let name = self.name(r.shopper.0);
                format!("reached {name} with {} as {:?}{ramping}", r.offer, r.cell)
            }
            LedgerEntry::Bought(b) => {
                let first = if b.is_first { ", the first today" } else { "" };
                format!(
                    "bought {} pieces of {} as {:?}{first}",
                    b.pieces, b.offer, b.cell
                )
            }
            LedgerEntry::Paired(p) => {
                format!("paired {}: on {:?}, off {:?}", p.offer, p.on, p.off)
            }
            LedgerEntry::Ramped { offer, state, .. } => format!(
                "ramped {offer} at {} \u{2030} after {} s and {} showings",
                state.permille,
                state.ran_ms / 1_000,
                state.showings
            ),
            LedgerEntry::Incident { what, offers, .. } => {
                let offers: Vec<String> = offers.iter().map(ToString::to_string).collect();
                format!("{} near [{}]", what.label(), offers.join(", "))
            }
            _ => return None,
        })
    }

    fn tell(&mut self, words: String) {
        self.said.push(format!("      {words}"));
    }
}
