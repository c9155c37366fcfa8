//! Pairing: a display shows a code, an operator types it and says which screen it
//! is, and the display fetches its key. Nothing is kept on the disk.
//!
//! Anybody may let a display wait. Places are more than a shop's network has addresses,
//! and whoever holds most gives way: so one display gets a code, and keeps it, whatever
//! all the others do.

use super::{Key, KeyHash, gives_way, key, network};
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long a code stands on a display: time to walk to the console.
pub const PAIRING_LIVES: Duration = Duration::from_mins(10);
/// Most displays that wait at once: two /24 of IPv4, as shops have one. 30^6 codes are
/// 29 bits: that an operator who mistypes one hits another that waits is one in 1.4
/// million where all wait. Each costs some 150 bytes.
const WAITING_MAX: usize = 512;
/// Most that wait from one address; a newer one makes an older one end. More than one, for
/// what is behind one address: a proxy, or a display that was started anew.
const WAITING_MAX_PER_ADDRESS: usize = 4;
/// Letters of a code on a display.
const LETTERS: usize = 6;

#[derive(Debug)]
struct Waiting {
    code: KeyHash,
    secret: KeyHash,
    network: IpAddr,
    began: Duration,
    /// When it asked last what became of it.
    asked: Duration,
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
    /// Lets a display wait; nothing when all who could make room were told already which
    /// screen they are, and have not fetched it.
    pub fn begin(&self, from: IpAddr, now: Duration) -> Result<Option<Ticket>, getrandom::Error> {
        let (code, secret) = (key::letters(LETTERS)?, Key::draw()?);
        let network = network(from);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| waiting.holds(now));
        let own = all.iter().filter(|one| one.network == network).count();
        let ends = match (own >= WAITING_MAX_PER_ADDRESS, all.len() >= WAITING_MAX) {
            (true, _) => Some(first_to_end(&all, |one| one.network == network)),
            (false, true) => Some(first_to_end(&all, |_| true)),
            (false, false) => None,
        };
        match ends {
            None => {}
            Some(Some(at)) => drop(all.remove(at)),
            Some(None) => return Ok(None),
        }
        all.push(Waiting {
            code: KeyHash::of_code(&code),
            secret: KeyHash::of(secret.reveal()),
            network,
            began: now,
            asked: now,
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
        all[at].asked = now;
        match all[at].screen.clone() {
            None => Paired::Waiting,
            Some(screen) => {
                all.remove(at);
                Paired::Is(screen)
            }
        }
    }
}

/// Which of these ends to make room: of whoever holds most, what has not asked for the
/// longest. None whose code an operator has typed.
fn first_to_end(all: &[Waiting], may: impl Fn(&Waiting) -> bool) -> Option<usize> {
    let open = all
        .iter()
        .enumerate()
        .filter(|(_, one)| one.screen.is_none());
    let may = open.filter(|(_, one)| may(one)).collect::<Vec<_>>();
    let held = may.iter().map(|(at, one)| (one.network, (one.asked, *at)));
    gives_way(held).map(|(_, at)| at)
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
    fn one_address_holds_a_few_and_what_asked_least_lately_ends() {
        let pairing = Pairing::default();
        let ask = |ticket: &Ticket, at| {
            let secret = ticket.secret.reveal();
            pairing.ask(secret, Duration::from_secs(at))
        };
        let first = begin(&pairing, 1, 0).unwrap();
        let typed = begin(&pairing, 1, 0).unwrap();
        let now = Duration::from_secs(1);
        assert!(pairing.assign(&typed.code, "dairy", now));
        let others = [1, 2].map(|at| begin(&pairing, 1, at).unwrap());
        assert_eq!(ask(&first, 3), Paired::Waiting, "shown, and asks");
        begin(&pairing, 1, 4).unwrap();
        assert_eq!(ask(&others[0], 5), Paired::Over, "nobody shows it any more");
        assert_eq!(ask(&first, 5), Paired::Waiting);
        for at in 6..20 {
            begin(&pairing, 1, at).unwrap();
        }
        assert_eq!(ask(&first, 20), Paired::Over);
        assert_eq!(ask(&typed, 20), Paired::Is("dairy".to_owned()));
    }

    #[test]
    fn one_display_gets_a_code_and_keeps_it_whatever_all_other_addresses_do() {
        let pairing = Pairing::default();
        let from = |n: u32| IpAddr::from((n + (10 << 24)).to_be_bytes());
        let flood = |at: u64| {
            let now = Duration::from_secs(at);
            for n in 0..WAITING_MAX as u32 - 2 {
                for _ in 0..=WAITING_MAX_PER_ADDRESS {
                    pairing.begin(from(n + 1), now).unwrap().unwrap();
                }
            }
        };
        flood(0);
        let real = pairing.begin(from(0), Duration::from_secs(1));
        let real = real.unwrap().expect("there is room");
        // It asks less lately than all of them.
        flood(2);
        let now = Duration::from_secs(3);
        assert_eq!(pairing.ask(real.secret.reveal(), now), Paired::Waiting);
        assert!(pairing.assign(&real.code, "dairy", now));
        let is = Paired::Is("dairy".to_owned());
        assert_eq!(pairing.ask(real.secret.reveal(), now), is);
        assert_eq!(pairing.0.lock().unwrap().len(), WAITING_MAX - 1);
    }

    #[test]
    fn nothing_that_an_operator_typed_gives_way() {
        let pairing = Pairing::default();
        let now = Duration::from_secs(1);
        for n in 0..WAITING_MAX as u16 {
            let [high, low] = n.to_be_bytes();
            let ticket = pairing.begin([10, 0, high, low].into(), now);
            assert!(pairing.assign(&ticket.unwrap().unwrap().code, "dairy", now));
        }
        assert!(begin(&pairing, 200, 1).is_none());
        assert!(
            begin(&pairing, 200, 601).is_some(),
            "minutes later there is room"
        );
    }
}
