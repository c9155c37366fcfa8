//! `[[test]]` cases: names looked up, values in what sensors say.

use super::{Site, clock, conditions, limits};
use crate::{
    Expected, OfferTest,
    raw::{
        Amount, Name,
        offer::{self, Offer},
    },
    report::Report,
};
use engine::{
    decide::{Person, Reason, Situation},
    plan::{Bits, OfferIx, ScreenIx, SensorIx, SensorKind, ZoneIx},
    shopper::Profile,
    time::Wall,
    trial::TrialSituation,
};
use protocol::frame::Quantity;

/// Dwell in a zone unless stated, ms: longer than any sensible offer asks.
const DWELL_MS: u64 = 60_000;

/// A case whose segments are still names.
#[derive(Debug)]
pub(crate) struct Named {
    test: OfferTest,
    segments: Vec<Vec<String>>,
}

impl Named {
    /// With segments as bits. Those no offer mentions cannot matter.
    pub(crate) fn resolved(self, offer: OfferIx, segments: &[String]) -> OfferTest {
        let mut test = OfferTest { offer, ..self.test };
        for (person, names) in test.situation.audience.iter_mut().zip(&self.segments) {
            person.segments = segment_bits(names, segments);
        }
        test
    }
}

/// Segments as bits of the plan's sorted names.
pub(crate) fn segment_bits(names: &[String], segments: &[String]) -> Bits {
    let known = names
        .iter()
        .filter_map(|name| segments.binary_search(name).ok());
    known.fold(Bits::NONE, |bits, ix| bits.with(ix as u8))
}

/// Looks all cases of an offer up.
pub(crate) fn build(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<Named> {
    let cases = raw.test.iter().enumerate();
    cases
        .filter_map(|(i, test)| case(test, &format!("test[{i}]."), site, report))
        .collect()
}

fn case(raw: &offer::Test, key: &str, site: &Site, report: &mut Report<'_>) -> Option<Named> {
    let expected = expected(raw, key.trim_end_matches('.'), report);
    let situation = situation(raw, key, site, report)?;
    let test = OfferTest {
        offer: OfferIx(0),
        name: raw.name.clone(),
        file: report.doc.file.to_owned(),
        line: report.line(key),
        situation,
        expected: expected?,
    };
    let names = |p: &offer::Person| p.segments.iter().map(|n: &Name| n.0.clone()).collect();
    let segments = raw.audience.iter().map(names).collect();
    Some(Named { test, segments })
}

/// Looks a situation up; keys begin with `key`. Segments of people are left out.
pub(super) fn situation(
    raw: &offer::Test,
    key: &str,
    site: &Site,
    report: &mut Report<'_>,
) -> Option<Situation> {
    let screen = report.find(
        &format!("{key}screen"),
        "screen",
        &raw.screen.0,
        site.screen_names(),
    );
    let readings = readings(raw, key, site, report);
    let screen = screen?;
    let day = raw.at.as_ref().map(|at| {
        site.plan
            .local_time
            .at(clock::moment(&site.clock, at.0))
            .day
    });
    let people = raw.audience.iter().enumerate();
    let audience = people.filter_map(|(i, p)| {
        let person_key = format!("{key}audience[{i}]");
        let mut person = person(p, &person_key, screen, site, report)?;
        person.profile = profile(p, day, &person_key, site, report);
        Some(person)
    });
    let audience = audience.collect();
    let wall = |at: &crate::raw::Moment| Wall::Synced(clock::moment(&site.clock, at.0));
    Some(Situation {
        at: raw.at.as_ref().map_or(Wall::Unsynced, wall),
        screen: ScreenIx(screen as u8),
        audience,
        readings,
        crowd: Vec::new(),
        enrolled: raw.enrolled.unwrap_or(0),
        settling: raw.settling.unwrap_or(false),
        turn: raw.turn.unwrap_or(true),
        showings: raw
            .showings
            .unwrap_or(0)
            .max(raw.showings_today.unwrap_or(0)),
        showings_today: raw.showings_today.unwrap_or(0),
        trial: TrialSituation {
            switched_off: raw.switched_off.unwrap_or(false),
            reverted: raw.reverted.unwrap_or(false),
        },
        used: limits::used(raw),
    })
}

fn expected(raw: &offer::Test, key: &str, report: &mut Report<'_>) -> Option<Expected> {
    match (raw.shown, raw.why.as_deref()) {
        (Some(true), None) => Some(Expected::Shown),
        (None | Some(false), Some(why)) => {
            let labels = Reason::ALL.into_iter().map(Reason::label);
            let key = format!("{key}.why");
            let ix = report.find(&key, "reason", why, labels)?;
            Some(Expected::Stopped(Reason::ALL[ix]))
        }
        (Some(true), Some(_)) => {
            report.error(
                &format!("{key}.why"),
                "an offer that is shown was not stopped",
                "remove why, or shown = true",
            );
            None
        }
        (None | Some(false), None) => {
            report.error(
                key,
                "this test does not say what is expected",
                "add shown = true, or why = the reason that stops it, such as \"out_of_hours\"",
            );
            None
        }
    }
}

fn person(
    raw: &offer::Person,
    key: &str,
    screen: usize,
    site: &Site,
    report: &mut Report<'_>,
) -> Option<Person> {
    for (i, segment) in raw.segments.iter().enumerate() {
        let known = site.segments.iter().map(String::as_str);
        report.find(
            &format!("{key}.segments[{i}]"),
            "segment",
            &segment.0,
            known,
        );
    }
    let zone_key = format!("{key}.zone");
    let zone = report.find(&zone_key, "zone", &raw.zone.0, site.zone_names())?;
    let screen = &site.plan.screens[screen];
    if !screen.seen_from.has(zone as u8) {
        let seen = screen
            .seen_from
            .iter()
            .filter_map(|z| site.plan.zones.get(usize::from(z)));
        report.error(
            &zone_key,
            format!("screen {:?} cannot be seen from there", screen.id.as_str()),
            format!(
                "it is seen from: {}",
                crate::suggest::listed(seen.map(|z| z.id.as_str()))
            ),
        );
    }
    let seen_this_visit = raw.seen_this_visit.unwrap_or(0);
    Some(Person {
        zone: ZoneIx(zone as u8),
        dwell_ms: raw.dwell.as_ref().map_or(DWELL_MS, |d| d.0),
        zone_permille: raw.sure.as_ref().map_or(1000, |p| p.0),
        segments: Bits::NONE,
        consent: raw.consent.unwrap_or(true),
        personalisation: raw.personalisation.unwrap_or(true),
        profile: Profile::default(),
        held_out: raw.held_out.unwrap_or(false),
        waiting: raw.waiting.unwrap_or(false),
        seen_this_visit,
        seen_today: raw.seen_today.unwrap_or(0).max(seen_this_visit),
        seen_group: raw.seen_group.unwrap_or(false),
        seen_campaign: raw.seen_campaign.unwrap_or(0),
    })
}

/// What the profile says besides segments.
fn profile(
    raw: &offer::Person,
    day: Option<i32>,
    key: &str,
    site: &Site,
    report: &mut Report<'_>,
) -> Profile {
    for name in raw.affinities.keys() {
        let known = site.departments.iter().map(String::as_str);
        report.find(
            &format!("{key}.affinities.{name}"),
            "department",
            name,
            known,
        );
    }
    let liked =
        |(name, percent): (&String, &crate::raw::Percent)| (name.clone(), (percent.0 / 10) as u8);
    Profile {
        segments: Vec::new(),
        language: raw.language.as_ref().map(|l| l.0.clone()),
        adult: Some(raw.adult.unwrap_or(true)),
        affinities: raw.affinities.iter().map(liked).collect(),
        visits: raw.visits.unwrap_or(0),
        last_visit_day: day.zip(raw.days_away).map(|(day, away)| day - away as i32),
    }
}

fn readings(
    raw: &offer::Test,
    key: &str,
    site: &Site,
    report: &mut Report<'_>,
) -> Vec<(SensorIx, Quantity)> {
    let mut readings = Vec::new();
    for (name, amount) in &raw.sensors {
        let key = format!("{key}sensors.{name}");
        let Some(ix) = report.find(&key, "sensor", name, site.sensor_names()) else {
            continue;
        };
        let kind = site.plan.sensors[ix].kind;
        let (unit, _, _) = conditions::measured_in(kind);
        if conditions::check_unit(&key, amount, unit, report) {
            match quantity(kind, amount) {
                Some(value) => readings.push((SensorIx(ix as u16), value)),
                None => report.error(&key, "no such sensor says that", "give an ordinary value"),
            }
        }
    }
    readings
}

/// A value as the sensor would send it.
fn quantity(kind: SensorKind, amount: &Amount) -> Option<Quantity> {
    let milli = amount.0.milli;
    let whole = milli / 1000;
    Some(match kind {
        SensorKind::Temperature => {
            Quantity::TemperatureCentiCelsius(i16::try_from(milli / 10).ok()?)
        }
        SensorKind::Humidity => Quantity::HumidityPermille(u16::try_from(milli / 100).ok()?),
        SensorKind::Light => Quantity::IlluminanceLux(u32::try_from(whole).ok()?),
        SensorKind::Occupancy | SensorKind::Button => Quantity::Occupied(whole > 0),
        SensorKind::ShelfWeight => Quantity::WeightGrams(i32::try_from(whole).ok()?),
        SensorKind::Stock => Quantity::StockPieces(u16::try_from(whole).ok()?),
        SensorKind::Queue => Quantity::QueueLength(u16::try_from(whole).ok()?),
        SensorKind::Price => Quantity::PriceMinor(u32::try_from(whole).ok()?),
        SensorKind::Number => Quantity::NumberMilli(milli),
        SensorKind::Door => Quantity::Passages {
            inward: u32::try_from(whole).ok()?,
            outward: 0,
        },
    })
}
