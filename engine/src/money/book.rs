//! The book: every code that can still mean something, and the sums.

use super::{CampaignSums, Charge, Claim, HourCount, HourKey, Issued, MoneyEntry, Sums};
use crate::{
    effect::ShowingId,
    sale::{CodeUse, Sale},
    snapshot::settle_earlier,
    time::UnixMs,
};
use protocol::id::{CampaignId, OfferId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most codes remembered. While as many can still be redeemed, none is issued:
/// 64 screens that change every twelve seconds fill it in 50 minutes, which is
/// how long a code of 20 minutes lives with its grace.
pub const MAX_CODES: usize = 16_384;
/// Most receipts that one code remembers as having let go of it; then no other
/// receipt gets it any more.
pub(super) const RELEASES_MAX: usize = 8;
/// The attempt of a receipt that is closed or void: after it nothing counts.
pub(super) const LAST_ATTEMPT: u8 = u8::MAX;

/// Money and limits that survive a restart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Money {
    /// Codes, by the revision of their showing: revisions rise over restarts.
    pub codes: BTreeMap<u64, Code>,
    /// Sums by offer.
    pub offers: BTreeMap<OfferId, Sums>,
    /// Sums by campaign.
    pub campaigns: BTreeMap<CampaignId, CampaignSums>,
    /// Showings by offer and screen within the newest hour of each.
    pub hours: BTreeMap<HourKey, HourCount>,
    /// Charges of showings that may never appear; then they are given back.
    pub open: BTreeMap<ShowingId, Charge>,
    /// How many codes can still be redeemed.
    live: usize,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// What was promised.
    pub issued: Issued,
    /// What became of it.
    pub state: State,
    /// Receipts that let it go.
    pub released: Vec<Claim>,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Nobody has it yet.
    Open,
    /// A till holds it.
    Held {
        /// For which receipt.
        by: Claim,
        /// Since when, if the date was known.
        at: Option<UnixMs>,
    },
    /// Redeemed.
    Spent {
        /// With which receipt.
        by: Claim,
        /// Whether its worth had been freed before.
        late: bool,
    },
    /// Too old, or never shown: its worth is free again.
    Gone,
}

impl State {
    /// Whether it can still be redeemed: its worth is reserved.
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Open | Self::Held { .. })
    }

    /// Whose it is.
    pub const fn by(&self) -> Option<&Claim> {
        match self {
            Self::Open | Self::Gone => None,
            Self::Held { by, .. } | Self::Spent { by, .. } => Some(by),
        }
    }

    pub(super) fn is_of(&self, receipt: &str) -> bool {
        self.by().is_some_and(|by| by.receipt == receipt)
    }
}

impl Money {
    /// Codes that can still be redeemed.
    pub const fn live(&self) -> usize {
        self.live
    }

    /// Adds one entry, in the order of the ledger.
    pub fn apply(&mut self, entry: &MoneyEntry) {
        match entry {
            MoneyEntry::Charged(charge) => self.charge(charge),
            MoneyEntry::Issued(issued) => self.issue(issued),
            MoneyEntry::Held { code, by, at } => {
                let held = State::Held {
                    by: by.clone(),
                    at: *at,
                };
                let may = |code: &Code| code.state.is_live();
                self.turn(*code, may, held);
            }
            MoneyEntry::Committed { code, by } => self.commit(*code, by),
            MoneyEntry::Released { code, by } => self.release(*code, by),
            MoneyEntry::Lapsed { codes } => {
                for code in codes {
                    self.turn(*code, |code| code.state.is_live(), State::Gone);
                }
            }
            MoneyEntry::Kept(code) => self.keep((**code).clone()),
            MoneyEntry::Tallied { offer, sums } => {
                self.offers.insert(offer.clone(), *sums);
            }
            MoneyEntry::CampaignTallied { campaign, sums } => {
                self.campaigns.insert(campaign.clone(), *sums);
            }
            MoneyEntry::HourTallied { of, count } => {
                self.hours.insert(of.clone(), *count);
            }
            MoneyEntry::OpenCharge(charge) => {
                self.open.insert(charge.showing.clone(), charge.clone());
            }
        }
    }

    /// The gateway started: what may have been on a glass when it stopped stays
    /// charged.
    pub(crate) fn started(&mut self) {
        self.open.clear();
    }

    /// A showing was painted: its charge stays.
    pub(crate) fn shown(&mut self, showing: &ShowingId) {
        self.open.remove(showing);
    }

    /// A showing never appeared: nobody has its code.
    pub(crate) fn never_shown(&mut self, showing: &ShowingId) {
        self.turn(
            showing.revision,
            |code| code.state == State::Open && code.issued.showing == *showing,
            State::Gone,
        );
        let Some(charge) = self.open.remove(showing) else {
            return;
        };
        if let Some(campaign) = &charge.campaign
            && let Some(sums) = self.campaigns.get_mut(campaign)
        {
            sums.refund(charge.day);
        }
        if let Some(hour) = charge.hour
            && let Some(count) = self.hours.get_mut(&hour_key(&charge))
        {
            count.refund(hour);
        }
    }

    /// A receipt is closed: its codes are redeemed, or were before.
    pub(crate) fn sold(&mut self, sale: &Sale) {
        let by = Claim {
            receipt: sale.receipt.clone(),
            attempt: LAST_ATTEMPT,
        };
        for used in &sale.codes {
            if used.again {
                self.count_again(used, Sums::again);
            } else {
                self.commit(used.showing.revision, &by);
            }
        }
    }

    /// A receipt was taken back: what it held and what it redeemed is free for
    /// another. `codes` are those it told of.
    pub(crate) fn voided(&mut self, receipt: &str, codes: &[CodeUse]) {
        for used in codes.iter().filter(|used| used.again) {
            self.count_again(used, Sums::not_again);
        }
        for code in self.codes_of(receipt) {
            let by = Claim {
                receipt: receipt.to_owned(),
                attempt: LAST_ATTEMPT,
            };
            self.release(code, &by);
        }
    }

    /// Entries are missing, and one of them may have redeemed any code that
    /// seems open: none is taken any more, and the budget stays charged.
    pub(crate) fn doubted(&mut self) {
        let live = self.codes.iter().filter(|(_, code)| code.state.is_live());
        let live: Vec<u64> = live.map(|(code, _)| *code).collect();
        let by = Claim {
            receipt: String::new(),
            attempt: LAST_ATTEMPT,
        };
        live.into_iter().for_each(|code| self.commit(code, &by));
    }

    /// Codes that a receipt holds or has redeemed.
    pub(super) fn codes_of(&self, receipt: &str) -> Vec<u64> {
        let codes = self.codes.iter();
        let of = codes.filter(|(_, code)| code.state.is_of(receipt));
        of.map(|(code, _)| *code).collect()
    }

    fn charge(&mut self, charge: &Charge) {
        settle_earlier(&mut self.open, &charge.showing);
        if let Some(campaign) = &charge.campaign {
            let sums = self.campaigns.entry(campaign.clone()).or_default();
            sums.charge(charge.day);
        }
        if let Some(hour) = charge.hour {
            // An hour that is over limits nothing.
            self.hours.retain(|_, count| count.hour >= hour);
            self.hours.entry(hour_key(charge)).or_default().charge(hour);
        }
        self.open.insert(charge.showing.clone(), charge.clone());
    }

    fn issue(&mut self, issued: &Issued) {
        self.sums(&issued.offer).reserve(issued);
        if let Some(campaign) = &issued.campaign {
            let sums = self.campaigns.entry(campaign.clone()).or_default();
            sums.reserve(issued);
        }
        self.keep(Code {
            issued: issued.clone(),
            state: State::Open,
            released: Vec::new(),
        });
    }

    fn keep(&mut self, code: Code) {
        self.live += usize::from(code.state.is_live());
        let before = self.codes.insert(code.issued.showing.revision, code);
        let replaced = before.is_some_and(|code| code.state.is_live());
        self.live -= usize::from(replaced);
        while self.codes.len() > MAX_CODES {
            // What can still be redeemed is never forgotten.
            let settled = self.codes.iter().find(|(_, code)| !code.state.is_live());
            let Some(settled) = settled.map(|(revision, _)| *revision) else {
                return;
            };
            self.codes.remove(&settled);
        }
    }

    fn commit(&mut self, code: u64, by: &Claim) {
        let spent = self.codes.get_mut(&code).map(|code| &mut code.state);
        if let Some(State::Spent { by: before, .. }) = spent
            && before.receipt == by.receipt
        {
            // The receipt is closed now: what was sent for its attempts comes too late.
            before.attempt = before.attempt.max(by.attempt);
            return;
        }
        let is_late = self.codes.get(&code).map(|code| code.state == State::Gone);
        let spent = State::Spent {
            by: by.clone(),
            late: is_late.unwrap_or(false),
        };
        let unspent = |code: &Code| !matches!(code.state, State::Spent { .. });
        self.turn(code, unspent, spent);
    }

    fn release(&mut self, code: u64, by: &Claim) {
        let Some(known) = self.codes.get_mut(&code) else {
            return;
        };
        let is_full = known.released.len() >= RELEASES_MAX;
        let mut released = known.released.iter_mut();
        match released.find(|claim| claim.receipt == by.receipt) {
            Some(claim) => claim.attempt = claim.attempt.max(by.attempt),
            // No other receipt gets it any more, so none need be kept out.
            None if is_full => {}
            None => known.released.push(by.clone()),
        }
        if !known.state.is_of(&by.receipt) {
            return;
        }
        let then = match known.state {
            State::Spent { late: true, .. } => State::Gone,
            _ => State::Open,
        };
        self.turn(code, |_| true, then);
    }

    /// One code goes on, if it may, and its sums with it.
    fn turn(&mut self, code: u64, may: impl Fn(&Code) -> bool, to: State) {
        let Some(known) = self.codes.get_mut(&code).filter(|code| may(code)) else {
            return;
        };
        let issued = known.issued.clone();
        let from = std::mem::replace(&mut known.state, to.clone());
        self.live += usize::from(to.is_live());
        self.live -= usize::from(from.is_live());
        let campaign = issued.campaign.as_ref();
        let campaign = campaign.and_then(|c| self.campaigns.get_mut(c));
        let sums = self.offers.entry(issued.offer.clone()).or_default();
        settle(&from, &to, &issued, sums, campaign);
    }

    fn count_again(&mut self, used: &CodeUse, count: impl Fn(&mut Sums, &Issued)) {
        if let Some(code) = self.codes.get(&used.showing.revision) {
            let issued = code.issued.clone();
            count(self.sums(&issued.offer), &issued);
        }
    }

    fn sums(&mut self, offer: &OfferId) -> &mut Sums {
        self.offers.entry(offer.clone()).or_default()
    }
}

fn hour_key(charge: &Charge) -> HourKey {
    HourKey {
        offer: charge.offer.clone(),
        screen: charge.showing.screen.clone(),
    }
}

/// What a step of one code does to the sums.
fn settle(
    from: &State,
    to: &State,
    issued: &Issued,
    sums: &mut Sums,
    campaign: Option<&mut CampaignSums>,
) {
    type Step = (fn(&mut Sums, &Issued), fn(&mut CampaignSums, &Issued));
    let step: Option<Step> = match (from, to) {
        (State::Open | State::Held { .. }, State::Spent { .. }) => {
            Some((Sums::commit, CampaignSums::commit))
        }
        (State::Open | State::Held { .. }, State::Gone) => Some((Sums::free, CampaignSums::free)),
        (State::Gone, State::Spent { .. }) => Some((Sums::late, CampaignSums::late)),
        (State::Spent { .. }, State::Gone) => Some((Sums::not_late, CampaignSums::not_late)),
        (State::Spent { .. }, State::Open) => Some((Sums::take_back, CampaignSums::take_back)),
        _ => None,
    };
    let Some((of_offer, of_campaign)) = step else {
        return;
    };
    of_offer(sums, issued);
    if let Some(campaign) = campaign {
        of_campaign(campaign, issued);
    }
}
