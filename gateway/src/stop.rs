//! The one signal that everything ends on.

use tokio::sync::watch;

/// Asks every holder of the [`Stop`] beside it to end. Dropping it asks too.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Held by every task that runs as long as the gateway. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Makes both ends.
pub fn channel() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks, once and for all.
    pub fn request(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Returns when the gateway is to stop; at once if it already is.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        // An error means that the other end is gone, which asks just as well.
        let _ = receiver.wait_for(|stop| *stop).await;
    }

    /// Whether the gateway is to stop.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_clone_hears_a_request_also_a_late_one() {
        let (stopper, stop) = channel();
        assert!(!stop.is_requested());
        stopper.request();
        stop.clone().requested().await;
        stop.requested().await;
        assert!(stop.is_requested());
    }

    #[tokio::test]
    async fn a_dropped_stopper_asks_too() {
        let (stopper, stop) = channel();
        drop(stopper);
        stop.requested().await;
        assert!(stop.is_requested());
    }
}
