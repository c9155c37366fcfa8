//! Joins places that lie near each other, when a survey has more of them than a gateway
//! can work with: whoever walks about and writes every packet down with where they were
//! has surveyed thousands.

use super::rows::{Key, Sum};
use engine::plan::MAX_SURVEY_PLACES;
use std::collections::{BTreeMap, BTreeSet};

/// Sides of the squares that are tried first, millimetres; each further is twice as long.
const SIDE_MM: i64 = 250;
/// No floor is larger than so many doublings.
const DOUBLINGS: u32 = 30;

/// What was joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joined {
    /// Places that were surveyed.
    pub places: usize,
    /// Squares that they lie in.
    pub squares: usize,
    /// Side of those, metres.
    pub side_m: f32,
}

/// Where: millimetres east and north, storey; or the same of a square.
type Where = (i64, i64, u8);

/// Leaves few places as they are. Many are joined in the smallest squares that leave no
/// more than [`MAX_SURVEY_PLACES`]; each square's place is the mean of those in it, by how
/// often a tag was heard there.
pub(super) fn join(sums: BTreeMap<Key, Sum>) -> (BTreeMap<Key, Sum>, Option<Joined>) {
    let places = count(&sums, |at| at);
    if places <= MAX_SURVEY_PLACES {
        return (sums, None);
    }
    let sides = (0..DOUBLINGS).map(|doubled| SIDE_MM << doubled);
    let fits = |side: &i64| count(&sums, |at| square(at, *side)) <= MAX_SURVEY_PLACES;
    let side = sides.into_iter().find(fits).unwrap_or(i64::MAX);
    let middles = middles(&sums, side);
    let joined = Joined {
        places,
        squares: middles.len(),
        side_m: side as f32 / 1e3,
    };
    let mut by_square: BTreeMap<Key, Sum> = BTreeMap::new();
    for ((x, y, level, scanner), sum) in sums {
        let (x, y) = middles[&square((x, y, level), side)];
        let joined = by_square.entry((x, y, level, scanner)).or_default();
        joined.dbm += sum.dbm;
        joined.packets += sum.packets;
    }
    (by_square, Some(joined))
}

fn square((x, y, level): Where, side: i64) -> Where {
    (x.div_euclid(side), y.div_euclid(side), level)
}

fn count(sums: &BTreeMap<Key, Sum>, of: impl Fn(Where) -> Where) -> usize {
    let all: BTreeSet<Where> = sums
        .keys()
        .map(|(x, y, level, _)| of((*x, *y, *level)))
        .collect();
    all.len()
}

/// The mean place in each square, millimetres.
fn middles(sums: &BTreeMap<Key, Sum>, side: i64) -> BTreeMap<Where, (i64, i64)> {
    let mut middles: BTreeMap<Where, (f64, f64, f64)> = BTreeMap::new();
    for ((x, y, level, _), sum) in sums {
        let middle = middles.entry(square((*x, *y, *level), side)).or_default();
        middle.0 += *x as f64 * sum.packets;
        middle.1 += *y as f64 * sum.packets;
        middle.2 += sum.packets;
    }
    let milli = |sum: f64, of: f64| (sum / of).round() as i64;
    middles
        .into_iter()
        .map(|(square, (x, y, n))| (square, (milli(x, n), milli(y, n))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(places: i64) -> BTreeMap<Key, Sum> {
        let sum = |n: i64| Sum {
            dbm: -60.0 - n as f64,
            packets: 1.0,
        };
        (0..places)
            .map(|n| ((n * 10, 3_000, 0, 1), sum(n)))
            .collect()
    }

    #[test]
    fn few_places_are_left_alone() {
        let (kept, joined) = join(walked(MAX_SURVEY_PLACES as i64));
        assert_eq!((kept.len(), joined), (MAX_SURVEY_PLACES, None));
    }

    #[test]
    fn many_are_joined_in_squares_and_nothing_is_lost() {
        let walk = walked(1_000);
        let dbm: f64 = walk.values().map(|sum| sum.dbm).sum();
        let (kept, joined) = join(walk);
        // Ten metres, a place every centimetre.
        let squares = Joined {
            places: 1_000,
            squares: 40,
            side_m: 0.25,
        };
        assert_eq!(joined, Some(squares));
        assert_eq!(kept.len(), 40);
        assert!(kept.values().all(|sum| (sum.packets - 25.0).abs() < 1e-9));
        assert!((kept.values().map(|sum| sum.dbm).sum::<f64>() - dbm).abs() < 1e-6);
        // The middle of 0, 10, 20 ... 240 mm.
        assert_eq!(kept.keys().next(), Some(&(120, 3_000, 0, 1)));
    }

    #[test]
    fn storeys_and_scanners_are_kept_apart_however_wide_the_floor() {
        let at = |n: i64| (n * 5_000, -n * 5_000, (n % 2) as u8, (n % 3) as u8);
        let sums: BTreeMap<Key, Sum> = (0..5_000)
            .map(|n| {
                let sum = Sum {
                    dbm: -70.0,
                    packets: 1.0,
                };
                (at(n), sum)
            })
            .collect();
        let (kept, joined) = join(sums);
        assert!(joined.is_some_and(|j| j.squares <= MAX_SURVEY_PLACES));
        let packets: f64 = kept.values().map(|sum| sum.packets).sum();
        assert!((packets - 5_000.0).abs() < 1e-6);
        for level in 0..2 {
            let scanners: BTreeSet<u8> =
                kept.keys().filter(|k| k.2 == level).map(|k| k.3).collect();
            assert_eq!(scanners.len(), 3);
        }
    }
}
