//! HX711 on two pins: the weight on a shelf.
//!
//! Avia Semiconductor, HX711 data sheet: 24 bits, 10 a second, 400 ms until the
//! first after a reset.

use super::Repeat;
use crate::uptime::Uptime;
use core::{fmt, num::NonZero};
use embedded_hal::{
    delay::DelayNs,
    digital::{ErrorKind, ErrorType, InputPin, OutputPin},
};
use hx711::Hx711;
use protocol::frame::Quantity;

/// A weight that takes longer never comes, ms.
const WEIGHED_MS: u32 = 1_000;
/// How long the chip may take at the start: a second in steps of 10 µs.
const STEP_US: u32 = 10;
const STEPS: u32 = 100_000;
/// What the chip says when its input is out of range.
const RANGE: core::ops::Range<i32> = -0x80_0000 + 1..0x7F_FFFF;

/// What raw numbers weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The number of an empty shelf.
    pub empty: i32,
    /// Numbers for each kilogram.
    pub per_kilogram: NonZero<i32>,
}

/// Scales under a shelf.
pub struct Shelf<D: DelayNs, I: InputPin, O: OutputPin> {
    /// Nothing when the chip was not there at the start.
    chip: Option<Hx711<D, Patient<I, D>, O>>,
    scale: Scale,
    begun: Option<Uptime>,
    repeat: Repeat,
}

impl<D: DelayNs + Clone, I: InputPin, O: OutputPin> Shelf<D, I, O> {
    /// Takes the pins and waits up to a second for the chip. One that is not
    /// there is a fault until the node starts again.
    pub fn new(delay: D, data: I, clock: O, scale: Scale) -> Self {
        let data = Patient {
            pin: data,
            delay: delay.clone(),
            steps: STEPS,
        };
        Self {
            chip: Hx711::new(delay, data, clock).ok(),
            scale,
            begun: None,
            repeat: Repeat::default(),
        }
    }

    /// Weighs when it is due.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        if !self.repeat.due(now) {
            return None;
        }
        let begun = *self.begun.get_or_insert(now);
        let weighed = self.chip.as_mut().map(Hx711::retrieve);
        let value = match weighed {
            Some(Ok(raw)) if RANGE.contains(&raw) => {
                let above = i64::from(raw) - i64::from(self.scale.empty);
                let grams = 1_000 * above / i64::from(self.scale.per_kilogram.get());
                Quantity::WeightGrams(grams as i32)
            }
            Some(Err(nb::Error::WouldBlock)) if now.since(begun) < WEIGHED_MS => return None,
            Some(Ok(_) | Err(nb::Error::WouldBlock | nb::Error::Other(_))) | None => {
                Quantity::Fault
            }
        };
        self.begun = None;
        self.repeat.spoke(now);
        Some(value)
    }
}

impl<D: DelayNs, I: InputPin, O: OutputPin> fmt::Debug for Shelf<D, I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf")
            .field("scale", &self.scale)
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}

/// The data pin, which fails when it has said "wait" for too long: the driver
/// waits for ever for a chip that is not there.
struct Patient<I, D> {
    pin: I,
    delay: D,
    steps: u32,
}

/// The pin failed, or there is nobody at its other end.
#[derive(Debug)]
struct Nobody;

impl embedded_hal::digital::Error for Nobody {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

impl<I, D> ErrorType for Patient<I, D> {
    type Error = Nobody;
}

impl<I: InputPin, D: DelayNs> InputPin for Patient<I, D> {
    fn is_high(&mut self) -> Result<bool, Nobody> {
        if !self.pin.is_high().map_err(|_| Nobody)? {
            self.steps = STEPS;
            return Ok(false);
        }
        self.steps = self.steps.checked_sub(1).ok_or(Nobody)?;
        self.delay.delay_us(STEP_US);
        Ok(true)
    }

    fn is_low(&mut self) -> Result<bool, Nobody> {
        self.is_high().map(|is_high| !is_high)
    }
}
