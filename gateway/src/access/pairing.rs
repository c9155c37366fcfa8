//! Pairing: a display shows a code, an operator types it and says which screen it
//! is, and the display fetches its key. Nothing is kept on the disk.

use super::{Key, KeyHash, key};
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long a code stands on a display: time to walk to the console.
pub const PAIRING_LIVES: Duration = Duration::from_mins(10);
/// Most displays that wait at once. 30^6 codes are 29 bits: that an operator who
/// mistypes one hits another that waits is one in twenty million.
const WAITING_MAX: usize = 32;
/// Most that wait from one address; a newer one makes an older one end.
const WAITING_MAX_PER_ADDRESS: usize = 4;
/// Letters of a code on a display.
const LETTERS: usize = 6;

#[derive(Debug)]
struct Waiting {
    code: KeyHash,
    secret: KeyHash,
    from: IpAddr,
    began: Duration,
    /// Which screen an operator says that it is.
    screen: Option<String>,
}

/// What a display that waits is given.
#[derive(Debug)]
pub struct Ticket {
    /// What it shows.
    pub code: String,
    /// What it asks with, and shows to nobody.
    pub secret: Key,
}

/// Where a display's pairing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paired {
    /// Nobody has typed the code yet.
    Waiting,
    /// It is this screen.
    Is(String),
    /// The code is over, or never was.
    Over,
}

/// Displays that wait for somebody to say which screen they are.
#[derive(Debug, Default)]
pub struct Pairing(Mutex<Vec<Waiting>>);

impl Pairing {
    /// Lets a display wait; nothing when too many do.
    pub fn begin(&self, from: IpAddr, now: Duration) -> Result<Option<Ticket>, getrandom::Error> {
        let (code, secret) = (key::letters(LETTERS)?, Key::draw()?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| waiting.holds(now));
        let of_address = |waiting: &Waiting| waiting.from == from;
        if all.iter().filter(|one| of_address(one)).count() >= WAITING_MAX_PER_ADDRESS {
            let oldest = all.iter().position(of_address);
            oldest.map(|at| all.remove(at));
        }
        if all.len() >= WAITING_MAX {
            return Ok(None);
        }
        all.push(Waiting {
            code: KeyHash::of_code(&code),
            secret: KeyHash::of(secret.reveal()),
            from,
            began: now,
            screen: None,
        });
        Ok(Some(Ticket { code, secret }))
    }

    /// An operator says which screen shows this code. Whether one does.
    pub fn assign(&self, code: &str, screen: &str, now: Duration) -> bool {
        let code = KeyHash::of_code(code);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = all
            .iter_mut()
            .filter(|one| one.holds(now) && one.screen.is_none());
        let found = open.find(|waiting| waiting.code == code);
        let is_found = found.is_some();
        if let Some(waiting) = found {
            waiting.screen = Some(screen.to_owned());
        }
        is_found
    }

    /// A display asks what became of it. Which screen it is, it is told once.
    pub fn ask(&self, secret: &str, now: Duration) -> Paired {
        let secret = KeyHash::of(secret);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| waiting.holds(now));
        let Some(at) = all.iter().position(|waiting| waiting.secret == secret) else {
            return Paired::Over;
        };
        match all[at].screen.clone() {
            None => Paired::Waiting,
            Some(screen) => {
                all.remove(at);
                Paired::Is(screen)
            }
        }
    }
}

impl Waiting {
    fn holds(&self, now: Duration) -> bool {
        now.saturating_sub(self.began) < PAIRING_LIVES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn begin(pairing: &Pairing, last: u8, at: u64) -> Option<Ticket> {
        pairing
            .begin(address(last), Duration::from_secs(at))
            .unwrap()
    }

    #[test]
    fn a_display_learns_once_which_screen_it_is() {
        let pairing = Pairing::default();
        let ticket = begin(&pairing, 1, 0).unwrap();
        let ask = |at| pairing.ask(ticket.secret.reveal(), Duration::from_secs(at));
        assert_eq!(ticket.code.len(), LETTERS);
        assert_eq!(ask(1), Paired::Waiting);
        let typed = format!(
            " {}-{}",
            &ticket.code[..3].to_lowercase(),
            &ticket.code[3..]
        );
        let now = Duration::from_secs(2);
        assert!(!pairing.assign("", "dairy", now));
        assert!(!pairing.assign("ZZZZZZ2", "dairy", now));
        assert!(pairing.assign(&typed, "dairy", now));
        assert!(
            !pairing.assign(&typed, "bakery", now),
            "it was typed before"
        );
        assert_eq!(
            pairing.ask(&ticket.code, now),
            Paired::Over,
            "the code is no secret"
        );
        assert_eq!(ask(3), Paired::Is("dairy".to_owned()));
        assert_eq!(ask(4), Paired::Over);
    }

    #[test]
    fn a_code_is_over_after_ten_minutes() {
        let pairing = Pairing::default();
        let ticket = begin(&pairing, 1, 0).unwrap();
        assert!(!pairing.assign(&ticket.code, "dairy", PAIRING_LIVES));
        assert_eq!(
            pairing.ask(ticket.secret.reveal(), PAIRING_LIVES),
            Paired::Over
        );
    }

    #[test]
    fn one_address_cannot_take_all_places_and_all_addresses_no_more_than_there_are() {
        let pairing = Pairing::default();
        let first = begin(&pairing, 1, 0).unwrap();
        for at in 1..10 {
            begin(&pairing, 1, at).unwrap();
        }
        let now = Duration::from_secs(10);
        assert_eq!(pairing.ask(first.secret.reveal(), now), Paired::Over);
        let begun = (2..100)
            .filter_map(|last| begin(&pairing, last, 10))
            .count();
        assert_eq!(begun, WAITING_MAX - WAITING_MAX_PER_ADDRESS);
        assert!(
            begin(&pairing, 200, 610).is_some(),
            "minutes later there is room"
        );
    }
}
