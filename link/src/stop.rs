//! The wish to stop.

use std::future::Future;
use tokio::sync::watch;

/// The wish to stop.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn new(stop: watch::Receiver<bool>) -> Self {
        Self(stop)
    }

    /// Waits for the wish. `true` when asked politely, `false` when the last
    /// link was dropped.
    pub(crate) async fn wished(&mut self) -> bool {
        self.0.wait_for(|stop| *stop).await.is_ok()
    }

    /// Does something, unless the wish comes first.
    pub(crate) async fn unless<T>(&mut self, something: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            _ = self.wished() => None,
            done = something => Some(done),
        }
    }
}
