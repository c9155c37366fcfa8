//! `[audience]`: what profiles must say.

use super::Site;
use crate::{
    raw::{
        audience::{Audience, Count},
        offer::{Creative, Offer},
    },
    report::Report,
};
use engine::plan::{Affinity, AudienceRule, Bound, same_language};

/// Looks everything up.
pub(crate) fn build(raw: &Offer, site: &Site, report: &mut Report<'_>) -> AudienceRule {
    let asked = &raw.audience;
    check_languages(asked, &raw.creative, report);
    AudienceRule {
        visits: count(asked.visits.as_ref(), "audience.visits", report),
        days_away: count(asked.days_away.as_ref(), "audience.days_away", report),
        languages: asked.languages.iter().map(|l| l.0.clone()).collect(),
        affinities: affinities(asked, site, report),
    }
}

/// Whether it asks anything.
pub(crate) const fn asks(raw: &Audience) -> bool {
    raw.visits.is_some()
        || raw.days_away.is_some()
        || !raw.languages.is_empty()
        || !raw.affinity.is_empty()
}

fn count(raw: Option<&Count>, key: &str, report: &mut Report<'_>) -> Option<Bound> {
    let raw = raw?;
    match (raw.min, raw.max) {
        (None | Some(0), None) => report.error(
            key,
            "this condition asks nothing",
            "add min or max, such as { min = 3 }, or remove it",
        ),
        (Some(min), Some(max)) if min > max => report.error(
            &format!("{key}.min"),
            "min is above max: no number is both",
            "swap them",
        ),
        _ => {}
    }
    let milli = |end: Option<u32>| end.map(|n| i64::from(n) * 1_000);
    Some(Bound {
        min_milli: milli(raw.min),
        max_milli: milli(raw.max),
    })
}

fn check_languages(asked: &Audience, creative: &Creative, report: &mut Report<'_>) {
    for (i, language) in asked.languages.iter().enumerate() {
        let said = |text: &crate::raw::offer::Text| same_language(&text.language.0, &language.0);
        if !creative.texts.iter().any(said) {
            report.error(
                &format!("audience.languages[{i}]"),
                format!("the picture has no text in {:?}", language.0),
                "add [[creative.texts]] in this language, or remove it here",
            );
        }
    }
}

fn affinities(asked: &Audience, site: &Site, report: &mut Report<'_>) -> Vec<Affinity> {
    let mut affinities = Vec::new();
    for (i, raw) in asked.affinity.iter().enumerate() {
        let key = format!("audience.affinity[{i}]");
        let known = site.departments.iter().map(String::as_str);
        report.find(
            &format!("{key}.department"),
            "department",
            &raw.department.0,
            known,
        );
        let again = |other: &crate::raw::audience::Affinity| other.department == raw.department;
        if asked.affinity[..i].iter().any(again) {
            report.error(
                &format!("{key}.department"),
                "this department is asked for twice",
                "keep the higher min",
            );
        }
        if raw.min.0 < 10 {
            report.error(
                &format!("{key}.min"),
                "less than 1 % is liked by everybody",
                "give 1 % to 100 %; 40 % is what a usual customer of a department has",
            );
        }
        affinities.push(Affinity {
            department: raw.department.0.clone(),
            percent_min: (raw.min.0 / 10).min(100) as u8,
        });
    }
    affinities
}
