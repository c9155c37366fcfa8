//! What the fuzzer calls, as plain functions: `fuzz/` hands them to libFuzzer on
//! a nightly compiler, the test `replay` calls them with the committed corpus on
//! any.
//!
//! One target for each way in. Whatever the bytes, it returns: a target panics
//! when the code does, or when what it says breaks a promise (see [`facts`]).

mod adverts;
mod facts;
mod mapped;
mod messages;
mod texts;
mod wire;

use dialect::detect::Dialect;
use messages::in_dialect;

/// One way in.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Name of the target and of its corpus.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
}

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// Every target.
pub const TARGETS: &[Target] = &[
    target("advert", adverts::advert),
    target("captured", adverts::captured),
    target("service_data", adverts::service_data),
    target("manufacturer_data", adverts::manufacturer_data),
    target("node_frame", adverts::node_frame),
    target("line", wire::line),
    target("theengs", |d| in_dialect(Dialect::Theengs, d)),
    target("espresense", |d| in_dialect(Dialect::Espresense, d)),
    target("ruuvi", |d| in_dialect(Dialect::Ruuvi, d)),
    target("ingics", |d| in_dialect(Dialect::Ingics, d)),
    target("minew", |d| in_dialect(Dialect::Minew, d)),
    target("shelly_ble", |d| in_dialect(Dialect::ShellyBle, d)),
    target("tasmota_ble", |d| in_dialect(Dialect::TasmotaBle, d)),
    target("moko", |d| in_dialect(Dialect::Moko, d)),
    target("april_brother", |d| in_dialect(Dialect::AprilBrother, d)),
    target("zigbee2mqtt", |d| in_dialect(Dialect::Zigbee2Mqtt, d)),
    target("shelly", |d| in_dialect(Dialect::Shelly, d)),
    target("tasmota", |d| in_dialect(Dialect::Tasmota, d)),
    target("axis", |d| in_dialect(Dialect::Axis, d)),
    target("homie", |d| in_dialect(Dialect::Homie, d)),
    target("sparkplug", |d| in_dialect(Dialect::Sparkplug, d)),
    target("detected", messages::detected),
    target("mapper", mapped::mapper),
    target("mapper_setup", mapped::setup),
    target("till", mapped::till),
    target("gs1", texts::gs1),
    target("config_store", texts::store),
    target("config_offer", texts::offer),
    target("bundle", texts::bundle),
];

/// Runs the target of this name; what libFuzzer is told to call.
///
/// # Panics
/// When the target does, or when there is none of this name.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("the name is one of TARGETS").run)(data);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_fuzzed() {
        for dialect in Dialect::ALL {
            let name = dialect.name().replace('-', "_");
            assert!(TARGETS.iter().any(|target| target.name == name), "{name}");
        }
    }
}
