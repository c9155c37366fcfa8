//! What boards with pins are wired with, and the polling of whatever a board has.
//!
//! | port | sensor |
//! |---|---|
//! | 0 | LM75B or TMP102 at `0x48`: temperature |
//! | 1, 2 | `SHT4x` at `0x44`: temperature and humidity |
//! | 3 | motion detector, high while it sees somebody |
//! | 4 | light barriers of a door, outside and inside, high while interrupted |
//!
//! A sensor has its port whether its chip is there or not, so that one `store.toml`
//! serves all boards. A chip that is not there is a fault.

use crate::{
    node::Event,
    sensors::{Climate, Door, Occupancy, Thermometer},
    shared::{Shared, uptime},
    uptime::Uptime,
};
use core::cell::RefCell;
use embassy_time::{Duration, Ticker};
use embedded_hal::{delay::DelayNs, digital::InputPin, i2c::I2c};
use embedded_hal_bus::i2c::RefCellDevice;
use protocol::frame::Quantity;

/// Ports of a [`Wiring`].
pub const PORTS: usize = 5;

/// How often sensors are asked whether they have something to say: pins as often as
/// a door wants it; chips know by themselves when they are due.
const POLL_EVERY: Duration = Duration::from_millis(20);

/// The sensors of the table above.
#[derive(Debug)]
pub struct Wiring<'b, B, D, P> {
    thermometer: Thermometer<RefCellDevice<'b, B>>,
    climate: Climate<RefCellDevice<'b, B>, D>,
    motion: Occupancy<P>,
    door: Door<P, P>,
}

impl<'b, B: I2c, D: DelayNs, P: InputPin> Wiring<'b, B, D, P> {
    /// Takes the bus, a delay, and the pins of the motion detector and of the
    /// barriers outside and inside.
    pub fn new(bus: &'b RefCell<B>, delay: D, [motion, outer, inner]: [P; 3]) -> Self {
        Self {
            thermometer: Thermometer::new(RefCellDevice::new(bus)),
            climate: Climate::new(RefCellDevice::new(bus), delay),
            motion: Occupancy::new(motion),
            door: Door::new(outer, inner),
        }
    }

    /// What each port says now.
    pub fn poll(&mut self, now: Uptime) -> [Option<Quantity>; PORTS] {
        let thermometer = self.thermometer.poll(now);
        let climate = self.climate.poll(now);
        let [warm, humid] = climate.map_or([None; 2], |both| both.map(Some));
        let (motion, door) = (self.motion.poll(now), self.door.poll(now));
        [thermometer, warm, humid, motion, door]
    }
}

/// Polls sensors for as long as the node runs. `poll` returns what each port says.
pub async fn watch<const N: usize>(
    shared: &Shared,
    mut poll: impl FnMut(Uptime) -> [Option<Quantity>; N],
) -> ! {
    let mut due = Ticker::every(POLL_EVERY);
    loop {
        due.next().await;
        for (port, value) in (0..).zip(poll(uptime())) {
            if let Some(value) = value {
                shared.handle(Event::Read { port, value });
            }
        }
    }
}
