//! How many of something bounded each holds who asks for it, so that nobody takes all.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// By whose they are; nobody stands here who holds none.
#[derive(Debug)]
pub(super) struct Shares<K>(Arc<Mutex<HashMap<K, usize>>>);

/// Why there is none to be had.
#[derive(Debug)]
pub(super) enum Full {
    /// All are taken.
    All,
    /// Whoever asks holds so many.
    One(usize),
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Share<K: Eq + Hash> {
    of: Shares<K>,
    whose: K,
}

impl<K> Shares<K> {
    fn held(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held by all together.
    pub(super) fn all(&self) -> usize {
        self.held().values().sum()
    }
}

impl<K: Clone + Eq + Hash> Shares<K> {
    /// One more for `whose`, who may hold `of_one_max` of `max`.
    pub(super) fn take(&self, whose: K, max: usize, of_one_max: usize) -> Result<Share<K>, Full> {
        let mut held = self.held();
        let own = held.get(&whose).copied().unwrap_or_default();
        if held.values().sum::<usize>() >= max {
            return Err(Full::All);
        }
        if own >= of_one_max {
            return Err(Full::One(own));
        }
        held.insert(whose.clone(), own + 1);
        Ok(Share {
            of: self.clone(),
            whose,
        })
    }
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.of.held();
        if let Some(own) = held.get_mut(&self.whose) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.whose);
            }
        }
    }
}
