//! What goes wrong in real shops, done to recorded sightings on purpose.

use crate::{
    chance::{Chance, Concern},
    locate::sightings::{Heard, Sightings},
};
use engine::plan::StorePlan;

/// Scanners that are dead from the beginning.
const DEAD: usize = 4;
/// Packets lost at random.
const LOST: f64 = 0.8;
/// A tag in a bag, or a stronger one than surveyed, dB.
const STRENGTH_DB: f32 = 8.0;
/// Scanners of another make or behind a panel, dB.
const OFFSET_DB: f32 = 5.0;
/// Clocks of scanners, s.
const SKEW_S: f64 = 2.0;
/// A broker delivers again what was not confirmed in time, s.
const AGAIN_S: f64 = 0.3;

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Four scanners are dead.
    Dead,
    /// Of ten packets eight are lost.
    Lost,
    /// The tag is 8 dB weaker than surveyed.
    Weaker,
    /// The tag is 8 dB stronger than surveyed.
    Stronger,
    /// Scanners hear up to 5 dB more or less than surveyed.
    Offsets,
    /// Clocks of scanners differ by up to two seconds.
    Skewed,
    /// Every packet comes twice.
    Duplicated,
}

impl Fault {
    /// All, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Dead,
        Self::Lost,
        Self::Weaker,
        Self::Stronger,
        Self::Offsets,
        Self::Skewed,
        Self::Duplicated,
    ];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dead => "4 scanners dead",
            Self::Lost => "80 % of packets lost",
            Self::Weaker => "tag 8 dB weaker",
            Self::Stronger => "tag 8 dB stronger",
            Self::Offsets => "scanners off by 5 dB",
            Self::Skewed => "clocks skewed by 2 s",
            Self::Duplicated => "every packet twice",
        }
    }

    /// How many draws say enough: faults without chance need one.
    pub const fn draws(self) -> u64 {
        match self {
            Self::Weaker | Self::Stronger | Self::Duplicated => 1,
            Self::Dead | Self::Lost | Self::Offsets | Self::Skewed => 3,
        }
    }

    /// The same sightings with this fault; `draw` chooses among the possible.
    pub fn done_to(self, plan: &StorePlan, sightings: &Sightings, draw: u64) -> Sightings {
        let mut chance = Chance::new(draw, Concern::Faults);
        let scanners = plan.scanners.len();
        let mut faulty = sightings.clone();
        match self {
            Self::Dead => {
                let dead = some(scanners, DEAD.min(scanners.saturating_sub(1)), &mut chance);
                faulty.heard.retain(|h| !dead[h.scanner.at()]);
            }
            Self::Lost => faulty.heard.retain(|_| !chance.happens(LOST)),
            Self::Weaker => faulty
                .heard
                .iter_mut()
                .for_each(|h| h.rssi_dbm -= STRENGTH_DB),
            Self::Stronger => faulty
                .heard
                .iter_mut()
                .for_each(|h| h.rssi_dbm += STRENGTH_DB),
            Self::Offsets => {
                let stronger = some(scanners, scanners / 2, &mut chance);
                for heard in &mut faulty.heard {
                    let sign = if stronger[heard.scanner.at()] {
                        1.0
                    } else {
                        -1.0
                    };
                    heard.rssi_dbm += sign * OFFSET_DB;
                }
            }
            Self::Skewed => {
                let skew_s: Vec<f64> = (0..scanners)
                    .map(|_| chance.between(-SKEW_S / 2.0, SKEW_S / 2.0))
                    .collect();
                let skewed = |h: &mut Heard| h.t_s += skew_s[h.scanner.at()];
                faulty.heard.iter_mut().for_each(skewed);
            }
            Self::Duplicated => {
                let again = sightings.heard.iter().map(|h| Heard {
                    t_s: h.t_s + AGAIN_S,
                    ..*h
                });
                faulty.heard.extend(again);
            }
        }
        faulty.sort();
        faulty
    }
}

/// Which `of` so many, drawn without putting back.
fn some(among: usize, of: usize, chance: &mut Chance) -> Vec<bool> {
    let mut left: Vec<usize> = (0..among).collect();
    let mut chosen = vec![false; among];
    for _ in 0..of.min(among) {
        chosen[left.swap_remove(chance.index(left.len()))] = true;
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::plan::ScannerIx;

    #[test]
    fn each_fault_does_what_it_says() {
        let plan = config::demo().plan;
        let heard = |n: u32| Heard {
            t_s: f64::from(n) / 10.0,
            scanner: ScannerIx((n % 12) as u8),
            tag: 0,
            rssi_dbm: -60.0,
        };
        let sightings = Sightings {
            tags: vec!["a".to_owned()],
            heard: (0..1_200).map(heard).collect(),
            ..Sightings::default()
        };
        let n_of = |fault: Fault| fault.done_to(&plan, &sightings, 1).heard.len();
        assert_eq!(n_of(Fault::Dead), 800);
        assert!((180..300).contains(&n_of(Fault::Lost)));
        assert_eq!(n_of(Fault::Duplicated), 2_400);
        let weaker = Fault::Weaker.done_to(&plan, &sightings, 1).heard;
        assert!(weaker.iter().all(|h| (h.rssi_dbm + 68.0).abs() < 1e-4));
        let offsets = Fault::Offsets.done_to(&plan, &sightings, 1).heard;
        let stronger = offsets.iter().filter(|h| h.rssi_dbm > -60.0).count();
        assert_eq!(stronger, 600);
        let skewed = Fault::Skewed.done_to(&plan, &sightings, 1).heard;
        assert!(skewed.is_sorted_by(|a, b| a.t_s <= b.t_s));
        assert!(skewed.iter().any(|h| (h.t_s - 60.0).abs() < 0.5));
    }
}
