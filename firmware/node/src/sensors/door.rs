//! People through a door, by two light barriers one behind the other.

use super::{Repeat, debounce::Debounced};
use crate::uptime::Uptime;
use embedded_hal::digital::InputPin;
use protocol::frame::Quantity;

/// Two barriers, each high while interrupted: `outer` on the street's side.
///
/// Both counts only rise, and wrap; the gateway takes differences, so that a
/// lost frame loses nobody.
#[derive(Debug)]
pub struct Door<O, I> {
    outer: Debounced<O>,
    inner: Debounced<I>,
    passage: Passage,
    inward: u32,
    outward: u32,
    said: Option<Quantity>,
    repeat: Repeat,
}

/// How far somebody is through the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passage {
    /// Nobody.
    Free,
    /// One barrier is interrupted, not yet both.
    Begun(Side),
    /// Both have been interrupted; `last` is the side still or last interrupted.
    Within { began: Side, last: Option<Side> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Outer,
    Inner,
}

impl<O: InputPin, I: InputPin> Door<O, I> {
    /// Takes the pins.
    pub fn new(outer: O, inner: I) -> Self {
        Self {
            outer: Debounced::new(outer),
            inner: Debounced::new(inner),
            passage: Passage::Free,
            inward: 0,
            outward: 0,
            said: None,
            repeat: Repeat::default(),
        }
    }

    /// Reads both pins. Poll every 10 to 20 ms: somebody in a hurry takes
    /// 100 ms from one barrier to the next.
    pub fn poll(&mut self, now: Uptime) -> Option<Quantity> {
        let value = match (self.outer.level(now), self.inner.level(now)) {
            (Ok(outer), Ok(inner)) => {
                self.advance(outer, inner);
                Quantity::Passages {
                    inward: self.inward,
                    outward: self.outward,
                }
            }
            (Err(_), _) | (_, Err(_)) => {
                // Somebody half-way when the wire broke is counted neither way.
                self.passage = Passage::Free;
                Quantity::Fault
            }
        };
        if self.said == Some(value) && !self.repeat.due(now) {
            return None;
        }
        self.said = Some(value);
        self.repeat.spoke(now);
        Some(value)
    }

    fn advance(&mut self, outer: bool, inner: bool) {
        self.passage = match (self.passage, outer, inner) {
            (Passage::Within { began, last }, false, false) => {
                self.count(began, last);
                Passage::Free
            }
            (Passage::Within { began, .. } | Passage::Begun(began), true, true) => {
                Passage::Within { began, last: None }
            }
            (Passage::Within { began, .. }, true, false) => Passage::Within {
                began,
                last: Some(Side::Outer),
            },
            (Passage::Within { began, .. }, false, true) => Passage::Within {
                began,
                last: Some(Side::Inner),
            },
            // Somebody else's arm, or a step from one barrier to the other with
            // a gap between: never both, so nobody has passed yet.
            (Passage::Free | Passage::Begun(_), true, false) => Passage::Begun(Side::Outer),
            (Passage::Free | Passage::Begun(_), false, true) => Passage::Begun(Side::Inner),
            // Both at once: the direction cannot be told. Nobody is counted.
            (Passage::Free, true, true) | (Passage::Free | Passage::Begun(_), false, false) => {
                Passage::Free
            }
        };
    }

    fn count(&mut self, began: Side, last: Option<Side>) {
        match (began, last) {
            (Side::Outer, Some(Side::Inner)) => self.inward = self.inward.wrapping_add(1),
            (Side::Inner, Some(Side::Outer)) => self.outward = self.outward.wrapping_add(1),
            // Turned back, or both barriers cleared between two polls.
            (Side::Outer, Some(Side::Outer) | None) | (Side::Inner, Some(Side::Inner) | None) => {}
        }
    }
}
