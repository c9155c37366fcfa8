//! How many connections there may be at once, and how many of them from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most connections at once. 64 screens with three connections each, a few
/// consoles and tills; each costs about 20 KiB.
const CONNECTIONS_MAX: usize = 512;
/// Most from one address: whoever opens all that they can leaves half to the others. A
/// proxy has one address for everybody behind it, and 64 screens fit.
pub(super) const OF_ONE_MAX: usize = CONNECTIONS_MAX / 2;

/// All of them.
#[derive(Debug, Clone)]
pub(super) struct Seats {
    free: Arc<Semaphore>,
    /// No more addresses than connections.
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection's, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    _one: OwnedSemaphorePermit,
    seats: Seats,
    peer: IpAddr,
}

impl Seats {
    /// All free.
    pub(super) fn new() -> Self {
        Self {
            free: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
            taken: Arc::default(),
        }
    }

    /// Waits until one is free.
    pub(super) async fn one(&self) -> OwnedSemaphorePermit {
        let free = Arc::clone(&self.free).acquire_owned().await;
        free.expect("the semaphore is never closed")
    }

    /// Gives it to this address, unless that has its share.
    pub(super) fn give(&self, one: OwnedSemaphorePermit, peer: IpAddr) -> Option<Seat> {
        let mut taken = self.taken();
        let of_peer = taken.entry(peer).or_default();
        if *of_peer == OF_ONE_MAX {
            return None;
        }
        *of_peer += 1;
        Some(Seat {
            _one: one,
            seats: self.clone(),
            peer,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(of_peer) = taken.get_mut(&self.peer) {
            *of_peer -= 1;
            if *of_peer == 0 {
                taken.remove(&self.peer);
            }
        }
    }
}
