//! Session after session, with waits between.

use crate::{
    Shared, Status,
    backoff::{Backoff, GOOD_SESSION},
    inbox::Sender,
    reason::Reason,
    session::{self, Ending},
    settings::Settings,
    stop::Stop,
};
use std::{sync::Arc, time::Instant};
use tokio::{sync::watch, time};

/// Until stopped.
pub(crate) async fn run(
    settings: Settings,
    shared: Arc<Shared>,
    inbox: Sender,
    stop: watch::Receiver<bool>,
) {
    let mut stop = Stop::new(stop);
    let mut backoff = Backoff::new(settings.is_loopback());
    let mut packet_limit = crate::MAX_PACKET;
    let mut told: Option<Reason> = None;
    loop {
        let began = Instant::now();
        let acknowledged = shared.wire().outbox.tally.acknowledged;
        let ending = session::run(&settings, &shared, &inbox, &mut stop, packet_limit);
        let Ending { was_up, reason } = ending.await;
        let delivered = {
            let mut wire = shared.wire();
            wire.client = None;
            wire.outbox.rewind();
            wire.outbox.drop_expired(Instant::now());
            wire.outbox.tally.acknowledged > acknowledged
        };
        let Some(reason) = reason else { return };
        shared.tallies.failures.add(1);
        shared.status.send_replace(Status::Down(reason));
        if let Reason::TooLarge(bytes) = reason {
            packet_limit = session::raised_limit(bytes);
        }
        // A session that came up and died at once was no success: two gateways
        // of one name throw each other out, and must not do so in a fast loop.
        if was_up && (delivered || began.elapsed() >= GOOD_SESSION) {
            backoff.reset();
        }
        let wait = backoff.next_wait();
        if was_up || told != Some(reason) {
            tracing::warn!(%reason, retry_in_ms = wait.as_millis() as u64, "the link to the broker is down");
            told = Some(reason);
        }
        if stop.unless(time::sleep(wait)).await.is_none() {
            return;
        }
    }
}
