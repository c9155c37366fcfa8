//! How scanners and sensors are reached, by their names: what a changed file
//! may change while the gateway runs.

use config::{Feed, FeedDevice, ScannerSource, Shell, Shop, Till};
use dialect::mapper::Mapper;
use engine::plan::StorePlan;
use protocol::{
    beacon::{Address, hex_digit},
    id::{ScannerId, SensorId, TillId},
};
use std::{collections::HashMap, fs, path::Path};

/// How scanners and sensors are reached.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Devices {
    pub(super) scanners: HashMap<ScannerId, ScannerSource>,
    pub(super) sensors: HashMap<SensorId, Feed>,
    tills: Vec<Till>,
    pub(super) mappers: Vec<Mapper>,
}

impl Devices {
    /// Those of a shop.
    pub fn of(shop: &Shop) -> Self {
        Self::in_shell(&shop.plan, &shop.shell)
    }

    pub(super) fn in_shell(plan: &StorePlan, shell: &Shell) -> Self {
        Self {
            mappers: shell.mappers.clone(),
            ..Self::new(plan, &shell.scanners, &shell.sensors).with_tills(&shell.tills)
        }
    }

    pub(crate) fn new(
        plan: &StorePlan,
        scanners: &[ScannerSource],
        sensors: &[Option<Feed>],
    ) -> Self {
        let scanners = plan.scanners.iter().zip(scanners);
        let sensors = plan.sensors.iter().zip(sensors);
        Self {
            mappers: Vec::new(),
            scanners: scanners
                .map(|(s, how)| (s.id.clone(), how.clone()))
                .collect(),
            sensors: sensors
                .filter_map(|(s, feed)| Some((s.id.clone(), feed.clone()?)))
                .collect(),
            tills: Vec::new(),
        }
    }

    /// With tills that tell of receipts.
    #[must_use]
    pub(crate) fn with_tills(self, tills: &[Till]) -> Self {
        Self {
            tills: tills.to_vec(),
            ..self
        }
    }

    pub(super) fn till(&self, id: &TillId) -> Option<&Till> {
        self.tills.iter().find(|till| till.id == id.as_str())
    }

    /// Bind keys of those that encrypt. A key that cannot be read leaves its
    /// sensor silent, and is said.
    pub(super) fn keys(&self) -> HashMap<Address, [u8; 16]> {
        let mut keys = HashMap::new();
        for (sensor, feed) in &self.sensors {
            let FeedDevice::Bluetooth {
                address,
                key_file: Some(file),
            } = &feed.device
            else {
                continue;
            };
            match key(file) {
                Ok(key) => drop(keys.insert(*address, key)),
                Err(why) => tracing::error!(
                    %sensor,
                    file = %file.display(),
                    why,
                    "the bind key of a sensor cannot be used: what it says stays closed"
                ),
            }
        }
        keys
    }
}

fn key(file: &Path) -> Result<[u8; 16], &'static str> {
    let text = fs::read_to_string(file).map_err(|_| "the file cannot be read by this user")?;
    let wrong = "it must hold 32 digits of 0-9 and a-f and nothing else";
    let digits = text.trim().as_bytes();
    let mut key = [0; 16];
    if digits.len() != 32 {
        return Err(wrong);
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let digit = |n: usize| hex_digit(pair[n]).ok_or(wrong);
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_digits_in_a_file_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        for (text, expected) in [
            ("231d39c1d7cc1ab1aee224cd096db932\n", Some(0x32)),
            ("231d39c1d7cc1ab1aee224cd096db9", None),
            ("231d39c1d7cc1ab1aee224cd096db9zz", None),
            ("", None),
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(key(&file).ok().map(|key| key[15]), expected, "{text}");
        }
        assert!(key(&dir.path().join("none")).is_err());
    }
}
