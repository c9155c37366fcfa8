//! MQTT messages of scanners, which carry or digest advertisements.

pub mod espresense;
pub mod theengs;

use crate::fact::{Fact, Identity, Says, Source};
use protocol::advert;

fn sighting(heard: &advert::Heard, rssi_dbm: f32) -> Fact<'static> {
    Fact {
        source: Source {
            rssi_dbm: Some(rssi_dbm),
            ..Source::default()
        },
        says: Says::Sighting {
            identity: Identity::Beacon(heard.beacon),
            reference_dbm: heard.reference_dbm,
        },
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::fact::{Fact, Identity, Says};
    use protocol::beacon::Beacon;

    /// Who was heard, how strongly, and at what reference.
    pub(crate) fn heard(fact: &Fact<'_>) -> Option<(Beacon, f32, Option<i8>)> {
        match fact.says {
            Says::Sighting {
                identity: Identity::Beacon(beacon),
                reference_dbm,
            } => Some((beacon, fact.source.rssi_dbm?, reference_dbm)),
            _ => None,
        }
    }
}
