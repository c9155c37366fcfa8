//! Bytes off the air, and of our own nodes.

use crate::facts::promised;
use dialect::{
    advert,
    fact::{AddressKind, Device, Source, Uuid},
};
use protocol::{
    beacon::Address,
    frame::{MAX_BYTES, NodeFrame},
};

/// The address and bindkey of `BTHome`'s published example, so that frames which
/// are sealed with it open (bthome.io/encryption).
const ADDRESS: Address = Address([0x54, 0x48, 0xE6, 0x8F, 0x80, 0xA5]);
const KEY: [u8; 16] = [
    0x23, 0x1D, 0x39, 0xC1, 0xD7, 0xCC, 0x1A, 0xB1, 0xAE, 0xE2, 0x24, 0xCD, 0x09, 0x6D, 0xB9, 0x32,
];

fn source() -> Source<'static> {
    Source {
        device: Some(Device::Radio(ADDRESS, AddressKind::Public)),
        rssi_dbm: Some(-60.0),
        ..Source::default()
    }
}

/// The key of the published example, for everybody.
#[expect(
    clippy::unnecessary_wraps,
    reason = "decoders ask for keys by such a function"
)]
pub(crate) const fn key(_: Address) -> Option<[u8; 16]> {
    Some(KEY)
}

pub(crate) fn advert(data: &[u8]) {
    promised(|sink| advert::read(source(), data, &key, sink));
}

pub(crate) fn captured(data: &[u8]) {
    promised(|sink| advert::captured::guess(source(), data, &key, sink));
    promised(|sink| advert::captured::report(source(), data, &key, sink));
}

/// Two bytes of uuid, as on air, then data.
pub(crate) fn service_data(data: &[u8]) {
    if let Some((uuid, data)) = data.split_first_chunk() {
        let uuid = Uuid::Short(u16::from_le_bytes(*uuid));
        promised(|sink| advert::service_data(source(), uuid, data, &key, sink));
    }
}

/// Two bytes of company, as on air, then data.
pub(crate) fn manufacturer_data(data: &[u8]) {
    if let Some((company, data)) = data.split_first_chunk() {
        let company = u16::from_le_bytes(*company);
        promised(|sink| advert::manufacturer_data(source(), company, data, sink));
    }
}

/// What is read is written as it was read, or shorter.
pub(crate) fn node_frame(data: &[u8]) {
    if let Ok(frame) = NodeFrame::decode(data) {
        let mut buffer = [0; MAX_BYTES];
        let bytes = frame.encode(&mut buffer).expect("MAX_BYTES hold any frame");
        let again = NodeFrame::decode(bytes).expect("our own bytes are a frame");
        assert!(again == frame, "a frame reads back as it was written");
    }
}
