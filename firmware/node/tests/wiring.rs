//! The sensors of a board with pins, each at its port.

use embedded_hal::i2c::ErrorKind;
use embedded_hal_mock::eh1::{
    delay::NoopDelay,
    digital::{Mock as Pin, State, Transaction as Level},
    i2c::{Mock as Bus, Transaction as Transfer},
};
use node::{
    Uptime,
    wiring::{PORTS, Wiring},
};
use protocol::frame::Quantity;
use std::cell::RefCell;

const LM75: u8 = 0x48;
const SHT4X: u8 = 0x44;

/// What every port says at the first poll, on this bus.
fn first(transfers: &[Transfer]) -> [Option<Quantity>; PORTS] {
    let bus = RefCell::new(Bus::new(transfers));
    let mut pins = [State::Low; 3].map(|level| Pin::new(&[Level::get(level)]));
    let said = Wiring::new(&bus, NoopDelay, pins.clone()).poll(Uptime(0));
    bus.borrow_mut().done();
    pins.iter_mut().for_each(Pin::done);
    said
}

const PINS: [Option<Quantity>; 2] = [
    Some(Quantity::Occupied(false)),
    Some(Quantity::Passages {
        inward: 0,
        outward: 0,
    }),
];

#[test]
fn every_sensor_speaks_at_its_port_over_one_bus() {
    let said = first(&[
        Transfer::write_read(LM75, vec![0], vec![0x19, 0x00]),
        Transfer::write(SHT4X, vec![0xF6]),
        // 0x6666 and 0x72B0 with their checksums: 25 °C, 50 %.
        Transfer::read(SHT4X, vec![0x66, 0x66, 0x93, 0x72, 0xB0, 0xDC]),
    ]);
    assert_eq!(said[0], Some(Quantity::TemperatureCentiCelsius(2_500)));
    assert!(matches!(
        said[1],
        Some(Quantity::TemperatureCentiCelsius(2_499..=2_500))
    ));
    assert!(matches!(
        said[2],
        Some(Quantity::HumidityPermille(499..=500))
    ));
    assert_eq!(said[3..], PINS);
}

#[test]
fn chips_that_are_not_there_are_faults_and_the_others_speak() {
    let gone = Transfer::write_read(LM75, vec![0], vec![0, 0]).with_error(ErrorKind::Bus);
    let none = Transfer::write(SHT4X, vec![0xF6]).with_error(ErrorKind::Bus);
    let said = first(&[gone, none]);
    assert_eq!(said[..3], [Some(Quantity::Fault); 3]);
    assert_eq!(said[3..], PINS);
}
