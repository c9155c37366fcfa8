//! Who is there, and until when that is believed without being told again.

use super::{Key, OCCUPANCY_MS, VALUES_MAX};
use std::collections::{BTreeSet, HashMap};

/// At most [`VALUES_MAX`]; beyond, the one whose time is up first goes first.
#[derive(Debug, Default)]
pub(super) struct Occupied {
    by_time: BTreeSet<(u64, Key)>,
    deadline_by_key: HashMap<Key, u64>,
}

impl Occupied {
    pub(super) fn came(&mut self, key: Key, now_ms: u64) {
        self.went(key);
        let deadline = now_ms.saturating_add(OCCUPANCY_MS);
        self.by_time.insert((deadline, key));
        self.deadline_by_key.insert(key, deadline);
        if self.by_time.len() > VALUES_MAX {
            self.expire(u64::MAX);
        }
    }

    pub(super) fn went(&mut self, key: Key) {
        if let Some(deadline) = self.deadline_by_key.remove(&key) {
            self.by_time.remove(&(deadline, key));
        }
    }

    /// The first whose time is up.
    pub(super) fn expire(&mut self, now_ms: u64) -> Option<Key> {
        let (deadline, key) = *self.by_time.first()?;
        (deadline <= now_ms).then(|| self.went(key))?;
        Some(key)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_time.len()
    }
}
