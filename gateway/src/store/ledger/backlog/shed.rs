//! What goes when a hub stays away for so long that room runs out: diagnostics,
//! then pictures, which become sums by the hour. Never money, consents, erasures.

use super::{Aside, Told, list, read, write};
use crate::{
    store::ledger::{Ledger, LedgerError},
    uplink::{Event, Exposed},
};
use engine::time::UnixMs;
use protocol::id::{OfferId, ScreenId};
use std::collections::BTreeMap;

/// Room for what a hub has not got yet, bytes: 7 days at two events a second are
/// 1.2 million, at about 60 bytes each; with the ledger's own files, cache and
/// ballast it stays below 256 MiB.
pub(super) const ROOM: u64 = 128 << 20;

type Events = Vec<(u64, Event)>;

impl Ledger {
    /// Makes what was set aside fit into `room`, as far as it may. What may have
    /// been sent already stays: a sum of it would count it twice.
    pub(in crate::store::ledger) fn shed(&self, room: u64, has: Told) -> Result<(), LedgerError> {
        let steps: [fn(Events) -> (Events, u64); 2] = [without_diagnostics, by_the_hour];
        for (index, step) in steps.iter().enumerate() {
            let files = list(&self.dir)?;
            let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
            for file in files {
                if bytes <= room {
                    return Ok(());
                }
                let events = read(&file)?;
                if events.first().is_none_or(|(seq, _)| *seq <= has.sent) {
                    continue;
                }
                let (shed, count) = step(events);
                if count > 0 {
                    bytes -= file.bytes - self.replace(&file, &shed)?;
                    let lost = if index == 0 { (count, 0) } else { (0, count) };
                    self.tail.shed_more(lost.0, lost.1);
                }
            }
        }
        Ok(())
    }

    fn replace(&self, file: &Aside, events: &Events) -> Result<u64, LedgerError> {
        let _replacing = self.tail.replacing();
        let events = events.iter().map(|(seq, event)| (*seq, event));
        write(&self.dir, file.upto, events)
    }
}

/// Returns the rest, and how many are gone.
fn without_diagnostics(events: Events) -> (Events, u64) {
    let before = events.len();
    let mut events = events;
    events.retain(|(_, event)| match event {
        Event::Started { .. } | Event::Ramped { .. } | Event::Incident { .. } => false,
        Event::Exposed(_)
        | Event::Sold { .. }
        | Event::Voided { .. }
        | Event::Issued { .. }
        | Event::Redeemed { .. }
        | Event::Lapsed { .. }
        | Event::Consented { .. }
        | Event::Withdrew { .. }
        | Event::Erased
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::ExposedInHour { .. } => true,
    });
    let gone = (before - events.len()) as u64;
    (events, gone)
}

/// One hour of one offer on one screen, so far.
struct Sum {
    last: u64,
    pictures: u32,
    seen: Exposed,
}

/// Returns sums in place of single pictures, and how many pictures are in them.
fn by_the_hour(events: Events) -> (Events, u64) {
    let mut sums = BTreeMap::<(Option<i64>, OfferId, ScreenId), Sum>::new();
    let mut kept = Events::new();
    for (seq, event) in events {
        let Event::Exposed(picture) = event else {
            kept.push((seq, event));
            continue;
        };
        let hour = picture.ended.map(hour_of);
        let key = (hour, picture.offer.clone(), picture.showing.screen.clone());
        if let Some(sum) = sums.get_mut(&key) {
            sum.add(seq, picture);
        } else {
            sums.insert(key, Sum::of(seq, picture));
        }
    }
    let pictures = sums.values().map(|sum| u64::from(sum.pictures)).sum();
    for (
        (hour, ..),
        Sum {
            last,
            pictures,
            seen,
        },
    ) in sums
    {
        kept.push((
            last,
            Event::ExposedInHour {
                hour,
                pictures,
                sum: seen,
            },
        ));
    }
    kept.sort_by_key(|(seq, _)| *seq);
    (kept, pictures)
}

fn hour_of(ended: UnixMs) -> i64 {
    ended.seconds().div_euclid(3_600)
}

impl Sum {
    fn of(seq: u64, seen: Exposed) -> Self {
        Self {
            last: seq,
            pictures: 1,
            seen,
        }
    }

    fn add(&mut self, seq: u64, picture: Exposed) {
        self.last = seq;
        self.pictures += 1;
        let sum = &mut self.seen;
        sum.painted_ms += picture.painted_ms;
        sum.viewers = sum.viewers.saturating_add(picture.viewers);
        sum.viewed_ms += picture.viewed_ms;
        sum.anonymous_ms += picture.anonymous_ms;
        sum.showing = picture.showing;
        sum.ended = picture.ended;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::effect::ShowingId;
    use std::path::Path;

    fn picture(revision: u64, hour: i64) -> Event {
        Event::Exposed(Exposed {
            showing: ShowingId {
                screen: "dairy".parse().unwrap(),
                revision,
            },
            offer: "milk".parse().unwrap(),
            painted_ms: 9_000,
            viewers: 2,
            viewed_ms: 500,
            anonymous_ms: 10,
            ended: Some(UnixMs(hour * 3_600_000 + 5)),
        })
    }

    fn story() -> Events {
        vec![
            (5, Event::Started { boot: 1 }),
            (6, picture(1, 7)),
            (7, Event::Erased),
            (8, picture(2, 7)),
            (9, picture(3, 8)),
        ]
    }

    /// What is left of the story in so much room, when so much may have been sent.
    fn left(dir: &Path, room: u64, sent: u64) -> Events {
        let (ledger, _) = Ledger::open(dir, 0, |_, _| {}).unwrap();
        let events = story();
        let events = events.iter().map(|(seq, event)| (*seq, event));
        write(dir, 9, events).unwrap();
        let told = Told {
            first: 0,
            rest: 0,
            sent,
        };
        ledger.shed(room, told).unwrap();
        read(&list(dir).unwrap()[0]).unwrap()
    }

    #[test]
    fn diagnostics_go_first_then_pictures_become_sums_and_nothing_else_goes() {
        let dir = tempfile::tempdir().unwrap();
        let whole = story();
        assert_eq!(left(dir.path(), 1 << 20, 4), whole, "there is room");
        let all = list(dir.path()).unwrap()[0].bytes;
        assert_eq!(left(dir.path(), all - 1, 4), whole[1..]);
        let Event::Exposed(mut sum) = picture(2, 7) else {
            unreachable!("it is a picture");
        };
        (sum.painted_ms, sum.viewers) = (18_000, 4);
        (sum.viewed_ms, sum.anonymous_ms) = (1_000, 20);
        let of_seven = Event::ExposedInHour {
            hour: Some(7),
            pictures: 2,
            sum,
        };
        let least = left(dir.path(), 0, 4);
        assert_eq!(least[..2], [(7, Event::Erased), (8, of_seven)]);
        assert_eq!(least.len(), 3);
    }

    #[test]
    fn what_may_have_been_sent_is_not_added_up_again() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(left(dir.path(), 0, 5), story());
    }
}
