//! Promises 3 and 7 on a disk that is full: what little room it has is for what is taken
//! back and for receipts. Nobody is enrolled, nothing new is shown.

use super::{Call, Complaints};
use engine::{Effect, Event, effect::LedgerEntry, event::Outcome};

/// Whether the engine was told that the disk is full.
#[derive(Debug, Default)]
pub struct FullDisk {
    is_told: bool,
}

impl FullDisk {
    /// A gateway that starts is told anew.
    pub fn started(&mut self) {
        self.is_told = false;
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, complaints: &mut Complaints) {
        if let Event::Room(is_there) = call.event {
            self.is_told = !is_there;
        }
        if !self.is_told {
            return;
        }
        for effect in call.effects {
            if let Some(what) = needs_room(effect) {
                complaints.add(7, call.at_ms, format!("{what} on a full disk"));
            }
        }
        let takes_back = matches!(call.event, Event::Withdraw { .. } | Event::Forget { .. });
        if takes_back && !call.effects.iter().any(is_taken_back) {
            complaints.add(3, call.at_ms, "a full disk keeps a consent");
        }
    }
}

fn needs_room(effect: &Effect) -> Option<&'static str> {
    match effect {
        Effect::Keep { .. } => Some("a profile is kept"),
        Effect::Commit { entry, .. } => match entry {
            LedgerEntry::Enrolled(_) => Some("somebody is enrolled"),
            LedgerEntry::Reserved(_) | LedgerEntry::Coded(_) => Some("a showing is charged"),
            LedgerEntry::Reached(_) => Some("somebody is reached"),
            _ => None,
        },
        _ => None,
    }
}

/// Also of somebody who is not known.
fn is_taken_back(effect: &Effect) -> bool {
    match effect {
        Effect::Commit { entry, .. } => matches!(
            entry,
            LedgerEntry::Withdrawn { .. } | LedgerEntry::Forgotten { .. }
        ),
        Effect::Answer { outcome, .. } => *outcome == Outcome::Unknown,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::trace::{BREAD, MAI, Trace};
    use engine::{event::RequestId, shopper::Purposes};

    fn withdrawal() -> Event {
        Event::Withdraw {
            request: RequestId(2),
            shopper: MAI,
            purposes: Purposes::ALL,
        }
    }

    fn withdrawn() -> LedgerEntry {
        LedgerEntry::Withdrawn {
            shopper: MAI,
            purposes: Purposes::ALL,
        }
    }

    #[test]
    fn nobody_is_enrolled_and_nothing_is_charged_until_there_is_room() {
        let full = || {
            let mut trace = Trace::new();
            trace.call(&Event::Room(false), &[]);
            trace
        };
        assert_eq!(full().enrol(MAI, Purposes::ALL).broken(), [7]);
        assert_eq!(full().reserve(BREAD, 1, &[]).broken(), [7]);
        let mut trace = full();
        trace.call(&Event::Room(true), &[]);
        trace.enrol(MAI, Purposes::ALL).reserve(BREAD, 1, &[]);
        assert!(trace.broken().is_empty());
        let mut trace = full();
        trace.checker.started();
        assert!(trace.reserve(BREAD, 1, &[]).broken().is_empty());
    }

    #[test]
    fn what_is_taken_back_is_taken_back() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL);
        trace.call(&Event::Room(false), &[]);
        trace.commit(&withdrawal(), withdrawn());
        assert!(trace.broken().is_empty());
        let refusal = Effect::Answer {
            request: RequestId(2),
            outcome: Outcome::NoRoom,
        };
        trace.call(&withdrawal(), &[refusal]);
        assert_eq!(trace.broken(), [3]);
    }
}
