//! What is wrong with messages, said without drowning the log: the first of a
//! kind at once, then at most one line a minute with the number since.

use std::{
    fmt,
    time::{Duration, Instant},
};

const PAUSE: Duration = Duration::from_mins(1);

/// Complaints of one kind.
#[derive(Debug, Default)]
pub(super) struct Complaint {
    said: Option<Instant>,
    since: u64,
}

impl Complaint {
    /// One more at this moment. The number to say, if it is time to say it.
    pub(super) fn count(&mut self, now: Instant) -> Option<u64> {
        self.since += 1;
        if self.said.is_some_and(|said| now - said < PAUSE) {
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.since))
    }

    /// A message that could not be read. Neither topic nor payload is shown:
    /// both may name somebody's device.
    pub(super) fn unreadable(&mut self, kind: &'static str, reason: &dyn fmt::Display) {
        if let Some(count) = self.count(Instant::now()) {
            tracing::warn!(kind, %reason, count, "messages could not be read");
        }
    }

    /// A frame of a sensor of ours that stays closed.
    pub(super) fn sealed(&mut self, why: &'static str) {
        if let Some(count) = self.count(Instant::now()) {
            tracing::warn!(count, why, "frames of sensors could not be opened");
        }
    }

    /// A message that the broker kept, where only news counts.
    pub(super) fn retained(&mut self) {
        if let Some(count) = self.count(Instant::now()) {
            tracing::warn!(
                count,
                "retained messages were passed over: switch retain off at the scanner or screen"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_said_at_once_and_the_rest_once_a_minute() {
        let mut complaint = Complaint::default();
        let start = Instant::now();
        for (second, expected) in [
            (0, Some(1)),
            (1, None),
            (59, None),
            (60, Some(3)),
            (61, None),
        ] {
            let now = start + Duration::from_secs(second);
            assert_eq!(complaint.count(now), expected, "{second}");
        }
    }
}
