//! Who is signed in. Sessions live in memory: what a restart forgets, nobody can
//! read from a disk. Time is counted by the steady clock.

use super::{Key, KeyHash, Register, Rights, Role};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Signed out when nothing was asked for so long: a shop's day.
pub const IDLE: Duration = Duration::from_hours(12);
/// Signed out after so long, whatever was asked: a week.
pub const LONGEST: Duration = Duration::from_hours(7 * 24);
/// Most at once; whoever asked least lately is signed out for one more.
const SESSIONS_MAX: usize = 256;

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// Somebody with an account, as it was when they signed in.
    Account {
        /// Whose.
        name: String,
        /// Which change made it what it is; another one ends the session.
        generation: u64,
    },
    /// Somebody with the token of a file, or at this machine.
    Role(Role),
}

impl Bearer {
    /// What they may do now; nothing if their account is not what it was.
    pub fn rights(&self, register: &Register) -> Option<Rights> {
        match self {
            Self::Account { name, generation } => {
                let account = register.account(name)?;
                (account.generation == *generation).then(|| account.role.rights())
            }
            Self::Role(role) => Some(role.rights()),
        }
    }

    /// What the audit log calls them.
    pub fn name(&self) -> &str {
        match self {
            Self::Account { name, .. } => name,
            Self::Role(role) => role.name(),
        }
    }
}

#[derive(Debug)]
struct Session {
    bearer: Bearer,
    began: Duration,
    seen: Duration,
}

/// All of them, by the hash of what the browser holds.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<KeyHash, Session>>);

impl Sessions {
    /// Signs somebody in; gives what their browser is to show from now on.
    pub fn begin(&self, bearer: Bearer, now: Duration) -> Result<Key, getrandom::Error> {
        let key = Key::draw()?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.holds(now));
        if all.len() >= SESSIONS_MAX {
            let oldest = all.iter().min_by_key(|(_, session)| session.seen);
            if let Some(hash) = oldest.map(|(hash, _)| *hash) {
                all.remove(&hash);
            }
        }
        let session = Session {
            bearer,
            began: now,
            seen: now,
        };
        all.insert(KeyHash::of(key.reveal()), session);
        Ok(key)
    }

    /// Whose session this is, if it goes on.
    pub fn find(&self, shown: &str, now: Duration) -> Option<Bearer> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&KeyHash::of(shown))?;
        if !session.holds(now) {
            return None;
        }
        session.seen = now;
        Some(session.bearer.clone())
    }

    /// Signs out.
    pub fn end(&self, shown: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&KeyHash::of(shown));
    }

    /// How many go on.
    pub fn count(&self, now: Duration) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().filter(|session| session.holds(now)).count()
    }
}

impl Session {
    fn holds(&self, now: Duration) -> bool {
        now.saturating_sub(self.seen) < IDLE && now.saturating_sub(self.began) < LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUEST: Bearer = Bearer::Role(Role::Operator);

    fn hours(hours: u64) -> Duration {
        Duration::from_hours(hours)
    }

    #[test]
    fn a_session_ends_when_idle_and_after_a_week_and_when_told_to() {
        let sessions = Sessions::default();
        let key = sessions.begin(GUEST, hours(0)).unwrap();
        let find = |at| sessions.find(key.reveal(), at).is_some();
        assert!(find(hours(11)));
        // Each time somebody asks, half a day begins anew; the week does not.
        for hour in (22..168).step_by(11) {
            assert!(find(hours(hour)), "{hour}");
        }
        assert!(!find(hours(168)));
        let key = sessions.begin(GUEST, hours(200)).unwrap();
        assert!(sessions.find(key.reveal(), hours(212)).is_none(), "idle");
        let key = sessions.begin(GUEST, hours(300)).unwrap();
        assert_eq!(sessions.count(hours(300)), 1, "those that ended are gone");
        sessions.end(key.reveal());
        assert!(sessions.find(key.reveal(), hours(300)).is_none());
        assert!(sessions.find("", hours(300)).is_none());
    }

    #[test]
    fn one_too_many_signs_out_whoever_asked_least_lately() {
        let sessions = Sessions::default();
        let begin = |at| sessions.begin(GUEST, Duration::from_secs(at)).unwrap();
        let keys: Vec<_> = (0..SESSIONS_MAX as u64).map(begin).collect();
        let now = Duration::from_hours(1);
        assert!(sessions.find(keys[0].reveal(), now).is_some());
        sessions.begin(GUEST, now).unwrap();
        assert_eq!(sessions.count(now), SESSIONS_MAX);
        assert!(sessions.find(keys[0].reveal(), now).is_some());
        assert!(sessions.find(keys[1].reveal(), now).is_none());
    }
}
