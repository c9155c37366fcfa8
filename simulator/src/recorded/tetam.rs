//! TETAM: twelve scanners in a hall hear one tag carried along five walks, and
//! at 81 places of a survey (`philotuxo/Position-Annotated-BLE-RSSI-Dataset`,
//! CC0 1.0).

use super::{
    Case, Folder, Recorded,
    files::{Found, join},
    site::{SiteText, rectangle},
};
use crate::table::Table;
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// The hall, metres: what walks and survey cover, up to its walls.
const HALL_M: (f64, f64) = (21.0, 18.0);
/// Zones, east and north: sides of about five metres, as in a shop.
const ZONES: (u8, u8) = (4, 3);

/// One packet: when, by whom, how strong, and where the tag was.
type Packet = (f64, String, f64, (f64, f64));

/// Walks that share a survey.
struct Hall {
    survey: Option<Found>,
    walks: BTreeMap<String, Vec<Packet>>,
}

/// Every file of walks goes with the survey that lies beside it, or with the nearest.
pub(super) fn cases(from: &Folder) -> Result<Option<Recorded>> {
    let tracks = from.tables("tetam", "tracks")?;
    let sensors = from.table("tetam", "sensors")?;
    let (Some(sensors), false) = (sensors, tracks.is_empty()) else {
        return Ok(None);
    };
    let site = site(sensors)?;
    let mut said = Vec::new();
    let mut halls: Vec<Hall> = Vec::new();
    for tracks in tracks {
        let survey = from.beside("tetam", "fingerprint_hist", &tracks)?;
        let name = survey.as_ref().map(|found| &found.name);
        let known = halls
            .iter_mut()
            .find(|h| h.survey.as_ref().map(|s| &s.name) == name);
        let walks = walks(tracks.table)?;
        match known {
            Some(hall) => join(&mut hall.walks, walks, &tracks.name, &mut said),
            None => halls.push(Hall { survey, walks }),
        }
    }
    for unused in from.tables("tetam", "fingerprint_hist")? {
        let is_used = |hall: &Hall| hall.survey.as_ref().is_some_and(|s| s.name == unused.name);
        if !halls.iter().any(is_used) {
            let name = unused.name;
            said.push(format!("{name}: left out, for no walks lie beside it"));
        }
    }
    let cases = halls.into_iter().enumerate().map(|(n, hall)| {
        let name = if n == 0 {
            "tetam".to_owned()
        } else {
            format!("tetam-{}", n + 1)
        };
        hall.case(&name, site.clone())
    });
    let cases = cases.collect::<Result<_>>()?;
    Ok(Some(Recorded { cases, said }))
}

/// Where the tag stood for half an hour at a time, if that is there: every place is a tag
/// of its own, and nothing is surveyed.
pub(super) fn standing(from: &Folder) -> Result<Option<Case>> {
    let (Some(sensors), Some(mut table)) = (
        from.table("tetam", "sensors")?,
        from.table("tetam", "stationary_raw_6points")?,
    ) else {
        return Ok(None);
    };
    let mut case = Case::new("tetam-standing", site(sensors)?);
    let (point, t) = (table.column("point")?, table.column("t")?);
    let (sensor, rssi) = (table.column("sensor")?, table.column("rssi")?);
    // Where each stood, and until when.
    let mut stood: BTreeMap<String, ((f64, f64), f64)> = BTreeMap::new();
    while table.advance()? {
        let (t_s, rssi) = (table.number(t)?, table.number(rssi)?);
        let point = table.text(point)?;
        // Named by its place: x_y_z, metres.
        let mut metres = point.split('_').map(str::parse::<f64>);
        let (Some(Ok(x)), Some(Ok(y))) = (metres.next(), metres.next()) else {
            let place = table.place();
            bail!("{place}: {point:?} is no place as in 0.16_15.33_1.85");
        };
        case.heard(t_s, table.text(sensor)?, point, rssi);
        let (_, until_s) = stood.entry(point.to_owned()).or_insert(((x, y), t_s));
        *until_s = until_s.max(t_s);
    }
    for (point, (at, until_s)) in stood {
        for t_s in 0..=until_s as u32 {
            case.was_at(t_s.into(), &point, at, &zone_of(at));
        }
    }
    Ok(Some(case))
}

impl Hall {
    fn case(self, name: &str, site: String) -> Result<Case> {
        let mut case = Case::new(name, site);
        if let Some(survey) = self.survey {
            take_survey(survey.table, &mut case)?;
        }
        for (tag, mut packets) in self.walks {
            packets.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (t_s, scanner, rssi, _) in &packets {
                case.heard(*t_s, scanner, &tag, *rssi);
            }
            let first = packets.first().map_or(0.0, |p| p.0.ceil());
            let last = packets.last().map_or(0.0, |p| p.0);
            let seconds = (last - first).max(0.0) as u32;
            for t_s in (0..=seconds).map(|s| first + f64::from(s)) {
                let at = place_at(&packets, t_s);
                case.was_at(t_s, &tag, at, &zone_of(at));
            }
        }
        Ok(case)
    }
}

fn site(mut sensors: Table) -> Result<String> {
    let (width, depth) = HALL_M;
    let mut site = SiteText::new(
        "tetam",
        "philotuxo/Position-Annotated-BLE-RSSI-Dataset, CC0 1.0",
        &rectangle(0.0, 0.0, width, depth),
        &[],
    );
    let (dx, dy) = (width / f64::from(ZONES.0), depth / f64::from(ZONES.1));
    for row in 0..ZONES.1 {
        for column in 0..ZONES.0 {
            let (x, y) = (f64::from(column) * dx, f64::from(row) * dy);
            site.zone(&zone_name(column, row), &rectangle(x, y, x + dx, y + dy));
        }
    }
    let (id, x, y) = (
        sensors.column("sensor")?,
        sensors.column("x")?,
        sensors.column("y")?,
    );
    while sensors.advance()? {
        let at = (sensors.number(x)?, sensors.number(y)?);
        site.scanner(sensors.text(id)?, at);
    }
    Ok(site.finish())
}

fn zone_name(column: u8, row: u8) -> String {
    format!("z{}{}", column + 1, row + 1)
}

fn zone_of((x, y): (f64, f64)) -> String {
    let part = |at: f64, whole: f64, parts: u8| {
        let part = (at / whole * f64::from(parts)).max(0.0) as u8;
        part.min(parts - 1)
    };
    zone_name(part(x, HALL_M.0, ZONES.0), part(y, HALL_M.1, ZONES.1))
}

fn take_survey(mut table: Table, case: &mut Case) -> Result<()> {
    let (x, y) = (table.column("x")?, table.column("y")?);
    let (sensor, rssi, n) = (
        table.column("sensor")?,
        table.column("rssi")?,
        table.column("n")?,
    );
    while table.advance()? {
        let at = (table.number(x)?, table.number(y)?);
        let (rssi, n) = (table.number(rssi)?, table.number(n)?);
        case.surveyed(at, table.text(sensor)?, rssi, n);
    }
    Ok(())
}

fn walks(mut table: Table) -> Result<BTreeMap<String, Vec<Packet>>> {
    let (track, t) = (table.column("track")?, table.column("t")?);
    let (sensor, rssi) = (table.column("sensor")?, table.column("rssi")?);
    let (x, y) = (table.column("x")?, table.column("y")?);
    let mut walks: BTreeMap<String, Vec<Packet>> = BTreeMap::new();
    while table.advance()? {
        let at = (table.number(x)?, table.number(y)?);
        let (t, rssi) = (table.number(t)?, table.number(rssi)?);
        let packet = (t, table.text(sensor)?.to_owned(), rssi, at);
        walks
            .entry(table.text(track)?.to_owned())
            .or_default()
            .push(packet);
    }
    Ok(walks)
}

/// Between the packets before and after.
fn place_at(packets: &[Packet], t_s: f64) -> (f64, f64) {
    let after = packets
        .partition_point(|p| p.0 <= t_s)
        .min(packets.len() - 1);
    let (before, after) = (&packets[after.saturating_sub(1)], &packets[after]);
    let span = after.0 - before.0;
    let part = if span > 0.0 {
        ((t_s - before.0) / span).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let between = |a: f64, b: f64| a + part * (b - a);
    (
        between(before.3.0, after.3.0),
        between(before.3.1, after.3.1),
    )
}
