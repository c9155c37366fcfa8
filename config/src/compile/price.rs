//! Price truth: what a picture says must be what the tills take.

use super::Site;
use crate::{
    doc::Finding,
    raw::offer::Offer,
    report::Report,
    suggest::{listed, nearest},
    unit::money,
};
use engine::plan::{Condition, SensorIx, SensorKind};

/// Conditions on prices: those that are written, and else the picture's own
/// price where a sensor knows what its product costs.
pub(crate) fn build(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<Condition> {
    let conditions = if raw.when.price.is_empty() {
        of_picture(raw, site, report).into_iter().collect()
    } else {
        written(raw, site, report)
    };
    check_arms(raw, site, &conditions, report);
    conditions
}

fn written(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<Condition> {
    let mut conditions: Vec<Condition> = Vec::new();
    for (i, rule) in raw.when.price.iter().enumerate() {
        let key = format!("when.price[{i}]");
        let is_minor = minor(&rule.is);
        if is_minor.is_none() {
            no_money(&format!("{key}.is"), report);
        }
        let again = raw.when.price[..i]
            .iter()
            .any(|other| other.sku == rule.sku);
        if again {
            report.error(
                &format!("{key}.sku"),
                "this product has a price already: it cannot cost both",
                "remove one of the two",
            );
        }
        let sensor = priced(&rule.sku.0, site).or_else(|| unknown(&key, &rule.sku.0, site, report));
        if let (Some(sensor), Some(is_minor)) = (sensor, is_minor) {
            conditions.push(Condition::Price { sensor, is_minor });
        }
    }
    conditions
}

fn of_picture(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Option<Condition> {
    let price = raw.creative.price.as_ref()?;
    let mut known = raw.skus.iter().filter_map(|sku| priced(&sku.0, site));
    let sensor = known.next()?;
    if known.next().is_some() {
        report.warn(
            "creative.price",
            "several of its products have a price at the till: which is meant?",
            "add [[when.price]] for each, with its sku and what it costs",
        );
        return None;
    }
    let is_minor = minor(price);
    if is_minor.is_none() {
        no_money("creative.price", report);
    }
    is_minor.map(|is_minor| Condition::Price { sensor, is_minor })
}

/// Tills take one price from everybody, whichever arm a shopper is in.
fn check_arms(raw: &Offer, site: &Site, conditions: &[Condition], report: &mut Report<'_>) {
    if !raw.skus.iter().any(|sku| priced(&sku.0, site).is_some()) {
        return;
    }
    let is_taken = |says: u32| {
        let mut each = conditions.iter();
        each.any(|c| matches!(c, Condition::Price { is_minor, .. } if *is_minor == says))
    };
    for (i, arm) in raw.arms.iter().enumerate() {
        let Some(price) = arm.creative.as_ref().and_then(|own| own.price.as_ref()) else {
            continue;
        };
        let key = format!("arm[{i}].creative.price");
        match minor(price) {
            None => no_money(&key, report),
            Some(says) if !is_taken(says) => report.error(
                &key,
                "the tills take one price from everybody, and this arm says another",
                "say the same price in every arm; or give the product and what it costs in [[when.price]]",
            ),
            Some(_) => {}
        }
    }
}

/// What sensors of kind `price` can say.
fn minor(text: &str) -> Option<u32> {
    u32::try_from(money(text)?).ok()
}

fn no_money(key: &str, report: &mut Report<'_>) {
    report.error(
        key,
        "this is no amount of money that can be compared with the till's",
        "write digits and a currency, such as \"29.000 ₫\" or \"2,99 €\"",
    );
}

fn priced(sku: &str, site: &Site) -> Option<SensorIx> {
    let mut sensors = site.plan.sensors.iter();
    let found = sensors.position(|s| s.kind == SensorKind::Price && s.sku.as_deref() == Some(sku));
    found.map(|at| SensorIx(at as u16))
}

fn unknown(key: &str, sku: &str, site: &Site, report: &mut Report<'_>) -> Option<SensorIx> {
    let of_kind = || {
        let sensors = site.plan.sensors.iter();
        sensors.filter(|s| s.kind == SensorKind::Price)
    };
    let known = || of_kind().filter_map(|s| s.sku.as_deref());
    let finding = Finding::error(
        format!("no sensor says what product {sku:?} costs"),
        format!("known: {}", listed(known())),
    );
    report.add(
        &format!("{key}.sku"),
        finding.meaning(nearest(sku, known())),
    );
    None
}
