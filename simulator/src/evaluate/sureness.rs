//! Does a row know how sure it is?

use super::{Row, report::number};
use crate::scorecard;
use std::fmt::Write as _;

/// Columns: zones said with a probability of .0 to .1, .1 to .2 and so on.
const TENTHS: u8 = 10;
/// Fewer moments say nothing about a probability.
const ENOUGH: u32 = 20;

/// Of the zones that each row said with about a probability, the share that was right.
pub(super) fn table(rows: &[Row]) -> String {
    let mut out = format!("\n{:<32}{:>8}", "right, of zones said with", "mean");
    for tenth in 0..TENTHS {
        let _ = write!(out, "{:>7}", format!(".{tenth}-"));
    }
    out.push('\n');
    for row in rows.iter().filter(|row| row.rival.is_none()) {
        let Some(reliability) = &row.card.reliability else {
            continue;
        };
        let said: Vec<f64> = reliability.table.iter().map(|r| r.said).collect();
        let of = |at: usize| f64::from(reliability.table[at].moments);
        let moments: f64 = (0..said.len()).map(of).sum();
        let mean = said.iter().enumerate().map(|(at, p)| p * of(at) / moments);
        let _ = write!(out, "{:<32}{:>8.2}", row.case, mean.sum::<f64>());
        for tenth in 0..TENTHS {
            let at = |r: &&scorecard::Row| (r.from * f64::from(TENTHS)).round() as u8 == tenth;
            let found = reliability.table.iter().find(at);
            let enough = found.filter(|r| r.moments >= ENOUGH);
            let _ = write!(out, "{:>7}", number(enough.map(|r| r.right), 2));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::{Moment, Said, Scorecard};
    use engine::plan::ZoneIx;

    fn moment(n: u8, p_zone: f64, right: bool) -> Moment {
        let said = Said {
            at: None,
            error_m: None,
            zone: Some(ZoneIx(0)),
            forgiven: right,
            p_zone: Some(p_zone),
        };
        Moment {
            t_s: f64::from(n),
            at: None,
            zone: Some(ZoneIx(u8::from(!right))),
            said: Some(said),
        }
    }

    #[test]
    fn what_was_said_often_stands_under_how_surely() {
        // 27 of 30 with .85, and too few with .37 to say anything of.
        let often = (0..30).map(|n| moment(n, 0.85, n >= 3));
        let seldom = (30..40).map(|n| moment(n, 0.37, false));
        let row = Row {
            case: "hall".to_owned(),
            rival: None,
            card: Scorecard::of(&[often.chain(seldom).collect()]).unwrap(),
        };
        let table = table(&[row]);
        let hall: Vec<&str> = table.lines().last().unwrap().split_whitespace().collect();
        let row = [
            "hall", "0.73", "-", "-", "-", "-", "-", "-", "-", "-", "0.90", "-",
        ];
        assert_eq!(hall, row, "{table}");
    }
}
