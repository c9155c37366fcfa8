//! Who has guessed wrong, and must wait. Every attempt counts as wrong until it
//! turns out right, so that many at once are no way around.
//!
//! Waits grow and end: nobody is locked out for good, or whoever guesses could
//! lock the owner out. An account as a whole is slowed down only a little, and
//! not at all for an address from which it was opened before.

use super::{KeyHash, network};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// An hour after the last attempt nothing is held against anybody.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Most entries; the one that has been quiet the longest makes room.
const ENTRIES_MAX: usize = 4_096;

/// How patient we are with one kind of entry.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// So many wrong ones cost nothing.
    free: u32,
    /// The wait then doubles from a second up to this.
    longest: Duration,
}

/// One name from one address: somebody who mistypes, or guesses.
const PAIR: Patience = Patience {
    free: 5,
    longest: Duration::from_mins(15),
};
/// One address, whatever the name. Behind a proxy all have the same.
const ADDRESS: Patience = Patience {
    free: 20,
    longest: Duration::from_mins(1),
};
/// One name, from wherever: guesses spread over many addresses.
const NAME: Patience = Patience {
    free: 50,
    longest: Duration::from_secs(30),
};

/// One tablet at the door, whatever card is asked for: a customer who mistypes waits a
/// moment, and whoever counts up gets through two numbers a minute. Never long: it must
/// stay as easy to take consent back as it was to give it.
const TABLET: Patience = Patience {
    free: 10,
    longest: Duration::from_secs(30),
};

impl Patience {
    fn wait(self, wrong: u32) -> Duration {
        let doublings = wrong.saturating_sub(self.free);
        match doublings {
            0 => Duration::ZERO,
            n => Duration::from_secs(1 << (n - 1).min(20)).min(self.longest),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    Pair(KeyHash, IpAddr),
    Address(IpAddr),
    Name(KeyHash),
    Tablet(KeyHash),
}

impl Of {
    const fn patience(self) -> Patience {
        match self {
            Self::Pair(..) => PAIR,
            Self::Address(_) => ADDRESS,
            Self::Name(_) => NAME,
            Self::Tablet(_) => TABLET,
        }
    }
}

#[derive(Debug, Default)]
struct Tries {
    wrong: u32,
    last: Duration,
    /// Of a pair: it was right before.
    is_known: bool,
}

/// What is remembered of wrong attempts.
#[derive(Debug, Default)]
pub struct Guesses {
    tries: Mutex<HashMap<Of, Tries>>,
    refused: AtomicU64,
}

/// One attempt that was let through; say when it was right.
#[derive(Debug)]
pub struct Attempt {
    of: Vec<Of>,
}

impl Guesses {
    /// Asks whether somebody may try now; else, how long to wait. `name` is what
    /// is guessed at: an account, or what codes of one kind have in common.
    pub fn attempt(&self, name: &str, from: IpAddr, now: Duration) -> Result<Attempt, Duration> {
        let (name, from) = (KeyHash::of(&name.to_lowercase()), network(from));
        let of = [Of::Pair(name, from), Of::Address(from), Of::Name(name)];
        self.attempt_of(of.into(), now)
    }

    /// The same for a card that is typed at a tablet of this account; a card that nobody
    /// has is a wrong one.
    pub fn card(&self, account: &str, now: Duration) -> Result<Attempt, Duration> {
        self.attempt_of(vec![Of::Tablet(KeyHash::of(account))], now)
    }

    fn attempt_of(&self, of: Vec<Of>, now: Duration) -> Result<Attempt, Duration> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = tries.get(&of[0]).is_some_and(|pair| pair.is_known);
        let waits = of.iter().filter_map(|of| {
            let known = tries.get(of)?;
            let excused = is_known && matches!(of, Of::Name(_));
            let until = known.last + of.patience().wait(known.wrong);
            (!excused).then(|| until.saturating_sub(now))
        });
        let wait = waits.max().unwrap_or_default();
        if !wait.is_zero() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(wait);
        }
        for of in of.iter().copied() {
            make_room(&mut tries, now);
            let entry = tries.entry(of).or_default();
            if now.saturating_sub(entry.last) > FORGOTTEN {
                entry.wrong = 0;
            }
            entry.wrong = entry.wrong.saturating_add(1);
            entry.last = now;
        }
        Ok(Attempt { of })
    }

    /// It was right after all.
    pub fn right(&self, attempt: &Attempt) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for of in attempt.of.iter().copied() {
            let Some(entry) = tries.get_mut(&of) else {
                continue;
            };
            match of {
                Of::Pair(..) => {
                    entry.wrong = 0;
                    entry.is_known = true;
                }
                // What others guessed wrong stays.
                Of::Address(_) | Of::Name(_) | Of::Tablet(_) => {
                    entry.wrong = entry.wrong.saturating_sub(1);
                }
            }
        }
    }

    /// Attempts that had to wait, since start.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

fn make_room(tries: &mut HashMap<Of, Tries>, now: Duration) {
    if tries.len() < ENTRIES_MAX {
        return;
    }
    tries.retain(|_, entry| now.saturating_sub(entry.last) <= FORGOTTEN);
    if tries.len() >= ENTRIES_MAX {
        let quiet = tries.iter().min_by_key(|(_, entry)| entry.last);
        if let Some(of) = quiet.map(|(of, _)| *of) {
            tries.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv6Addr;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 8));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Guesses as fast as it is allowed to, for so long; gives how many got through.
    fn guess(
        guesses: &Guesses,
        name: &str,
        from: IpAddr,
        (mut now, end): (Duration, Duration),
    ) -> u32 {
        let mut through = 0;
        while now < end {
            match guesses.attempt(name, from, now) {
                Ok(_) => through += 1,
                Err(wait) => now += wait,
            }
        }
        through
    }

    #[test]
    fn a_day_of_guessing_tries_few_passwords() {
        let guesses = Guesses::default();
        let through = guess(&guesses, "mai", HERE, (at(0), at(24 * 3600)));
        // 5 at once, 10 while the wait doubles, then 4 an hour.
        assert!((100..=115).contains(&through), "{through}");
        assert!(guesses.refused() > 90);
    }

    #[test]
    fn somebody_who_mistypes_waits_for_nothing_and_is_forgiven() {
        let guesses = Guesses::default();
        for _ in 0..20 {
            for _ in 0..4 {
                guesses.attempt("mai", HERE, at(1)).unwrap();
            }
            let attempt = guesses.attempt("mai", HERE, at(1)).unwrap();
            guesses.right(&attempt);
            // The address as a whole forgets only with time.
            guesses.tries.lock().unwrap().remove(&Of::Address(HERE));
        }
        for _ in 0..6 {
            guesses.attempt("lan", HERE, at(2)).unwrap();
        }
        assert_eq!(guesses.attempt("lan", HERE, at(2)).unwrap_err(), at(1));
        guesses.attempt("lan", HERE, at(3)).unwrap();
        let later = at(3) + FORGOTTEN + at(1);
        for _ in 0..6 {
            guesses.attempt("lan", HERE, later).unwrap();
        }
    }

    #[test]
    fn the_owner_gets_in_while_others_guess_at_the_account() {
        let guesses = Guesses::default();
        let attempt = guesses.attempt("Mai", HERE, at(0)).unwrap();
        guesses.right(&attempt);
        for n in 0..200_u8 {
            let bot = IpAddr::from([192, 168, 1, n]);
            let _ = guesses.attempt("mai", bot, at(1));
        }
        assert!(
            guesses.attempt("MAI", THERE, at(1)).is_err(),
            "from elsewhere"
        );
        assert!(
            guesses.attempt("mai", HERE, at(1)).is_ok(),
            "from where she was"
        );
        let soon = at(1) + NAME.longest;
        assert!(
            guesses.attempt("mai", THERE, soon).is_ok(),
            "and soon from there"
        );
    }

    #[test]
    fn whoever_counts_up_at_the_door_gets_through_two_cards_a_minute() {
        let guesses = Guesses::default();
        let (mut now, mut through) = (at(0), 0);
        while now < at(24 * 3600) {
            match guesses.card("Door", now) {
                Ok(_) => through += 1,
                Err(wait) => now += wait,
            }
        }
        assert!((2_880..=2_900).contains(&through), "{through}");
        // Their own card in between is no way around.
        let guesses = Guesses::default();
        for _ in 0..10 {
            guesses.card("Door", at(1)).unwrap();
            let own = guesses.card("Door", at(1)).unwrap();
            guesses.right(&own);
        }
        let own = guesses.card("Door", at(1)).unwrap();
        guesses.right(&own);
        guesses.card("Door", at(1)).unwrap();
        assert_eq!(guesses.card("Door", at(1)).unwrap_err(), at(1));
        // Whose cards are all known never waits, and no other tablet does.
        for _ in 0..200 {
            let known = guesses.card("Back door", at(1)).unwrap();
            guesses.right(&known);
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_the_table_is_bounded() {
        let guesses = Guesses::default();
        let mut through = 0;
        for n in 0..1_000_u16 {
            let bot: IpAddr = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, n).into();
            through += u32::from(guesses.attempt(&format!("name {n}"), bot, at(1)).is_ok());
        }
        assert_eq!(through, ADDRESS.free + 1);
        for n in 0..10_000_u32 {
            let bot = IpAddr::from((n + (11 << 24)).to_be_bytes());
            let _ = guesses.attempt("mai", bot, at(60 + u64::from(n)));
        }
        assert!(guesses.tries.lock().unwrap().len() <= ENTRIES_MAX);
    }
}
