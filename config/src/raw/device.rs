//! Scanners and sensors of `store.toml` as they are written.

use super::{Amount, Decibel, Duration, Length, Mac, Name, Sku, store::Place};
use schemars::JsonSchema;
use serde::Deserialize;

/// A radio receiver.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scanner {
    /// Name in files and topics.
    pub(crate) id: Name,
    /// Where it hangs, metres.
    pub(crate) at: Place,
    /// Storey, 0 for the ground floor; 0 if left out.
    #[serde(default)]
    #[schemars(range(max = 7))]
    pub(crate) level: u8,
    /// How it speaks.
    pub(crate) source: Source,
    /// For `theengs` and `openmqttgateway`: the topic in front of `/BTtoMQTT/`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100), extend("examples" = ["home/OpenMQTTGateway"]))]
    pub(crate) base: Option<String>,
    /// For `espresense`: the room it names itself by.
    #[serde(default)]
    #[schemars(length(min = 1, max = 60), extend("examples" = ["bakery"]))]
    pub(crate) room: Option<String>,
    /// For the other makes: the topic it publishes to; what comes below it is
    /// heard, too.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100), extend("examples" = ["ruuvi", "/gw/ac233fc001ea/status"]))]
    pub(crate) topic: Option<String>,
    /// For `ruuvi-gateway`, `ingics`, `minew` and `minew-binary`: the gateway's
    /// own address, which its messages name. Needed where several publish to
    /// one topic.
    #[serde(default)]
    pub(crate) mac: Option<Mac>,
    /// What it sends itself, so that `aislecast selftest` can tell how well the
    /// others find it.
    #[serde(default)]
    #[schemars(
        length(min = 1, max = 80),
        extend("examples" = ["ibeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949"])
    )]
    pub(crate) beacon: Option<String>,
    /// How much stronger it hears than the others; `"0 dB"` unless measured.
    #[serde(default)]
    pub(crate) offset: Option<Decibel>,
}

/// How a scanner speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    /// A node with Aislecast firmware.
    Node,
    /// Theengs Gateway; needs `base`.
    Theengs,
    /// OpenMQTTGateway on an ESP32; needs `base`.
    Openmqttgateway,
    /// ESPresense; needs `room`.
    Espresense,
    /// Ruuvi Gateway; needs `topic`.
    RuuviGateway,
    /// Ingics iGS01, iGS02, iGS03 with $GPRP lines; needs `topic`.
    Ingics,
    /// Minew G1, MG3, MG6 with the format JSON-LONG; needs `topic`.
    Minew,
    /// The same with the format BINARY-LONG; needs `topic`.
    MinewBinary,
    /// A Shelly with one of the BLE-to-MQTT scripts: hears BTHome sensors, not
    /// people. `topic` is what stands before the device's address; leave it out
    /// where the script publishes to the bare address.
    ShellyScript,
    /// Tasmota with Bluetooth; needs `topic`.
    Tasmota,
}

/// A sensor.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sensor {
    /// Name in files and topics.
    pub(crate) id: Name,
    /// Where it is, metres.
    pub(crate) at: Place,
    /// What it measures.
    pub(crate) kind: SensorKind,
    /// The zone it speaks for; leave it out for the whole shop.
    #[serde(default)]
    pub(crate) zone: Option<Name>,
    /// For `stock` and `price`: the product.
    #[serde(default)]
    pub(crate) sku: Option<Sku>,
    /// When it is wired to a node: the scanner of source `node`.
    #[serde(default)]
    pub(crate) node: Option<Name>,
    /// When it is wired to a node: which of its ports, from 0.
    #[serde(default)]
    #[schemars(range(max = 255))]
    pub(crate) port: Option<u8>,
    /// When it is a device of another make: which, and what of what it says.
    #[serde(default)]
    pub(crate) from: Option<Feed>,
    /// Silence after which its value is no longer used; `"10 min"` if left out,
    /// and `"30s"` for a button: how long a press counts.
    #[serde(default)]
    pub(crate) stale_after: Option<Duration>,
}

/// What a sensor measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SensorKind {
    /// Air temperature, °C.
    Temperature,
    /// Relative humidity, %.
    Humidity,
    /// Illuminance, lx.
    Light,
    /// Somebody is there or not.
    Occupancy,
    /// People through a door, each way.
    Door,
    /// Weight on a shelf, g.
    ShelfWeight,
    /// Pieces of one product on a shelf.
    Stock,
    /// People waiting.
    Queue,
    /// A button that people press: 1 while a press counts.
    Button,
    /// What one product costs at the till, in the smallest unit of the currency.
    Price,
    /// A number of any unit: the weather, a forecast, another system's fact.
    Number,
}

/// A device of another make, and what of what it says.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feed {
    /// How it speaks.
    pub(crate) source: FeedSource,
    /// For `bluetooth`: the device's address.
    #[serde(default)]
    pub(crate) address: Option<Mac>,
    /// For `bluetooth`, when it encrypts (BTHome): the file that holds its bind
    /// key, 32 digits of 0-9 and a-f, and nothing else.
    #[serde(default)]
    #[schemars(length(min = 1, max = 400))]
    pub(crate) key_file: Option<String>,
    /// For `mapper`: which of the `[[mappers]]`.
    #[serde(default)]
    pub(crate) mapper: Option<Name>,
    /// For `zigbee2mqtt`: the friendly name. For `mapper`: the device's name as
    /// the mapper makes it; any if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100), extend("examples" = ["bakery/motion"]))]
    pub(crate) device: Option<String>,
    /// For `zigbee2mqtt`: its base topic; `"zigbee2mqtt"` if left out. For the
    /// others but `bluetooth`: the device's topic.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200), extend("examples" = ["tele/freezer"]))]
    pub(crate) topic: Option<String>,
    /// What of it, by its name in docs/facts.md, where the kind does not say so.
    #[serde(default)]
    #[schemars(length(min = 1, max = 40), extend("examples" = ["occupancy"]))]
    pub(crate) quantity: Option<String>,
    /// Which, where the device says the same quantity several times; the first
    /// (0) if left out.
    #[serde(default)]
    #[schemars(range(max = 255))]
    pub(crate) nth: Option<u8>,
    /// For `door`, where each way has a counter of its own: which counts people
    /// who come in ...
    #[serde(default)]
    #[schemars(range(max = 255))]
    pub(crate) inward: Option<u8>,
    /// ... and which those who go out.
    #[serde(default)]
    #[schemars(range(max = 255))]
    pub(crate) outward: Option<u8>,
    /// For `button`: which kind of press counts; any if left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 40), extend("examples" = ["press"]))]
    pub(crate) action: Option<String>,
    /// For `occupancy` by a distance: nearer than this somebody is there.
    #[serde(default)]
    pub(crate) nearer_than: Option<Length>,
    /// For `stock` on a scale: the weight of one piece.
    #[serde(default)]
    pub(crate) piece: Option<Amount>,
}

/// How a sensor speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FeedSource {
    /// A Bluetooth sensor (BTHome, Minew, Ruuvi, ...) that any of the scanners
    /// hears; needs `address`.
    Bluetooth,
    /// Zigbee2MQTT; needs `device`.
    Zigbee2mqtt,
    /// Shelly of the second generation or later; `topic` is its MQTT prefix.
    Shelly,
    /// Tasmota; `topic` is its full topic for telemetry: `tele/<topic>`.
    Tasmota,
    /// An Axis camera's event stream; `topic` is `axis/<serial>`.
    Axis,
    /// A device of the Homie convention; `topic` is `homie/5/<device>`.
    Homie,
    /// A device that a mapper reads; needs `mapper`.
    Mapper,
}
