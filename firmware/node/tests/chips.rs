//! Chips against scripted buses, and against small models of themselves.

use embedded_hal::{
    delay::DelayNs,
    digital::{ErrorType as PinErrorType, InputPin, OutputPin},
    i2c::{ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation},
};
use embedded_hal_mock::eh1::{
    delay::NoopDelay,
    i2c::{Mock as Bus, Transaction as Transfer},
};
use node::{
    Uptime,
    sensors::{Climate, Light, Nearness, REPEAT_MS, Scale, Shelf},
};
use protocol::frame::Quantity;
use std::{cell::RefCell, convert::Infallible, num::NonZero, rc::Rc};

const SHT4X: u8 = 0x44;
/// Medium precision (data sheet, table 8).
const MEASURE: u8 = 0xF6;

/// A word as the chip sends it, with its checksum (data sheet, 4.4).
fn checked(word: u16) -> [u8; 3] {
    let [high, low] = word.to_be_bytes();
    let crc = [high, low].iter().fold(0xFF_u8, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| {
            crc << 1 ^ if crc & 0x80 > 0 { 0x31 } else { 0 }
        })
    });
    [high, low, crc]
}

#[test]
fn temperature_and_humidity_follow_the_data_sheets_formulas() {
    // 4.6: T = -45 + 175 S / 65535, RH = -6 + 125 S / 65535.
    for (words, centi, permille) in [
        ([0x6666, 0x72B0], 2_499..=2_500, 499..=500),
        ([0x0000, 0x0000], -4_500..=-4_500, 0..=0),
        ([0xFFFF, 0xFFFF], 12_999..=13_000, 1_000..=1_000),
    ] {
        let answer = [checked(words[0]), checked(words[1])].concat();
        let bus = Bus::new(&[
            Transfer::write(SHT4X, vec![MEASURE]),
            Transfer::read(SHT4X, answer),
        ]);
        let mut climate = Climate::new(bus, NoopDelay);
        let Some(
            [
                Quantity::TemperatureCentiCelsius(t),
                Quantity::HumidityPermille(h),
            ],
        ) = climate.poll(Uptime(0))
        else {
            panic!("it measures at once");
        };
        assert!(centi.contains(&t) && permille.contains(&h), "{t} {h}");
        assert_eq!(climate.poll(Uptime(REPEAT_MS - 1)), None);
        climate.release().done();
    }
}

#[test]
fn a_climate_chip_with_a_wrong_checksum_or_none_there_is_two_faults() {
    let mut answer = [checked(0x6666), checked(0x72B0)].concat();
    answer[2] ^= 1;
    let gone = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
    let bus = Bus::new(&[
        Transfer::write(SHT4X, vec![MEASURE]),
        Transfer::read(SHT4X, answer),
        Transfer::write(SHT4X, vec![MEASURE]).with_error(gone),
    ]);
    let mut climate = Climate::new(bus, NoopDelay);
    for now in [0, REPEAT_MS] {
        assert_eq!(climate.poll(Uptime(now)), Some([Quantity::Fault; 2]));
    }
    climate.release().done();
}

#[test]
fn light_is_told_when_its_conversion_is_done_or_a_fault_when_it_never_is() {
    const OPT3001: u8 = 0x44;
    // SBOS681C, 7.6.1.1.2: the reset value of the configuration, and one shot.
    let begin = || Transfer::write(OPT3001, vec![0x01, 0xCA, 0x10]);
    let status = |done: u8| Transfer::write_read(OPT3001, vec![0x01], vec![0xCA, 0x10 | done]);
    let bus = Bus::new(&[
        begin(),
        status(0),
        status(0x80),
        // Table 9: 0x3456 is 88.80 lx.
        Transfer::write_read(OPT3001, vec![0x00], vec![0x34, 0x56]),
        begin(),
        status(0),
        status(0),
    ]);
    let mut light = Light::new(bus, false);
    for (now, expected) in [
        (0, None),
        (100, None),
        (900, Some(Quantity::IlluminanceLux(88))),
        (1_000, None),
        (20_000, None),
        (21_000, None),
        (22_000, Some(Quantity::Fault)),
    ] {
        assert_eq!(light.poll(Uptime(now)), expected, "at {now}");
    }
    light.release().done();
}

/// A range finder, as far as its driver looks.
#[derive(Clone)]
struct Ranger(Rc<RefCell<Model>>);

struct Model {
    is_there: bool,
    registers: [u8; 256],
}

/// Registers that the driver waits for (ST's API, `vl53l0x_device.h`): the
/// measurement is done; the factory's data is there.
const READY: [(u8, u8); 2] = [(0x13, 0x07), (0x83, 0x01)];
const IDENTITY: (u8, u8) = (0xC0, 0xEE);
const RANGE_AT: usize = 0x14 + 10;

impl Ranger {
    fn new() -> Self {
        Self(Rc::new(RefCell::new(Model {
            is_there: true,
            registers: [0; 256],
        })))
    }

    fn set(&self, is_there: bool, range_mm: u16) {
        let mut model = self.0.borrow_mut();
        model.is_there = is_there;
        model.registers[RANGE_AT..RANGE_AT + 2].copy_from_slice(&range_mm.to_be_bytes());
    }
}

impl ErrorType for Ranger {
    type Error = ErrorKind;
}

impl I2c for Ranger {
    fn transaction(&mut self, _: u8, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
        let mut model = self.0.borrow_mut();
        if !model.is_there {
            return Err(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        }
        let mut at = 0;
        for operation in operations {
            match operation {
                Operation::Write([register, values @ ..]) => {
                    at = usize::from(*register);
                    for (n, value) in values.iter().enumerate() {
                        model.registers[(at + n) % 256] = *value;
                    }
                    // Its one-shot bits clear themselves.
                    model.registers[0] = 0;
                    for (register, value) in READY.into_iter().chain([IDENTITY]) {
                        model.registers[usize::from(register)] = value;
                    }
                }
                Operation::Write([]) => {}
                Operation::Read(bytes) => {
                    for (n, byte) in bytes.iter_mut().enumerate() {
                        *byte = model.registers[(at + n) % 256];
                    }
                }
            }
        }
        Ok(())
    }
}

#[test]
fn somebody_near_is_told_at_once_and_a_lost_chip_is_set_up_again() {
    let ranger = Ranger::new();
    let handle = ranger.clone();
    let mut nearness = Nearness::new(move || handle.clone(), 600);
    ranger.set(false, 0);
    assert_eq!(nearness.poll(Uptime(0)), Some(Quantity::Fault));
    ranger.set(true, 1_500);
    assert_eq!(nearness.poll(Uptime(100)), None, "a fault is told once");
    assert_eq!(nearness.poll(Uptime(REPEAT_MS)), None, "it is set up");
    let (now, there) = (REPEAT_MS, Quantity::Occupied(true));
    for (after, range_mm, expected) in [
        (100, 1_500, Some(Quantity::Occupied(false))),
        (200, 1_400, None),
        (300, 450, Some(there)),
        (400, 400, None),
        (REPEAT_MS + 300, 400, Some(there)),
    ] {
        ranger.set(true, range_mm);
        assert_eq!(
            nearness.poll(Uptime(now + after)),
            expected,
            "after {after}"
        );
    }
    ranger.set(false, 0);
    let gone = nearness.poll(Uptime(3 * REPEAT_MS));
    assert_eq!(gone, Some(Quantity::Fault));
}

/// A load cell amplifier: what it has to say, and how far it has said it.
#[derive(Clone)]
struct Amplifier(Rc<RefCell<Weighing>>);

struct Weighing {
    is_there: bool,
    raw: i32,
    pulses: u32,
    clock: bool,
}

impl Amplifier {
    fn new(is_there: bool, raw: i32) -> Self {
        Self(Rc::new(RefCell::new(Weighing {
            is_there,
            raw,
            pulses: 0,
            clock: false,
        })))
    }

    fn set(&self, is_there: bool, raw: i32) {
        let mut weighing = self.0.borrow_mut();
        (weighing.is_there, weighing.raw) = (is_there, raw);
    }
}

impl PinErrorType for Amplifier {
    type Error = Infallible;
}

impl OutputPin for Amplifier {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().clock = false;
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        let mut weighing = self.0.borrow_mut();
        weighing.clock = true;
        // 24 bits and one pulse for the gain; then the next value.
        weighing.pulses = (weighing.pulses + 1) % 25;
        Ok(())
    }
}

impl InputPin for Amplifier {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        let weighing = self.0.borrow();
        let bit = 24_u32.checked_sub(weighing.pulses);
        Ok(match (weighing.is_there, weighing.pulses, bit) {
            (false, ..) => true,
            (true, 0, _) | (true, _, None) => false,
            (true, _, Some(bit)) => weighing.raw >> bit & 1 == 1,
        })
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|is_high| !is_high)
    }
}

/// A clock held high for 60 µs switches the chip off and resets it.
impl DelayNs for Amplifier {
    fn delay_ns(&mut self, ns: u32) {
        let mut weighing = self.0.borrow_mut();
        if weighing.clock && ns >= 60_000 {
            weighing.pulses = 0;
        }
    }
}

const SCALE: Scale = Scale {
    empty: 10_000,
    per_kilogram: NonZero::new(20_000).unwrap(),
};

fn shelf(chip: &Amplifier) -> Shelf<Amplifier, Amplifier, Amplifier> {
    Shelf::new(chip.clone(), chip.clone(), chip.clone(), SCALE)
}

#[test]
fn a_shelf_weighs_in_grams_either_way_from_empty() {
    let chip = Amplifier::new(true, SCALE.empty);
    let mut shelf = shelf(&chip);
    for (n, (raw, grams)) in (0..).zip([(10_000, 0), (30_000, 1_000), (9_000, -50), (-2_000, -600)])
    {
        chip.set(true, raw);
        let weighed = shelf.poll(Uptime(n * REPEAT_MS));
        assert_eq!(weighed, Some(Quantity::WeightGrams(grams)), "{raw}");
    }
}

#[test]
fn a_shelf_whose_chip_is_gone_or_out_of_range_is_a_fault_and_never_a_standstill() {
    let chip = Amplifier::new(false, 0);
    let mut late = shelf(&chip);
    assert_eq!(late.poll(Uptime(0)), None, "it may still come");
    assert_eq!(late.poll(Uptime(1_000)), Some(Quantity::Fault));
    chip.set(true, 30_000);
    let weighed = late.poll(Uptime(1_000 + REPEAT_MS));
    assert_eq!(weighed, Some(Quantity::WeightGrams(1_000)), "it came");
    let chip = Amplifier::new(true, 0x7F_FFFF);
    let mut shelf = shelf(&chip);
    assert_eq!(
        shelf.poll(Uptime(0)),
        Some(Quantity::Fault),
        "the cell is torn off"
    );
    chip.set(false, 0);
    assert_eq!(shelf.poll(Uptime(REPEAT_MS)), None, "it may only be slow");
    let gone = shelf.poll(Uptime(REPEAT_MS + 1_000));
    assert_eq!(gone, Some(Quantity::Fault));
}
