//! Who agreed to what. [`Consents::permit`] is the only source of a [`Permit`],
//! and without one nothing about a person can be decided, shown or measured.
//!
//! Taking back holds at once; giving holds once it is on the disk.

use crate::{
    Seed,
    event::Outcome,
    index::{Index, index},
    recording::Standing,
    shopper::{
        Consent, Enrolment, IdentityKey, MAX_ENROLLED, MAX_KEYS, Purpose, Purposes, ShopperId,
    },
    time::{Now, UnixMs},
};
use core::marker::PhantomData;

/// Proof that a shopper agrees to one purpose at this moment. Cannot be kept:
/// it borrows the consents, so it is gone before any of them can change.
#[derive(Debug)]
pub struct Permit<'c> {
    shopper: ShopperId,
    showings_per_day: Option<u16>,
    of: PhantomData<&'c Consents>,
}

impl Permit<'_> {
    /// Whose.
    pub const fn shopper(&self) -> ShopperId {
        self.shopper
    }

    /// The frequency agreed to, showings per local day over all offers.
    pub const fn showings_per_day(&self) -> Option<u16> {
        self.showings_per_day
    }
}

/// Everybody enrolled.
#[derive(Debug)]
pub struct Consents {
    enrolled: Index<ShopperId, Enrolled>,
    forgotten: Index<ShopperId, u64>,
}

#[derive(Debug)]
struct Enrolled {
    version: u64,
    consent: Consent,
    /// Taken back since the newest version was announced: what is still on its
    /// way to the disk must not bring it back.
    withdrawn: Purposes,
    keys: Box<[IdentityKey]>,
}

impl Consents {
    /// Nobody yet.
    pub fn new(seed: Seed) -> Self {
        Self {
            enrolled: index(seed, 6),
            forgotten: index(seed, 7),
        }
    }

    /// Makes room for so many at once: growing step by step would leave the
    /// smaller tables behind as unusable memory.
    pub fn reserve(&mut self, shoppers: usize) {
        self.enrolled.reserve(shoppers);
    }

    /// Takes over what the ledger adds up to.
    pub fn restore(&mut self, enrolment: Enrolment) {
        self.put(enrolment);
    }

    /// Takes over who was forgotten.
    pub fn restore_forgotten(&mut self, shopper: ShopperId, version: u64) {
        self.forgotten.insert(shopper, version);
    }

    /// The only key to a person's offers and measures.
    pub fn permit(&self, shopper: ShopperId, purpose: Purpose, now: Now) -> Option<Permit<'_>> {
        let consent = &self.enrolled.get(&shopper)?.consent;
        let granted = consent.purposes.has(purpose) && holds(consent.until, now);
        granted.then_some(Permit {
            shopper,
            showings_per_day: consent.showings_per_day,
            of: PhantomData,
        })
    }

    /// The permit to follow a shopper through the shop at all.
    pub fn permit_to_follow(&self, shopper: ShopperId, now: Now) -> Option<Permit<'_>> {
        self.permit(shopper, Purpose::InStoreOffers, now)
            .or_else(|| self.permit(shopper, Purpose::Measurement, now))
    }

    /// How many are enrolled, those who withdrew everything too.
    pub fn enrolled(&self) -> usize {
        self.enrolled.len()
    }

    /// The version of a shopper's newest record.
    pub fn version(&self, shopper: ShopperId) -> Option<u64> {
        self.enrolled.get(&shopper).map(|known| known.version)
    }

    /// For a recording: what is known of a shopper, but for the keys.
    pub(crate) fn standing(&self, shopper: ShopperId) -> Option<Standing> {
        self.enrolled.get(&shopper).map(|known| Standing {
            version: known.version,
            consent: known.consent,
            withdrawn: known.withdrawn,
        })
    }

    /// As it stood when it was recorded.
    pub(crate) fn stand(&mut self, shopper: ShopperId, standing: &Standing) {
        let enrolled = Enrolled {
            version: standing.version,
            consent: standing.consent,
            withdrawn: standing.withdrawn,
            keys: Box::default(),
        };
        self.enrolled.insert(shopper, enrolled);
    }

    /// Whether this enrolment may be taken in; keys are checked by the caller.
    pub fn judge(&self, enrolment: &Enrolment) -> Result<(), Outcome> {
        let shopper = &enrolment.shopper;
        if self
            .forgotten
            .get(shopper)
            .is_some_and(|v| enrolment.version <= *v)
        {
            return Err(Outcome::Forgotten);
        }
        match self.enrolled.get(shopper) {
            Some(known) if enrolment.version <= known.version => return Err(Outcome::Stale),
            None if self.enrolled.len() >= MAX_ENROLLED => return Err(Outcome::Full),
            Some(_) | None => {}
        }
        if enrolment.keys.len() > MAX_KEYS {
            return Err(Outcome::Full);
        }
        Ok(())
    }

    /// What somebody agreed to that a newer record takes back.
    pub fn taken_back_by(&self, enrolment: &Enrolment) -> Purposes {
        let known = self.enrolled.get(&enrolment.shopper);
        known.map_or(Purposes::NONE, |known| {
            known.consent.purposes.without(enrolment.consent.purposes)
        })
    }

    /// First half of an upsert: what the new consent takes back is taken back
    /// now, and the version is claimed so that nothing older gets in between.
    /// Returns the keys that were known before.
    pub fn announce(&mut self, enrolment: &Enrolment) -> Box<[IdentityKey]> {
        let before = self.enrolled.get_mut(&enrolment.shopper);
        let Some(before) = before else {
            self.put(Enrolment {
                consent: Consent {
                    purposes: Purposes::NONE,
                    ..enrolment.consent
                },
                ..enrolment.clone()
            });
            return Box::default();
        };
        before.version = enrolment.version;
        before.withdrawn = Purposes::NONE;
        let kept = before.consent.purposes.0 & enrolment.consent.purposes.0;
        before.consent.purposes = Purposes(kept);
        before.consent.until = earlier(before.consent.until, enrolment.consent.until);
        before.consent.showings_per_day = fewer(
            before.consent.showings_per_day,
            enrolment.consent.showings_per_day,
        );
        core::mem::replace(&mut before.keys, enrolment.keys.clone().into())
    }

    /// Second half: the new consent is on the disk and holds, unless something
    /// newer has come in the meantime.
    pub fn confirm(&mut self, shopper: ShopperId, version: u64, consent: Consent) {
        if let Some(known) = self.enrolled.get_mut(&shopper)
            && known.version == version
        {
            known.consent = Consent {
                purposes: consent.purposes.without(known.withdrawn),
                ..consent
            };
        }
    }

    /// Takes purposes back. Returns the keys to be dropped when none is left, neither of
    /// those that hold nor of what is `coming`, on its way to the disk; or `None` when nobody
    /// of that name is enrolled.
    pub fn withdraw(
        &mut self,
        shopper: ShopperId,
        purposes: Purposes,
        coming: Purposes,
    ) -> Option<Box<[IdentityKey]>> {
        let known = self.enrolled.get_mut(&shopper)?;
        known.withdrawn = Purposes(known.withdrawn.0 | purposes.0);
        known.consent.purposes = known.consent.purposes.without(purposes);
        let coming = coming.without(known.withdrawn);
        if known.consent.purposes.is_empty() && coming.is_empty() {
            return Some(core::mem::take(&mut known.keys));
        }
        Some(Box::default())
    }

    /// Forgets a shopper. Returns the version that ended and the keys to be dropped.
    pub fn forget(&mut self, shopper: ShopperId) -> Option<(u64, Box<[IdentityKey]>)> {
        let known = self.enrolled.remove(&shopper)?;
        self.forgotten.insert(shopper, known.version);
        Some((known.version, known.keys))
    }

    fn put(&mut self, enrolment: Enrolment) {
        self.forgotten.remove(&enrolment.shopper);
        let enrolled = Enrolled {
            version: enrolment.version,
            consent: enrolment.consent,
            withdrawn: Purposes::NONE,
            keys: enrolment.keys.into(),
        };
        self.enrolled.insert(enrolment.shopper, enrolled);
    }
}

/// A consent that ends needs a date to still hold.
fn holds(until: Option<UnixMs>, now: Now) -> bool {
    match (until, now.wall.known()) {
        (None, _) => true,
        (Some(until), Some(at)) => at < until,
        (Some(_), None) => false,
    }
}

fn earlier(a: Option<UnixMs>, b: Option<UnixMs>) -> Option<UnixMs> {
    [a, b].into_iter().flatten().min()
}

fn fewer(a: Option<u16>, b: Option<u16>) -> Option<u16> {
    [a, b].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Mono, Wall};

    const MAI: ShopperId = ShopperId(1);

    fn now(wall: Wall) -> Now {
        Now {
            mono: Mono(0),
            wall,
        }
    }

    fn offers_only(version: u64) -> Enrolment {
        Enrolment::consenting(MAI, version, Purposes::NONE.with(Purpose::InStoreOffers))
    }

    fn may_be_shown_offers(consents: &Consents) -> bool {
        let permit = consents.permit(MAI, Purpose::InStoreOffers, now(Wall::Unsynced));
        permit.is_some()
    }

    #[test]
    fn a_grant_holds_only_once_it_is_on_the_disk() {
        let mut consents = Consents::new(Seed(1));
        let grant = offers_only(1);
        consents.announce(&grant);
        assert!(!may_be_shown_offers(&consents));
        consents.confirm(MAI, 1, grant.consent);
        assert!(may_be_shown_offers(&consents));
        assert!(
            consents
                .permit(MAI, Purpose::Measurement, now(Wall::Unsynced))
                .is_none()
        );
    }

    #[test]
    fn a_withdrawal_beats_a_grant_that_was_still_on_its_way_to_the_disk() {
        let mut consents = Consents::new(Seed(1));
        consents.announce(&offers_only(1));
        consents.withdraw(MAI, Purposes::ALL, Purposes::NONE);
        consents.confirm(MAI, 1, offers_only(1).consent);
        assert!(!may_be_shown_offers(&consents));
    }

    #[test]
    fn an_older_grant_reaching_the_disk_late_changes_nothing() {
        let mut consents = Consents::new(Seed(1));
        consents.announce(&offers_only(1));
        let newer = offers_only(2);
        consents.announce(&newer);
        consents.confirm(MAI, 1, offers_only(1).consent);
        assert!(!may_be_shown_offers(&consents));
    }

    #[test]
    fn a_consent_that_ends_needs_a_date() {
        let mut consents = Consents::new(Seed(1));
        let mut grant = offers_only(1);
        grant.consent.until = Some(UnixMs(1_000));
        consents.restore(grant);
        for (wall, permitted) in [
            (Wall::Synced(UnixMs(999)), true),
            (Wall::Synced(UnixMs(1_000)), false),
            (Wall::Unsynced, false),
        ] {
            let permit = consents.permit(MAI, Purpose::InStoreOffers, now(wall));
            assert_eq!(permit.is_some(), permitted, "{wall:?}");
        }
    }

    #[test]
    fn old_versions_change_nothing_and_the_forgotten_stay_forgotten() {
        let mut consents = Consents::new(Seed(1));
        consents.restore(offers_only(5));
        assert_eq!(consents.judge(&offers_only(5)), Err(Outcome::Stale));
        assert_eq!(consents.judge(&offers_only(6)), Ok(()));
        consents.forget(MAI);
        assert_eq!(consents.judge(&offers_only(5)), Err(Outcome::Forgotten));
        assert_eq!(consents.judge(&offers_only(6)), Ok(()));
    }

    #[test]
    fn who_was_forgotten_before_a_restart_stays_forgotten_after_it() {
        let mut consents = Consents::new(Seed(1));
        consents.restore_forgotten(MAI, 5);
        assert_eq!(consents.judge(&offers_only(5)), Err(Outcome::Forgotten));
        assert_eq!(consents.judge(&offers_only(6)), Ok(()));
    }

    #[test]
    fn what_is_taken_back_twice_while_a_grant_is_on_its_way_stays_taken_back() {
        let mut consents = Consents::new(Seed(1));
        consents.announce(&offers_only(1));
        consents.withdraw(MAI, Purposes::ALL, Purposes::NONE);
        consents.withdraw(
            MAI,
            Purposes::NONE.with(Purpose::InStoreOffers),
            Purposes::NONE,
        );
        consents.confirm(MAI, 1, offers_only(1).consent);
        assert!(!may_be_shown_offers(&consents));
    }

    /// What is agreed to less holds before the disk has it, what is more only then.
    #[test]
    fn an_earlier_end_and_a_lower_frequency_hold_at_once() {
        let at = |ms| now(Wall::Synced(UnixMs(ms)));
        let agreed = |version, until, frequency| {
            let mut enrolment = offers_only(version);
            enrolment.consent.until = Some(UnixMs(until));
            enrolment.consent.showings_per_day = frequency;
            enrolment
        };
        let frequency = |consents: &Consents, ms| {
            let permit = consents.permit(MAI, Purpose::InStoreOffers, at(ms));
            permit.map(|permit| permit.showings_per_day())
        };
        let mut consents = Consents::new(Seed(1));
        consents.restore(agreed(1, 1_000, None));
        consents.announce(&agreed(2, 500, Some(7)));
        assert_eq!(frequency(&consents, 499), Some(Some(7)));
        assert_eq!(frequency(&consents, 500), None);
        consents.announce(&agreed(3, 2_000, Some(9)));
        assert_eq!(frequency(&consents, 499), Some(Some(7)));
        assert_eq!(frequency(&consents, 500), None);
        consents.confirm(MAI, 3, agreed(3, 2_000, Some(9)).consent);
        assert_eq!(frequency(&consents, 1_999), Some(Some(9)));
    }

    #[test]
    fn there_is_room_for_so_many_shoppers_and_keys_and_no_more() {
        let mut consents = Consents::new(Seed(1));
        consents.reserve(MAX_ENROLLED);
        let enrolment = |n| Enrolment::consenting(ShopperId(n), 1, Purposes::NONE);
        for n in 1..MAX_ENROLLED as u64 {
            consents.restore(enrolment(n));
        }
        let last = MAX_ENROLLED as u64;
        assert_eq!(consents.judge(&enrolment(last)), Ok(()));
        consents.restore(enrolment(last));
        assert_eq!(consents.enrolled(), MAX_ENROLLED);
        assert_eq!(consents.judge(&enrolment(last + 1)), Err(Outcome::Full));
        let mut known = enrolment(1);
        known.version = 2;
        known.keys = vec![IdentityKey::Irk([7; 16]); MAX_KEYS];
        assert_eq!(consents.judge(&known), Ok(()));
        known.keys.push(IdentityKey::Irk([7; 16]));
        assert_eq!(consents.judge(&known), Err(Outcome::Full));
        assert_eq!(consents.version(ShopperId(1)), Some(1));
        assert_eq!(consents.version(ShopperId(last + 1)), None);
    }
}
