//! Shoppers who photograph a voucher's code, and the till they hold it out to:
//! asked for, redeemed, now and then given back.

use crate::chance::{Chance, Concern};
use engine::money::Action;
use serde_json::{Value, json};

/// How likely somebody who stands before a voucher photographs it, assumed.
const PHOTOGRAPHS: f64 = 0.12;
/// How likely somebody who has a photograph remembers it at the till, assumed.
const REMEMBERS: f64 = 0.6;
/// How likely a customer changes their mind between code and payment, assumed.
const GIVES_UP: f64 = 0.1;
/// From the code to the payment, ms: the rest of the basket is scanned.
const SCANNING_MS: f64 = 6_000.0;
/// A till that is not answered asks again after so long, ms ...
const PATIENCE_MS: u64 = 4_000;
/// ... so often.
const TRIES: u8 = 5;
/// Most photographs that are remembered; older ones are forgotten first.
const PHOTOGRAPHS_MAX: usize = 64;
/// Most receipts with a code at once; tills are few.
const OPEN_MAX: usize = 32;

/// Photographs, and the receipts that a code is on.
#[derive(Debug)]
pub(super) struct Vouchers {
    chance: Chance,
    /// What each screen was last told to show.
    on_screen: Vec<Option<String>>,
    photographed: Vec<String>,
    open: Vec<Open>,
}

/// A receipt with a code.
#[derive(Debug)]
struct Open {
    code: String,
    receipt: String,
    wish: Action,
    due_ms: u64,
    tries: u8,
}

impl Vouchers {
    pub(super) fn new(seed: u64, screens: usize) -> Self {
        Self {
            chance: Chance::new(seed, Concern::Trade),
            on_screen: vec![None; screens],
            photographed: Vec::new(),
            open: Vec::new(),
        }
    }

    /// A screen is told to show this, with or without a code.
    pub(super) fn told(&mut self, screen: usize, code: Option<&str>) {
        let code = code.filter(|code| code.starts_with("AC1-"));
        self.on_screen[screen] = code.map(str::to_owned);
    }

    /// It is on the glass, and so many people stand before it.
    pub(super) fn painted(&mut self, screen: usize, people: usize) {
        let Some(code) = &self.on_screen[screen] else {
            return;
        };
        // Two may photograph one code: the till takes it once.
        for _ in 0..people {
            if self.chance.happens(PHOTOGRAPHS) {
                self.photographed.push(code.clone());
            }
        }
        let over = self.photographed.len().saturating_sub(PHOTOGRAPHS_MAX);
        self.photographed.drain(..over);
    }

    /// A till closes a basket soon: perhaps with a code on it.
    pub(super) fn sale(&mut self, now_ms: u64, receipt: &str) {
        let none = self.photographed.is_empty() || self.open.len() >= OPEN_MAX;
        if none || !self.chance.happens(REMEMBERS) {
            return;
        }
        let at = self.chance.index(self.photographed.len());
        self.open.push(Open {
            code: self.photographed.swap_remove(at),
            receipt: receipt.to_owned(),
            wish: Action::Reserve,
            due_ms: now_ms,
            tries: 0,
        });
    }

    /// What tills send now.
    pub(super) fn due(&mut self, now_ms: u64) -> Vec<Vec<u8>> {
        self.open.retain(|open| open.tries < TRIES);
        let due = self.open.iter_mut().filter(|open| open.due_ms <= now_ms);
        due.map(|open| {
            open.due_ms = now_ms + PATIENCE_MS;
            open.tries += 1;
            let question = json!({
                "id": open.id(),
                "code": open.code,
                "action": open.wish,
                "receipt": open.receipt,
            });
            question.to_string().into_bytes()
        })
        .collect()
    }

    /// The gateway answers. What became of the code, in a sentence.
    pub(super) fn hear(&mut self, now_ms: u64, payload: &[u8]) -> Option<String> {
        let told: Value = serde_json::from_slice(payload).ok()?;
        let (id, outcome) = (told["id"].as_str()?, told["outcome"].as_str()?);
        let at = self.open.iter().position(|open| open.id() == id)?;
        let open = &mut self.open[at];
        let next = match (open.wish, outcome) {
            (Action::Reserve, "reserved") if self.chance.happens(GIVES_UP) => Some(Action::Release),
            (Action::Reserve, "reserved") => Some(Action::Commit),
            // What is still on its way must count nothing.
            (Action::Commit, refused) if refused != "committed" => Some(Action::Release),
            _ => None,
        };
        let said = match (open.wish, outcome) {
            (Action::Commit, "committed") => Some("a till takes a voucher".to_owned()),
            (Action::Release, _) => Some("a customer keeps a voucher for later".to_owned()),
            (_, "reserved") => None,
            (_, why) => Some(format!(
                "a till refuses a voucher: {}",
                why.replace('_', " ")
            )),
        };
        if let Some(wish) = next {
            open.wish = wish;
            open.due_ms = now_ms + self.chance.between(1_000.0, SCANNING_MS) as u64;
            open.tries = 0;
        } else {
            self.open.swap_remove(at);
        }
        said
    }
}

impl Open {
    /// Names the answer.
    fn id(&self) -> String {
        let wish = match self.wish {
            Action::Reserve => "reserve",
            Action::Commit => "commit",
            Action::Release => "release",
        };
        format!("{wish} {}", self.receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(vouchers: &mut Vouchers, now_ms: u64) -> Value {
        let due = vouchers.due(now_ms);
        assert_eq!(due.len(), 1, "{due:?}");
        serde_json::from_slice(&due[0]).unwrap()
    }

    fn answer(vouchers: &mut Vouchers, now_ms: u64, asked: &Value, outcome: &str) {
        let told = json!({"id": asked["id"], "outcome": outcome}).to_string();
        vouchers.hear(now_ms, told.as_bytes());
    }

    #[test]
    fn a_photographed_code_is_asked_for_paid_with_and_done() {
        let mut vouchers = Vouchers::new(1, 1);
        vouchers.told(0, Some("AC1-X"));
        vouchers.painted(0, 100);
        let mut sales = 0;
        while vouchers.open.is_empty() {
            sales += 1;
            vouchers.sale(0, &format!("r-{sales}"));
        }
        let first = asked(&mut vouchers, 0);
        assert_eq!(
            (&first["code"], &first["action"]),
            (&json!("AC1-X"), &json!("reserve"))
        );
        // Not answered: the same again, a little later.
        assert!(vouchers.due(PATIENCE_MS - 1).is_empty());
        assert_eq!(asked(&mut vouchers, PATIENCE_MS), first);
        answer(&mut vouchers, PATIENCE_MS, &first, "reserved");
        let second = asked(&mut vouchers, PATIENCE_MS + SCANNING_MS as u64);
        assert_ne!(second["action"], json!("reserve"));
        let outcome = if second["action"] == json!("commit") {
            "committed"
        } else {
            "released"
        };
        answer(&mut vouchers, 20_000, &second, outcome);
        assert!(vouchers.due(60_000).is_empty());
    }

    #[test]
    fn a_code_that_is_none_of_ours_is_photographed_by_nobody() {
        let mut vouchers = Vouchers::new(1, 1);
        vouchers.told(0, Some("https://id.gs1.org/255/9520123456788"));
        vouchers.painted(0, 1_000);
        assert!(vouchers.photographed.is_empty());
    }
}
