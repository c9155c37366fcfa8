//! How many connections there may be at once, and who gives way when all are taken.
//!
//! Anybody can open connections and say nothing on them, or a letter a second. So a
//! connection counts for little until somebody has shown on it who they are: when all
//! seats are taken, one that has shown nothing gives way, and of those the oldest of the
//! network that has most. As long as fewer networks than seats come, whoever comes with
//! one connection gets through.

use super::shares::{Share, Shares};
use crate::access::{gives_way, network};
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Most connections at once. 64 screens with three connections each, a few
/// consoles and tills; each costs about 20 KiB.
pub(super) const CONNECTIONS_MAX: usize = 512;
/// Most from one address: a proxy has one for everybody behind it, and 64 screens fit.
pub(super) const OF_ONE_MAX: usize = CONNECTIONS_MAX / 2;

/// All of them.
#[derive(Debug, Clone)]
pub(super) struct Seats {
    free: Arc<Semaphore>,
    /// No more addresses than connections.
    taken: Shares<IpAddr>,
    sitting: Arc<Mutex<Sitting>>,
    figures: Arc<Figures>,
}

/// By number: who sat down first comes first.
#[derive(Debug, Default)]
struct Sitting {
    next: u64,
    all: BTreeMap<u64, (IpAddr, Standing)>,
}

/// What was counted.
#[derive(Debug, Default)]
struct Figures {
    gave_way: AtomicU64,
    turned_away: AtomicU64,
}

/// One connection's, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    standing: Standing,
    sitting: Arc<Mutex<Sitting>>,
    _share: Share<IpAddr>,
    _one: OwnedSemaphorePermit,
}

/// What is known of a connection, for whoever answers on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing(Arc<Told>);

#[derive(Debug, Default)]
struct Told {
    is_known: AtomicBool,
    under_way: AtomicUsize,
    gives_way: Notify,
}

/// A request that is not answered to its end yet.
#[derive(Debug)]
pub(super) struct UnderWay(Standing);

impl Seats {
    /// All free.
    pub(super) fn new() -> Self {
        Self {
            free: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
            taken: Shares::default(),
            sitting: Arc::default(),
            figures: Arc::default(),
        }
    }

    /// One for this address; nothing if it has its share, or if everybody who sits has
    /// shown who they are and waits for an answer.
    pub(super) async fn take(&self, from: IpAddr) -> Option<Seat> {
        let seat = self.find(network(from)).await;
        if seat.is_none() {
            self.figures.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        seat
    }

    async fn find(&self, from: IpAddr) -> Option<Seat> {
        // All together are bounded by what is free.
        let share = self.taken.take(from, usize::MAX, OF_ONE_MAX).ok()?;
        let one = if let Ok(one) = Arc::clone(&self.free).try_acquire_owned() {
            one
        } else {
            let risen = self.sitting().rise()?;
            risen.0.gives_way.notify_one();
            self.figures.gave_way.fetch_add(1, Ordering::Relaxed);
            let one = Arc::clone(&self.free).acquire_owned().await;
            one.expect("the semaphore is never closed")
        };
        let standing = Standing::default();
        let number = self.sitting().sit(from, standing.clone());
        Some(Seat {
            number,
            standing,
            sitting: Arc::clone(&self.sitting),
            _share: share,
            _one: one,
        })
    }

    /// Connections that gave way to others, and those that found no seat.
    pub(super) fn figures(&self) -> (u64, u64) {
        let figures = &self.figures;
        let [gave_way, turned_away] =
            [&figures.gave_way, &figures.turned_away].map(|count| count.load(Ordering::Relaxed));
        (gave_way, turned_away)
    }

    fn sitting(&self) -> MutexGuard<'_, Sitting> {
        lock(&self.sitting)
    }
}

fn lock(sitting: &Mutex<Sitting>) -> MutexGuard<'_, Sitting> {
    sitting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sitting {
    fn sit(&mut self, from: IpAddr, standing: Standing) -> u64 {
        let number = self.next;
        self.next += 1;
        self.all.insert(number, (from, standing));
        number
    }

    /// Takes out who gives way: whoever has shown nothing, else whoever is known and
    /// waits for nothing.
    fn rise(&mut self) -> Option<Standing> {
        let of = |is_known| {
            let all = self.all.iter();
            let of = all.filter(move |(_, (_, standing))| {
                standing.is_known() == is_known && !(is_known && standing.is_busy())
            });
            of.map(|(number, (from, _))| (*from, *number))
        };
        let number = gives_way(of(false)).or_else(|| gives_way(of(true)))?;
        let risen = self.all.remove(&number);
        risen.map(|(_, standing)| standing)
    }
}

impl Seat {
    /// What is known of whoever sits here.
    pub(super) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Waits until it is somebody else's.
    pub(super) async fn given_away(&self) {
        self.standing.0.gives_way.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.sitting).all.remove(&self.number);
    }
}

impl Standing {
    /// Somebody has shown here who they are.
    pub(super) fn shown(&self) {
        self.0.is_known.store(true, Ordering::Relaxed);
    }

    /// A request has come.
    pub(super) fn asked(&self) -> UnderWay {
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.clone())
    }

    fn is_known(&self) -> bool {
        self.0.is_known.load(Ordering::Relaxed)
    }

    fn is_busy(&self) -> bool {
        self.0.under_way.load(Ordering::Relaxed) > 0
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn who_has_shown_nothing_gives_way_first_and_who_waits_for_an_answer_never() {
        let mut sitting = Sitting::default();
        let standings = [1, 1, 2, 2, 2, 3].map(|last| {
            let standing = Standing::default();
            sitting.sit(address(last), standing.clone());
            standing
        });
        let [known_once, answered, _, _, _, waits] = &standings;
        for known in [known_once, answered, waits] {
            known.shown();
        }
        let _under_way = waits.asked();
        drop(answered.asked());
        let left = |sitting: &Sitting| sitting.all.keys().copied().collect::<Vec<_>>();
        for expected in [
            vec![0, 1, 3, 4, 5],
            vec![0, 1, 4, 5],
            vec![0, 1, 5],
            vec![1, 5],
            vec![5],
        ] {
            assert!(sitting.rise().is_some());
            assert_eq!(left(&sitting), expected);
        }
        assert!(sitting.rise().is_none());
    }

    #[tokio::test]
    async fn a_seat_is_given_to_a_newcomer_only_when_it_is_free_again() {
        let seats = Seats::new();
        let mut taken = Vec::new();
        for n in 0..CONNECTIONS_MAX as u16 {
            let [high, low] = n.to_be_bytes();
            taken.push(seats.take([10, 0, high, low].into()).await.unwrap());
        }
        let (newcomer, ()) = tokio::join!(seats.take(address(0)), async {
            taken[0].given_away().await;
            drop(taken.remove(0));
        });
        assert!(newcomer.is_some());
        for seat in &taken {
            seat.standing().shown();
        }
        let under_way = taken.iter().map(|seat| seat.standing().asked());
        let _under_way = under_way.collect::<Vec<_>>();
        newcomer.as_ref().unwrap().standing().shown();
        let _asked = newcomer.as_ref().unwrap().standing().asked();
        assert!(seats.take(address(1)).await.is_none());
        assert_eq!(seats.figures(), (1, 1));
    }
}
