//! `estimates.csv`: `t_s,tag,x_m,y_m,zone,p_zone,event`.

use crate::table::Table;
use anyhow::{Context as _, Result};
use engine::plan::{StorePlan, ZoneIx};
use protocol::id::ZoneId;
use std::{fmt, io::Write};

/// Where a tag is taken to be at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// When, s. Nothing heard later has a part in it.
    pub t_s: f64,
    /// Whose.
    pub tag: String,
    /// Expected place, metres; none once the tag has left the shop.
    pub at: Option<(f64, f64)>,
    /// The zone, if one is sure enough.
    pub zone: Option<ZoneIx>,
    /// Probability of that zone, or of the likeliest when none is sure enough.
    pub p_zone: Option<f64>,
    /// What changed.
    pub event: Option<Event>,
}

/// What changed with an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The tag is in another zone.
    Enter,
    /// It has been there for [`super::DWELL_MS`].
    Dwell,
    /// It is in no zone any more, or not in the shop.
    Leave,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enter => "enter",
            Self::Dwell => "dwell",
            Self::Leave => "leave",
        })
    }
}

/// Writes a file.
pub fn write(estimates: &[Estimate], plan: &StorePlan, into: &mut dyn Write) -> Result<()> {
    let mut out = csv::Writer::from_writer(into);
    out.write_record(["t_s", "tag", "x_m", "y_m", "zone", "p_zone", "event"])?;
    for e in estimates {
        let zone = e.zone.map_or("", |z| plan.zones[z.at()].id.as_str());
        let number = |n: Option<f64>, places| n.map_or_else(String::new, |n| short(n, places));
        out.write_record([
            &short(e.t_s, 3),
            &e.tag,
            &number(e.at.map(|(x, _)| x), 3),
            &number(e.at.map(|(_, y)| y), 3),
            zone,
            &number(e.p_zone, 4),
            &e.event.map_or_else(String::new, |e| e.to_string()),
        ])?;
    }
    out.flush()?;
    Ok(())
}

/// Reads a file: ours, or that of any program that is to be compared.
pub fn read(mut table: Table, plan: &StorePlan) -> Result<Vec<Estimate>> {
    let (t_s, tag) = (table.column("t_s")?, table.column("tag")?);
    let (x, y) = (table.column("x_m")?, table.column("y_m")?);
    let zone = table.column("zone")?;
    let p_zone = table.column_if_any("p_zone");
    let mut estimates = Vec::new();
    while table.advance()? {
        let place = (table.number_if_any(x)?, table.number_if_any(y)?);
        estimates.push(Estimate {
            t_s: table.number(t_s)?,
            tag: table.text(tag)?.to_owned(),
            at: place.0.zip(place.1),
            zone: zone_named(table.text(zone)?, plan).with_context(|| table.place())?,
            p_zone: p_zone.map_or(Ok(None), |p| table.number_if_any(p))?,
            event: None,
        });
    }
    estimates.retain(|e| e.t_s.is_finite());
    estimates.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
    Ok(estimates)
}

/// The zone of a name; none for an empty one.
pub fn zone_named(name: &str, plan: &StorePlan) -> Result<Option<ZoneIx>> {
    if name.is_empty() {
        return Ok(None);
    }
    let id: Option<ZoneId> = name.parse().ok();
    let zone = id.and_then(|id| plan.zone(&id)).with_context(|| {
        let known: Vec<&str> = plan.zones.iter().map(|z| z.id.as_str()).collect();
        format!(
            "there is no zone {name:?} in store.toml; known: {}",
            known.join(", ")
        )
    })?;
    Ok(Some(zone))
}

/// A number with at most so many decimals, and no zeros at the end.
fn short(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "-0" | "") { "0" } else { text }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_no_longer_than_they_are() {
        for (number, text) in [(0.0, "0"), (-0.000_1, "0"), (1.5, "1.5"), (10.0, "10")] {
            assert_eq!(short(number, 3), text);
        }
        assert_eq!(short(1_581_252_284.779_8, 3), "1581252284.78");
    }
}
