//! Does a zone said with 80 % turn out right in 80 of 100 cases?

use super::matched::Moment;
use serde::Serialize;

/// Rows of the table.
const ROWS: usize = 10;

/// How probabilities said and zones found agree.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// Mean squared difference between probability and outcome (Brier 1950): 0
    /// is best, 0.25 is a coin.
    pub brier: f64,
    /// Mean absolute difference between the columns of the table, by weight.
    pub calibration_error: f64,
    /// Moments, by the probability said.
    pub table: Vec<Row>,
}

/// Moments whose zone was said with about the same probability.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Row {
    /// The least probability of this row; the next row begins 0.1 above.
    pub from: f64,
    /// Moments.
    pub moments: u32,
    /// Mean probability said.
    pub said: f64,
    /// Share that was right.
    pub right: f64,
}

impl Reliability {
    /// Of all moments for which a zone and its probability were said.
    pub fn of<'a>(moments: impl Iterator<Item = &'a Moment>) -> Option<Self> {
        let mut table = [Row::default(); ROWS];
        let (mut squares, mut n) = (0.0, 0.0);
        for moment in moments {
            let said = moment.said.filter(|said| said.zone.is_some());
            let Some(p) = said.and_then(|said| said.p_zone) else {
                continue;
            };
            let right = f64::from(u8::from(moment.right()));
            squares += (p - right) * (p - right);
            n += 1.0;
            let row = &mut table[((p * ROWS as f64) as usize).min(ROWS - 1)];
            row.moments += 1;
            row.said += p;
            row.right += right;
        }
        let mut error = 0.0;
        for (row, at) in table.iter_mut().zip(0..) {
            let moments = f64::from(row.moments.max(1));
            row.from = f64::from(at) / ROWS as f64;
            error += (row.said - row.right).abs();
            (row.said, row.right) = (row.said / moments, row.right / moments);
        }
        (n > 0.0).then(|| Self {
            brier: squares / n,
            calibration_error: error / n,
            table: table.into_iter().filter(|r| r.moments > 0).collect(),
        })
    }
}
