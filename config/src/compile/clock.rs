//! The shop's clock and calendar.

use crate::report::Report;
use crate::{doc::Finding, raw::store::Weekday, suggest::nearest};
use engine::{
    plan::Schedule,
    time::{LocalMoment, LocalTime, UnixMs},
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{self, TimeZone},
};

/// The zone of this name, from the database built into the program.
pub(crate) fn time_zone(name: &str, report: &mut Report<'_>) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let known: Vec<String> = tz::db().available().map(|n| n.to_string()).collect();
    let finding = Finding::error(
        format!("there is no time zone {name:?}"),
        "use a name of the IANA database, such as \"Asia/Ho_Chi_Minh\"",
    );
    let meant = nearest(name, known.iter().map(String::as_str));
    report.add("store.time_zone", finding.meaning(meant));
    None
}

/// Offsets for the years that dates in files may have.
pub(crate) fn local_time(zone: &TimeZone) -> LocalTime {
    let begin = instant(zone, DateTime::constant(2020, 1, 1, 0, 0, 0, 0));
    let end = instant(zone, DateTime::constant(2046, 1, 1, 0, 0, 0, 0));
    let mut offsets = vec![(i64::MIN, zone.to_offset(begin).seconds())];
    for change in zone.following(begin).take_while(|c| c.timestamp() < end) {
        let offset = change.offset().seconds();
        if offsets.last().is_some_and(|(_, last)| *last != offset) {
            offsets.push((change.timestamp().as_second(), offset));
        }
    }
    LocalTime::from_transitions(offsets).expect("transitions of a zone rise, and one is there")
}

/// The first moment of a day.
pub(crate) fn midnight(zone: &TimeZone, day: Date) -> UnixMs {
    moment(zone, day.to_datetime(jiff::civil::Time::midnight()))
}

/// A moment on the shop's clock. In the hour that a change of the clocks
/// leaves out, the moment after it.
pub(crate) fn moment(zone: &TimeZone, at: DateTime) -> UnixMs {
    UnixMs(instant(zone, at).as_millisecond())
}

fn instant(zone: &TimeZone, at: DateTime) -> Timestamp {
    let found = zone.to_ambiguous_timestamp(at).compatible();
    found.expect("years 2020 to 2046 lie within what jiff counts")
}

/// Bit 0 is Monday.
pub(crate) fn weekdays(days: &[Weekday]) -> u8 {
    days.iter().fold(0, |bits, day| bits | 1 << *day as u8)
}

/// Whether there is a minute of the week that fits both.
pub(crate) fn ever_together(a: &Schedule, b: &Schedule) -> bool {
    let minutes = (0..7u8).flat_map(|weekday| (0..1440u16).map(move |minute| (weekday, minute)));
    minutes
        .map(|(weekday, minute)| LocalMoment {
            day: 0,
            weekday,
            minute,
        })
        .any(|moment| a.in_week(moment) && b.in_week(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ho_chi_minh_has_one_offset_and_paris_two_a_year() {
        let saigon = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        assert_eq!(local_time(&saigon), LocalTime::fixed(7 * 3600));
        let paris = local_time(&TimeZone::get("Europe/Paris").unwrap());
        // 2026-03-29T01:00:00Z and 2044-07-01.
        let change = 1_774_746_000_000;
        assert_eq!(paris.offset_s(UnixMs(change - 1)), 3600);
        assert_eq!(paris.offset_s(UnixMs(change)), 7200);
        assert_eq!(paris.offset_s(UnixMs(2_350_800_000_000)), 7200);
    }

    #[test]
    fn a_day_begins_at_the_shops_midnight() {
        let saigon = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        // 2027-12-31T17:00:00Z.
        let new_year = midnight(&saigon, Date::constant(2028, 1, 1));
        assert_eq!(new_year, UnixMs(1_830_272_400_000));
    }
}
