//! From files to a checked plan: structure first, then meaning.

mod audience;
mod authors;
mod clock;
mod code;
mod conditions;
mod contradiction;
mod creative;
mod described;
mod feed;
mod floor;
pub(crate) mod geometry;
mod guard;
mod limits;
mod mapper;
mod offer;
mod place;
mod pointer;
mod price;
mod scanners;
mod screens;
mod sensors;
mod settings;
pub(crate) mod site;
mod situation;
mod slow;
mod till;
mod together;
mod trial;
mod words;

use crate::{
    Shop,
    doc::{At, Doc, Finding},
    problem::{Problem, Problems, Severity},
    raw,
    report::Report,
    schema,
    sources::{Source, Sources},
    structure, survey,
};
use engine::plan::{MAX_OFFERS, StorePlan};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;
use site::Site;
use std::sync::Arc;

pub(crate) use described::described;
pub(crate) use place::place;

/// Reads and checks everything, and says everything that is wrong.
pub(crate) fn compile(
    sources: &Sources,
    mut problems: Vec<Problem>,
    today: Date,
) -> Result<Shop, Problems> {
    let site = sources.store.as_ref().and_then(|source| {
        let (site, found) = read_store(source, sources);
        problems.extend(found);
        site
    });
    let mut offers = Vec::new();
    for source in &sources.offers {
        let (offer, found) = offer::read(source, site.as_ref(), sources, today);
        problems.extend(found);
        offers.extend(offer);
    }
    if let (Some(first), true) = (sources.offers.first(), sources.offers.len() > MAX_OFFERS) {
        let finding = Finding::error(
            format!("there are more than {MAX_OFFERS} offers"),
            "remove those that are over: a gateway decides among no more than these",
        );
        problems.extend(Doc::parse(&first.file, "").map(|d| d.problem(At::Value, "", finding)));
    }
    problems.extend(together::check(&offers, &sources.offers));
    let problems = Problems::sorted(problems);
    match site {
        Some(site) if problems.count(Severity::Error) == 0 => Ok(join(site, offers, problems)),
        _ => Err(problems),
    }
}

/// The shop of these sources, without its offers.
pub(crate) fn read_site(sources: &Sources) -> Option<Site> {
    read_store(sources.store.as_ref()?, sources).0
}

/// What is wrong with one offer of this shop.
pub(crate) fn check_offer(
    site: &Site,
    sources: &Sources,
    file: &str,
    text: &str,
    today: Date,
) -> Problems {
    let source = Source {
        file: file.to_owned(),
        text: text.to_owned(),
    };
    let (_, problems) = offer::read(&source, Some(site), sources, today);
    Problems::sorted(problems)
}

fn read_store(source: &Source, sources: &Sources) -> (Option<Site>, Vec<Problem>) {
    read_as(source, sources, &schema::STORE, with_defaults)
}

fn read_as(
    source: &Source,
    sources: &Sources,
    schema: &Value,
    complete: fn(Value) -> Value,
) -> (Option<Site>, Vec<Problem>) {
    let doc = match Doc::parse(&source.file, &source.text) {
        Ok(doc) => doc,
        Err(problems) => return (None, problems),
    };
    match shaped::<raw::store::Store>(&doc, schema, complete) {
        Ok(raw) => {
            let mut report = Report::new(&doc);
            let mut site = Site::build(&raw, sources, &mut report);
            let mut problems = report.finish();
            if let (Some(site), Some(survey)) = (&mut site, &sources.survey) {
                let (points, found) = survey::read(&survey.file, &survey.text, &site.plan);
                site.plan.survey = points;
                problems.extend(found);
            }
            (site, problems)
        }
        Err(problems) => (None, problems),
    }
}

/// What is missing in sections that may be left out, from the default.
fn with_defaults(mut values: Value) -> Value {
    let defaults = crate::demo::default_values();
    for section in schema::DEFAULTED {
        fill(&mut values[section], &defaults[section]);
    }
    values
}

fn fill(into: &mut Value, from: &Value) {
    match (into, from) {
        (into @ Value::Null, from) => *into = from.clone(),
        (Value::Object(into), Value::Object(from)) => {
            for (key, default) in from {
                fill(into.entry(key.clone()).or_insert(Value::Null), default);
            }
        }
        _ => {}
    }
}

/// Checks the shape and reads it.
fn shaped<T: DeserializeOwned>(
    doc: &Doc<'_>,
    schema: &Value,
    complete: fn(Value) -> Value,
) -> Result<T, Vec<Problem>> {
    let problems = structure::check(doc, schema);
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_json::from_value(complete(doc.to_json())).map_err(|why| {
        // The schema is made from the same types, so this is a gap between
        // the two; still an answer, and a test looks for such gaps.
        let remedy = "compare the file with `aislecast print-config`";
        vec![doc.problem(At::Value, "", Finding::error(why.to_string(), remedy))]
    })
}

/// Puts the offers into the plan, by name, with their segments as bits.
fn join(site: Site, mut offers: Vec<offer::Checked>, warnings: Problems) -> Shop {
    offers.sort_by(|a, b| a.offer.id.cmp(&b.offer.id));
    let mut segments: Vec<String> = offers
        .iter()
        .flat_map(offer::Checked::segment_names)
        .collect();
    segments.sort();
    segments.dedup();
    let mut tests = Vec::new();
    let mut compiled = Vec::new();
    for (i, checked) in offers.into_iter().enumerate() {
        let (offer, of_offer) = checked.with_segments(&segments, i);
        compiled.push(offer);
        tests.extend(of_offer);
    }
    let plan = StorePlan {
        segments,
        offers: compiled,
        ..site.plan
    };
    Shop {
        plan: Arc::new(plan),
        shell: site.shell,
        tests,
        warnings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    #[test]
    fn the_order_of_offer_files_never_matters() {
        let today = Date::constant(2026, 1, 1);
        let mut sources = demo::sources();
        let expected = demo();
        for _ in 0..sources.offers.len() {
            sources.offers.rotate_left(1);
            sources.offers.swap(0, 5);
            let shop = compile(&sources, Vec::new(), today).unwrap();
            assert_eq!(shop.plan, expected.plan);
            assert_eq!(shop.tests, expected.tests);
        }
    }

    #[test]
    fn one_broken_offer_keeps_the_whole_reload_back() {
        let mut sources = demo::sources();
        sources.offers[3].text.push_str("\nnonsense");
        let problems = compile(&sources, Vec::new(), Date::constant(2026, 1, 1)).unwrap_err();
        assert_eq!(problems.count(Severity::Error), 1, "{problems}");
    }

    #[test]
    fn a_file_of_a_million_mistakes_is_told_in_short() {
        let mut sources = demo::sources();
        let many = "[\"x\"], ".repeat(20_000);
        sources.offers[0].text = format!("zones = [{many}]");
        let problems = compile(&sources, Vec::new(), Date::constant(2026, 1, 1)).unwrap_err();
        let told = problems.to_string();
        assert!(told.len() < 60_000, "{}", told.len());
        assert!(
            told.contains("more problems in this file are not listed"),
            "{told}"
        );
    }
}
