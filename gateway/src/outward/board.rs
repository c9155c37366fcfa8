//! What the broker keeps for us, so that nothing of ours outlives its reason:
//! a zone that has left the plan, or Home Assistant switched off, also when
//! that happened while the gateway was not running.

use super::state::Retained;
use crate::store::write_durably;
use link::Delivery;
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Most topics remembered: configuration and state of the most zones and
/// screens a plan may have, four times over.
const TOPICS_MAX: usize = 1_024;

/// Retained messages at the broker.
#[derive(Debug)]
pub(super) struct Board {
    file: PathBuf,
    /// Topics at which the broker may keep something of ours; as in the file.
    topics: BTreeSet<String>,
    /// What was sent in this session, the empty ones that clear included.
    told: Retained,
}

impl Board {
    /// With what was remembered in this folder.
    pub(super) fn open(dir: &Path) -> Self {
        let file = dir.join("retained-topics");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let topics = text.lines().take(TOPICS_MAX).map(str::to_owned);
        Self {
            topics: topics.collect(),
            told: Retained::new(),
            file,
        }
    }

    /// The broker may have forgotten everything: all is told again.
    pub(super) fn again(&mut self) {
        self.told.clear();
    }

    /// What to send so that exactly `wanted` is kept.
    pub(super) fn update(&mut self, wanted: Retained) -> Vec<Delivery> {
        let before = self.topics.len();
        let room = TOPICS_MAX.saturating_sub(before);
        let new: Vec<&String> = wanted
            .keys()
            .filter(|t| !self.topics.contains(*t))
            .collect();
        self.topics.extend(new.into_iter().take(room).cloned());
        // Noted before it is sent: a power cut in between leaves a topic too
        // many on the list, never one too few.
        if self.topics.len() != before && !self.note() {
            return Vec::new();
        }
        let gone = self
            .topics
            .iter()
            .filter(|topic| !wanted.contains_key(*topic));
        let cleared: Vec<_> = gone.map(|topic| (topic.clone(), Vec::new())).collect();
        let mut sent = Vec::new();
        for (topic, payload) in wanted.into_iter().chain(cleared) {
            if self.told.get(&topic) != Some(&payload) && self.topics.contains(&topic) {
                self.told.insert(topic.clone(), payload.clone());
                sent.push(retained(topic, payload));
            }
        }
        sent
    }

    /// The broker has everything: what was cleared needs no remembering.
    pub(super) fn settled(&mut self) {
        let cleared = |told: &Retained, topic: &String| told.get(topic).is_some_and(Vec::is_empty);
        if self.topics.iter().any(|topic| cleared(&self.told, topic)) {
            self.topics.retain(|topic| !cleared(&self.told, topic));
            self.told.retain(|_, payload| !payload.is_empty());
            self.note();
        }
    }

    fn note(&self) -> bool {
        let lines: Vec<&str> = self.topics.iter().map(String::as_str).collect();
        let noted = if lines.is_empty() {
            match fs::remove_file(&self.file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            }
        } else {
            write_durably(&self.file, lines.join("\n").as_bytes())
        };
        if let Err(error) = &noted {
            tracing::warn!(%error, "the list of retained topics could not be noted");
        }
        noted.is_ok()
    }
}

fn retained(topic: String, payload: Vec<u8>) -> Delivery {
    Delivery {
        topic,
        payload,
        retain: true,
        expires_after: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(pairs: &[(&str, &str)]) -> Retained {
        let pairs = pairs.iter();
        pairs
            .map(|(topic, payload)| ((*topic).to_owned(), payload.as_bytes().to_vec()))
            .collect()
    }

    fn update(board: &mut Board, pairs: &[(&str, &str)]) -> Vec<String> {
        let sent = board.update(wanted(pairs)).into_iter();
        sent.map(|d| {
            assert!(d.retain, "{}", d.topic);
            format!("{}={}", d.topic, String::from_utf8(d.payload).unwrap())
        })
        .collect()
    }

    #[test]
    fn only_what_changed_is_sent_and_what_is_gone_is_cleared_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut board = Board::open(dir.path());
        let both = [("a", "1"), ("b", "1")];
        assert_eq!(update(&mut board, &both), ["a=1", "b=1"]);
        assert_eq!(update(&mut board, &both), [] as [&str; 0]);
        assert_eq!(update(&mut board, &[("a", "2")]), ["a=2", "b="]);
        assert_eq!(update(&mut board, &[("a", "2")]), [] as [&str; 0]);
        board.again();
        assert_eq!(update(&mut board, &[("a", "2")]), ["a=2", "b="]);
        board.settled();
        board.again();
        assert_eq!(update(&mut board, &[("a", "2")]), ["a=2"]);
        assert_eq!(update(&mut board, &both), ["a=1", "b=1"]);
    }

    #[test]
    fn what_vanished_while_nobody_ran_is_cleared_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        update(&mut Board::open(dir.path()), &[("a", "1"), ("b", "1")]);
        let mut second = Board::open(dir.path());
        assert_eq!(update(&mut second, &[]), ["a=", "b="]);
        // Killed before the broker had it: cleared again.
        let mut third = Board::open(dir.path());
        assert_eq!(update(&mut third, &[]), ["a=", "b="]);
        third.settled();
        assert!(!dir.path().join("retained-topics").exists());
        assert_eq!(update(&mut Board::open(dir.path()), &[]), [] as [&str; 0]);
    }
}
