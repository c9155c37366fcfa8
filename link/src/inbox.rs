//! Where messages come out.

use bytes::Bytes;
use std::{collections::VecDeque, fmt};
use tokio::sync::mpsc;

/// Batches that may wait for a reader. A batch is what rumqttc reads at once,
/// at most nine messages; with the largest packets this bounds the memory at
/// 70 MiB, with readings at 50 KiB.
const BATCHES: usize = 32;

/// A message as it came. `Debug` shows neither topic nor payload: both may
/// name somebody's device.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic.
    pub topic: String,
    /// Payload.
    pub payload: Bytes,
    /// The broker had it from before: state, never news.
    pub retained: bool,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message of {} bytes", self.payload.len())
    }
}

/// Where messages come out. While nobody reads, the broker waits; when it is
/// dropped, what comes is thrown away.
#[derive(Debug)]
pub struct Inbox {
    batches: mpsc::Receiver<Vec<Message>>,
    opened: VecDeque<Message>,
}

pub(crate) type Sender = mpsc::Sender<Vec<Message>>;

pub(crate) fn channel() -> (Sender, Inbox) {
    let (sender, batches) = mpsc::channel(BATCHES);
    let opened = VecDeque::new();
    (sender, Inbox { batches, opened })
}

impl Inbox {
    /// The next message; `None` once the link has stopped.
    pub async fn next(&mut self) -> Option<Message> {
        while self.opened.is_empty() {
            self.opened = self.batches.recv().await?.into();
        }
        self.opened.pop_front()
    }

    /// Everything that came together, for those who handle much.
    pub async fn batch(&mut self) -> Option<Vec<Message>> {
        if self.opened.is_empty() {
            self.batches.recv().await
        } else {
            Some(std::mem::take(&mut self.opened).into())
        }
    }
}
