//! `DirAct` wearables (reelyActive and Code Blue), company 0x0583: who met whom.
//! Big-endian.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

/// Id and strength or count of somebody who was met.
const OTHER: usize = 5;
const PER_PAGE: u8 = 3;
const LENGTHS: [usize; 4] = [9, 14, 19, 24];

/// One frame.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    LENGTHS.contains(&bytes.len()).then_some(())?;
    let [kind, page_and_length]: [u8; 2] = bytes.array()?;
    let id: [u8; 4] = bytes.array()?;
    let [a, b, c]: [u8; 3] = bytes.array()?;
    let summary = u32::from_be_bytes([0, a, b, c]);
    let length = usize::from(page_and_length & 0x1F);
    // The length counts from behind itself; seven bytes of it stand before.
    let count = length.saturating_sub(7).div_ceil(OTHER);
    let others = bytes.0.chunks_exact(OTHER).take(count);
    match kind {
        0x01 => proximity(frame, id, summary, others),
        0x11 => digest(frame, id, summary, page_and_length >> 5, others),
        _ => return None,
    }
    Some(())
}

fn proximity<'d>(
    frame: &mut Frame<'_, '_>,
    id: [u8; 4],
    summary: u32,
    others: impl Iterator<Item = &'d [u8]>,
) {
    frame.format("diract proximity");
    frame.about("id", Value::Bytes(&id));
    let axes = [summary >> 18, summary >> 12, summary >> 6].map(|axis| (axis & 0x3F) as i8);
    // 0x20 stands for an axis without a value.
    if !axes.contains(&0x20) {
        let quantities = [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ];
        for (quantity, axis) in quantities.into_iter().zip(axes) {
            frame.ratio(quantity, (axis << 2) >> 2, 16.0);
        }
    }
    frame.number(
        Q::Battery,
        (f64::from(summary & 0x3F) * 100.0 / 63.0).round(),
    );
    for other in others {
        frame.about("nearest_id", Value::Bytes(&other[..4]));
        frame.number(Q::SignalStrength, i16::from(other[4] & 0x3F) - 92);
    }
}

fn digest<'d>(
    frame: &mut Frame<'_, '_>,
    id: [u8; 4],
    summary: u32,
    page: u8,
    others: impl Iterator<Item = &'d [u8]>,
) {
    frame.format("diract digest");
    frame.about("id", Value::Bytes(&id));
    frame.about("page", Value::Number(f64::from(page)));
    frame.number(Q::Uptime, summary & 0x7F_FFFF);
    for _on_earlier_pages in 0..page * PER_PAGE {
        frame.next(Q::Encounters);
    }
    for other in others {
        let count = match other[4] {
            count @ 0..=0x80 => u16::from(count),
            many => u16::from(many & 0x7F) << 8,
        };
        frame.about("met_id", Value::Bytes(&other[..4]));
        frame.number(Q::Encounters, count);
    }
}
