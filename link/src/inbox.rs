//! Where messages come out, in two lanes: news overtakes what the broker kept.
//!
//! A broker answers a subscription with everything it has retained there,
//! thousands of messages at once in a house with many devices. They wait in a
//! lane of their own, so that the session goes on reading and what is said
//! meanwhile is neither held up nor dropped by the broker.

use bytes::Bytes;
use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::mpsc::{self, error::TrySendError};

/// Batches of news that may wait for a reader. A batch is what rumqttc reads at
/// once, at most nine messages; with the largest packets this bounds the memory
/// at 70 MiB, with readings at 50 KiB.
const BATCHES: usize = 32;
/// Retained messages that may wait: seven times the burst that overran another
/// maker's queue (domoticz #6754: 1,104 from 49 devices).
const KEPT_MAX: usize = 8_192;
/// What they may take together, bytes.
const KEPT_BYTES_MAX: usize = 8 << 20;
/// Retained messages handed out at once.
const KEPT_BATCH: usize = 64;

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

impl Message {
    fn bytes(&self) -> usize {
        self.topic.len() + self.payload.len()
    }
}

/// Where messages come out. While nobody reads, the broker waits; when it is
/// dropped, what comes is thrown away.
#[derive(Debug)]
pub struct Inbox {
    news: mpsc::Receiver<Vec<Message>>,
    kept: mpsc::Receiver<Message>,
    kept_bytes: Arc<AtomicUsize>,
    opened: VecDeque<Message>,
}

/// Where messages go in.
#[derive(Debug)]
pub(crate) struct Sender {
    news: mpsc::Sender<Vec<Message>>,
    kept: mpsc::Sender<Message>,
    kept_bytes: Arc<AtomicUsize>,
}

pub(crate) fn channel() -> (Sender, Inbox) {
    let (news_in, news) = mpsc::channel(BATCHES);
    let (kept_in, kept) = mpsc::channel(KEPT_MAX);
    let kept_bytes = Arc::new(AtomicUsize::new(0));
    let sender = Sender {
        news: news_in,
        kept: kept_in,
        kept_bytes: kept_bytes.clone(),
    };
    let inbox = Inbox {
        news,
        kept,
        kept_bytes,
        opened: VecDeque::new(),
    };
    (sender, inbox)
}

impl Sender {
    /// Hands news on if there is room; gives it back if not.
    pub(crate) fn try_news(&self, batch: Vec<Message>) -> Result<(), Vec<Message>> {
        self.news.try_send(batch).map_err(TrySendError::into_inner)
    }

    /// Hands news on as soon as there is room.
    pub(crate) async fn news(&self, batch: Vec<Message>) {
        // Nobody will ever read: there is nothing to bring.
        let _ = self.news.send(batch).await;
    }

    /// Hands a retained message on if there is room; gives it back if not.
    pub(crate) fn try_kept(&self, message: Message) -> Result<(), Message> {
        let bytes = message.bytes();
        if self.kept_bytes.load(Ordering::Relaxed) + bytes > KEPT_BYTES_MAX {
            return Err(message);
        }
        self.kept
            .try_send(message)
            .map_err(TrySendError::into_inner)?;
        self.kept_bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Hands a retained message on as soon as there is a place.
    pub(crate) async fn kept(&self, message: Message) {
        let bytes = message.bytes();
        if self.kept.send(message).await.is_ok() {
            self.kept_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

impl Inbox {
    /// The next message; `None` once the link has stopped.
    pub async fn next(&mut self) -> Option<Message> {
        while self.opened.is_empty() {
            self.opened = self.receive().await?.into();
        }
        self.opened.pop_front()
    }

    /// Everything that came together, for those who handle much.
    pub async fn batch(&mut self) -> Option<Vec<Message>> {
        if self.opened.is_empty() {
            self.receive().await
        } else {
            Some(std::mem::take(&mut self.opened).into())
        }
    }

    async fn receive(&mut self) -> Option<Vec<Message>> {
        let mut kept = Vec::new();
        tokio::select! {
            biased;
            Some(batch) = self.news.recv() => Some(batch),
            n = self.kept.recv_many(&mut kept, KEPT_BATCH) => {
                let bytes = kept.iter().map(Message::bytes).sum();
                self.kept_bytes.fetch_sub(bytes, Ordering::Relaxed);
                (n > 0).then_some(kept)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: usize, payload: usize, retained: bool) -> Message {
        Message {
            topic: n.to_string(),
            payload: vec![0; payload].into(),
            retained,
        }
    }

    #[tokio::test]
    async fn news_overtakes_what_the_broker_kept_and_nothing_is_lost() {
        let (sender, mut inbox) = channel();
        for n in 0..5_000 {
            sender.try_kept(message(n, 100, true)).unwrap();
        }
        sender.try_news(vec![message(0, 1, false)]).unwrap();
        assert!(!inbox.next().await.unwrap().retained);
        drop(sender);
        let mut kept = 0;
        while let Some(batch) = inbox.batch().await {
            assert!(batch.iter().all(|message| message.retained));
            kept += batch.len();
        }
        assert_eq!(kept, 5_000);
        assert_eq!(inbox.kept_bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_the_broker_kept_has_bounds_of_number_and_size() {
        let (sender, _inbox) = channel();
        let taken = |sender: &Sender, payload| {
            let taken = (0..).map_while(|n| sender.try_kept(message(n, payload, true)).ok());
            taken.count()
        };
        assert_eq!(taken(&sender, 1), KEPT_MAX);
        let (sender, _inbox) = channel();
        assert_eq!(taken(&sender, (1 << 20) - 1), 8);
    }
}
