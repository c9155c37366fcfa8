//! What is watched of trials between two entries of the ledger: pairs of blocks
//! that go on, what screens showed of late, who bought today.

use super::{BLOCK_MS, Incident, Paired, block_at, is_on};
use crate::{
    event::Basket,
    plan::{OfferIx, ScreenIx, StorePlan},
    shopper::ShopperId,
    time::{Mono, UnixMs},
};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// A complaint or a call for help counts against what a screen showed within
/// this long before it, ms: as long as it takes to find somebody to tell.
pub const BLAMED_FOR_MS: u64 = 5 * 60_000;
/// The same from the same screen within this long is the same, ms.
const SAME_MS: u64 = 10_000;
/// Most shoppers remembered for having bought today; who comes after them
/// counts as a first buyer again.
const BOUGHT_MAX: usize = 65_536;
/// Most receipts of one of them remembered for an offer.
const RECEIPTS_MAX: usize = 8;
/// Most receipts remembered for one pair of blocks; those after them count as often as
/// they are sent.
const RUNG_MAX: usize = 65_536;
/// A step that took longer was a stop: nothing is known of what happened, ms.
const STEP_MS_MAX: u64 = 10_000;

/// What is watched.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Watch {
    stepped: Option<Mono>,
    /// Offers with a ramp.
    pub(super) ramps: Vec<OfferIx>,
    /// Running time of each ramp's step as the ledger has it, ms.
    pub(super) saved_ms: BTreeMap<OfferIx, u64>,
    pub(super) switches: Vec<Switch>,
    /// By screen: which offer was last on its glass when.
    glass: Vec<Vec<(OfferIx, Mono)>>,
    heard: BTreeMap<(ScreenIx, Incident), Mono>,
    /// Receipts of today that hold an offer's products; by the first its shopper is a
    /// buyer.
    bought: BTreeMap<(OfferId, ShopperId), Vec<String>>,
    bought_day: i32,
}

/// A switchback whose pair of blocks goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Switch {
    pub(super) offer: OfferIx,
    length_ms: u64,
    pair: Option<i64>,
    seen_ms: u64,
    halves: [Half; 2],
    /// Receipts of this pair: in which block they count, if they do, and whether they hold
    /// the offer's products.
    rung: BTreeMap<String, Option<(usize, bool)>>,
    /// Receipts of the pair before.
    rung_before: BTreeSet<String>,
}

/// One block of the pair.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Half {
    receipts: u32,
    with: u32,
    /// Screens on which it would have been shown, as bits.
    reached: u64,
}

impl Watch {
    /// Of a plan, from now on. Who bought today is kept.
    pub fn replan(&mut self, plan: &StorePlan) {
        let offers = || (0..).map(OfferIx).zip(&plan.offers);
        let ramps = offers().filter(|(_, offer)| offer.trial.ramp.is_some());
        let switches = offers().filter_map(|(ix, offer)| {
            let length_ms = offer.trial.switchback_ms?;
            Some(Switch::new(ix, length_ms))
        });
        *self = Self {
            ramps: ramps.map(|(ix, _)| ix).collect(),
            switches: switches.collect(),
            glass: vec![Vec::new(); plan.screens.len()],
            bought: std::mem::take(&mut self.bought),
            bought_day: self.bought_day,
            ..Self::default()
        };
    }

    /// Time since the last step, ms; 0 after a stop.
    pub(super) fn step(&mut self, now: Mono) -> u64 {
        let before = self.stepped.replace(now);
        let ms = before.map_or(0, |before| now.since_ms(before));
        if ms <= STEP_MS_MAX { ms } else { 0 }
    }

    /// A screen shows this offer now; what it showed long ago is nobody's fault
    /// any more.
    pub(super) fn shows(&mut self, now: Mono, screen: ScreenIx, offer: Option<OfferIx>) {
        let glass = &mut self.glass[screen.at()];
        glass.retain(|(o, at)| Some(*o) != offer && now.since_ms(*at) <= BLAMED_FOR_MS);
        glass.extend(offer.map(|offer| (offer, now)));
    }

    /// What a screen showed within the last minutes.
    pub(super) fn shown_on(&self, screen: ScreenIx) -> impl Iterator<Item = OfferIx> {
        let glass = self.glass.get(screen.at()).into_iter().flatten();
        glass.map(|(offer, _)| *offer)
    }

    /// Whether an incident is another than the last of its kind there.
    pub(super) fn is_news(&mut self, now: Mono, screen: ScreenIx, what: Incident) -> bool {
        let before = self.heard.insert((screen, what), now);
        before.is_none_or(|before| now.since_ms(before) > SAME_MS)
    }

    /// Notes that a shopper bought, and says whether this receipt is the first of the day
    /// with which it was so.
    pub(super) fn is_first(
        &mut self,
        offer: &OfferId,
        shopper: ShopperId,
        day: i32,
        receipt: &str,
    ) -> bool {
        if day > self.bought_day {
            self.bought_day = day;
            self.bought.clear();
        }
        let is_full = self.bought.len() >= BOUGHT_MAX;
        match self.bought.entry((offer.clone(), shopper)) {
            Entry::Vacant(_) if is_full => true,
            Entry::Vacant(entry) => {
                entry.insert(vec![receipt.to_owned()]);
                true
            }
            Entry::Occupied(mut entry) => {
                let receipts = entry.get_mut();
                let known = receipts.iter().position(|known| known == receipt);
                if known.is_none() && receipts.len() < RECEIPTS_MAX {
                    receipts.push(receipt.to_owned());
                }
                known == Some(0)
            }
        }
    }

    /// A receipt was taken back. Returns which receipts make buyers of their shoppers in its
    /// place.
    pub(super) fn voided(&mut self, receipt: &str) -> Vec<(OfferId, String)> {
        for switch in &mut self.switches {
            switch.voided(receipt);
        }
        let mut instead = Vec::new();
        self.bought.retain(|(offer, _), receipts| {
            let Some(at) = receipts.iter().position(|known| known == receipt) else {
                return true;
            };
            receipts.remove(at);
            let next = receipts.first().filter(|_| at == 0);
            instead.extend(next.map(|next| (offer.clone(), next.clone())));
            !receipts.is_empty()
        });
        instead
    }

    /// Whether receipts count whatever they hold.
    pub const fn counts_receipts(&self) -> bool {
        !self.switches.is_empty()
    }

    /// Keeps nobody else.
    pub fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        self.bought.retain(|(_, shopper), _| keep(*shopper));
    }

    /// Everybody it names.
    pub fn shoppers(&self) -> impl Iterator<Item = ShopperId> {
        self.bought.keys().map(|(_, shopper)| *shopper)
    }

    /// A shopper is measured no longer.
    pub fn forget(&mut self, shopper: ShopperId) {
        self.bought.retain(|(_, s), _| *s != shopper);
    }

    /// An offer would have been shown on this screen.
    pub(super) fn reached(&mut self, at: UnixMs, screen: ScreenIx, offer: OfferIx) {
        for switch in self.switches.iter_mut().filter(|s| s.offer == offer) {
            switch.halves[switch.half(at)].reached |= 1 << screen.0;
        }
    }

    /// A till closed a basket, whoever's. One in which goods only come back is none.
    pub(super) fn basket(&mut self, at: UnixMs, plan: &StorePlan, basket: &Basket) {
        let bought = || basket.lines.iter().filter(|line| line.pieces > 0);
        if bought().next().is_none() {
            return;
        }
        for switch in &mut self.switches {
            let skus = &plan.offers[switch.offer.at()].skus;
            let holds = bought().any(|line| skus.contains(&line.sku));
            switch.basket(at, &basket.receipt, holds);
        }
    }
}

impl Switch {
    fn new(offer: OfferIx, length_ms: u64) -> Self {
        Self {
            offer,
            length_ms,
            pair: None,
            seen_ms: 0,
            halves: Default::default(),
            rung: BTreeMap::new(),
            rung_before: BTreeSet::new(),
        }
    }

    /// Time passes. Returns what came of a pair that is over.
    pub(super) fn step(&mut self, at: UnixMs, ms: u64, plan: &StorePlan) -> Vec<Paired> {
        let pair = block_at(at, 2 * self.length_ms);
        if self.pair == Some(pair) {
            self.seen_ms += ms;
            return Vec::new();
        }
        let over = self
            .pair
            .map_or_else(Vec::new, |pair| self.close(pair, plan));
        *self = Self {
            pair: Some(pair),
            rung_before: std::mem::take(&mut self.rung).into_keys().collect(),
            ..Self::new(self.offer, self.length_ms)
        };
        over
    }

    /// Only pairs that were watched from beginning to end count: not those in
    /// which the gateway was started, or its clock set.
    fn close(&self, pair: i64, plan: &StorePlan) -> Vec<Paired> {
        let whole = 2 * self.length_ms;
        let [first, second] = self.halves;
        let is_whole = self.seen_ms.abs_diff(whole) <= whole / 50;
        if !is_whole || first.receipts == 0 || second.receipts == 0 {
            return Vec::new();
        }
        let offer = &plan.offers[self.offer.at()];
        let screens = plan.screens.iter().enumerate();
        let reached = screens.filter(|(ix, _)| first.reached & second.reached >> ix & 1 == 1);
        let paired = reached.map(|(_, screen)| {
            let (on, off) = if is_on(offer, &screen.id, 2 * pair) {
                (first, second)
            } else {
                (second, first)
            };
            Paired {
                offer: offer.id.clone(),
                screen: screen.id.clone(),
                on: (on.receipts, on.with),
                off: (off.receipts, off.with),
            }
        });
        paired.collect()
    }

    fn half(&self, at: UnixMs) -> usize {
        block_at(at, self.length_ms).rem_euclid(2) as usize
    }

    /// However often a till sends it, a receipt counts once.
    fn basket(&mut self, at: UnixMs, receipt: &str, holds: bool) {
        if self.rung.contains_key(receipt) || self.rung_before.contains(receipt) {
            return;
        }
        let into_block = at.0.rem_euclid(self.length_ms as i64) as u64;
        let counts = into_block >= washout_ms(self.length_ms);
        let counted = counts.then(|| (self.half(at), holds));
        if self.rung.len() < RUNG_MAX {
            self.rung.insert(receipt.to_owned(), counted);
        }
        if let Some((half, holds)) = counted {
            let half = &mut self.halves[half];
            half.receipts = half.receipts.saturating_add(1);
            half.with = half.with.saturating_add(u32::from(holds));
        }
    }

    /// A receipt was taken back: of a pair that is over it was bought all the same.
    fn voided(&mut self, receipt: &str) {
        let counted = self.rung.get_mut(receipt).and_then(Option::take);
        if let Some((half, holds)) = counted {
            let half = &mut self.halves[half];
            half.receipts = half.receipts.saturating_sub(1);
            half.with = half.with.saturating_sub(u32::from(holds));
        }
    }
}

/// How long after a block begins receipts are left out, ms: who pays then was
/// before the screen in the block before. Ten minutes from shelf to till, at
/// most a third of a block.
pub const fn washout_ms(length_ms: u64) -> u64 {
    const WALK_MS: u64 = BLOCK_MS / 3;
    if length_ms / 3 < WALK_MS {
        length_ms / 3
    } else {
        WALK_MS
    }
}
