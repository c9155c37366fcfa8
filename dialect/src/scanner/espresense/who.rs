//! Who an id of ESPresense names.

use crate::scalar::{hex, uuid};
use protocol::beacon::{Address, Beacon};

/// Who an id names.
pub(super) enum Who {
    /// A beacon that shoppers may carry.
    Beacon(Beacon),
    /// A phone behind an address that rotates.
    Phone,
    /// Somebody or something that was given this name.
    Called,
}

/// Nobody when the id is only the address beside it, or a beacon's that is not
/// sound. A key, which some ids hold, goes no further.
pub(super) fn who(id: &str, address: Option<Address>) -> Option<Who> {
    let Some((kind, rest)) = id.split_once(':') else {
        let called = !id.is_empty() && Address::parse(id).is_none();
        return called.then_some(Who::Called);
    };
    match kind {
        "iBeacon" => numbered(rest, |uuid, major, minor| Beacon::IBeacon {
            uuid,
            major,
            minor,
        }),
        "eddy" => eddystone_uid(rest).map(Who::Beacon),
        "irk" | "apple" => Some(Who::Phone),
        // A fixed address that the operator knows, once more.
        "known" => None,
        _ => (address != Address::parse(id)).then_some(Who::Called),
    }
}

fn numbered(text: &str, beacon: fn([u8; 16], u16, u16) -> Beacon) -> Option<Who> {
    let mut levels = text.rsplitn(3, '-');
    let (minor, major) = (levels.next()?, levels.next()?);
    let uuid = uuid(levels.next()?)?;
    let beacon = beacon(uuid, major.parse().ok()?, minor.parse().ok()?);
    Some(Who::Beacon(beacon))
}

fn eddystone_uid(text: &str) -> Option<Beacon> {
    let (namespace, instance) = text.split_once('-')?;
    let mut buffer = [0; 11];
    hex(namespace, &mut buffer)?;
    if namespace.len() == 22 && buffer[4] == buffer[5] {
        buffer.copy_within(6.., 5);
    } else if namespace.len() != 20 {
        return None;
    }
    let (namespace, _) = buffer.split_first_chunk()?;
    let mut buffer = [0; 6];
    Some(Beacon::EddystoneUid {
        namespace: *namespace,
        instance: hex(instance, &mut buffer)?.try_into().ok()?,
    })
}
