//! Complaints, calls for help, and what came of a trial.

use super::Shop;
use engine::{
    Event,
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

    fn tell(&mut self, words: String) {
        self.said.push(format!("      {words}"));
    }
}
