//! A moment before a screen, put together by hand: for properties of single
//! decisions and for measuring what they cost.

use engine::{
    Now, Seed, Snapshot,
    consent::Consents,
    decide::{Context, Guarding, Learned, RuleBook, Scene, Traits, Viewer},
    measure::Tallies,
    plan::{Bits, ScreenIx, StorePlan, ZoneIx},
    presence::Visit,
    shopper::{Enrolment, Profile, Purpose, Purposes, ShopperId},
    snapshot::Tally,
    time::{Mono, UnixMs, Wall},
};
use std::collections::BTreeMap;

/// 2026-11-21 09:00 in Hanoi, ten minutes after the gateway started.
const NOW: Now = Now {
    mono: Mono(600_000),
    wall: Wall::Synced(UnixMs(1_795_226_400_000)),
};

/// Somebody before the screen.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub(crate) zone: u8,
    pub(crate) dwell_ms: u64,
    pub(crate) purposes: Purposes,
    pub(crate) segments: Bits,
    pub(crate) profile: Profile,
    /// Showings of the first offers of the plan charged today, within this visit.
    pub(crate) shown: Vec<u16>,
}

/// Everything a decision borrows.
pub(crate) struct Stage {
    pub(crate) plan: StorePlan,
    pub(crate) census: Vec<u32>,
    pub(crate) settling: bool,
    pub(crate) explore_permille: u16,
    pub(crate) seed: u64,
    book: RuleBook,
    consents: Consents,
    visits: Vec<Visit>,
    traits: Vec<Traits>,
    context: Context,
    tallies: Tallies,
    learned: Learned,
}

impl Stage {
    pub(crate) fn new(mut plan: StorePlan, people: &[Somebody]) -> Self {
        plan.offers.sort_by(|a, b| a.id.cmp(&b.id));
        let mut consents = Consents::new(Seed(1));
        let (mut visits, mut traits) = (Vec::new(), Vec::new());
        for (at, somebody) in people.iter().enumerate() {
            let shopper = ShopperId(at as u64 + 1);
            consents.restore(Enrolment::consenting(shopper, 1, somebody.purposes));
            let since = Mono(NOW.mono.0 - somebody.dwell_ms.min(NOW.mono.0));
            let mut visit = Visit::certain(&plan, shopper, ZoneIx(somebody.zone), since);
            for (offer, times) in somebody.shown.iter().enumerate().take(plan.offers.len()) {
                (0..*times).for_each(|_| visit.charge(engine::plan::OfferIx(offer as u16)));
            }
            visits.push(visit);
            traits.push(Traits::described(
                somebody.segments,
                somebody.profile.clone(),
            ));
        }
        Self {
            book: RuleBook::new(&plan),
            context: Context::new(&plan),
            tallies: Tallies::new(&plan, charged(&plan, people)),
            census: vec![u32::MAX; plan.offers.len()],
            settling: false,
            explore_permille: 50,
            seed: 1,
            learned: Learned::default(),
            consents,
            visits,
            traits,
            plan,
        }
    }

    /// Draws by key beforehand, as the engine does once a second.
    pub(crate) fn draw(&mut self) {
        let moment = (Seed(self.seed), NOW);
        self.book
            .draw(&self.plan, Guarding::Shop, moment, &self.visits);
    }

    pub(crate) fn viewers(&self) -> Vec<Viewer<'_>> {
        let each = self.visits.iter().zip(&self.traits);
        each.filter_map(|(visit, traits)| {
            let permit = |purpose| self.consents.permit(visit.shopper, purpose, NOW);
            Some(Viewer {
                permit: permit(Purpose::InStoreOffers)?,
                visit,
                traits: permit(Purpose::Personalisation).map(|_| traits),
            })
        })
        .collect()
    }

    pub(crate) fn scene<'a>(&'a self, viewers: &'a [Viewer<'a>]) -> Scene<'a> {
        Scene {
            plan: &self.plan,
            book: &self.book,
            now: NOW,
            screen: ScreenIx(0),
            viewers,
            visits: &self.visits,
            context: &self.context,
            tallies: &self.tallies,
            census: &self.census,
            settling: self.settling,
            learned: &self.learned,
            tosses: true,
            explore_permille: self.explore_permille,
            seed: Seed(self.seed),
            guarding: Guarding::Shop,
            consents: &self.consents,
        }
    }
}

fn charged(plan: &StorePlan, people: &[Somebody]) -> Snapshot {
    let Wall::Synced(wall) = NOW.wall else {
        return Snapshot::default();
    };
    let day = plan.local_time.at(wall).day;
    let mut tallies = BTreeMap::new();
    for (at, offer) in plan.offers.iter().enumerate() {
        let shown = |somebody: &Somebody| somebody.shown.get(at).copied().unwrap_or(0);
        let each = people.iter().zip(1..).filter(|(s, _)| shown(s) > 0);
        let mut tally = Tally {
            day,
            ..Tally::default()
        };
        for (somebody, id) in each {
            for _ in 0..shown(somebody) {
                tally.charge(day, &[ShopperId(id)]);
            }
        }
        tallies.insert(offer.id.clone(), tally);
    }
    Snapshot {
        tallies,
        ..Snapshot::default()
    }
}
