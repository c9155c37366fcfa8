//! One campaign: what its words mean in this shop.

use super::{
    Site, audience, clock, code, conditions, creative, limits, settings::in_words, shaped,
    situation, slow, trial, words,
};
use crate::{
    OfferTest,
    doc::Doc,
    problem::Problem,
    raw::{self, Name, offer::Sensitivity as Raw},
    report::Report,
    schema,
    sources::{Source, Sources},
};
use engine::plan::{Bits, Budget, Cap, Offer, OfferIx, Pacing, Schedule, SegmentRule, Sensitivity};
use jiff::civil::Date;
use std::path::Path;

/// Priority unless stated: the middle.
const PRIORITY: u8 = 50;
/// Time on the screen unless stated: two readings of a headline, ms.
const SHOWN_FOR_MS: u64 = 12_000;
/// Longest time on the screen, ms: who came later would think the screen broken.
const SHOWN_FOR_MS_MAX: u64 = 300_000;
/// Longest dwell that anybody reaches, ms.
const DWELL_MS_MAX: u64 = 1_800_000;
/// Held out unless stated, thousandths: enough to measure, little to lose.
const HOLDOUT_PERMILLE: u16 = 100;

/// An offer whose segments are still names: bits depend on all offers.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Everything but the segments.
    pub(crate) offer: Offer,
    any: Vec<String>,
    all: Vec<String>,
    none: Vec<String>,
    tests: Vec<situation::Named>,
}

/// Reads one file. Without a shop to look names up in, only its shape is checked.
pub(crate) fn read(
    source: &Source,
    site: Option<&Site>,
    sources: &Sources,
    today: Date,
) -> (Option<Checked>, Vec<Problem>) {
    let doc = match Doc::parse(&source.file, &source.text) {
        Ok(doc) => doc,
        Err(problems) => return (None, problems),
    };
    let raw = match shaped::<raw::offer::Offer>(&doc, &schema::OFFER, |values| values) {
        Ok(raw) => raw,
        Err(problems) => return (None, problems),
    };
    let mut report = Report::new(&doc);
    check_file_name(&raw, &source.file, &mut report);
    let checked = site.and_then(|site| build(&raw, site, sources, today, &mut report));
    (checked, report.finish())
}

fn build(
    raw: &raw::offer::Offer,
    site: &Site,
    sources: &Sources,
    today: Date,
    report: &mut Report<'_>,
) -> Option<Checked> {
    let zones = bits("zones", "zone", &raw.zones, site.zone_names(), report);
    let screens = bits(
        "screens",
        "screen",
        &raw.screens,
        site.screen_names(),
        report,
    );
    let screens = slow::without(raw, screens, site, report);
    check_seen(zones, screens, site, report);
    check_department(raw, site, report);
    check_segments(raw, site, report);
    words::check(raw, site, report);
    let (dwell_ms_min, shown_for_ms) = durations(raw, site, report);
    let limits = limits::build(raw, site, report);
    let voucher = limits::voucher(raw, &limits, shown_for_ms, site, report);
    let offer = Offer {
        id: raw.id.0.parse().ok()?,
        title: raw.title.clone(),
        sensitivity: sensitivity(raw.sensitivity),
        priority: raw.priority.unwrap_or(PRIORITY),
        schedule: schedule(&raw.schedule, site, today, report),
        zones,
        screens,
        dwell_ms_min,
        zone_confidence: zone_confidence(raw, report),
        segments: SegmentRule::default(),
        audience: audience::build(raw, site, report),
        conditions: conditions::build(raw, site, report),
        cap: cap(&raw.cap, report),
        budget: budget(&raw.budget, report),
        pacing: pacing(&raw.budget, report),
        holdout_permille: holdout(raw, report),
        shown_for_ms,
        skus: raw.skus.iter().map(|s| s.0.clone()).collect(),
        department: raw.department.as_ref().map(|d| d.0.clone()),
        creative: creative::build(&raw.creative, "creative", sources, report),
        code: code::build(raw.code.as_ref(), report),
        trial: trial::build(raw, sources, report),
        limits,
        voucher,
    };
    let names = |list: &[Name]| list.iter().map(|n| n.0.clone()).collect();
    Some(Checked {
        offer,
        any: names(&raw.segments.any),
        all: names(&raw.segments.all),
        none: names(&raw.segments.none),
        tests: situation::build(raw, site, report),
    })
}

impl Checked {
    /// Names of the segments it mentions.
    pub(crate) fn segment_names(&self) -> impl Iterator<Item = String> + '_ {
        self.any.iter().chain(&self.all).chain(&self.none).cloned()
    }

    /// With segments as bits, and its tests.
    pub(crate) fn with_segments(self, segments: &[String], ix: usize) -> (Offer, Vec<OfferTest>) {
        let bits = |names: &[String]| situation::segment_bits(names, segments);
        let offer = Offer {
            segments: SegmentRule {
                any: bits(&self.any),
                all: bits(&self.all),
                none: bits(&self.none),
            },
            ..self.offer
        };
        let ix = OfferIx(ix as u16);
        let tests = self.tests.into_iter().map(|t| t.resolved(ix, segments));
        (offer, tests.collect())
    }
}

fn check_file_name(raw: &raw::offer::Offer, file: &str, report: &mut Report<'_>) {
    let stem = Path::new(file)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    if stem != raw.id.0 {
        report.error(
            "id",
            format!("the offer is {:?} but its file is {stem:?}", raw.id.0),
            format!("rename the file to {}.toml, or set id = {stem:?}", raw.id.0),
        );
    }
}

fn bits<'k>(
    key: &str,
    kind: &str,
    names: &[Name],
    known: impl Iterator<Item = &'k str> + Clone,
    report: &mut Report<'_>,
) -> Bits {
    let mut bits = Bits::NONE;
    for (i, name) in names.iter().enumerate() {
        let found = report.find(&format!("{key}[{i}]"), kind, &name.0, known.clone());
        bits = found.map_or(bits, |ix| bits.with(ix as u8));
    }
    bits
}

fn check_seen(zones: Bits, screens: Bits, site: &Site, report: &mut Report<'_>) {
    let seen = site.plan.screens.iter().enumerate();
    let seen = seen
        .filter(|(i, _)| screens.is_empty() || screens.has(*i as u8))
        .fold(0, |bits, (_, screen)| bits | screen.seen_from.0);
    if !zones.is_empty() && zones.0 & seen == 0 {
        report.error(
            "zones",
            "none of its screens can be seen from these zones: it would never be shown",
            "name zones of the screens' seen_from, or other screens",
        );
    }
}

fn check_department(raw: &raw::offer::Offer, site: &Site, report: &mut Report<'_>) {
    if let Some(department) = &raw.department {
        let known = site.departments.iter().map(String::as_str);
        report.find("department", "department", &department.0, known);
    }
}

fn check_segments(raw: &raw::offer::Offer, site: &Site, report: &mut Report<'_>) {
    let known = || site.segments.iter().map(String::as_str);
    let rule = &raw.segments;
    for (part, names) in [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)] {
        bits(
            &format!("segments.{part}"),
            "segment",
            names,
            known(),
            report,
        );
    }
    let excluded = |name: &Name| rule.none.contains(name);
    if let Some(i) = rule.all.iter().position(excluded) {
        report.error(
            &format!("segments.all[{i}]"),
            format!(
                "{:?} is both in `all` and in `none`: nobody can be both",
                rule.all[i].0
            ),
            "remove it from one of them",
        );
    }
    if !rule.any.is_empty() && rule.any.iter().all(excluded) {
        report.error(
            "segments.any",
            "everything in `any` is also in `none`: nobody is left",
            "remove one of them from `none`",
        );
    }
    let aimed = !(rule.any.is_empty() && rule.all.is_empty() && rule.none.is_empty())
        || audience::asks(&raw.audience);
    match (raw.sensitivity, aimed) {
        (Raw::Public, true) => report.error(
            "sensitivity",
            "an offer for certain people says something about those before the screen",
            "set sensitivity = \"segment\" or higher, or remove [segments] and [audience]",
        ),
        (Raw::Segment, false) => report.warn(
            "sensitivity",
            "it is for everybody, but guarded like an offer for a group",
            "set sensitivity = \"public\", or say which segments",
        ),
        _ => {}
    }
}

/// Nothing is ever entirely sure: an offer that asks for it is never shown.
const ZONE_CONFIDENCE_PERMILLE_MAX: u16 = 990;

fn zone_confidence(raw: &raw::offer::Offer, report: &mut Report<'_>) -> f32 {
    let permille = raw.zone_confidence.as_ref().map_or(0, |p| p.0);
    if permille > ZONE_CONFIDENCE_PERMILLE_MAX {
        report.error(
            "zone_confidence",
            "nobody's place is ever that sure",
            "give up to 99 %; 80 % is already strict",
        );
    }
    f32::from(permille) / 1000.0
}

fn durations(raw: &raw::offer::Offer, site: &Site, report: &mut Report<'_>) -> (u64, u32) {
    let dwell_ms = raw.dwell.as_ref().map_or(0, |d| d.0);
    if dwell_ms > DWELL_MS_MAX {
        report.error(
            "dwell",
            "nobody stays that long in one zone",
            format!("give up to {}", in_words(DWELL_MS_MAX)),
        );
    }
    let shown_for_ms = raw.shown_for.as_ref().map_or(SHOWN_FOR_MS, |d| d.0);
    let least_ms = u64::from(site.plan.guard.dwell_on_screen_ms_min);
    if !(least_ms..=SHOWN_FOR_MS_MAX).contains(&shown_for_ms) {
        report.error(
            "shown_for",
            format!(
                "{} on the screen is too short or too long",
                in_words(shown_for_ms)
            ),
            format!(
                "give {} (guard.dwell_on_screen_min of store.toml) to {}",
                in_words(least_ms),
                in_words(SHOWN_FOR_MS_MAX)
            ),
        );
    }
    (dwell_ms, u32::try_from(shown_for_ms).unwrap_or(u32::MAX))
}

fn sensitivity(raw: Raw) -> Sensitivity {
    match raw {
        Raw::Public => Sensitivity::Public,
        Raw::Segment => Sensitivity::Segment,
        Raw::Personal => Sensitivity::Personal,
        Raw::Sensitive => Sensitivity::Sensitive,
    }
}

fn schedule(
    raw: &raw::offer::Schedule,
    site: &Site,
    today: Date,
    report: &mut Report<'_>,
) -> Schedule {
    let last_day = raw.last_day.0;
    if raw
        .first_day
        .as_ref()
        .is_some_and(|first| first.0 > last_day)
    {
        report.error(
            "schedule.last_day",
            "it ends before it begins",
            "set last_day to first_day or later",
        );
    } else if last_day < today {
        report.warn(
            "schedule.last_day",
            format!("it ended on {last_day} and is never shown any more"),
            "set a later last_day, or remove the file",
        );
    }
    check_weekdays(raw, report);
    // Days end at 2044-12-31, the last that `unit::date` admits.
    let after = last_day.tomorrow().unwrap_or(last_day);
    let schedule = Schedule {
        from: raw
            .first_day
            .as_ref()
            .map(|day| clock::midnight(&site.clock, day.0)),
        until: Some(clock::midnight(&site.clock, after)),
        weekdays: raw.weekdays.as_deref().map_or(0x7f, clock::weekdays),
        hours: raw.hours.iter().flatten().map(|h| h.0).collect(),
    };
    if !clock::ever_together(&schedule, &site.plan.opening) {
        report.error(
            "schedule.hours",
            "the shop is never open on these days at these hours",
            "compare with [opening] of store.toml",
        );
    }
    schedule
}

/// Weekdays that do not come between the first day and the last.
fn check_weekdays(raw: &raw::offer::Schedule, report: &mut Report<'_>) {
    let (Some(first), Some(weekdays)) = (&raw.first_day, &raw.weekdays) else {
        return;
    };
    let wanted = clock::weekdays(weekdays);
    let days = std::iter::successors(Some(first.0), |day| day.tomorrow().ok());
    let mut week = days.take_while(|day| *day <= raw.last_day.0).take(7);
    let comes = |day: Date| wanted >> day.weekday().to_monday_zero_offset() & 1 == 1;
    if first.0 <= raw.last_day.0 && !week.any(comes) {
        report.error(
            "schedule.weekdays",
            "none of these weekdays lies between first_day and last_day",
            "name other weekdays, or move the days",
        );
    }
}

fn pacing(raw: &raw::offer::Budget, report: &mut Report<'_>) -> Pacing {
    match raw.pacing {
        Some(raw::offer::Pacing::Even) if raw.showings_per_day.is_none() => {
            report.error(
                "budget.pacing",
                "there is no day's budget to spread evenly",
                "add showings_per_day, or remove pacing",
            );
            Pacing::Free
        }
        Some(raw::offer::Pacing::Even) => Pacing::Even,
        Some(raw::offer::Pacing::Free) | None => Pacing::Free,
    }
}

fn cap(raw: &raw::offer::Cap, report: &mut Report<'_>) -> Cap {
    let per_visit = raw.per_visit.unwrap_or(1);
    let per_day = raw.per_day.unwrap_or(per_visit);
    if per_day < per_visit {
        report.warn(
            "cap.per_day",
            format!("per_visit = {per_visit} is never reached"),
            "set per_day to per_visit or more",
        );
    }
    Cap { per_visit, per_day }
}

fn budget(raw: &raw::offer::Budget, report: &mut Report<'_>) -> Budget {
    if raw.showings == 0 {
        report.error(
            "budget.showings",
            "nothing can ever be shown",
            "set 1 or more",
        );
    }
    match raw.showings_per_day {
        Some(0) => report.error(
            "budget.showings_per_day",
            "nothing can ever be shown",
            "set 1 or more",
        ),
        Some(day) if day > raw.showings && raw.showings > 0 => report.warn(
            "budget.showings_per_day",
            format!(
                "a day may use more than the {} showings there are",
                raw.showings
            ),
            "lower it, or raise budget.showings",
        ),
        Some(_) | None => {}
    }
    Budget {
        showings: raw.showings,
        showings_per_day: raw.showings_per_day,
    }
}

fn holdout(raw: &raw::offer::Offer, report: &mut Report<'_>) -> u16 {
    // A switchback measures instead: see `trial`.
    let unless_stated = match raw.switchback {
        Some(_) => 0,
        None => HOLDOUT_PERMILLE,
    };
    let permille = raw.holdout.as_ref().map_or(unless_stated, |h| h.0);
    if permille > 500 {
        report.warn(
            "holdout",
            "more shoppers are held out than shown the offer",
            "10 % measures well; more than 50 % wastes the offer",
        );
    }
    permille
}
