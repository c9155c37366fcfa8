//! Pictures: text, price, colour.

use crate::report::Report;
use crate::{
    doc::Finding,
    raw,
    sources::Sources,
    suggest::{listed, nearest},
};
use protocol::screen::{Creative, CreativeText};

/// WCAG 2.1, 1.4.3: contrast of large text ...
const CONTRAST_LARGE: f64 = 3.0;
/// ... and of text of any size.
const CONTRAST: f64 = 4.5;

/// Checks a creative and makes it what screens are sent.
pub(crate) fn build(
    raw: &raw::offer::Creative,
    key: &str,
    sources: &Sources,
    report: &mut Report<'_>,
) -> Creative {
    check_contrast(&raw.colour.0, &format!("{key}.colour"), report);
    if let Some(image) = &raw.image {
        check_image(&image.0, &format!("{key}.image"), sources, report);
    }
    if raw.price_before.is_some() && raw.price.is_none() {
        report.error(
            &format!("{key}.price_before"),
            "a price before without a price now",
            "add price",
        );
    }
    let languages = raw.texts.iter().enumerate();
    report.unique(
        languages.map(|(i, t)| (format!("{key}.texts[{i}].language"), t.language.0.as_str())),
        "language",
    );
    let texts = raw.texts.iter().map(|text| CreativeText {
        language: text.language.0.clone(),
        headline: text.headline.clone(),
        body: text.body.clone().unwrap_or_default(),
    });
    Creative {
        texts: texts.collect(),
        price: raw.price.clone(),
        price_before: raw.price_before.clone(),
        badge: raw.badge.clone(),
        image: raw.image.as_ref().map(|i| i.0.clone()),
        colour: raw.colour.0.clone(),
    }
}

fn check_contrast(colour: &str, key: &str, report: &mut Report<'_>) {
    let contrast = contrast_to_white(colour);
    let what = format!("white text on {colour} has a contrast of {contrast:.1} to 1");
    let remedy = format!("use a darker colour: {CONTRAST} to 1 can be read by everybody");
    if contrast < CONTRAST_LARGE {
        report.error(key, what, remedy);
    } else if contrast < CONTRAST {
        report.warn(key, what, remedy);
    }
}

/// WCAG 2.1, "contrast ratio" and "relative luminance".
fn contrast_to_white(colour: &str) -> f64 {
    let channel = |at: usize| {
        let byte = colour
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let value = f64::from(byte.unwrap_or(0)) / 255.0;
        if value <= 0.03928 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    1.05 / (luminance + 0.05)
}

fn check_image(image: &str, key: &str, sources: &Sources, report: &mut Report<'_>) {
    if !sources.pictures.contains(image) {
        let known = || sources.pictures.iter().map(String::as_str);
        let finding = Finding::error(
            format!("there is no picture {image:?} in the creatives folder"),
            format!("put it there, or use one of: {}", listed(known())),
        );
        report.add(key, finding.meaning(nearest(image, known())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_wcag_says() {
        for (colour, expected) in [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54)] {
            let got = contrast_to_white(colour);
            assert!((got - expected).abs() < 0.01, "{colour}: {got}");
        }
    }
}
