//! How far a figure would scatter with other walks of the same kind: a block
//! bootstrap (Künsch 1989), because successive seconds tell nearly the same.

use crate::chance::{Chance, Concern};
use serde::Serialize;

/// Length of a block, moments: at shopping speed, a few metres of walk.
const BLOCK: usize = 10;
/// Resamples: enough for the second digit of a 95 % interval. Of long recordings
/// fewer, so that none takes longer than a second.
const RESAMPLES: (usize, usize) = (100, 1_000);
/// Most values drawn in all.
const DRAWN_MAX: usize = 10_000_000;

/// A figure and the range that 95 of 100 resamples fall into.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub is: f64,
    /// Lower end of the range.
    pub low: f64,
    /// Upper end of the range.
    pub high: f64,
}

/// A figure of values in the order of time, tag by tag; `None` without any.
pub fn figure<T: Copy>(walks: &[Vec<T>], of: fn(&mut [T]) -> f64) -> Option<Figure> {
    let mut all = walks.concat();
    if all.is_empty() {
        return None;
    }
    let is = of(&mut all);
    let blocks: Vec<&[T]> = walks.iter().flat_map(|w| w.chunks(BLOCK)).collect();
    let resamples = (DRAWN_MAX / all.len()).clamp(RESAMPLES.0, RESAMPLES.1);
    let mut chance = Chance::new(1, Concern::Resampling);
    let mut found: Vec<f64> = (0..resamples)
        .map(|_| {
            all.clear();
            for _ in 0..blocks.len() {
                all.extend_from_slice(chance.pick::<&[T]>(&blocks));
            }
            of(&mut all)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    Some(Figure {
        is,
        low: found[resamples / 40],
        high: found[resamples - 1 - resamples / 40],
    })
}

/// Mean.
pub fn mean(values: &mut [f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Median.
pub fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// What nine of ten do not exceed.
pub fn p90(values: &mut [f64]) -> f64 {
    quantile(values, 0.9)
}

/// What 19 of 20 do not exceed.
pub fn p95(values: &mut [f64]) -> f64 {
    quantile(values, 0.95)
}

/// By linear interpolation between the two nearest.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = share * (values.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    values[low] + (values[high] - values[low]) * (at - at.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        for (share, expected) in [(0.0, 1.0), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            assert!((quantile(&mut values, share) - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn an_interval_holds_its_figure_and_shrinks_with_more_walks() {
        let walk = |n: u32| (0..n).map(|i| f64::from((i * 37) % 11)).collect();
        let (short, long) = ([walk(60)], [walk(2_000)]);
        let width = |walks: &[Vec<f64>]| {
            let found = figure(walks, mean).unwrap();
            assert!(found.low <= found.is && found.is <= found.high);
            found.high - found.low
        };
        assert!(width(&long) < width(&short));
        assert_eq!(figure::<f64>(&[], mean), None);
    }
}
