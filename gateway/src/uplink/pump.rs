//! From the ledger to the hub's broker, and the hub's word back.

use super::{
    Uplink,
    event::Lane,
    kept,
    words::{self, Hello, Mark},
};
use crate::store::Told;
use link::{Delivery, Message, Status};
use protocol::topic::HubTopic;
use std::time::{Duration, Instant};
use tokio::time;

/// How often it is looked whether the hub has gone silent.
const LOOK: Duration = Duration::from_secs(1);
/// How often what the hub has is written down, if it changed: oftener would wear
/// the disk out for a hint.
const REMEMBER: Duration = Duration::from_mins(1);
/// What may have been sent is written down before that much more is.
const SENT_AHEAD: u64 = 4_096;

impl Uplink {
    /// Until it is dropped.
    pub(super) async fn pump(&mut self) {
        let mut durable = self.tail.durable();
        let mut acknowledged = self.link.acknowledged();
        let mut status = self.link.status();
        let mut look = time::interval(LOOK);
        let mut remember = time::interval(REMEMBER);
        let mut was_up = false;
        loop {
            let up = *status.borrow_and_update() == Status::Up;
            if up && !was_up {
                self.greet();
            }
            was_up = up;
            self.gauge.set_up(up);
            if up {
                self.fill().await;
            }
            tokio::select! {
                Ok(()) = status.changed() => {}
                Ok(()) = acknowledged.changed() => {
                    let so_far = *acknowledged.borrow_and_update();
                    self.acknowledged(so_far);
                }
                Some(batch) = self.inbox.batch() => {
                    for message in batch {
                        self.hear(&message);
                    }
                }
                Ok(()) = durable.changed() => {}
                _ = look.tick() => self.look(),
                _ = remember.tick() => self.remember().await,
            }
            durable.mark_unchanged();
        }
    }

    /// Sends what there is room for: money first. Between two looks into the
    /// ledger everybody else on this thread has a turn.
    async fn fill(&mut self) {
        for index in 0..self.lanes.len() {
            while self.lanes[index].0.has_room() {
                tokio::task::yield_now().await;
                match self.send_one(index).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::warn!(%error, "the ledger cannot be read for the hub and is tried again");
                        break;
                    }
                }
            }
        }
    }

    /// Sends the next batch of a lane. Says whether there may be more.
    async fn send_one(&mut self, index: usize) -> Result<bool, crate::store::LedgerError> {
        let now = Instant::now();
        let (course, reader) = &mut self.lanes[index];
        let from = course.read_from();
        let batch = reader.read(from)?;
        let Some(epoch) = batch.epoch else {
            course.passed(batch.upto);
            return Ok(batch.upto > from && batch.upto < self.tail.last());
        };
        let payload = words::batch(&batch, course.lane, course.after(epoch));
        let payload = payload.expect("it has an epoch");
        let lane = course.lane;
        if batch.upto > self.kept.sent {
            self.announce(batch.upto).await;
        }
        if self.deliver(HubTopic::Events, payload, Some(lane)) {
            self.lanes[index].0.went(batch.upto, now);
            self.gauge.sent(batch.events.len());
            return Ok(true);
        }
        Ok(false)
    }

    fn deliver(&mut self, topic: HubTopic, payload: Vec<u8>, lane: Option<Lane>) -> bool {
        let delivery = Delivery {
            topic: topic.text(&self.store).to_string(),
            payload,
            retain: false,
            expires_after: None,
        };
        let taken = self.link.deliver(delivery).is_ok();
        if taken {
            self.afloat.push_back((lane, Instant::now()));
        }
        taken
    }

    fn greet(&mut self) {
        let epochs = self.tail.epochs();
        let (dropped, folded) = self.tail.shed();
        let hello = Hello {
            version: env!("CARGO_PKG_VERSION"),
            epoch: epochs
                .last()
                .map_or_else(String::new, |e| format!("{:016x}", e.id)),
            lowest: self.kept.both() + 1,
            next: self.tail.last() + 1,
            dropped,
            folded,
        };
        let payload = serde_json::to_vec(&hello).expect("a greeting has only text keys");
        self.deliver(HubTopic::Hello, payload, None);
    }

    fn acknowledged(&mut self, so_far: u64) {
        let now = Instant::now();
        for _ in self.landed..so_far {
            let Some((lane, since)) = self.afloat.pop_front() else {
                break;
            };
            let courses = self.lanes.iter_mut().map(|(course, _)| course);
            for course in courses.filter(|course| Some(course.lane) == lane) {
                course.landed(now.saturating_duration_since(since), now);
            }
        }
        self.landed = so_far;
    }

    fn hear(&mut self, message: &Message) {
        let Some(mark) = Mark::read(&message.payload) else {
            self.gauge.strange();
            return;
        };
        let epochs = self.tail.epochs();
        let Some(index) = epochs.iter().position(|epoch| epoch.id == mark.epoch) else {
            // Of a ledger that is no more.
            return;
        };
        let next = epochs.get(index + 1);
        if self.lanes.iter().any(|(course, _)| course.is_beyond(&mark)) {
            // Of an epoch that is over it is what a ledger that lost its end hears.
            if next.is_none() {
                self.begin_anew();
            }
            return;
        }
        let end = next.map_or(u64::MAX, |next| next.since - 1);
        let now = Instant::now();
        for (course, _) in &mut self.lanes {
            course.marked(&mark, epochs[index], end, now);
        }
        self.let_go();
    }

    /// The hub says that it has what was never said. Once in a run an older copy of the
    /// ledger may have been put in its place, whose names must not be given twice. Such a
    /// mark lets nothing go, whoever says it and however often.
    fn begin_anew(&mut self) {
        self.gauge.strange();
        if !std::mem::replace(&mut self.has_begun_anew, true) {
            tracing::warn!(
                "the hub says that it has more than it was ever told, which is not believed: an \
                 older copy of the ledger was put in its place, or the hub is wrong"
            );
            self.tail.begin_epoch();
        }
    }

    fn look(&mut self) {
        let now = Instant::now();
        for (course, _) in &mut self.lanes {
            if course.look(now) {
                self.gauge.said_again();
            }
        }
        self.let_go();
    }

    /// Tells the ledger what may go.
    fn let_go(&self) {
        let told = self.told_now();
        self.gauge.set_done(told.both());
        self.tail.follow(told);
    }

    fn told_now(&self) -> Told {
        let [(first, _), (rest, _)] = &self.lanes;
        Told {
            first: first.done(),
            rest: rest.done(),
            sent: self.kept.sent.max(first.said()).max(rest.said()),
        }
    }

    /// Before more is sent than is written down, more is written down.
    async fn announce(&mut self, upto: u64) {
        let mut told = self.told_now();
        told.sent = upto + SENT_AHEAD;
        self.write(told).await;
    }

    /// Writes down what the hub has.
    pub(super) async fn remember(&mut self) {
        let told = Told {
            sent: self.kept.sent,
            ..self.told_now()
        };
        if told != self.kept {
            self.write(told).await;
        }
    }

    async fn write(&mut self, told: Told) {
        let dir = self.dir.clone();
        let written = tokio::task::spawn_blocking(move || kept::write_told(&dir, told)).await;
        let written = written.map_err(std::io::Error::other).and_then(|done| done);
        if let Err(error) = written {
            tracing::warn!(%error, "what the hub has could not be written down and is tried again");
            return;
        }
        self.kept = told;
        self.tail.follow(told);
    }
}
