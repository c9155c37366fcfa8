//! The bytes of a Bluetooth advertisement.
//!
//! [`read`] takes the advertising data that a scanner heard; [`service_data`]
//! and [`manufacturer_data`] take its parts where a scanner has split them off.
//! Whatever is not understood is handed on as [`Says::Data`]:
//! it is never an error, since most of what a shop hears is not meant for it.

mod beacon;
pub(crate) mod bthome;
mod eddystone;
mod element;
mod frame;
mod gatt;
mod ingics;
mod kontakt;
mod maker;
mod minew;
mod ruuvi;
mod ruuvi_air;

pub mod captured;

use crate::fact::{Says, Sink, Source, Under, Uuid};
use frame::Frame;
use protocol::{advert::structures, beacon::Address};

/// Bindkeys of devices that encrypt what they say, by address.
pub type Keys<'k> = dyn Fn(Address) -> Option<[u8; 16]> + 'k;

/// No keys at all.
pub const fn no_keys(_: Address) -> Option<[u8; 16]> {
    None
}

/// Reads advertising data.
///
/// Who was heard is said once for every beacon in it, or by the address it came
/// from where there is none. Frames that are repeated are read every time: it
/// is for the caller to remember counters and packet ids.
pub fn read(source: Source<'_>, ad: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) {
    let mut frame = Frame::new(source, sink);
    element::name(&mut frame, ad);
    for structure in structures(ad) {
        if let Some((under, data)) = element::read(&mut frame, structure) {
            part(&mut frame, under, data, keys);
            frame.say(Says::Data { under, data });
        }
    }
    frame.end();
}

/// Reads service data, without its uuid.
pub fn service_data(
    source: Source<'_>,
    uuid: Uuid,
    data: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) {
    let mut frame = Frame::new(source, sink);
    part(&mut frame, Under::Service(uuid), data, keys);
    frame.end();
}

/// Reads manufacturer data, without its company id.
pub fn manufacturer_data(source: Source<'_>, company: u16, data: &[u8], sink: &mut Sink<'_>) {
    let mut frame = Frame::new(source, sink);
    part(&mut frame, Under::Company(company), data, &no_keys);
    frame.end();
}

/// Reads one part. Nothing comes of what is not understood.
fn part(frame: &mut Frame<'_, '_>, under: Under, data: &[u8], keys: &Keys<'_>) -> Option<()> {
    match under {
        Under::Company(company) => match company {
            0x0499 => ruuvi::read(frame, data),
            0x0639 => minew::manufacturer(frame, data),
            _ => beacon::manufacturer(frame, company, data)
                .or_else(|| ingics::read(frame, company, data))
                .or_else(|| maker::manufacturer(frame, company, data)),
        },
        Under::Service(Uuid::Short(uuid)) => match uuid {
            0xFEAA => eddystone::read(frame, data),
            0xFCD2 => bthome::version_2(frame, data, keys),
            0x181C => bthome::version_1(frame, data),
            0x181E => bthome::version_1_sealed(frame, data, keys),
            0xFE6A => kontakt::read(frame, data),
            0xD00D => kontakt::scan_response(frame, data),
            0xFFE1 => minew::service(frame, data),
            0xFD6F => beacon::exposure(frame, data),
            _ => gatt::read(frame, uuid, data).or_else(|| maker::service(frame, uuid, data)),
        },
        Under::Service(Uuid::Middle(_) | Uuid::Full(_)) => None,
    }
}
