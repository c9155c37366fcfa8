//! Sensors on [embedded-hal](embedded_hal) 1.0 buses and pins.
//!
//! Each is polled with the time and answers when there is something to say: at
//! its interval, and at once when its value changes. A sensor that does not
//! answer or answers nonsense says [`Quantity::Fault`](protocol::frame::Quantity::Fault)
//! once per interval; it is asked again at the next.

mod climate;
mod debounce;
mod door;
mod light;
mod nearness;
mod occupancy;
mod shelf;
mod thermometer;

pub use climate::Climate;
pub use door::Door;
pub use light::Light;
pub use nearness::Nearness;
pub use occupancy::Occupancy;
pub use shelf::{Scale, Shelf};
pub use thermometer::Thermometer;

use crate::uptime::Uptime;

/// A value that does not change is repeated this often, so that the gateway can
/// tell a quiet sensor from a dead one.
pub const REPEAT_MS: u32 = 10_000;

/// Whether it is time to speak again.
#[derive(Debug, Default)]
struct Repeat {
    last: Option<Uptime>,
}

impl Repeat {
    fn due(&self, now: Uptime) -> bool {
        self.last.is_none_or(|last| now.since(last) >= REPEAT_MS)
    }

    fn spoke(&mut self, now: Uptime) {
        self.last = Some(now);
    }
}
