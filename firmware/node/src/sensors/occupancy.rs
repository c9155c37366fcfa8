//! Somebody is there: a PIR module or any other output that is high while so.

use super::{Repeat, debounce::Debounced};
use crate::uptime::Uptime;
use embedded_hal::digital::InputPin;
use protocol::frame::Quantity;

/// A motion detector on one pin.
#[derive(Debug)]
pub struct Occupancy<P> {
    pin: Debounced<P>,
    said: Option<Quantity>,
    repeat: Repeat,
}

impl<P: InputPin> Occupancy<P> {
    /// Takes the pin.
    pub fn new(pin: P) -> Self {
        Self {
            pin: Debounced::new(pin),
            said: None,
            repeat: Repeat::default(),
        }
    }

    /// Reads the pin. Poll every 10 to 20 ms.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        let value = self
            .pin
            .level(now)
            .map_or(Quantity::Fault, Quantity::Occupied);
        if self.said == Some(value) && !self.repeat.due(now) {
            return None;
        }
        self.said = Some(value);
        self.repeat.spoke(now);
        Some(value)
    }
}
