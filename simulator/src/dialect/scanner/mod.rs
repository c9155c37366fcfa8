//! Scanners of every make: what they make of what they hear.

mod espresense;
mod ingics;
mod minew;
mod ruuvi;
mod shelly;
mod tasmota;
mod theengs;

pub use espresense::name as espresense_name;

use super::{Message, ad};
use crate::world::{
    ears::{Batch, Heard},
    emitter::Air,
};
use config::{ScannerSource, SharedTopic};
use protocol::beacon::{Address, Beacon};

/// Own address of gateways whose files do not say which they are.
const NAMELESS: Address = Address([0xAC, 0x23, 0x3F, 0xC0, 0x01, 0xEA]);

/// One advertisement as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// Where it came from.
    pub address: Address,
    /// Whether that address is random.
    pub is_random: bool,
    /// How strongly.
    pub rssi_dbm: f32,
    /// Its bytes.
    pub ad: Vec<u8>,
}

/// What a scanner of this make publishes about what it has heard.
///
/// Nodes of ours are not spoken for here: their frames are counted and belong
/// to [`crate::run::translate::Node`].
pub fn messages(source: &ScannerSource, heard: &[Packet], unix_ms: i64) -> Vec<Message> {
    let own = |place: &SharedTopic| place.mac.unwrap_or(NAMELESS);
    let each = |one: &dyn Fn(&Packet) -> Option<Message>| heard.iter().filter_map(one).collect();
    match source {
        ScannerSource::Node => Vec::new(),
        ScannerSource::Theengs { base } => each(&|p| theengs::theengs(base, p)),
        ScannerSource::OpenMqttGateway { base } => each(&|p| Some(theengs::omg(base, p))),
        ScannerSource::Espresense { room } => each(&|p| espresense::message(room, p)),
        ScannerSource::RuuviGateway(place) => {
            each(&|p| Some(ruuvi::message(&place.topic, own(place), p, unix_ms)))
        }
        ScannerSource::Tasmota { topic } => each(&|p| tasmota::message(topic, p, unix_ms)),
        ScannerSource::ShellyScript { topic } => each(&|p| shelly::message(topic.as_deref(), p)),
        _ if heard.is_empty() => Vec::new(),
        ScannerSource::Ingics(place) => {
            vec![ingics::message(&place.topic, own(place), heard, unix_ms)]
        }
        ScannerSource::Minew(place) => {
            vec![minew::json_long(&place.topic, own(place), heard, unix_ms)]
        }
        ScannerSource::MinewBinary(place) => {
            vec![minew::binary_long(&place.topic, own(place), heard)]
        }
    }
}

/// The same of a batch of the simulated world.
pub fn batch(source: &ScannerSource, batch: &Batch, unix_ms: i64) -> Vec<Message> {
    let heard = batch.heard.iter().map(Packet::of);
    messages(source, &heard.collect::<Vec<_>>(), unix_ms)
}

impl Packet {
    /// What is on the air when somebody is heard, as strongly as in the mean.
    pub fn of(heard: &Heard) -> Self {
        Self {
            address: heard.air.address,
            // People carry nothing whose address is registered.
            is_random: true,
            rssi_dbm: heard.mean_dbm(),
            ad: ad::of(&heard.air, heard.reference_dbm),
        }
    }
}

/// Whether a scanner of this make lets its reader know who sent this.
pub fn lets_know(source: &ScannerSource, air: &Air) -> bool {
    use ScannerSource as S;
    match (source, air.beacon) {
        (S::ShellyScript { .. }, _) => false,
        (S::Espresense { .. }, _) => espresense::name(air).is_some(),
        (S::Tasmota { .. }, beacon) => matches!(beacon, Beacon::IBeacon { .. }),
        // Whether an address is random only few of them say, and one that may
        // be fixed must not be taken for somebody's.
        (S::Node | S::OpenMqttGateway { .. } | S::MinewBinary(_), _) => true,
        (S::Theengs { .. } | S::RuuviGateway(_) | S::Ingics(_) | S::Minew(_), beacon) => {
            !matches!(beacon, Beacon::PrivateAddress(_))
        }
    }
}

#[cfg(test)]
mod tests;
