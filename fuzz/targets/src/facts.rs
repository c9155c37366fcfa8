//! What every fact must be, whatever it was read from.

use dialect::{
    Fact, Record,
    fact::{Says, Value},
};

/// More than any honest message of 64 KiB holds.
const FACTS_MAX: usize = 20_000;

/// Hands a sink to `read` and holds each fact against what facts promise: it
/// becomes one JSON object, its numbers are numbers, and there is an end.
pub(crate) fn promised(read: impl FnOnce(&mut dyn FnMut(Fact<'_>))) {
    let mut count = 0;
    let mut text = Vec::new();
    read(&mut |fact| {
        count += 1;
        assert!(count <= FACTS_MAX, "a message has so many facts");
        hold(&fact);
        text.clear();
        let written = serde_json::to_writer(&mut text, &Record::from(fact));
        written.expect("a fact is a JSON object");
        assert!(text.starts_with(b"{\"kind\":"), "a fact has a kind");
    });
}

fn hold(fact: &Fact<'_>) {
    let strength = fact.source.rssi_dbm;
    assert!(
        strength.is_none_or(f32::is_finite),
        "a strength is no number"
    );
    if let Says::Measured {
        quantity,
        value: Value::Number(number),
        ..
    } = &fact.says
    {
        assert!(number.is_finite(), "{} is no number", quantity.name());
    }
    if let Says::Happened {
        amount: Some(amount),
        ..
    } = &fact.says
    {
        assert!(amount.is_finite(), "an amount is no number");
    }
}
