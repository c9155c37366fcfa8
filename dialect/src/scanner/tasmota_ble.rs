//! Tasmota's `BLEDetails`: single advertisements at `tele/<topic>/BLE`, as
//! `{"DetailsBLE": {"mac": "<address>[/<type>]", "RSSI": -60, "p": "<advert>"}}`
//! (`setDetails` in `xdrv_79_esp32_ble.ino` of arendst/Tasmota). The firmware
//! has 200 characters for it and cuts `p` off, also in the middle of a
//! structure. What it makes of beacons itself comes as a sensor's message.

use super::{advertised, device, heard};
use crate::{
    Unreadable,
    advert::Keys,
    fact::{Sink, Source},
    field::about,
    scalar::{Scalar, object},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default, rename = "DetailsBLE", alias = "details")]
    details: Option<Details<'a>>,
}

#[derive(Deserialize)]
struct Details<'a> {
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    /// The operator's alias.
    #[serde(borrow, default)]
    a: Scalar<'a>,
    #[serde(borrow, default, rename = "RSSI")]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    p: Scalar<'a>,
}

/// Reads one message.
pub fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let details = message.details.ok_or(Unreadable("no advertisement"))?;
    let mac = details.mac.text().unwrap_or_default();
    // The type is left out when the address is public.
    let (mac, kind) = mac.split_once('/').unwrap_or((mac, "0"));
    let source = Source {
        scanner: topic.rsplit('/').nth(1),
        device: device(Some(mac), Some(kind == "1")),
        rssi_dbm: details.rssi.number().and_then(crate::scalar::dbm),
        ..Source::default()
    };
    let digits = details.p.text().unwrap_or_default();
    let whole = digits.get(..digits.len() & !1).unwrap_or_default();
    if advertised(source, whole, keys, sink).is_none() {
        heard(source).into_iter().for_each(&mut *sink);
    }
    about(source, "alias", details.a.text())
        .into_iter()
        .for_each(sink);
    Ok(())
}

#[cfg(test)]
mod tests;
