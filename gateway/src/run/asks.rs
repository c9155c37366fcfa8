//! Who waits for which answer.

use engine::event::{Outcome, RequestId};
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// Most requests waiting for the disk at once; as many as the engine lets wait.
const ASKS_MAX: usize = 16_384;

/// Waiting requests.
#[derive(Debug, Default)]
pub(super) struct Asks {
    last: u64,
    waiting: BTreeMap<RequestId, oneshot::Sender<Outcome>>,
}

impl Asks {
    /// Gives a request its number, or the reply back when too many wait.
    pub(super) fn enter(
        &mut self,
        reply: oneshot::Sender<Outcome>,
    ) -> Result<RequestId, oneshot::Sender<Outcome>> {
        if self.waiting.len() >= ASKS_MAX {
            return Err(reply);
        }
        self.last += 1;
        let request = RequestId(self.last);
        self.waiting.insert(request, reply);
        Ok(request)
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, request: RequestId, outcome: Outcome) {
        if let Some(reply) = self.waiting.remove(&request) {
            // Whoever asked may have gone meanwhile.
            let _ = reply.send(outcome);
        }
    }
}
