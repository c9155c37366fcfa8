//! Tills: where the fields of their receipts are.

use super::{pointer::pointer, settings::tidy};
use crate::{raw::till, report::Report, shell::Till};
use dialect::{
    mapper::Place,
    till::{Flagged, Lines, Shape},
};
use std::path::Path;

/// Tills.
pub(crate) fn tills(raw: &[till::Till], folder: &Path, report: &mut Report<'_>) -> Vec<Till> {
    let each = || raw.iter().enumerate();
    report.unique(
        each().map(|(i, t)| (format!("tills[{i}].id"), t.id.0.as_str())),
        "till",
    );
    let tills = each().filter_map(|(i, raw)| {
        let shape = shape(raw, &format!("tills[{i}]"), report)?;
        Some(Till {
            id: raw.id.0.clone(),
            token_file: raw.token_file.as_deref().map(|f| tidy(&folder.join(f))),
            shape,
        })
    });
    tills.collect()
}

fn shape(raw: &till::Till, key: &str, report: &mut Report<'_>) -> Option<Shape> {
    let mut place = |name: &str, text: &Option<String>| {
        let key = format!("{key}.{name}");
        text.as_ref().and_then(|text| pointer(text, &key, report))
    };
    let (receipt, time) = (
        place("receipt", &Some(raw.receipt.clone())),
        place("time", &raw.time),
    );
    let (store, customer) = (place("store", &raw.store), place("customer", &raw.customer));
    let (void, refund) = (place("void", &raw.void), place("refund", &raw.refund));
    let (returned_from, total) = (
        place("refund_of", &raw.refund_of),
        place("total", &raw.total),
    );
    let coupons = raw.coupons.iter().enumerate();
    let coupons = coupons
        .filter_map(|(i, text)| place(&format!("coupons[{i}]"), &Some(text.clone())))
        .collect();
    let lines = lines(raw, key, report);
    goes_with(raw, key, report);
    Some(Shape {
        receipt: receipt?,
        time,
        store,
        store_is: raw.store_is.clone(),
        customer,
        void: flagged(void, &raw.void_when),
        refund: flagged(refund, &raw.refund_when),
        returned_from,
        coupons,
        total,
        lines,
        decimals: raw.decimals.unwrap_or(0),
    })
}

fn flagged(at: Option<Place>, when: &[String]) -> Option<Flagged> {
    at.map(|at| Flagged {
        at,
        when: when.to_vec(),
    })
}

fn lines(raw: &till::Till, key: &str, report: &mut Report<'_>) -> Option<Lines> {
    let mut place = |name: &str, text: &Option<String>| {
        let text = text.as_ref()?;
        let key = format!("{key}.{name}");
        let place = pointer(text, &key, report)?;
        if place.is_many() {
            return Some((key, place));
        }
        report.error(
            &key,
            format!("{text:?} is one value, not one of every line"),
            "write * where the lines are, such as \"/lines/*/sku\"",
        );
        None
    };
    let sku = place("sku", &raw.sku);
    let others = [
        place("quantity", &raw.quantity),
        place("amount", &raw.amount),
    ];
    let Some((_, sku)) = sku else {
        if raw.sku.is_none() && (raw.quantity.is_some() || raw.amount.is_some()) {
            report.error(
                key,
                "lines without their products",
                "add sku = where the product of every line is, or leave quantity and amount out",
            );
        }
        return None;
    };
    let [qty, amount] = others.map(|other| {
        let (key, place) = other?;
        if !place.goes_with(&sku) {
            report.error(
                &key,
                "these are other lines than those of sku",
                "let both begin alike up to the *",
            );
        }
        Some(place)
    });
    Some(Lines { sku, qty, amount })
}

/// Keys that mean nothing without another.
fn goes_with(raw: &till::Till, key: &str, report: &mut Report<'_>) {
    for (name, given, other, there) in [
        (
            "store_is",
            raw.store_is.is_some(),
            "store",
            raw.store.is_some(),
        ),
        (
            "void_when",
            !raw.void_when.is_empty(),
            "void",
            raw.void.is_some(),
        ),
        (
            "refund_when",
            !raw.refund_when.is_empty(),
            "refund",
            raw.refund.is_some(),
        ),
    ] {
        if given && !there {
            report.error(
                &format!("{key}.{name}"),
                format!("{name:?} without {other:?}"),
                format!("add {other} = where it stands, or remove {name}"),
            );
        }
    }
}
