//! Vouchers at the till: held, redeemed, let go. What is answered is on the
//! disk; what was promised on a screen holds until it expires, whether the
//! picture is still there or not.

use crate::{
    Engine, Now,
    commits::Then,
    effect::{Effects, LedgerEntry},
    event::{RequestId, TillAsks},
    money::{Action, Asked, Claim, CodeOutcome, MoneyEntry, Ticket},
    plan::Offer,
    sale::CodeUse,
    view::{CampaignStatus, VoucherStatus},
};

/// Most codes that lapse in one second: one entry of a few hundred bytes.
const LAPSING_MAX: usize = 64;

impl Engine {
    /// A till asks, and waits.
    pub(crate) fn code(
        &mut self,
        now: Now,
        request: RequestId,
        asks: &TillAsks,
        effects: &mut Effects,
    ) {
        if self.is_too_full_for(request, effects) {
            return;
        }
        let (outcome, entry) = self.ask(now, asks);
        self.counts.vouchers[outcome as usize] += 1;
        let then = Then::Tell(request, outcome);
        if let Some(entry) = entry {
            self.out(effects)
                .commit(LedgerEntry::Money(Box::new(entry)), then);
        } else if let Some(then) = self.commits.after_all(then) {
            // What the answer rests on may still be on its way to the disk.
            self.then(now, then, effects);
        }
    }

    fn ask(&self, now: Now, asks: &TillAsks) -> (CodeOutcome, Option<MoneyEntry>) {
        let at = now.wall.known();
        let Some(code) = self.issued(&asks.ticket) else {
            let is_over = at.is_some_and(|at| at.seconds() > i64::from(asks.ticket.until_s));
            let outcome = if is_over {
                CodeOutcome::Expired
            } else {
                CodeOutcome::NotKnown
            };
            return (outcome, None);
        };
        let receipt = self.tallies.sales().receipt(&asks.receipt);
        if asks.action != Action::Release && receipt.is_some_and(|kept| kept.is_void) {
            return (CodeOutcome::LetGo, None);
        }
        self.tallies.money().ask(&Asked {
            code,
            action: asks.action,
            by: Claim {
                receipt: asks.receipt.clone(),
                attempt: asks.attempt,
            },
            at,
        })
    }

    /// The code that a ticket names, if it is remembered and says the same.
    fn issued(&self, ticket: &Ticket) -> Option<u64> {
        let revision = self.deliver.revision_of(ticket.serial)?;
        let code = self.tallies.money().codes.get(&revision)?;
        let is_same = code.issued.worth_minor == ticket.worth_minor
            && code.issued.until.seconds() == i64::from(ticket.until_s);
        is_same.then_some(revision)
    }

    /// A voucher on a closed receipt.
    pub(crate) fn issued_code(&self, now: Now, ticket: &Ticket, receipt: &str) -> Option<CodeUse> {
        let money = self.tallies.money();
        let revision = self.issued(ticket)?;
        let issued = &money.codes.get(&revision)?.issued;
        Some(CodeUse {
            showing: issued.showing.clone(),
            offer: issued.offer.clone(),
            again: money.is_anothers(revision, receipt, now.wall.known()),
        })
    }

    /// Frees what nobody redeemed in time. Without a date nothing lapses.
    pub(crate) fn lapse(&mut self, now: Now, effects: &mut Effects) {
        let Some(at) = now.wall.known().filter(|_| self.commits.has_room()) else {
            return;
        };
        let codes = self.tallies.money().lapsing(at, LAPSING_MAX);
        if !codes.is_empty() {
            self.counts.vouchers_lapsed += codes.len() as u64;
            let entry = LedgerEntry::Money(Box::new(MoneyEntry::Lapsed { codes }));
            self.out(effects).commit(entry, Then::Nothing);
        }
    }

    pub(crate) fn campaign_statuses(&self) -> Vec<CampaignStatus> {
        let campaigns = self.plan.campaigns.iter();
        campaigns
            .map(|campaign| {
                let sums = self.tallies.money().campaigns.get(&campaign.id);
                let sums = sums.copied().unwrap_or_default();
                let left = |most: u32| most.saturating_sub(sums.showings);
                let left_minor = |most: u64| most.saturating_sub(sums.taken_minor());
                CampaignStatus {
                    id: campaign.id.clone(),
                    showings: sums.showings,
                    left: campaign.showings.map(left),
                    reserved_minor: sums.reserved_minor,
                    committed_minor: sums.committed_minor,
                    left_minor: campaign.money_minor.map(left_minor),
                }
            })
            .collect()
    }

    pub(crate) fn voucher_status(&self, offer: &Offer) -> Option<VoucherStatus> {
        let voucher = offer.voucher.as_ref()?;
        let sums = self.tallies.money().offers.get(&offer.id);
        let sums = sums.copied().unwrap_or_default();
        let left = voucher.redemptions.saturating_sub(sums.taken());
        Some(VoucherStatus {
            reserved: sums.reserved,
            reserved_minor: sums.reserved_minor,
            committed: sums.committed,
            committed_minor: sums.committed_minor,
            released: sums.released,
            left,
            left_minor: u64::from(left) * u64::from(voucher.worth_minor),
            late: sums.late,
            again: sums.again,
        })
    }
}
