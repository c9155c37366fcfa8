//! Everything one decision looks at.

use super::{Decision, Guarding, Learned, Reached, RuleBook, Traits};
use crate::{
    Seed,
    consent::{Consents, Permit},
    context::Context,
    measure::Tallies,
    plan::{Bits, OfferIx, Screen, ScreenIx, StorePlan},
    presence::Visit,
    shopper::ShopperId,
    time::Now,
};

/// Everything one decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The plan in force.
    pub plan: &'a StorePlan,
    /// Its rules about people, compiled.
    pub book: &'a RuleBook,
    /// When.
    pub now: Now,
    /// For which screen.
    pub screen: ScreenIx,
    /// Shoppers who may be shown offers.
    pub viewers: &'a [Viewer<'a>],
    /// Everybody followed, for counting only.
    pub visits: &'a [Visit],
    /// The shop around.
    pub context: &'a Context,
    /// Caps and budgets.
    pub tallies: &'a Tallies,
    /// For each offer how many enrolled shoppers qualify.
    pub census: &'a [u32],
    /// Whether few people came or went a moment ago.
    pub settling: bool,
    /// What was learned.
    pub learned: &'a Learned,
    /// Thousandths of decisions drawn evenly from all offers with a score: the
    /// plan's, or 0 where only the best may interrupt what is shown.
    pub explore_permille: u16,
    /// Whether switchbacks toss their coins; in a rehearsal all are on.
    pub tosses: bool,
    /// The only source of chance.
    pub seed: Seed,
    /// How the public-screen guard is asked.
    pub guarding: Guarding,
    /// What shoppers agreed to, those included who just left.
    pub consents: &'a Consents,
}

impl Scene<'_> {
    /// Zones from which the screen is seen.
    pub(super) fn seen_from(&self) -> Bits {
        self.plan.screens[self.screen.at()].seen_from
    }

    /// The screen.
    pub(super) fn screen(&self) -> &Screen {
        &self.plan.screens[self.screen.at()]
    }

    /// The local day that is charged; `None` without a date.
    pub(super) fn day(&self) -> Option<i32> {
        let wall = self.now.wall.known()?;
        Some(self.tallies.day(self.plan.local_time.at(wall).day))
    }
}

/// A shopper who may be shown offers.
#[derive(Debug)]
pub struct Viewer<'a> {
    /// Proof of it.
    pub permit: Permit<'a>,
    /// Where the shopper is.
    pub visit: &'a Visit,
    /// What may be asked of the shopper; only with consent to personalisation.
    pub traits: Option<&'a Traits>,
}

/// What was chosen and what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// For the console and the records.
    pub decision: Decision,
    /// For whose sake: their caps are charged.
    pub shoppers: Vec<ShopperId>,
    /// Which offer would have gone to whom, had nobody been assigned to
    /// anything.
    pub reached: Option<Reached>,
    /// In private, where several offers find place: all that would go to the shopper, had
    /// nobody been assigned to anything, best first. Before a screen none.
    pub ranked: Vec<OfferIx>,
    /// The arm whose picture is painted: that of the shopper who sees the screen
    /// most surely.
    pub arm: Option<u8>,
}
