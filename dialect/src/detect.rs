//! Which dialect a message is in, where nobody has said so.
//!
//! Topics are the operator's to choose, so the shape of the payload decides
//! where it can, and the topic's own words where it cannot. A shop's gateway
//! is told by its configuration and does not guess; integrators who try a
//! capture out are not asked.

mod names;

use crate::{
    Unreadable,
    advert::Keys,
    fact::Sink,
    scanner::{
        aprbrother, espresense, ingics, minew, moko, ruuvi, shelly_ble, tasmota_ble, theengs,
    },
    sensor::{axis, homie, shelly, sparkplug, tasmota, zigbee2mqtt},
};

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// Theengs Gateway and `OpenMQTTGateway`.
    Theengs,
    /// `ESPresense`.
    Espresense,
    /// Ruuvi Gateway.
    Ruuvi,
    /// Ingics gateways.
    Ingics,
    /// Minew gateways.
    Minew,
    /// Scripts of Shelly devices that pass Bluetooth on.
    ShellyBle,
    /// Advertisements in detail from Tasmota.
    TasmotaBle,
    /// MOKO gateways.
    Moko,
    /// April Brother gateways.
    AprilBrother,
    /// `Zigbee2MQTT`.
    Zigbee2Mqtt,
    /// Shelly devices.
    Shelly,
    /// Tasmota.
    Tasmota,
    /// Axis cameras.
    Axis,
    /// Homie 5.
    Homie,
    /// Sparkplug B.
    Sparkplug,
}

impl Dialect {
    /// All there are, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Theengs,
        Self::Espresense,
        Self::Ruuvi,
        Self::Ingics,
        Self::Minew,
        Self::ShellyBle,
        Self::TasmotaBle,
        Self::Moko,
        Self::AprilBrother,
        Self::Zigbee2Mqtt,
        Self::Shelly,
        Self::Tasmota,
        Self::Axis,
        Self::Homie,
        Self::Sparkplug,
    ];

    /// As it is called in files: `theengs`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Theengs => "theengs",
            Self::Espresense => "espresense",
            Self::Ruuvi => "ruuvi",
            Self::Ingics => "ingics",
            Self::Minew => "minew",
            Self::ShellyBle => "shelly-ble",
            Self::TasmotaBle => "tasmota-ble",
            Self::Moko => "moko",
            Self::AprilBrother => "april-brother",
            Self::Zigbee2Mqtt => "zigbee2mqtt",
            Self::Shelly => "shelly",
            Self::Tasmota => "tasmota",
            Self::Axis => "axis",
            Self::Homie => "homie",
            Self::Sparkplug => "sparkplug",
        }
    }

    /// Reads a message that is known to be in this dialect. Where a base is
    /// part of the topic, it is the maker's own.
    pub fn read(
        self,
        topic: &str,
        payload: &[u8],
        keys: &Keys<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<(), Unreadable> {
        let below = |base| below(topic, base).unwrap_or(topic);
        match self {
            Self::Theengs => theengs::read(topic, payload, keys, sink),
            Self::Espresense => espresense::read(topic, payload, keys, sink),
            Self::Ruuvi => ruuvi::read(topic, payload, keys, sink),
            Self::Ingics => ingics::read(topic, payload, keys, sink),
            Self::Minew => minew::read(topic, payload, keys, sink),
            Self::ShellyBle => shelly_ble::read(topic, payload, keys, sink),
            Self::TasmotaBle => tasmota_ble::read(topic, payload, keys, sink),
            Self::Moko => moko::read(topic, payload, keys, sink),
            Self::AprilBrother => aprbrother::read(topic, payload, keys, sink),
            Self::Zigbee2Mqtt => zigbee2mqtt::read(below(zigbee2mqtt::BASE), payload, sink),
            Self::Shelly => shelly::read(topic, payload, sink),
            Self::Tasmota => tasmota::read(topic, payload, sink),
            Self::Axis => axis::read(topic, payload, sink),
            Self::Homie => homie::read(below(homie::BASE), payload, sink),
            Self::Sparkplug => sparkplug::read(topic, payload, sink),
        }
    }
}

/// Reads a message in whatever dialect it is.
pub fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<Dialect, Unreadable> {
    let dialect = guess(topic, payload).ok_or(Unreadable("in no dialect that is known"))?;
    dialect.read(topic, payload, keys, sink)?;
    Ok(dialect)
}

/// Which dialect a message is in, if it is in any.
pub fn guess(topic: &str, payload: &[u8]) -> Option<Dialect> {
    unmistakable(payload)
        .or_else(|| by_topic(topic, payload))
        .or_else(|| names::guess(topic, payload))
}

/// Payloads that look like nothing else.
fn unmistakable(payload: &[u8]) -> Option<Dialect> {
    if ingics::looks_like(payload) {
        Some(Dialect::Ingics)
    } else if minew::looks_like_binary(payload) || minew::looks_like_json(payload) {
        Some(Dialect::Minew)
    } else if aprbrother::looks_like(payload) {
        Some(Dialect::AprilBrother)
    } else {
        None
    }
}

fn below<'t>(topic: &'t str, base: &str) -> Option<&'t str> {
    topic.strip_prefix(base)?.strip_prefix('/')
}

/// Topics with words of the maker's own in them.
fn by_topic(topic: &str, payload: &[u8]) -> Option<Dialect> {
    let under = |base| below(topic, base).is_some();
    let has = |level: &str| topic.split('/').any(|l| l == level);
    let last = topic.rsplit('/').next().unwrap_or(topic);
    if under("espresense") {
        Some(Dialect::Espresense)
    } else if under(zigbee2mqtt::BASE) {
        Some(Dialect::Zigbee2Mqtt)
    } else if under(homie::BASE) {
        Some(Dialect::Homie)
    } else if under(sparkplug::NAMESPACE) {
        Some(Dialect::Sparkplug)
    } else if has(theengs::BRANCH) {
        Some(Dialect::Theengs)
    } else if last == theengs::WILL {
        // Tasmota says it in capitals, and has tele before it.
        let tasmota = has("tele") || payload.first().is_some_and(u8::is_ascii_uppercase);
        Some(if tasmota {
            Dialect::Tasmota
        } else {
            Dialect::Theengs
        })
    } else if last == "BLE" && has("tele") {
        Some(Dialect::TasmotaBle)
    } else if tasmota::LEVELS.contains(&last) || has("stat") && last.starts_with("POWER") {
        Some(Dialect::Tasmota)
    } else if under("blegateway") {
        Some(Dialect::ShellyBle)
    } else if under("mokosmart") {
        Some(Dialect::Moko)
    } else if under("axis") || topic.contains("ObjectAnalytics") {
        Some(Dialect::Axis)
    } else if last == "gw_status" {
        Some(Dialect::Ruuvi)
    } else {
        shelly::topic(topic).map(|_| Dialect::Shelly)
    }
}

#[cfg(test)]
mod tests;
