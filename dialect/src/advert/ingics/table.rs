//! Which model has which fields and events, by the number at the end of a frame.

use crate::Quantity as Q;

/// One model.
pub(super) struct Model {
    /// Its number.
    pub(super) kind: u8,
    /// Its name.
    pub(super) name: &'static str,
    /// What its fields hold, in their order.
    pub(super) fields: &'static [Field],
    /// What its event bits mean.
    pub(super) events: &'static [(u8, Q)],
}

/// What two bytes hold; steps per unit.
#[derive(Clone, Copy)]
pub(super) enum Field {
    Nothing,
    /// A number that the owner wrote into the device.
    User,
    Temperature(Q),
    Humidity(f64),
    Number(Q, f64),
    Signed(Q, f64),
    /// Six bytes.
    Acceleration,
}

const NONE: Field = Field::Nothing;
const USER: Field = Field::User;
const AIR: Field = Field::Temperature(Q::Temperature);
const PROBE: Field = Field::Temperature(Q::ProbeTemperature);
const HUMIDITY: Field = Field::Humidity(1.0);
const HUMIDITY_TENTHS: Field = Field::Humidity(10.0);
const COUNT: Field = Field::Number(Q::Count, 1.0);
const RANGE: Field = Field::Signed(Q::Distance, 1000.0);
const LUX: Field = Field::Number(Q::Illuminance, 1.0);
const MILLIVOLTS: Field = Field::Number(Q::Voltage, 1000.0);
const MICROAMPERES: Field = Field::Number(Q::Current, 1_000_000.0);
const CO2: Field = Field::Number(Q::Co2, 1.0);
const PM25: Field = Field::Signed(Q::Pm25, 10.0);
const PM10: Field = Field::Signed(Q::Pm10, 10.0);
const VOC: Field = Field::Signed(Q::VocIndex, 10.0);
const NOX: Field = Field::Signed(Q::NoxIndex, 10.0);
const AXES: Field = Field::Acceleration;

const BUTTON: (u8, Q) = (0, Q::Pressed);
const MOVING: (u8, Q) = (1, Q::Moving);
const HALL: (u8, Q) = (2, Q::Contact);
const FALL: (u8, Q) = (3, Q::FreeFall);
const INPUT_2: (u8, Q) = (3, Q::Input);
const PIR: (u8, Q) = (4, Q::Motion);
const INFRARED: (u8, Q) = (5, Q::Detected);
const FLIP: (u8, Q) = (5, Q::Flipped);
const INPUT: (u8, Q) = (6, Q::Input);

const fn model(
    kind: u8,
    name: &'static str,
    fields: &'static [Field],
    events: &'static [(u8, Q)],
) -> Model {
    Model {
        kind,
        name,
        fields,
        events,
    }
}

/// iBS01.
pub(super) const MODELS_1: &[Model] = &[
    model(0x03, "iBS01", &[NONE, NONE, USER], &[BUTTON]),
    model(0x04, "iBS01H", &[NONE, NONE, USER], &[BUTTON, HALL]),
    model(0x05, "iBS01T", &[AIR, HUMIDITY, USER], &[BUTTON]),
    model(0x06, "iBS01G", &[NONE, NONE, USER], &[BUTTON, MOVING, FALL]),
    model(0x07, "iBS01T", &[AIR, NONE, USER], &[BUTTON]),
];

/// iBS02 to iBS06 and iRS02.
pub(super) const MODELS: &[Model] = &[
    model(0x01, "iBS02PIR2", &[NONE, NONE, USER], &[PIR]),
    model(0x02, "iBS02IR2", &[NONE, COUNT, USER], &[INFRARED]),
    model(0x04, "iBS02M2", &[NONE, COUNT, USER], &[INPUT]),
    model(0x10, "iBS03", &[NONE, NONE, USER], &[BUTTON, HALL]),
    model(0x12, "iBS03P", &[AIR, PROBE, USER], &[]),
    model(0x13, "iBS03R", &[NONE, RANGE, USER], &[]),
    model(0x14, "iBS03T", &[AIR, HUMIDITY, USER], &[BUTTON]),
    model(0x15, "iBS03T", &[AIR, NONE, USER], &[BUTTON]),
    model(0x16, "iBS03G", &[NONE, NONE, USER], &[BUTTON, MOVING, FALL]),
    model(0x17, "iBS03TP", &[AIR, PROBE, USER], &[]),
    model(0x18, "iBS04i", &[NONE, NONE, USER], &[BUTTON]),
    model(0x19, "iBS04", &[NONE, NONE, USER], &[BUTTON]),
    model(0x1A, "iBS03RS", &[NONE, RANGE, USER], &[]),
    model(0x1B, "iBS03F", &[NONE, COUNT, USER], &[INPUT]),
    model(0x1C, "iBS03Q", &[NONE, COUNT, USER], &[INPUT]),
    model(0x1D, "iBS03QY", &[NONE, COUNT, USER], &[INPUT, INPUT_2]),
    model(0x20, "iRS02", &[AIR, NONE, USER], &[HALL]),
    model(0x21, "iRS02TP", &[AIR, PROBE, USER], &[HALL]),
    model(0x22, "iRS02RG", &[AXES], &[HALL]),
    model(0x23, "iBS03AD-NTC", &[NONE, PROBE, USER], &[]),
    model(0x24, "iBS03AD-V", &[NONE, MILLIVOLTS, USER], &[]),
    model(0x25, "iBS03AD-D", &[NONE, COUNT, USER], &[INPUT]),
    model(0x26, "iBS03AD-A", &[NONE, MICROAMPERES, USER], &[]),
    model(0x30, "iBS05", &[NONE, NONE, USER], &[BUTTON]),
    model(0x31, "iBS05H", &[NONE, COUNT, USER], &[BUTTON, HALL]),
    model(0x32, "iBS05T", &[AIR, NONE, USER], &[BUTTON]),
    model(0x33, "iBS05G", &[NONE, NONE, USER], &[BUTTON, MOVING]),
    model(0x34, "iBS05CO2", &[NONE, CO2, USER], &[BUTTON]),
    model(0x35, "iBS05i", &[NONE, NONE, USER], &[BUTTON]),
    model(0x36, "iBS06i", &[NONE, NONE, USER], &[BUTTON]),
    model(0x3A, "iBS05G-Flip", &[NONE, NONE, USER], &[BUTTON, FLIP]),
    model(0x40, "iBS06", &[NONE, NONE, USER], &[]),
];

/// iBS08 and iBS09.
pub(super) const MODELS_LONG: &[Model] = &[
    model(
        0x42,
        "iBS09R",
        &[NONE, RANGE, NONE, NONE, NONE, NONE, USER],
        &[BUTTON, INFRARED],
    ),
    model(
        0x44,
        "iBS09PIR",
        &[NONE, NONE, NONE, NONE, NONE, NONE, USER],
        &[PIR],
    ),
    model(
        0x45,
        "iBS08T",
        &[AIR, HUMIDITY_TENTHS, LUX, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x46,
        "iBS08IAQ",
        &[AIR, HUMIDITY_TENTHS, CO2, PM25, PM10, VOC, NOX],
        &[BUTTON],
    ),
    model(
        0x47,
        "iBS09IR",
        &[NONE, COUNT, NONE, NONE, NONE, NONE, USER],
        &[BUTTON, INFRARED],
    ),
    model(
        0x49,
        "iBS08TP",
        &[AIR, PROBE, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x4A,
        "iBS08AD-NTC",
        &[NONE, PROBE, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x4B,
        "iBS08P",
        &[AIR, PROBE, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x4D,
        "iBS08F",
        &[NONE, COUNT, NONE, NONE, NONE, NONE, USER],
        &[BUTTON, FALL],
    ),
    model(
        0x4E,
        "iBS08Q",
        &[NONE, COUNT, NONE, NONE, NONE, NONE, USER],
        &[BUTTON, INPUT],
    ),
    model(
        0x51,
        "iBS08AD-V",
        &[NONE, MILLIVOLTS, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x52,
        "iBS08AD-D",
        &[NONE, COUNT, NONE, NONE, NONE, NONE, USER],
        &[BUTTON, INPUT],
    ),
    model(
        0x53,
        "iBS08AD-A",
        &[NONE, MICROAMPERES, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
    model(
        0x54,
        "iBS09",
        &[NONE, NONE, NONE, NONE, NONE, NONE, USER],
        &[BUTTON],
    ),
];
