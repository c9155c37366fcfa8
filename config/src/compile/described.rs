//! A situation that somebody describes, in the words of a shop.

use super::{
    Site, shaped,
    situation::{segment_bits, situation},
};
use crate::{
    doc::Doc,
    problem::Problems,
    raw::{Moment, offer::Person, situation::Situation as Raw},
    report::Report,
    schema,
};
use engine::{
    decide::Situation,
    plan::{StorePlan, ZoneIx},
};
use jiff::Timestamp;

/// Looks it up among the zones, sensors, screens and segments of the plan in
/// force; the clock and the names that offers do not mention are the site's.
pub(crate) fn described(
    mut site: Site,
    plan: &StorePlan,
    (file, text): (&str, &str),
    now: Timestamp,
) -> Result<Situation, Problems> {
    site.plan = plan.clone();
    let doc = Doc::parse(file, text).map_err(Problems::sorted)?;
    let mut raw: Raw =
        shaped(&doc, &schema::SITUATION, |values| values).map_err(Problems::sorted)?;
    let mut report = Report::new(&doc);
    let crowd = crowd(&raw, &site, &mut report);
    raw.at
        .get_or_insert_with(|| Moment(site.clock.to_datetime(now)));
    let raw = raw.into_test();
    for (i, person) in raw.audience.iter().enumerate() {
        about_one_offer(person, &format!("audience[{i}]"), &mut report);
    }
    let found = situation(&raw, "", &site, &mut report);
    match (found, report.is_fine()) {
        (Some(mut found), true) => {
            for (person, raw) in found.audience.iter_mut().zip(&raw.audience) {
                let names: Vec<String> = raw.segments.iter().map(|n| n.0.clone()).collect();
                person.segments = segment_bits(&names, &plan.segments);
            }
            found.crowd = crowd;
            Ok(found)
        }
        _ => Err(Problems::sorted(report.finish())),
    }
}

fn crowd(raw: &Raw, site: &Site, report: &mut Report<'_>) -> Vec<(ZoneIx, u32)> {
    let mut crowd = Vec::new();
    for (name, people) in &raw.crowd {
        let key = format!("crowd.{name}");
        if let Some(zone) = report.find(&key, "zone", name, site.zone_names()) {
            crowd.push((ZoneIx(zone as u8), u32::from(*people)));
        }
    }
    crowd
}

/// What can be said of a person with respect to one offer only.
fn about_one_offer(person: &Person, key: &str, report: &mut Report<'_>) {
    for (name, is_said) in [
        ("held_out", person.held_out.is_some()),
        ("waiting", person.waiting.is_some()),
        ("seen_this_visit", person.seen_this_visit.is_some()),
        ("seen_today", person.seen_today.is_some()),
        ("seen_group", person.seen_group.is_some()),
        ("seen_campaign", person.seen_campaign.is_some()),
    ] {
        if is_said {
            report.error(
                &format!("{key}.{name}"),
                "this is about one offer, and all are asked",
                "leave it out, or describe it in a [[test]] of that offer",
            );
        }
    }
}
