//! Promise 4. Counts every picture that was sent and so may have been painted,
//! across all starts of the gateway.

use super::{Call, Complaints, shows};
use engine::{
    Effect, Event,
    effect::{CommitId, LedgerEntry, Reservation},
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::{Consent, ShopperId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What is delivered is not always told: tables of rotating tokens may be a
/// second behind a clock that was set, and what was heard was heard earlier.
const HEARD_SLACK_MS: u64 = 5_000;

type Showing = (ScreenIx, u64);

/// What was reserved, sent and charged.
#[derive(Debug)]
pub struct Caps {
    plan: Arc<StorePlan>,
    reserved: BTreeMap<Showing, Booked>,
    durable: CommitId,
    sent: BTreeSet<Showing>,
    released: BTreeSet<Showing>,
    painted: BTreeSet<Showing>,
    by_offer: BTreeMap<OfferIx, u32>,
    by_offer_day: BTreeMap<(OfferIx, i32), u32>,
    by_shopper_day: BTreeMap<(OfferIx, ShopperId, i32), u16>,
    all_by_shopper_day: BTreeMap<(ShopperId, i32), u16>,
    by_visit: BTreeMap<(OfferIx, ShopperId), u16>,
    /// When something came and when something could surely be told, ms.
    heard_ms: BTreeMap<ShopperId, (u64, u64)>,
    /// The latest day each offer was ever charged on, and any offer: a clock
    /// that runs ahead and comes back does not begin another day.
    offer_day: BTreeMap<OfferIx, i32>,
    last_day: i32,
    agreed: BTreeMap<ShopperId, Consent>,
}

#[derive(Debug)]
struct Booked {
    /// Of this start; `None` once the start is over.
    commit: Option<CommitId>,
    /// Whether it is on the disk, whatever anybody was told.
    is_written: bool,
    reservation: Reservation,
    /// The day it counts on for its offer, and for the agreed frequency.
    days: (i32, i32),
}

impl Caps {
    /// Nothing was shown yet.
    pub fn new(plan: Arc<StorePlan>) -> Self {
        Self {
            plan,
            reserved: BTreeMap::new(),
            durable: CommitId(0),
            sent: BTreeSet::new(),
            released: BTreeSet::new(),
            painted: BTreeSet::new(),
            by_offer: BTreeMap::new(),
            by_offer_day: BTreeMap::new(),
            by_shopper_day: BTreeMap::new(),
            all_by_shopper_day: BTreeMap::new(),
            by_visit: BTreeMap::new(),
            heard_ms: BTreeMap::new(),
            offer_day: BTreeMap::new(),
            last_day: i32::MIN,
            agreed: BTreeMap::new(),
        }
    }

    /// Commits are numbered anew, and who is here may be on a new visit as far
    /// as a gateway can tell that was just started.
    pub fn started(&mut self) {
        self.durable = CommitId(0);
        self.by_visit.clear();
        for booked in self.reserved.values_mut() {
            booked.commit = None;
        }
    }

    /// An entry is on the disk.
    pub fn on_disk(&mut self, entry: &LedgerEntry) {
        if let LedgerEntry::Reserved(reservation) = entry
            && let Some(screen) = self.plan.screen(&reservation.showing.screen)
            && let Some(booked) = self
                .reserved
                .get_mut(&(screen, reservation.showing.revision))
        {
            booked.is_written = true;
        }
    }

    /// For whose sake a picture was reserved.
    pub fn reserved_for(&self, screen: ScreenIx, revision: u64) -> &[ShopperId] {
        let booked = self.reserved.get(&(screen, revision));
        booked.map_or(&[], |b| &b.reservation.shoppers)
    }

    /// Ground truth: something of this shopper was delivered; `surely` when
    /// nothing keeps the gateway from telling whose it is. A long silence ends
    /// the visit, whether nothing came or nothing could be told.
    pub fn was_heard(&mut self, shopper: ShopperId, at_ms: u64, surely: bool) {
        let (came_ms, told_ms) = self.heard_ms.entry(shopper).or_default();
        let silent_ms = (at_ms - *came_ms).max(at_ms - *told_ms);
        *came_ms = at_ms;
        if surely {
            *told_ms = at_ms;
        }
        if silent_ms + HEARD_SLACK_MS >= self.plan.presence.absent_after_ms {
            self.visit_ends(shopper);
        }
    }

    fn visit_ends(&mut self, shopper: ShopperId) {
        self.by_visit.retain(|(_, whose), _| *whose != shopper);
    }

    /// Who is forgotten and comes back is somebody new.
    fn forget(&mut self, shopper: ShopperId) {
        self.visit_ends(shopper);
        self.by_shopper_day.retain(|(_, s, _), _| *s != shopper);
        self.all_by_shopper_day.retain(|(s, _), _| *s != shopper);
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, complaints: &mut Complaints) {
        match call.event {
            Event::Durable(id) => self.durable = self.durable.max(*id),
            // A visit that consent interrupts is over for the engine.
            Event::Withdraw { shopper, .. } => self.visit_ends(*shopper),
            Event::Forget { shopper, .. } => self.forget(*shopper),
            Event::Upsert { enrolment, .. } => self.visit_ends(enrolment.shopper),
            _ => {}
        }
        for effect in call.effects {
            match effect {
                Effect::Commit { id, entry } => self.committed(*id, entry, call, complaints),
                Effect::Command(_)
                | Effect::Fetch { .. }
                | Effect::Keep { .. }
                | Effect::Erase { .. }
                | Effect::KeepRadio(_)
                | Effect::Answer { .. }
                | Effect::Record(_) => {}
            }
        }
        let plan = self.plan.clone();
        for (screen, offer, command) in shows(call.effects, &plan) {
            if self.sent.insert((screen, command.revision)) {
                self.shown((screen, command.revision), offer, call, complaints);
            }
        }
    }

    fn committed(
        &mut self,
        id: CommitId,
        entry: &LedgerEntry,
        call: &Call<'_>,
        complaints: &mut Complaints,
    ) {
        match entry {
            LedgerEntry::Reserved(reservation) => {
                let Some(screen) = self.plan.screen(&reservation.showing.screen) else {
                    complaints.add(4, call.at_ms, "a reservation names no screen of the plan");
                    return;
                };
                let booked = Booked {
                    commit: Some(id),
                    is_written: false,
                    reservation: reservation.clone(),
                    days: self.days(reservation),
                };
                self.reserved
                    .insert((screen, reservation.showing.revision), booked);
            }
            LedgerEntry::Released { showing } => {
                if let Some(screen) = self.plan.screen(&showing.screen) {
                    self.release((screen, showing.revision), call.at_ms, complaints);
                }
            }
            LedgerEntry::Enrolled(e) => {
                self.agreed.insert(e.shopper, e.consent);
            }
            LedgerEntry::Started { .. }
            | LedgerEntry::Withdrawn { .. }
            | LedgerEntry::Forgotten { .. }
            | LedgerEntry::Exposed(_)
            | LedgerEntry::Redeemed(_)
            | LedgerEntry::Sold(_)
            | LedgerEntry::Voided { .. }
            | LedgerEntry::Coded(_)
            | LedgerEntry::Kept(_)
            | LedgerEntry::CodesTallied { .. }
            | LedgerEntry::Paused(_)
            | LedgerEntry::Resumed(_)
            | LedgerEntry::Money(_)
            | LedgerEntry::Tallied { .. }
            | LedgerEntry::Open(_)
            | LedgerEntry::Receipt(_)
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. }
            | LedgerEntry::Epoch { .. }
            | LedgerEntry::Sealed(_)
            | LedgerEntry::Noted(_)
            | LedgerEntry::Blank
            | LedgerEntry::Doubted => {}
        }
    }

    fn days(&mut self, reservation: &Reservation) -> (i32, i32) {
        self.last_day = self.last_day.max(reservation.day);
        let of_offer = self.plan.offer(&reservation.offer).map(|offer| {
            let day = self.offer_day.entry(offer).or_insert(reservation.day);
            *day = reservation.day.max(*day);
            *day
        });
        (of_offer.unwrap_or(reservation.day), self.last_day)
    }

    /// A picture is sent for the first time: from now on it may be painted.
    fn shown(
        &mut self,
        showing: Showing,
        offer: OfferIx,
        call: &Call<'_>,
        complaints: &mut Complaints,
    ) {
        let screen = &self.plan.screens[showing.0.at()].id;
        let Some(booked) = self.reserved.get(&showing) else {
            let what = format!(
                "screen {screen} is sent revision {} without a reservation",
                showing.1
            );
            complaints.add(4, call.at_ms, what);
            return;
        };
        let was_told = booked.commit.is_some_and(|id| id <= self.durable);
        if !was_told || !booked.is_written {
            let what = format!(
                "screen {screen} is sent revision {} before its reservation is durable",
                showing.1
            );
            complaints.add(4, call.at_ms, what);
        }
        let (reservation, days) = (booked.reservation.clone(), booked.days);
        if self.plan.offer(&reservation.offer) != Some(offer) {
            complaints.add(
                4,
                call.at_ms,
                "a picture of another offer than was reserved",
            );
        }
        self.charge(offer, &reservation, days, 1);
        self.compare(offer, &reservation, days, call.at_ms, complaints);
    }

    fn charge(
        &mut self,
        offer: OfferIx,
        reservation: &Reservation,
        (day, any_day): (i32, i32),
        by: i32,
    ) {
        let add = |count: &mut u32| *count = count.saturating_add_signed(by);
        add(self.by_offer.entry(offer).or_default());
        add(self.by_offer_day.entry((offer, day)).or_default());
        for shopper in &reservation.shoppers {
            let add = |count: &mut u16| *count = count.saturating_add_signed(by as i16);
            add(self
                .by_shopper_day
                .entry((offer, *shopper, day))
                .or_default());
            add(self
                .all_by_shopper_day
                .entry((*shopper, any_day))
                .or_default());
            add(self.by_visit.entry((offer, *shopper)).or_default());
        }
    }

    fn compare(
        &self,
        ix: OfferIx,
        reservation: &Reservation,
        (day, any_day): (i32, i32),
        at_ms: u64,
        complaints: &mut Complaints,
    ) {
        let offer = &self.plan.offers[ix.at()];
        let mut over = |what: &str, count: u32, most: u32| {
            if count > most {
                let what = format!(
                    "{what} of offer {}: {count} shown, {most} allowed",
                    offer.id
                );
                complaints.add(4, at_ms, what);
            }
        };
        over("budget", self.by_offer[&ix], offer.budget.showings);
        if let Some(most) = offer.budget.showings_per_day {
            over("daily budget", self.by_offer_day[&(ix, day)], most);
        }
        for shopper in &reservation.shoppers {
            let today = self.by_shopper_day[&(ix, *shopper, day)];
            over("daily cap", today.into(), offer.cap.per_day.into());
            let visit = self.by_visit[&(ix, *shopper)];
            over("cap per visit", visit.into(), offer.cap.per_visit.into());
            let agreed = self.agreed.get(shopper).and_then(|c| c.showings_per_day);
            if let Some(most) = agreed {
                let all = self.all_by_shopper_day[&(*shopper, any_day)];
                over("agreed frequency", all.into(), most.into());
            }
        }
    }

    fn release(&mut self, showing: Showing, at_ms: u64, complaints: &mut Complaints) {
        if !self.released.insert(showing) || !self.sent.contains(&showing) {
            return;
        }
        if self.painted.contains(&showing) {
            complaints.add(4, at_ms, "a picture that was painted is given back");
        }
        let Some(booked) = self.reserved.get(&showing) else {
            return;
        };
        let (reservation, days) = (booked.reservation.clone(), booked.days);
        if let Some(offer) = self.plan.offer(&reservation.offer) {
            self.charge(offer, &reservation, days, -1);
        }
    }

    /// Ground truth: a screen painted this revision.
    pub fn painted(
        &mut self,
        screen: ScreenIx,
        revision: u64,
        at_ms: u64,
        complaints: &mut Complaints,
    ) {
        let showing = (screen, revision);
        if self.reserved.contains_key(&showing) {
            self.painted.insert(showing);
            if self.released.contains(&showing) {
                complaints.add(4, at_ms, "a picture that was given back is painted");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace::{BREAD, MAI, MILK, Trace};
    use super::*;
    use engine::{effect::ShowingId, shopper::Purposes};

    #[test]
    fn a_picture_before_its_reservation_is_durable_or_without_one_is_found() {
        let mut trace = Trace::new();
        trace.reserve(BREAD, 1, &[]).show(BREAD, 1);
        assert_eq!(trace.broken(), [4]);
        let mut trace = Trace::new();
        trace.show(BREAD, 1);
        assert_eq!(trace.broken(), [4]);
        let mut trace = Trace::new();
        trace.reserve(BREAD, 1, &[]).durable();
        trace.checker.started();
        trace.show(BREAD, 1);
        assert_eq!(trace.broken(), [4], "a reservation of another start");
    }

    #[test]
    fn one_showing_too_many_is_found_also_over_a_crash_and_a_resend_is_none() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        for revision in 1..=3 {
            trace.reserve(BREAD, revision, &[MAI]).durable();
            trace.show(BREAD, revision).show(BREAD, revision);
            trace.checker.started();
        }
        assert_eq!(trace.broken(), Vec::<u8>::new());
        trace.reserve(BREAD, 4, &[MAI]).durable().show(BREAD, 4);
        assert_eq!(trace.broken(), [4], "three a day are allowed");
    }

    #[test]
    fn a_cap_per_visit_holds_until_the_visit_is_over() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        for revision in 1..=3 {
            trace.checker.was_heard(MAI, trace.at_ms, true);
            trace
                .reserve(BREAD, revision, &[MAI])
                .durable()
                .show(BREAD, revision);
        }
        assert_eq!(trace.broken(), [4], "two a visit are allowed");
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        for revision in 1..=3 {
            trace.at_ms += 40_000;
            trace.checker.was_heard(MAI, trace.at_ms, true);
            trace.checker.is_here(MAI, trace.at_ms);
            trace
                .reserve(BREAD, revision, &[MAI])
                .durable()
                .show(BREAD, revision);
        }
        assert_eq!(trace.broken(), Vec::<u8>::new());
    }

    #[test]
    fn a_silence_ends_a_visit_also_when_nothing_can_be_told_afterwards() {
        for (surely, at_ms, broken) in [
            (true, 29_000, vec![]),
            (false, 29_000, vec![]),
            (false, 20_000, vec![4]),
        ] {
            let mut trace = Trace::new();
            trace.enrol(MAI, Purposes::ALL);
            trace.checker.was_heard(MAI, trace.at_ms, true);
            for revision in 1..=3 {
                if revision == 3 {
                    trace.at_ms += at_ms;
                    trace.checker.was_heard(MAI, trace.at_ms, surely);
                }
                trace.reserve(BREAD, revision, &[MAI]).durable();
                trace.show(BREAD, revision);
            }
            assert_eq!(trace.broken(), broken, "{surely} {at_ms}");
        }
    }

    #[test]
    fn a_budget_overrun_is_found() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        for revision in 1..=6 {
            let shopper = ShopperId(100 + revision);
            trace.enrol(shopper, Purposes::ALL);
            trace.reserve("warm-day", revision, &[shopper]).durable();
            trace.show("warm-day", revision);
        }
        assert_eq!(trace.broken(), [4], "five a day are allowed");
    }

    #[test]
    fn giving_back_what_was_painted_is_found() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        trace.reserve(MILK, 1, &[MAI]).durable().show(MILK, 1);
        trace.checker.painted(ScreenIx(0), 1, trace.at_ms);
        let released = LedgerEntry::Released {
            showing: ShowingId {
                screen: trace.plan.screens[0].id.clone(),
                revision: 1,
            },
        };
        trace.commit(&Event::Woke, released);
        assert_eq!(trace.broken(), [4]);
    }
}
