//! How many connections there may be at once, and how many of them from one address.

use super::shares::{Share, Shares};
use std::{net::IpAddr, sync::Arc};
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
    taken: Shares<IpAddr>,
}

/// One connection's, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    _one: OwnedSemaphorePermit,
    _share: Share<IpAddr>,
}

impl Seats {
    /// All free.
    pub(super) fn new() -> Self {
        Self {
            free: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
            taken: Shares::default(),
        }
    }

    /// Waits until one is free.
    pub(super) async fn one(&self) -> OwnedSemaphorePermit {
        let free = Arc::clone(&self.free).acquire_owned().await;
        free.expect("the semaphore is never closed")
    }

    /// Gives it to this address, unless that has its share.
    pub(super) fn give(&self, one: OwnedSemaphorePermit, peer: IpAddr) -> Option<Seat> {
        let share = self.taken.take(peer, CONNECTIONS_MAX, OF_ONE_MAX).ok()?;
        Some(Seat {
            _one: one,
            _share: share,
        })
    }
}
