//! A `store.toml` that only tells where things are.

use super::{fill, read_as, with_defaults};
use crate::{
    Place,
    problem::{Problem, Problems, Severity},
    schema,
    sources::Sources,
};
use serde_json::{Value, json};

/// Reads and checks the floor and what hangs there.
pub(crate) fn place(sources: &Sources, mut problems: Vec<Problem>) -> Result<Place, Problems> {
    let site = sources.store.as_ref().and_then(|source| {
        let (site, found) = read_as(source, sources, &schema::PLACE, of_place);
        problems.extend(found);
        site
    });
    let problems = Problems::sorted(problems);
    match site {
        Some(site) if problems.count(Severity::Error) == 0 => Ok(Place {
            plan: site.plan,
            warnings: problems,
        }),
        _ => Err(problems),
    }
}

/// Fills in what is of no use here.
fn of_place(values: Value) -> Value {
    let mut values = with_defaults(values);
    fill(
        &mut values["opening"],
        &crate::demo::default_values()["opening"],
    );
    for list in ["screens", "house"] {
        fill(&mut values[list], &json!([]));
    }
    let named = |table: &mut Value, key: &str| {
        let id = table["id"].clone();
        fill(&mut table[key], &id);
    };
    named(&mut values["store"], "name");
    fill(&mut values["store"]["time_zone"], &json!("UTC"));
    let zones = values["zones"].as_array_mut();
    for zone in zones.into_iter().flatten() {
        named(zone, "label");
    }
    let scanners = values["scanners"].as_array_mut();
    for scanner in scanners.into_iter().flatten() {
        fill(&mut scanner["source"], &json!("node"));
    }
    let zones = values["zones"].as_array_mut().map(Vec::as_mut_slice);
    if let Some([first, rest @ ..]) = zones
        && !first["entrance"].as_bool().unwrap_or(false)
        && !rest
            .iter()
            .any(|z| z["entrance"].as_bool().unwrap_or(false))
    {
        first["entrance"] = json!(true);
    }
    values
}
