//! How scanners and sensors of other makes are reached, and what of what they
//! say is wanted.

use dialect::Quantity;
use protocol::beacon::Address;
use std::path::PathBuf;

/// How a scanner speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerSource {
    /// A node of ours: frames of `protocol`.
    Node,
    /// Theengs Gateway: JSON below `<base>/BTtoMQTT/`.
    Theengs {
        /// `home/TheengsGateway`.
        base: String,
    },
    /// `OpenMQTTGateway`: JSON below `<base>/BTtoMQTT/`.
    OpenMqttGateway {
        /// `home/OpenMQTTGateway`.
        base: String,
    },
    /// `ESPresense`: JSON at `espresense/devices/<id>/<room>`.
    Espresense {
        /// The room the scanner names itself by.
        room: String,
    },
    /// Ruuvi Gateway: JSON with the whole advertisement.
    RuuviGateway(SharedTopic),
    /// Ingics iGS: lines of `$GPRP`.
    Ingics(SharedTopic),
    /// Minew gateways with JSON-LONG.
    Minew(SharedTopic),
    /// Minew gateways with BINARY-LONG.
    MinewBinary(SharedTopic),
    /// A Shelly with a BLE-to-MQTT script.
    ShellyScript {
        /// What stands before the device's address, if anything does.
        topic: Option<String>,
    },
    /// Tasmota with Bluetooth: JSON at `<topic>/SENSOR` and `<topic>/BLE`.
    Tasmota {
        /// `tele/<its topic>`.
        topic: String,
    },
}

/// Where gateways publish that may share one topic: their messages name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTopic {
    /// The topic, and everything below it.
    pub topic: String,
    /// Which of those that publish there; whichever when there is only one.
    pub mac: Option<Address>,
}

/// What feeds a sensor that is neither wired to a node nor speaks for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Which device.
    pub device: FeedDevice,
    /// What of what it says.
    pub takes: Takes,
}

/// A device of another make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedDevice {
    /// A Bluetooth device that any of the scanners hears.
    Bluetooth {
        /// Its address.
        address: Address,
        /// The file that holds its bind key and nothing else.
        key_file: Option<PathBuf>,
    },
    /// A device of Zigbee2MQTT at `<base>/<device>`.
    Zigbee2mqtt {
        /// `zigbee2mqtt`.
        base: String,
        /// Its friendly name.
        device: String,
    },
    /// A Shelly of the second generation or later.
    Shelly {
        /// Its MQTT prefix.
        topic: String,
    },
    /// Tasmota at `<topic>/SENSOR`.
    Tasmota {
        /// `tele/<its topic>`.
        topic: String,
    },
    /// An Axis camera's events below `<topic>/event/`.
    Axis {
        /// `axis/<serial>`.
        topic: String,
    },
    /// A device of the Homie convention.
    Homie {
        /// `homie/5/<device>`.
        topic: String,
    },
    /// A device that a mapper reads.
    Mapped {
        /// Which mapper.
        mapper: String,
        /// Its name as the mapper makes it; any when there is none.
        device: Option<String>,
    },
}

/// What of what a device says feeds a sensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// A value, in the sensor's own sense.
    Value {
        /// Any of these.
        quantities: Vec<Quantity>,
        /// Which, where there are several.
        nth: u8,
    },
    /// Somebody is there when something is nearer than this.
    Nearness {
        /// Millimetres.
        nearer_than_mm: u32,
        /// Which, where there are several.
        nth: u8,
    },
    /// As many pieces as the weight makes.
    Pieces {
        /// Weight of one, mg.
        piece_mg: u32,
        /// Which scale, where there are several.
        nth: u8,
    },
    /// People who came in and went out, by [`Quantity::PassagesIn`] and
    /// [`Quantity::PassagesOut`].
    BothWays {
        /// Which counter, where there are several.
        nth: u8,
    },
    /// The same, by two counters of [`Quantity::Passages`].
    TwoCounters {
        /// That of people who come in.
        inward: u8,
        /// That of people who go out.
        outward: u8,
    },
    /// Presses.
    Press {
        /// Which button, where there are several.
        nth: u8,
        /// Which kind; any when there is none.
        action: Option<String>,
    },
}
