//! `survey.csv`: `x_m,y_m,scanner,rssi_dbm,n`, as the gateway reads it, but for
//! scanners that are not in the plan.

use crate::table;
use anyhow::Result;
use config::Sifted;
use engine::plan::StorePlan;
use std::path::Path;

/// Reads a file, compressed if its name ends in `.gz`.
pub fn read(path: &Path, plan: &StorePlan) -> Result<Sifted> {
    let text = table::text(path)?;
    Ok(config::sift_survey(
        &path.display().to_string(),
        &text,
        plan,
    )?)
}

/// What was not as one would wish, in sentences.
pub fn sentences(survey: &Sifted) -> Vec<String> {
    [
        (
            survey.of_unknown_scanners,
            "survey rows by scanners that are not in store.toml",
        ),
        (survey.without_value, "survey rows without a usable value"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .chain(survey.joined.map(|joined| {
        format!(
            "{} places of the survey joined in {} squares of {} m",
            joined.places, joined.squares, joined.side_m
        )
    }))
    .collect()
}
