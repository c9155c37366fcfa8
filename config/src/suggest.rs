//! Did you mean ...?

use std::collections::BTreeSet;

/// The known name that was probably meant, if one is near enough: an edit for
/// every three letters, or one begins with the other.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<String> {
    let most = (written.chars().count() / 3).clamp(1, 4);
    let near = known
        .into_iter()
        .filter_map(|name| {
            let edits = strsim::osa_distance(written, name);
            let begins = written.len() >= 3
                && (name.starts_with(written) || written.starts_with(name) && name.len() >= 3);
            (edits <= most || begins).then_some((edits, name))
        })
        .min()?;
    Some(near.1.to_owned())
}

/// Names as a sentence part; long lists are cut and say so.
pub(crate) fn listed<'k>(known: impl IntoIterator<Item = &'k str>) -> String {
    const MOST: usize = 16;
    let mut seen = BTreeSet::new();
    let names: Vec<&str> = known
        .into_iter()
        .filter(|name| seen.insert(*name))
        .collect();
    match names.len() {
        0 => "nothing".to_owned(),
        n if n <= MOST => names.join(", "),
        n => format!("{} and {} more", names[..MOST].join(", "), n - MOST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["dairy", "drinks", "bakery", "rice-noodles"];
        for (written, meant) in [
            ("diary", Some("dairy")),
            ("drink", Some("drinks")),
            ("rice", Some("rice-noodles")),
            ("rice-noodle", Some("rice-noodles")),
            ("toys", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, known).as_deref(), meant, "{written}");
        }
    }
}
