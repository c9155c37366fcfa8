//! How strong a beacon was heard.

use protocol::frame::NodeSighting;

/// How strong one scanner heard one beacon: of one packet, or of several that a sensor
/// node tells together.
///
/// Of several, the strongest says more than the mean of them all: see
/// [`crate::presence`]. So it is kept apart from the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// Mean of all packets, dBm.
    pub mean_dbm: f32,
    /// Strongest packet, dBm; of one, itself.
    pub strongest_dbm: f32,
    /// Packets, 1 or more.
    pub packets: u8,
}

impl Strength {
    /// Of one packet.
    pub const fn of_one(rssi_dbm: f32) -> Self {
        Self {
            mean_dbm: rssi_dbm,
            strongest_dbm: rssi_dbm,
            packets: 1,
        }
    }

    /// What a sensor node tells.
    pub fn of(told: &NodeSighting) -> Self {
        Self {
            mean_dbm: told.rssi_mean_dbm.into(),
            strongest_dbm: told.rssi_max_dbm.into(),
            packets: told.count.max(1),
        }
    }

    /// Mean of all packets but the strongest, dBm; of one packet, itself.
    pub fn rest_dbm(self) -> f32 {
        if self.packets < 2 {
            return self.strongest_dbm;
        }
        let rest = f32::from(self.packets) - 1.0;
        // The mean is told in whole decibels: none of the rest is above the strongest.
        (self.mean_dbm - (self.strongest_dbm - self.mean_dbm) / rest).min(self.strongest_dbm)
    }

    /// Whether every packet was equally strong, as far as is told.
    pub const fn is_even(self) -> bool {
        self.mean_dbm.to_bits() == self.strongest_dbm.to_bits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::beacon::{Address, Beacon};

    #[test]
    fn a_node_tells_the_strongest_apart_from_the_mean() {
        let told = NodeSighting {
            beacon: Beacon::PrivateAddress(Address([0; 6])),
            rssi_mean_dbm: -70,
            rssi_max_dbm: -60,
            count: 5,
            reference_dbm: None,
            age_ms: 0,
        };
        let strength = Strength::of(&told);
        assert!((strength.strongest_dbm + 60.0).abs() < 1e-4);
        assert!((strength.rest_dbm() + 72.5).abs() < 1e-4);
        assert_eq!(strength.packets, 5);
        assert_eq!(Strength::of(&NodeSighting { count: 0, ..told }).packets, 1);
    }

    #[test]
    fn the_rest_is_what_remains_of_the_mean() {
        let rest = |mean_dbm, strongest_dbm, packets| {
            Strength {
                mean_dbm,
                strongest_dbm,
                packets,
            }
            .rest_dbm()
        };
        assert!((rest(-60.0, -50.0, 2) + 70.0).abs() < 1e-4);
        assert!((rest(-60.0, -50.0, 5) + 62.5).abs() < 1e-4);
        assert!((Strength::of_one(-61.5).rest_dbm() + 61.5).abs() < 1e-4);
        // -60 and -61 are -60 on average where means are whole and halves go up.
        assert!((rest(-60.0, -60.0, 2) + 60.0).abs() < 1e-4);
        // What nobody can have measured stays a number.
        assert!(rest(-60.0, -50.0, 0).is_finite());
    }
}
