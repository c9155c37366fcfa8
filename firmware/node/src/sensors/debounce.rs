//! A pin's level once it has stopped bouncing.

use crate::uptime::Uptime;
use embedded_hal::digital::InputPin;

/// A contact or a PIR module settles within this time; people do not change
/// within it.
pub(super) const SETTLE_MS: u32 = 50;

#[derive(Debug)]
pub(super) struct Debounced<P> {
    pin: P,
    level: bool,
    wavering_since: Option<Uptime>,
}

impl<P: InputPin> Debounced<P> {
    pub(super) const fn new(pin: P) -> Self {
        Self {
            pin,
            level: false,
            wavering_since: None,
        }
    }

    /// The level that has held for [`SETTLE_MS`]; low to begin with.
    pub(super) fn level(&mut self, now: Uptime) -> Result<bool, P::Error> {
        let level = self.pin.is_high()?;
        if level == self.level {
            self.wavering_since = None;
            return Ok(level);
        }
        let since = *self.wavering_since.get_or_insert(now);
        if now.since(since) >= SETTLE_MS {
            self.level = level;
            self.wavering_since = None;
        }
        Ok(self.level)
    }
}
