//! Sensors against scripted buses and pins.

use embedded_hal_mock::eh1::{
    MockError,
    digital::{Mock as Pin, State, Transaction as Level},
    i2c::{Mock as Bus, Transaction as Transfer},
};
use node::{
    Uptime,
    sensors::{Door, Occupancy, REPEAT_MS, Thermometer},
};
use protocol::frame::Quantity;
use std::io::ErrorKind;

const LM75: u8 = 0x48;

#[test]
fn the_thermometer_reads_the_data_sheets_examples() {
    // NXP LM75B data sheet, table 10, cut to the nine bits every LM75 has.
    for (bytes, centi) in [
        ([0x7D, 0x00], 12_500),
        ([0x19, 0x00], 2_500),
        ([0x00, 0x80], 50),
        ([0x00, 0x00], 0),
        ([0xFF, 0x80], -50),
        ([0xE7, 0x00], -2_500),
        ([0xC9, 0x00], -5_500),
    ] {
        let bus = Bus::new(&[Transfer::write_read(LM75, vec![0], bytes.to_vec())]);
        let mut thermometer = Thermometer::new(bus);
        assert_eq!(
            thermometer.poll(Uptime(0)),
            Some(Quantity::TemperatureCentiCelsius(centi)),
            "{bytes:?}"
        );
        assert_eq!(thermometer.poll(Uptime(REPEAT_MS - 1)), None);
        thermometer.release().done();
    }
}

#[test]
fn a_thermometer_that_does_not_answer_or_answers_nonsense_is_a_fault_once_per_interval() {
    let bus = Bus::new(&[
        Transfer::write_read(LM75, vec![0], vec![0, 0])
            .with_error(embedded_hal::i2c::ErrorKind::Bus),
        // -128 °C: below what the chip can measure.
        Transfer::write_read(LM75, vec![0], vec![0x80, 0]),
        Transfer::write_read(LM75, vec![0], vec![0x19, 0]),
    ]);
    let mut thermometer = Thermometer::new(bus);
    for (now, expected) in [
        (0, Some(Quantity::Fault)),
        (500, None),
        (REPEAT_MS, Some(Quantity::Fault)),
        (
            2 * REPEAT_MS,
            Some(Quantity::TemperatureCentiCelsius(2_500)),
        ),
    ] {
        assert_eq!(thermometer.poll(Uptime(now)), expected, "at {now}");
    }
    thermometer.release().done();
}

fn high(levels: &str) -> Vec<Level> {
    levels
        .chars()
        .map(|level| match level {
            '1' => Level::get(State::High),
            '0' => Level::get(State::Low),
            _ => Level::get(State::High).with_error(MockError::Io(ErrorKind::NotConnected)),
        })
        .collect()
}

/// What is said at which poll, one poll every 25 ms: a level settles at the
/// third poll that sees it.
fn occupancy(levels: &str) -> Vec<(usize, Quantity)> {
    let mut pin = Pin::new(&high(levels));
    let mut sensor = Occupancy::new(pin.clone());
    let said = (0..levels.len())
        .filter_map(|poll| Some((poll, sensor.poll(Uptime(poll as u32 * 25))?)))
        .collect();
    pin.done();
    said
}

#[test]
fn occupancy_follows_a_settled_level_and_not_a_bounce() {
    let (free, occupied) = (Quantity::Occupied(false), Quantity::Occupied(true));
    for (levels, expected) in [
        ("000000", vec![(0, free)]),
        ("010010", vec![(0, free)]),
        ("011111", vec![(0, free), (3, occupied)]),
        ("0111101000", vec![(0, free), (3, occupied), (9, free)]),
        ("00xx00", vec![(0, free), (2, Quantity::Fault), (4, free)]),
    ] {
        assert_eq!(occupancy(levels), expected, "{levels}");
    }
}

#[test]
fn an_unchanging_level_is_repeated_so_that_silence_means_a_fault() {
    let mut pin = Pin::new(&high("000"));
    let mut sensor = Occupancy::new(pin.clone());
    let said = [0, REPEAT_MS - 1, REPEAT_MS].map(|now| sensor.poll(Uptime(now)).is_some());
    assert_eq!(said, [true, false, true]);
    pin.done();
}

/// Each level held for three polls of 25 ms, so that it settles.
fn door(outer: &str, inner: &str) -> Option<Quantity> {
    let held = |levels: &str| -> Vec<Level> {
        let thrice: String = levels.chars().flat_map(|level| [level; 3]).collect();
        high(&thrice)
    };
    let (mut outer_pin, mut inner_pin) = (Pin::new(&held(outer)), Pin::new(&held(inner)));
    let mut sensor = Door::new(outer_pin.clone(), inner_pin.clone());
    let last = (0..outer.len() as u32 * 3)
        .filter_map(|poll| sensor.poll(Uptime(poll * 25)))
        .last();
    outer_pin.done();
    inner_pin.done();
    last
}

#[test]
fn a_door_counts_who_goes_through_and_in_which_direction() {
    for (outer, inner, inward, outward) in [
        ("0000", "0000", 0, 0),
        ("01100", "00110", 1, 0),
        ("00110", "01100", 0, 1),
        ("01100110", "00110011", 1, 0), // the second is still within
        ("0110001100", "0011000110", 2, 0),
        ("0110000110", "0011001100", 1, 1),
        ("01110", "00100", 0, 0),     // turned back
        ("01010", "00000", 0, 0),     // an arm
        ("0110110", "0001000", 0, 0), // never both
        ("0110", "0110", 0, 0),       // both at once
    ] {
        let expected = Quantity::Passages { inward, outward };
        assert_eq!(door(outer, inner), Some(expected), "{outer} {inner}");
    }
}

#[test]
fn a_broken_barrier_is_a_fault_and_the_count_goes_on_where_it_was() {
    let passages = |inward| Some(Quantity::Passages { inward, outward: 0 });
    assert_eq!(door("01100", "0011x"), Some(Quantity::Fault));
    assert_eq!(door("011000", "001100"), passages(1));
    let mut outer = Pin::new(&high("0x0"));
    let mut inner = Pin::new(&high("000"));
    let mut sensor = Door::new(outer.clone(), inner.clone());
    let said = [0, 25, 50].map(|now| sensor.poll(Uptime(now)));
    assert_eq!(said, [passages(0), Some(Quantity::Fault), passages(0)]);
    outer.done();
    inner.done();
}
