//! How much is recorded, and what goes wrong with it.

use super::folder::parts_of;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// Written by the loop and the thread, read by whoever asks.
#[derive(Debug, Default)]
pub struct Gauge {
    bytes: AtomicU64,
    days: AtomicU64,
    let_go: AtomicU64,
    lost: AtomicU64,
    failures: AtomicU64,
    moments: AtomicU64,
    error: Mutex<Option<String>>,
}

/// How recording is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordingHealth {
    /// Bytes of all recordings.
    pub bytes: u64,
    /// Days there are recordings of.
    pub days: u64,
    /// Days let go of since the start, for age or want of room.
    pub days_let_go: u64,
    /// Signals, steps and all else that was taped since the start.
    pub moments: u64,
    /// Bytes that found no room and are not recorded.
    pub bytes_lost: u64,
    /// Times the disk refused, or did not keep up.
    pub failures: u64,
    /// What it said the last time.
    pub last_error: Option<String>,
}

impl Gauge {
    /// As it is now.
    pub fn health(&self) -> RecordingHealth {
        let read = |of: &AtomicU64| of.load(Ordering::Relaxed);
        RecordingHealth {
            bytes: read(&self.bytes),
            days: read(&self.days),
            days_let_go: read(&self.let_go),
            moments: read(&self.moments),
            bytes_lost: read(&self.lost),
            failures: read(&self.failures),
            last_error: self.error.lock().map_or(None, |error| error.clone()),
        }
    }

    pub(super) fn taped(&self, moments: u64) {
        self.moments.fetch_add(moments, Ordering::Relaxed);
    }

    pub(super) fn set(&self, folder: &Path) {
        let parts = parts_of(folder).unwrap_or_default();
        let days: BTreeSet<i32> = parts.iter().map(|part| part.day).collect();
        self.days.store(days.len() as u64, Ordering::Relaxed);
        let bytes = parts.iter().map(|part| part.bytes).sum();
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn let_go(&self) {
        self.let_go.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn lost(&self, bytes: usize) {
        self.lost.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn failed(&self, why: &str) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut error) = self.error.lock() {
            *error = Some(why.to_owned());
        }
    }
}
