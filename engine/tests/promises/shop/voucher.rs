//! Vouchers: codes that people keep, and tills that ask about them.

use super::{Shop, number};
use engine::{
    Event,
    event::TillAsks,
    money::{Action, MoneyEntry, Ticket},
};

impl Shop {
    /// The code on the screen, kept under a name.
    pub(super) fn keep_code(&mut self, name: &str) {
        let code = self.code.as_deref().expect("a code was shown");
        let ticket = Ticket::from_text(code).expect("the code is a voucher's");
        self.kept.insert(name.to_owned(), ticket);
    }

    pub(super) fn voucher(&self, name: &str) -> Ticket {
        self.kept[name]
    }

    /// `reserves|commits|releases NAME RECEIPT [attempt=N]`.
    pub(super) fn ask(&mut self, words: &[&str]) -> bool {
        let [action, name, receipt, options @ ..] = words else {
            return false;
        };
        let action = match *action {
            "reserves" => Action::Reserve,
            "commits" => Action::Commit,
            "releases" => Action::Release,
            _ => return false,
        };
        let attempt = options.iter().find_map(|o| o.strip_prefix("attempt="));
        let asks = Box::new(TillAsks {
            ticket: self.voucher(name),
            action,
            receipt: (*receipt).to_owned(),
            attempt: attempt.map_or(1, number) as u8,
        });
        let request = self.request();
        self.event(Event::Code { request, asks });
        true
    }

    /// What a restart would find of the money of one offer and its campaign.
    pub(super) fn money(&mut self, offer: &str) {
        let money = &self.ledger.money;
        let sums = money.offers.get(&offer.parse().unwrap());
        let s = sums.copied().unwrap_or_default();
        self.said.push(format!(
            "      {offer}: {} reserved, {} committed, {} released, {} late, {} again",
            s.reserved, s.committed, s.released, s.late, s.again
        ));
        for (campaign, s) in &money.campaigns {
            self.said.push(format!(
                "      {campaign}: {} showings, {} reserved, {} committed, {} late",
                s.showings, s.reserved_minor, s.committed_minor, s.late_minor
            ));
        }
    }
}

/// An entry in words.
pub(super) fn words(entry: &MoneyEntry) -> String {
    match entry {
        MoneyEntry::Charged(charge) => format!("charged {}", charge.offer),
        MoneyEntry::Issued(issued) => {
            format!("issued {} worth {}", issued.offer, issued.worth_minor)
        }
        MoneyEntry::Held { by, .. } => format!("held by {}", by.receipt),
        MoneyEntry::Committed { by, .. } => format!("redeemed by {}", by.receipt),
        MoneyEntry::Released { by, .. } => format!("let go by {}", by.receipt),
        MoneyEntry::Lapsed { codes } => format!("lapsed {}", codes.len()),
        other => format!("{other:?}"),
    }
}
