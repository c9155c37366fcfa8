//! `ESPresense`: `fill()` and `setId` in `src/BleFingerprint.cpp` of
//! ESPresense/ESPresense. It names devices and keeps the bytes to itself.

use super::Packet;
use crate::{
    dialect::{Message, ad, hex},
    world::emitter::{Air, FrameKind},
};
use protocol::beacon::Beacon;
use serde_json::json;

/// What it assumes a device sends at one metre, if that does not say.
const REFERENCE_DBM: i8 = -65;
/// How fast it takes strength to fall: ten times the exponent of its settings.
const TEN_EXPONENTS: f32 = 27.0;

/// What it publishes; nothing for devices that it has no name for.
pub(super) fn message(room: &str, packet: &Packet) -> Option<Message> {
    let (id, reference) = fingerprint(&packet.ad)?;
    let rssi = packet.rssi_dbm;
    let metres = libm::powf(10.0, (f32::from(reference) - rssi) / TEN_EXPONENTS);
    let hundredths = |value: f32| f64::from((value * 100.0).round()) / 100.0;
    let body = json!({
        "mac": hex(&packet.address.0),
        "id": id,
        "rssi@1m": reference,
        "rssi": hundredths(rssi),
        "rxAdj": 0,
        "distance": hundredths(metres),
        "int": 454,
    });
    let topic = format!("espresense/devices/{id}/{room}");
    Some(Message::json(topic, &body))
}

/// How it names a device; nothing for what it does not pass on.
pub fn name(air: &Air) -> Option<String> {
    match (air.beacon, air.kind) {
        (Beacon::PrivateAddress(_), FrameKind::Exposure | FrameKind::Beacon)
        | (Beacon::EddystoneEid(_) | Beacon::AltBeacon(_), _) => None,
        _ => fingerprint(&ad::of(air, None)).map(|(name, _)| name),
    }
}

fn fingerprint(advert: &[u8]) -> Option<(String, i8)> {
    ad::structures(advert).find_map(|(kind, data)| match (kind, data) {
        (ad::MANUFACTURER_DATA, [0x4C, 0x00, 0x02, 0x15, body @ ..]) => ibeacon(body),
        (ad::MANUFACTURER_DATA, [0x4C, 0x00, 0x10, 0x05, ..]) => {
            Some(("apple:1005:9-24".to_owned(), REFERENCE_DBM))
        }
        (ad::SERVICE_DATA, [0xAA, 0xFE, 0x00, power, body @ ..]) => eddystone(body, *power),
        _ => None,
    })
}

fn ibeacon(body: &[u8]) -> Option<(String, i8)> {
    let (uuid, rest) = body.split_at_checked(16)?;
    let (major, rest) = rest.split_first_chunk()?;
    let (minor, rest) = rest.split_first_chunk()?;
    let power = *rest.first()? as i8;
    let digits = hex(uuid);
    let cuts = [0, 8, 12, 16, 20, 32];
    let parts: Vec<&str> = cuts.windows(2).map(|cut| &digits[cut[0]..cut[1]]).collect();
    let (major, minor) = (u16::from_be_bytes(*major), u16::from_be_bytes(*minor));
    let name = format!("iBeacon:{}-{major}-{minor}", parts.join("-"));
    Some((name, power))
}

fn eddystone(body: &[u8], power: u8) -> Option<(String, i8)> {
    let (namespace, rest) = body.split_at_checked(10)?;
    let instance = rest.get(..6)?;
    // The firmware prints the fifth byte of the namespace twice.
    let printed = [&namespace[..5], &namespace[4..5], &namespace[5..]].concat();
    let name = format!("eddy:{}-{}", hex(&printed), hex(instance));
    Some((name, (power as i8).saturating_sub(41)))
}
