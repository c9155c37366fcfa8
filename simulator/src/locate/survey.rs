//! `survey.csv`: `x_m,y_m,scanner,rssi_dbm,n`. Several rows of one scanner at
//! one place, such as the bars of a histogram, are taken together.

use crate::table::Table;
use anyhow::{Result, bail};
use engine::plan::{MAX_LEVELS, MAX_SURVEY, Point, ScannerIx, StorePlan, SurveyPoint};
use protocol::id::ScannerId;
use std::collections::BTreeMap;

/// A survey, and how many of its rows name scanners the plan does not have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Survey {
    /// For [`StorePlan::survey`].
    pub points: Vec<SurveyPoint>,
    /// Rows of unknown scanners.
    pub of_unknown_scanners: u64,
    /// Rows without a strength or a count one could measure.
    pub without_value: u64,
}

/// Where and by whom: millimetres east and north, storey, scanner.
type Key = (i64, i64, u8, u8);

/// Sum of strengths and of packets.
#[derive(Default)]
struct Sum {
    dbm: f64,
    packets: f64,
}

impl Survey {
    /// Reads a file.
    pub fn read(mut table: Table, plan: &StorePlan) -> Result<Self> {
        let (x, y) = (table.column("x_m")?, table.column("y_m")?);
        let (scanner, rssi) = (table.column("scanner")?, table.column("rssi_dbm")?);
        let (n, level) = (table.column_if_any("n"), table.column_if_any("level"));
        let mut survey = Self::default();
        let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
        while table.advance()? {
            let (x, y, rssi) = (table.number(x)?, table.number(y)?, table.number(rssi)?);
            let n = n.map_or(Ok(1.0), |n| table.number(n))?;
            let level = level.map_or(Ok(0.0), |level| table.number(level))?;
            let Some(scanner) = scanner_of(plan, table.text(scanner)?) else {
                survey.of_unknown_scanners += 1;
                continue;
            };
            // 20 dBm is the strongest a receiver can mean; some data sets write
            // 100 for "not heard".
            let plausible = (-127.0..=20.0).contains(&rssi) && (1.0..1e9).contains(&n);
            if !plausible || !x.is_finite() || !y.is_finite() {
                survey.without_value += 1;
                continue;
            }
            if !(0.0..MAX_LEVELS as f64).contains(&level) {
                bail!("{}: there is no storey {level}", table.place());
            }
            let milli = |metres: f64| (metres * 1_000.0).round() as i64;
            let sum = sums.entry((milli(x), milli(y), level as u8, scanner.0));
            let sum = sum.or_default();
            sum.dbm += rssi * n;
            sum.packets += n;
            if sums.len() > MAX_SURVEY {
                bail!(
                    "{}: more than {MAX_SURVEY} pairs of place and scanner; survey every two \
                     metres, or leave places out",
                    table.place()
                );
            }
        }
        survey.points = sums.iter().map(point).collect();
        Ok(survey)
    }

    /// What was not as one would wish, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        [
            (
                self.of_unknown_scanners,
                "survey rows by scanners that are not in store.toml",
            ),
            (self.without_value, "survey rows without a usable value"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }
}

fn point(((x, y, level, scanner), sum): (&Key, &Sum)) -> SurveyPoint {
    let metres = |milli: i64| milli as f32 / 1_000.0;
    SurveyPoint {
        at: Point {
            x: metres(*x),
            y: metres(*y),
        },
        level: *level,
        scanner: ScannerIx(*scanner),
        rssi_dbm: (sum.dbm / sum.packets) as f32,
        packets: sum.packets.min(f64::from(u16::MAX)) as u16,
    }
}

fn scanner_of(plan: &StorePlan, name: &str) -> Option<ScannerIx> {
    let id: ScannerId = name.parse().ok()?;
    plan.scanner(&id)
}
