//! A memory of bounded size.

use super::{Key, VALUES_MAX};
use std::collections::HashMap;

/// Remembers at most [`VALUES_MAX`] values. When half of them are new, the half
/// that was not touched since the last such moment is forgotten: no search for
/// the oldest, whoever fills it.
#[derive(Debug)]
pub(super) struct Memory<T> {
    young: HashMap<Key, T>,
    old: HashMap<Key, T>,
    forgotten: u64,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            forgotten: 0,
        }
    }
}

impl<T> Memory<T> {
    /// Remembers a value, and gives the one before.
    pub(super) fn replace(&mut self, key: Key, value: T) -> Option<T> {
        let before = self.young.insert(key, value);
        if before.is_some() {
            return before;
        }
        let before = self.old.remove(&key);
        if self.young.len() > VALUES_MAX / 2 {
            let young = core::mem::take(&mut self.young);
            let lost = core::mem::replace(&mut self.old, young);
            self.forgotten += lost.len() as u64;
        }
        before
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.forgotten
    }
}
